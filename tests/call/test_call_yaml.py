"""`call.yaml`: what a pack adds to the standard events is typed and checked, and mistakes say what was meant."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest
from talk import BEGAN, Talk

import nbo
from nbo import Diagnostic, Engine, Event
from nbo.call.event import Heard, read_event
from nbo.call.vocabulary import call_rules
from nbo.language.types import Kind

BASE = Path(__file__).parents[1] / "diagnostics" / "base"


def found(tmp_path: Path, call: str) -> list[Diagnostic]:
    """What is found in the small base pack with this call.yaml."""
    copytree(BASE, tmp_path / "rules")
    root = tmp_path / "rules" / "pack"
    (root / "pack.yaml").write_text((root / "pack.yaml").read_text() + "call: call.yaml\n")
    (root / "call.yaml").write_text(call)
    return nbo.check(root, at=BEGAN)[1]


def codes(tmp_path: Path, call: str) -> list[str]:
    return [each.code.id for each in found(tmp_path, call)]


def test_a_standard_field_has_the_type_of_the_attribute_that_it_sets(sample: Engine) -> None:
    events = call_rules(sample.pack).events
    assert events["reason_stated"].record.fields["reason"].type.kind is Kind.ENUM
    assert events["need_stated"].record.fields["need"].type.kind is Kind.ENUM
    assert events["answer"].record.fields["reason"].type.kind is Kind.ENUM
    assert (events["identity_verified"].record.fields["level"].max, events["hold"].needed) == (2, {"seconds"})


def test_a_pack_whose_dictionary_lacks_them_has_the_standard_fields_as_texts(tmp_path: Path) -> None:
    copytree(BASE, tmp_path / "rules")
    pack, _ = nbo.check(tmp_path / "rules" / "pack", at=BEGAN)
    assert pack is not None
    assert pack.call is None
    events = call_rules(pack).events
    assert events["reason_stated"].record.fields["reason"].type.kind is Kind.STRING
    assert events["reason_stated"].sets == ()


def test_a_field_of_the_pack_is_typed_and_may_be_missing(sample: Engine) -> None:
    rules = call_rules(sample.pack)
    heard = read_event(rules, Event("a", "topic_mentioned", BEGAN, {"topic": "cash", "amount": "much"}))
    assert isinstance(heard, Heard)
    assert (heard.fields, [each.code for each in heard.warnings]) == ({"topic": "cash"}, ["wrong_type"])


def test_values_may_be_written_by_their_aliases(sample: Engine) -> None:
    heard = read_event(call_rules(sample.pack), Event("a", "topic_mentioned", BEGAN, {"topic": "出行"}))
    assert isinstance(heard, Heard)
    assert heard.value("topic") == "travel"


def test_what_an_event_sets_reads_the_call_and_the_event(talk: Talk) -> None:
    dictionary = talk.engine.pack.dictionary
    for seconds in (20, 30):
        talk.told("hold", seconds=seconds)
    talk.told("cash_requested", amount="5000.00")
    facts = talk.session.next.decision.facts
    assert facts.value(dictionary, "call.hold_s") == 10 + 20 + 30
    assert str(facts.value(dictionary, "call.cash_amount")) == "5000.00"
    talk.told("cash_requested")
    assert talk.session.next.decision.facts.value(dictionary, "call.cash_amount") is None


@pytest.mark.parametrize(
    ("call", "code", "suggestion"),
    [
        ("events:\n  a: {sets: {call.recording_om: true}}\n", "NBO203", "call.recording_on"),
        ("events:\n  a:\n    fields: {sum: {type: money}}\n    sets: {call.recording_on: it.smu > 1}\n", "NBO203", "it.sum"),
        ("events:\n  a: {sets: {call.recording_on: 7}}\n", "NBO211", None),
        ("events:\n  a: {feilds: {x: {type: money}}}\n", "NBO130", "fields"),
        ("events:\n  a: {fields: {x: {type: monye}}}\n", "NBO134", "money"),
        ("events:\n  not: {}\n", "NBO309", None),
        ("events:\n  a: {fields: {it: {type: money}}}\n", "NBO309", None),
        ("events:\n  answer: {fields: {response: {type: enum, values: [yes, maybe]}}}\n", "NBO372", None),
        ("pitch: {seconds: 0}\n", "NBO133", None),
        ("pitch: {seconds: 60, throttle: {of: customer.age, none_under: 70%, all_from: 85%}}\n", "NBO211", None),
        ("answers: {second_try: {most: -1}}\n", "NBO133", None),
        ("selling_off:\n  - customer.age > 200\n", "NBO208", None),
        ("selling_off:\n  - {id: a, when: call.recording_on}\n  - {id: a, when: not call.recording_on}\n", "NBO301", None),
    ],
)  # fmt: skip
def test_a_mistake_is_found_where_it_stands(tmp_path: Path, call: str, code: str, suggestion: str | None) -> None:
    (finding,) = found(tmp_path, call)
    assert finding.code.id == code
    assert finding.span is not None
    assert finding.span.source.name == "call.yaml"
    assert finding.values.get("suggestion") == suggestion


def test_a_level_from_which_all_are_pitched_lies_above_that_under_which_none_is(tmp_path: Path, sample: Engine) -> None:
    del sample
    (tmp_path / "a").mkdir()
    call = "pitch: {seconds: 60, throttle: {of: to_number(0.8), none_under: 90%, all_from: 80%}}\n"
    assert codes(tmp_path, call) == ["NBO133"]


def test_a_call_that_the_pack_says_it_has_none_of_is_none(tmp_path: Path) -> None:
    copytree(BASE, tmp_path / "rules")
    root = tmp_path / "rules" / "pack"
    (root / "pack.yaml").write_text((root / "pack.yaml").read_text() + "call: {none: the branch has no phone}\n")
    pack, _ = nbo.check(root, at=BEGAN)
    assert pack is not None
    assert pack.call is None


def test_a_reload_takes_a_changed_call_yaml(rules_copy: Path) -> None:
    root = rules_copy / "cn_credit_card"
    with Engine.load(root, matcher="plain") as engine:
        session = engine.call("K", {}, at=BEGAN)
        text = (root / "call.yaml").read_text(encoding="utf-8")
        (root / "call.yaml").write_text(text.replace("seconds: 240", "seconds: 120"), encoding="utf-8")
        assert engine.reload().ok
        assert call_rules(engine.pack).pitch_seconds == 120
        assert session.next.decision.pack_hash != engine.pack.hash  # it goes on by the rules that it began with


def test_what_the_rules_of_a_call_read_is_among_the_requirements(sample: Engine) -> None:
    readers = {each.attribute.name: [one.part for one in each.readers] for each in sample.requirements()}
    assert "call" in readers["customer.vulnerability_flags"]
    assert "call" in readers["call.queue_sl"]
