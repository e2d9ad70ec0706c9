"""What a pack's cases leave untested."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from nbo import Engine
from nbo.workbench.coverage import coverage
from nbo.workbench.run_cases import CaseResult, run_cases

RULES = Path(__file__).parents[2] / "rules" / "cn_credit_card"


@cache
def engine() -> Engine:
    return Engine.load(RULES)


def ran(*names: str) -> list[CaseResult]:
    return list(run_cases(engine(), [each for each in engine().pack.cases if each.id in names]))


def test_without_cases_nothing_is_covered() -> None:
    covered = coverage(engine().pack, [])
    assert covered.never_won == tuple(each.id for each in engine().pack.offers)
    assert len(covered.never_stopped) == covered.conditions > 40


def test_an_offer_is_covered_when_it_wins() -> None:
    assert "bill_installment" not in coverage(engine().pack, ran("eases_payment")).never_won
    assert "bill_installment" in coverage(engine().pack, ran("hardship")).never_won


def test_a_condition_is_covered_when_it_is_the_reason_and_not_when_it_fails_beside_another() -> None:
    """Past due and past the due date: the second condition fails too, and no test would miss it."""
    left = {(each.offer, each.when) for each in coverage(engine().pack, ran("past_due")).never_stopped}
    assert ("bill_installment", "account.days_past_due == 0") not in left
    assert ("bill_installment", "today <= statement.due_date") in left


def test_the_same_condition_of_another_offer_is_another_one() -> None:
    left = {(each.offer, each.when) for each in coverage(engine().pack, ran("past_due")).never_stopped}
    assert ("transaction_installment", "account.days_past_due == 0") in left


def test_gates_and_contact_rules_belong_to_all_offers() -> None:
    every = coverage(engine().pack, []).never_stopped
    after = coverage(engine().pack, ran("not_verified")).never_stopped
    assert [each.id for each in every if each not in after] == ["identity"]
    assert {each.offer for each in every if each.stage in ("gates", "contact_policy")} == {None}
