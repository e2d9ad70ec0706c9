"""How often is too often: what `suppress_after` counts, on which channel, since when, and what it does not count."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tiny_pack import NOON, customer, decide, explanation, load, offer, offered, service, words

from nbo import Engine

HISTORY: dict[str, Any] = {
    "history": {
        "key": "decision_id",
        "records": {
            "decision_id": {"type": "string", "use": "profile"},
            "offer_id": {"type": "string", "use": "profile"},
            "family": {"type": "enum", "values": ["loan", "card", "help", "other"], "use": "profile"},
            "channel": {"type": "enum", "values": ["phone", "app"], "use": "profile"},
            "response": {"type": "enum", "values": ["accept", "decline", "defer", "no_answer"], "use": "profile"},
            "presented_at": {"type": "datetime", "use": "profile"},
            "cancelled_at": {"type": "datetime", "use": "profile"},
            "complaint_id": {"type": "string", "use": "profile"},
            "csat": {"type": "integer", "min": 0, "max": 10, "use": "profile"},
        },
    }
}
DAY = timedelta(days=1)
Row = dict[str, Any]


def engine(folder: Path, after: Mapping[str, Any], pause: Mapping[str, int] | None = None, **more: Any) -> Engine:
    contact = {"id": "often", "suppress_after": after, "reason": words("too often"), **more}
    if pause is not None:
        contact["suppress_for"] = pause
    offers = [offer(), offer("card"), service()]
    return load(folder, dictionary=HISTORY, contact=[contact], offers=offers)


def row(ago: timedelta | None, **changes: Any) -> Row:
    """A loan declined by telephone so long ago; `None` takes a field away."""
    at = None if ago is None else (NOON - ago).isoformat()
    known = {"decision_id": "D", "offer_id": "loan", "family": "loan", "channel": "phone", "response": "decline"}
    return {key: each for key, each in {**known, "presented_at": at, **changes}.items() if each is not None}


def sold(engine: Engine, *rows: Row, **asked: Any) -> list[str]:
    return [each for each in offered(decide(engine, history=[*rows], **asked)) if each != "help"]


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(0), ["card"]),
        (30 * DAY - timedelta(microseconds=1), ["card"]),
        (30 * DAY, ["loan", "card"]),
        (-timedelta(microseconds=1), ["loan", "card"]),
        (-30 * DAY, ["loan", "card"]),
        (None, ["card"]),
    ],
    ids=["now", "within", "on the edge", "a moment ahead", "in the future", "nobody knows when"],
)
def test_a_window_goes_back_from_now_and_what_is_dated_ahead_is_not_past(
    tmp_path: Path, ago: timedelta | None, expected: list[str]
) -> None:
    assert sorted(sold(engine(tmp_path, {"of": "decline", "within": {"days": 30}}), row(ago))) == sorted(expected)


@pytest.mark.parametrize(
    ("calendar", "first", "last_before"),
    [
        ("day", "2026-11-16T00:00:00+08:00", "2026-11-15T23:59:59+08:00"),
        ("week", "2026-11-16T00:00:00+08:00", "2026-11-15T23:59:59+08:00"),
        ("month", "2026-11-01T00:00:00+08:00", "2026-10-31T23:59:59+08:00"),
    ],
)
def test_a_calendar_window_begins_where_the_packs_zone_has_midnight(
    tmp_path: Path, calendar: str, first: str, last_before: str
) -> None:
    asked = engine(tmp_path, {"within": calendar})
    assert sold(asked, {**row(DAY), "presented_at": first}) == ["card"]
    assert "loan" in sold(asked, {**row(DAY), "presented_at": last_before})


def test_so_many_are_needed(tmp_path: Path) -> None:
    asked = engine(tmp_path, {"times": 3, "of": "decline", "within": {"days": 30}})
    assert "loan" in sold(asked, row(DAY), row(2 * DAY))
    assert "loan" not in sold(asked, row(DAY), row(2 * DAY), row(3 * DAY))
    assert "loan" in sold(asked, row(DAY), row(2 * DAY), row(3 * DAY, response="accept"))


def test_after_several_it_is_suppressed_for_a_time_after_the_last(tmp_path: Path) -> None:
    asked = engine(tmp_path, {"times": 2, "of": "decline", "within": {"days": 90}}, {"days": 20})
    assert "loan" not in sold(asked, row(19 * DAY), row(80 * DAY))
    assert "loan" in sold(asked, row(20 * DAY), row(80 * DAY))
    assert "loan" in sold(asked, row(19 * DAY), row(91 * DAY))


@pytest.mark.parametrize(
    ("of", "counts"),
    [
        ({"of": "presented"}, {"response": None}),
        ({"of": "accept"}, {"response": "accept"}),
        ({"of": ["accept", "defer"]}, {"response": "defer"}),
        ({"of": "no_answer"}, {"response": "no_answer"}),
        ({"of": "complained"}, {"complaint_id": "P1"}),
        ({"of": "cancelled"}, {"cancelled_at": (NOON - DAY).isoformat(), "presented_at": None}),
        ({"of": ["decline", "cancelled"]}, {"response": "accept", "cancelled_at": (NOON - DAY).isoformat()}),
        ({"of": ["defer", "complained"]}, {"complaint_id": "P1"}),
        ({"csat_below": 3}, {"csat": 2}),
        ({"of": "accept", "csat_below": 3}, {"csat": 2}),
        ({"of": "cancelled", "csat_below": 3}, {"csat": 2}),
    ],
)
def test_an_outcome_counts_when_it_is_one_of_those(tmp_path: Path, of: Mapping[str, Any], counts: Row) -> None:
    asked = engine(tmp_path, {**of, "within": {"days": 30}})
    assert "loan" not in sold(asked, row(DAY, **counts))


@pytest.mark.parametrize(
    "of", ["accept", ["accept", "defer"], "no_answer", "complained", "cancelled", ["cancelled", "complained"]]
)
def test_another_outcome_does_not_count(tmp_path: Path, of: Any) -> None:
    assert "loan" in sold(engine(tmp_path, {"of": of, "csat_below": 3, "within": {"days": 30}}), row(DAY, csat=3))


def test_a_response_that_nobody_recorded_may_be_the_one(tmp_path: Path) -> None:
    asked = engine(tmp_path, {"of": "decline", "within": {"days": 30}})
    decision = decide(asked, history=[row(DAY, response=None)])
    assert "loan" not in offered(decision)
    assert decision.blocked["loan"].missing == ("history.response",)


@pytest.mark.parametrize(
    ("about", "rows", "expected"),
    [
        ("offer", [{"offer_id": "loan", "family": "other"}], ["card"]),
        ("offer", [{"offer_id": "other", "family": "loan"}], ["loan", "card"]),
        ("family", [{"offer_id": "other", "family": "loan"}], ["card"]),
        ("everything", [{"offer_id": "other", "family": "other"}], []),
        (["card", "other"], [{"family": "other"}], []),
        (["card", "other"], [{"family": "loan"}], ["loan", "card"]),
    ],
)
def test_what_is_counted_is_of_the_offer_its_family_some_or_everything(
    tmp_path: Path, about: Any, rows: list[Row], expected: list[str]
) -> None:
    asked = engine(tmp_path, {"of": "decline", "for": about})
    assert sorted(sold(asked, *(row(DAY, **each) for each in rows))) == sorted(expected)


def test_the_same_channel_is_that_of_the_decision(tmp_path: Path) -> None:
    asked = engine(tmp_path, {"of": "decline", "channels": "same"})
    in_app, unknown = row(DAY, channel="app"), row(DAY, channel=None)
    assert "loan" in sold(asked, in_app)
    assert "loan" not in sold(asked, unknown)
    assert asked.why_not(customer(history=[in_app]), channel="phone").suppressed() == ()
    assert asked.why_not(customer(history=[in_app]), channel="app").suppressed() == ("loan",)
    prepared = asked.prepare(customer(history=[in_app]))
    assert [asked.why_not(prepared, channel=each).suppressed() for each in ("app", "phone")] == [("loan",), ()]


def test_named_channels_count_whatever_the_channel_of_the_decision(tmp_path: Path) -> None:
    asked = engine(tmp_path, {"of": "decline", "channels": ["app"]})
    assert "loan" not in sold(asked, row(DAY, channel="app"))
    assert "loan" in sold(asked, row(DAY))


def test_a_refusal_counts_under_an_opt_out_too(tmp_path: Path) -> None:
    asked = engine(tmp_path, {"of": "decline", "within": {"days": 30}})
    assert sold(asked, row(DAY), consent={"opted_out": True}) == ["card"]


def test_a_missing_history_suppresses(tmp_path: Path) -> None:
    asked = engine(tmp_path, {"times": 2, "within": "week"})
    assert offered(decide(asked, history=None)) == ["help"]


def test_the_interactions_that_suppress_are_named(tmp_path: Path) -> None:
    asked = engine(tmp_path, {"times": 2, "of": "decline", "within": {"days": 30}}, {"days": 10})
    rows = [row(3 * DAY, decision_id="D1"), row(40 * DAY, decision_id="D2"), row(5 * DAY, decision_id=None)]
    other = row(DAY, decision_id="D4", family="card")
    (found,) = (each for each in explanation(asked, history=[*rows, other]).offers if each.offer == "loan")
    assert [(each.result, each.because) for each in found.clauses] == [("true", ("D1", "history[2]"))]
    (none,) = (each for each in explanation(asked, history=[other]).offers if each.offer == "loan")
    assert none.stage is None


def test_what_cannot_be_told_names_the_interactions_that_it_hangs_on(tmp_path: Path) -> None:
    asked = engine(tmp_path, {"of": "decline", "within": {"days": 30}})
    rows = [row(None, decision_id="D1"), row(90 * DAY, decision_id="D2")]
    (found,) = (each for each in explanation(asked, history=rows).offers if each.offer == "loan")
    assert [(each.result, each.because) for each in found.clauses] == [("unknown", ("D1",))]


def test_a_personal_name_of_an_interaction_is_masked(tmp_path: Path) -> None:
    personal = deepcopy(HISTORY)
    personal["history"]["records"]["decision_id"]["pii"] = True
    contact = [{"id": "often", "suppress_after": {"of": "decline"}, "reason": words("too often")}]
    found = explanation(load(tmp_path, dictionary=personal, contact=contact), history=[row(DAY)]).offers[0]
    assert found.clauses[0].because == ("***",)


def test_the_clock_is_that_of_the_decision(tmp_path: Path) -> None:
    asked = engine(tmp_path, {"within": {"hours": 48}})
    later: datetime = NOON + timedelta(hours=48)
    assert "loan" not in sold(asked, row(timedelta(0)), at=later - timedelta(microseconds=1))
    assert "loan" in sold(asked, row(timedelta(0)), at=later)
