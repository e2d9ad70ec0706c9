"""What a case expects is checked when the pack loads: every name in it is one of the pack's, at file:line:column."""

from __future__ import annotations

import ast
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from tested_pack import BUYER, CLOCK, TestedPack

import nbo
from nbo.decide.stages import NAMES
from nbo.pack.stage_codes import ONLY_WHEN_CHOSEN, STAGE_CODES, WITHOUT_STAGE

WRONG = [
    # what is written, the code, what is underlined, the message, the help
    ("winner: instalment", "NBO302", "instalment",
     "there is no offer or family `instalment`", "did you mean `installment`?"),
    ("winner: null", "NBO135", "null", "nothing is written here", None),
    ("order: [gold, goldd]", "NBO302", "goldd", "there is no offer or family `goldd`", "did you mean `gold`?"),
    ("order: []", "NBO132", "[]", "expected a list with at least one item here", None),
    ("blocked: {god: {stage: gates}}", "NBO302", "god", "there is no offer or family `god`", "did you mean `gold`?"),
    ("blocked: {gold: {stage: gate}}", "NBO134", "gate", None, "did you mean `gates`?"),
    ("blocked: {gold: {stage: contact-policy}}", "NBO134", "contact-policy", None, "did you mean `contact_policy`?"),
    ("blocked: {gold: {because: customer.age}}", "NBO131", "{because: customer.age}", "`stage` is required here", None),
    ("blocked: {gold: {stage: eligibility, because: customer.agee}}", "NBO336", "customer.agee",
     None, "did you mean `customer.age`?"),
    ("blocked: {gold: {stage: gates, because: call.recording_on}}", "NBO336", "call.recording_on",
     None, "the pack has none"),
    ("blocked: {gold: gates}", "NBO132", "gates", None, None),
    ("unknown: {goldd: [customer.age]}", "NBO302", "goldd", None, "did you mean `gold`?"),
    ("unknown: {gold: [customer.agee]}", "NBO203", "customer.agee", None, "did you mean `customer.age`?"),
    ("unknown: {gold: customer.age}", "NBO132", "customer.age", None, None),
    ("missing: [customer.agee]", "NBO203", "customer.agee", None, "did you mean `customer.age`?"),
    ("winner: none\nreason: no_ned", "NBO302", "no_ned", "there is no reason code `no_ned`", "did you mean `no_need`?"),
    ("winner: none\nserve: {outcome: self_service, channel: app}", "NBO302", "self_service", None, "the pack has none"),
    ("quote: {paymnt: 1}", "NBO335", "paymnt", "the quote of any offer has no `paymnt`", "did you mean `payment`?"),
    ("quote: {saving_against_revolving: 1}", "NBO335", "saving_against_revolving", None, None),
    ("winner: gold\nquote: {payment: 1}", "NBO335", "payment",
     "the quote of `gold` has no `payment`", "an offer without a quote has none"),
    ('quote: {payment: "536,00"}', "NBO133", None, None, None),
    ("quote: {payment: a lot}", "NBO133", "a lot", "`a lot` is not a number such as `12.50`", None),
    ("quote: {periods: 12.5}", "NBO133", "12.5", "`12.5` is not a whole number", None),
    ("quote: {valid_until: tomorrow}", "NBO133", "tomorrow", None, None),
    ("quote: {payment: [1]}", "NBO132", "[1]", None, None),
    ("script: {treatment: plan}", "NBO302", "plan",
     "there is no treatment of this script `plan`", "did you mean `plain`?"),
    ("script: {says: [optionl]}", "NBO302", "optionl", None, "did you mean `optional`?"),
    ("script: {compliance: pased}", "NBO134", "pased", None, "did you mean `passed`?"),
    ("script: {mustt: [a]}", "NBO130", "mustt", "unknown key `mustt`", "did you mean `must`?"),
    ("winnner: gold\nnowhere: [a]", "NBO130", "winnner", None, "did you mean `winner`?"),
    ("degraded: no\nwinner: none", "NBO133", "no", None, None),
    ("warnings: {customer.age: out_of_rang}", "NBO134", "out_of_rang", None, "did you mean `out_of_range`?"),
    ("language: en-GB\nwinner: none", "NBO302", "en-GB", "there is no language of the pack `en-GB`", None),
    ("channel: phon\nwinner: none", "NBO302", "phon", None, "did you mean `phone`?"),
    ("at: 2026-11-16\nwinner: none", "NBO133", "2026-11-16", None, None),
    ("at: 0001-01-01T00:00:00+14:00\nwinner: none", "NBO133", "0001-01-01T00:00:00+14:00", None, None),
    ("profile: {customer: {agee: 3}}\nwinner: none", "NBO203", "agee",
     "unknown attribute `customer.agee`", "did you mean `customer.age`?"),
    ("profile: {custmer: {age: 3}}\nwinner: none", "NBO203", "custmer",
     "unknown attribute `custmer`", "did you mean `customer`?"),
    ("profile: {history: [{famly: gold}]}\nwinner: none", "NBO203", "famly",
     "unknown attribute `history.famly`", "did you mean `history.family`?"),
    ("profile: {offer: {family: installment}}\nwinner: none", "NBO203", "family",
     "unknown attribute `offer.family`", None),
    ("profile: {customer: {age: 121}}\nwinner: none", "NBO334", "121", None, None),
    ("profile: {customer: {risk_grade: F}}\nwinner: none", "NBO334", "F", None, None),
    ("profile: {customer: 5}\nwinner: none", "NBO334", "5", None, None),
    ("profile: {call: {need_tags: [ease]}}\nwinner: none", "NBO334", "[ease]", None, None),
    ("profile: {history: {family: installment}}\nwinner: none", "NBO334", "{family: installment}", None, None),
    ("profile: {history: [{presented_at: 2026-01-01}]}\nwinner: none", "NBO334", "2026-01-01", None, None),
    ("profile: [a]\nwinner: none", "NBO132", "[a]", None, None),
    ("about: again\nwinner: none", "NBO113", None, None, None),
    ("", "NBO330", "one", None, None),
    ("blocked: {}\nscript: {}\nquote: {}\nnowhere: []", "NBO330", "one", None, None),
    ("winner: none\norder: [gold]", "NBO337", "order", "`order` and `winner` cannot both hold", None),
    ("winner: none\nscript: {never: [a]}", "NBO337", "script", None, None),
    ("winner: gold\nreason: no_need", "NBO337", "winner", "`winner` and `reason` cannot both hold", None),
    ("winner: gold\norder: [installment, gold]", "NBO337", "order", None, None),
    ("winner: gold\nblocked: {card_upgrade: {stage: eligibility}}", "NBO337", "blocked", None, None),
    ("order: [gold, installment]\nunknown: {installment: [customer.age]}", "NBO337", "unknown",
     "`unknown` and `order` cannot both hold", None),
]  # fmt: skip


