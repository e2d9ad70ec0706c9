"""Read a number aloud, in Mandarin and in English.

Place: `nbo.script.speech` finds the numbers of a text and asks here for their words. In go ASCII digits, out come the
words; amounts, percent signs, dates and what stands around a number are not known here.
"""

from __future__ import annotations

from functools import cache

LONGEST_READ_AS_NUMBER = 12
"""Digits up to which a whole number is read as a number; a longer one, or one with a leading zero, digit by digit."""

_ZH_DIGITS = "零一二三四五六七八九"
_ZH_BY_DIGIT = str.maketrans("0123456789", _ZH_DIGITS)
_ZH_PLACES = ("", "十", "百", "千")
_ZH_GROUPS = ("", "万", "亿")

_EN_ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_EN_TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_EN_SMALL = (*_EN_ONES, "ten", "eleven", "twelve", *_EN_TEENS)
_EN_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_EN_GROUPS = ("", " thousand", " million", " billion")


def digits_zh(digits: str) -> str:
    """Read digit by digit, as years and card numbers are read.

    >>> digits_zh("2026")
    '二零二六'
    """
    return digits.translate(_ZH_BY_DIGIT)


def number_zh(integer: str, fraction: str = "") -> str:
    """Read a decimal number; the zeros at the end of its fraction are left out.

    >>> number_zh("10800", "00"), number_zh("964", "80"), number_zh("10")
    ('一万零八百', '九百六十四点八', '十')
    """
    fraction = fraction.rstrip("0")
    return _whole_zh(integer) + (f"点{digits_zh(fraction)}" if fraction else "")


def _whole_zh(integer: str) -> str:
    if _is_read_by_digit(integer):
        return digits_zh(integer)
    value = int(integer)
    if value == 0:
        return "零"
    words = ""
    for group in (2, 1, 0):
        part = value // 10_000**group % 10_000
        if part:
            # A gap before the group's first digit is read as one zero, however wide it is.
            words += ("零" if words and part < 1_000 else "") + _group_zh(part) + _ZH_GROUPS[group]
    # Ten to nineteen lose the one at the beginning, and only there: 十二, but 一百一十二.
    return words.removeprefix("一") if words.startswith("一十") else words


@cache
def _group_zh(part: int) -> str:
    words = ""
    gap = False
    for place in (3, 2, 1, 0):
        digit = part // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _ZH_DIGITS[digit] + _ZH_PLACES[place]
        gap = digit == 0
    return words


def digits_en(digits: str) -> str:
    """Read digit by digit.

    >>> digits_en("80")
    'eight zero'
    """
    return " ".join(_EN_SMALL[int(digit)] for digit in digits)


def number_en(integer: str, fraction: str = "") -> str:
    """Read a decimal number; a fraction of zeros only is left out, any other is read in full.

    >>> number_en("964", "80"), number_en("10800", "00")
    ('nine hundred sixty-four point eight zero', 'ten thousand eight hundred')
    """
    return _whole_en(integer) + (f" point {digits_en(fraction)}" if fraction.strip("0") else "")


def _whole_en(integer: str) -> str:
    if _is_read_by_digit(integer):
        return digits_en(integer)
    value = int(integer)
    if value == 0:
        return "zero"
    parts = ((value // 1_000**group % 1_000, _EN_GROUPS[group]) for group in (3, 2, 1, 0))
    return " ".join(_group_en(part) + name for part, name in parts if part)


@cache
def _group_en(part: int) -> str:
    hundreds, rest = divmod(part, 100)
    words = [f"{_EN_SMALL[hundreds]} hundred"] if hundreds else []
    if rest:
        tens, ones = divmod(rest, 10)
        words.append(_EN_SMALL[rest] if rest < 20 else _EN_TENS[tens] + (f"-{_EN_SMALL[ones]}" if ones else ""))
    return " ".join(words)


def year_en(year: str) -> str:
    """Read a year of four digits, in pairs.

    >>> year_en("2026"), year_en("2005"), year_en("1900"), year_en("1905")
    ('twenty twenty-six', 'two thousand five', 'nineteen hundred', 'nineteen oh five')
    """
    century, rest = year[:2], year[2:]
    if year.startswith("200"):
        return number_en(year)
    if rest == "00":
        return f"{number_en(century)} hundred"
    if rest.startswith("0"):
        return f"{number_en(century)} oh {number_en(rest[1])}"
    return f"{number_en(century)} {number_en(rest)}"


def _is_read_by_digit(integer: str) -> bool:
    return len(integer) > LONGEST_READ_AS_NUMBER or (len(integer) > 1 and integer.startswith("0"))
