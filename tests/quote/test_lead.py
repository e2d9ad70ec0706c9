"""Leads: handed over on consent to this recipient, for this purpose and all of this data, given and not withdrawn."""

from pathlib import Path
from typing import Any

import pytest
from tiny_pack import codes, decide, explanation, load, offer, stopped, value, words

CONSENTS = {
    "consents": {
        "label": words("Consents"),
        "records": {
            "purpose": {"type": "enum", "values": {"referral": {"label": words("the referral")}, "survey": {}}},
            "recipient": {"type": "string", "max_length": 40},
            "fields": {
                "type": "set",
                "of": "enum",
                "values": {
                    "surname": {"label": words("surname")},
                    "phone": {"label": words("telephone number")},
                    "income": {"label": words("income")},
                },
            },
            "granted_at": {"type": "datetime"},
            "withdrawn_at": {"type": "datetime"},
        },
    }
}
GIVEN = {
    "purpose": "referral",
    "recipient": "insurer",
    "fields": ["surname", "phone"],
    "granted_at": "2026-11-16T11:59:00+08:00",
}


def lead(**changes: Any) -> dict[str, Any]:
    """A lead's terms: surname and telephone number to an insurer; `None` takes a key away."""
    terms: dict[str, Any] = {
        "type": "lead",
        "recipient": {"id": "insurer", "label": words("The Insurer")},
        "consents": "consents",
        "purpose": "referral",
        "hands_over": ["surname", "phone"],
        "callback": {"by": words("An adviser"), "until": "today + days(3)"},
        "valid_until": "today + days(30)",
        **changes,
    }
    return {key: each for key, each in terms.items() if each is not None}


def parts(name: str = "loan", dictionary: Any = CONSENTS, **terms: Any) -> dict[str, Any]:
    worth = value("account.balance", "account.balance")
    return {"offers": [offer(name, quote=lead(**terms), value=worth)], "dictionary": dictionary}


def outcome(tmp_path: Path, *consents: dict[str, Any], **terms: Any) -> tuple[str | None, str | None]:
    return stopped(load(tmp_path, **parts(**terms)), consents=list(consents))


def test_a_lead_has_no_price_and_says_what_happens_next(tmp_path: Path) -> None:
    terms = {"risk_class": "R2", "product_class": words("Protection")}
    shown: Any = decide(load(tmp_path, **parts(**terms)), consents=[GIVEN]).to_dict()["offers"]
    assert shown[0]["quote"] == {
        "type": "lead",
        "recipient": "insurer",
        "recipient_label": "The Insurer",
        "purpose": "referral",
        "hands_over": ["surname", "phone"],
        "product_class": "Protection",
        "risk_class": "R2",
        "caller": "An adviser",
        "callback_by": "2026-11-19",
        "valid_until": "2026-12-16",
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"recipient": "bank"}, "no_consent"),
        ({"recipient": "Insurer"}, "no_consent"),
        ({"purpose": "survey"}, "no_consent"),
        ({"fields": ["surname"]}, "consent_lacks_data"),
        ({"fields": []}, "consent_lacks_data"),
        ({"fields": ["income", "phone", "surname"]}, None),
        ({"granted_at": "2026-11-16T12:00:00+08:00"}, None),
        ({"granted_at": "2026-11-16T12:00:01+08:00"}, "no_consent"),
        ({"granted_at": "2026-11-16T04:00:01+00:00"}, "no_consent"),
        ({"withdrawn_at": "2026-11-16T11:59:59+08:00"}, "consent_withdrawn"),
        ({"withdrawn_at": "2026-11-16T12:00:00+08:00"}, "consent_withdrawn"),
        ({"withdrawn_at": "2026-11-16T12:00:01+08:00"}, None),
        ({"withdrawn_at": "2026-11-16T12:00:01"}, "missing"),  # without a zone it may be past
        ({"withdrawn_at": "soon"}, "missing"),
        ({"recipient": None}, "missing"),
        ({"granted_at": None}, "missing"),
        ({"fields": None}, "missing"),
        ({"fields": ["surname", "everything"]}, "missing"),
    ],
)
def test_a_consent_counts_only_if_all_of_it_does(tmp_path: Path, changes: dict[str, Any], code: str | None) -> None:
    consent = {**GIVEN, **changes}
    assert outcome(tmp_path, consent) == (("quote", code) if code else (None, None))


def test_no_list_is_no_consent_and_is_named(tmp_path: Path) -> None:
    engine = load(tmp_path, **parts())
    assert stopped(engine, consents=None) == ("quote", "missing")
    assert decide(engine, consents=None).missing == ("consents",)
    assert stopped(engine, consents=[]) == ("quote", "no_consent")
    assert decide(engine, consents=[]).missing == ()


