"""What a rule forbids is said to nobody: wording inside a text, across the joins that can occur, numbers bound to nothing.

A text that an agent sees beside a script (an offer's label, what speaks for it) is held to the same wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, Text
from nbo.diagnostics.place import Span
from nbo.pack.compliance import ComplianceRule
from nbo.pack.script import Segment
from nbo.script.compliance import ScriptChecker
from nbo.script.normalize import normalize
from nbo.script.pii import find_personal_data
from nbo.script.proof.occurrence import SOMEBODY, Occurrence
from nbo.script.proof.skeleton import Said, Skeleton, labeled
from nbo.script.render import JOINED_BY
from nbo.script.wording import marks_between_clauses

_PERSONAL = {
    "card_number": Text("a card number", "卡号"),
    "resident_id": Text("an identity number", "身份证号"),
    "mobile_number": Text("a telephone number", "电话号码"),
    "email": Text("an e-mail address", "电子邮箱"),
}
_ACROSS = Text("it arises where this follows the segment on line {line}", "它出现在本段与第 {line} 行的段落相接处")
_LONGEST_CLAUSE = 200  # characters of a clause that are looked at on either side of a join
_LONGEST_CHAIN = 3  # segments that one clause runs through; the check at run time has no such bound
_LABEL = Text("it arises where a label fills the placeholder", "它出现在占位符被标签填入之后")


def personal(skeleton: Skeleton) -> Iterator[Diagnostic]:
    """Personal data that somebody wrote into a text."""
    for found in find_personal_data(skeleton.text):
        yield catalog.PERSONAL_DATA.at(skeleton.span(found.start, found.end), kind=_PERSONAL[found.kind])


def shown_beside(wording: Wording, text: str, span: Span) -> Iterator[Diagnostic]:
    """Personal data and wording in a text without placeholders."""
    for found in find_personal_data(text):
        yield catalog.PERSONAL_DATA.at(span, kind=_PERSONAL[found.kind])
    for rule, _, _, term in wording.hits(text):
        yield wording.found(span, rule, term)


def literal_numbers(
    rule: ComplianceRule, skeleton: Skeleton, checker: ScriptChecker, language: str
) -> Iterator[Diagnostic]:
    """Numbers that somebody typed where a price is said."""
    for start, end in checker.numbers[rule.id, language].find(skeleton.text, ()):
        yield catalog.LITERAL_NUMBER.at(skeleton.span(start, end), number=skeleton.text[start:end], rule=rule.id)


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """The rules on wording that concern some texts, asked at once; what those in `soft` find is a warning."""

    rules: Sequence[ComplianceRule]
    soft: frozenset[str]
    checker: ScriptChecker

    def hits(self, text: str) -> Iterator[tuple[ComplianceRule, int, int, str]]:
        """Every forbidden wording in a text: the rule, where, and the term."""
        found = self.checker.lexicon(self.rules).find(normalize(text))
        for rule in self.rules:
            for start, end, term in found.get(rule.id, ()):
                yield rule, start, end, term

    def within(self, skeleton: Skeleton, language: str) -> Iterator[Diagnostic]:
        """Wording inside one text, as it is written or with a label that can fill a placeholder."""
        written = list(self.hits(skeleton.text))
        for rule, start, end, term in written:
            yield self.found(skeleton.span(start, end), rule, term)
        known = {(rule.id, term) for rule, _, _, term in written}
        for filled in labeled(skeleton.template, language):
            for rule, start, end, term in self.hits(filled.text):
                if (rule.id, term) not in known:
                    yield self.found(filled.span(start, end), rule, term, help_=_LABEL)

    def found(
        self,
        span: Span,
        rule: ComplianceRule,
        term: str,
        *,
        customer: Text = SOMEBODY,
        help_: Text | None = None,
        **values: object,
    ) -> Diagnostic:
        """Forbidden wording at a place."""
        error = catalog.FORBIDDEN_WORDING.at(
            span, term=term, rule=rule.id, citation=rule.citation, customer=customer, help=help_, **values
        )
        return error.softened() if rule.id in self.soft else error


@dataclass(frozen=True, slots=True, eq=False)
class Joins:
    """Where segments of a treatment follow one another: neighbors, or with only what can be off between them.

    Only the clause that goes on across a join is looked at. PERF: most segments end a sentence, so nothing of them goes on;
    200 treatments of 12 conditional segments each take 1.0 s (benchmarks/proof.py), where all that can follow one
    another within the length of a wording took 90.
    """

    segments: Sequence[Said]
    wording: Wording
    occurrence: Occurrence
    language: str

    def forbidden(self) -> Iterator[Diagnostic]:
        """Wording that arises across a join, if one customer can hear it so."""
        marks = marks_between_clauses(rule.terms for rule in self.wording.rules)
        for index, (segment, skeleton) in enumerate(self.segments):
            tail = marks.split(skeleton.text)[-1][-_LONGEST_CLAUSE:]
            if tail.strip():
                start = _Chain(tail, len(tail), (segment,), (), skeleton.template.scalar.span.line)
                yield from self._after(index, start, marks)

    def _after(self, last: int, chain: _Chain, marks: re.Pattern[str]) -> Iterator[Diagnostic]:
        for index in range(last + 1, len(self.segments)):
            segment, skeleton = self.segments[index]
            begin = len(chain.text) + len(JOINED_BY[self.language])
            head = marks.split(skeleton.text, maxsplit=1)[0][:_LONGEST_CLAUSE]
            longer = chain.then(segment, JOINED_BY[self.language] + head)
            for rule, start, end, term in self.wording.hits(longer.text):
                if start < chain.tail and end > begin:
                    customer = self.occurrence.customer(rule, on=longer.said, off=longer.unsaid)
                    if customer is not None:
                        span = skeleton.span(0, end - begin)
                        yield self.wording.found(span, rule, term, customer=customer, line=chain.line, help_=_ACROSS)
            if head == skeleton.text and len(longer.said) < _LONGEST_CHAIN:  # the clause goes on behind it
                yield from self._after(index, longer, marks)
            if segment.when is None and not segment.optional:
                return
            chain = chain.without(segment)


@dataclass(frozen=True, slots=True)
class _Chain:
    """Segments that follow one another: their text from the tail of the first on, what is said, what is left out."""

    text: str
    tail: int
    said: tuple[Segment, ...]
    unsaid: tuple[Segment, ...]
    line: int

    def then(self, segment: Segment, text: str) -> _Chain:
        return replace(self, text=self.text + text, said=(*self.said, segment))

    def without(self, segment: Segment) -> _Chain:
        return replace(self, unsaid=(*self.unsaid, segment))
