"""A text of a pack as the proof reads it: with a gap for every placeholder, and the way back to the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nbo.diagnostics.place import Span
from nbo.language.template import Placeholder, Template
from nbo.language.types import Kind
from nbo.pack.script import Segment

GAP = "。"  # stands for a placeholder: no wording is sought across it


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A text with a gap for every placeholder, and for each character its offset in the scalar."""

    template: Template
    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """The place of some characters in the file."""
        first = self.offsets[min(start, len(self.offsets) - 1)]
        last = self.offsets[min(max(end - 1, start), len(self.offsets) - 1)] + 1
        return self.template.scalar.part(first, last)


Said = tuple[Segment, Skeleton]
"""A segment with its text in one language."""


def skeleton(template: Template) -> Skeleton:
    """The text with every placeholder as a gap."""
    return _filled(template, {})


def labeled(template: Template, language: str) -> Iterator[Skeleton]:
    """The text once for every label that a placeholder of an enum can put into it; other placeholders are gaps."""
    for index, part in enumerate(template.parts):
        if isinstance(part, Placeholder) and part.attribute.type.kind is Kind.ENUM:
            domain = part.attribute.type.domain
            for value in () if domain is None else domain.values:
                yield _filled(template, {index: "" if domain is None else domain.label(value, language)})


def _filled(template: Template, labels: dict[int, str]) -> Skeleton:
    text: list[str] = []
    offsets: list[int] = []
    for index, (part, start) in enumerate(zip(template.parts, template.starts, strict=True)):
        if isinstance(part, Placeholder):
            shown = labels.get(index, GAP)
            text.append(shown)
            offsets.extend([start] * len(shown))
        else:
            text.append(part)
            offsets.extend(range(start, start + len(part)))
    return Skeleton(template, "".join(text), tuple(offsets))
