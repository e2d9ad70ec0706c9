"""How long a pitch can take: the most that one customer can hear, with every placeholder at its longest value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, Text
from nbo.language.template import Placeholder, Template
from nbo.language.types import Attribute, Kind
from nbo.pack.rulepack import ComplianceRule, Offer, Speed, Treatment
from nbo.script.proof.occurrence import SOMEBODY, Occurrence
from nbo.script.proof.skeleton import Said
from nbo.script.render import JOINED_BY, say_date
from nbo.script.speech import LONGEST_DATE, longest_number, talk_seconds

_PRINCIPAL = Text("`principal` or to the attribute that it is taken from", "`principal` 或其来源属性")
_OWN_SOURCE = Text("the attribute that `limit_after` reads", "`limit_after` 所读的属性")
_MOST_TRIES = 500


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
    longest = _Longest(offer, language, (rule.speeds or {})[language])
    open_ends = list(longest.unbounded(skeleton.template for _, skeleton in chosen))
    if open_ends:
        yield from open_ends
        return
    limit = rule.max_seconds or Decimal(0)
    spoken = [(said, longest.text(said[1].template)) for said in chosen]
    found = _Selection(rule, spoken, occurrence, longest, limit).worst()
    if found is not None:
        seconds, customer = found
        yield catalog.TALKS_TOO_LONG.at(
            treatment.span, seconds=seconds, limit=format(limit, "f"), stages=", ".join(rule.stages),
            language=language, rule=rule.id, customer=customer,
        )  # fmt: skip


@dataclass(slots=True, eq=False)
class _Selection:
    """The segments that one customer hears and that take longest, if they take longer than the limit.

    Segment by segment, said or left out; a branch ends when all that is left of it would fit, or when no customer hears
    what was chosen so far. After too many tries all of it counts as said.
    """

    rule: ComplianceRule
    spoken: Sequence[tuple[Said, str]]
    occurrence: Occurrence
    longest: _Longest
    limit: Decimal
    tries: int = 0

    def worst(self) -> tuple[Decimal, Text] | None:
        """The seconds and the customer who hears them; None where everybody's fit."""
        everything = [text for _, text in self.spoken]
        if self.longest.seconds(everything) <= self.limit:
            return None
        found = self._from(0, [], [], None)
        if self.tries > _MOST_TRIES:
            return self.longest.seconds(everything), SOMEBODY
        return found

    def _from(
        self, index: int, on: list[int], off: list[int], best: tuple[Decimal, Text] | None
    ) -> tuple[Decimal, Text] | None:
        self.tries += 1
        rest = [text for place, (_, text) in enumerate(self.spoken) if place in on or place >= index]
        most = self.longest.seconds(rest)
        if self.tries > _MOST_TRIES or most <= (self.limit if best is None else best[0]):
            return best
        customer = self._customer(on, off)
        if customer is None:
            return best
        if index == len(self.spoken):
            return most, customer
        best = self._from(index + 1, [*on, index], off, best)
        segment = self.spoken[index][0][0]
        if segment.when is not None or segment.optional:
            best = self._from(index + 1, on, [*off, index], best)
        return best

    def _customer(self, on: Iterable[int], off: Iterable[int]) -> Text | None:
        segments = [segment for (segment, _), _ in self.spoken]
        return self.occurrence.customer(
            self.rule, on=[segments[each] for each in on], off=[segments[each] for each in off]
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Longest:
    """Texts with every placeholder at the value that takes longest to say."""

    offer: Offer
    language: str
    speed: Speed

    def seconds(self, texts: Iterable[str]) -> Decimal:
        """How long texts take to say one after the other."""
        return talk_seconds(JOINED_BY[self.language].join(texts), self.language, self.speed)

    def text(self, template: Template) -> str:
        """The text at its longest."""
        return "".join(
            max(self.values(part), key=lambda each: self.seconds([each])) if isinstance(part, Placeholder) else part
            for part in template.parts
        )

    def unbounded(self, templates: Iterable[Template]) -> Iterator[Diagnostic]:
        """Placeholders whose longest value nobody has stated."""
        for template in templates:
            for part, start in zip(template.parts, template.starts, strict=True):
                if isinstance(part, Placeholder) and not self.values(part):
                    name = part.attribute.name
                    end = template.scalar.text.find("}}", start) + 2
                    span = template.scalar.part(start, end)
                    if part.attribute.type.kind is Kind.MONEY and name.startswith("quote."):
                        where = _OWN_SOURCE if name == "quote.limit_after" else _PRINCIPAL
                        yield catalog.MONEY_UNBOUNDED.at(span, field=f"`{name}`", where=where)
                    else:
                        key = "max_length" if part.attribute.type.kind is Kind.STRING else "max"
                        yield catalog.TEXT_UNBOUNDED.at(span, name=name, key=key)

    def values(self, placeholder: Placeholder) -> Sequence[str]:
        """Values of which one takes longest to say; none where nothing bounds them."""
        attribute = placeholder.attribute
        match attribute.type.kind:
            case Kind.MONEY | Kind.INTEGER | Kind.DECIMAL:
                most = attribute.max
                if attribute.name.startswith("quote.") and self.offer.quote is not None:
                    most = self.offer.quote.largest(attribute.name)
                fraction = {Kind.MONEY: 2, Kind.INTEGER: 0}.get(attribute.type.kind, 10)
                return () if most is None else (longest_number(_digits(most), fraction),)
            case Kind.RATE:
                return (longest_number(self._rate_digits(attribute), 2) + "%",)
            case Kind.DATE:
                return (say_date(LONGEST_DATE, self.language),)
            case Kind.TIME:
                return ("22:22",)
            case Kind.ENUM:
                domain = attribute.type.domain
                return () if domain is None else [domain.label(value, self.language) for value in domain.values]
            case _:
                return () if attribute.max_length is None else _longest_texts(attribute.max_length)

    def _rate_digits(self, attribute: Attribute) -> int:
        """The most digits that a rate has before the point, as a percentage."""
        if attribute.name.startswith("quote.") and self.offer.quote is not None:
            return self.offer.quote.rate_digits(attribute.name)
        return 3 if attribute.max is None else _digits(attribute.max.scaleb(2))


def _longest_texts(length: int) -> tuple[str, str]:
    """A name takes longest in Chinese characters, in English too, or where it is digits: as numbers of 12 of them."""
    digits = " ".join([longest_number(12, 0)] * (length // 13 + 1))
    return "国" * length, digits[:length]


def _digits(most: Decimal) -> int:
    return max(1, most.adjusted() + 1)
