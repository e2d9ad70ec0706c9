"""How long a text takes to say.

Place: the talk-time rules. In goes a text as an agent reads it and a speed; out come the text with its numbers written
as they are read, and the seconds. It knows no limit, and which texts follow one another is the caller's matter.

Everything that people may read in more than one way is taken as the longer one, so that a limit that holds on paper
holds on the phone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nbo.pack.compliance import Speed
from nbo.script.numerals import LONGEST_READ_AS_NUMBER, digits_zh, number_en, number_zh, year_en

LONGEST_DATE = date(2027, 12, 27)
"""The date from 1900 to 2099 that takes the longest to say, in both languages."""

# The most digits of an exact number in a rule pack.
_MOST_INTEGER_DIGITS = 18
_MOST_FRACTION_DIGITS = 10


@dataclass(frozen=True, slots=True)
class SpokenLength:
    """What there is to say: `units` (zh: characters, en: words) and the `pauses` between them.

    For texts joined one after the other (none of them broken inside a number or a word) the units add up, and the
    pauses are at most their sum and one more a join.
    """

    units: int
    pauses: int

    def seconds(self, speed: Speed) -> Decimal:
        """Time to say it, rounded half up to 0.1 s."""
        # Whole numbers throughout: units * 60 / speed + pauses * pause over one denominator.
        speed_up, speed_down = speed.units_per_minute.as_integer_ratio()
        pause_up, pause_down = speed.pause_seconds.as_integer_ratio()
        up = self.units * 60 * speed_down * pause_down + self.pauses * pause_up * speed_up
        down = speed_up * pause_down
        tenths = (20 * up + down) // (2 * down)
        # From text, because arithmetic would round to the precision of the caller's decimal context.
        return Decimal(f"{tenths // 10}.{tenths % 10}")


def talk_seconds(text: str, language: str, speed: Speed) -> Decimal:
    """Time a text in seconds as it is said, rounded half up to 0.1 s. `language` is zh or en, else `ValueError`.

    SOURCE: the usual speeds are in the rules of kind talk_time: Mandarin 220 characters a minute, English 150 words a
    minute, 0.25 s a pause.

    >>> talk_seconds("每期964.80元，年化13.03%。", "zh", Speed(Decimal(220), Decimal("0.25")))
    Decimal('5.7')
    """
    return spoken_length(text, language).seconds(speed)


def spoken_length(text: str, language: str) -> SpokenLength:
    """Count the units and pauses of a text. `language` is zh or en, else `ValueError`.

    A character of Chinese counts 1 in both languages. A Latin word is one word in English; in Mandarin it counts its
    syllables, or its letters if it is in capitals (VIP). A pause is pausing punctuation with something to say behind
    it, once however many marks and spaces there are; a decimal point is none.

    >>> spoken_length("年化13.03%，", "zh"), spoken_length("risk-free: 2.50%", "en")
    (SpokenLength(units=10, pauses=0), SpokenLength(units=7, pauses=1))
    """
    if language == "zh":
        spoken = spoken_zh(text)
        latin = sum(map(_syllables, _LATIN_WORD.findall(spoken)))
    elif language == "en":
        spoken = spoken_en(text)
        latin = len(_LATIN_WORD.findall(spoken))
    else:
        message = f"talk time is known for zh and en, not for {language!r}"
        raise ValueError(message)
    return SpokenLength(units=latin + _letters_of_other_scripts(spoken), pauses=_pauses(spoken))


def longest_number(integer_digits: int, fraction_digits: int) -> str:
    """Give the number that takes the longest to say of all with at most so many digits, in both languages.

    It bounds the talk time of a script before the amounts are known. A sign, a percent sign or a currency adds what it
    adds to any number. Raises `ValueError` beyond 1 to 18 integer and 0 to 10 fraction digits.

    >>> longest_number(6, 2)
    '777777.77'
    """
    if not (1 <= integer_digits <= _MOST_INTEGER_DIGITS and 0 <= fraction_digits <= _MOST_FRACTION_DIGITS):
        message = f"no number has {integer_digits} integer and {fraction_digits} fraction digits"
        raise ValueError(message)
    # Seven has two words in every place (seventy-seven, 七十七), and no zero to shorten it. Beyond 12 digits a number
    # is read digit by digit, and 18 of them are still shorter than 12 as a number (19 words, 23 characters).
    integer = "7" * min(integer_digits, LONGEST_READ_AS_NUMBER)
    return f"{integer}.{'7' * fraction_digits}" if fraction_digits else integer


# ---------------------------------------------------------------------------------------------------------------------
# Numbers in a text

_FULL_WIDTH = re.compile("[\uff04\uff05\uff0b\uff0d-\uff0f\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff5e]")
# Full-width comma and colon stay: they part clauses, and never groups of digits or hours and minutes.
_TO_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，：；！？"}

# PERF: a number begins with a digit, so `re` skips to the digits; what stands before a number is rare and rewritten
# first, only in texts that have it. A text of 300 characters with 20 numbers takes 90 µs to time.
_NUMBER = re.compile(r"([0-9](?:[0-9]{0,2}(?:,[0-9]{3})+(?![0-9])|[0-9]*))(?:\.([0-9]+))?(?:[ ]?([%‰]))?")
_RARE_FORM = re.compile("[-\u2212\u2013~/:¥￥$€£]")
_DATE = re.compile(r"(?<![0-9])(19[0-9]{2}|20[0-9]{2})([-/])(1[0-2]|0?[1-9])\2(3[01]|[12][0-9]|0?[1-9])(?![0-9])")
_TIME = re.compile(r"(?<![0-9:])(2[0-3]|[01]?[0-9]):([0-5][0-9])(?![0-9:])")
_CURRENCY = re.compile(r"([¥￥$€£])[ ]?([0-9][0-9,]*(?:\.[0-9]+)?)")
_RANGE = re.compile("(?<=[0-9%‰])[-\u2212\u2013~](?=[0-9])")
_MINUS = re.compile("(?<![0-9A-Za-z])[-\u2212](?=[0-9])")

_ZH_CURRENCIES = {"¥": "元", "￥": "元", "$": "美元", "€": "欧元", "£": "英镑"}
_EN_CURRENCIES = {"¥": " yuan", "￥": " yuan", "$": " dollars", "€": " euros", "£": " pounds"}
_ZH_SHARES = {"%": "百分之", "‰": "千分之"}
_EN_SHARES = {"%": " percent", "‰": " per mille"}
_EN_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTH_BEFORE = re.compile(rf"\b(?:{'|'.join(_EN_MONTHS)})(?: [0-9]{{1,2}},?)? $")
_FULL_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


def spoken_zh(text: str) -> str:
    """Write out the numbers of a text as they are read in Mandarin.

    >>> spoken_zh("2026年11月28日还10800.00元，年化13.03%")
    '二零二六年十一月二十八日还一万零八百元，年化百分之十三点零三'
    """
    text = _half_width(text)
    if _RARE_FORM.search(text):
        text = _DATE.sub(lambda date: f"{date[1]}年{int(date[3])}月{int(date[4])}日", text)
        text = _TIME.sub(lambda time: f"{int(time[1])}点" + (f"{time[2]}分" if time[2] != "00" else ""), text)
        text = _MINUS.sub("负", _RANGE.sub("至", text))
        text = _CURRENCY.sub(lambda amount: amount[2] + _ZH_CURRENCIES[amount[1]], text)
    return _NUMBER.sub(_read_zh, text)


def spoken_en(text: str) -> str:
    """Write out the numbers of a text as they are read in English.

    >>> spoken_en("964.80 yuan by 28 November 2026")
    'nine hundred sixty-four point eight zero yuan by twenty-eight November twenty twenty-six'
    >>> spoken_en("at 13.03%")
    'at thirteen point zero three percent'
    """
    text = _half_width(text)
    if _RARE_FORM.search(text):
        text = _DATE.sub(lambda date: f"{int(date[4])} {_EN_MONTHS[int(date[3]) - 1]} {date[1]}", text)
        text = _TIME.sub(lambda time: f"{int(time[1])} {time[2] if time[2] != '00' else _ON_THE_HOUR}", text)
        text = _MINUS.sub("minus ", _RANGE.sub(" to ", text))
        text = _CURRENCY.sub(lambda amount: amount[2] + _EN_CURRENCIES[amount[1]], text)
    return _NUMBER.sub(_read_en, text)


_ON_THE_HOUR = "o'clock"


def _half_width(text: str) -> str:
    return text.translate(_TO_ASCII) if _FULL_WIDTH.search(text) else text


def _read_zh(found: re.Match[str]) -> str:
    whole, fraction, share = found.groups("")
    integer = whole.replace(",", "")
    # Only 1900 to 2099 is a year, so that longest_number(4, 0) stays the longest before 年 too.
    if not fraction and _FULL_YEAR.fullmatch(integer) and found.string.startswith("年", found.end()):
        return digits_zh(integer)
    return _ZH_SHARES.get(share, "") + number_zh(integer, fraction)


def _read_en(found: re.Match[str]) -> str:
    whole, fraction, share = found.groups("")
    integer = whole.replace(",", "")
    if not fraction and _FULL_YEAR.fullmatch(integer):
        before = found.string[max(0, found.start() - 20) : found.start()]
        if _MONTH_BEFORE.search(before):
            return year_en(integer)
    return number_en(integer, fraction) + _EN_SHARES.get(share, "")


# ---------------------------------------------------------------------------------------------------------------------
# Counting

_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_LATIN_WORD = re.compile(rf"[{_LATIN}]+(?:['’][{_LATIN}]+)*")
_OTHER_LETTERS = re.compile(rf"[^\W_{_LATIN}]+")
# One match a gap between words that holds a pausing mark. What follows the mark is taken in one go and never given
# back, so that a text of marks alone takes linear time.
_PAUSE = re.compile(r"[。！？；，、：,.!?;:…][\W_]*+")
_VOWELS = re.compile("[aeiouy\u00e0-\u00e6\u00e8-\u00ef\u00f2-\u00f6\u00f9-\u00fd]+", re.IGNORECASE)


def _letters_of_other_scripts(text: str) -> int:
    return len(text) - len(_OTHER_LETTERS.sub("", text))


def _syllables(word: str) -> int:
    return len(word) if word.isupper() else max(1, len(_VOWELS.findall(word)))


def _pauses(text: str) -> int:
    gaps = 0
    for gap in _PAUSE.finditer(text):
        gaps += gap.end() < len(text)
    return gaps
