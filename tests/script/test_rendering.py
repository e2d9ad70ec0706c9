"""From a treatment to words: values written once, hostile text masked or left out, never interpreted."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tiny_pack import (
    NOON,
    customer,
    decide,
    in_installments,
    load,
    offered,
    script,
    segment,
    stopped,
    text_of,
    treatment,
)

from nbo.script.render import percent, say_date

CARD_NUMBER = "6222021234567894"
GREETED = script(
    treatment(
        "only",
        segment("Dear {{ customer.surname }},", "opening", zh="{{ customer.surname }}您好，", optional=True),
        segment(
            "you could pay {{ quote.principal }} in {{ quote.periods }}.",
            zh="{{ quote.principal }}元分{{ quote.periods }}期。",
        ),
    )
)
QUOTED = in_installments()
PLAIN = "you could pay 500.00 in 12."


def said(tmp_path: Path, surname: object, **changes: Any) -> str:
    engine = load(tmp_path, offers=[QUOTED], scripts=[GREETED], **changes)
    decision = decide(engine, customer={"surname": surname})
    assert offered(decision) == ["loan"]
    return text_of(decision)


# --- hostile text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "surname", ["Li", "O'Neil", "Anne-Marie", "欧阳", "Müller", "de la Cruz", "阿依古丽·买买提", "Smith Jr."]
)
def test_a_name_is_said_as_it_is(tmp_path: Path, surname: str) -> None:
    assert said(tmp_path, surname) == f"Dear {surname}, {PLAIN}"


@pytest.mark.parametrize(
    "surname",
    [
        None,
        "",
        "   ",
        "{{ quote.principal }}",
        "{{quote.total_interest}}",
        "{% raw %}",
        "${quote.principal}",
        "<b>Li</b>",
        "Li\x00",
        "Li\x1b[31m",
        "\u202eiL",
        "Li\u200f",
        "Li\u200b",
        "Li\u2028Wang\u0301",
        "Li, free",
        "Li。免息",
        "Li: free",
        "Li/free",
        "Li_free",
        "Li😀",
        "x" * 41,
        "x" * 4000,
        "\ud800",
        17,
        ["Li"],
        {"Li": "Li"},
    ],
)
def test_text_that_nobody_says_is_left_out_and_the_offer_survives(tmp_path: Path, surname: object) -> None:
    assert said(tmp_path, surname) == PLAIN


def test_line_breaks_and_tabs_become_spaces(tmp_path: Path) -> None:
    assert said(tmp_path, "  Li\n\tWang ") == f"Dear Li Wang, {PLAIN}"


@pytest.mark.parametrize(
    ("surname", "shown"),
    [
        (CARD_NUMBER, "************7894"),
        ("6222 0212 3456 7894", "**** **** **** 7894"),
        ("Li 6222-0212-3456-7894", "Li ****-****-****-7894"),
        ("Li 13800138000", "Li *******8000"),
        ("11010519491231002X", "**************002X"),
    ],
)
def test_personal_numbers_are_masked(tmp_path: Path, surname: str, shown: str) -> None:
    assert said(tmp_path, surname) == f"Dear {shown}, {PLAIN}"
    engine = load(tmp_path, offers=[QUOTED], scripts=[GREETED])
    assert surname not in decide(engine, customer={"surname": surname}).to_json()


def test_a_text_that_cannot_be_said_stops_an_offer_that_needs_it(tmp_path: Path) -> None:
    needed = script(treatment("only", segment("Dear {{ customer.surname }}.")))
    engine = load(tmp_path, scripts=[needed])
    assert stopped(engine, customer={"surname": "{{ quote.principal }}"}) == ("script", "unspeakable")
    assert decide(engine, customer={"surname": None}).missing == ("customer.surname",)


# --- which segments ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "gender", "is_said"),
    [
        ({}, "F", True),
        ({}, "M", False),
        ({}, None, False),
        ({"says": ["duty"]}, "F", True),
        ({"says": ["duty"]}, "M", False),
        ({"says": ["duty"]}, None, True),
        ({"says": ["duty"]}, "?", True),
    ],
)
def test_an_obligation_is_said_unless_it_is_certain_not_to_apply(
    tmp_path: Path, changes: dict[str, Any], gender: str | None, *, is_said: bool
) -> None:
    conditional = segment("Madam.", when="customer.gender == F", **changes)
    engine = load(tmp_path, scripts=[script(treatment("only", segment("Hello."), conditional))])
    decision = decide(engine, customer={"gender": gender})
    assert text_of(decision) == ("Hello. Madam." if is_said else "Hello.")


def test_a_segment_that_is_not_optional_needs_its_values(tmp_path: Path) -> None:
    engine = load(tmp_path, scripts=[script(treatment("only", segment("Hello."), segment("{{ account.due }}.")))])
    assert stopped(engine, account={"due": None}) == ("script", "unspeakable")


@pytest.mark.parametrize(
    ("only", "missing"),
    [
        (segment("Sir.", when="customer.gender == M"), ()),
        (segment("Dear {{ customer.surname }}.", optional=True), ("customer.surname",)),
    ],
)
def test_a_script_of_no_words_is_none(tmp_path: Path, only: dict[str, Any], missing: tuple[str, ...]) -> None:
    engine = load(tmp_path, scripts=[script(treatment("only", only))])
    changes = {"customer": {"surname": None}}
    assert stopped(engine, **changes) == ("script", "unspeakable")
    assert decide(engine, **changes).missing == missing


def test_the_first_treatment_that_fits_is_said(tmp_path: Path) -> None:
    treatments = [
        treatment("sms", segment("By text."), channels=["sms"]),
        treatment("men", segment("Sir."), when="customer.gender == M"),
        treatment("due", segment("Due on {{ account.due }}.")),
        treatment("rest", segment("Hello.")),
    ]
    engine = load(tmp_path, scripts=[script(*treatments)])
    assert text_of(decide(engine)) == "Due on 28 November 2026."
    assert text_of(decide(engine, customer={"gender": "M"})) == "Sir."
    assert text_of(decide(engine, customer={"gender": None}, account={"due": None})) == "Hello."
    assert text_of(decide(engine, channel="sms")) == "By text."


def test_segments_are_joined_as_the_language_asks(tmp_path: Path) -> None:
    parts: dict[str, Any] = {
        "offers": [{**QUOTED, "label": {"en": "Loan", "zh": "贷款"}}],
        "scripts": [GREETED],
        "languages": ["en", "zh"],
    }
    engine = load(tmp_path, **parts)
    for language, text in (("en", f"Dear Li, {PLAIN}"), ("zh", "Li您好，500.00元分12期。")):
        decision = engine.decide(customer(), language=language)
        script_said = decision.offers[0].script
        assert script_said is not None
        assert script_said.text == text
        assert [each.field for each in script_said.bindings] == ["customer.surname", "quote.principal", "quote.periods"]
        shown = [script_said.text[each.start : each.end] for each in script_said.bindings]
        assert shown == ["Li", "500.00", "12"]


def test_what_a_placeholder_is_replaced_by_is_never_read_again(tmp_path: Path) -> None:
    engine = load(tmp_path, offers=[QUOTED], scripts=[GREETED])
    for surname in ("quote.principal", "customer.surname", "(quote.principal)"):
        decision = decide(engine, customer={"surname": surname})
        assert text_of(decision) == f"Dear {surname}, {PLAIN}"


# --- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("{{ account.balance }}", "500.00"),
        ("{{ account.days_late }}", "0"),
        ("{{ account.due }}", "28 November 2026"),
        ("{{ account.due | iso }}", "2026-11-28"),
        ("{{ quote.annual_rate_simple }}", "13.04%"),
        ("{{ quote.periods }}", "12"),
        ("{{ call.at }}", "09:05"),
        ("{{ account.share }}", "0.125"),
        ("{{ account.colour }}", "dark red"),
    ],
)
def test_values_are_written_by_their_type(tmp_path: Path, written: str, shown: str) -> None:
    more = {
        "call": {"at": {"type": "time"}},
        "account": {
            "share": {"type": "decimal", "max": 1},
            "colour": {"type": "enum", "values": {"red": {"label": {"en": "dark red"}}}},
        },
    }
    engine = load(tmp_path, offers=[QUOTED], scripts=[script(treatment("only", segment(written)))], dictionary=more)
    changes: dict[str, Any] = {"call": {"at": "09:05:30"}, "account": {"share": "0.125", "colour": "red"}}
    assert text_of(decide(engine, **changes)) == shown


@pytest.mark.parametrize(
    ("rate", "shown"),
    [("0.130250", "13.03%"), ("0.130249999", "13.02%"), ("0", "0.00%"), ("1.5", "150.00%"), ("-0.00005", "-0.01%")],
)
def test_a_rate_is_a_percentage_rounded_half_up(rate: str, shown: str) -> None:
    assert percent(Decimal(rate)) == shown


def test_a_day_in_words() -> None:
    assert say_date(NOON.date(), "zh") == "2026年11月16日"
    assert say_date(NOON.date(), "en") == "16 November 2026"


def test_an_answer_to_an_objection_that_lacks_a_value_is_left_out(tmp_path: Path) -> None:
    answers = [
        {"id": "later", "tries": 2, "text": {"en": "Until {{ account.due }}."}},
        {"id": "never", "text": {"en": "That is fine."}},
    ]
    only = script(treatment("only", segment("Hello."), objections=answers))
    engine = load(tmp_path, scripts=[only], most_tries=2)
    shown: Any = decide(engine).to_dict()["offers"]
    assert shown[0]["script"]["objections"] == [
        {"id": "later", "tries": 2, "text": "Until 28 November 2026."},
        {"id": "never", "tries": 1, "text": "That is fine."},
    ]
    shown = decide(engine, account={"due": None}).to_dict()["offers"]
    assert [each["id"] for each in shown[0]["script"]["objections"]] == ["never"]
