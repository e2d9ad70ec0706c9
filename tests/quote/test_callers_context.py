"""A caller's decimal context rounds nothing: packs are linked and customers quoted alike, however few digits it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Context, Inexact, InvalidOperation, localcontext
from pathlib import Path
from typing import Any

import pytest
from test_fee_change import LEVELS, LOUNGE, fees
from test_package_quote import BUDGET, GOLF, package
from tiny_pack import codes, decide, installment, load, load_anew, offer, service, value

from nbo import check

RULES = Path(__file__).parents[2] / "rules"
WORTH = value("account.balance", "account.balance")
PACKS: dict[str, dict[str, Any]] = {
    "installment": {
        "offers": [offer(quote=installment(principal={"to": "1234.56", "max": "98765.43"}), value=WORTH)],
    },
    "limit": {
        "offers": [
            service(
                quote={
                    "type": "limit", "purpose": "temporary", "current": "account.balance", "raise": "12.345%",
                    "days": 60, "cap": "98765.43", "to": "12.34", "least": "1.23",
                }
            )
        ],
    },
    "fee_change": {
        "offers": [offer(quote=fees(new_fee="1234.56", benefits=[{**LOUNGE, "value": "1234.56"}]), value=WORTH)],
        "dictionary": LEVELS,
    },
    "package": {
        "offers": [
            offer(
                quote=package({**GOLF, "price": "1234.56", "list_value": "2345.67", "unit_cost": "123.45"}),
                value=WORTH,
            )
        ],
        "dictionary": BUDGET,
    },
}  # fmt: skip
CUSTOMER: dict[str, Any] = {
    "account": {"balance": "12345.67", "fee": "123.45"},
    "call": {"needs": ["ease"], "budget": "9876.54"},
}


@pytest.fixture
def three_digits() -> Iterator[None]:
    """A context in which an operation that would need a fourth digit raises."""
    with localcontext(Context(prec=3, traps=[Inexact, InvalidOperation])):
        yield


@pytest.mark.parametrize("kind", PACKS)
def test_terms_are_linked_and_quoted_alike_in_any_context(kind: str, tmp_path: Path) -> None:
    usual = decide(load(tmp_path / "usual", **PACKS[kind]), **CUSTOMER).to_dict()
    assert usual["offers"]
    with localcontext(Context(prec=3, traps=[Inexact, InvalidOperation])):
        again = decide(load_anew(tmp_path, **PACKS[kind]), **CUSTOMER).to_dict()
    assert again["offers"] == usual["offers"]


@pytest.mark.usefixtures("three_digits")
def test_a_part_of_a_fen_is_found_in_any_context(tmp_path: Path) -> None:
    terms = installment(principal={"to": "0.005"})
    assert codes(tmp_path, offers=[offer(quote=terms, value=WORTH)]) == ["NBO133"]


@pytest.mark.usefixtures("three_digits")
@pytest.mark.parametrize("pack", ["cn_credit_card", "uk_credit_card"])
def test_a_sample_pack_loads_in_any_context(pack: str) -> None:
    assert check(RULES / pack, at=datetime(2026, 11, 16, 4, tzinfo=UTC))[1] == []
