"""What the evidence report tells of a checked pack, as plain values.

In: a pack that `check` has passed, the results of its own cases, and a day. Out: a `Report`: every rule with where it
applies and what the cases show of it, every offer, every treatment with its longest talk time and largest values. It has no
words of its own and reads no clock; the same input gives the same report.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from nbo.diagnostics.diagnostic import Diagnostic
from nbo.language.types import Attribute, Kind
from nbo.pack.clause import InForce
from nbo.pack.compliance import ComplianceRule, GateRule
from nbo.pack.files.shared import ANSWER
from nbo.pack.offer import Offer
from nbo.pack.rulepack import RulePack, every_rule
from nbo.pack.script import Script, Treatment
from nbo.script.compliance import PERSONAL_DATA
from nbo.script.longest import largest_number, rate_digits
from nbo.script.proof.occurrence import Occurrence
from nbo.script.proof.skeleton import skeleton
from nbo.script.proof.talk_time import longest_answer, longest_seconds
from nbo.workbench.run_cases import CaseResult

Standing = Literal["in_force", "to_come", "lapsed"]
Stop = tuple[str, str, str]  # stage, offer where the condition is one's own, code
_OWN_STAGES = ("eligibility", "applicability", "volume", "suitability")


@dataclass(frozen=True, slots=True)
class RuleEvidence:
    """One compliance rule: whether it is in force, which offers it is about, what the pack's cases show of it.

    `passed` and `warned` count final texts and quotes that it was held against; `stopped` names the cases in which it was
    the reason for a stop.
    """

    rule: ComplianceRule | GateRule
    standing: Standing
    offers: tuple[str, ...]
    passed: int
    warned: int
    stopped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """The longest that a treatment's stages can take for one offer, in seconds; None where a value has no bound."""

    rule: ComplianceRule
    offer: str
    language: str
    seconds: Decimal | None


@dataclass(frozen=True, slots=True)
class Filled:
    """A placeholder of a treatment and, by offer, the most that it can hold; None where nothing bounds it.

    Of a number the largest value, of a rate the percentage that it stays below, of a text its characters.
    """

    attribute: Attribute
    most: tuple[tuple[str, Decimal | None], ...]


@dataclass(frozen=True, slots=True)
class TreatmentEvidence:
    """One treatment with its talk times and placeholders, for all offers that use its script."""

    treatment: Treatment
    talks: tuple[Talk, ...]
    filled: tuple[Filled, ...]


@dataclass(frozen=True, slots=True)
class ScriptEvidence:
    """One script with the offers that use it."""

    script: Script
    offers: tuple[str, ...]
    treatments: tuple[TreatmentEvidence, ...]


@dataclass(frozen=True, slots=True)
class OfferEvidence:
    """One offer: whether it is valid on the day, the rules about it by id, in how many cases it was offered."""

    offer: Offer
    standing: Standing
    rules: tuple[str, ...]
    offered: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything, in the pack's own order; `stopped` has, by condition, the cases that it was the reason for a stop in."""

    pack: RulePack
    at: datetime  # in the pack's zone
    rules: tuple[RuleEvidence, ...]
    personal_data_checks: int  # final texts in the cases that were searched for personal data, which none held
    offers: tuple[OfferEvidence, ...]
    scripts: tuple[ScriptEvidence, ...]
    stopped: Mapping[Stop, tuple[str, ...]]
    cases: int
    failing: tuple[str, ...]
    findings: tuple[Diagnostic, ...]


def collect(pack: RulePack, results: Iterable[CaseResult], findings: Sequence[Diagnostic], at: datetime) -> Report:
    """The report as of `at`, which has a zone; `findings` are what `check` had to say of the pack."""
    moment = at.astimezone(pack.zone)
    today = moment.date()
    ran = _Ran(results)
    rules = tuple(_rules(pack, ran, today))
    about: dict[str, list[str]] = defaultdict(list)
    for each in rules:
        for offer in each.offers:
            about[offer].append(each.rule.id)
    return Report(
        pack=pack,
        at=moment,
        rules=rules,
        personal_data_checks=ran.checks[PERSONAL_DATA, "passed"],
        offers=tuple(
            OfferEvidence(each, standing(each.valid, today), tuple(about[each.id]), ran.offered[each.id])
            for each in pack.offers
        ),
        scripts=tuple(_script(pack, pack.scripts[name]) for name in sorted(pack.scripts)),
        stopped={stop: tuple(cases) for stop, cases in sorted(ran.stopped.items())},
        cases=ran.cases,
        failing=tuple(ran.failing),
        findings=tuple(findings),
    )


def standing(force: InForce, today: date) -> Standing:
    """Whether something is in force on a day, is to come, or has lapsed."""
    if force.covers(today):
        return "in_force"
    return "lapsed" if force.is_over(today) else "to_come"