@pytest.mark.parametrize(("written", "code", "underlined", "message", "advice"), WRONG, ids=lambda each: str(each)[:40])
def test_a_mistake_in_a_case_is_found_at_its_place(
    tested: TestedPack, written: str, code: str, underlined: str | None, message: str | None, advice: str | None
) -> None:
    found = tested.with_case(written).found()
    assert [each.code.id for each in found] in ([code], [code, "NBO333"]), [each.message() for each in found]
    assert found[0].span is not None
    assert found[0].span.source.name == "tests/cases.yaml"
    assert underlined is None or found[0].span.text == underlined
    assert message is None or found[0].message() == message
    assert advice is None or found[0].help() == advice


RIGHT = [
    "winner: installment",
    "winner: card_upgrade",
    "winner: none",
    "order: [gold, installment]",
    "winner: none\nreason: no_need",
    "reason: recording",
    "blocked: {installment: {stage: gates, because: recording}}",
    "blocked: {installment: {stage: gates, because: call.recording_on}}",
    "blocked: {installment: {stage: contact_policy, because: refused_recently}}",
    "blocked: {installment: {stage: contact_policy, because: history}}",
    "blocked: {installment: {stage: arbitration, because: bank_only}}",
    "blocked: {installment: {stage: script, because: no_treatment}}",
    "blocked: {installment: {stage: compliance, because: SAY-RATE}}",
    "unknown: {gold: [customer.age]}",
    "missing: []",
    "quote: {payment: 536, periods: 12, rate_per_period: 0.60%, annual_rate_simple: 0.1303, valid_until: none}",
    "script: {treatment: plain, says: [optional], compliance: passed, must: [536.00], never: [国家级]}",
    "nowhere: [李]",
    "degraded: false",
    "channel: branch\nwinner: none",
    "language: en\nwinner: none",
    "profile: {customer: {age: null}, history: null, account: ~}\nwinner: none",
    "profile: {customer: {age: 121}}\nwarnings: {customer.age: out_of_range}",
    "profile: {customer: {agee: 3}}\nwarnings: {customer.agee: unknown_attribute}",
    "profile: {history: [{family: gold}]}\nwarnings: {history.family: not_a_value}",
]


