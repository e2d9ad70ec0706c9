"""The proof at load: every treatment, in every language, for every offer that uses it, against every rule.

Rule by rule and never by enumerating texts. A required slot or field must be said by segments that cannot all be off
together. Forbidden wording is sought inside each segment and across every join that can occur. Talk time is a sum over all
that can be on, at the worst case of each placeholder. Literal numbers are sought wherever no placeholder stands.

What is shown beside a script (an offer's label, what speaks for it, who collects, what default costs) holds no forbidden
wording either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, Severity, Text
from nbo.diagnostics.place import Span
from nbo.language.analysis import possible_results
from nbo.language.template import Placeholder, Template
from nbo.language.tree import Logic
from nbo.language.types import BOOLEAN, Attribute, Kind
from nbo.pack.rulepack import (
    ComplianceRule,
    Offer,
    RulePack,
    Segment,
    Speed,
    Treatment,
    Words,
)
from nbo.script.compliance import ScriptChecker
from nbo.script.lexicon_check import check_lexicon
from nbo.script.normalize import normalize
from nbo.script.pii import find_personal_data
from nbo.script.render import JOINED_BY, say_date
from nbo.script.speech import LONGEST_DATE, longest_number, talk_seconds

_GAP = "。"  # stands for a placeholder: no wording is sought across it
_PERSONAL = {
    "card_number": Text("a card number", "卡号"),
    "resident_id": Text("an identity number", "身份证号"),
    "mobile_number": Text("a telephone number", "电话号码"),
    "email": Text("an e-mail address", "电子邮箱"),
}
_ACROSS = Text("it arises where this follows the segment on line {line}", "它出现在本段与第 {line} 行的段落相接处")
_PRINCIPAL = Text("`principal` or to the attribute that it is taken from", "`principal` 或其来源属性")
_OWN_SOURCE = Text("the attribute that `limit_after` reads", "`limit_after` 所读的属性")
_TAIL = 60  # characters of a segment that a wording across a join can reach into


def prove(pack: RulePack) -> list[Diagnostic]:
    """What is wrong with the pack's scripts; rules of severity `warn` give warnings."""
    checker = ScriptChecker(pack)
    found: dict[tuple[str, str, int, int], Diagnostic] = {}
    for diagnostic in _found(pack, checker):
        span = diagnostic.span
        place = ("", 0, 0) if span is None else (span.source.path, span.start, span.end)
        found.setdefault((diagnostic.message(), *place), diagnostic)
    return list(found.values())


def _found(pack: RulePack, checker: ScriptChecker) -> Iterator[Diagnostic]:
    yield from check_lexicon(pack.compliance)
    for offer in pack.offers:
        for words, span in _shown_beside(offer):
            for language in pack.languages:
                yield from _wording(checker, offer, words.get(language, ""), span)
        for treatment in () if offer.script is None else offer.script.treatments:
            for language in pack.languages:
                yield from _Proof(pack, checker, offer, treatment, language).run()


def _shown_beside(offer: Offer) -> Iterator[tuple[Words, Span]]:
    """The texts that an agent sees with the offer, on any channel."""
    yield offer.labels, offer.span
    for clause in offer.applicability:
        yield clause.because, clause.span
    if offer.quote is not None:
        yield from ((words, offer.quote.span) for words in offer.quote.texts())


def _wording(checker: ScriptChecker, offer: Offer, text: str, span: Span) -> Iterator[Diagnostic]:
    for personal in find_personal_data(text):
        yield catalog.PERSONAL_DATA.at(span, kind=_PERSONAL[personal.kind])
    for rule in checker.rules:
        if rule.kind == "forbid" and (rule.families is None or offer.family in rule.families):
            for _, _, term in checker.terms[rule.id].find(normalize(text)):
                diagnostic = catalog.FORBIDDEN_WORDING.at(span, term=term, rule=rule.id, citation=rule.citation)
                yield diagnostic if rule.severity == "block" else _as_warning(diagnostic)


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """A text with a gap for every placeholder, and for each character its offset in the scalar."""

    template: Template
    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        first = self.offsets[min(start, len(self.offsets) - 1)]
        last = self.offsets[min(max(end - 1, start), len(self.offsets) - 1)] + 1
        return self.template.scalar.part(first, last)


