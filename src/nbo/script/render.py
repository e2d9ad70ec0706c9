"""From a treatment and a customer's values to the words of one script, every placeholder bound to its field.

A value is written once, as its type and the language ask; what it holds is never read as a template again. Text from a
customer's data is masked where it holds personal numbers and left out where it is not speakable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, cast

from nbo.language.interpret import Row
from nbo.language.operations import EXACT_CONTEXT, as_amount, round_half_up
from nbo.language.template import Placeholder, Template
from nbo.language.types import Kind, Value
from nbo.once import once
from nbo.pack.script import Segment, Treatment
from nbo.script.pii import mask

JOINED_BY = {"zh": "", "en": " "}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SPEAKABLE = frozenset(" -·.&'’()（）*")
_made = tuple.__new__  # PERF: a named tuple's own constructor takes twice as long, and a script has some thirty of them


class Binding(NamedTuple):
    """The characters `start` to `end` of a text stand for an attribute."""

    start: int
    end: int
    field: str


class RenderedText(NamedTuple):
    """A text with what its numbers and names are bound to."""

    text: str
    bindings: tuple[Binding, ...]


class RenderedSegment(NamedTuple):
    """One segment as it is said."""

    source: Segment
    text: str
    bindings: tuple[Binding, ...]

    def without_values(self, sample: str | None = None) -> RenderedSegment:
        """The same with a full stop for every character of a value, or with `sample` for each value and no bindings."""
        text = _without(self.text, self.bindings, sample)
        return self._replace(text=text, bindings=self.bindings if sample is None else ())


@dataclass(frozen=True)  # no slots: what follows from the segments is worked out when it is asked for, and once
class RenderedScript:
    """A treatment's words for one customer; `objections` are answers held ready."""

    treatment: Treatment
    language: str
    segments: tuple[RenderedSegment, ...]
    objections: tuple[tuple[str, int, RenderedSegment], ...]

    @once
    def text(self) -> str:
        """All that is said, in order."""
        return JOINED_BY[self.language].join([segment.text for segment in self.segments])

    @once
    def bindings(self) -> tuple[Binding, ...]:
        """The bindings of the whole text."""
        bindings: list[Binding] = []
        offset = 0
        for segment in self.segments:
            bindings += [Binding(offset + start, offset + end, field) for start, end, field in segment.bindings]
            offset += len(segment.text) + len(JOINED_BY[self.language])
        return tuple(bindings)

    @once
    def values(self) -> tuple[str, ...]:
        """What stands for each placeholder, in order."""
        return tuple([segment.text[start:end] for segment in self.segments for start, end, _ in segment.bindings])

    def binding(self, place: int) -> Binding:
        """One of `bindings`; the others are not looked at."""
        offset = 0
        for segment in self.segments:
            if place < len(segment.bindings):
                start, end, field = segment.bindings[place]
                return Binding(offset + start, offset + end, field)
            place -= len(segment.bindings)
            offset += len(segment.text) + len(JOINED_BY[self.language])
        raise IndexError(place)

    def answering(self, answer: RenderedSegment) -> RenderedScript:
        """One answer to an objection as a script of its own."""
        return RenderedScript(self.treatment, self.language, (answer,), ())

    def without_values(self, sample: str | None = None) -> RenderedScript:
        """What is fixed in it: a full stop for every character of a value, or `sample` for each value and no bindings."""
        return replace(self, segments=tuple(segment.without_values(sample) for segment in self.segments))


