"""Whatever an event is made of, a session answers; it raises nothing and loses no complaint."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from talk import BEGAN, Talk, customer, refusal

from nbo import Engine, Event
from nbo.call.event import Heard, read_event
from nbo.call.vocabulary import STANDARD_KINDS, call_rules

AT = "2026-11-16T10:00:01+08:00"
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 1.5, math.nan, math.inf, "", "x" * 5000, "\ud800", b"x", [], {}, [[]], {"a": 1}, Decimal("NaN"),
    datetime(2026, 1, 1),  # noqa: DTZ001 - a time without a zone is one of the odd ones
    object(),
)  # fmt: skip


@pytest.mark.parametrize("event", [*ODD, "{", '{"id": 1}', '["a"]', {"id": "a", "kind": "hold", "at": AT, "extra": 1}])
def test_what_is_no_event_is_refused(talk: Talk, event: Any) -> None:
    assert refusal(talk.session.observe(event)) in ("no_event", "no_id")


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("key", ["id", "kind", "at", "fields"])
def test_every_key_may_be_anything(talk: Talk, key: str, value: Any) -> None:
    event = {"id": "a", "kind": "sentiment", "at": AT, "fields": {"value": 0.5}, key: value}
    after = talk.session.observe(event)
    assert after.refused is not None
    assert after.refused.text("en")
    assert after.refused.text("zh")


@pytest.mark.parametrize("value", ODD)
def test_a_complaint_is_heard_whatever_comes_with_it(talk: Talk, value: Any) -> None:
    after = talk.session.observe(Event("a", "complaint", BEGAN, {"complaint_id": value, "mood": value, 7: value}))
    assert after.refused is None
    assert talk.session.state.off is not None
    assert "unknown_attribute" in {each.code for each in after.warnings}


def test_a_misspelt_kind_is_named_with_what_was_meant(talk: Talk) -> None:
    after = talk.session.observe({"id": "a", "kind": "complain", "at": AT})
    assert after.refused is not None
    assert "did you mean `complaint`" in after.refused.text("en")
    assert "complaint" in after.refused.text("zh")


@pytest.mark.parametrize(
    ("fields", "code"), [({}, "field_missing"), ({"level": "two"}, "bad_field"), ({"level": 9}, "bad_field")]
)
def test_a_field_that_is_needed_has_to_be_there_and_right(talk: Talk, fields: dict[str, Any], code: str) -> None:
    after = talk.session.observe(Event("a", "identity_verified", BEGAN, fields))
    assert refusal(after) == code
    assert after.refused is not None
    assert "level" in after.refused.text("en")


@given(
    kinds=st.lists(st.sampled_from(sorted(STANDARD_KINDS)), min_size=1, max_size=8),
    data=st.data(),
)
@settings(max_examples=60)
def test_no_sequence_of_odd_events_raises(sample: Engine, kinds: list[str], data: st.DataObject) -> None:
    rules = call_rules(sample.pack)
    session = sample.call("K", customer(), at=BEGAN)
    for number, kind in enumerate(kinds):
        names = st.sampled_from([*rules.events[kind].record.fields, "other"])
        fields = data.draw(
            st.dictionaries(names, st.sampled_from(ODD) | st.text(max_size=5) | st.integers(), max_size=3)
        )
        at = data.draw(st.datetimes(timezones=st.just(UTC)) | st.just(BEGAN))
        session.observe(Event(f"e{number}", kind, at, fields)).to_dict()
    resumed = sample.resume("K", customer(), session.events)
    assert resumed.events == session.events


def test_an_event_is_read_from_its_stored_form_as_it_was(sample: Engine) -> None:
    rules = call_rules(sample.pack)
    fields = {
        "principal": "1200.50", "periods": 6, "budget": 7, "components": ["b", "a"], "new_limit": Decimal("8E+3"), "days": 30,
    }  # fmt: skip
    heard = read_event(rules, Event("a", "requoted", BEGAN, fields))
    assert isinstance(heard, Heard)
    again = read_event(rules, heard.to_dict())
    assert isinstance(again, Heard)
    assert (again.row, again.at, again.to_dict()) == (heard.row, heard.at, heard.to_dict())
    assert heard.to_dict()["fields"]["components"] == ["a", "b"]


def test_a_call_has_no_more_events_than_a_call_can_have(sample: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbo.call.session.MOST_EVENTS", 3)
    talk = Talk(sample)
    for _ in range(3):
        talk.told("question_answered")
    assert refusal(talk.say("question_answered")) == "too_many_events"
    monkeypatch.setattr("nbo.call.session._MORE_COMPLAINTS", 2)
    assert talk.say("complaint").refused is None
    assert talk.session.state.off is not None
    assert [refusal(talk.say("complaint")) for _ in range(3)] == [None, "too_many_events", "too_many_events"]
    assert [refusal(talk.say("ended")) for _ in range(2)] == [None, "too_many_events"]
