"""The proof at load: what could be left unsaid, said though forbidden, or take too long for some customer."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tiny_pack import (
    DICTIONARY,
    NOON,
    SPEED,
    codes,
    decide,
    found,
    in_installments,
    installment,
    load,
    offer,
    rule,
    sample_engine,
    script,
    segment,
    service,
    treatment,
    words,
)

from nbo.quote.installment import plan_installment
from nbo.script.render import percent
from nbo.script.speech import Speed, spoken_length, talk_seconds

FORBIDDEN, SLOT_OPEN, SLOT_WORDING, FIELD_OPEN, PHRASE_OPEN, TOO_LONG, LITERAL, PERSONAL, TEXT_OPEN, MONEY_OPEN = (
    "NBO505", "NBO506", "NBO507", "NBO508", "NBO509", "NBO510", "NBO511", "NBO512", "NBO513", "NBO404",
)  # fmt: skip
NEVER = rule("NEVER", "forbid", terms=["risk free", "gratis", "不要利息"])
CHOICE = rule("CHOICE", "require", slots={"optional": {"en": ["your choice"], "zh": ["由您决定"]}})
BALANCE = rule("BALANCE", "require", fields=["account.balance"])
SIMPLE = rule("SIMPLE", "require", phrases={"en": ["simple rate"]})
FEMALE, MALE = "customer.gender == F", "customer.gender == M"
NOT_FEMALE = "not customer.gender == F"
YOURS = "It is your choice."


def proved(tmp_path: Path, asked: dict[str, Any], *segments: dict[str, Any], **parts: Any) -> list[str]:
    return sorted(codes(tmp_path, scripts=[script(treatment("only", *segments))], compliance=[asked], **parts))


def says(text: str = YOURS, **changes: Any) -> dict[str, Any]:
    return segment(text, "disclosure", says=["optional"], **changes)


# --- slots ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ([says()], []),
        ([segment("Hello.")], [SLOT_OPEN]),
        ([segment(YOURS)], [SLOT_OPEN]),  # worded, but nobody says that it fills the slot
        ([says("Do as you like.")], [SLOT_OPEN, SLOT_WORDING]),
        ([says(), says("Do as you like.")], [SLOT_WORDING]),
        ([says(optional=True)], [SLOT_OPEN]),
        ([says(when=FEMALE)], [SLOT_OPEN]),
        ([says(when=FEMALE), says(when=MALE)], []),  # an unknown gender leaves both on
        ([says(when=FEMALE), says(when=NOT_FEMALE)], []),
        ([says(when=FEMALE), says(when=MALE, optional=True)], [SLOT_OPEN]),
        ([says(when="account.balance >= 100"), says(when="account.balance < 100")], []),
        ([says(when="account.balance >= 100"), says(when="account.balance < 99.99")], [SLOT_OPEN]),
        ([says(when="account.balance > 100"), says(when="account.balance < 100")], [SLOT_OPEN]),
        ([says(when="ease in call.needs"), says(when="ease not in call.needs")], []),
        ([says(when="account.due is missing"), says(when="account.due is not missing")], []),
    ],
)
def test_a_required_slot_must_be_said_to_every_customer(
    tmp_path: Path, segments: list[dict[str, Any]], expected: list[str]
) -> None:
    assert proved(tmp_path, CHOICE, segment("Hello."), *segments) == expected


@pytest.mark.parametrize("gender", ["F", "M", None, "?"])
def test_what_is_proven_is_said(tmp_path: Path, gender: str | None) -> None:
    halves = [says("Madam, it is your choice.", when=FEMALE), says("Sir, it is your choice.", when=MALE)]
    engine = load(tmp_path, scripts=[script(treatment("only", *halves))], compliance=[CHOICE])
    said = decide(engine, customer={"gender": gender}).offers[0].script
    assert said is not None
    assert "your choice" in said.text


def test_every_treatment_in_every_language_is_proven(tmp_path: Path) -> None:
    both = {"label": words("Loan", "贷款")}
    treatments = [
        treatment("good", says(zh="由您决定。")),
        treatment("no_english", says("Do as you like.", zh="由您决定。")),
        treatment("no_chinese", says(zh="随您。")),
    ]
    parts: dict[str, Any] = {"offers": [offer(**both)], "scripts": [script(*treatments)], "languages": ["en", "zh"]}
    proven = (each for each in found(tmp_path, compliance=[CHOICE], **parts) if each.code.id.startswith("NBO5"))
    messages = [each.message() for each in proven]
    assert len(messages) == 4
    assert sum("`en`" in each for each in messages) == 2
    assert sum("`zh`" in each for each in messages) == 2


def test_a_rule_about_other_families_or_channels_asks_nothing(tmp_path: Path) -> None:
    for scope in ({"families": ["card"]}, {"channels": ["sms"]}):
        assert proved(tmp_path, {**CHOICE, **scope}, segment("Hello.")) == []


def test_a_rule_with_a_condition_is_proven_as_if_it_applied(tmp_path: Path) -> None:
    assert proved(tmp_path, {**CHOICE, "when": FEMALE}, segment("Hello.")) == [SLOT_OPEN]


def test_a_rule_that_warns_gives_a_warning(tmp_path: Path) -> None:
    soft = {**CHOICE, "severity": "warn"}
    (diagnostic,) = found(tmp_path, scripts=[script(treatment("only", segment("Hello.")))], compliance=[soft])
    assert (diagnostic.code.id, diagnostic.severity.value) == (SLOT_OPEN, "warning")
    assert decide(load(tmp_path, scripts=[script(treatment("only", segment("Hello.")))], compliance=[soft])).offers


# --- fields and phrases -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ([segment("It is {{ account.balance }}.")], []),
        ([segment("It is {{ account.due }}.")], [FIELD_OPEN]),
        ([segment("{{ account.balance }}", when=FEMALE)], [FIELD_OPEN]),
        ([segment("{{ account.balance }}", optional=True)], [FIELD_OPEN]),
        ([segment("{{ account.balance }}", when=each) for each in (FEMALE, MALE)], [FIELD_OPEN]),
        ([segment("{{ account.balance }}", when=each, says=["x"]) for each in (FEMALE, MALE)], []),
    ],
)
def test_a_required_field_must_be_said_to_every_customer(
    tmp_path: Path, segments: list[dict[str, Any]], expected: list[str]
) -> None:
    assert proved(tmp_path, BALANCE, segment("Hello."), *segments) == expected


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ([segment("At a Simple Rate.")], []),
        ([segment("At a rate.")], [PHRASE_OPEN]),
        ([segment("At a simple rate.", when=FEMALE)], [PHRASE_OPEN]),
        ([segment("At a simple"), segment("rate.")], [PHRASE_OPEN]),
    ],
)
def test_a_required_phrase_must_be_said_to_every_customer(
    tmp_path: Path, segments: list[dict[str, Any]], expected: list[str]
) -> None:
    assert proved(tmp_path, SIMPLE, *segments) == expected


# --- forbidden wording ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ([segment("It is risk free.")], [FORBIDDEN]),
        ([segment("It is Risk-Free.")], [FORBIDDEN]),
        ([segment("It is a risk."), segment("Free of charge.")], []),  # a sentence ends between the two
        ([segment("There is a risk"), segment("free of charge.")], [FORBIDDEN]),
        ([segment("There is a risk"), segment("of"), segment("free fall.")], []),
        ([segment("There is a risk"), segment("of", when=FEMALE), segment("free fall.")], [FORBIDDEN]),
        ([segment("There is a risk"), segment("of", optional=True), segment("free fall.")], [FORBIDDEN]),
        ([segment("There is a risk"), segment("of", when=FEMALE, says=["x"]), segment("free fall.")], [FORBIDDEN]),
        ([segment("There is a risk"), segment("a", when=FEMALE), segment("b", when=MALE), segment("free fall.")], [FORBIDDEN]),
        ([segment("There is a risk {{ account.balance }}"), segment("free fall.")], []),
        ([segment("It is gratis.", when=FEMALE)], [FORBIDDEN]),
        ([segment("It is gratis.", "close", optional=True)], [FORBIDDEN]),
    ],
)  # fmt: skip
def test_forbidden_wording_is_sought_within_segments_and_across_their_joins(
    tmp_path: Path, segments: list[dict[str, Any]], expected: list[str]
) -> None:
    assert proved(tmp_path, NEVER, *segments) == expected


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ([segment("a risk", when=FEMALE), segment("free fall.", when=MALE)], []),
        ([segment("a risk", when=FEMALE), segment("of", when=FEMALE), segment("free fall.")], []),
        ([segment("a risk", when=FEMALE), segment("of", when=NOT_FEMALE), segment("free fall.")], [FORBIDDEN]),
        ([segment("a risk", when=FEMALE), segment("of", when=FEMALE, says=["x"]), segment("free fall.")], []),
        ([segment("a risk", when="account.days_late > 8"), segment("free fall.")], []),
        ([segment("a risk", when="account.days_late > 7"), segment("free fall.")], [FORBIDDEN]),
        ([segment("in no"), segment("time", when=FEMALE), segment("at all", when=FEMALE)], [FORBIDDEN]),
        ([segment("in no"), segment("time", when=FEMALE), segment("at all", when=MALE)], []),
    ],
)
def test_a_join_that_no_customer_of_the_offer_hears_is_not_reported(
    tmp_path: Path, segments: list[dict[str, Any]], expected: list[str]
) -> None:
    offers = [offer(eligibility=["account.days_late <= 8"])]
    asked = rule("NEVER", "forbid", terms=["risk free", "no time at all"])
    found_codes = proved(tmp_path, asked, *segments, offers=offers)
    assert [code for code in found_codes if code.startswith("NBO5")] == expected


def test_a_label_that_fills_a_placeholder_is_searched_too(tmp_path: Path) -> None:
    labels = {"A": {"label": words("free")}, "B": {"label": words("dear")}}
    customer = {"grade": {"type": "enum", "values": labels, "use": "contract"}}
    parts: dict[str, Any] = {"dictionary": {**DICTIONARY, "loan": customer}}
    only = treatment("only", segment("No risk {{ loan.grade }}."))
    (diagnostic,) = found(tmp_path, scripts=[script(only)], compliance=[NEVER], **parts)
    assert diagnostic.code.id == FORBIDDEN
    assert diagnostic.help() == "it arises where a label fills the placeholder"


def test_a_failure_names_a_customer_who_would_hear_it(tmp_path: Path) -> None:
    sir = [segment("Madam, it is your choice.", "disclosure", says=["optional"], when=FEMALE), segment("Hello.")]
    (open_slot,) = found(tmp_path, scripts=[script(treatment("only", *sir))], compliance=[CHOICE])
    assert (
        open_slot.message()
        == "`optional` can be left unsaid in `en` for a customer with `customer.gender` = M (CHOICE, source of CHOICE)"
    )
    assert "（例如客户：`customer.gender` = M）" in open_slot.message("zh")
    halves = [segment("There is a risk", when=FEMALE), segment("free fall.")]
    (wording,) = found(tmp_path, scripts=[script(treatment("only", *halves))], compliance=[NEVER])
    assert "for a customer with `customer.gender` = F" in wording.message()


def test_a_customer_who_rests_on_an_assumption_is_shown_as_one(tmp_path: Path) -> None:
    sometimes = "account.balance * 2 > 500 and customer.gender == F"
    halves = [segment("There is a risk", when=sometimes), segment("free fall.")]
    (wording,) = found(tmp_path, scripts=[script(treatment("only", *halves))], compliance=[NEVER])
    assert "perhaps for a customer with `customer.gender` = F" in wording.message()


def test_a_rule_that_is_over_asks_nothing_and_one_to_come_warns(tmp_path: Path) -> None:
    pitch = {"scripts": [script(treatment("only", segment("It is risk free.")))]}
    over = {**NEVER, "in_force": {"from": "2020-01-01", "through": "2026-11-15"}}
    assert codes(tmp_path, **pitch, compliance=[over]) == []
    to_come = {**NEVER, "in_force": {"from": "2026-11-17"}}
    (diagnostic,) = found(tmp_path, **pitch, compliance=[to_come])
    assert (diagnostic.code.id, diagnostic.severity.value) == (FORBIDDEN, "warning")
    engine = load(tmp_path, **pitch, compliance=[to_come])
    assert decide(engine).offers
    assert not decide(engine, at=NOON + timedelta(days=1)).offers


def test_a_join_in_chinese_has_no_space(tmp_path: Path) -> None:
    halves = treatment("only", segment("No", zh="您不要"), segment("interest.", zh="利息"))
    parts: dict[str, Any] = {"offers": [offer(label=words("Loan", "贷款"))], "languages": ["en", "zh"]}
    (diagnostic,) = found(tmp_path, scripts=[script(halves)], compliance=[NEVER], **parts)
    assert diagnostic.code.id == FORBIDDEN
    assert diagnostic.span is not None
    assert diagnostic.span.source.text[diagnostic.span.start : diagnostic.span.end] == "利息"


def test_the_span_is_the_wording_as_it_is_written(tmp_path: Path) -> None:
    only = treatment("only", segment("Dear {{ customer.surname }}, it is risk  FREE indeed."))
    (diagnostic,) = found(tmp_path, scripts=[script(only)], compliance=[NEVER])
    assert diagnostic.span is not None
    assert diagnostic.span.source.text[diagnostic.span.start : diagnostic.span.end] == "risk  FREE"


def test_answers_to_objections_are_proven_too(tmp_path: Path) -> None:
    for text, expected in (("It is gratis.", [FORBIDDEN]), ("Call 13800138000.", [PERSONAL]), ("I see.", [])):
        only = treatment("only", segment("Hello."), objections=[{"id": "one", "text": words(text)}])
        assert codes(tmp_path, scripts=[script(only)], compliance=[NEVER]) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"label": words("Gratis loan")},
        {"applicability": [{"when": "ease in call.needs", "because": words("it is gratis")}]},
        {"quote": installment(collector=words("Gratis bank"))},
        {"quote": installment(default_cost=words("It is gratis"))},
    ],
)
def test_what_is_shown_beside_a_script_holds_no_forbidden_wording(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert codes(tmp_path, offers=[offer(**changes)], compliance=[NEVER]) == [FORBIDDEN]
    assert codes(tmp_path, offers=[offer(**changes)], compliance=[{**NEVER, "families": ["card"]}]) == []


def test_the_label_of_an_offer_without_words_is_proven_too(tmp_path: Path) -> None:
    assert codes(tmp_path, offers=[offer(), service(label=words("Gratis help"))], compliance=[NEVER]) == [FORBIDDEN]
    assert codes(tmp_path, offers=[offer(), service(label=words("Call 13800138000"))]) == [PERSONAL]


def test_personal_data_in_a_text_is_found_in_every_pack(tmp_path: Path) -> None:
    only = treatment("only", segment("Call 13800138000 or write to li@example.com."))
    assert codes(tmp_path, scripts=[script(only)]) == [PERSONAL, PERSONAL]


# --- literal numbers --------------------------------------------------------------------------------------------------

BIND = rule("BIND", "bind", units={"en": ["months"]}, **{"except": ["24 hours"]})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In {{ account.days_late }} months.", []),
        ("In 12 months.", [LITERAL]),
        ("In twelve months.", [LITERAL]),
        ("In 12 months at 7.2%.", [LITERAL] * 2),
        ("Within 24 hours.", []),
        ("１２ months.", [LITERAL]),
    ],
)
def test_a_number_that_is_written_out_is_found_at_its_place(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert proved(tmp_path, BIND, segment(text)) == expected
    only = treatment("only", segment("Hello."), objections=[{"id": "one", "text": words(text)}])
    assert codes(tmp_path, scripts=[script(only)], compliance=[BIND]) == expected


# --- talk time --------------------------------------------------------------------------------------------------------


def talk(limit: float, *stages: str) -> dict[str, Any]:
    return rule("TALK", "talk_time", stages=[*(stages or ("offer",))], max_seconds=limit, speed=SPEED)


def seconds(text: str, language: str = "en") -> Decimal:
    speed = SPEED[language]
    per_minute = speed.get("words_per_minute") or speed["characters_per_minute"]
    return talk_seconds(text, language, Speed(Decimal(per_minute), Decimal("0.25")))


def limits(tmp_path: Path, longest: Decimal, *segments: dict[str, Any], **parts: Any) -> list[list[str]]:
    """What is found at the limit, and just below it."""
    return [
        proved(tmp_path / str(number), talk(float(limit)), *segments, **parts)
        for number, limit in enumerate((longest, longest - Decimal("0.1")))
    ]


@pytest.mark.parametrize(
    ("segments", "worst"),
    [
        ([segment("go on now.")], "go on now."),
        ([segment("go on."), segment("go on.", optional=True)], "go on. go on."),
        ([segment("go."), segment("go on now.", when=FEMALE), segment("go on.", when=MALE)], "go. go on now."),
        ([segment("go."), segment("go on.", when=FEMALE), segment("go on now.", when=MALE)], "go. go on now."),
        # whose gender is unknown hears both obligations
        ([segment("a b.", when=FEMALE, says=["x"]), segment("c d.", when=MALE, says=["x"])], "a b. c d."),
        # the first and the last are on together, and each excludes the one between
        ([segment("a b.", when=FEMALE), segment("c d e.", when=MALE), segment("f g.", when=FEMALE)], "a b. f g."),
        ([segment("aaaaaaaaaaaaaaaaaaaa.", when=FEMALE), segment("a b c d.", when=MALE)], "a b c d."),
        ([segment("go."), segment("much too long to be said here", "close")], "go."),
    ],
)
def test_the_worst_case_is_all_that_can_be_on_together(
    tmp_path: Path, segments: list[dict[str, Any]], worst: str
) -> None:
    assert limits(tmp_path, seconds(worst), *segments) == [[], [TOO_LONG]]


@pytest.mark.parametrize(
    ("placeholder", "worst"),
    [
        ("{{ account.balance }}", "777777.77"),
        ("{{ account.days_late }}", "777"),
        ("{{ account.due }}", "27 December 2027"),
        ("{{ quote.principal }}", "777777.77"),
        ("{{ quote.periods }}", "77"),
        ("{{ quote.total_interest }}", "7777.77"),
        ("{{ quote.annual_rate_simple }}", "77.77%"),
        ("{{ quote.annual_rate_compound }}", "777.77%"),
        ("{{ customer.gender }}", "F"),
    ],
)
def test_a_placeholder_counts_with_its_longest_value(tmp_path: Path, placeholder: str, worst: str) -> None:
    quoted = {"offers": [in_installments()]}
    assert limits(tmp_path, seconds(f"It is {worst}."), segment(f"It is {placeholder}."), **quoted) == [[], [TOO_LONG]]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "name", ["Li Wang", "国" * 40, "7" * 40, "777 777 777 777", "AbCdEfGh" * 5, "a b " * 10, "27-12-2027 " * 3]
)
def test_no_name_takes_longer_than_the_worst_case(tmp_path: Path, language: str, name: str) -> None:
    quoted = {"offers": [offer(label=words("Loan", "贷款"))], "languages": [language]}
    named = segment("Dear {{ customer.surname }}.", zh="{{ customer.surname }}您好。")
    (diagnostic,) = found(tmp_path, scripts=[script(treatment("only", named))], compliance=[talk(0)], **quoted)
    said_at_worst = Decimal(str(diagnostic.values["seconds"]))
    said = f"Dear {name}." if language == "en" else f"{name}您好。"
    assert seconds(said, language) <= said_at_worst


def test_no_rate_is_longer_than_its_worst_case() -> None:
    for periods in (1, 9, 12, 24, 60, 120):
        plan = plan_installment(Decimal("100000.00"), periods, Decimal("0.05"))
        first = plan_installment(Decimal("100000.00"), periods, Decimal("0.05"), collection="first_period")
        for rate, worst in (
            (plan.annual_rate_simple, "77.77%"),
            (plan.annual_rate_compound, "777.77%"),
            (first.annual_rate_simple, "7777.77%"),
        ):
            for language in ("en", "zh"):
                assert spoken_length(percent(rate), language).units <= spoken_length(worst, language).units


def test_what_nobody_has_bounded_cannot_be_proven(tmp_path: Path) -> None:
    nick = {"dictionary": {"customer": {"nick": {"type": "string"}}, "account": {"total": {"type": "money"}}}}
    quoted = {"offers": [offer(quote=installment(principal={"of": "account.balance + account.balance", "max": None}))]}
    del quoted["offers"][0]["quote"]["principal"]["max"]
    assert proved(tmp_path, talk(60), segment("Dear {{ customer.nick }}."), **nick) == [TEXT_OPEN]
    assert proved(tmp_path, talk(60), segment("It is {{ account.total }}."), **nick) == [TEXT_OPEN]
    assert proved(tmp_path, talk(60), segment("It is {{ quote.payment }}."), **quoted) == [MONEY_OPEN]
    # a stage that the rule does not bound may say anything
    assert proved(tmp_path, talk(60), segment("Hello."), segment("Dear {{ customer.nick }}.", "close"), **nick) == []


def test_a_field_of_a_record_keeps_its_bounds(tmp_path: Path) -> None:
    each = offer(for_each={"record": "purchases", "as": "buy"}, applicability=["buy.amount > 5"])
    assert proved(tmp_path, talk(60), segment("{{ buy.amount }} at {{ buy.shop }}."), offers=[each]) == []


def test_the_sample_pack_is_proven_and_no_customer_of_its_tests_is_blocked_at_run_time() -> None:
    engine = sample_engine()
    for case in engine.pack.cases:
        for language in engine.pack.languages:
            decision = engine.decide(case.profile, at=case.at, language=language, limit=9)
            assert "compliance" not in {each.stage for each in decision.blocked.values()}
