"""Where lints speak and, as much, where they stay silent; the plain example of each stands on its page."""

from __future__ import annotations

import re
from datetime import datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from pack_copy import AT, PackCopy

import nbo
from nbo import lint
from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Code, Severity
from nbo.lint.lints import LINTS

RULES = Path(__file__).parents[2] / "rules"
GOLD, INSTALLMENT, SCRIPT = "offers/gold.yaml", "offers/installment.yaml", "scripts/installment.yaml"
GATE = "- id: {id}\n  kinds: [{kinds}]\n  when: {when}\n  reason: {{zh: 不行, en: It may not}}\n"
ADULT = "  - customer.age >= 18\n"


def lints_of(pack: PackCopy) -> list[str]:
    """The codes of all lints; nothing else may be found."""
    loaded, found = pack.check()
    assert loaded is not None, [each.message() for each in found]
    assert all(each.code.id.startswith("NBO6") for each in found), [each.message() for each in found]
    return [each.code.id for each in found]


def gold(pack: PackCopy, *clauses: str) -> PackCopy:
    return pack.edit(GOLD, ADULT, "".join(f"  - {each}\n" for each in clauses))


def with_segment(pack: PackCopy, *clauses: str) -> PackCopy:
    pack.edit("pack.yaml", "gates: gates.yaml", "gates: gates.yaml\nsegments: segments.yaml")
    written = "".join(f"    - {each}\n" for each in clauses)
    return pack.write("segments.yaml", f"- id: senior\n  label: {{zh: 年长, en: Senior}}\n  when:\n{written}")


def with_gates(pack: PackCopy, *gates: tuple[str, str]) -> PackCopy:
    written = "".join(GATE.format(id=f"g{n}", kinds=kinds, when=when) for n, (kinds, when) in enumerate(gates))
    return pack.write("gates.yaml", pack.text("gates.yaml") + written)


# --- all of them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["cn_credit_card", "tw_credit_card", "us_credit_card", "uk_credit_card", "eu_credit_card", "hk_credit_card"]
)
def test_a_sample_pack_has_nothing_to_complain_of(name: str) -> None:
    assert nbo.check(RULES / name, at=AT)[1] == []


def test_every_lint_is_listed_and_names_its_pages() -> None:
    modules = {each.name: import_module(f"nbo.lint.{each.name}") for each in iter_modules(lint.__path__)}
    lints = {name: module for name, module in modules.items() if hasattr(module, "lint")}
    assert [each.__module__ for each in LINTS] == [each.__module__ for each in dict.fromkeys(LINTS)]
    assert {each.__module__ for each in LINTS} == {module.__name__ for module in lints.values()}
    named = [
        code for module in modules.values() for code in re.findall(r"docs/diagnostics/(NBO6\d\d)\.md", module.__doc__)
    ]
    codes = {each.id for each in vars(catalog).values() if isinstance(each, Code) and each.id.startswith("NBO6")}
    assert sorted(named) == sorted(codes)


def test_no_lint_keeps_a_pack_from_loading() -> None:
    codes = [each for each in vars(catalog).values() if isinstance(each, Code) and each.id.startswith("NBO6")]
    assert {each.severity for each in codes} == {Severity.WARNING, Severity.NOTE}


def test_a_broken_pack_is_not_linted(pack: PackCopy) -> None:
    gold(pack, "customer.age >= 60", "customer.age <= 18", "customer.agee > 1")
    assert [code for _, code in pack.findings()] == ["NBO203"]


# --- contradictions ---------------------------------------------------------------------------------------------------


def test_a_gate_and_a_clause_that_rule_each_other_out_are_found_at_the_clause(pack: PackCopy) -> None:
    with_gates(gold(pack, "account.status in [frozen, lost]"), ("service", "account.status == active"))
    finding = pack.only("NBO601")
    assert finding.span is not None
    assert finding.span.source.name == GOLD
    assert "gates.yaml:7:9" in finding.message()


def test_a_gate_of_another_kind_contradicts_nothing(pack: PackCopy) -> None:
    with_gates(gold(pack, "account.status in [frozen, lost]"), ("sales", "account.status == active"))
    assert lints_of(pack) == []


def test_gates_that_rule_each_other_out_are_found_once_and_not_at_every_offer(pack: PackCopy) -> None:
    both = (("service", "account.status == active"), ("service", "account.status == lost"))
    finding = with_gates(pack, *both).only("NBO601")
    assert "service offers never pass the gates" in finding.message()


