"""The index of a pack gives what the stages of a decision give, up to applicability."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_pack import NOON, customer, load, offer, rule, service, words

from nbo import Engine
from nbo.decide.candidate import Blocked, Candidate, Setting
from nbo.decide.run import Outcome, candidate_for, candidates_of, run_every_stage
from nbo.decide.stages import STAGES
from nbo.index.index import MatchIndex
from nbo.pack.case import Case
from nbo.script.compliance import ScriptChecker

RULES = Path(__file__).parents[2] / "rules"
PACKS = sorted(each.parent.name for each in RULES.glob("*/pack.yaml"))
INDEXED = STAGES[: 1 + [each.name for each in STAGES].index("applicability")]
CONTACT = STAGES[len(INDEXED)]
BAD: tuple[Any, ...] = ("?", -1, [], {"a": 1}, "2026-13-01", 10**30)


@cache
def engine_of(name: str) -> Engine:
    return Engine.load(RULES / name, clock=lambda: NOON)


def by_stages(engine: Engine, facts: Any, channel: str) -> tuple[dict[str, list[Blocked | None]], list[str]]:
    """What stops each candidate of each offer, and the offers that contact policy holds back."""
    no_checker, no_index = (
        cast("ScriptChecker", None),
        cast("MatchIndex", None),
    )  # no stage up to contact policy asks them
    setting = Setting(engine.pack, facts, channel, engine.pack.languages[0], no_checker, no_index)
    stops = {
        each.id: [stopped(candidate, setting) for candidate in candidates_of(each, setting)]
        for each in engine.pack.offers
    }
    suppressed = [
        each.id
        for each in engine.pack.offers
        if CONTACT.check(candidate_for(each, None, facts, engine.pack.dictionary), setting) is not None
    ]
    return stops, suppressed


def stopped(candidate: Candidate, setting: Setting) -> Blocked | None:
    if candidate.blocked is not None:
        return candidate.blocked
    return next((stop for stage in INDEXED if (stop := stage.check(candidate, setting)) is not None), None)


def assert_same(engine: Engine, profile: Any, *, at: Any = NOON, channel: str = "phone") -> None:
    facts = engine.prepare(profile, at=at)
    stops, suppressed = by_stages(engine, facts, channel)
    eligible = [name for name, found in stops.items() if None in found]
    assert engine.match(facts, channel=channel) == eligible
    assert engine.match(facts, 2, channel=channel) == eligible[:2]
    why_not = engine.why_not(facts, channel=channel)
    assert list(why_not) == [each.id for each in engine.pack.offers]
    for name, found in stops.items():
        assert (why_not[name] == "eligible") is (None in found), name
        if all(stop is not None and not stop.unknown for stop in found):
            assert why_not[name] == "failed", name
    for name in why_not.missed_by_one():
        assert why_not[name] != "eligible"
    assert list(why_not.suppressed()) == suppressed
    decision = engine.decide(facts, channel=channel)
    reference = run_every_stage(decision.outcome.setting, 3)
    assert ends_of(decision.outcome) == ends_of(reference)
    if not decision.offers:
        assert decision.reason is not None
        assert decision.reason.code == reason_by_all_candidates([*reference.candidates])


def ends_of(outcome: Outcome) -> tuple[Any, ...]:
    """Who was chosen with which score, and what stopped each of the others."""
    chosen = [(each.offer.id, each.record, each.factors) for each in outcome.chosen]
    stops = {name: (stop.stage, stop.code, stop.missing, stop.unknown) for name, stop in outcome.blocked.items()}
    return chosen, stops, outcome.missing, len([*outcome.candidates])


def reason_by_all_candidates(candidates: list[Candidate]) -> str:
    """Of the offers to the point the one that came furthest; where all stop at gates, the first."""
    stops = [(each, each.blocked) for each in candidates if each.blocked is not None]
    if any(stop.stage != "gates" for _, stop in stops):
        stops = [(each, stop) for each, stop in stops if is_to_the_point(each)]
    stages = [each.name for each in STAGES]
    return max((stop for _, stop in stops), key=lambda stop: stages.index(stop.stage)).code if stops else "no_need"


def is_to_the_point(candidate: Candidate) -> bool:
    return all(clause.expression.ask(candidate.values) is True for clause in candidate.offer.applicability)


@pytest.mark.parametrize("name", PACKS)
def test_every_case_of_a_sample_pack_comes_out_as_by_the_stages(name: str) -> None:
    engine = engine_of(name)
    for case in engine.pack.cases:
        assert_same(engine, case.profile, at=case.at, channel=case.channel)


@settings(max_examples=150)
@given(st.data())
def test_a_case_with_anything_missing_or_refused_comes_out_as_by_the_stages(data: st.DataObject) -> None:
    engine = engine_of(data.draw(st.sampled_from(PACKS)))
    case: Case = data.draw(st.sampled_from(engine.pack.cases))
    profile = deepcopy(dict(case.profile))
    for _ in range(data.draw(st.integers(1, 6))):
        holder, key = data.draw(st.sampled_from([*entries(profile)]))
        if data.draw(st.booleans()):
            holder[key] = data.draw(st.sampled_from(BAD))
        else:
            holder[key] = None
    at = case.at + timedelta(days=data.draw(st.sampled_from([0, 0, -400, 30, 3000])))
    assert_same(engine, profile, at=at, channel=data.draw(st.sampled_from([case.channel, "sms"])))


def entries(profile: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Everything that can be taken out of a profile, with what holds it."""
    for name, section in profile.items():
        yield profile, name
        records = section if isinstance(section, list) else [section]
        for record in records:
            if isinstance(record, Mapping):
                yield from ((record, key) for key in record)  # type: ignore[misc]  # copied, so it can be changed