def test_two_halves_are_no_consent(tmp_path: Path) -> None:
    assert outcome(tmp_path, {**GIVEN, "recipient": "bank"}, {**GIVEN, "purpose": "survey"}) == ("quote", "no_consent")
    halves = ({**GIVEN, "fields": ["surname"]}, {**GIVEN, "fields": ["phone"]})
    assert outcome(tmp_path, *halves) == ("quote", "consent_lacks_data")


def test_one_standing_consent_is_enough(tmp_path: Path) -> None:
    withdrawn = {**GIVEN, "withdrawn_at": "2026-11-16T11:59:30+08:00"}
    assert outcome(tmp_path, withdrawn, GIVEN) == (None, None)
    assert outcome(tmp_path, withdrawn) == ("quote", "consent_withdrawn")


def test_one_unreadable_withdrawal_leaves_every_consent_in_doubt(tmp_path: Path) -> None:
    assert outcome(tmp_path, {**GIVEN, "withdrawn_at": "soon"}, GIVEN) == ("quote", "missing")


def test_a_refusal_says_where_the_purpose_stands(tmp_path: Path) -> None:
    one = explanation(load(tmp_path, **parts()), consents=[]).offers[0]
    assert one.reason is not None
    assert one.reason.text == "no consent to hand data to this recipient for this purpose"
    assert one.reason.source is not None
    assert one.reason.source.startswith("offers/0.yaml:")


def test_a_day_that_cannot_be_known_is_no_lead(tmp_path: Path) -> None:
    engine = load(tmp_path, **parts(valid_until="account.due"))
    assert stopped(engine, consents=[GIVEN]) == (None, None)
    assert stopped(engine, consents=[GIVEN], account={"due": None}) == ("quote", "missing")


def test_a_script_names_recipient_and_data_bound_to_the_quote(tmp_path: Path) -> None:
    said = "Your {{ quote.hands_over }} to {{ quote.recipient }} for {{ quote.purpose }} by {{ quote.callback_by }}?"
    script = {"script": "plain", "treatments": [{"id": "a", "version": 1, "channels": ["phone"], "segments": [
        {"stage": "offer", "text": words(said)}]}]}  # fmt: skip
    three = parts(hands_over=["surname", "phone", "income"])
    all_of_it = {**GIVEN, "fields": ["surname", "phone", "income"]}
    shown = decide(load(tmp_path, scripts=[script], **three), consents=[all_of_it]).offers[0].script
    assert shown is not None
    assert shown.text == (
        "Your surname, telephone number and income to The Insurer for the referral by 19 November 2026?"
    )
    assert [each.field for each in shown.bindings] == [
        "quote.hands_over", "quote.recipient", "quote.purpose", "quote.callback_by",
    ]  # fmt: skip


def test_conditions_compare_the_risk_class_in_its_order(tmp_path: Path) -> None:
    worth = value("account.balance", "account.balance")
    for risk_class, expected in (
        ("R3", (None, None)),
        ("R4", ("suitability", "calm")),
        (None, ("suitability", "calm")),
    ):
        calm = [{"when": "quote.risk_class <= R3", "id": "calm"}]
        one = offer(quote=lead(risk_class=risk_class), value=worth, suitability=calm)
        engine = load(tmp_path, offers=[one], dictionary=CONSENTS)
        assert stopped(engine, consents=[GIVEN]) == expected


def test_conditions_compare_recipient_and_purpose(tmp_path: Path) -> None:
    worth = value("account.balance", "account.balance")
    ours = ["quote.recipient == insurer and quote.purpose == referral"]
    assert codes(tmp_path, offers=[offer(quote=lead(), value=worth, suitability=ours)], dictionary=CONSENTS) == []
    other = ["quote.recipient == stranger"]
    found = codes(tmp_path, offers=[offer(quote=lead(), value=worth, suitability=other)], dictionary=CONSENTS)
    assert found == ["NBO205"]


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"purpose": "party"}, "NBO302"),
        ({"hands_over": ["surname", "shoes"]}, "NBO302"),
        ({"hands_over": []}, "NBO132"),
        ({"consents": "agreements"}, "NBO302"),
        ({"consents": "history"}, "NBO430"),
        ({"risk_class": "R6"}, "NBO134"),
        ({"valid_until": "now"}, "NBO211"),
    ],
)
def test_what_a_lead_cannot_be_made_of_is_found_at_load(tmp_path: Path, terms: dict[str, Any], code: str) -> None:
    assert code in codes(tmp_path, **parts(**terms))


def test_one_recipient_has_one_name(tmp_path: Path) -> None:
    worth = value("account.balance", "account.balance")
    renamed = {"id": "insurer", "label": words("Another Name")}
    two = [offer("loan", quote=lead(), value=worth), offer("card", quote=lead(recipient=renamed), value=worth)]
    assert codes(tmp_path, offers=two, dictionary=CONSENTS) == ["NBO431"]
