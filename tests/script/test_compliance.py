"""The check at run time: what a rule blocks is never shown, and what can be said instead is."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_pack import (
    NOON,
    SHANGHAI,
    SPEED,
    codes,
    customer,
    decide,
    explanation,
    in_installments,
    installment,
    load,
    offer,
    offered,
    rule,
    sample_engine,
    script,
    segment,
    stopped,
    text_of,
    treatment,
    words,
    write_pack,
)

from nbo import Decision, Engine
from nbo.pack.load import load_pack
from nbo.script.compliance import ScriptChecker
from nbo.script.normalize import normalize
from nbo.script.render import RenderedScript, render
from nbo.script.terms import TermSet

NEVER = rule("NEVER", "forbid", terms=["国家级", "gratis", "risk free"], **{"except": ["not gratis"]})
GREETING = segment("Dear {{ customer.surname }},", "opening", optional=True)
GREETED = treatment("greeted", GREETING, segment("shall I tell you more?"))
NAMED = treatment("named", segment("Dear {{ customer.surname }}, shall I tell you more?"))
FEMALE, MALE = "customer.gender == F", "customer.gender == M"
PLAIN = treatment("plain", segment("Shall I tell you more?"))


def unproven(folder: Path, **parts: Any) -> Engine:
    """An engine whose scripts nobody has proven, so that the check at run time is all there is."""
    pack, found = load_pack(write_pack(folder, **parts), NOON)
    assert pack is not None, [str(each) for each in found]
    return Engine(pack, clock=lambda: NOON)


def statuses(decision: Decision) -> dict[str, str]:
    return {each.rule: each.status for each in decision.offers[0].checks}


# --- what gives way to what -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "surname",
    [
        "Gratis",
        "GRATIS",
        "gra\u0301tis",
        "ｇｒａｔｉｓ",
        "Mr. Gratis",
        "国家级",
        "國家級",
        "国·家·级",
        "国 家 级",
        "Risk-Free",
    ],
)
def test_a_forbidden_name_is_left_unsaid_and_the_offer_survives(tmp_path: Path, surname: str) -> None:
    engine = load(tmp_path, scripts=[script(GREETED)], compliance=[NEVER])
    assert text_of(decide(engine)) == "Dear Li, shall I tell you more?"
    decision = decide(engine, customer={"surname": surname})
    assert text_of(decision) == "shall I tell you more?"
    assert surname not in decision.to_json()


@pytest.mark.parametrize("surname", ["not gratis", "Gratison", "Emigratis", "gra tis"])
def test_what_only_looks_like_it_is_said(tmp_path: Path, surname: str) -> None:
    engine = load(tmp_path, scripts=[script(GREETED)], compliance=[NEVER])
    assert text_of(decide(engine, customer={"surname": surname})) == f"Dear {surname}, shall I tell you more?"


def test_wording_that_arises_around_a_name_is_found(tmp_path: Path) -> None:
    around = script(
        treatment("only", segment("{{ customer.surname }} free", "opening", optional=True), segment("Hello."))
    )
    engine = load(tmp_path, scripts=[around], compliance=[NEVER])
    assert text_of(decide(engine)) == "Li free Hello."
    assert text_of(decide(engine, customer={"surname": "Risk"})) == "Hello."


def test_a_blocked_treatment_gives_way_to_the_next(tmp_path: Path) -> None:
    engine = load(tmp_path, scripts=[script(NAMED, PLAIN)], compliance=[NEVER])
    assert text_of(decide(engine)).startswith("Dear Li")
    decision = decide(engine, customer={"surname": "Gratis"})
    assert text_of(decision) == "Shall I tell you more?"
    assert statuses(decision)["NEVER"] == "passed"
    assert "Gratis" not in decision.to_json()


def test_a_blocked_offer_gives_way_to_the_next(tmp_path: Path) -> None:
    offers = [offer("card", script="named", propensity=0.9), offer()]
    scripts = [script(NAMED, name="named"), script(PLAIN)]
    engine = load(tmp_path, offers=offers, scripts=scripts, compliance=[NEVER])
    assert offered(decide(engine, limit=1)) == ["card"]
    decision = decide(engine, limit=1, customer={"surname": "Gratis"})
    assert offered(decision) == ["loan"]
    assert "Gratis" not in decision.to_json()


def test_when_nothing_may_be_said_nothing_is_offered_and_the_rule_is_named(tmp_path: Path) -> None:
    engine = load(tmp_path, scripts=[script(NAMED)], compliance=[NEVER])
    decision = decide(engine, customer={"surname": "Gratis"})
    assert decision.status == "no_offer"
    assert decision.reason is not None
    assert decision.reason.code == "NEVER"
    assert "NEVER" in decision.reason.text
    assert "Gratis" not in decision.to_json()


def test_personal_data_that_arises_around_a_name_is_blocked_in_every_pack(tmp_path: Path) -> None:
    around = treatment(
        "around", segment("6222 0212 3456 {{ customer.surname }}.", "opening", optional=True), segment("Hello.")
    )
    engine = load(tmp_path, scripts=[script(around)])
    assert text_of(decide(engine)) == "6222 0212 3456 Li. Hello."
    assert text_of(decide(engine, customer={"surname": "7894"})) == "Hello."


# --- scope ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "is_checked"),
    [
        ({}, True),
        ({"families": ["loan"]}, True),
        ({"families": ["card"]}, False),
        ({"channels": ["phone"]}, True),
        ({"channels": ["sms"]}, False),
        ({"when": "customer.gender == F"}, True),
        ({"when": "customer.gender == M"}, False),
        ({"when": "call.agent_tier == 3"}, True),  # unknown
        ({"when": "customer.income is missing"}, True),  # refused, so unknown
        ({"when": "quote.total_interest != 0"}, True),
        ({"when": "quote.total_interest == 0"}, False),
    ],
)
def test_a_rule_applies_inside_its_scope_and_where_the_scope_is_unknown(
    tmp_path: Path, scope: dict[str, Any], *, is_checked: bool
) -> None:
    quoted = in_installments()
    engine = load(tmp_path, offers=[quoted], scripts=[script(NAMED)], compliance=[{**NEVER, **scope}])
    changes: dict[str, Any] = {"customer": {"surname": "Gratis", "income": "a lot"}, "call": {"agent_tier": None}}
    assert stopped(engine, **changes) == (("compliance", "NEVER") if is_checked else (None, None))


@pytest.mark.parametrize(
    ("day", "is_checked"),
    [("2026-11-09T23:59", False), ("2026-11-10T00:00", True), ("2026-11-12T23:59", True), ("2026-11-13T00:00", False)],
)
def test_a_rule_is_in_force_by_the_decisions_clock(tmp_path: Path, day: str, *, is_checked: bool) -> None:
    dated = {**NEVER, "in_force": {"from": "2026-11-10", "through": "2026-11-12"}}
    engine = load(tmp_path, scripts=[script(NAMED)], compliance=[dated])
    at = datetime.fromisoformat(day).replace(tzinfo=SHANGHAI)
    assert bool(offered(decide(engine, at=at, customer={"surname": "Gratis"}))) is not is_checked


def test_a_rule_that_only_warns_lets_the_text_pass_and_says_so(tmp_path: Path) -> None:
    engine = load(tmp_path, scripts=[script(GREETED)], compliance=[{**NEVER, "severity": "warn"}])
    decision = decide(engine, customer={"surname": "Gratis"})
    assert text_of(decision).startswith("Dear Gratis")
    shown: Any = decision.to_dict()["offers"]
    assert shown[0]["script"]["compliance"] == {
        "status": "warned",
        "checks": [{"rule": "PERSONAL_DATA", "status": "passed"}, {"rule": "NEVER", "status": "warned"}],
    }


# --- bounds -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("balance", "code"), [("800.00", None), ("800.01", "MOST"), ("100.00", None), ("99.99", "LEAST")]
)
def test_a_bound_on_the_quote_blocks_whatever_the_words(tmp_path: Path, balance: str, code: str | None) -> None:
    bounds = [
        rule("LEAST", "bound", must="quote.principal >= 100", reason=words("too little")),
        rule("MOST", "bound", must="quote.principal <= 800", reason=words("too much")),
    ]
    quoted = in_installments()
    engine = load(tmp_path, offers=[quoted], compliance=bounds)
    assert stopped(engine, account={"balance": balance}) == (("compliance", code) if code else (None, None))


def test_a_bound_is_tested_on_what_is_true_and_not_on_what_is_shown(tmp_path: Path) -> None:
    # 13.0350… % is shown as 13.04 %
    quoted = in_installments()
    for limit, passes in (("0.1303", False), ("0.1304", True)):
        bound = rule("RATE", "bound", must=f"quote.annual_rate_simple <= {limit}", reason=words("too dear"))
        engine = load(tmp_path / limit, offers=[quoted], compliance=[bound])
        assert (stopped(engine) == (None, None)) is passes


def test_an_unknown_bound_blocks_and_names_what_is_missing(tmp_path: Path) -> None:
    bound = rule("LATE", "bound", must="account.days_late < 30", reason=words("too late"))
    engine = load(tmp_path, compliance=[bound])
    decision = decide(engine, account={"days_late": None})
    assert (decision.status, decision.missing) == ("no_offer", ("account.days_late",))


def test_a_bound_that_only_warns_is_on_the_record(tmp_path: Path) -> None:
    bound = rule("LATE", "bound", must="account.days_late < 30", reason=words("too late"), severity="warn")
    engine = load(tmp_path, compliance=[bound])
    assert statuses(decide(engine, account={"days_late": 99}))["LATE"] == "warned"
    assert statuses(decide(engine))["LATE"] == "passed"


def test_a_bound_holds_for_an_offer_without_words(tmp_path: Path) -> None:
    bound = rule("LATE", "bound", must="account.days_late < 30", reason=words("too late"))
    help_only = offer("help", kind="service", value=None, propensity=None, script=None)
    engine = load(tmp_path, offers=[help_only], compliance=[bound])
    assert stopped(engine, "help", account={"days_late": 99}) == ("compliance", "LATE")


# --- require, bind, talk time -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "said", "passes"),
    [
        ({"fields": ["account.balance"]}, segment("It is {{ account.balance }}."), True),
        ({"fields": ["account.balance"]}, segment("It is your balance."), False),
        ({"fields": ["account.balance"]}, segment("{{ account.balance }}", when="customer.gender == M"), False),
        ({"phrases": {"en": ["your choice", "up to you"]}}, segment("It is UP  to you."), True),
        ({"phrases": {"en": ["your choice"]}}, segment("It is up to you."), False),
        ({"slots": {"optional": {"en": ["your choice"]}}}, segment("It is your choice.", says=["optional"]), True),
        ({"slots": {"optional": {"en": ["your choice"]}}}, segment("It is your choice."), False),
        ({"slots": {"optional": {"en": ["your choice"]}}}, segment("It is up to you.", says=["optional"]), False),
        ({"slots": {"optional": {"en": ["your choice"]}}}, segment("It is your choice.", says=["other"]), False),
    ],
)
def test_what_must_be_said_must_be_in_the_final_text(
    tmp_path: Path, asked: dict[str, Any], said: dict[str, Any], *, passes: bool
) -> None:
    parts: dict[str, Any] = {"scripts": [script(treatment("only", segment("Hello."), said))]}
    engine = unproven(tmp_path, compliance=[rule("MUST", "require", **asked)], **parts)
    assert stopped(engine) == ((None, None) if passes else ("compliance", "MUST"))


BIND = rule("BIND", "bind", units={"en": ["months", "yuan"]}, **{"except": ["24 hours"]})


@pytest.mark.parametrize(
    ("said", "passes"),
    [
        ("You pay {{ account.balance }} yuan.", True),
        ("You pay 500 yuan.", False),
        ("For twelve months.", False),
        ("Within 24 hours.", True),
        ("Dear {{ customer.surname }}, for a while.", True),
    ],
)
def test_no_number_is_said_that_is_not_bound(tmp_path: Path, said: str, *, passes: bool) -> None:
    engine = unproven(tmp_path, scripts=[script(treatment("only", segment(said)))], compliance=[BIND])
    assert stopped(engine) == ((None, None) if passes else ("compliance", "BIND"))


def seconds(limit: int, *stages: str) -> dict[str, Any]:
    return rule("TALK", "talk_time", stages=[*stages], max_seconds=limit, speed=SPEED)


def test_a_pitch_that_takes_too_long_is_said_without_what_is_optional(tmp_path: Path) -> None:
    long_name = "na " * 12 + "na"
    treatments = script(treatment("only", GREETING, segment("shall I tell you more about it?")))
    engine = unproven(tmp_path, scripts=[treatments], compliance=[seconds(5, "opening", "offer")])
    assert text_of(decide(engine)).startswith("Dear Li")
    decision = decide(engine, customer={"surname": long_name})
    assert text_of(decision) == "shall I tell you more about it?"
    assert decision.offers[0].talk_seconds is not None
    assert decision.offers[0].talk_seconds <= 5


def test_talk_time_counts_its_stages_only(tmp_path: Path) -> None:
    long_text = segment("word " * 60, "disclosure")
    engine = unproven(
        tmp_path, scripts=[script(treatment("only", segment("Hello."), long_text))], compliance=[seconds(5, "offer")]
    )
    assert offered(decide(engine)) == ["loan"]
    engine = unproven(
        tmp_path / "b",
        scripts=[script(treatment("only", segment("Hello."), long_text))],
        compliance=[seconds(5, "disclosure")],
    )
    assert stopped(engine) == ("compliance", "TALK")


# --- objections -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("surname", ["Gratis", "国家级"])
def test_an_answer_to_an_objection_that_breaks_a_rule_is_left_out(tmp_path: Path, surname: str) -> None:
    answers = [
        {"id": "named", "text": {"en": "I see, {{ customer.surname }}."}},
        {"id": "plain", "text": {"en": "I see."}},
    ]
    engine = load(
        tmp_path, scripts=[script(treatment("only", segment("Hello."), objections=answers))], compliance=[NEVER]
    )
    kept = [name for name, _, _ in decide(engine).offers[0].script.objections]
    assert kept == ["named", "plain"]
    decision = decide(engine, customer={"surname": surname})
    kept = [name for name, _, _ in decision.offers[0].script.objections]
    assert kept == ["plain"]
    assert surname not in decision.to_json()


def test_an_answer_takes_no_longer_than_its_rule_lets_it(tmp_path: Path) -> None:
    brief = rule("BRIEF", "talk_time", stages=["answer"], max_seconds=2, speed=SPEED)
    answers = [
        {"id": "short", "text": {"en": "I see."}},
        {"id": "long", "text": {"en": "I see, and there is a lot more that could be said about it."}},
        {"id": "named", "text": {"en": "I see, {{ customer.surname }}."}},
    ]
    only = script(treatment("only", segment("Hello to you, dear customer of this bank."), objections=answers))
    engine = unproven(tmp_path, scripts=[only], compliance=[brief])
    kept = [name for name, _, _ in decide(engine).offers[0].script.objections]
    assert kept == ["short", "named"]
    decision = decide(engine, customer={"surname": "a b c d e f g h"})
    kept = [name for name, _, _ in decision.offers[0].script.objections]
    assert kept == ["short"]
    assert codes(tmp_path, scripts=[only], compliance=[brief]) == [
        "NBO510",
        "NBO510",
    ]  # the name can be as long as that


def test_an_answer_is_tried_no_more_often_than_the_pack_allows(tmp_path: Path) -> None:
    def tried(tries: int) -> dict[str, Any]:
        answers = [{"id": "one", "tries": tries, "text": {"en": "I see."}}]
        return script(treatment("only", segment("Hello."), objections=answers))

    assert codes(tmp_path, scripts=[tried(1)]) == []
    assert codes(tmp_path, scripts=[tried(2)]) == ["NBO533"]
    assert codes(tmp_path, scripts=[tried(2)], most_tries=2) == []


def test_an_answer_may_not_contradict_what_the_quote_costs(tmp_path: Path) -> None:
    scope = "quote.total_interest != 0"
    free = rule("FREE", "forbid", terms=["costs nothing"], when=scope)
    answers = [{"id": "one", "text": {"en": "It costs nothing."}}]
    parts: dict[str, Any] = {
        "offers": [offer(quote=installment())],
        "scripts": [script(treatment("only", segment("Hello."), objections=answers))],
        "compliance": [free],
    }
    engine = unproven(tmp_path, **parts)
    assert [name for name, _, _ in decide(engine).offers[0].script.objections] == []
    parts["offers"] = [offer(quote=installment(terms=[{"periods": 12, "rate": "0%"}]))]
    engine = unproven(tmp_path, **parts)
    assert [name for name, _, _ in decide(engine).offers[0].script.objections] == ["one"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Only 5 yuan.", []),
        ("Only {{ account.balance }} yuan.", ["one"]),
        ("Call 13800138000.", []),
        ("It is gratis.", []),
    ],
)
def test_the_rules_on_wording_hold_for_answers(tmp_path: Path, said: str, kept: list[str]) -> None:
    answers = [{"id": "one", "text": {"en": said}}]
    only = script(treatment("only", segment("Hello."), objections=answers))
    engine = unproven(tmp_path, scripts=[only], compliance=[NEVER, BIND])
    assert [name for name, _, _ in decide(engine).offers[0].script.objections] == kept


def test_every_rule_in_scope_is_on_the_record(tmp_path: Path) -> None:
    rules = [
        NEVER,
        BIND,
        seconds(60, "offer"),
        rule("MUST", "require", phrases={"en": ["shall I"]}),
        rule("LATE", "bound", must="account.days_late < 30", reason=words("too late")),
        rule("OTHER", "forbid", terms=["x"], families=["card"]),
        rule("GATE", "gate", must="call.verified", reason=words("not verified")),
    ]
    decision = decide(load(tmp_path, scripts=[script(PLAIN)], compliance=rules))
    assert statuses(decision) == dict.fromkeys(["LATE", "PERSONAL_DATA", "NEVER", "BIND", "TALK", "MUST"], "passed")


def test_two_rules_cannot_have_one_id(tmp_path: Path) -> None:
    assert "NBO301" in codes(tmp_path, compliance=[NEVER, NEVER])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_settled_beforehand_is_what_a_look_at_every_rule_gives(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    engine = sample_engine()
    cases = engine.pack.cases[::7]
    settled = [engine.decide(each.profile, at=each.at, channel=each.channel, language=language) for each in cases]
    every = frozenset(each.id for each in engine.pack.compliance)
    monkeypatch.setattr(ScriptChecker, "_suspects", lambda *_: every)
    judged = [engine.decide(each.profile, at=each.at, channel=each.channel, language=language) for each in cases]
    assert settled == judged
    assert sum(bool(each.offers) for each in judged) > 20


def test_a_rule_can_be_about_one_language(tmp_path: Path) -> None:
    speed = {"en": SPEED["en"]}
    english = [
        rule("EN-NEVER", "forbid", terms=["gratis"], languages=["en"]),
        rule("EN-SAY", "require", phrases={"en": ["more"]}, languages=["en"]),
        rule("EN-SHORT", "talk_time", stages=["offer"], max_seconds=60, speed=speed, languages=["en"]),
        rule("EN-NUM", "bind", units={"en": ["months"]}, languages=["en"]),
    ]
    only = treatment("only", segment("Shall I tell you more?", zh="gratis 3 要听听吗？"))
    parts: dict[str, Any] = {"offers": [offer(label=words("Loan", "贷款"))], "languages": ["zh", "en"]}
    assert codes(tmp_path, scripts=[script(only)], compliance=english, **parts) == []
    engine = load(tmp_path, scripts=[script(only)], compliance=english, **parts)
    spoken = {
        language: [each.rule for each in engine.decide(customer(), at=NOON, language=language).offers[0].checks]
        for language in ("zh", "en")
    }
    assert spoken == {"zh": ["PERSONAL_DATA"], "en": ["PERSONAL_DATA", "EN-NEVER", "EN-SAY", "EN-SHORT", "EN-NUM"]}
    assert engine.check_text("gratis", language="zh", at=NOON) == ()
    assert engine.check_text("gratis", language="en", at=NOON) != ()


def test_a_language_that_no_pack_speaks_is_found(tmp_path: Path) -> None:
    assert codes(tmp_path, compliance=[{**NEVER, "languages": ["fr"]}]) == ["NBO133"]
    assert codes(tmp_path, compliance=[rule("G", "gate", must="call.verified", languages=["en"])]) == ["NBO315"]


# --- what is asked only where something is said -----------------------------------------------------------------------

EXAMPLE = rule(
    "EXAMPLE", "require", phrases={"en": ["for example"]}, if_said={"terms": ["a rate"], "fields": ["account.balance"]}
)


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ([segment("Hello.")], []),
        ([segment("There is a rate.")], ["NBO509"]),
        ([segment("There is a rate, for example this one.")], []),
        ([segment("It is {{ account.balance }}.")], ["NBO509"]),
        ([segment("It is {{ account.due }}.")], []),
        ([segment("There is a rate.", when=FEMALE), segment("For example.", when=FEMALE)], []),
        ([segment("There is a rate.", when=FEMALE), segment("For example.", when=MALE)], ["NBO509"]),
        ([segment("There is a rate.", optional=True), segment("For example.")], []),
    ],
)
def test_a_rule_that_something_triggers_asks_only_there(
    tmp_path: Path, segments: list[dict[str, Any]], expected: list[str]
) -> None:
    assert codes(tmp_path, scripts=[script(treatment("only", *segments))], compliance=[EXAMPLE]) == expected


def test_a_name_can_be_what_triggers_a_rule(tmp_path: Path) -> None:
    greeting = segment("Dear {{ customer.surname }},", optional=True)
    only = script(treatment("only", greeting, segment("Shall I tell you more?")))
    engine = load(tmp_path, scripts=[only], compliance=[EXAMPLE])
    assert "Dear Li" in text_of(decide(engine))
    assert "Dear" not in text_of(decide(engine, customer={"surname": "a rate"}))


def test_a_text_is_asked_for_what_it_triggers(tmp_path: Path) -> None:
    engine = load(tmp_path, compliance=[EXAMPLE])
    assert engine.check_text("Hello.", at=NOON) == ()
    assert [each.rule for each in engine.check_text("There is a rate.", at=NOON)] == ["EXAMPLE"]
    assert engine.check_text("There is a rate, for example.", at=NOON) == ()


def test_a_trigger_without_anything_in_it_is_found(tmp_path: Path) -> None:
    assert codes(tmp_path, compliance=[{**EXAMPLE, "if_said": {"terms": []}}]) == ["NBO318"]


HOSTILE = rule(
    "HOSTILE", "forbid",
    terms=["国家级", "第一", "0利息", "保证…提额", "risk free", "number one", "日息", "第2名", "十1", "2 for 1", "november sale"],
    **{"except": ["第一期"]},
)  # fmt: skip
PIECES = [
    *("国家", "级", "第", "一", "期", "保证", "提额", "利息", "李", "·"),
    *("risk", "free", "number", "one", "Li", "100", "0", " ", "-"),
]
TEXTS = [
    *("{{ customer.surname }}", "{{ account.days_late }}", "{{ account.due }}", "{{ account.balance }}"),
    *("第", "级", "利息", "保证", "提额", "，", "息", "名", "十", " risk ", " free", "number ", "%", " for ", " sale"),
]


@pytest.mark.parametrize("language", ["en", "zh"])
@settings(max_examples=100)
@given(
    st.lists(st.sampled_from(TEXTS), min_size=1, max_size=6).map("".join),
    st.lists(st.lists(st.sampled_from(PIECES), max_size=4).map("".join), min_size=1, max_size=3),
    st.sampled_from([0, 1, 2, 11, 12, 100, 999]),
)
def test_no_value_brings_wording_into_a_text_unseen(
    tmp_path_factory: pytest.TempPathFactory, language: str, text: str, names: list[str], days: int
) -> None:
    only = script(treatment("only", segment(f"Hello, {text}!", zh=f"您好，{text}！")))
    both: dict[str, Any] = {"offers": [offer(label=words("Loan", "贷款"))], "languages": [language]}
    engine = unproven(tmp_path_factory.mktemp("pack"), scripts=[only], compliance=[HOSTILE], **both)
    for name in names:  # the first one makes the outline, the others use it
        decision = decide(engine, customer={"surname": name}, account={"days_late": days, "due": "2026-12-29"})
        (one,) = explanation(
            engine, "loan", customer={"surname": name}, account={"days_late": days, "due": "2026-12-29"}
        ).offers
        if one.stage == "script":
            continue
        facts = engine.prepare(
            customer(customer={"surname": name}, account={"days_late": days, "due": "2026-12-29"}), at=NOON
        )
        words_ = render(engine.pack.offers[0].script.treatments[0], facts.values, language)
        assert isinstance(words_, RenderedScript)
        found = TermSet(HOSTILE["terms"], HOSTILE["except"]).occurs_in(normalize(words_.text))
        assert bool(decision.offers) is not found
