"""Personal data in a text: what is found, what is left alone, and what a masked text still shows."""

from datetime import date, timedelta
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbo.script.pii import find_personal_data, mask

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def with_luhn_digit(digits: str) -> str:
    """A number with the check digit that makes it valid."""
    for check in "0123456789":
        total = 0
        for place, digit in enumerate(reversed(digits + check)):
            value = int(digit) * (2 if place % 2 else 1)
            total += value - 9 if value > 9 else value
        if total % 10 == 0:
            return digits + check
    raise AssertionError(digits)


def with_id_letter(digits: str) -> str:
    """An identity number with its check digit or letter."""
    total = sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, digits, strict=True))
    return digits + "10X98765432"[total % 11]


def found(text: str) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in find_personal_data(text)]


@pytest.mark.parametrize(
    "number",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111 - 1111 - 1111 - 1111",
        "４１１１１１１１１１１１１１１１",
        "4111\u30001111\u30001111\u30001111",
        "4111\u200b1111\u200b1111\u200b1111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "3782 822463 10005",
        "378282246310005",
        "6222021234567894",
        "1234 5678 1234 5670",
    ],
)
def test_a_card_number_is_found(number: str) -> None:
    assert found(f"您的卡{number}，请核对") == [("card_number", number)]
    assert found(f"卡 {number} 12期 每期964.80元") == [("card_number", number)]


@pytest.mark.parametrize(
    "number",
    ["11010519491231002X", "11010519491231002x", "110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ"],
)
def test_a_resident_identity_number_is_found(number: str) -> None:
    assert found(f"证件{number}。") == [("resident_id", number)]


@pytest.mark.parametrize(
    "number",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "１３８００１３８０００",
        "86 138 0013 8000",
        "8613800138000",
        "1 3 8 0 0 1 3 8 0 0 0",
    ],
)
def test_a_mobile_number_is_found(number: str) -> None:
    assert found(f"致电+{number}，谢谢") == [("mobile_number", number)]


@pytest.mark.parametrize(
    "address",
    [
        "li@example.com",
        "zhang.san+card@mail.example.com.cn",
        "a@b.cc",
        "ｌｉ＠ｅｘａｍｐｌｅ．ｃｏｍ",
        "13800138000@example.com",
    ],
)
def test_an_e_mail_address_is_found(address: str) -> None:
    assert found(f"邮箱：{address}。") == [("email", address)]
    assert found(f"发至{address}") == [("email", address)]


@pytest.mark.parametrize(
    "text",
    [
        "可分期金额10800.00元，每期964.80元，总利息777.60元，年化13.03%",
        "10,800.00 10,800.00 10,800.00",
        "6 periods 12 periods 24 periods",
        "3 6 9 12 18 24 36 48 60",
        "6, 12, 18, 24, 36",
        "2026-11-28 2026-12-28 2027-01-28",
        "2026年11月28日10:30",
        "2026-11-16T10:30:00+08:00",
        "20261116103000",
        "2023 2024 2025 2026 2027",
        "0.60% 0.0060 0.1234567890123456",
        "0.30000000000000004",
        "13800138000.00",
        "0000000000000000",
        "客服95588，400-820-8820",
        "4111111111111112",
        "4111 1111 1111 1112",
        "110105194912310020",
        "110105194913310026",
        "12800138000",
        "138001380001",
        "a@b，@example.com，li@localhost",
        "",
    ],
)
def test_numbers_that_are_nobodys_are_left_alone(text: str) -> None:
    assert found(text) == []
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("卡4111-1111-1111-1111。", "卡****-****-****-1111。"),
        ("11010519491231002X", "**************002X"),
        ("138 0013 8000", "*** **** 8000"),
        ("１３８００１３８０００", "*******８０００"),
        ("a@b.cc", "*@b.cc"),
        ("li@example.com", "**@******e.com"),
        ("卡4111111111111111，电话13800138000", "卡************1111，电话*******8000"),
    ],
)
def test_masking_leaves_the_last_four_and_the_length(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert len(masked) == len(text)


@given(st.integers(12, 18), st.data())
def test_every_valid_card_number_is_found_and_no_other(length: int, data: st.DataObject) -> None:
    digits = data.draw(st.text("0123456789", min_size=length, max_size=length))
    number = with_luhn_digit(f"{data.draw(st.sampled_from('456'))}{digits[1:]}")
    assert [one.start for one in find_personal_data(f"卡{number}号")] == [1]
    wrong = number[:-1] + str((int(number[-1]) + data.draw(st.integers(1, 9))) % 10)
    assert "card_number" not in [kind for kind, _ in found(wrong)]


@given(st.integers(110000, 659999), st.integers(0, 73_048), st.integers(0, 999))
def test_every_valid_identity_number_is_found_and_none_with_a_wrong_check(region: int, day: int, serial: int) -> None:
    birth = date(1900, 1, 1) + timedelta(days=day)
    number = with_id_letter(f"{region}{birth:%Y%m%d}{serial:03}")
    assert found(f"证件号{number}") == [("resident_id", number)]
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    assert "resident_id" not in [kind for kind, _ in found(wrong)]


@given(st.decimals("0", "999999999.99", places=2), st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(1, 60))
def test_amounts_dates_and_periods_are_never_personal(amount: object, day: date, periods: int) -> None:
    for text in (
        f"金额{amount}元，分{periods}期，{day}到期",
        f"{amount} {amount} {day} {periods}",
        f"{day} {day} {day}",
        f"{day:%Y%m%d}103000",
        f"{periods} {periods} {periods} {periods} {periods} {periods} {periods}",
    ):
        assert found(text) == []


NOISY_TEXTS = st.text("0123456789Xx -－１@.a您\u200b+", max_size=60)


@given(st.one_of(NOISY_TEXTS, st.text(st.characters(codec=None, exclude_categories=()))))
def test_masking_any_text_keeps_its_length_and_everything_outside_the_data(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    data = find_personal_data(text)
    assert all(before.end <= after.start for before, after in pairwise(data))
    inside = {offset for one in data for offset in range(one.start, one.end)}
    for offset, (before, after) in enumerate(zip(text, masked, strict=True)):
        assert before == after or (offset in inside and after == "*")
    for one in data:
        shown = sum(character.isalnum() for character in masked[one.start : one.end])
        assert shown <= 4


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "12 ",
        "1234 ",
        "1\u200b",
        "1   ",
        "@",
        "a@",
        "a",
        "b.",
        "a@b.cc ",
        "4111111111111111,",
        "13800138000 ",
    ],
)
def test_a_long_text_takes_seconds_at_most(piece: str) -> None:
    text = piece * (300_000 // len(piece))
    began = process_time()
    mask(text)
    assert process_time() - began < 5
