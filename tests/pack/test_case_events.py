"""The events of a case are those of the pack's call, and a mistake in call.yaml is said once."""

from __future__ import annotations

import pytest
from tested_pack import TestedPack

CALL = "events:\n  talk: {fields: {topic: {type: enum, values: [trip, cash]}}}\n"
MOMENTS = """
- id: trip_ahead
  all:
    - talk: talk
      where: talk.topic == trip
  needs: [travel]
  reason: {zh: 客户即将出行, en: The customer is going to travel}
"""


@pytest.fixture
def told(tested: TestedPack) -> TestedPack:
    tested.pack.write("call.yaml", CALL)
    tested.pack.write("moments.yaml", MOMENTS)
    tested.pack.edit("pack.yaml", "gates: gates.yaml", "gates: gates.yaml\ncall: call.yaml\nmoments: moments.yaml")
    text = tested.pack.text("dictionary.yaml")
    values = "values: {ease_payment: {}, travel: {alias: {zh: 出行}}}"
    tested.pack.write("dictionary.yaml", text.replace("values: [ease_payment, travel]", values))
    return tested


def test_a_need_of_a_case_may_be_written_by_its_alias(told: TestedPack) -> None:
    case = told.with_case("events: [{talk: {topic: trip}}]\nneeds: [出行]").cases()["one"]
    assert case.expected.needs == {"travel"}


@pytest.mark.parametrize(
    ("event", "code", "underlined", "advice"),
    [
        ("talk: trip", "NBO132", "trip", None),
        ("talk: {topic: trips}", "NBO334", "trips", "correct the value"),
        ("tlak: {topic: trip}", "NBO302", "tlak", "did you mean `talk`?"),
        ("投诉: {}", "NBO302", "投诉", "did you mean `complaint`?"),
    ],
)
def test_an_event_that_cannot_be_is_found_at_its_place(
    told: TestedPack, event: str, code: str, underlined: str, advice: str | None
) -> None:
    found = told.with_case(f"events: [{{{event}}}]\nneeds: []").only(code)
    assert found.span is not None
    assert (found.span.text, found.help()) == (underlined, advice)


@pytest.mark.parametrize("call", ["events: [talk]\n", "events:\n  talk: {fields: {topic: enum}}\n", "pitch: 240\n"])
def test_where_call_yaml_cannot_be_read_nobody_knows_which_events_a_case_may_have(told: TestedPack, call: str) -> None:
    told.with_case("events: [{talk: {topic: trip}}]\nmoments: [trip_ahead]").pack.write("call.yaml", call)
    assert [each.span and each.span.source.name for each in told.found()] == ["call.yaml"]