def test_a_segment_is_read_through(pack: PackCopy) -> None:
    gold(with_segment(pack, "customer.age >= 60"), "segment.senior", "customer.age <= 50")
    assert "`segment.senior`" in pack.only("NBO601").message()


def test_a_segment_for_nobody_is_one_finding_not_one_an_offer(pack: PackCopy) -> None:
    gold(with_segment(pack, "customer.age >= 60", "customer.age <= 50"), "segment.senior")
    assert lints_of(pack) == ["NBO602"]


def test_volume_sees_what_an_opt_out_hides_and_contradicts_no_other_list(pack: PackCopy) -> None:
    gold(pack, "customer.city is missing")
    pack.write(GOLD, pack.text(GOLD) + 'volume:\n  - customer.city == "Beijing"\n')
    assert lints_of(pack) == []


def test_what_a_file_says_commands_no_terminal_and_stays_short(pack: PackCopy) -> None:
    listed = ", ".join(f'\\"{n}\\"' for n in range(60))
    gold(pack, f'"customer.city in [\\"\\u202e\\", {listed}]"', 'customer.city == "Beijing"')
    message = pack.only("NBO601").message()
    assert message.isprintable()
    assert len(message) < 260


# --- clauses that decide nothing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clauses", "idle"),
    [
        (["customer.age >= 18", "customer.age >= 21"], "`customer.age >= 18`"),
        (["customer.age >= 21", "customer.age >= 18"], "`customer.age >= 18`"),
        (["18 <= customer.age <= 60", "customer.age < 70"], "`customer.age < 70`"),
        (["count(call.need_tags) > 0", "count(call.need_tags)  >  0"], "`count(call.need_tags)  >  0`"),
    ],
)
def test_the_weaker_of_two_clauses_is_found_in_any_order(pack: PackCopy, clauses: list[str], idle: str) -> None:
    assert gold(pack, *clauses).only("NBO603").message().startswith(" ".join(idle.split()))


def test_of_two_clauses_that_say_the_same_the_later_one_is_idle(pack: PackCopy) -> None:
    finding = gold(pack, "customer.age >= 21", "not customer.age < 21").only("NBO603")
    assert finding.message().startswith("`not customer.age < 21`")


def test_a_clause_of_a_later_list_makes_no_earlier_one_idle(pack: PackCopy) -> None:
    pack.write(GOLD, pack.text(GOLD) + "suitability:\n  - customer.age >= 21\n")
    assert lints_of(pack) == []
    pack.edit(GOLD, "customer.age >= 21", "customer.age >= 16")
    assert lints_of(pack) == ["NBO603"]


def test_a_narrow_gate_may_stand_before_a_wide_one_and_not_after_it(pack: PackCopy) -> None:
    narrow, wide = ("service", "account.status != lost"), ("service", "account.status == active")
    plain = pack.text("gates.yaml")
    assert lints_of(with_gates(pack, narrow, wide)) == []
    assert lints_of(with_gates(pack.write("gates.yaml", plain), wide, narrow)) == ["NBO603"]


def test_a_gate_for_more_kinds_is_not_idle_behind_one_for_fewer(pack: PackCopy) -> None:
    with_gates(pack, ("service", "account.status == active"), ("service, sales", "account.status != lost"))
    assert lints_of(pack) == []


# --- scripts ----------------------------------------------------------------------------------------------------------


def treatments(pack: PackCopy, *heads: str) -> PackCopy:
    """The base treatment once for every head (`id`, and what else it sets)."""
    body = pack.text(SCRIPT).partition("    channels: [phone]\n")[2]
    written = "".join(f"  - id: t{n}\n    version: 1\n{head}{body}" for n, head in enumerate(heads))
    return pack.write(SCRIPT, f"script: installment\ntreatments:\n{written}")


PHONE, CHAT = "    channels: [phone]\n", "    channels: [chat]\n"
GRADE_A, GRADE_AB = "    when: customer.risk_grade == A\n", "    when: customer.risk_grade in [A, B]\n"


@pytest.mark.parametrize(
    ("heads", "hidden"),
    [
        ([PHONE, PHONE + GRADE_A], ["NBO605"]),
        ([PHONE + GRADE_AB, PHONE + GRADE_A, PHONE], ["NBO605"]),
        ([PHONE + GRADE_A, PHONE + GRADE_AB, PHONE], []),
        ([CHAT, PHONE + GRADE_A], []),
        ([PHONE, PHONE + "    reangles: true\n"], []),
    ],
)
def test_a_treatment_is_hidden_by_one_that_fits_whenever_it_does(
    pack: PackCopy, heads: list[str], hidden: list[str]
) -> None:
    assert lints_of(treatments(pack, *heads)) == hidden


