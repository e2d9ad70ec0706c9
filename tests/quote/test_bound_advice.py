"""What nbo advises where a script says a number of a quote that nothing bounds: what bounds it for that kind of quote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_fee_change import LEVELS, fees
from test_package_quote import package
from tiny_pack import SPEED, found, installment, merged, rule, script, segment, service, treatment

SHORT = rule("SHORT", "talk_time", max_seconds=60, stages=["offer"], speed=SPEED)
WITHOUT_BOUNDS = merged(LEVELS, {"account": {**LEVELS["account"], "total": {"type": "money", "use": "contract"}}})
PRINCIPAL = "add `max` to `principal` or to the attribute that it is taken from"
LIMIT = {"type": "limit", "purpose": "safe", "current": "account.total", "cap": 1000, "ceiling": "account.balance"}


def unbounded(terms: dict[str, Any]) -> dict[str, Any]:
    """Installments of an amount that has no largest one."""
    return {**terms, "principal": {"of": "account.total", "share": "100%"}}


@pytest.mark.parametrize(
    ("terms", "field", "advice"),
    [
        (unbounded(installment()), "payment", PRINCIPAL),
        (unbounded(installment()), "settlement_amount", PRINCIPAL),
        (
            installment(limit_after="account.total"),
            "limit_after",
            "add `max` to the attribute that `limit_after` reads",
        ),
        (installment(), "limit_after", "add `limit_after`, which it is taken from, or leave it unsaid"),
        (fees(old_fee="account.total"), "old_fee", "add `max` to the attribute that `old_fee` reads"),
        (fees(waiver=None), "waiver_spend", "add `waiver`, which it is taken from, or leave it unsaid"),
        (fees(waiver=None), "waiver_months", "add `waiver`, which it is taken from, or leave it unsaid"),
        (LIMIT, "reduction", "add `max` to the attribute that `current` reads"),
        (package(budget="account.total"), "budget", "add `max` to the attribute that `budget` reads"),
    ],
)
def test_the_advice_names_what_bounds_the_number(
    terms: dict[str, Any], field: str, advice: str, tmp_path: Path
) -> None:
    saying = script(treatment("only", segment(f"It is {{{{ quote.{field} }}}}.")))
    selling = service(quote=terms, script="plain")
    open_ends = found(tmp_path, offers=[selling], scripts=[saying], compliance=[SHORT], dictionary=WITHOUT_BOUNDS)
    assert [(each.code.id, each.help("en")) for each in open_ends] == [("NBO404", advice)]
