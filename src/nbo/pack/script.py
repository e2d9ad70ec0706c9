"""The words of an offer: treatments, segments, answers, and the steps after a yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nbo.diagnostics.place import Span
from nbo.language.expression import Expression
from nbo.language.template import Template


@dataclass(frozen=True, eq=False)
class Segment:
    """One sentence or two; it says `says`, and is on by its `when`.

    A segment that fills a required slot is an obligation: said unless its `when` is false. Any other needs it true.
    """

    stage: str
    when: Expression | None
    optional: bool
    says: tuple[str, ...]
    says_spans: tuple[Span, ...]
    verbatim: bool
    texts: Mapping[str, Template]
    span: Span


@dataclass(frozen=True, eq=False)
class Objection:
    """The answer to an objection, a segment of the stage `answer`; at most `tries` times."""

    id: str
    tries: int
    answer: Segment


@dataclass(frozen=True, slots=True)
class Step:
    """What follows a yes."""

    id: str
    required: bool


@dataclass(frozen=True, eq=False)
class Treatment:
    """One way to say an offer."""

    id: str
    version: int
    channels: frozenset[str]
    when: Expression | None
    reangles: bool
    segments: tuple[Segment, ...]
    objections: tuple[Objection, ...]
    after_yes: tuple[Step, ...]
    span: Span


@dataclass(frozen=True, eq=False)
class Script:
    """The treatments of an offer, in the order in which they are tried."""

    id: str
    treatments: tuple[Treatment, ...]
    span: Span