def test_a_treatment_that_needs_fewer_numbers_is_a_fallback(pack: PackCopy) -> None:
    treatments(pack, PHONE, PHONE)
    pack.edit(SCRIPT, "      - stage: disclosure", "      - stage: close\n        text: {zh: "
              '"{{ quote.valid_until }}之前都可以。", en: "It is open until {{ quote.valid_until }}."}\n'
              "      - stage: disclosure")  # fmt: skip
    assert lints_of(pack) == []


def test_a_sentence_that_one_of_its_treatments_says_is_not_silent(pack: PackCopy) -> None:
    said = ("      - &late\n        stage: need\n        when: customer.risk_grade == B\n"
            "        text: {zh: 您好。, en: Hello.}\n")  # fmt: skip
    treatments(pack, PHONE + GRADE_A, PHONE)
    text = pack.text(SCRIPT)
    head, first, second = re.split(r"(?<=    segments:\n)", text)
    assert lints_of(pack.write(SCRIPT, head + said + first + "      - *late\n" + second)) == []
    assert lints_of(pack.write(SCRIPT, head + said + first + second)) == ["NBO606"]


# --- values, words, persons -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zh", "en", "found"),
    [
        ("金卡", "金卡", 1),
        ("Gold card", "Gold card", 1),
        ("Apple Pay", "Apple Pay", 0),
        ("ETC", "ETC", 0),
        ("花呗分期", "Huabei (花呗) installment", 0),
        ("VISA 金卡", "Gold Visa", 0),
        ("12%", "12%", 0),
    ],
)
def test_a_text_in_the_wrong_language_is_told_from_a_name(pack: PackCopy, zh: str, en: str, found: int) -> None:
    pack.edit(GOLD, "{zh: 金卡, en: Gold card}", f"{{zh: {zh}, en: {en}}}")
    assert lints_of(pack) == ["NBO611"] * found


def test_a_text_of_a_script_is_shown_at_its_own_place(pack: PackCopy) -> None:
    finding = pack.edit(SCRIPT, "en: It is up to you.", "en: 办不办由您决定 (up to you)。").only("NBO611")
    assert finding.span is not None
    assert finding.span.text.startswith("办不办")


@pytest.mark.parametrize(("limit", "found"), [("0.24", []), ("1", []), ("1.01", ["NBO612"]), ("24", ["NBO612"])])
def test_a_rate_is_at_most_one_unless_the_dictionary_says_more(pack: PackCopy, limit: str, found: list[str]) -> None:
    pack.edit("dictionary.yaml", "  due_date", "  used_share: {type: rate}\n  due_date")
    gold(pack, f"statement.used_share <= {limit}")
    assert lints_of(pack) == found
    pack.edit("dictionary.yaml", "{type: rate}", "{type: rate, min: 0, max: 50}")
    assert lints_of(pack) == []


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        ('customer.surname == "李"', ["NBO613"]),
        ('customer.surname not in ["李", "王"]', ["NBO613"]),
        ('customer.surname != ""', []),
        ("customer.surname is not missing", []),
        ('customer.city == "Beijing"', []),
    ],
)
def test_a_person_is_named_by_a_text_that_is_compared(pack: PackCopy, clause: str, found: list[str]) -> None:
    pack.edit("dictionary.yaml", "max_length: 8}", "max_length: 8, pii: true}")
    assert lints_of(gold(pack, f"'{clause}'")) == found


def test_a_price_is_personal_by_what_it_is_derived_from(pack: PackCopy) -> None:
    pack.edit("dictionary.yaml", "max: 300000}", "max: 300000, derived: statement.wish * 0.5}\n"
              "  wish: {type: money, min: 0, max: 600000, use: profile}")  # fmt: skip
    assert "`statement.wish`" in pack.only("NBO615").message()


def test_a_missing_answer_may_help_service_and_not_a_sale(pack: PackCopy) -> None:
    forgiving = "default(consent.personalization_opt_out, true)"
    assert lints_of(gold(pack, forgiving)) == []
    pack.edit(INSTALLMENT, "  - account.days_past_due == 0\n", f"  - account.days_past_due == 0\n  - {forgiving}\n")
    assert lints_of(pack) == ["NBO616"]


# --- offers beside offers ---------------------------------------------------------------------------------------------

SILVER = """offer: silver
family: card_upgrade
kind: service
label: {{zh: 银卡, en: Silver card}}
priority: 10
valid: {{from: {first}, through: {last}}}
eligibility:
  - {clause}
"""


