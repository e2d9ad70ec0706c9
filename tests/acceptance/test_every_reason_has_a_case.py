"""The sample pack's cases as a matrix: every offer wins, loses, and is blocked for each reason that can block it.

In: the pack and its own cases, each decided once. A cell counts only where the case states it (the offer, the stage and the
reason), so that the case fails when the offer is stopped by anything else. `nbo test --coverage` counts a condition once for
the whole pack; here it counts for each offer that it can stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from nbo import Engine
from nbo.decide.candidate import Blocked
from nbo.decide.decision import Decision
from nbo.pack.case import Case
from nbo.pack.offer import Offer, Propensity
from nbo.pack.quotes.fee_change import FeeChangeTerms
from nbo.pack.quotes.installment import InstallmentTerms
from nbo.pack.quotes.lead import LeadTerms
from nbo.pack.quotes.limit import LimitTerms
from nbo.pack.quotes.package import PackageTerms
from nbo.pack.quotes.terms import QuoteTerms
from nbo.pack.quotes.waiver import WaiverTerms
from nbo.pack.rulepack import RulePack
from nbo.pack.stage_codes import STAGE_CODES
from nbo.workbench.cases import differences
from nbo.workbench.run_cases import facts_of

RULES = Path(__file__).parents[2] / "rules" / "cn_credit_card"
OWN_STAGES = ("eligibility", "applicability", "volume", "suitability")
DISPLACED = {"exclusive_group", "family_limit"}


def _granted(terms: QuoteTerms) -> list[str]:
    """Where an authority bounds how often."""
    often = any(True for authority in terms.authorities() for _ in authority.seldom_clauses())
    return ["granted_too_often"] if often else []


QUOTE_CODES: dict[type[QuoteTerms], Callable[[Any], list[str]]] = {
    InstallmentTerms: lambda _: ["missing", "below_minimum", "too_small_for_term"],
    WaiverTerms: lambda terms: ["missing", "nothing_to_waive", "above_authority", *_granted(terms)],
    LimitTerms: lambda terms: [
        "missing",
        "limit_below_used",
        "nothing_to_raise",
        *(["account_state"] if terms.allowed_when is not None else []),
        *(["days_out_of_range"] if terms.days is not None else []),
        *(["above_authority"] if terms.authority is not None else []),
        *_granted(terms),
    ],
    LeadTerms: lambda _: ["missing", "no_consent", "consent_lacks_data", "consent_withdrawn"],
    FeeChangeTerms: lambda _: ["missing", "fee_not_higher"],
    PackageTerms: lambda _: ["missing", "bad_budget", "nothing_available", "below_minimum", "no_saving"],
}
"""Why a kind of quote may refuse when a customer has chosen nothing."""

ALL = "*"
SAVES = "quote.saving_against_revolving is missing or quote.saving_against_revolving > 0"
CANNOT_OCCUR: dict[tuple[str, str, str], str] = {
    # --- rank ---
    ("interest_waiver", "rank", "loses"): "the only mandatory offer comes before everything",
    ("annual_fee_waiver", "arbitration", "exclusive_group"): "the rival asks for another status of the waiver",
    ("retention_fee_waiver", "arbitration", "exclusive_group"): "the rival asks for another status of the waiver",
    ("own_ceiling", "arbitration", "exclusive_group"): "a ceiling under the limit leaves nothing to raise",
    ("safe_limit", "arbitration", "exclusive_group"): "open to other needs than a temporary limit",
    ("temporary_limit", "arbitration", "exclusive_group"): "open to other needs than a safe limit",
    ("transaction_installment", "arbitration", "exclusive_group"): "the purchase asked about outranks the bill always",
    ("retention_fee_waiver", "arbitration", "family_limit"): "equal score and higher priority than the talk",
    ("card_upgrade_gold", "arbitration", "family_limit"): "one card has one level",
    ("card_upgrade_platinum", "arbitration", "family_limit"): "one card has one level",
    ("card_upgrade_diamond", "arbitration", "family_limit"): "one card has one level",
    # --- a rule behind another with the same condition ---
    (ALL, "gates", "CN-PI-01"): "the bank's own gate `opt_out` asks the same before",
    ("insurance_referral", "gates", "CN-INS-01"): "the bank's own gate `recording` asks the same before",
    ("fund_referral", "compliance", "CN-SUIT-01"): "suitability asks for C3, which R3 needs, before",
    ("insurance_referral", "compliance", "CN-SUIT-01-INS"): "the partner's products have no risk class",
    ("safe_limit", "compliance", "CN-LIM-01"): "the headroom is a bound of the quote",
    ("temporary_limit", "compliance", "CN-LIM-01"): "the headroom is a bound of the quote",
    # --- what the pack's own terms keep to ---
    ("temporary_limit", "compliance", "CN-LIM-03"): "the table of limits says 20 to 80 days",
    ("temporary_limit", "quote", "days_out_of_range"): "the table of limits says 20 to 80 days",
    (ALL, "compliance", "CN-CARD-01"): "no term is over 24 months",
    (ALL, "compliance", "CN-CARD-01-AMOUNT"): "the smallest and largest principals are within it",
    (ALL, "compliance", "CN-CARD-03"): "CNY 50,000 is the largest principal, 24 months the longest term",
    ("cash_installment", "compliance", "CN-CARD-03-SETTLE"): "its terms settle on actual use",
    (ALL, "compliance", "CN-CIV-01"): "settling early costs no more, or words were agreed on",
    ("fee_package", "compliance", "CN-PKG-02"): "every list value is above its price",
    ("fee_package", "quote", "no_saving"): "every list value is above its price",
    ("fee_package", "quote", "nothing_available"): "three services are for everybody, and listed values outlive the offer",
    # --- what eligibility or the dictionary has asked before ---
    ("fee_package", "quote", "bad_budget"): "the dictionary takes no such budget",
    ("own_ceiling", "quote", "nothing_to_raise"): "asked only for a ceiling under the limit",
    ("bill_installment", "quote", "missing"): "eligibility asks for the purchases",
    ("transaction_installment", "quote", "missing"): "eligibility asks for the amount",
    ("cash_installment", "quote", "missing"): "eligibility asks for both limits and a readable amount",
    ("bill_installment", "quote", "below_minimum"): "90 % of CNY 500 is the smallest principal",
    ("transaction_installment", "quote", "below_minimum"): "eligibility asks for CNY 100",
    ("cash_installment", "quote", "below_minimum"): "half of CNY 1,000 is the smallest principal",
    (ALL, "quote", "too_small_for_term"): "CNY 100 over 24 months still repays something each month",
    # --- numbers that cannot come out so ---
    ("bill_installment", "suitability", SAVES): "0.05 % a day is more than any term",
    ("transaction_installment", "suitability", SAVES): "0.05 % a day is more than any term",
    ("bill_installment", "arbitration", "bank_only"): "a saving or liquidity is above 0",
    ("transaction_installment", "arbitration", "bank_only"): "a saving or liquidity is above 0",
    ("cash_installment", "arbitration", "bank_only"): "liquidity is above 0",
    ("fee_package", "arbitration", "bank_only"): "a package saves something",
    ("safe_limit", "arbitration", "bank_only"): "both sides value the raise",
    ("temporary_limit", "arbitration", "bank_only"): "both sides value the raise",
    ("card_upgrade_gold", "arbitration", "bank_only"): "half of the benefits is more than the whole new fee",
    ("card_upgrade_platinum", "arbitration", "bank_only"): "half of the benefits is more than the whole new fee",
    (ALL, "arbitration", "no_value"): "what is worth nothing to the bank costs the customer nothing",
    (ALL, "script", "unspeakable"): "what is said is a number of the quote, or optional",
}  # fmt: skip
"""Cells that no customer can reach, and why. One that a case reaches must go."""


class Cell(NamedTuple):
    offer: str
    stage: str
    reason: str


# --- what can happen --------------------------------------------------------------------------------------------------


def possible(pack: RulePack) -> Iterator[tuple[Cell, str]]:
    """Every cell of the pack, with its condition where it has one."""
    for offer in pack.offers:
        for stage, reason, text in (*_ranks(offer, pack), *_rules(offer, pack), *_codes(offer)):
            yield Cell(offer.id, stage, reason), text


def _ranks(offer: Offer, pack: RulePack) -> Iterator[tuple[str, str, str]]:
    yield "rank", "wins", ""
    yield "rank", "loses", ""
    others = [each for each in pack.offers if each is not offer]
    if offer.exclusive_group is not None and any(each.exclusive_group == offer.exclusive_group for each in others):
        yield "arbitration", "exclusive_group", offer.exclusive_group
    if any(each.family == offer.family for each in others):
        yield "arbitration", "family_limit", offer.family


def _rules(offer: Offer, pack: RulePack) -> Iterator[tuple[str, str, str]]:
    for gate in pack.gates:
        if gate.at == "pitch" and offer.kind in gate.kinds and (gate.families is None or offer.family in gate.families):
            yield "gates", gate.id, gate.clause.expression.text
    for stage in OWN_STAGES:
        for clause in getattr(offer, stage):
            yield stage, clause.id, clause.expression.text
    for rule in pack.contact or ():
        if offer.kind in rule.kinds and (rule.families is None or offer.family in rule.families):
            yield "contact_policy", rule.id, rule.suppress.expression.text
    for floor in pack.floors_of(offer):
        yield "contact_policy", floor.id, ""
    for cap in pack.caps_of(offer):
        yield "volume", cap.id, ""
        if cap.amount is not None:
            yield "quote", cap.id, ""
    for bound in pack.compliance:
        if bound.must is not None and bound.severity == "block" and bound.concerns(offer.family, "phone", "zh"):
            yield "compliance", bound.id, bound.must.expression.text


def _codes(offer: Offer) -> Iterator[tuple[str, str, str]]:
    for code in sorted(STAGE_CODES["validity"]):
        yield "validity", code, ""
    if offer.for_each is not None:
        yield "eligibility", "no_record", ""
    if offer.quote is not None:
        for code in QUOTE_CODES[type(offer.quote)](offer.quote):
            yield "quote", code, ""
    if offer.customer_value is not None and offer.customer_value.amount.reads:
        yield "arbitration", "bank_only", ""
        yield "arbitration", "no_value", ""
    if offer.propensity is not None and _may_be_unknown(offer.propensity):
        yield "arbitration", "no_propensity", ""
    if offer.script is not None:
        yield "script", "no_treatment", ""
        yield "script", "unspeakable", ""


def _may_be_unknown(propensity: Propensity) -> bool:
    """A number that is written out never is."""
    stated = propensity.expression
    return propensity.fallback is None and (stated is None or bool(stated.reads))


# --- what the cases do ------------------------------------------------------------------------------------------------


def decided(engine: Engine, case: Case) -> Decision:
    """The case as `nbo test` decides it: as if any number of offers could be shown."""
    limit = len(engine.pack.offers)
    return engine.decide(facts_of(case, engine), channel=case.channel, language=case.language, limit=limit)


def covered(decisions: list[tuple[Case, Decision]]) -> tuple[set[Cell], set[Cell]]:
    """The cells that the cases reach, and those among them that a case states."""
    reached: set[Cell] = set()
    stated: set[Cell] = set()
    for case, decision in decisions:
        for cell, is_stated in _cells(case, decision):
            reached.add(cell)
            if is_stated:
                stated.add(cell)
    return reached, stated


def _cells(case: Case, decision: Decision) -> Iterator[tuple[Cell, bool]]:
    expected = case.expected
    first = expected.winner or next(iter(expected.order), None)
    for place, each in enumerate(decision.offers):
        if place == 0:
            yield Cell(each.offer, "rank", "wins"), first is not None and each.offer in first.offers
        else:
            yield Cell(each.offer, "rank", "loses"), any(each.offer in named.offers for named in expected.order[1:])
    for name, blocked in decision.blocked.items():
        is_stated = _states(case, decision, name, blocked)
        if blocked.unknown and blocked.code != "missing":
            continue
        yield Cell(name, blocked.stage, blocked.code), is_stated
        if blocked.code in DISPLACED:
            yield Cell(name, "rank", "loses"), is_stated


def _states(case: Case, decision: Decision, offer: str, blocked: Blocked) -> bool:
    """Whether the case fails if the offer is stopped for another reason."""
    expected = case.expected
    because = {blocked.code}
    if blocked.clause is not None:
        because |= {each.name for each in blocked.clause.expression.reads}
    if any(
        offer in each.offer.offers and each.stage == blocked.stage and each.because in because
        for each in expected.blocked
    ):
        return True
    if blocked.code == "missing" and any(
        offer in named.offers and names <= set(blocked.missing) for named, names in expected.unknown
    ):
        return True
    if decision.reason is None or (expected.reason, decision.reason.source) != (blocked.code, str(blocked.span)):
        return False
    return sum(each.span == blocked.span for each in decision.blocked.values()) == 1


@pytest.fixture(scope="module")
def engine(sample: Engine) -> Engine:
    return sample


@pytest.fixture(scope="module")
def decisions(engine: Engine) -> list[tuple[Case, Decision]]:
    return [(case, decided(engine, case)) for case in engine.pack.cases]


# --- the matrix -------------------------------------------------------------------------------------------------------


def _excepted(cell: Cell, text: str) -> list[tuple[str, str, str]]:
    names = [(offer, cell.stage, reason) for offer in (cell.offer, ALL) for reason in (cell.reason, text)]
    return [each for each in names if each in CANNOT_OCCUR]


def test_every_offer_wins_loses_and_is_blocked_for_each_of_its_reasons(
    engine: Engine, decisions: list[tuple[Case, Decision]]
) -> None:
    _, stated = covered(decisions)
    without = [
        f"{cell.offer}: {cell.stage} {cell.reason} {text}".rstrip()
        for cell, text in possible(engine.pack)
        if cell not in stated and not _excepted(cell, text)
    ]
    assert not without, "\n".join(["no case states:", *without])


def test_an_exception_is_one_that_no_case_reaches(engine: Engine, decisions: list[tuple[Case, Decision]]) -> None:
    reached, _ = covered(decisions)
    cells = dict(possible(engine.pack))
    needed = {name for cell, text in cells.items() if cell not in reached for name in _excepted(cell, text)}
    wrong = {name for cell, text in cells.items() if cell in reached for name in _excepted(cell, text)}
    unneeded = [" ".join(each) for each in sorted((CANNOT_OCCUR.keys() - needed) | wrong)]
    assert not unneeded, "\n".join(["can occur, or is no reason at all:", *unneeded])


def test_every_code_of_a_quote_belongs_to_a_kind_of_quote(engine: Engine) -> None:
    offered = [each.quote for each in engine.pack.offers if each.quote is not None]
    assert {code for terms in offered for code in QUOTE_CODES[type(terms)](terms)} == STAGE_CODES["quote"]


# --- arbitration: without any one of its rules a case comes out in another order ---------------------------------------


def variants(pack: RulePack) -> Iterator[tuple[str, RulePack]]:
    """The pack without one rule of its arbitration at a time.

    Between service offers scores are equal, so their priorities decide; the lowest one loses without it, too.
    """
    rules = pack.arbitration
    for place, weight in enumerate(rules.context):
        rest = rules.context[:place] + rules.context[place + 1 :]
        families = "all" if weight.families is None else ", ".join(sorted(weight.families))
        yield f"weight {weight.weight} for {families}: {weight.when.text}", _with(pack, context=rest)
    yield "value to the customer", _with(pack, bank=Decimal(1), customer=Decimal(0))
    yield "value to the bank", _with(pack, bank=Decimal(0), customer=Decimal(1))
    yield "per_family", _with(pack, per_family=len(pack.offers))
    yield "lowest value", _with(pack, bounds=replace(rules.bounds, v=(Decimal(0), Decimal(1))))
    lowest = min(each.priority for each in pack.offers if each.kind == "service")
    for each in pack.offers:
        if each.family in rules.mandatory_families:
            yield f"mandatory {each.id}", _with_offer(pack, replace(each, tier=1))
        elif each.kind == "service" and each.priority > lowest:
            yield f"priority of {each.id}", _with_offer(pack, replace(each, priority=0))
    yield "groups", replace(pack, offers=tuple(replace(each, exclusive_group=None) for each in pack.offers))


def _with(pack: RulePack, **changes: Any) -> RulePack:
    return replace(pack, arbitration=replace(pack.arbitration, **changes))


def _with_offer(pack: RulePack, offer: Offer) -> RulePack:
    return replace(pack, offers=tuple(offer if each.id == offer.id else each for each in pack.offers))


def test_every_rule_of_arbitration_decides_a_case(engine: Engine, decisions: list[tuple[Case, Decision]]) -> None:
    rivals = [
        case
        for case, decision in decisions
        if len(decision.offers) + sum(each.code in DISPLACED for each in decision.blocked.values()) > 1
    ]
    undecided = []
    for name, pack in variants(engine.pack):
        variant = Engine(pack)
        if not any(_comes_out_otherwise(case, decided(variant, case)) for case in rivals):
            undecided.append(name)
    assert not undecided, "\n".join(["no case would come out otherwise without:", *undecided])


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("value_for_the_customer", {"bank": Decimal(1), "customer": Decimal(0)}),
        ("value_for_the_bank", {"bank": Decimal(0), "customer": Decimal(1)}),
        ("fund_and_insurance", {"levers": {"investment_referral": Decimal("0.20")}}),
    ],
)
def test_the_winner_is_another_where_a_side_of_value_does_not_count_or_a_lever_is_pulled(
    engine: Engine, name: str, changes: dict[str, Any]
) -> None:
    case = next(each for each in engine.pack.cases if each.id == name)
    assert not _comes_out_otherwise(case, decided(engine, case))
    assert _comes_out_otherwise(case, decided(Engine(_with(engine.pack, **changes)), case))


def _comes_out_otherwise(case: Case, decision: Decision) -> bool:
    """Whether the winner or the order that the case states is another."""
    order = replace(case.expected, blocked=(), unknown=(), quote={}, must=(), never=(), says=(), nowhere=())
    return any(each.what in {"winner", "order"} for each in differences(order, decision.to_dict(), {}))
