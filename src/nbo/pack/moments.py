"""Moments of a call, linked: which events must come together, and what follows.

A role is an event of one kind for which a condition holds. What a condition asks is cut into its parts (the operands of its
topmost `and`): those that read one event and the customer are asked once, when the event happens; those that join events are
asked for each of the events that could fill the other roles (`nbo.call.matching`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from nbo.diagnostics.place import Span
from nbo.language.computed import Computed
from nbo.language.expression import Expression

MOST_MOMENTS = 200
MOST_ROLES = 16  # of one moment, in `all`, `any` and `none` together
MOST_TOGETHER = 4  # events that one moment joins: the roles of `all`, and one of `any`
MOST_KEPT = 16  # events of a call, the latest ones, that a role which is joined with others can still be filled by

AT = "at"
"""The field that every event has beside its own: when it happened."""
NEEDS = "call.need_tags"
"""The attribute that holds the needs which were found."""


@dataclass(frozen=True, slots=True, eq=False)
class Join:
    """A part of a condition that reads other roles. Its tree reads a row of its own: first `own`, then `others`.

    `own` are cells of the row of the role's event (the customer's values, then the event's fields), as they were when it
    happened; `others` are pairs of a role's place in `all` and the field of its event. `forgiven` are the customer's slots
    whose absence it looks at. `equal`: it is nothing but `==` between the one cell and the one field.
    """

    computed: Computed
    own: tuple[int, ...]
    others: tuple[tuple[int, int], ...]
    forgiven: frozenset[int]
    equal: bool

    @property
    def roles(self) -> frozenset[int]:
        """The places in `all` of the roles that it reads."""
        return frozenset(place for place, _ in self.others)


@dataclass(frozen=True, slots=True, eq=False)
class Role:
    """An event of a kind for which `where` holds; None: for which nothing is asked.

    The trees of `local` read the row of the event: the customer's values by slot, then its fields by slot, then its time.
    """

    name: str
    kind: str
    where: Expression | None
    local: tuple[Computed, ...]
    joins: tuple[Join, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What happens at an event that completes it; see docs/moments.md.

    Every role of `all` and one of `any`, where there are any, must be filled by events of their own, and no event may fill a
    role of `none`. `within`: no event may be older. `in_order`: in the order in which they are written, that of `any` last.
    """

    id: str
    all: tuple[Role, ...]
    any: tuple[Role, ...]
    none: tuple[Role, ...]
    within: timedelta | None
    in_order: bool
    needs: tuple[str, ...]
    window: Literal["open", "close"] | None
    selling_off: bool
    reason: Mapping[str, str]
    span: Span

    @property
    def stops(self) -> bool:
        """Whether it closes the window or stops selling; then what is unknown fills a role, and does not fill one of `none`.

        In any other it is the other way round: unknown never helps the sale.
        """
        return self.selling_off or self.window == "close"

    @property
    def roles(self) -> Iterator[Role]:
        """Its roles in the order in which they are written."""
        yield from self.all
        yield from self.any
        yield from self.none

    @property
    def source(self) -> str:
        """`moments.yaml:7:5`, relative to the pack."""
        return str(self.span)
