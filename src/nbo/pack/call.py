"""What a call is made of, linked: kinds of events with typed fields, and the limits of what is sold in a call.

An event is read into a record of its kind, as a row of a list is. What it sets is computed from the customer's values with the
record's fields after them, as `it.FIELD`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from nbo.diagnostics.place import Span
from nbo.language.accept import Accept, accepting
from nbo.language.expression import Expression
from nbo.language.types import Attribute, RecordType
from nbo.once import once
from nbo.pack.clause import Clause, Words


@dataclass(frozen=True, eq=False)
class SetBy:
    """An attribute of the call that an event sets; what is unknown makes it missing."""

    attribute: Attribute
    expression: Expression


@dataclass(frozen=True, eq=False)
class EventType:
    """A kind of event: its fields in the order of their slots, those that it cannot do without, what it sets."""

    kind: str
    record: RecordType
    needed: frozenset[str]
    sets: tuple[SetBy, ...]
    labels: Words
    span: Span | None = None  # where the pack says more about it than the standard does

    @once
    def accepts(self) -> Mapping[str, tuple[int, Accept]]:
        """By every way to write a field: its slot, and what makes a value of it."""
        own = {name: (each.slot, accepting(each)) for name, each in self.record.fields.items()}
        return {written: own[name] for written, name in self.record.names.items()}


@dataclass(frozen=True, eq=False)
class Throttle:
    """No pitch under a level, one in every call from another on, and a share that grows evenly between them."""

    level: Expression
    none_under: Decimal
    all_from: Decimal
    span: Span


@dataclass(frozen=True, eq=False)
class CallRules:
    """The rules of a call.

    `pitch_seconds` None: a pitch may begin at any time after the window opened. `more_tries` is how many offers may be brought up
    after one was refused, each only with `seconds_left` of the pitch left. `ask_again_days` None: nobody says when.
    """

    events: Mapping[str, EventType]
    pitch_seconds: int | None = None
    pitch_span: Span | None = None
    throttle: Throttle | None = None
    more_tries: int = 0
    seconds_left: int = 0
    tries_span: Span | None = None
    ask_again_days: int | None = None
    selling_off: tuple[Clause, ...] = field(default=())
