"""A condition with what people are told of it; and the ways to serve a customer who gets no offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from nbo.diagnostics.place import Span
from nbo.language.expression import Expression
from nbo.once import once

Words = Mapping[str, str]  # language -> text


@dataclass(frozen=True, eq=False)
class Clause:
    """One condition with its stable id, the reason that people read when it fails, and what it speaks for when true."""

    id: str
    expression: Expression
    reason: Words
    span: Span
    because: Words = field(default_factory=dict)

    @once
    def source(self) -> str:
        """`offers/gold.yaml:7:5`, relative to the pack."""
        return str(self.span)


@dataclass(frozen=True, eq=False)
class Ticket:
    """What somebody else is to do: in words, for which queue, and how long after the decision (elapsed hours)."""

    need: Words
    owner: str
    within_hours: int


@dataclass(frozen=True, eq=False)
class Serve:
    """One way to serve a customer who gets no offer, for whom `when` is true; None: for everybody."""

    outcome: str
    channel: str
    ticket: Ticket | None = None
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class InForce:
    """First and last day of a rule; `through` None means until further notice."""

    start: date | None
    through: date | None

    def covers(self, day: date) -> bool:
        """Whether the rule applies on a day of the pack's zone."""
        return (self.start is None or self.start <= day) and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        """Whether the rule has lapsed."""
        return self.through is not None and self.through < day