def render(treatment: Treatment, values: Row, language: str, *, bare: bool = False) -> RenderedScript | tuple[str, ...]:
    """The script, or the names of the attributes that it cannot be said without; a script of no words is none.

    `bare` leaves the optional segments out.
    """
    segments: list[RenderedSegment] = []
    unsaid: dict[str, None] = {}
    for segment in treatment.segments:
        if (segment.when is not None and not is_on(segment, values)) or (bare and segment.optional):
            continue
        rendered = render_text(segment.texts[language], values, language)
        if isinstance(rendered, RenderedText):
            segments.append(_made(RenderedSegment, (segment, *rendered)))
        elif not segment.optional:
            return rendered
        else:
            unsaid.update(dict.fromkeys(rendered))
    if not segments:
        return tuple(unsaid)
    objections = []
    for objection in treatment.objections:
        answer = objection.answer
        rendered = render_text(answer.texts[language], values, language)
        if isinstance(rendered, RenderedText):
            objections.append((objection.id, objection.tries, _made(RenderedSegment, (answer, *rendered))))
    return RenderedScript(treatment, language, tuple(segments), tuple(objections))


def is_on(segment: Segment, values: Row) -> bool:
    """What fills a required slot is said unless its condition is false; anything else needs it true."""
    if segment.when is None:
        return True
    result = segment.when.ask(values)
    return result is True or (result is None and bool(segment.says))


def render_text(template: Template, values: Row, language: str) -> RenderedText | tuple[str, ...]:
    """A text with its placeholders filled, or the names of those that have no value to say."""
    if template.fixed is not None:
        return _made(RenderedText, (template.fixed, ()))
    parts: list[str] = []
    bindings: list[Binding] = []
    missing: list[str] = []
    length = 0
    for part in template.parts:
        if isinstance(part, str):
            text = part
        else:
            attribute = part.attribute
            said = say(values[attribute.slot], part, language)
            if said is None:
                missing.append(attribute.name)
                continue
            text = said
            bindings.append(_made(Binding, (length, length + len(text), attribute.name)))
        parts.append(text)
        length += len(text)
    return tuple(missing) if missing else _made(RenderedText, ("".join(parts), tuple(bindings)))


def say(value: Value | None, placeholder: Placeholder, language: str) -> str | None:
    """A value as it is written in a script; None if it is missing or cannot be spoken."""
    return None if value is None else _SAID[placeholder.attribute.type.kind](value, placeholder, language)


def percent(rate: Decimal) -> str:
    """A fraction as a percentage with two decimals, rounded half up: 0.13027 is `13.03%`."""
    rounded = round_half_up(EXACT_CONTEXT.multiply(rate, Decimal(100)), 2)
    return f"{rounded:f}%"


def say_date(day: date, language: str) -> str:
    """A day in words: `2026年11月28日`, `28 November 2026`."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _say_day(day: Any, placeholder: Placeholder, language: str) -> str:
    return cast("date", day).isoformat() if placeholder.format == "iso" else say_date(day, language)


def _say_label(value: Any, placeholder: Placeholder, language: str) -> str:
    domain = placeholder.attribute.type.domain
    return str(value) if domain is None else domain.label(value, language)


_SAID: Mapping[Kind, Callable[[Any, Placeholder, str], str | None]] = {
    Kind.MONEY: lambda value, *_: as_amount(value),
    Kind.RATE: lambda value, *_: percent(value),
    Kind.INTEGER: lambda value, *_: str(value),
    Kind.DECIMAL: lambda value, *_: format(value, "f"),
    Kind.DATE: _say_day,
    Kind.TIME: lambda value, *_: value.strftime("%H:%M"),
    Kind.ENUM: _say_label,
    Kind.STRING: lambda value, *_: _speakable(value),
}


def _without(text: str, bindings: tuple[Binding, ...], sample: str | None) -> str:
    parts: list[str] = []
    done = 0
    for each in bindings:
        parts += [text[done : each.start], "。" * (each.end - each.start) if sample is None else sample]
        done = each.end
    return "".join([*parts, text[done:]])


def _speakable(text: str) -> str | None:
    """Text from a customer's data: masked, or None where it is empty or holds signs that nobody says."""
    if text.isalpha():  # PERF: as most names are; there is no digit to mask in them
        return text
    text = " ".join(text.split())
    if not text or not all(character.isalnum() or character in _SPEAKABLE for character in text):
        return None
    return mask(text)
