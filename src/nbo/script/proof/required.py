"""What a rule demands is said to everybody: a slot, a field or a phrase fails if all that says it can be off together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.language.template import Template
from nbo.pack.compliance import ComplianceRule
from nbo.pack.script import Segment, Treatment
from nbo.script.compliance import ScriptChecker
from nbo.script.normalize import normalize
from nbo.script.proof.occurrence import Occurrence
from nbo.script.proof.skeleton import Said, Skeleton


def unsaid(
    rule: ComplianceRule,
    segments: Sequence[Said],
    checker: ScriptChecker,
    occurrence: Occurrence,
    treatment: Treatment,
    language: str,
) -> Iterator[Diagnostic]:
    """Everything that the rule asks for and that somebody would not hear."""
    proof = _Required(rule, segments, checker, occurrence, treatment, language)
    triggers: list[tuple[Segment, ...]]
    triggers = [()] if rule.if_said is None else [(segment,) for segment, text in segments if proof.triggers(text)]
    for on in triggers:
        yield from proof.asked(on)


@dataclass(frozen=True, slots=True, eq=False)
class _Required:
    rule: ComplianceRule
    segments: Sequence[Said]
    checker: ScriptChecker
    occurrence: Occurrence
    treatment: Treatment
    language: str

    def triggers(self, text: Skeleton) -> bool:
        """Whether a segment says what makes the rule ask."""
        if_said = self.rule.if_said
        if if_said is None or any(_says_field(text.template, field) for field in if_said.fields):
            return True
        return self.checker.triggers[self.rule.id].occurs_in(normalize(text.text))

    def asked(self, on: Sequence[Segment]) -> Iterator[Diagnostic]:
        """What somebody who hears `on` would not hear."""
        rule, language, span = self.rule, self.language, self.treatment.span
        shown: dict[str, Any] = {"rule": rule.id, "citation": rule.citation, "language": language}
        for field in rule.fields:
            sayers = [segment for segment, text in self.segments if _says_field(text.template, field)]
            customer = self.occurrence.customer(rule, on=on, off=sayers)
            if customer is not None:
                yield catalog.FIELD_NOT_SAID.at(span, field=field, customer=customer, **shown)
        phrases = self.checker.phrases.get((rule.id, language))
        if phrases:
            sayers = [segment for segment, text in self.segments if _holds(text.text, phrases)]
            customer = self.occurrence.customer(rule, on=on, off=sayers)
            if customer is not None:
                known = ", ".join((rule.phrases or {}).get(language, ()))
                yield catalog.PHRASE_NOT_SAID.at(span, phrases=known, customer=customer, **shown)
        for slot, by_language in (rule.slots or {}).items():
            accepted = self.checker.slot_phrases.get((rule.id, slot, language), ())
            fillers = [(segment, text) for segment, text in self.segments if slot in segment.says]
            worded = [segment for segment, text in fillers if _holds(text.text, accepted)]
            for segment, text in fillers:
                if segment not in worded:
                    known = ", ".join(by_language.get(language, ()))
                    yield catalog.SLOT_NOT_WORDED.at(text.template.scalar.span, slot=slot, phrases=known, **shown)
            customer = self.occurrence.customer(rule, on=on, off=worded)
            if customer is not None:
                yield catalog.SLOT_NOT_FILLED.at(span, slot=slot, customer=customer, **shown)


def _says_field(template: Template, field: str) -> bool:
    return any(placeholder.attribute.name == field for placeholder in template.placeholders)


def _holds(text: str, phrases: Sequence[str]) -> bool:
    normal = normalize(text).text
    return any(phrase in normal for phrase in phrases)