@pytest.mark.parametrize(
    ("first", "last", "clause", "found"),
    [
        ("2026-01-01", "2027-12-31", "account.status == active", ["NBO617"]),
        ("2026-01-01", "2027-12-31", "customer.age < 18", []),  # nobody can get both
    ],
)
def test_offers_tie_where_one_customer_can_get_both(
    pack: PackCopy, first: str, last: str, clause: str, found: list[str]
) -> None:
    pack.write("offers/silver.yaml", SILVER.format(first=first, last=last, clause=clause))
    assert lints_of(pack) == found


def test_offers_of_different_days_do_not_tie(pack: PackCopy) -> None:
    pack.edit(GOLD, "kind: service", "kind: service\nvalid: {through: 2026-12-31}")
    pack.write("offers/silver.yaml", SILVER.format(first="2027-01-01", last="2027-12-31", clause="customer.age >= 16"))
    assert lints_of(pack) == ["NBO619"]


def test_a_rule_is_about_the_offers_of_its_kinds_and_families_together(pack: PackCopy) -> None:
    pack.edit("contact.yaml", "  suppress_when", "  kinds: [service]\n  families: [installment]\n  suppress_when")
    assert "its `kinds` are service, its `families` installment" in str(pack.only("NBO609").help())


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("2026-11-30T23:59:00+08:00", ["NBO619"]),
        ("2026-12-01T00:00:00+08:00", []),  # the first day, in the pack's zone
        ("2026-12-01T16:30:00+00:00", ["NBO620"]),  # the second day there: 30 days before the last
        ("2027-01-01T23:59:00+08:00", ["NBO620"]),
        ("2027-01-02T00:00:00+08:00", ["NBO305"]),
    ],
)
def test_a_period_is_judged_by_the_clock_and_the_zone(pack: PackCopy, at: str, found: list[str]) -> None:
    pack.edit(GOLD, "kind: service", "kind: service\nvalid: {from: 2026-12-01, through: 2027-01-01}")
    assert [code for _, code in pack.findings(datetime.fromisoformat(at))] == found


def test_a_family_is_tested_by_a_case_that_expects_it_in_any_place(pack: PackCopy) -> None:
    pack.edit("pack.yaml", "authority: {none", "tests: tests/\nauthority: {none")
    case = "at: 2026-11-16T10:30:00+08:00\ncases:\n  - id: both\n    about: Both.\n    profile: {}\n"
    pack.write("tests/cases.yaml", case + "    winner: card_upgrade\n    order: [card_upgrade, installment]\n")
    assert lints_of(pack) == []
    pack.edit("tests/cases.yaml", "    order: [card_upgrade, installment]\n", "")
    assert "`installment`" in pack.only("NBO621").message()


# --- silences ---------------------------------------------------------------------------------------------------------


def silenced(pack: PackCopy, written: str) -> PackCopy:
    gold(pack, "customer.age >= 18", "customer.age >= 21")
    return pack.write("pack.yaml", pack.text("pack.yaml") + f"lints:\n  - {{{written}}}\n")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("ignore: NBO603, in: offers/gold.yaml, why: meant", []),
        ("ignore: NBO603, in: offers/silver.yaml, why: meant", ["NBO603", "NBO622"]),
        ("ignore: NBO604, in: offers/gold.yaml, why: meant", ["NBO603", "NBO622"]),
    ],
)
def test_a_silence_holds_for_one_code_in_one_file(pack: PackCopy, written: str, found: list[str]) -> None:
    assert lints_of(silenced(pack, written)) == found


@pytest.mark.parametrize(
    "written",
    [
        "ignore: NBO603, in: offers/gold.yaml",
        "ignore: NBO603, why: meant",
        "ignore: NBO603, in: offers/gold.yaml, why: ' '",
    ],
)
def test_a_silence_needs_a_file_and_a_reason(pack: PackCopy, written: str) -> None:
    loaded, found = silenced(pack, written).check()
    assert loaded is None
    assert {each.severity for each in found} == {Severity.ERROR}


def test_only_a_lint_can_be_silenced(pack: PackCopy) -> None:
    pack.edit(GOLD, "kind: service", "kind: service\nvalid: {through: 2026-01-01}")
    pack.write("pack.yaml", pack.text("pack.yaml") + "lints:\n  - {ignore: NBO305, in: offers/gold.yaml, why: old}\n")
    assert sorted(code for _, code in pack.findings()) == ["NBO305", "NBO622"]