@pytest.mark.parametrize("written", RIGHT)
def test_what_a_case_can_expect(tested: TestedPack, written: str) -> None:
    assert [each.message() for each in tested.with_case(written).found()] == []


def test_bad_data_is_announced_attribute_by_attribute(tested: TestedPack) -> None:
    written = "profile: {customer: {age: 121, risk_grade: F}}\nwarnings: {customer.age: out_of_range}"
    assert (
        tested.with_case(written)
        .only("NBO334")
        .message("zh")
        .endswith("`customer.risk_grade` 不在允许的取值之中，按缺失处理")
    )


def test_a_persona_holds_no_bad_data(tested: TestedPack) -> None:
    text = (
        CLOCK
        + BUYER.replace("age: 40", "age: 400")
        + "cases:\n  - {id: one, about: One., persona: buyer, winner: none}\n"
    )
    found = tested.file("cases.yaml", text).only("NBO334")
    assert found.span is not None
    assert found.span.text == "400"


def test_case_ids_are_unique_over_all_files(tested: TestedPack) -> None:
    tested.with_case("winner: none")
    tested.file("more.yaml", CLOCK + "cases:\n  - {id: one, about: Again., persona: buyer, winner: none}\n")
    assert tested.only("NBO301").message() == "the test case `one` exists already, at tests/cases.yaml:13:9"


def test_a_case_needs_a_clock(tested: TestedPack) -> None:
    tested.file("cases.yaml", BUYER + "cases:\n  - {id: one, about: One., persona: buyer, winner: none}\n")
    assert tested.only("NBO131").message() == "`at` is required here"


def test_a_file_of_tests_without_cases_and_personas_is_found(tested: TestedPack) -> None:
    assert tested.file("cases.yaml", CLOCK).only("NBO131").message() == "`cases` is required here"


def test_clock_channel_and_language_can_stand_in_the_file_or_the_case(tested: TestedPack) -> None:
    text = f"""{CLOCK}channel: branch
language: en
{BUYER}
cases:
  - {{id: one, about: One., persona: buyer, winner: none}}
  - {{id: two, about: Two., persona: buyer, winner: none, channel: phone, language: zh, at: 2027-01-01T00:00:00Z}}
"""
    cases = tested.file("cases.yaml", text).cases()
    seen = [(case.channel, case.language, case.at.year) for case in cases.values()]
    assert seen == [("branch", "en", 2026), ("phone", "zh", 2027)]


def test_numbers_of_a_quote_are_exact(tested: TestedPack) -> None:
    case = tested.with_case(
        "quote: {payment: 536.10, rate_per_period: 0.60%, valid_until: 2026-11-28, limit_after: none}"
    )
    quote = case.cases()["one"].expected.quote
    assert quote["payment"] == Decimal("536.10")
    assert quote["rate_per_period"] == Decimal("0.0060")
    assert quote["valid_until"] == "2026-11-28"
    assert quote["limit_after"] is None