def test_gates_and_contact_rules_see_what_an_opt_out_hides(tmp_path: Path) -> None:
    engine = load(
        tmp_path,
        offers=[offer("loan"), offer("card"), service("help", applicability=["help in call.needs"])],
        gates=[
            {"id": "known", "kinds": ["sales"], "when": "call.verified", "reason": words("not verified")},
            {"id": "later", "kinds": ["sales"], "at": "order", "when": "false == call.verified", "reason": words("no")},
        ],
        contact=[
            {
                "id": "declined",
                "kinds": ["sales"],
                "suppress_when": "any(history, it.family == offer.family and it.response == decline)",
                "reason": words("declined"),
            }
        ],
        compliance=[
            rule("asked_before", "gate", at="pitch", must="account.days_late == 0 or customer.tier == gold"),
            rule("by_mail", "gate", at="pitch", channels=["mail"], must="account.balance > 1000"),
            rule(
                "over",
                "gate",
                at="pitch",
                in_force={"from": "2020-01-01", "through": "2021-01-01"},
                must="call.verified",
            ),
        ],
    )
    declined = [{"family": "loan", "response": "decline", "presented_at": "2026-11-01T10:00:00+08:00"}]
    for changes in (
        {}, {"call": {"verified": None}}, {"call": {"verified": False}}, {"history": declined}, {"history": None},
        {"consent": {"opted_out": True}, "history": declined, "account": {"days_late": 1}},
        {"consent": {"opted_out": None}}, {"account": {"days_late": "?"}}, {"call": {"needs": ["help"]}},
    ):  # fmt: skip
        for channel in ("phone", "mail"):
            assert_same(engine, customer(**changes), channel=channel)
    assert engine.match(customer(), at=NOON) == ["card", "loan"]
    assert engine.why_not(customer(history=declined)).suppressed() == ("loan",)
    assert engine.why_not(customer(call={"verified": None}))["loan"] == "unknown"
    assert engine.why_not(customer(call={"verified": False})).missed_by_one()["loan"] == "call.verified"


def test_an_offer_for_each_record_passes_with_one_record_that_does(tmp_path: Path) -> None:
    engine = load(
        tmp_path,
        offers=[
            offer(
                "loan",
                for_each={"record": "purchases", "as": "buy"},
                eligibility=["buy.amount >= 100", "not buy.disputed", "account.status == active"],
            ),
            offer("card", eligibility=["offer.family == card", "account.balance * 2 > 900"]),
        ],
    )
    good = {"id": "1", "amount": "100.00", "disputed": False}
    for purchases in (
        None,
        [],
        [good],
        [{**good, "amount": "99.99"}],
        [{**good, "disputed": None}],
        [{"id": "?"}, good],
    ):
        for status in ("active", "frozen", None):
            assert_same(engine, customer(purchases=purchases, account={"status": status}))
    assert engine.match(customer(purchases=[{**good, "amount": "1.00"}, good])) == ["card", "loan"]
    assert engine.why_not(customer(purchases=None))["loan"] == "unknown"
    assert engine.why_not(customer(purchases=[]))["loan"] == "failed"
    assert engine.why_not(customer(purchases=[])).missed_by_one() == {"loan": "purchases"}
    assert engine.why_not(customer(purchases=[{**good, "disputed": None}]))["loan"] == "unknown"
    small = customer(purchases=[{**good, "amount": "1.00"}])
    assert engine.why_not(small).missed_by_one() == {"loan": "buy.amount"}


def test_a_limit_is_at_least_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="`limit`"):
        load(tmp_path).match(customer(), 0)


def test_a_reload_swaps_the_index_with_the_pack(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[offer("loan")])
    facts = engine.prepare(customer())
    assert engine.match(facts) == engine.match(customer()) == ["loan"]
    assert engine.why_not(facts)["loan"] == "eligible"
    with pytest.raises(KeyError):
        engine.why_not(facts)["card"]