def _skeleton(template: Template) -> _Skeleton:
    text: list[str] = []
    offsets: list[int] = []
    for part, start in zip(template.parts, template.starts, strict=True):
        if isinstance(part, Placeholder):
            text.append(_GAP)
            offsets.append(start)
        else:
            text.append(part)
            offsets.extend(range(start, start + len(part)))
    return _Skeleton(template, "".join(text), tuple(offsets))


@dataclass
class _Proof:
    pack: RulePack
    checker: ScriptChecker
    offer: Offer
    treatment: Treatment
    language: str

    def run(self) -> Iterator[Diagnostic]:
        segments = [(each, _skeleton(each.texts[self.language])) for each in self.treatment.segments]
        texts = [skeleton for _, skeleton in segments]
        answers = [_skeleton(each.texts[self.language]) for each in self.treatment.objections]
        for skeleton in (*texts, *answers):
            for personal in find_personal_data(skeleton.text):
                yield catalog.PERSONAL_DATA.at(
                    skeleton.span(personal.start, personal.end), kind=_PERSONAL[personal.kind]
                )
        for rule in self.rules():
            for diagnostic in self.check(rule, segments, texts, answers):
                yield diagnostic if rule.severity == "block" else _as_warning(diagnostic)

    def rules(self) -> Iterator[ComplianceRule]:
        """The rules that can concern this treatment on one of its channels."""
        for rule in self.checker.rules:
            if any(rule.concerns(self.offer.family, channel) for channel in self.treatment.channels):
                yield rule

    def check(
        self,
        rule: ComplianceRule,
        segments: Sequence[tuple[Segment, _Skeleton]],
        texts: Sequence[_Skeleton],
        answers: Sequence[_Skeleton],
    ) -> Iterator[Diagnostic]:  # fmt: skip
        match rule.kind:
            case "forbid":
                for skeleton in (*texts, *answers):
                    yield from self.forbidden(rule, skeleton)
                yield from self.forbidden_joins(rule, segments)
            case "bind":
                for skeleton in (*texts, *answers):
                    yield from self.literal_numbers(rule, skeleton)
            case "require":
                yield from self.required(rule, segments)
            case "talk_time":
                yield from self.talk_time(rule, segments)
            case _:
                pass

    # --- forbid and bind ----------------------------------------------------------------------------------------------

    def forbidden(self, rule: ComplianceRule, skeleton: _Skeleton) -> Iterator[Diagnostic]:
        for start, end, term in self.checker.terms[rule.id].find(normalize(skeleton.text)):
            yield catalog.FORBIDDEN_WORDING.at(
                skeleton.span(start, end), term=term, rule=rule.id, citation=rule.citation
            )

    def forbidden_joins(
        self, rule: ComplianceRule, segments: Sequence[tuple[Segment, _Skeleton]]
    ) -> Iterator[Diagnostic]:
        """Wording that arises where one segment follows another: neighbours, or with only what can be off between."""
        joiner = JOINED_BY[self.language]
        for first, (_, before) in enumerate(segments):
            for second in range(first + 1, len(segments)):
                if all(segment.when is not None or segment.optional for segment, _ in segments[first + 1 : second]):
                    after = segments[second][1]
                    tail = before.text[-_TAIL:]
                    joined = tail + joiner + after.text[:_TAIL]
                    for start, end, term in self.checker.terms[rule.id].find(normalize(joined)):
                        if start < len(tail) and end > len(tail) + len(joiner):
                            span = after.span(0, end - len(tail) - len(joiner))
                            line = before.template.scalar.span.line
                            yield catalog.FORBIDDEN_WORDING.at(
                                span, term=term, rule=rule.id, citation=rule.citation, line=line, help=_ACROSS
                            )

    def literal_numbers(self, rule: ComplianceRule, skeleton: _Skeleton) -> Iterator[Diagnostic]:
        for start, end in self.checker.numbers[rule.id, self.language].find(skeleton.text, ()):
            yield catalog.LITERAL_NUMBER.at(skeleton.span(start, end), number=skeleton.text[start:end], rule=rule.id)

    # --- require ------------------------------------------------------------------------------------------------------

    def required(self, rule: ComplianceRule, segments: Sequence[tuple[Segment, _Skeleton]]) -> Iterator[Diagnostic]:
        for field in rule.fields:
            sayers = [segment for segment, skeleton in segments if _says_field(skeleton.template, field)]
            if not _always_one(sayers, obliged=False):
                yield catalog.FIELD_NOT_SAID.at(
                    self.treatment.span, field=field, rule=rule.id, citation=rule.citation, language=self.language
                )
        phrases = self.checker.phrases.get((rule.id, self.language))
        if phrases:
            sayers = [segment for segment, skeleton in segments if _holds(skeleton.text, phrases)]
            if not _always_one(sayers, obliged=False):
                shown = ", ".join((rule.phrases or {}).get(self.language, ()))
                yield catalog.PHRASE_NOT_SAID.at(
                    self.treatment.span, phrases=shown, rule=rule.id, citation=rule.citation, language=self.language
                )
        for slot in rule.slots or {}:
            yield from self.slot(rule, slot, segments)

    def slot(
        self, rule: ComplianceRule, slot: str, segments: Sequence[tuple[Segment, _Skeleton]]
    ) -> Iterator[Diagnostic]:
        accepted = self.checker.slot_phrases.get((rule.id, slot, self.language), ())
        fillers: list[Segment] = []
        for segment, skeleton in segments:
            if slot not in segment.says:
                continue
            if _holds(skeleton.text, accepted):
                fillers.append(segment)
            else:
                span = skeleton.template.scalar.span
                shown = ", ".join((rule.slots or {})[slot].get(self.language, ()))
                yield catalog.SLOT_NOT_WORDED.at(
                    span, slot=slot, phrases=shown, rule=rule.id, citation=rule.citation, language=self.language
                )
        if not _always_one(fillers, obliged=True):
            yield catalog.SLOT_NOT_FILLED.at(
                self.treatment.span, slot=slot, rule=rule.id, citation=rule.citation, language=self.language
            )

    # --- talk time ----------------------------------------------------------------------------------------------------

    def talk_time(self, rule: ComplianceRule, segments: Sequence[tuple[Segment, _Skeleton]]) -> Iterator[Diagnostic]:
        chosen = [(segment, skeleton) for segment, skeleton in segments if segment.stage in rule.stages]
        unbounded = list(self.unbounded(skeleton.template for _, skeleton in chosen))
        if unbounded:
            yield from unbounded
            return
        speed = (rule.speeds or {})[self.language]
        worst = JOINED_BY[self.language].join(self.longest(chosen, speed))
        seconds = talk_seconds(worst, self.language, speed)
        if rule.max_seconds is not None and seconds > rule.max_seconds:
            yield catalog.TALKS_TOO_LONG.at(
                self.treatment.span, seconds=seconds, limit=format(rule.max_seconds, "f"), stages=", ".join(rule.stages),
                language=self.language, rule=rule.id,
            )  # fmt: skip

    def longest(self, chosen: Sequence[tuple[Segment, _Skeleton]], speed: Speed) -> Iterator[str]:
        """All that can be on; of neighbours that all exclude each other only the one that takes longest."""
        together: list[list[tuple[Segment, _Skeleton]]] = []
        for segment, skeleton in chosen:
            if together and all(_exclude(other, segment) for other, _ in together[-1]):
                together[-1].append((segment, skeleton))
            else:
                together.append([(segment, skeleton)])
        for alternatives in together:
            yield self.slowest((self.worst(skeleton.template, speed) for _, skeleton in alternatives), speed)

    def slowest(self, texts: Iterable[str], speed: Speed) -> str:
        """The text that takes longest to say."""
        return max(texts, key=lambda text: talk_seconds(text, self.language, speed))

    def unbounded(self, templates: Iterable[Template]) -> Iterator[Diagnostic]:
        """Placeholders whose longest value nobody has stated."""
        for template in templates:
            for part, start in zip(template.parts, template.starts, strict=True):
                if isinstance(part, Placeholder) and not self.longest_values(part):
                    name = part.attribute.name
                    end = template.scalar.text.find("}}", start) + 2
                    span = template.scalar.part(start, end)
                    if part.attribute.type.kind is Kind.MONEY and name.startswith("quote."):
                        where = _OWN_SOURCE if name == "quote.limit_after" else _PRINCIPAL
                        yield catalog.MONEY_UNBOUNDED.at(span, field=f"`{name}`", where=where)
                    else:
                        key = "max_length" if part.attribute.type.kind is Kind.STRING else "max"
                        yield catalog.TEXT_UNBOUNDED.at(span, name=name, key=key)

    def worst(self, template: Template, speed: Speed) -> str:
        """The text with every placeholder at the value that takes longest to say."""
        parts = (
            self.slowest(self.longest_values(part), speed) if isinstance(part, Placeholder) else part
            for part in template.parts
        )
        return "".join(parts)

    def longest_values(self, placeholder: Placeholder) -> Sequence[str]:
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
                return (longest_number(self.rate_digits(attribute), 2) + "%",)
            case Kind.DATE:
                return (say_date(LONGEST_DATE, self.language),)
            case Kind.TIME:
                return ("22:22",)
            case Kind.ENUM:
                domain = attribute.type.domain
                return () if domain is None else [domain.label(value, self.language) for value in domain.values]
            case _:
                return () if attribute.max_length is None else _longest_texts(attribute.max_length)

    def rate_digits(self, attribute: Attribute) -> int:
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


