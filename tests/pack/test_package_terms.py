"""The terms of a package as they are written: what is found when the pack loads, and where."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
from pack_copy import PackCopy

from nbo.diagnostics.diagnostic import Severity
from nbo.pack.quotes.package import PackageTerms

PAGES = Path(__file__).parents[2] / "docs" / "diagnostics"


@pytest.fixture
def package(pack: PackCopy) -> PackCopy:
    """The base pack with the package of a page's corrected example: lounge and golf."""
    right = (PAGES / "NBO410.md").read_text().partition("## Right")[2]
    for name in ("offers/package.yaml", "scripts/package.yaml"):
        pack.write(name, right.partition(f"```yaml {name}\n")[2].partition("```")[0])
    assert pack.findings() == []
    return pack


def terms(pack: PackCopy) -> PackageTerms:
    linked = pack.check()[0]
    assert linked is not None
    quote = next(each.quote for each in linked.offers if each.id == "package")
    assert isinstance(quote, PackageTerms)
    return quote


def test_terms_are_linked_and_nothing_renews_by_itself(package: PackCopy) -> None:
    quote = terms(package)
    assert [each.id for each in quote.components] == ["lounge", "golf"]
    assert (quote.term_months, quote.renewal, quote.refund.by, quote.value_max_age_days) == (12, "none", "months", 365)
    assert quote.largest("quote.price") == 1500
    assert quote.largest("quote.list_value") == 2400
    assert quote.largest("quote.component_count") == 2
    assert quote.largest("quote.term_months") == 12
    assert quote.largest("quote.budget") == 300000


PRICE, VALUE, COST, DATE = "price: 600.00", "list_value: 900.00", "unit_cost: 330.00", "value_date: 2026-09-15"


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        (PRICE, "price: 0.00", "NBO133", "0.00"),
        (PRICE, "price: -1.00", "NBO133", "-1.00"),
        (PRICE, "price: 600.005", "NBO133", "600.005"),
        (PRICE, "price: 10000000.01", "NBO133", "10000000.01"),
        (VALUE, "list_value: -1", "NBO133", "-1"),
        (COST, "unit_cost: -0.01", "NBO133", "-0.01"),
        (VALUE, "list_value: 600.00", "NBO410", "600.00"),
        (COST, "unit_cost: 600.01", "NBO411", "600.01"),
        (DATE, "value_date: 2026-11-17", "NBO412", "2026-11-17"),
        (DATE, "value_date: 2025-11-15", "NBO413", "2025-11-15"),
        (DATE, "value_date: 2026-13-15", "NBO133", "2026-13-15"),
        ("id: golf", "id: lounge", "NBO301", "lounge"),
        (COST, f"{COST}\n      only_with: [spa]", "NBO302", "spa"),
        (COST, f"{COST}\n      not_with: [glof]", "NBO302", "glof"),
        (COST, f"{COST}\n      only_with: [lounge]", "NBO133", "lounge"),
        (COST, f"{COST}\n      when: account.days_past_due < 0", "NBO208", "account.days_past_due < 0"),
        (COST, f"{COST}\n      when: quote.price > 5", "NBO313", "quote.price"),
        ("term_months: 12", "term_months: 121", "NBO133", "121"),
        ("term_months: 12", "term_months: 0", "NBO133", "0"),
        ("term_months: 12", "term_months: 12\n  renewal: automatic", "NBO134", "automatic"),
        ("by: months", "by: none", "NBO134", "none"),
        ("budget: statement.eligible_purchases", "budget: account.days_past_due", "NBO211", "account.days_past_due"),
        ("  value_max_age_days: 365\n", "", "NBO131", None),
        ("  refund: {by: months, words: {zh: 未开始的月份退款, en: Months to come are refunded}}\n", "", "NBO131", None),
        ("label: {zh: lounge, en: lounge}", "label: {en: lounge}", "NBO504", None),
    ],
)  # fmt: skip
def test_a_mistake_is_found_at_its_place(package: PackCopy, old: str, new: str, code: str, at: str | None) -> None:
    found = package.edit("offers/package.yaml", old, new).check()[1]
    finding = next(each for each in found if each.code.id == code)
    assert finding.span is not None
    assert at is None or finding.span.text == at
    assert [each.code.id for each in found if each.severity is not Severity.NOTE] == [code]


@pytest.mark.parametrize(
    ("lounge", "golf", "codes"),
    [
        ({"not_with": "golf"}, {}, []),
        ({"not_with": "golf"}, {"not_with": "lounge"}, []),
        ({"only_with": "golf"}, {}, []),
        ({"only_with": "golf"}, {"not_with": "lounge"}, ["NBO414"]),
        ({"only_with": "golf", "not_with": "golf"}, {}, ["NBO414"]),
        ({"only_with": "golf"}, {"only_with": "lounge"}, ["NBO415"]),
        ({"only_with": "golf", "not_with": "golf"}, {"only_with": "lounge"}, ["NBO414", "NBO415", "NBO414"]),
    ],
)
def test_rules_that_nobody_can_keep_are_found(
    package: PackCopy, lounge: Mapping[str, str], golf: Mapping[str, str], codes: list[str]
) -> None:
    for anchor, rules in (("unit_cost: 330.00", lounge), ("unit_cost: 700.00", golf)):
        for key, name in rules.items():
            package.edit("offers/package.yaml", anchor, f"{anchor}\n      {key}: [{name}]")
    assert sorted(code for _, code in package.findings()) == sorted(codes)


def test_the_day_of_the_check_is_that_of_the_packs_zone(package: PackCopy) -> None:
    package.edit("offers/package.yaml", DATE, "value_date: 2026-11-17")
    assert "NBO412" in [code for _, code in package.findings(datetime.fromisoformat("2026-11-16T15:59:00+00:00"))]
    assert package.findings(datetime.fromisoformat("2026-11-16T16:00:00+00:00")) == []


def test_a_package_that_reads_its_price_for_the_bank_must_show_it_to_the_customers_value(package: PackCopy) -> None:
    package.edit("offers/package.yaml", "amount: quote.bank_margin", "amount: quote.price")
    assert package.findings() == []  # the saving is what is left when the price is paid
    package.edit("offers/package.yaml", "amount: quote.saving", "amount: quote.list_value")
    assert [code for _, code in package.findings()] == ["NBO310"]
