"""How long a pitch can take: the most that one customer can hear, with every placeholder at its longest value."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, Text
from nbo.language.template import Placeholder, Template
from nbo.language.types import Kind
from nbo.pack.compliance import ComplianceRule, Speed
from nbo.pack.files.shared import ANSWER
from nbo.pack.offer import Offer
from nbo.pack.script import Segment, Treatment
from nbo.script.longest import longest_text, longest_values
from nbo.script.proof.occurrence import SOMEBODY, Occurrence
from nbo.script.proof.skeleton import Said, Skeleton
from nbo.script.render import JOINED_BY
from nbo.script.speech import talk_seconds

_AMOUNTS = (Kind.MONEY, Kind.INTEGER)
_MOST_TRIES = 500
_Hears = Callable[[list[int], list[int]], Text | None]  # the customer who hears some segments and not others


def bounds(placeholders: Iterable[Placeholder], offer: Offer, language: str) -> Hashable:
    """What the talk time depends on in an offer besides its customers: how long the numbers of its quote can be."""
    terms = offer.quote
    if terms is None:
        return None
    found: list[Hashable] = [type(terms)]
    for each in placeholders:
        if each.attribute.name in terms.fields:
            longest = tuple(longest_values(each, offer, language))
            found.append(longest or terms.bound_advice(each.attribute.name))
    return tuple(found)


def too_long(
    rule: ComplianceRule,
    segments: Sequence[Said],
    offer: Offer,
    treatment: Treatment,
    occurrence: Occurrence,
    language: str,
) -> Iterator[Diagnostic]:
    """Whether what somebody hears of the stages takes longer than the rule lets it; and what nobody has bounded."""
    chosen = [(segment, skeleton) for segment, skeleton in segments if segment.stage in rule.stages]
    open_ends = list(_unbounded((skeleton.template for _, skeleton in chosen), offer, language))
    if open_ends:
        yield from open_ends
        return
    limit = rule.max_seconds or Decimal(0)
    found = _selection(rule, chosen, offer, occurrence, language, limit).worst()
    if found is not None:
        seconds, customer = found
        yield catalog.TALKS_TOO_LONG.at(
            treatment.span, seconds=seconds, limit=format(limit, "f"), stages=", ".join(rule.stages),
            language=language, rule=rule.id, customer=customer,
        )  # fmt: skip


def answers_too_long(
    rule: ComplianceRule, answers: Sequence[Skeleton], offer: Offer, language: str
) -> Iterator[Diagnostic]:
    """The answers to objections that take longer than the rule lets each of them take."""
    if ANSWER not in rule.stages:
        return
    speed, limit = (rule.speeds or {})[language], rule.max_seconds or Decimal(0)
    for answer in answers:
        open_ends = list(_unbounded([answer.template], offer, language))
        yield from open_ends
        text = longest_text(answer.template, offer, language, speed)
        seconds = Decimal(0) if text is None else talk_seconds(text, language, speed)
        if seconds > limit:
            yield catalog.TALKS_TOO_LONG.at(
                answer.template.scalar.span, seconds=seconds, limit=format(limit, "f"), stages=ANSWER,
                language=language, rule=rule.id, customer=SOMEBODY,
            )  # fmt: skip


def longest_seconds(
    rule: ComplianceRule, segments: Sequence[Said], offer: Offer, occurrence: Occurrence, language: str
) -> Decimal | None:
    """Seconds of the most that one customer can hear of the rule's stages; None where nothing bounds a placeholder.

    Answers to objections are not among `segments`: `longest_answer` is about them.

    It is never less than that; where the conditions are too many to follow, it is the time of everything together.
    """
    chosen = [(segment, skeleton) for segment, skeleton in segments if segment.stage in rule.stages]
    if any(True for _ in _unbounded((skeleton.template for _, skeleton in chosen), offer, language)):
        return None
    found = _selection(rule, chosen, offer, occurrence, language, Decimal(-1)).worst()  # longer than nothing at all
    return Decimal(0) if found is None else found[0]


def longest_answer(rule: ComplianceRule, answers: Sequence[Skeleton], offer: Offer, language: str) -> Decimal | None:
    """Seconds of the longest answer to an objection; None where nothing bounds a placeholder."""
    speed = (rule.speeds or {})[language]
    longest = Decimal(0)
    for answer in answers:
        text = longest_text(answer.template, offer, language, speed)
        if text is None:
            return None
        longest = max(longest, talk_seconds(text, language, speed))
    return longest


def _selection(
    rule: ComplianceRule, chosen: Sequence[Said], offer: Offer, occurrence: Occurrence, language: str, limit: Decimal
) -> _Selection:
    speed = (rule.speeds or {})[language]
    spoken = [(segment, longest_text(each.template, offer, language, speed) or "") for segment, each in chosen]
    return _Selection(rule, spoken, occurrence, language, speed, limit)


@dataclass(slots=True, eq=False)
class _Selection:
    """The segments that one customer hears and that take longest, if they take longer than the limit.

    Segment by segment, said or left out; a branch ends when all that is left of it would fit, or when no customer hears
    what was chosen so far. After too many tries all of it counts as said.
    """

    rule: ComplianceRule
    spoken: Sequence[tuple[Segment, str]]
    occurrence: Occurrence
    language: str
    speed: Speed
    limit: Decimal
    tries: int = 0

    def worst(self) -> tuple[Decimal, Text] | None:
        """The seconds and the customer who hears them; None where everybody's fit."""
        everything = [text for _, text in self.spoken]
        if self._seconds(everything) <= self.limit:
            return None
        # PERF: what is fine for everybody is fine for those who get the offer, and the same for many offers
        if self._sought(self._anybody) is None and self.tries <= _MOST_TRIES:
            return None
        found = self._sought(self._customer)
        return (self._seconds(everything), SOMEBODY) if self.tries > _MOST_TRIES else found

    def _sought(self, hears: _Hears) -> tuple[Decimal, Text] | None:
        self.tries = 0
        return self._from(hears, 0, [], [], None)

    def _from(
        self, hears: _Hears, index: int, on: list[int], off: list[int], best: tuple[Decimal, Text] | None
    ) -> tuple[Decimal, Text] | None:
        self.tries += 1
        rest = [text for place, (_, text) in enumerate(self.spoken) if place in on or place >= index]
        most = self._seconds(rest)
        if self.tries > _MOST_TRIES or most <= (self.limit if best is None else best[0]):
            return best
        customer = hears(on, off)
        if customer is None:
            return best
        if index == len(self.spoken):
            return most, customer
        best = self._from(hears, index + 1, [*on, index], off, best)
        segment = self.spoken[index][0]
        if segment.when is not None or segment.optional:
            best = self._from(hears, index + 1, on, [*off, index], best)
        return best

    def _customer(self, on: Iterable[int], off: Iterable[int]) -> Text | None:
        """The customer of the offer who hears it so."""
        return self.occurrence.customer(self.rule, on=self._segments(on), off=self._segments(off))

    def _anybody(self, on: Iterable[int], off: Iterable[int]) -> Text | None:
        """Whether anybody can hear it so, whoever gets the offer."""
        can = self.occurrence.anybody(self.rule, on=self._segments(on), off=self._segments(off))
        return SOMEBODY if can else None

    def _segments(self, places: Iterable[int]) -> list[Segment]:
        return [self.spoken[each][0] for each in places]

    def _seconds(self, texts: Iterable[str]) -> Decimal:
        return talk_seconds(JOINED_BY[self.language].join(texts), self.language, self.speed)


def _unbounded(templates: Iterable[Template], offer: Offer, language: str) -> Iterator[Diagnostic]:
    """Placeholders whose longest value nobody has stated."""
    for template in templates:
        for part, start in zip(template.parts, template.starts, strict=True):
            if isinstance(part, Placeholder) and not longest_values(part, offer, language):
                name = part.attribute.name
                end = template.scalar.text.find("}}", start) + 2
                span = template.scalar.part(start, end)
                if offer.quote is not None and name in offer.quote.fields and part.attribute.type.kind in _AMOUNTS:
                    advice = offer.quote.bound_advice(name)
                    yield catalog.MONEY_UNBOUNDED.at(span, field=f"`{name}`", help=advice)
                else:
                    key = "max_length" if part.attribute.type.kind is Kind.STRING else "max"
                    yield catalog.TEXT_UNBOUNDED.at(span, name=name, key=key)
