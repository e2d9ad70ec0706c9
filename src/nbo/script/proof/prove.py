"""The proof at load: every treatment, in every language, for every offer that uses it, against every rule.

Rule by rule and never by enumerating texts. A required slot or field must be said by segments that cannot all be off
together. Forbidden wording is sought inside each segment and across every join that can occur. Talk time is that of the
most that one customer can hear, at the worst case of each placeholder. Literal numbers are sought wherever no placeholder
stands. A failure names a customer who would hear it; what no customer can hear is not reported.

What is shown beside a script (an offer's label, what speaks for it, who collects, what default costs) holds no forbidden
wording either. A rule that has lapsed is left out; one that comes into force later gives warnings until then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import cast

from nbo.diagnostics.diagnostic import Diagnostic
from nbo.diagnostics.place import Span
from nbo.language.template import Placeholder
from nbo.pack.clause import Words
from nbo.pack.compliance import ComplianceRule
from nbo.pack.memory import Memory
from nbo.pack.offer import Offer
from nbo.pack.rulepack import RulePack
from nbo.pack.script import Treatment
from nbo.script.compliance import ScriptChecker, checker_of
from nbo.script.lexicon_check import check_lexicon
from nbo.script.proof.occurrence import Occurrence
from nbo.script.proof.required import unsaid
from nbo.script.proof.skeleton import Said, Skeleton, skeleton
from nbo.script.proof.talk_time import answers_too_long, bounds, too_long
from nbo.script.proof.wording import Joins, Wording, literal_numbers, personal, shown_beside


def prove(pack: RulePack, today: date, memory: Memory | None = None) -> list[Diagnostic]:
    """What is wrong with the pack's scripts; rules of severity `warn` give warnings.

    `memory` is that of the load at hand; what it knows of a reloaded pack is not proven again.
    """
    found: dict[tuple[str, str, int, int], Diagnostic] = {}
    for diagnostic in _Prover(pack, today, Memory() if memory is None else memory).found():
        span = diagnostic.span
        place = ("", 0, 0) if span is None else (span.source.path, span.start, span.end)
        found.setdefault((diagnostic.message(), *place), diagnostic)
    return list(found.values())


class _Prover:
    """Goes through the offers of a pack.

    PERF: many offers share a script. What is found of it without asking who gets the offer is found once for all offers
    that the same rules concern and whose numbers have the same bounds (benchmarks/loading.py).
    """

    def __init__(self, pack: RulePack, today: date, memory: Memory) -> None:
        self.pack = pack
        self.memory = memory
        self.checker = checker_of(pack, memory)
        self.rules = tuple(rule for rule in pack.compliance if not rule.in_force.is_over(today))
        self.soft = frozenset(
            rule.id for rule in self.rules if rule.severity == "warn" or not rule.in_force.covers(today)
        )
        self.said: dict[tuple[Treatment, str], tuple[Placeholder, ...]] = {}
        self.forbidding: dict[tuple[str, str], tuple[ComplianceRule, ...]] = {}
        self.concerned: dict[tuple[str, frozenset[str], str], tuple[ComplianceRule, ...]] = {}

    def found(self) -> Iterator[Diagnostic]:
        """All findings; one of a script that several offers share may come several times."""
        rules = self.pack.compliance
        yield from self.memory.made(("lexicon", rules), lambda: tuple(check_lexicon(rules)))
        given = (self.rules, self.soft, self.pack.languages, self.pack.dictionary, self.pack.gates)
        around = self.memory.made(("proof", *given), object)
        worded = self.memory.made(("beside", self.rules, self.soft, self.pack.languages), object)
        for offer in self.pack.offers:
            yield from self.memory.made(("beside", offer, worded), partial(self.beside, offer))
            yield from self.memory.made(("proof", offer, around), partial(self.of_offer, offer))

    def of_offer(self, offer: Offer) -> tuple[Diagnostic, ...]:
        """What is wrong with the words of one offer."""
        found: list[Diagnostic] = []
        for treatment in () if offer.script is None else offer.script.treatments:
            occurrence = Occurrence(self.pack, offer, treatment)
            for language in self.pack.languages:
                found.extend(self.proven(offer, treatment, language, occurrence))
        return tuple(found)

    def placeholders(self, treatment: Treatment, language: str) -> tuple[Placeholder, ...]:
        """Every attribute that a treatment says, once."""
        if (treatment, language) not in self.said:
            spoken = (*treatment.segments, *(each.answer for each in treatment.objections))
            every = (placeholder for each in spoken for placeholder in each.texts[language].placeholders)
            self.said[treatment, language] = tuple({each.attribute.name: each for each in every}.values())
        return self.said[treatment, language]

    def beside(self, offer: Offer) -> tuple[Diagnostic, ...]:
        """What is wrong with the texts that an agent sees with the offer, on any channel."""
        found: list[Diagnostic] = []
        for language in self.pack.languages:
            scope = (offer.family, language)
            if scope not in self.forbidding:
                self.forbidding[scope] = tuple(
                    rule for rule in self.rules if rule.kind == "forbid" and rule.concerns(offer.family, None, language)
                )
            wording = Wording(self.forbidding[scope], self.soft, self.checker)
            for words, span in _shown_beside(offer):
                found.extend(shown_beside(wording, words.get(language, ""), span))
        return tuple(found)

    def proven(self, offer: Offer, treatment: Treatment, language: str, occurrence: Occurrence) -> Sequence[Diagnostic]:
        """What is wrong with one treatment of one offer in one language."""
        scope = (offer.family, treatment.channels, language)
        if scope not in self.concerned:
            self.concerned[scope] = tuple(
                rule
                for rule in self.rules
                if any(rule.concerns(offer.family, each, language) for each in treatment.channels)
            )
        rules = self.concerned[scope]
        for_all = (
            "proof",
            treatment,
            language,
            rules,
            self.soft,
            self.pack.dictionary,
            bounds(self.placeholders(treatment, language), offer, language),
        )
        for_one = (*for_all, offer, self.pack.gates)
        for key in (for_all, for_one):
            known = self.memory.find(key)
            if known is not Memory.NOTHING:
                return cast("Sequence[Diagnostic]", known)
        occurrence.asked_who_gets_it = False
        found = tuple(_Proof(rules, self.soft, self.checker, occurrence, offer, treatment, language).run())
        return self.memory.keep(for_one if occurrence.asked_who_gets_it else for_all, found)


def _shown_beside(offer: Offer) -> Iterator[tuple[Words, Span]]:
    """The texts that an agent sees with the offer, on any channel."""
    yield offer.labels, offer.span
    for clause in offer.applicability:
        yield clause.because, clause.span
    if offer.quote is not None:
        yield from ((words, offer.quote.span) for words in offer.quote.texts())


@dataclass(frozen=True, slots=True, eq=False)
class _Proof:
    """One treatment of one offer in one language."""

    rules: Sequence[ComplianceRule]
    soft: frozenset[str]
    checker: ScriptChecker
    occurrence: Occurrence
    offer: Offer
    treatment: Treatment
    language: str

    def run(self) -> Iterator[Diagnostic]:
        segments = [(each, skeleton(each.texts[self.language])) for each in self.treatment.segments]
        answers = [skeleton(each.answer.texts[self.language]) for each in self.treatment.objections]
        texts = [*(text for _, text in segments), *answers]
        wording = Wording([rule for rule in self.rules if rule.kind == "forbid"], self.soft, self.checker)
        for text in texts:
            yield from personal(text)
            yield from wording.within(text, self.language)
        yield from Joins(segments, wording, self.occurrence, self.language).forbidden()
        for rule in self.rules:
            for diagnostic in self.asked(rule, segments, answers):
                yield diagnostic.softened() if rule.id in self.soft else diagnostic

    def asked(
        self, rule: ComplianceRule, segments: Sequence[Said], answers: Sequence[Skeleton]
    ) -> Iterator[Diagnostic]:
        """What a rule on more than wording finds."""
        match rule.kind:
            case "bind":
                for text in (*(each for _, each in segments), *answers):
                    yield from literal_numbers(rule, text, self.checker, self.language)
            case "require":
                yield from unsaid(rule, segments, self.checker, self.occurrence, self.treatment, self.language)
            case "talk_time":
                yield from too_long(rule, segments, self.offer, self.treatment, self.occurrence, self.language)
                yield from answers_too_long(rule, answers, self.offer, self.language)
            case _:
                pass