class _Ran:
    """What the pack's cases showed: the checks that they ran, the stops that they gave a reason for."""

    def __init__(self, results: Iterable[CaseResult]) -> None:
        self.cases = 0
        self.failing: list[str] = []
        self.checks: Counter[tuple[str, str]] = Counter()  # by rule and status
        self.offered: Counter[str] = Counter()
        self.stopped: defaultdict[Stop, list[str]] = defaultdict(list)
        for result in results:
            self.cases += 1
            if not result.holds:
                self.failing.append(result.case.id)
            for offer in result.decision.offers:
                self.offered[offer.offer] += 1
                self.checks.update((check.rule, check.status) for check in offer.checks)
            for stop in dict.fromkeys(_stops(result)):
                self.stopped[stop].append(result.case.id)


def _stops(result: CaseResult) -> Iterator[Stop]:
    for each in result.explanation.offers:
        if each.stage is not None and each.reason is not None:
            yield each.stage, each.offer if each.stage in _OWN_STAGES else "", each.reason.code


def _rules(pack: RulePack, ran: _Ran, today: date) -> Iterator[RuleEvidence]:
    """The rules of each file in the order in which they are written, gates among the others."""
    files = [each.span.source.name for each in pack.jurisdictions]
    for rule in sorted(every_rule(pack), key=lambda each: (files.index(each.span.source.name), each.span.start)):
        stage = "gates" if isinstance(rule, GateRule) else "compliance"
        yield RuleEvidence(
            rule=rule,
            standing=standing(rule.in_force, today),
            offers=tuple(offer.id for offer in pack.offers if _concerns(rule, offer, pack.languages)),
            passed=ran.checks[rule.id, "passed"],
            warned=ran.checks[rule.id, "warned"],
            stopped=tuple(ran.stopped.get((stage, "", rule.id), ())),
        )


def _concerns(rule: ComplianceRule | GateRule, offer: Offer, languages: Sequence[str]) -> bool:
    """Whether there is something of the offer that the rule holds: its quote, its words, or its being brought up at all."""
    if rule.families is not None and offer.family not in rule.families:
        return False
    if isinstance(rule, GateRule):
        return True
    if rule.kind == "bound":
        return offer.quote is not None
    if rule.languages is not None and rule.languages.isdisjoint(languages):
        return False
    if offer.script is None:
        return rule.kind == "forbid" and rule.channels is None  # its label
    spoken = frozenset().union(*(each.channels for each in offer.script.treatments))
    return rule.channels is None or not spoken.isdisjoint(rule.channels)


def _script(pack: RulePack, script: Script) -> ScriptEvidence:
    users = [offer for offer in pack.offers if offer.script is script]
    treatments = tuple(
        TreatmentEvidence(each, tuple(_talks(pack, each, users)), tuple(_filled(each, users)))
        for each in script.treatments
    )
    return ScriptEvidence(script, tuple(offer.id for offer in users), treatments)


def _talks(pack: RulePack, treatment: Treatment, users: Iterable[Offer]) -> Iterator[Talk]:
    for offer in users:
        occurrence = Occurrence(pack, offer, treatment)
        for rule in pack.compliance:
            for language in pack.languages if rule.kind == "talk_time" else ():
                if any(rule.concerns(offer.family, each, language) for each in treatment.channels):
                    segments = [(each, skeleton(each.texts[language])) for each in treatment.segments]
                    longest = [longest_seconds(rule, segments, offer, occurrence, language)]
                    if ANSWER in rule.stages:
                        answers = [skeleton(each.answer.texts[language]) for each in treatment.objections]
                        longest.append(longest_answer(rule, answers, offer, language))
                    known = [each for each in longest if each is not None]
                    yield Talk(rule, offer.id, language, max(known) if len(known) == len(longest) else None)


def _filled(treatment: Treatment, users: Sequence[Offer]) -> Iterator[Filled]:
    said = [*(each.texts for each in treatment.segments), *(each.answer.texts for each in treatment.objections)]
    attributes = {
        placeholder.attribute.name: placeholder.attribute
        for texts in said
        for template in texts.values()
        for placeholder in template.placeholders
    }
    for attribute in attributes.values():
        yield Filled(attribute, tuple((offer.id, _most(attribute, offer)) for offer in users))


def _most(attribute: Attribute, offer: Offer) -> Decimal | None:
    match attribute.type.kind:
        case Kind.MONEY | Kind.INTEGER | Kind.DECIMAL:
            return largest_number(attribute, offer)
        case Kind.RATE:
            return Decimal(10) ** rate_digits(attribute, offer)
        case _:
            return None if attribute.max_length is None else Decimal(attribute.max_length)
