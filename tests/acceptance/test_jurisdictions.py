"""Every jurisdiction has a pack that uses its rules: each check is clean, its cases hold, and what a rule asks of a script
cannot be left out, nor what it forbids be put in, without `nbo check` naming the rule.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

import nbo
from nbo import Engine
from nbo.cli.main import app
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.script.normalize import normalize
from nbo.script.terms import TermSet

RULES = Path(__file__).parents[2] / "rules"
SMALL = ("us", "uk", "eu", "hk")
AT = datetime.fromisoformat("2026-12-01T12:00:00+00:00")
NOT_SAID = {"NBO506", "NBO507", "NBO508", "NBO509"}
FORBIDDEN = "NBO505"
HAN = re.compile("[\u4e00-\u9fff]")


@cache
def rules_of(jurisdiction: str) -> dict[str, dict[str, Any]]:
    written = yaml.safe_load((RULES / "compliance" / f"{jurisdiction}.yaml").read_text(encoding="utf-8"))
    return {rule["id"]: rule for rule in written["rules"]}


def of_kind(kind: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for jurisdiction in SMALL:
        for name, rule in rules_of(jurisdiction).items():
            if rule["kind"] == kind:
                yield jurisdiction, name, rule


def demands() -> Iterator[tuple[str, str, str, str]]:
    """Jurisdiction, rule, and one thing that it asks of a script: a field or a slot."""
    for jurisdiction, name, rule in of_kind("require"):
        yield from ((jurisdiction, name, "field", each) for each in rule.get("fields", ()))
        yield from ((jurisdiction, name, "slot", each) for each in rule.get("slots", ()))


def copied(jurisdiction: str, folder: Path) -> Path:
    """The pack and its rules in a folder of their own."""
    name = f"{jurisdiction}_credit_card"
    shutil.copytree(RULES / name, folder / name)
    shutil.copytree(RULES / "compliance", folder / "compliance")
    return folder / name


def reworded(
    pack: Path, change: Callable[[str, str], str], *, answers: bool = False, segments: slice = slice(None)
) -> None:
    """Every script with the words of its segments, or of some, changed; `change` takes a language and a text."""
    for path in sorted((pack / "scripts").glob("*.yaml")):
        script = yaml.safe_load(path.read_text(encoding="utf-8"))
        for treatment in script["treatments"]:
            for part in (*treatment["segments"][segments], *(treatment.get("objections", ()) if answers else ())):
                part["text"] = {language: change(language, text) for language, text in part["text"].items()}
        path.write_text(yaml.safe_dump(script, allow_unicode=True, sort_keys=False), encoding="utf-8")


def without(rule: dict[str, Any], kind: str, name: str) -> Callable[[str, str], str]:
    """Takes out of a text what the rule asks for."""

    def change(language: str, text: str) -> str:
        if kind == "field":
            return re.sub(r"\{\{\s*" + re.escape(name) + r"\s*\}\}", "…", text)
        for phrase in rule["slots"][name][language]:
            text = re.sub(re.escape(phrase), "…", text, flags=re.IGNORECASE)
        return text

    return change


def sayable(terms: list[str], language: str) -> list[str]:
    return [each for each in terms if bool(HAN.search(each)) == (language == "zh")]


def with_added(terms: list[str]) -> Callable[[str, str], str]:
    """Adds each term of the text's language as a sentence of its own."""
    mark = {"zh": "。", "en": ". "}

    def change(language: str, text: str) -> str:
        return text + "".join(mark[language] + each for each in sayable(terms, language))

    return change


def found(pack: Path) -> list[Diagnostic]:
    return nbo.check(pack, at=AT)[1]


