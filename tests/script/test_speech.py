"""Talk time: how numbers are read, what counts, and what bounds the time before the numbers are known."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbo.script.speech import (
    LONGEST_DATE,
    Speed,
    SpokenLength,
    longest_number,
    spoken_en,
    spoken_length,
    spoken_zh,
    talk_seconds,
)

MANDARIN = Speed(units_per_minute=Decimal(220), pause_seconds=Decimal("0.25"))
ENGLISH = Speed(units_per_minute=Decimal(150), pause_seconds=Decimal("0.25"))


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("13.03%", "百分之十三点零三"),
        ("13.03 %", "百分之十三点零三"),
        ("0.60%", "百分之零点六"),
        ("5‰", "千分之五"),
        ("10800.00", "一万零八百"),
        ("964.80", "九百六十四点八"),
        ("0", "零"),
        ("10", "十"),
        ("12", "十二"),
        ("20", "二十"),
        ("101", "一百零一"),
        ("110", "一百一十"),
        ("112", "一百一十二"),
        ("1001", "一千零一"),
        ("1010", "一千零一十"),
        ("100000", "十万"),
        ("112000", "十一万二千"),
        ("1000001", "一百万零一"),
        ("100010000", "一亿零一万"),
        ("1200000000", "十二亿"),
        ("300000.00", "三十万"),
        ("1,234,567.50", "一百二十三万四千五百六十七点五"),
        ("￥500", "五百元"),
        ("-5%", "负百分之五"),
        ("6-12期", "六至十二期"),
        ("3,6,12期", "三,六,十二期"),
        ("１２期", "十二期"),
        ("007", "零零七"),
        ("1234567890123", "一二三四五六七八九零一二三"),
        ("2026年11月28日", "二零二六年十一月二十八日"),
        ("2026-11-28", "二零二六年十一月二十八日"),
        ("12年", "十二年"),
        ("21:00", "二十一点"),
        ("9:05", "九点零五分"),
        ("无数字。", "无数字。"),
    ],
)
def test_numbers_are_read_in_mandarin(written: str, spoken: str) -> None:
    assert spoken_zh(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("964.80", "nine hundred sixty-four point eight zero"),
        ("10800.00", "ten thousand eight hundred"),
        ("13.03%", "thirteen point zero three percent"),
        ("0.60%", "zero point six zero percent"),
        ("0", "zero"),
        ("12", "twelve"),
        ("80", "eighty"),
        ("1,000,001", "one million one"),
        ("$5.50", "five point five zero dollars"),
        ("-5%", "minus five percent"),
        ("6-12 months", "six to twelve months"),
        ("007", "zero zero seven"),
        ("28 November 2026", "twenty-eight November twenty twenty-six"),
        ("November 28, 2026", "November twenty-eight, twenty twenty-six"),
        ("2026-11-28", "twenty-eight November twenty twenty-six"),
        ("2026 yuan", "two thousand twenty-six yuan"),
        ("21:00", "twenty-one o'clock"),
    ],
)
def test_numbers_are_read_in_english(written: str, spoken: str) -> None:
    assert spoken_en(written) == spoken


@pytest.mark.parametrize(
    ("text", "units", "pauses"),
    [
        ("13.03%", 8, 0),
        ("您好，请问", 4, 1),
        ("您好，", 2, 0),
        ("您好！！！“请问”。", 4, 1),
        ("您好…… ，请问？", 4, 1),
        ("每期964.80元", 10, 0),
        ("VIP卡", 4, 0),
        ("Visa卡", 3, 0),
        ("（单利）", 2, 0),
        ("", 0, 0),
        ("。。。", 0, 0),
    ],
)
def test_mandarin_counts_characters_and_pauses(text: str, units: int, pauses: int) -> None:
    assert spoken_length(text, "zh") == SpokenLength(units, pauses)


@pytest.mark.parametrize(
    ("text", "units", "pauses"),
    [
        ("Would you like that?", 4, 0),
        ("Yes, please.", 2, 1),
        ("It's risk-free", 3, 0),
        ("964.80 yuan", 8, 0),
        ("13.03%", 5, 0),
        ("Well... no", 2, 1),
    ],
)
def test_english_counts_words_and_pauses(text: str, units: int, pauses: int) -> None:
    assert spoken_length(text, "en") == SpokenLength(units, pauses)


def test_a_decimal_point_and_a_thousands_comma_are_no_pauses() -> None:
    assert spoken_length("共10,800.50元", "zh").pauses == 0
    assert spoken_length("10,800.50 yuan", "en").pauses == 0


def test_seconds_are_units_at_the_speed_and_pauses_rounded_half_up() -> None:
    assert talk_seconds("一" * 220, "zh", MANDARIN) == Decimal("60.0")
    assert talk_seconds("一" * 110 + "，" + "一" * 110, "zh", MANDARIN) == Decimal("60.3")  # 60.25
    assert talk_seconds("word " * 150, "en", ENGLISH) == Decimal("60.0")
    assert talk_seconds("一，一", "zh", replace(MANDARIN, units_per_minute=Decimal(120))) == Decimal("1.3")  # 1.25
    assert talk_seconds("", "zh", MANDARIN) == Decimal("0.0")


@given(
    st.integers(0, 5000),
    st.integers(0, 500),
    st.integers(1, 4000).map(lambda tenths: Decimal(tenths) / 10),
    st.integers(0, 300).map(lambda hundredths: Decimal(hundredths) / 100),
)
def test_seconds_agree_with_decimal_arithmetic(units: int, pauses: int, per_minute: Decimal, pause: Decimal) -> None:
    exact = units * Decimal(60) / per_minute + pauses * pause
    seconds = SpokenLength(units, pauses).seconds(Speed(per_minute, pause))
    assert seconds == exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert seconds.as_tuple().exponent == -1


@pytest.mark.parametrize(
    ("per_minute", "pause"),
    [("0", "0.25"), ("-1", "0.25"), ("NaN", "0"), ("Infinity", "0"), ("220", "-1"), ("220", "NaN")],
)
def test_a_speed_outside_its_range_raises(per_minute: str, pause: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        Speed(Decimal(per_minute), Decimal(pause))


def test_an_unknown_language_raises() -> None:
    with pytest.raises(ValueError, match="not for 'fr'"):
        talk_seconds("bonjour", "fr", MANDARIN)


LANGUAGES = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("integer_digits", [1, 2, 3, 4])
@pytest.mark.parametrize("fraction_digits", [0, 1])
def test_no_number_with_as_many_digits_or_fewer_is_longer(
    language: str, integer_digits: int, fraction_digits: int
) -> None:
    bound = spoken_length(longest_number(integer_digits, fraction_digits), language).units
    longest = 0
    for size in range(1, integer_digits + 1):
        for digits in product("0123456789", repeat=size):
            integer = "".join(digits)
            longest = max(longest, spoken_length(integer, language).units)
            if fraction_digits:
                longest = max(*(spoken_length(f"{integer}.{digit}", language).units for digit in "0123456789"), longest)
    assert bound == longest


@given(
    st.text("0123456789", min_size=1, max_size=18),
    st.text("0123456789", max_size=10),
    st.sampled_from(["{}", "{}%", "￥{}", "-{}", "{}元", "{}期", "{} yuan", "{}年", "{}月", "{}日", "28 November {}"]),
    st.sampled_from(LANGUAGES),
)
def test_the_longest_number_bounds_every_number_where_it_stands(
    integer: str, fraction: str, frame: str, language: str
) -> None:
    number = f"{integer}.{fraction}" if fraction else integer
    bound = longest_number(len(integer), len(fraction))
    length = spoken_length(frame.format(number), language)
    assert length.units <= spoken_length(frame.format(bound), language).units
    assert length.pauses == 0


@given(st.integers(1, 18), st.integers(0, 10), st.sampled_from(LANGUAGES))
def test_more_digits_are_never_shorter(integer_digits: int, fraction_digits: int, language: str) -> None:
    bound = spoken_length(longest_number(integer_digits, fraction_digits), language).units
    if integer_digits < 18:
        assert spoken_length(longest_number(integer_digits + 1, fraction_digits), language).units >= bound
    if fraction_digits < 10:
        assert spoken_length(longest_number(integer_digits, fraction_digits + 1), language).units > bound


@pytest.mark.parametrize(("integer_digits", "fraction_digits"), [(0, 0), (19, 0), (1, 11), (1, -1)])
def test_a_number_that_a_pack_cannot_hold_has_no_bound(integer_digits: int, fraction_digits: int) -> None:
    with pytest.raises(ValueError, match="no number"):
        longest_number(integer_digits, fraction_digits)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_date_is_longer_than_the_longest(language: str) -> None:
    def units(day: date) -> int:
        return spoken_length(day.isoformat(), language).units

    bound = units(LONGEST_DATE)
    assert all(units(date(1900, 1, 1) + timedelta(days=days)) <= bound for days in range(0, 73_000, 3))


PLAIN_TEXTS = st.text("一二您好，。！ab c,.", max_size=20)


@given(PLAIN_TEXTS, PLAIN_TEXTS)
def test_lengths_of_texts_that_are_joined_add_up(first: str, second: str) -> None:
    one, two = spoken_length(first, "en"), spoken_length(second, "en")
    joined = spoken_length(f"{first} {second}", "en")
    assert joined.units == one.units + two.units
    assert joined.pauses <= one.pauses + two.pauses + 1


@given(st.text(st.characters(codec=None, exclude_categories=())), st.sampled_from(LANGUAGES))
def test_any_text_can_be_timed(text: str, language: str) -> None:
    assert talk_seconds(text, language, MANDARIN) >= 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("piece", ["1", "1,111", "1.", "-1", "。", "a'", "1:", "您好，", "１"])
def test_a_long_text_takes_seconds_at_most(piece: str, language: str) -> None:
    text = piece * (300_000 // len(piece))
    began = process_time()
    talk_seconds(text, language, MANDARIN)
    assert process_time() - began < 5
