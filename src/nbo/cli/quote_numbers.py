"""What `nbo quote` reads from its options: exact amounts, rates, counts and days; anything else is one line and the end."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import NoReturn

from nbo.cli.shared import Language, refuse
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.suggest import nearest
from nbo.language.operations import MOST_FRACTION_DIGITS, MOST_INTEGER_DIGITS, parse_exact, round_half_up, within_bounds

_LONGEST_SHOWN = 40  # characters of an option that a message repeats
_DIGITS = re.compile(r"[0-9]{1,30}\.[0-9]+%?")
_COUNT = re.compile(r"[0-9]{1,9}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_NOT_AN_AMOUNT = Text(
    "{option} `{value}` is not an amount such as 12000 or 12000.50, with at most {most} digits before the point",
    "{option} `{value}` 不是金额；请写 12000 或 12000.50，整数部分不超过 {most} 位",
)
_NOT_POSITIVE = Text("{option} `{value}` must be over 0", "{option} `{value}` 必须大于 0")
_PART_OF_A_FEN = Text(
    "{option} `{value}` has a part of a fen: at most 2 digits after the point",
    "{option} `{value}` 不足一分：小数不超过 2 位",
)
_NOT_A_RATE = Text("{option} `{value}` is not {expected}", "{option} `{value}` 不是{expected}")
_TOO_MANY_DIGITS = Text(
    "{option} `{value}` has too many digits: at most {most} after the point of a fraction, {percent} of a percentage",
    "{option} `{value}` 位数过多：小数不超过 {most} 位，百分数的小数不超过 {percent} 位",
)
_NOT_A_COUNT = Text(
    "{option} `{value}` is not a whole number from 1 to {most}", "{option} `{value}` 不是 1 到 {most} 的整数"
)
_NOT_A_DAY = Text("{option} `{value}` is not a day such as 2026-12-28", "{option} `{value}` 不是 2026-12-28 这样的日期")
_NOT_A_CHOICE = Text("{option} `{value}` is none of {choices}", "{option} `{value}` 不是以下之一：{choices}")
_DID_YOU_MEAN = Text(
    "{option} `{value}` is none of {choices}; did you mean `{suggestion}`?",
    "{option} `{value}` 不是以下之一：{choices}；是否想写 `{suggestion}`？",
)


def wrong(language: Language, text: Text, **values: object) -> NoReturn:
    """End the command with one line; what the user wrote stays short in it, and on it."""
    shown = {name: value if isinstance(value, Text) else _shown(str(value)) for name, value in values.items()}
    refuse(text.fill(language, shown))


def read_amount(option: str, written: str, language: Language) -> Decimal:
    """Money over 0, in whole fen."""
    amount = parse_exact(written)
    if amount is None:
        wrong(language, _NOT_AN_AMOUNT, option=option, value=written, most=MOST_INTEGER_DIGITS)
    if amount <= 0:
        wrong(language, _NOT_POSITIVE, option=option, value=written)
    if round_half_up(amount, 2) != amount:
        wrong(language, _PART_OF_A_FEN, option=option, value=written)
    return amount


def read_share(
    option: str, written: str, language: Language, expected: Text, most: Decimal, *, zero: bool = False
) -> Decimal:
    """A fraction written `0.60%` or `0.0060`, over 0 (or `zero`) and at most `most`; its digits are kept."""
    share = parse_exact(written.removesuffix("%"))
    if share is not None and written.endswith("%"):
        sign, digits, exponent = share.as_tuple()
        share = Decimal((sign, digits, int(exponent) - 2))
    if (share is not None and not within_bounds(share)) or (share is None and _DIGITS.fullmatch(written)):
        percent = MOST_FRACTION_DIGITS - 2
        wrong(language, _TOO_MANY_DIGITS, option=option, value=written, most=MOST_FRACTION_DIGITS, percent=percent)
    if share is None or not (share > 0 or (zero and share == 0)) or share > most:
        wrong(language, _NOT_A_RATE, option=option, value=written, expected=expected)
    return share


def read_count(option: str, written: str, language: Language, most: int) -> int:
    """A whole number from 1 to `most`."""
    if not _COUNT.fullmatch(written) or not 1 <= int(written) <= most:
        wrong(language, _NOT_A_COUNT, option=option, value=written, most=most)
    return int(written)


def read_day(option: str, written: str | None, language: Language) -> date | None:
    """A day; None where the option was left out."""
    if written is None:
        return None
    try:
        if _DAY.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError:
        pass
    wrong(language, _NOT_A_DAY, option=option, value=written)


def read_choice(option: str, written: str, language: Language, choices: tuple[str, ...]) -> str:
    """One of a few words."""
    if written not in choices:
        known = Text(", ".join(choices), "、".join(choices))
        suggestion = nearest(written, choices)
        if suggestion is not None:
            wrong(language, _DID_YOU_MEAN, option=option, value=written, choices=known, suggestion=suggestion)
        wrong(language, _NOT_A_CHOICE, option=option, value=written, choices=known)
    return written


def _shown(written: str) -> str:
    """One line of text, and not a long one."""
    line = "".join(each if each.isprintable() else "?" for each in written)
    return line if len(line) <= _LONGEST_SHOWN else line[: _LONGEST_SHOWN - 1] + "…"
