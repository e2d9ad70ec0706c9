"""Numbers that are bound to nothing, however they are written."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbo.script.bound_numbers import NumberFinder

ZH = NumberFinder(["元", "期", "个月", "年", "折"], ["第一期", "最后一期", "24小时"])
EN = NumberFinder(["yuan", "percent", "month", "months", "year"], ["24 hours"])


def found(finder: NumberFinder, text: str, *bound: tuple[int, int]) -> list[str]:
    return [text[start:end] for start, end in finder.find(text, bound)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("分12期", ["12"]),
        ("分１２期", ["１２"]),
        ("年化7.2%", ["7.2"]),
        ("①号方案", ["①"]),
        ("½的利息", ["½"]),
        ("٣期", ["٣"]),
        ("分十二期", ["十二期"]),
        ("分十二 期", ["十二 期"]),
        ("分十·二期", ["十·二期"]),
        ("分十\u200b二期", ["十\u200b二期"]),
        ("拾貳期", ["拾貳期"]),
        ("兩個月免息", ["兩個月"]),
        ("半年内", ["半年"]),
        ("打八折", ["八折"]),
        ("百分之五", ["百分之"]),
        ("百 分 之五", ["百 分 之"]),
        ("千分之六", ["千分之"]),
        ("每期还款", []),
        ("第一期还款", []),
        ("第一期和二期", ["二期"]),
        ("24小时内到账", []),
        ("25小时内到账", ["25"]),
        ("一切顺利", []),
    ],
)
def test_numbers_in_chinese(text: str, numbers: list[str]) -> None:
    assert found(ZH, text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("for 12 months", ["12"]),
        ("for twelve months", ["twelve months"]),
        ("for Twelve-Month plans", ["Twelve-Month"]),
        ("for twelve  months", ["twelve  months"]),
        ("for ｔｗｅｌｖｅ months", ["ｔｗｅｌｖｅ months"]),
        ("half percent", ["half percent"]),
        ("often percent", []),
        ("one of the months", []),
        ("within 24 hours", []),
        ("within 24 HOURS", []),
        ("within 240 hours", ["240"]),
    ],
)
def test_numbers_in_english(text: str, numbers: list[str]) -> None:
    assert found(EN, text) == numbers


def test_what_stands_inside_a_binding_is_bound() -> None:
    text = "分12期，每期964.80元"
    assert found(ZH, text, (1, 3), (7, 13)) == []
    assert found(ZH, text, (1, 3)) == ["964.80"]


def test_a_binding_bounds_only_what_it_covers() -> None:
    assert found(ZH, "112期", (1, 3)) == ["1"]
    assert found(ZH, "十12期", (1, 3)) == []  # nothing is read across a binding
    assert found(ZH, "李十二期", (0, 1)) == ["十二期"]


@settings(max_examples=100, derandomize=True, database=None)
@given(st.text(max_size=60))
def test_spans_lie_inside_the_text_and_every_digit_is_found(text: str) -> None:
    spans = list(ZH.find(text, ()))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    covered = {index for start, end in spans for index in range(start, end)}
    excepted = {index for phrase in ("24小时",) for index in range(len(text)) if text.startswith(phrase, index)}
    for index, character in enumerate(text):
        if character.isdecimal() and not excepted:
            assert index in covered


def test_a_long_row_of_numerals_takes_no_long_time() -> None:
    started = process_time()
    list(ZH.find("一" * 20_000, ()))
    list(EN.find("one " * 20_000, ()))
    assert process_time() - started < 2
