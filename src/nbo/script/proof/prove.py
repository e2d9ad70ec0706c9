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

from nbo.diagnostics.diagnostic import Diagnostic
from nbo.diagnostics.place import Span
from nbo.pack.rulepack import ComplianceRule, Offer, RulePack, Treatment, Words
from nbo.script.compliance import ScriptChecker
from nbo.script.lexicon_check import check_lexicon
from nbo.script.proof.occurrence import Occurrence
from nbo.script.proof.required import unsaid
from nbo.script.proof.skeleton import Said, Skeleton, skeleton
from nbo.script.proof.talk_time import answers_too_long, too_long
from nbo.script.proof.wording import Joins, Wording, literal_numbers, personal, shown_beside


def prove(pack: RulePack, today: date) -> list[Diagnostic]:
    """What is wrong with the pack's scripts; rules of severity `warn` give warnings."""
    checker = ScriptChecker(pack)
    found: dict[tuple[str, str, int, int], Diagnostic] = {}
    for diagnostic in _found(pack, checker, today):
        span = diagnostic.span
        place = ("", 0, 0) if span is None else (span.source.path, span.start, span.end)
        found.setdefault((diagnostic.message(), *place), diagnostic)
    return list(found.values())


def _found(pack: RulePack, checker: ScriptChecker, today: date) -> Iterator[Diagnostic]:
    yield from check_lexicon(pack.compliance)
    rules = [rule for rule in checker.rules if not rule.in_force.is_over(today)]
    soft = frozenset(rule.id for rule in rules if rule.severity == "warn" or not rule.in_force.covers(today))
    for offer in pack.offers:
        for language in pack.languages:
            forbidding = [
                rule for rule in rules if rule.kind == "forbid" and rule.concerns(offer.family, None, language)
            ]
            for words, span in _shown_beside(offer):
                yield from shown_beside(Wording(forbidding, soft, checker), words.get(language, ""), span)
        for treatment in () if offer.script is None else offer.script.treatments:
            occurrence = Occurrence(pack, offer, treatment)
            for language in pack.languages:
                concerned = [
                    rule
                    for rule in rules
                    if any(rule.concerns(offer.family, each, language) for each in treatment.channels)
                ]
                yield from _Proof(concerned, soft, checker, occurrence, offer, treatment, language).run()


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
