"""A case can say what is used of caps and what floors look at; every name and number in it is checked."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tested_pack import TestedPack

from nbo.pack.floor import Figure

FLOORS = """
- id: of_family
  pause_when: {csat_below: 3, of_at_least: 20, within: {days: 30}}
  reason: {zh: 满意度低, en: Rated low}
- id: of_offer
  pause_when: {cancellation_above: 15%, of_at_least: 30, for: offer, within: {days: 30}}
  reason: {zh: 取消多, en: Cancelled often}
- id: of_all
  pause_when: {complaints_above: 2%, of_at_least: 200, for: everything, within: {days: 30}}
  reason: {zh: 投诉多, en: Complained about}
"""
CAPS = """
- id: golds
  label: {zh: 金卡, en: Gold cards}
  offers: [gold]
  per: day
  limit: 5
"""


@pytest.fixture
def counted(tested: TestedPack) -> TestedPack:
    before = (tested.pack.root / "contact.yaml").read_text(encoding="utf-8")
    tested.pack.write("contact.yaml", before + FLOORS)
    tested.pack.write("volume.yaml", CAPS)
    tested.pack.edit("pack.yaml", "gates: gates.yaml", "gates: gates.yaml\nvolume: volume.yaml")
    return tested


def test_counts_are_stated_by_the_names_of_the_pack(counted: TestedPack) -> None:
    keys = (
        "used: {golds: 5}\nfigures: {of_family: {installment: 2.5}, of_offer: {gold: 16%}, of_all: 0.03}\nwinner: none"
    )
    case = counted.with_case(keys).cases()["one"]
    assert case.used == {"golds": Decimal(5)}
    assert case.figures == {
        "of_family": {"installment": Figure(Decimal("50.0"), 20)},
        "of_offer": {"gold": Figure(Decimal("4.80"), 30)},
        "of_all": {"": Figure(Decimal("6.00"), 200)},
    }


def test_a_case_that_states_nothing_has_nobody_asked_and_an_empty_one_finds_too_few(counted: TestedPack) -> None:
    case = counted.with_case("winner: none").cases()["one"]
    assert (case.used, case.figures) == (None, None)
    case = counted.with_case("used: {}\nfigures: {}\nwinner: none").cases()["one"]
    assert (case.used, case.figures) == ({}, {"of_family": {}, "of_offer": {}, "of_all": {}})


@pytest.mark.parametrize(
    ("keys", "code", "underlined"),
    [
        ("used: {gold: 5}", "NBO302", "gold"),
        ("used: {golds: many}", "NBO133", "many"),
        ("used: {golds: -1}", "NBO133", "-1"),
        ("used: 5", "NBO132", "5"),
        ("figures: {of_famly: {installment: 2}}", "NBO302", "of_famly"),
        ("figures: {of_family: {instalment: 2}}", "NBO302", "instalment"),
        ("figures: {of_family: 2}", "NBO132", "2"),
        ("figures: {of_offer: {gold: 16 in 100}}", "NBO133", "16 in 100"),
        ("figures: {of_offer: {gold: -1%}}", "NBO133", "-1%"),
        ("figures: {of_all: {gold: 3%}}", "NBO132", "{gold: 3%}"),
    ],
)
def test_a_count_that_cannot_be_is_found_at_its_place(
    counted: TestedPack, keys: str, code: str, underlined: str
) -> None:
    found = counted.with_case(f"{keys}\nwinner: none").only(code)
    assert found.span is not None
    assert found.span.text == underlined
