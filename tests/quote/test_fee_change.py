"""Fee changes: both fees, the first charge, the waiver and benefits with their source; never a fee that falls."""

from pathlib import Path
from typing import Any

import pytest
from tiny_pack import codes, decide, load, offer, stopped, value, words

LEVELS = {
    "account": {
        "level": {"type": "enum", "ordered": True, "values": {"silver": {"label": words("Silver")}, "gold": {}}},
        "fee": {"type": "money", "min": 0, "max": 1000, "use": "contract"},
    }
}
LOUNGE = {
    "id": "lounge",
    "label": words("airport lounge"),
    "value": "300.00",
    "source": words("Published price"),
    "as_of": "2026-07-01",
}


def fees(**changes: Any) -> dict[str, Any]:
    terms: dict[str, Any] = {
        "type": "fee_change",
        "level": {"of": "account.level", "to": "silver"},
        "old_fee": "account.fee",
        "new_fee": "200.00",
        "first_due": "account.due",
        "waiver": {"spend": "5000.00", "months": 12},
        "benefits": [LOUNGE, {**LOUNGE, "id": "dental", "label": words("dental cleaning"), "value": "0.10"}],
        **changes,
    }
    return {key: each for key, each in terms.items() if each is not None}


def parts(**terms: Any) -> dict[str, Any]:
    worth = value("quote.fee_increase", "quote.benefits_value - quote.fee_increase")
    return {"offers": [offer(quote=fees(**terms), value=worth)], "dictionary": LEVELS}


def quoted(tmp_path: Path, terms: dict[str, Any] | None = None, fee: str | None = "50.00") -> dict[str, Any]:
    shown: Any = decide(load(tmp_path, **parts(**(terms or {}))), account={"fee": fee}).to_dict()["offers"]
    assert shown
    quote: dict[str, Any] = shown[0]["quote"]
    return quote


def test_both_fees_the_waiver_and_the_benefits_are_stated(tmp_path: Path) -> None:
    benefit = {"id": "lounge", "label": "airport lounge", "value": "300.00", "source": "Published price", "as_of": "2026-07-01"}  # fmt: skip  # noqa: E501 - one benefit a line
    assert quoted(tmp_path) == {
        "type": "fee_change",
        "new_level": "silver",
        "old_fee": "50.00",
        "new_fee": "200.00",
        "fee_increase": "150.00",
        "first_due": "2026-11-28",
        "waiver_spend": "5000.00",
        "waiver_months": 12,
        "benefits": [benefit, {**benefit, "id": "dental", "label": "dental cleaning", "value": "0.10"}],
        "benefits_value": "300.10",
    }


def test_a_fee_that_is_never_waived_has_no_waiver(tmp_path: Path) -> None:
    quote = quoted(tmp_path, {"waiver": None})
    assert (quote["waiver_spend"], quote["waiver_months"]) == (None, None)


@pytest.mark.parametrize(
    ("fee", "due", "expected"),
    [
        ("0.00", "2026-11-28", (None, None)),
        ("200.01", "2026-11-28", ("quote", "fee_not_higher")),
        (None, "2026-11-28", ("quote", "missing")),
        ("much", "2026-11-28", ("quote", "missing")),
        ("-1.00", "2026-11-28", ("quote", "missing")),
        ("50.00", None, ("quote", "missing")),
        ("50.00", "2026-02-30", ("quote", "missing")),
    ],
)
def test_what_is_not_known_or_cannot_be_is_no_quote(
    tmp_path: Path, fee: str | None, due: str | None, expected: tuple[str | None, str | None]
) -> None:
    assert stopped(load(tmp_path, **parts()), account={"fee": fee, "due": due}) == expected


def test_an_equal_fee_is_no_rise(tmp_path: Path) -> None:
    worth = value("account.balance", "account.balance")
    engine = load(tmp_path, offers=[offer(quote=fees(), value=worth)], dictionary=LEVELS)
    shown: Any = decide(engine, account={"fee": "200.00"}).to_dict()["offers"]
    assert shown[0]["quote"]["fee_increase"] == "0.00"


def test_benefits_that_are_worth_less_than_the_rise_leave_a_sale_for_the_bank_only(tmp_path: Path) -> None:
    cheap = [{**LOUNGE, "value": "150.00"}]
    assert stopped(load(tmp_path, **parts(benefits=cheap)), account={"fee": "50.00"}) == ("arbitration", "bank_only")


def test_a_script_says_level_and_benefits_bound_to_the_quote(tmp_path: Path) -> None:
    said = "{{ quote.new_level }}: {{ quote.benefits }}, {{ quote.benefits_value }}, fee {{ quote.new_fee }}."
    script = {"script": "plain", "treatments": [{"id": "a", "version": 1, "channels": ["phone"], "segments": [
        {"stage": "offer", "text": words(said)}]}]}  # fmt: skip
    shown = decide(load(tmp_path, scripts=[script], **parts()), account={"fee": "50.00"}).offers[0].script
    assert shown is not None
    assert shown.text == "Silver: airport lounge and dental cleaning, 300.10, fee 200.00."


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"level": {"of": "account.level", "to": "diamond"}}, "NBO302"),
        ({"level": {"of": "account.fee", "to": "gold"}}, "NBO302"),
        ({"new_fee": "-1.00"}, "NBO133"),
        ({"new_fee": "1.001"}, "NBO133"),
        ({"waiver": {"spend": "-5.00", "months": 12}}, "NBO133"),
        ({"waiver": {"spend": "5.00", "months": 0}}, "NBO133"),
        ({"benefits": []}, "NBO132"),
        ({"benefits": [LOUNGE, LOUNGE]}, "NBO301"),
        ({"benefits": [{**LOUNGE, "value": "9" * 18 + ".99"}, {**LOUNGE, "id": "more", "value": "0.01"}]}, "NBO133"),
        ({"benefits": [{key: each for key, each in LOUNGE.items() if key != "source"}]}, "NBO131"),
        ({"benefits": [{key: each for key, each in LOUNGE.items() if key != "as_of"}]}, "NBO131"),
    ],
)
def test_what_a_fee_change_cannot_be_made_of_is_found_at_load(tmp_path: Path, terms: dict[str, Any], code: str) -> None:
    assert code in codes(tmp_path, **parts(**terms))
