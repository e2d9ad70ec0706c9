"""Numbers, dates and times as people write them elsewhere (`1,000`, `0.6%`, `012`, `5万`, `12:30`), and how a condition has them.

In: the text of a condition and the place at which a digit starts. Out: how far the written thing goes, and the advice.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from nbo.diagnostics.diagnostic import Advice, Text, write
from nbo.language.operations import parse_exact

_DATE = re.compile(r"(\d{4})([-/年])(\d{1,2})[-/月](\d{1,2})日?(?!\w)", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})(?::\d{2})?(?![\w:])", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?(?![\w.,，])", re.ASCII)
_PERCENT = re.compile(r"(\d{1,18}(?:\.\d{1,8})?)\s*[%％]")
_LARGE = {"k": 3, "K": 3, "千": 3, "万": 4, "萬": 4, "百万": 6, "千万": 7, "亿": 8}
_WITH_UNIT = re.compile(r"([\d_]+(?:\.\d+)?)([^\W\d_]+)")
_A_DATE = Text('a date is written `date("{right}")`', '日期写作 `date("{right}")`')
_A_TIME = Text('a time of day is written `time("{right}")`', '时刻写作 `time("{right}")`')
_A_SHARE = Text(
    "a rate or share is written as a fraction: `{right}` for {wrong}", "费率和比例写成小数：{wrong} 写作 `{right}`"
)
_NO_UNIT = Text("write `{right}`; the unit is the attribute's own", "请写成 `{right}`；单位由属性决定，不必写出")
_LONGEST = 18
"""Digits before the point that a number may have."""


def joined_number(text: str, start: int, *, in_brackets: bool) -> tuple[int, Advice] | None:
    """What starts at a digit and goes on over a sign: a date, a time of day, a number with commas.

    Gives the end (exclusive) and the advice. Inside brackets `100,200` are two values, `1,000` are not: no value is
    written `000`.
    """
    if date := _DATE.match(text, start):
        month, day = int(date[3]), int(date[4])
        if 1 <= month <= 12 and 1 <= day <= 31:
            return date.end(), Advice(_A_DATE, {"right": f"{date[1]}-{month:02}-{day:02}"})
    if clock := _CLOCK.match(text, start):
        hour = int(clock[1])
        if hour <= 24:
            return clock.end(), Advice(_A_TIME, {"right": f"{hour:02}:{clock[2]}"})
    grouped = _GROUPED.match(text, start)
    if grouped is None:
        return None
    parts = re.split("[,，]", grouped.group())
    if in_brackets and not any(part.startswith("0") for part in parts[1:]):
        return None
    return grouped.end(), write("".join(parts))


def percent(text: str, start: int) -> tuple[int, Advice] | None:
    """A percentage that starts at a digit: its end (exclusive), and the fraction with all its digits."""
    found = _PERCENT.match(text, start)
    if found is None:
        return None
    sign, digits, exponent = Decimal(found[1]).as_tuple()
    fraction = format(Decimal((sign, digits, int(exponent) - 2)), "f")
    advice = Advice(_A_SHARE, {"right": fraction, "wrong": found.group()})
    return found.end(), advice


def plain_number(written: str) -> Advice | None:
    """The advice for one word that starts with a digit and is no number; None where nobody knows what is meant."""
    plain = unicodedata.normalize("NFKC", written).replace("_", "")
    unit = _WITH_UNIT.fullmatch(plain)
    if unit is not None:
        if unit[2] in _LARGE and len(unit[1]) < _LONGEST:
            return _if_number(format(Decimal(unit[1]).scaleb(_LARGE[unit[2]]), "f"))
        return None if parse_exact(unit[1]) is None else Advice(_NO_UNIT, {"right": unit[1]})
    whole, point, fraction = plain.partition(".")
    return _if_number((whole.lstrip("0") or "0") + point + fraction)


def _if_number(shown: str) -> Advice | None:
    return None if parse_exact(shown) is None else write(shown)
