"""Any text against the compliance rules: what is found, where, and what a text without a customer cannot be asked."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_pack import NOON, SPEED, decide, load, rule, sample_case, sample_engine, script, segment, treatment

from nbo import Engine, Finding

NEVER = rule("NEVER", "forbid", terms=["risk free", "gratis"])


def found(engine: Engine, text: str, **asked: Any) -> list[tuple[str, str, str]]:
    """Rule, kind and the words that are meant."""
    return [(each.rule, each.kind, text[each.start : each.end]) for each in engine.check_text(text, at=NOON, **asked)]


def test_each_kind_of_rule_finds_its_own(tmp_path: Path) -> None:
    engine = load(
        tmp_path,
        compliance=[
            NEVER,
            rule("SAY", "require", phrases={"en": ["your choice"]}),
            rule("SLOT", "require", slots={"cost": {"en": ["cost statement"]}}, families=["card"]),
            rule("NUM", "bind", units={"en": ["months"]}),
            rule("SHORT", "talk_time", stages=["offer"], max_seconds=2, speed=SPEED, severity="warn"),
            rule("LATER", "talk_time", stages=["disclosure"], max_seconds=2, speed=SPEED),
        ],
        scripts=[script(treatment("only", segment("Your choice.")))],
    )
    text = "It is risk-free for twelve months, call 13800138000 now please"
    assert found(engine, text) == [
        ("SHORT", "talk_time", text),
        ("NEVER", "forbid", "risk-free"),
        ("NUM", "bind", "twelve months"),
        ("NUM", "bind", "13800138000"),
        ("PERSONAL_DATA", "pii", "13800138000"),
        ("SAY", "require", ""),
    ]
    severities = {each.rule: each.severity for each in engine.check_text(text, at=NOON)}
    assert (severities["SHORT"], severities["NEVER"]) == ("warn", "block")
    assert found(engine, "It is your choice.") == []


@pytest.mark.parametrize(
    ("changes", "asked", "finds"),
    [
        ({"families": ["loan"]}, {}, False),  # about no offer
        ({"families": ["loan"]}, {"family": "loan"}, True),
        ({"families": ["card"]}, {"family": "loan"}, False),
        ({"channels": ["sms"]}, {}, False),
        ({"channels": ["sms"]}, {"channel": "sms"}, True),
        ({"in_force": {"from": "2026-11-17"}}, {}, False),
        ({"in_force": {"from": "2020-01-01", "through": "2026-11-15"}}, {}, False),
        ({"when": "customer.gender == F"}, {}, True),  # nobody knows to whom it is said
    ],
)
def test_a_rule_speaks_within_its_scope(
    tmp_path: Path, changes: dict[str, Any], asked: dict[str, str], *, finds: bool
) -> None:
    engine = load(tmp_path, compliance=[{**NEVER, **changes}])
    assert bool(found(engine, "It is gratis.", **asked)) is finds


def test_messages_come_in_either_language(tmp_path: Path) -> None:
    engine = load(tmp_path, compliance=[NEVER])
    (english,) = engine.check_text("It is gratis.", at=NOON)
    (chinese,) = engine.check_text("It is gratis.", at=NOON, messages="zh")
    assert english.message == "`gratis` must not be said: what NEVER asks"
    assert chinese.message == "不得出现“gratis”：NEVER的要求"
    assert english.citation == chinese.citation == "source of NEVER"
    assert english.to_dict() == {
        "rule": "NEVER", "kind": "forbid", "severity": "block", "start": 6, "end": 12,
        "message": "`gratis` must not be said: what NEVER asks", "citation": "source of NEVER",
    }  # fmt: skip


def test_beside_a_decision_its_numbers_may_be_said_and_no_others() -> None:
    engine = sample_engine()
    decision = engine.decide(sample_case("eases_payment"), at=NOON, language="zh")
    script_ = decision.offers[0].script
    assert script_ is not None
    assert engine.check_text(script_.text, at=NOON, family="bill_installment", decision=decision) == ()
    wrong = script_.text.replace("964.80", "946.80")
    assert ("CN-BIND-01", "bind", "946.80") in found(engine, wrong, family="bill_installment", decision=decision)
    unquoted = engine.check_text(script_.text, at=NOON, family="bill_installment")
    assert {each.kind for each in unquoted} == {"bind"}


def test_beside_a_decision_the_fields_must_be_said() -> None:
    engine = sample_engine()
    decision = engine.decide(sample_case("eases_payment"), at=NOON, language="zh")
    script_ = decision.offers[0].script
    assert script_ is not None
    short = script_.text.replace("13.03%", "")
    missing = engine.check_text(short, at=NOON, family="bill_installment", decision=decision)
    assert any(each.kind == "require" and "quote.annual_rate_simple" in each.message for each in missing)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whatever_a_decision_says_passes(language: str) -> None:
    engine = sample_engine()
    for case in engine.pack.cases[::5]:
        decision = engine.decide(case.profile, at=case.at, channel=case.channel, language=language)
        for each in decision.offers:
            if each.script is not None:
                asked = {"channel": case.channel, "family": each.family, "language": language}
                findings = engine.check_text(each.script.text, at=case.at, decision=decision, **asked)
                assert [one for one in findings if not _scoped(engine, one)] == [], case.id


def _scoped(engine: Engine, finding: Finding) -> bool:
    return any(rule.id == finding.rule and rule.scope is not None for rule in engine.pack.compliance)


@pytest.mark.parametrize(
    ("asked", "words_"),
    [
        ({"language": "fr"}, "the pack speaks"),
        ({"family": "loans"}, "no family `loans`"),
        ({"at": datetime(2026, 11, 16)}, "without a zone"),  # noqa: DTZ001 - the mistake at hand
    ],
)
def test_a_programmers_mistake_raises(tmp_path: Path, asked: dict[str, Any], words_: str) -> None:
    with pytest.raises(ValueError, match=words_):
        load(tmp_path).check_text("Hello", **asked)


def test_a_decision_of_another_pack_is_refused(tmp_path: Path) -> None:
    other = decide(load(tmp_path))
    with pytest.raises(ValueError, match="another version"):
        sample_engine().check_text("您好", at=NOON, decision=other)


def test_a_text_of_a_megabyte_is_answered_and_a_longer_one_refused(tmp_path: Path) -> None:
    engine = load(tmp_path, compliance=[NEVER, rule("NUM", "bind")])
    findings = engine.check_text("gratis 1 " * 111_111, at=NOON)
    assert len(findings) == 200  # of each rule a hundred
    with pytest.raises(ValueError, match="2,000,000"):
        engine.check_text("x" * 2_000_001, at=NOON)


@given(st.text(max_size=80))
def test_every_finding_lies_inside_the_text(text: str) -> None:
    for each in sample_engine().check_text(text, at=NOON, family="bill_installment"):
        assert 0 <= each.start <= each.end <= len(text)
