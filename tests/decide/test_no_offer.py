"""No offer is an answer: why, and how to serve instead."""

from pathlib import Path
from typing import Any

import pytest
from tiny_pack import YES, decide, load, offer, service, words

SERVE = {**YES, "serve": {"outcome": "self_service", "channel": "app"}}
VERIFIED = {
    "id": "verified",
    "when": "call.verified",
    "reason": words("not verified yet", "尚未核实"),
    "serve": {"outcome": "verify", "channel": "phone"},
}


def reason(tmp_path: Path, changes: dict[str, Any], **parts: Any) -> tuple[str, str, dict[str, Any] | None]:
    decision = decide(load(tmp_path, **{"arbitration": SERVE, **parts}), **changes)
    assert decision.status == "no_offer"
    assert decision.reason is not None
    return decision.reason.code, decision.reason.text, None if decision.serve is None else decision.serve.to_dict()


def test_a_gate_says_how_to_serve(tmp_path: Path) -> None:
    found = reason(tmp_path, {"call": {"verified": False}}, gates=[VERIFIED])
    assert found == ("verified", "not verified yet", {"outcome": "verify", "channel": "phone", "ticket": None})


def test_where_nothing_is_to_the_point_that_is_the_reason(tmp_path: Path) -> None:
    code, text, serve = reason(tmp_path, {"call": {"needs": []}})
    assert (code, serve) == ("no_need", {"outcome": "self_service", "channel": "app", "ticket": None})
    assert text == "no offer answers what this call is about"


def test_the_offer_that_was_to_the_point_gives_the_reason(tmp_path: Path) -> None:
    late = {"when": "account.days_late == 0", "id": "late", "reason": words("past due")}
    beside = offer("card", applicability=["buy in call.needs"], suitability=["account.balance > 1000"])
    found = reason(tmp_path, {"account": {"days_late": 3}}, offers=[offer(eligibility=[late]), beside])
    assert found[:2] == ("late", "past due")


def test_of_several_to_the_point_the_one_that_came_furthest_gives_the_reason(tmp_path: Path) -> None:
    early = offer("a", eligibility=[{"when": "account.days_late == 0", "id": "early"}])
    further = offer("b", suitability=[{"when": "account.balance > 1000", "id": "further"}])
    assert reason(tmp_path, {"account": {"days_late": 1}}, offers=[early, further])[0] == "further"


def test_a_tie_goes_by_rank_order(tmp_path: Path) -> None:
    clauses = [{"when": "account.days_late == 0", "id": "late"}]
    offers = [
        offer("a", eligibility=clauses, priority=1),
        service(eligibility=[{"when": "account.days_late == 1", "id": "on_time"}]),
    ]
    assert reason(tmp_path, {"account": {"days_late": 2}}, offers=offers)[0] == "on_time"


def test_a_missing_value_is_named_and_not_called_a_failure(tmp_path: Path) -> None:
    code, text, _ = reason(tmp_path, {"account": {"status": None}})
    assert code.startswith("eligibility-")
    assert text == "missing: account.status"


def test_a_condition_without_a_reason_in_words_is_shown_as_it_is_written(tmp_path: Path) -> None:
    assert reason(tmp_path, {"account": {"status": "frozen"}})[1] == "account.status == active"


def test_the_reason_is_in_the_language_of_the_decision(tmp_path: Path) -> None:
    both = offer(label=words("Loan", "贷款"))
    engine = load(tmp_path, offers=[both], gates=[VERIFIED], languages=["en", "zh"])
    said = {}
    for language in ("en", "zh"):
        decision = engine.decide({"call": {"verified": False}}, language=language)
        assert decision.reason is not None
        said[language] = decision.reason.text
    assert said == {"en": "not verified yet", "zh": "尚未核实"}


def test_without_a_word_on_how_to_serve_there_is_none(tmp_path: Path) -> None:
    assert reason(tmp_path, {"call": {"needs": []}}, arbitration=YES)[2] is None


@pytest.mark.parametrize("profile", [{}, None, [], "x", 5, {"customer": None}, {"customer": []}])
def test_without_data_nothing_is_sold(tmp_path: Path, profile: object) -> None:
    decision = load(tmp_path).decide(profile)
    assert decision.status == "no_offer"
    assert decision.offers == ()
    assert "account.status" in decision.missing


def test_an_offer_in_the_answer_needs_no_reason(tmp_path: Path) -> None:
    decision = decide(load(tmp_path, arbitration=SERVE))
    assert (decision.status, decision.reason, decision.serve) == ("offer", None, None)