def _says_field(template: Template, field: str) -> bool:
    return any(placeholder.attribute.name == field for placeholder in template.placeholders)


def _holds(text: str, phrases: Sequence[str]) -> bool:
    normal = normalize(text).text
    return any(phrase in normal for phrase in phrases)


def _always_one(segments: Sequence[Segment], *, obliged: bool) -> bool:
    """Whether at least one of the segments is on for every customer.

    A segment with an unknown condition is on only if it is an obligation (`says`), so a set of conditional segments counts
    only where they all are, or where `obliged` says that this is about a slot.
    """
    usable = [segment for segment in segments if not segment.optional or segment.says]
    if any(segment.when is None and not segment.optional for segment in usable):
        return True
    if not obliged:
        usable = [segment for segment in usable if segment.says]
    conditions = [segment.when.tree for segment in usable if segment.when is not None and not segment.optional]
    if not conditions:
        return False
    whole = conditions[0] if len(conditions) == 1 else Logic(BOOLEAN, (0, 0), "or", tuple(conditions))
    return possible_results(whole) == frozenset({True})


def _exclude(first: Segment, second: Segment) -> bool:
    """Whether two conditional segments are never on together."""
    if first.when is None or second.when is None or first.says or second.says:
        return False
    both = Logic(BOOLEAN, (0, 0), "and", (first.when.tree, second.when.tree))
    return possible_results(both) == frozenset({False})


def _as_warning(diagnostic: Diagnostic) -> Diagnostic:
    code = diagnostic.code
    softer = type(code)(code.id, Severity.WARNING, code.message, code.help)
    return Diagnostic(softer, diagnostic.span, diagnostic.values, diagnostic.help_text)
