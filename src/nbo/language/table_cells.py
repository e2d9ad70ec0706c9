"""Reading the cells of a decision table: values, sets, ranges, negation, `-` for any.

In: a cell's text and the type of its column. Out: a `Cell`, or None where the text is no test of that type. Values are
written as in a condition, but dates and times bare (`2026-08-01`, `21:00`) and rates also as `0.60%`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from nbo.language.operations import parse_exact, within_bounds
from nbo.language.table_column import Cell, Interval
from nbo.language.types import NUMERIC, ORDERED, Domain, Kind, Type, Value

ANY = "-"
IS_MISSING, IS_PRESENT = "is missing", "is not missing"
_COMPARED = re.compile(r"(>=|<=|>|<|!=)\s*(.+)", re.DOTALL)
_RANGE = re.compile(r"([\[(\]])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])\[])", re.DOTALL)
_NEGATED = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_QUOTED = re.compile(r'"[^"]*"')
_PART = re.compile(r'\s*("[^"]*"|[\[(\]][^,]*\.\.[^,\])\[]*[\])\[]|[^,"]*?)\s*(,|$)')
_NUMBER = re.compile(r"[+-]?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)  # 012 is no number, nor is the 000 of 1,000
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)  # one number to a spreadsheet, several values here
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"\d{2}:\d{2}(?::\d{2})?", re.ASCII)


def read_cell(text: str, type_: Type) -> Cell | None:
    """The test that a text other than `-` writes; None where it is none."""
    if text in (IS_MISSING, IS_PRESENT):
        return Cell(missing=True) if text == IS_MISSING else Cell((Interval(),))
    negated = _NEGATED.fullmatch(text)
    unequal = _COMPARED.fullmatch(text) if negated is None else None
    if unequal is not None and unequal[1] == "!=":
        intervals = _intervals(unequal[2], type_)
        return None if intervals is None or len(intervals) > 1 else Cell(tuple(intervals), negated=True)
    intervals = _intervals(text if negated is None else negated[1], type_)
    return None if intervals is None else Cell(tuple(intervals), negated=negated is not None)


def read_value(text: str, type_: Type) -> Value | None:
    """The value of a type that a text writes; None where it is none."""
    if type_.kind is Kind.SET:
        return _set(text, type_)
    reader = _READERS.get(type_.kind)
    return _one_of(text, type_.domain) if type_.domain is not None else None if reader is None else reader(text)


def split(text: str) -> list[str] | None:
    """The parts between commas, leaving quoted texts and ranges whole; None where one is empty or a quote stays open."""
    parts: list[str] = []
    at = 0
    while True:
        part = _PART.match(text, at)
        if part is None or not part[1]:
            return None
        parts.append(part[1])
        if part[2] != ",":
            return parts
        at = part.end()


def _intervals(text: str, type_: Type) -> list[Interval] | None:
    parts = None if type_.kind in NUMERIC and _THOUSANDS.fullmatch(text) else split(text)
    if parts is None:
        return None
    found: list[Interval] = []
    for part in parts:
        own = _part(part, type_)
        if own is None:
            return None
        found.extend(own)
    return found


def _part(text: str, type_: Type) -> list[Interval] | None:
    """One value, comparison or range; of an ordered enum the values that it stands for."""
    compared, ranged = _COMPARED.fullmatch(text), _RANGE.fullmatch(text)
    if compared is not None and compared[1] != "!=":
        operator, limit = compared[1], read_value(compared[2], type_)
        open_ = operator in ("<", ">")
        interval = Interval(low=limit, low_open=open_) if operator[0] == ">" else Interval(high=limit, high_open=open_)
        return None if limit is None else _ordered(interval, type_)
    if ranged is not None:
        low, high = read_value(ranged[2], type_), read_value(ranged[3], type_)
        if low is None or high is None:
            return None
        return _ordered(Interval(low, high, low_open=ranged[1] != "[", high_open=ranged[4] != "]"), type_)
    value = read_value(text, type_)
    return None if value is None else [Interval(value, value)]


def _ordered(interval: Interval, type_: Type) -> list[Interval] | None:
    """An interval of a type that has an order."""
    domain = type_.domain
    if domain is not None:
        if not domain.ordered:
            return None
        ranks = {value: rank for rank, value in enumerate(domain.values)}
        limits = Interval(ranks.get(interval.low), ranks.get(interval.high), interval.low_open, interval.high_open)
        return [Interval(value, value) for value, rank in ranks.items() if limits.holds(rank)]
    return [interval] if type_.kind in ORDERED else None


def _one_of(text: str, domain: Domain) -> str | None:
    return domain.find(text[1:-1] if _QUOTED.fullmatch(text) else text)


def _set(text: str, type_: Type) -> frozenset[str] | None:
    parts = split(text)
    if parts is None:
        return None
    domain = type_.domain
    values = [_string(part) if domain is None else _one_of(part, domain) for part in parts]
    found = [value for value in values if value is not None]
    return frozenset(found) if len(found) == len(values) else None


def _boolean(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())  # spreadsheets write TRUE


def _exact(text: str) -> Decimal | None:
    return parse_exact(text) if _NUMBER.fullmatch(text) else None


def _integer(text: str) -> int | None:
    value = _exact(text)
    return int(value) if value is not None and value == value.to_integral_value() else None


def _number(text: str) -> float | None:
    value = _exact(text)
    return None if value is None else float(value)


def _rate(text: str) -> Decimal | None:
    if not text.endswith("%"):
        return _exact(text)
    value = _exact(text[:-1])
    if value is None:
        return None
    sign, digits, exponent = value.as_tuple()
    fraction = Decimal((sign, digits, int(exponent) - 2))  # `scaleb` would round in the caller's context
    return fraction if within_bounds(fraction) else None


def _string(text: str) -> str:
    return text[1:-1] if _QUOTED.fullmatch(text) else text


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if _CLOCK.fullmatch(text) else None
    except ValueError:
        return None


_READERS: Mapping[Kind, Callable[[str], Any]] = {
    Kind.BOOLEAN: _boolean,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _exact,
    Kind.MONEY: _exact,
    Kind.RATE: _rate,
    Kind.NUMBER: _number,
    Kind.STRING: _string,
    Kind.DATE: _date,
    Kind.TIME: _time,
}
READABLE = frozenset(_READERS) | {Kind.ENUM}
