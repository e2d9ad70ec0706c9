"""The facade: the clock, the same answer everywhere, many threads, and a pack that changes under way."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, getcontext, localcontext
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from tiny_pack import (
    NOON,
    SAMPLE,
    SHANGHAI,
    customer,
    decide,
    installment,
    load,
    load_anew,
    offer,
    offered,
    sample_case,
    sample_engine,
    script,
    segment,
    treatment,
    write_pack,
)

from nbo import Engine, PackError, check


def as_json(profile: Any) -> str:
    """A customer as an integrator sends one."""
    return json.dumps(profile, default=lambda each: float(each) if isinstance(each, Decimal) else str(each))


def plain(decision: Any) -> dict[str, Any]:
    """The answer without its timings."""
    return {key: each for key, each in decision.to_dict().items() if key != "timings_us"}


# --- the clock --------------------------------------------------------------------------------------------------------


def test_a_time_without_a_zone_is_a_programming_error() -> None:
    naive = datetime(2026, 11, 16, 10, 30)  # noqa: DTZ001 - the point of the test
    for ask in (sample_engine().decide, sample_engine().explain, sample_engine().prepare):
        with pytest.raises(ValueError, match="zone"):
            ask({}, at=naive)


@pytest.mark.parametrize(
    "at", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=timezone(timedelta(hours=9)))]
)
def test_a_time_past_the_calendars_ends_is_a_programming_error(at: datetime) -> None:
    with pytest.raises(ValueError, match="calendar"):
        sample_engine().decide({}, at=at)


def test_without_a_time_the_injected_clock_counts(tmp_path: Path) -> None:
    root = write_pack(tmp_path, offers=[offer(valid={"from": "2026-11-16", "through": "2026-11-16"})])
    for day, expected in ((15, []), (16, ["loan"]), (17, [])):
        engine = Engine.load(root, clock=lambda day=day: NOON.replace(day=day))
        decision = engine.decide(customer())
        assert offered(decision) == expected
        assert decision.at == NOON.replace(day=day)


def test_the_answers_time_is_on_the_packs_clock() -> None:
    decision = sample_engine().decide({}, at=datetime(2026, 11, 16, 2, 30, tzinfo=UTC))
    assert decision.to_dict()["at"] == "2026-11-16T10:30:00+08:00"


def test_one_moment_written_in_two_zones_is_one_moment() -> None:
    profile = sample_case("eases_payment")
    first, second = (plain(sample_engine().decide(profile, at=NOON.astimezone(zone))) for zone in (UTC, SHANGHAI))
    assert first == second


def test_wrong_arguments_are_programming_errors() -> None:
    engine = sample_engine()
    with pytest.raises(ValueError, match="speaks"):
        engine.decide({}, at=NOON, language="fr")
    with pytest.raises(ValueError, match="limit"):
        engine.decide({}, at=NOON, limit=0)
    with pytest.raises(ValueError, match="no offer"):
        engine.explain({}, "nothing", at=NOON)


# --- the decision's id ------------------------------------------------------------------------------------------------


def test_the_id_names_rules_inputs_and_clock() -> None:
    engine, profile = sample_engine(), sample_case("eases_payment")
    same = [engine.decide(profile, at=NOON), engine.decide(engine.prepare(profile, at=NOON))]
    other = [
        engine.decide(profile, at=NOON + timedelta(seconds=1)),
        engine.decide(profile, at=NOON, channel="app"),
        engine.decide(profile, at=NOON, language="en"),
        engine.decide(profile, at=NOON, limit=1),
        engine.decide({**profile, "call": {**profile["call"], "call_id": "K0002"}}, at=NOON),
        engine.decide({**profile, "consent": {**profile["consent"], "dnc_until": "soon"}}, at=NOON),
    ]
    assert len({each.decision_id for each in same}) == 1
    assert len({each.decision_id for each in [same[0], *other]}) == 1 + len(other)
    assert engine.decide(profile, at=NOON, decision_id="mine").decision_id == "mine"


def test_another_pack_gives_another_id(tmp_path: Path) -> None:
    first = load(tmp_path / "a").decide(customer())
    second = load(tmp_path / "b", offers=[offer(priority=1)]).decide(customer())
    assert first.decision_id != second.decision_id


PROGRAM = """
import json, sys
from datetime import datetime
from nbo import Engine
engine = Engine.load(sys.argv[1])
answer = engine.decide(json.load(sys.stdin), at=datetime.fromisoformat(sys.argv[2])).to_dict()
del answer["timings_us"]
print(json.dumps(answer, sort_keys=True))
"""


def test_the_answer_is_the_same_in_every_process() -> None:
    profile = {**sample_case("full_payer_big_purchase")}
    profile["call"] = {**profile["call"], "ivr_path": ["bill", "balance", "agent", "payment", "limit"]}
    answers = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM, str(SAMPLE), NOON.isoformat()],
            input=as_json(profile),
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert answers == {json.dumps(plain(sample_engine().decide(profile, at=NOON)), sort_keys=True) + "\n"}


# --- many threads -----------------------------------------------------------------------------------------------------


def test_threads_share_an_engine() -> None:
    engine = Engine.load(SAMPLE)  # a fresh one: its conditions are compiled by whoever comes first
    cases = [
        sample_case(each) for each in ("eases_payment", "full_payer_big_purchase", "statement_missing", "past_due")
    ]
    expected = [plain(sample_engine().decide(each, at=NOON)) for each in cases]
    start = Event()

    def work(first: int) -> int:
        start.wait()
        wrong = 0
        for number in range(first, first + 200):
            which = number % len(cases)
            wrong += plain(engine.decide(cases[which], at=NOON)) != expected[which]
        return wrong

    with ThreadPoolExecutor(8) as pool:
        results = [pool.submit(work, number) for number in range(8)]
        start.set()
        assert [each.result() for each in results] == [0] * 8


def test_the_callers_decimal_context_changes_nothing() -> None:
    profile = sample_case("eases_payment")
    expected = plain(sample_engine().decide(profile, at=NOON))
    with localcontext() as context:
        context.prec = 3
        context.rounding = "ROUND_DOWN"
        assert plain(sample_engine().decide(profile, at=NOON)) == expected
        assert getcontext().prec == 3
        assert Decimal(1) / 3 == Decimal("0.333")


# --- loading and reloading --------------------------------------------------------------------------------------------


def test_a_broken_pack_is_not_loaded_and_all_its_mistakes_are_told(tmp_path: Path) -> None:
    root = write_pack(tmp_path, offers=[offer(eligibility=["account.balanse > 1"], applicability=["1 +"])])
    with pytest.raises(PackError) as raised:
        Engine.load(root)
    assert len(raised.value.diagnostics) == 2
    assert check(root, at=NOON)[0] is None


def test_reload_takes_the_new_rules_and_facts_from_before_still_decide(tmp_path: Path) -> None:
    engine = load_anew(tmp_path)
    facts = engine.prepare(customer())
    before = engine.decide(facts)
    write_pack(tmp_path, offers=[offer(propensity=0.75)], dictionary={"account": {"since": {"type": "date"}}})
    result = engine.reload()
    assert result.ok
    assert (result.old_hash, result.new_hash) == (before.pack_hash, engine.pack.hash)
    after = engine.decide(facts)
    assert (before.offers[0].factors.p, after.offers[0].factors.p) == (Decimal("0.5000"), Decimal("0.7500"))
    assert after.at == before.at
    assert after.pack_hash == engine.pack.hash
    with pytest.raises(ValueError, match="another version"):
        engine.explain(before)
    assert engine.explain(after).offers[0].outcome == "offered"


def test_reload_refuses_a_broken_pack_and_keeps_serving(tmp_path: Path) -> None:
    engine = load_anew(tmp_path)
    before = plain(decide(engine))
    write_pack(tmp_path, offers=[offer(eligibility=["account.balanse > 1"])])
    result = engine.reload()
    assert (result.ok, result.new_hash) == (False, None)
    assert [each.code.id for each in result.diagnostics] == ["NBO203"]
    assert plain(decide(engine)) == before


def test_reload_refuses_a_script_that_breaks_a_rule(tmp_path: Path) -> None:
    rules = [
        {
            "id": "NO", "kind": "forbid", "text": {"en": "never"}, "citation": "c", "evidence": "bank_policy",
            "in_force": {"from": "2020-01-01"}, "severity": "block", "families": "all", "channels": "all", "terms": ["free"],
        }
    ]  # fmt: skip
    engine = load_anew(tmp_path, compliance=rules)
    write_pack(tmp_path, compliance=rules, scripts=[script(treatment("only", segment("It is free.")))])
    assert not engine.reload().ok
    assert offered(decide(engine)) == ["loan"]


def test_reload_of_a_pack_that_is_gone_keeps_serving(tmp_path: Path) -> None:
    engine = load_anew(tmp_path)
    (tmp_path / "pack" / "pack.yaml").unlink()
    assert not engine.reload().ok
    assert offered(decide(engine)) == ["loan"]


def test_threads_see_the_old_rules_or_the_new_ones_and_nothing_between(tmp_path: Path) -> None:
    engine = load_anew(tmp_path, offers=[offer(quote=installment())])
    facts = engine.prepare(customer())
    hashes = {engine.pack.hash}
    stop = Event()

    def work() -> set[tuple[str, Decimal]]:
        seen = set()
        while not stop.is_set():
            decision = engine.decide(facts)
            seen.add((decision.pack_hash, decision.offers[0].factors.p))
        return seen

    with ThreadPoolExecutor(4) as pool:
        results = [pool.submit(work) for _ in range(4)]
        for propensity in (0.6, 0.7, 0.8):
            write_pack(tmp_path, offers=[offer(quote=installment(), propensity=propensity)])
            assert engine.reload().ok
            hashes.add(engine.pack.hash)
        stop.set()
        seen = set().union(*(each.result() for each in results))
    assert {each for each, _ in seen} <= hashes
    assert len(seen) == len({each for each, _ in seen})


# --- prepared facts ---------------------------------------------------------------------------------------------------


def test_prepared_facts_answer_like_the_profile_they_came_from() -> None:
    engine, profile = sample_engine(), sample_case("eases_payment")
    facts = engine.prepare(profile, at=NOON)
    assert plain(engine.decide(facts)) == plain(engine.decide(profile, at=NOON))
    assert engine.explain(facts) == engine.explain(profile, at=NOON) == engine.explain(engine.decide(facts))


def test_facts_of_another_pack_are_read_anew(tmp_path: Path) -> None:
    facts = sample_engine().prepare(customer(), at=NOON)
    assert offered(load(tmp_path).decide(facts)) == ["loan"]


def test_a_decision_leaves_the_profile_as_it_was() -> None:
    profile = json.loads(as_json(sample_case("full_payer_big_purchase")))
    before = json.dumps(profile, sort_keys=True)
    sample_engine().decide(profile, at=NOON)
    assert json.dumps(profile, sort_keys=True) == before


def test_beside_an_offer_stands_the_ticket_for_what_is_above_the_agents_authority() -> None:
    engine = sample_engine()
    case = next(each for each in engine.pack.cases if each.id == "retention_tier_1_above")
    decision = engine.decide(case.profile, at=case.at, language="en")
    assert [each.offer for each in decision.offers] == ["retention_talk"]
    assert decision.serve is not None
    assert decision.serve.outcome == "second_line"
    assert decision.serve.ticket is not None
    assert (decision.serve.ticket.owner, decision.serve.ticket.due - decision.at) == (
        "retention_desk",
        timedelta(hours=24),
    )