def test_an_id_is_nearer_than_a_family_of_the_same_name(tested: TestedPack) -> None:
    second = tested.pack.text("offers/gold.yaml").replace("offer: gold", "offer: card_upgrade")
    tested.pack.write("offers/silver.yaml", second)
    expected = (
        tested.with_case("blocked: {card_upgrade: {stage: eligibility}, gold: {stage: eligibility}}")
        .cases()["one"]
        .expected
    )
    assert [stop.offer.offers for stop in expected.blocked] == [{"card_upgrade"}, {"gold"}]


def test_a_family_stands_for_all_of_its_offers(tested: TestedPack) -> None:
    tested.pack.write(
        "offers/silver.yaml", tested.pack.text("offers/gold.yaml").replace("offer: gold", "offer: silver")
    )
    expected = tested.with_case("winner: card_upgrade").cases()["one"].expected
    assert expected.winner is not None
    assert expected.winner.offers == {"gold", "silver"}


def test_a_mistake_elsewhere_is_not_followed_by_complaints_about_the_tests(tested: TestedPack) -> None:
    tested.with_case("winner: gold\nblocked: {installment: {stage: eligibility, because: account.days_past_due}}")
    tested.pack.edit("offers/installment.yaml", "account.days_past_due == 0", "account.days_past_du == 0")
    assert tested.pack.findings() == [("offers/installment.yaml", "NBO203")]
    tested.pack.edit("offers/gold.yaml", "eligibility:", "eligable:")
    assert {code for name, code in tested.pack.findings() if name.startswith("tests/")} == set()


def test_a_slip_in_one_file_of_tests_hides_no_other(tested: TestedPack) -> None:
    tested.with_case("winner: gold\nwinnner: gold")
    tested.file("broken.yaml", "cases: [")
    tested.file("more.yaml", CLOCK + "cases:\n  - {id: two, about: Two., persona: buyer, winner: god}\n")
    tested.file("wrong.yaml", CLOCK + "cases:\n  - {id: three, about: Three., persona: buyer, winner: [gold]}\n")
    assert tested.pack.findings() == [
        ("tests/broken.yaml", "NBO119"),
        ("tests/cases.yaml", "NBO130"),
        ("tests/more.yaml", "NBO302"),
        ("tests/wrong.yaml", "NBO132"),
    ]


def test_all_mistakes_of_a_case_are_shown_at_once(tested: TestedPack) -> None:
    written = "persona: bayer\nwinner: god\nmissing: [customer.agee]\nprofile: {customer: {agee: 1, age: 999}}"
    tested.file(
        "cases.yaml", CLOCK + BUYER + "cases:\n  - id: one\n    about: One.\n    " + written.replace("\n", "\n    ")
    )
    codes = [code for _, code in tested.pack.findings() if code != "NBO333"]
    assert codes == ["NBO302", "NBO302", "NBO203", "NBO203", "NBO334"]


# --- what the engine says is what a test can name ---------------------------------------------------------------------


def test_the_stages_that_a_test_can_name_are_the_stages() -> None:
    assert tuple(STAGE_CODES) == NAMES


def test_the_codes_that_a_test_can_name_are_those_of_the_engine() -> None:
    """Every text that stands where a code is given, in the sources of the stages and of the quotes."""
    said: set[str] = set()
    root = Path(nbo.__file__).parent
    for path in (*(root / "decide").glob("*.py"), *(root / "quote").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CODE_AT:
                said |= texts(node.args[CODE_AT[node.func.id]])
            elif isinstance(node, ast.Tuple):  # a code, and the words that go with it
                for code, words in pairwise(node.elts):
                    said |= texts(code) if isinstance(words, ast.Name) and words.id.startswith("_") else set()
            elif (
                isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "code"
            ):
                said |= texts(node.value)
    assert said - ONLY_WHEN_CHOSEN == WITHOUT_STAGE.union(*STAGE_CODES.values())


CODE_AT = {"Blocked": 1, "Refusal": 0, "Reason": 0, "_blocked": 1}


def texts(node: ast.expr) -> set[str]:
    """The constant texts that an expression can be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return texts(node.body) | texts(node.orelse)
    return set()
