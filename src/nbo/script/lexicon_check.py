"""What is probably not meant in the wording lists of a rule: what is there twice, and what has no effect.

Place: part of the proof at load. In go the rules of a pack, out come warnings at the entries. What cannot be sought at all
(an empty wording, one that is too long) is an error of the file already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.diagnostics.place import Span
from nbo.pack.compliance import ComplianceRule
from nbo.script.normalize import normalize
from nbo.script.terms import TermSet
from nbo.script.wording import Wording


def check_lexicon(rules: Iterable[ComplianceRule]) -> Iterator[Diagnostic]:
    """Warnings about the terms and exceptions of the rules that forbid wording."""
    for rule in rules:
        if rule.kind == "forbid":
            yield from _twice(rule.terms, rule.term_spans)
            yield from _twice(rule.excepts, rule.except_spans)
            yield from _never_found(rule)
            yield from _without_effect(rule)


def _twice(written: Sequence[str], spans: Sequence[Span]) -> Iterator[Diagnostic]:
    first: dict[str, tuple[str, Span]] = {}
    for each, span in zip(written, spans, strict=True):
        normal = Wording(each).normal
        if normal in first:
            other, place = first[normal]
            yield catalog.WORDING_TWICE.at(span, wording=each, other=other, line=place.line)
        else:
            first[normal] = each, span


def _never_found(rule: ComplianceRule) -> Iterator[Diagnostic]:
    """Terms that lie inside an exception wherever they stand."""
    for term, span in zip(rule.terms, rule.term_spans, strict=True):
        text = normalize(term)
        if TermSet([term], rule.excepts).occurs_in(text) or not TermSet([term]).occurs_in(text):
            continue
        swallowing = next(phrase for phrase in rule.excepts if not TermSet([term], [phrase]).occurs_in(text))
        yield catalog.TERM_NEVER_FOUND.at(span, term=term, phrase=swallowing)


def _without_effect(rule: ComplianceRule) -> Iterator[Diagnostic]:
    """Exceptions inside which no term can be."""
    terms = TermSet(rule.terms)
    for phrase, span in zip(rule.excepts, rule.except_spans, strict=True):
        if rule.terms and not terms.occurs_in(normalize(phrase)):
            yield catalog.EXCEPTION_WITHOUT_TERM.at(span, phrase=phrase)
