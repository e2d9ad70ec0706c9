"""A customer as a mapping, as JSON or as a pydantic model is the same customer; what cannot be read is no profile."""

import json
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from pydantic import BaseModel, field_serializer
from tiny_pack import NOON, SAMPLE, sample_engine


class Grade(Enum):
    B = "B"


class Customer(BaseModel):
    birth_date: date
    risk_grade: Grade
    monthly_income: Decimal | None


class Statement(BaseModel):
    eligible_purchases: Decimal


class Purchase(BaseModel):
    amount: Decimal
    post_date: date


class Profile(BaseModel):
    customer: Customer
    statement: Statement
    transactions: list[Purchase]


MODEL = Profile(
    customer=Customer(birth_date=date(1988, 5, 20), risk_grade=Grade.B, monthly_income=None),
    statement=Statement(eligible_purchases=Decimal("10800.00")),
    transactions=[Purchase(amount=Decimal("12.50"), post_date=date(2026, 11, 1))],
)
MAPPING = {
    "customer": {"birth_date": "1988-05-20", "risk_grade": "B", "monthly_income": None},
    "statement": {"eligible_purchases": "10800.00"},
    "transactions": [{"amount": "12.50", "post_date": "2026-11-01"}],
}


def supplied(profile: object) -> tuple[list[object], frozenset[int], list[tuple[str, str]]]:
    facts = sample_engine().prepare(profile, at=NOON)
    return [*facts.supplied], facts.supplied.refused, [(each.code, each.attribute) for each in facts.warnings]


def test_a_model_and_a_mapping_are_the_same_customer() -> None:
    assert supplied(MODEL) == supplied(MAPPING)
    assert not supplied(MODEL)[2]


@pytest.mark.parametrize(
    "kind", [str, str.encode, lambda text: bytearray(text.encode()), lambda text: b"\xef\xbb\xbf" + text.encode()]
)
def test_json_and_a_mapping_make_the_same_decision(kind: Any) -> None:
    text = (SAMPLE.parents[1] / "examples/customers/eases_payment.json").read_text()
    engine = sample_engine()
    decided = engine.decide(kind(text), at=NOON)
    assert decided.decision_id == engine.decide(json.loads(text, parse_float=Decimal), at=NOON).decision_id
    assert decided.offers


def test_a_number_in_json_keeps_its_digits() -> None:
    values, _, warnings = supplied(b'{"statement": {"eligible_purchases": 10800.10, "fees": 3}}')
    attributes = sample_engine().pack.dictionary.attributes
    assert str(values[attributes["statement.eligible_purchases"].slot]) == "10800.10"
    assert str(values[attributes["statement.fees"].slot]) == "3"
    assert not warnings


def test_what_json_says_twice_is_missing() -> None:
    values, refused, warnings = supplied(b'{"account": {"days_past_due": 9, "days_past_due": 0}}')
    slot = sample_engine().pack.dictionary.attributes["account.days_past_due"].slot
    assert (values[slot], refused, warnings) == (None, {slot}, [("given_twice", "account.days_past_due")])


def test_a_namespace_that_json_has_twice_is_missing_altogether() -> None:
    _, refused, warnings = supplied(b'{"account": {"days_past_due": 9}, "account": {}}')
    assert warnings == [("given_twice", "account")]
    assert sample_engine().pack.dictionary.attributes["account.days_past_due"].slot in refused


@pytest.mark.parametrize(
    "profile", [b"", b"{", b"\xff\xfe", "[]", "3", b'{"a": 1} x', b"[" * 100_000, b"1" * 10_000, None, 7, object()]
)
def test_what_cannot_be_read_is_no_profile(profile: object) -> None:
    decision = sample_engine().decide(profile, at=NOON)
    assert [each["code"] for each in decision.warnings] == ["not_a_profile"]
    assert not decision.offers


@pytest.mark.parametrize("number", ["1e999999999999999999999", "-Infinity", "NaN", "9" * 10_000])
def test_a_number_that_cannot_be_held_is_missing(number: str) -> None:
    _, refused, warnings = supplied(f'{{"statement": {{"fees": {number}}}}}')
    assert (len(refused), warnings[0][1]) == (1, "statement.fees")


class Broken(BaseModel):
    customer: Customer

    @field_serializer("customer")
    def _fails(self, _: Customer) -> str:
        raise RuntimeError("no")


class Odd(BaseModel, arbitrary_types_allowed=True):
    customer: dict[str, object]


def test_a_model_that_cannot_be_written_is_no_profile() -> None:
    assert supplied(Broken(customer=MODEL.customer))[2] == [("not_a_profile", "")]


def test_a_value_of_a_model_that_cannot_be_written_is_missing() -> None:
    _, refused, warnings = supplied(Odd(customer={"surname": object(), "monthly_income": "100.00"}))
    assert (len(refused), warnings) == (1, [("wrong_type", "customer.surname")])


def test_a_naive_time_in_a_model_is_a_warning() -> None:
    class Seen(BaseModel):
        history: list[dict[str, datetime]]

    naive = datetime(2026, 11, 1, 10)  # noqa: DTZ001 - the point of the test
    assert supplied(Seen(history=[{"presented_at": naive}]))[2] == [("no_zone", "history.presented_at")]
