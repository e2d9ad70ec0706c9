"""A customer's values as JSON and back, exactly: what the intake accepted, by attribute name.

Decimals are text, sets are sorted, times are ISO 8601; an attribute's type in the pack's dictionary says how to read them.
In: supplied values. Out: a mapping without what is missing; and from that mapping the same values by slot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, cast

from nbo.diagnostics.diagnostic import Text
from nbo.language.calendar import Duration
from nbo.language.dictionary import NOW_SLOT, TODAY_SLOT, Dictionary
from nbo.language.intake import Values
from nbo.language.types import Attribute, Kind, RecordType, Scalar, Value
from nbo.log.errors import LogError

_NO_FACTS = Text(
    "the recorded facts do not fit the dictionary of their pack: {problem}",
    "记录的数据与其规则包的数据字典不符：{problem}",
)


def to_plain(dictionary: Dictionary, values: Values) -> dict[str, object]:
    """The values that somebody supplied, by attribute name; the clock is not among them."""
    return {
        each.name: _plain(each, value)
        for each in dictionary
        if each.slot > TODAY_SLOT and (value := values[each.slot]) is not None
    }


def names_of(dictionary: Dictionary, values: Values) -> list[str]:
    """The attributes whose supplied value was refused."""
    return [each.name for each in dictionary if each.slot in values.refused]


def from_plain(dictionary: Dictionary, plain: Mapping[str, Any], refused: list[str]) -> Values:
    """The values that `to_plain` was given; what the dictionary cannot read raises `LogError`."""
    try:
        values = Values([None] * dictionary.width, frozenset(dictionary.attributes[name].slot for name in refused))
        for name, each in plain.items():
            attribute = dictionary.attributes[name]
            values[attribute.slot] = _value(attribute, each)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise LogError(_NO_FACTS, problem=type(error).__name__) from None
    assert values[NOW_SLOT] is None  # noqa: S101 - the clock is recorded apart
    return values


def _plain(attribute: Attribute, value: Value) -> object:
    record = attribute.type.record
    if record is None:
        return _TO_PLAIN[attribute.type.kind](value)
    fields = tuple(record.fields.values())
    rows = cast("tuple[tuple[Scalar | None, ...], ...]", value)
    return [
        {each.name: _TO_PLAIN[each.type.kind](one) for each, one in zip(fields, row, strict=True) if one is not None}
        for row in rows
    ]


def _value(attribute: Attribute, plain: Any) -> Value:
    record = attribute.type.record
    return _FROM_PLAIN[attribute.type.kind](plain) if record is None else tuple(_row(record, row) for row in plain)


def _row(record: RecordType, plain: Mapping[str, Any]) -> tuple[Scalar | None, ...]:
    row: list[Scalar | None] = [None] * len(record.fields)
    for name, each in plain.items():
        field = record.fields[name]
        row[field.slot] = _FROM_PLAIN[field.type.kind](each)
    return tuple(row)


def _same(value: Any) -> Any:
    return value


def _duration(plain: list[int]) -> Duration:
    return Duration(*plain)


_TO_PLAIN: Mapping[Kind, Callable[[Any], object]] = {
    Kind.BOOLEAN: _same, Kind.INTEGER: _same, Kind.NUMBER: _same, Kind.STRING: _same, Kind.ENUM: _same,
    Kind.DECIMAL: str, Kind.MONEY: str, Kind.RATE: str, Kind.SET: sorted,
    Kind.DATE: date.isoformat, Kind.DATETIME: datetime.isoformat, Kind.TIME: time.isoformat,
    Kind.DURATION: lambda value: [value.months, value.days, value.seconds],
}  # fmt: skip
_FROM_PLAIN: Mapping[Kind, Callable[[Any], Scalar]] = {
    Kind.BOOLEAN: _same, Kind.INTEGER: _same, Kind.NUMBER: _same, Kind.STRING: _same, Kind.ENUM: _same,
    Kind.DECIMAL: Decimal, Kind.MONEY: Decimal, Kind.RATE: Decimal, Kind.SET: frozenset,
    Kind.DATE: date.fromisoformat, Kind.DATETIME: datetime.fromisoformat, Kind.TIME: time.fromisoformat,
    Kind.DURATION: _duration,
}  # fmt: skip
