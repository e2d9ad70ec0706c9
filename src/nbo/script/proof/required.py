"""What a rule demands is said to everybody: a slot, a field or a phrase fails if all that says it can be off together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.language.template import Template
from nbo.pack.rulepack import ComplianceRule, Treatment
from nbo.script.compliance import ScriptChecker
from nbo.script.normalize import normalize
from nbo.script.proof.occurrence import Occurrence
from nbo.script.proof.skeleton import Said


def unsaid(
    rule: ComplianceRule,
    segments: Sequence[Said],
    checker: ScriptChecker,
    occurrence: Occurrence,
    treatment: Treatment,
    language: str,
) -> Iterator[Diagnostic]:
    """Everything that the rule asks for and that somebody would not hear."""
    shown: dict[str, Any] = {"rule": rule.id, "citation": rule.citation, "language": language}
    for field in rule.fields:
        sayers = [segment for segment, skeleton in segments if _says_field(skeleton.template, field)]
        customer = occurrence.customer(rule, off=sayers)
        if customer is not None:
            yield catalog.FIELD_NOT_SAID.at(treatment.span, field=field, customer=customer, **shown)
    phrases = checker.phrases.get((rule.id, language))
    if phrases:
        sayers = [segment for segment, skeleton in segments if _holds(skeleton.text, phrases)]
        customer = occurrence.customer(rule, off=sayers)
        if customer is not None:
            known = ", ".join((rule.phrases or {}).get(language, ()))
            yield catalog.PHRASE_NOT_SAID.at(treatment.span, phrases=known, customer=customer, **shown)
    for slot, by_language in (rule.slots or {}).items():
        accepted = checker.slot_phrases.get((rule.id, slot, language), ())
        fillers = [(segment, skeleton) for segment, skeleton in segments if slot in segment.says]
        worded = [segment for segment, skeleton in fillers if _holds(skeleton.text, accepted)]
        for segment, skeleton in fillers:
            if segment not in worded:
                known = ", ".join(by_language.get(language, ()))
                span = skeleton.template.scalar.span
                yield catalog.SLOT_NOT_WORDED.at(span, slot=slot, phrases=known, **shown)
        customer = occurrence.customer(rule, off=worded)
        if customer is not None:
            yield catalog.SLOT_NOT_FILLED.at(treatment.span, slot=slot, customer=customer, **shown)


def _says_field(template: Template, field: str) -> bool:
    return any(placeholder.attribute.name == field for placeholder in template.placeholders)


def _holds(text: str, phrases: Sequence[str]) -> bool:
    normal = normalize(text).text
    return any(phrase in normal for phrase in phrases)