def naming(name: str, diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    return [each for each in diagnostics if each.values.get("rule") == name]


# --- each pack from the command line ----------------------------------------------------------------------------------


@pytest.mark.parametrize("jurisdiction", SMALL)
def test_a_jurisdictions_pack_has_nothing_to_find(jurisdiction: str) -> None:
    result = CliRunner().invoke(app, ["check", str(RULES / f"{jurisdiction}_credit_card")])
    assert result.exit_code == 0, result.output
    assert "0 errors, 0 warnings" in result.output


@pytest.mark.parametrize("jurisdiction", SMALL)
def test_a_jurisdictions_pack_holds_its_cases(jurisdiction: str) -> None:
    result = CliRunner().invoke(app, ["test", str(RULES / f"{jurisdiction}_credit_card")])
    assert result.exit_code == 0, result.output
    cases = re.search(r"(\d+) cases: (\d+) hold, 0 do not", result.output)
    assert cases is not None
    assert int(cases[1]) == int(cases[2]) >= 15


@pytest.mark.parametrize("jurisdiction", [*SMALL, "cn"])
def test_only_china_says_that_it_is_complete(jurisdiction: str) -> None:
    written = yaml.safe_load((RULES / "compliance" / f"{jurisdiction}.yaml").read_text(encoding="utf-8"))
    assert written["coverage"] == ("complete" if jurisdiction == "cn" else "illustrative")
    assert written["jurisdiction"] == jurisdiction.upper()


@pytest.mark.parametrize("jurisdiction", [*SMALL, "cn"])
def test_every_rule_says_what_it_is_in_both_languages_and_where_from(jurisdiction: str) -> None:
    for name, rule in rules_of(jurisdiction).items():
        assert set(rule["text"]) == {"zh", "en"}, name
        assert rule["citation"], name
        if rule["kind"] in ("gate", "bound"):
            assert set(rule["reason"]) == {"zh", "en"}, name


def test_what_is_recalled_or_wished_for_is_cited_as_the_banks_policy() -> None:
    for jurisdiction in (*SMALL, "cn"):
        for name, rule in rules_of(jurisdiction).items():
            by_bank = "bank policy" in rule["citation"].lower() or "行内政策" in rule["citation"]
            assert by_bank or rule["evidence"] != "bank_policy", name


# --- require and forbid, rule by rule ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("jurisdiction", "name", "kind", "asked"), list(demands()))
def test_a_script_without_what_a_rule_asks_for_is_refused(
    jurisdiction: str, name: str, kind: str, asked: str, tmp_path: Path
) -> None:
    pack = copied(jurisdiction, tmp_path)
    reworded(pack, without(rules_of(jurisdiction)[name], kind, asked))
    by_rule = naming(name, found(pack))
    assert {each.code.id for each in by_rule} & NOT_SAID
    assert all(each.values.get(kind) == asked for each in by_rule)


@pytest.mark.parametrize(("jurisdiction", "name"), [(each, name) for each, name, _ in of_kind("forbid")])
def test_a_script_with_any_of_a_rules_terms_is_refused(jurisdiction: str, name: str, tmp_path: Path) -> None:
    pack = copied(jurisdiction, tmp_path)
    rule = rules_of(jurisdiction)[name]
    reworded(pack, with_added(rule["terms"]))
    languages = yaml.safe_load((pack / "pack.yaml").read_text(encoding="utf-8"))["languages"]
    expected = {each for language in languages for each in sayable(rule["terms"], language)}
    reported = {each.values["term"] for each in naming(name, found(pack)) if each.code.id == FORBIDDEN}
    assert reported == expected


def answers_objections(jurisdiction: str, name: str) -> bool:
    """Whether a script that the rule is about answers objections."""
    rule = rules_of(jurisdiction)[name]
    for path in (RULES / f"{jurisdiction}_credit_card" / "scripts").glob("*.yaml"):
        script = yaml.safe_load(path.read_text(encoding="utf-8"))
        answers = any(each.get("objections") for each in script["treatments"])
        if answers and (rule["families"] == "all" or script["script"] in rule["families"]):
            return True
    return False


@pytest.mark.parametrize(
    ("jurisdiction", "name"), [(each, name) for each, name, _ in of_kind("forbid") if answers_objections(each, name)]
)
def test_an_answer_to_an_objection_with_a_rules_term_is_refused(jurisdiction: str, name: str, tmp_path: Path) -> None:
    pack = copied(jurisdiction, tmp_path)
    term = sayable(rules_of(jurisdiction)[name]["terms"], "en")[0]
    for path in (pack / "scripts").glob("*.yaml"):
        script = yaml.safe_load(path.read_text(encoding="utf-8"))
        for treatment in script["treatments"]:
            for answer in treatment.get("objections", ()):
                answer["text"]["en"] += f" {term}."
        path.write_text(yaml.safe_dump(script, allow_unicode=True, sort_keys=False), encoding="utf-8")
    assert term in {each.values.get("term") for each in naming(name, found(pack))}


@pytest.mark.parametrize("jurisdiction", SMALL)
def test_a_number_that_somebody_typed_is_refused(jurisdiction: str, tmp_path: Path) -> None:
    pack = copied(jurisdiction, tmp_path)
    reworded(pack, lambda _, text: text + " 9.9%")
    assert naming(f"{jurisdiction.upper()}-BIND-01", found(pack))


@pytest.mark.parametrize(("jurisdiction", "number"), [(each, number) for each in SMALL for number in ("01", "02")])
def test_a_script_that_takes_too_long_is_refused(jurisdiction: str, number: str, tmp_path: Path) -> None:
    pack = copied(jurisdiction, tmp_path)
    more = {"zh": "我們都很樂意為您講清楚。" * 40, "en": " We are glad to go through it with you again." * 30}
    reworded(pack, lambda language, text: text + more[language])
    assert naming(f"{jurisdiction.upper()}-TALK-{number}", found(pack))


# --- China, all rules at once -----------------------------------------------------------------------------------------


def china(folder: Path) -> Path:
    """The sample pack whose scripts are for the app, too, and whose gold upgrade gives a gift."""
    pack = copied("cn", folder)
    for path in (pack / "scripts").glob("*.yaml"):
        path.write_text(path.read_text(encoding="utf-8").replace("channels: [phone]", "channels: [phone, app]"))
    listing = pack / "pack.yaml"
    listing.write_text(listing.read_text(encoding="utf-8").replace("tests: tests/", "tests: {none: of another pack}"))
    shutil.rmtree(pack / "tests")
    gift = pack / "offers" / "card_upgrade_gold.yaml"
    gift.write_text(gift.read_text(encoding="utf-8").replace("family: card_upgrade\n", "family: gift_promotion\n"))
    return pack


def test_every_term_that_china_forbids_is_found_in_a_script(tmp_path: Path) -> None:
    pack = china(tmp_path)
    forbidden = {name: rule for name, rule in rules_of("cn").items() if rule["kind"] == "forbid"}
    terms = [term for rule in forbidden.values() for term in rule["terms"]]
    reworded(pack, with_added(terms), segments=slice(1))
    diagnostics = found(pack)
    for name, rule in forbidden.items():
        reported = {as_sought(str(each.values["term"])) for each in naming(name, diagnostics)}
        # Of terms that begin at one place the longest is reported, and an exception of the rule covers what it holds.
        assert reported >= {as_sought(each) for each in rule["terms"] if not covered(each, rule)}, name


def as_sought(term: str) -> str:
    """Terms that differ in a dash are one."""
    return normalize(term).text


def covered(term: str, rule: dict[str, Any]) -> bool:
    return any(term in each for each in rule.get("except", ())) or any(
        as_sought(other) != as_sought(term) and (other.startswith(term) or _is_another_writing(term, other))
        for other in rule["terms"]
    )


def _is_another_writing(term: str, other: str) -> bool:
    """零利息 is found as 0利息, where both are listed."""
    return any((start, end) == (0, len(term)) for start, end, _ in TermSet([other]).find(normalize(term)))


def test_nothing_that_china_demands_can_be_left_out_of_the_scripts(tmp_path: Path) -> None:
    pack = china(tmp_path)
    required = {name: rule for name, rule in rules_of("cn").items() if rule["kind"] == "require"}
    reworded(pack, lambda language, _: {"zh": "您好。", "en": "Hello."}[language])
    diagnostics = found(pack)
    for name, rule in required.items():
        said = {(each.values.get("slot"), each.values.get("field")) for each in naming(name, diagnostics)}
        assert said >= {(slot, None) for slot in rule.get("slots", ())}, name
        assert said >= {(None, field) for field in rule.get("fields", ())}, name
        if "phrases" in rule:
            assert "NBO509" in {each.code.id for each in naming(name, diagnostics)}, name


# --- bounds and gates before an order ---------------------------------------------------------------------------------


def decided(pack: Path, case_id: str) -> dict[str, Any]:
    """Where the case's offers end, by offer."""
    engine = Engine.load(pack)
    case = next(each for each in engine.pack.cases if each.id == case_id)
    explained: Any = engine.explain(case.profile, at=case.at).to_dict()
    return {each["offer"]: each for each in explained["offers"]}


def edited(pack: Path, name: str, old: str, new: str) -> Path:
    text = (pack / name).read_text(encoding="utf-8")
    assert old in text
    (pack / name).write_text(text.replace(old, new), encoding="utf-8")
    return pack


def test_terms_that_are_no_longer_to_be_had_are_not_offered_in_the_united_states(tmp_path: Path) -> None:
    old, new = "valid_until: statement.due_date", "valid_until: today - days(1)"
    pack = edited(copied("us", tmp_path), "offers/bill_installment.yaml", old, new)
    ended = decided(pack, "plan")["bill_installment"]
    assert ended["outcome"] != "offered"
    assert "US-Z-01-AVAILABLE" in str(ended)


def test_a_plan_dearer_than_the_card_is_not_offered_in_the_united_kingdom(tmp_path: Path) -> None:
    name = "offers/bill_installment.yaml"
    pack = edited(copied("uk", tmp_path), name, "periods: 12, rate: 0.60%", "periods: 12, rate: 2.60%")
    # Somebody who values it all the same does not get past the rule.
    edited(pack, name, "amount: default(quote.saving_against_revolving, ", "amount: max(quote.principal, ")
    ended = decided(pack, "plan")["bill_installment"]
    assert ended["outcome"] != "offered"
    assert "UK-DUTY-01-HARM" in str(ended)


def test_cash_that_costs_more_when_settled_early_is_not_offered_in_china(tmp_path: Path) -> None:
    old, new = "settlement: charged_so_far", "settlement: one_more_period"
    pack = edited(copied("cn", tmp_path), "offers/cash_installment.yaml", old, new)
    ended = decided(pack, "called_about_cash_within_the_caps")["cash_installment"]
    assert ended["outcome"] != "offered"
    assert "CN-CARD-03-SETTLE" in str(ended)


@pytest.mark.parametrize(
    ("jurisdiction", "rule", "attribute", "case"),
    [
        ("cn", "CN-COST-01", "cost_statement_confirmed", "called_with_evidence"),
        ("cn", "CN-CONS-01-YES", "agreement_recorded", "called_with_evidence"),
        ("us", "US-UDAAP-01-YES", "agreement_recorded", "plan"),
    ],
)
def test_an_order_waits_for_what_a_rule_asks_on_record(jurisdiction: str, rule: str, attribute: str, case: str) -> None:
    engine = Engine.load(RULES / f"{jurisdiction}_credit_card")
    gate = next(each for each in engine.pack.gates if each.id == rule)
    assert gate.at == "order"
    profile: Any = next(each for each in engine.pack.cases if each.id == case).profile
    for value, held in ((True, True), (False, False), (None, None)):
        facts = engine.prepare({**profile, "call": {**profile["call"], attribute: value}}, at=AT)
        assert gate.clause.expression.ask(facts.values) is held


def test_the_representative_example_of_the_united_kingdom_adds_up() -> None:
    header, row = (RULES / "uk_credit_card" / "tables" / "representative.csv").read_text().split()
    example = dict(zip(header.split(","), row.split(","), strict=True))
    asked = [
        "quote",
        "installment",
        "--principal",
        example["credit"],
        "--periods",
        example["months"],
        "--rate",
        "0.60%",
    ]
    shown = CliRunner().invoke(app, asked).output
    for label, key in (
        ("Payment", "repayment"),
        ("Paid altogether", "total"),
        ("Annual rate, simple", "rate"),
        ("Annual rate, compound", "apr"),
    ):
        assert re.search(rf"^{label}\s+{re.escape(example[key])}\s*$", shown, re.MULTILINE), label
