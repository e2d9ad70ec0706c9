"""What is given back of a package: exact, never more than was paid, never more for later."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbo.pack.quotes.package import RefundBy
from nbo.quote.package_refund import refund

PAID = {"golf": Decimal("900.00"), "lounge": Decimal("600.00"), "dental": Decimal("0.01")}


@pytest.mark.parametrize(
    ("by", "months_begun", "used", "expected"),
    [
        ("months", 0, (), "1500.01"),
        ("months", 1, (), "1375.01"),  # 1375.009…
        ("months", 5, ("golf",), "875.01"),
        ("months", 11, (), "125.00"),
        ("months", 12, (), "0.00"),
        ("months", 99, (), "0.00"),
        ("components", 0, (), "1500.01"),
        ("components", 11, ("golf",), "600.01"),
        ("components", 11, ("golf", "lounge", "dental"), "0.00"),
        ("components", 12, (), "0.00"),
        ("months_and_components", 6, ("golf",), "300.01"),  # half of 600.01, half up
        ("months_and_components", 6, ("golf", "lounge"), "0.01"),  # half of a fen
        ("months_and_components", 12, (), "0.00"),
    ],
)
def test_what_is_given_back(by: RefundBy, months_begun: int, used: tuple[str, ...], expected: str) -> None:
    amount = refund(PAID, by, term_months=12, months_begun=months_begun, used=used)
    assert str(amount) == expected


@given(
    st.dictionaries(
        st.sampled_from("abcdef"), st.integers(0, 10**12).map(lambda fen: Decimal(fen).scaleb(-2)), max_size=6
    ),
    st.sampled_from(get_args(RefundBy)),
    st.integers(1, 120),
    st.integers(0, 130),
    st.data(),
)
def test_a_refund_is_the_exact_share_to_the_fen_and_never_grows(
    paid: dict[str, Decimal], by: RefundBy, term: int, begun: int, data: st.DataObject
) -> None:
    used = data.draw(st.frozensets(st.sampled_from(sorted(paid)))) if paid else frozenset()
    amount = refund(paid, by, term_months=term, months_begun=begun, used=used)
    assert amount == amount.quantize(Decimal("0.01"))
    assert 0 <= amount <= sum(paid.values(), Decimal(0))
    assert refund(paid, by, term_months=term, months_begun=begun + 1, used=used) <= amount
    counted = sum((Fraction(price) for name, price in paid.items() if by == "months" or name not in used), Fraction(0))
    share = Fraction(max(term - begun, 0), term) if by != "components" else Fraction(int(begun < term))
    assert abs(Fraction(amount) - counted * share) <= Fraction(1, 200)


def test_a_callers_decimal_context_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 2
        assert refund(PAID, "months", term_months=12, months_begun=5) == Decimal("875.01")


@pytest.mark.parametrize(
    ("paid", "how"),
    [
        (PAID, {"term_months": 0, "months_begun": 0}),
        (PAID, {"term_months": 12, "months_begun": -1}),
        (PAID, {"term_months": 12, "months_begun": 0, "used": ("spa",)}),
        ({"golf": Decimal("-1.00")}, {"term_months": 12, "months_begun": 0}),
        ({"golf": Decimal("1.001")}, {"term_months": 12, "months_begun": 0}),
        ({"golf": Decimal("NaN")}, {"term_months": 12, "months_begun": 0}),
        ({"golf": Decimal("Infinity")}, {"term_months": 12, "months_begun": 0}),
    ],
)
def test_what_no_package_can_be_is_the_programs_mistake(paid: dict[str, Decimal], how: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"month|component|price"):
        refund(paid, "months", **how)  # type: ignore[arg-type]  # used is a tuple in one of them
