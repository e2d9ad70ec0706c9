"""How much an agent may grant, and how often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from nbo.diagnostics.place import Span
from nbo.language.expression import Expression
from nbo.pack.clause import Clause, Serve, Words


@dataclass(frozen=True, eq=False)
class AuthorityLimit:
    """Up to how much may be given when the condition is true, and while `seldom` is true, where there is one."""

    when: Expression
    up_to: Decimal
    seldom: Clause | None = None


@dataclass(frozen=True, eq=False)
class Authority:
    """The first limit whose condition is true holds; none means nothing may be given.

    `seldom` is true of a customer who was not granted so much too often; it also counts what an opt-out hides.
    """

    id: str
    limits: tuple[AuthorityLimit, ...]
    reason: Words
    above: tuple[Serve, ...]
    span: Span
    seldom: Clause | None = None

    def seldom_clauses(self) -> Iterator[Clause]:
        """What bounds how often, of the limits and of the whole."""
        bounds = (*(each.seldom for each in self.limits), self.seldom)
        return (each for each in bounds if each is not None)

    def expressions(self) -> Iterator[Expression]:
        """Every condition of it."""
        yield from (each.when for each in self.limits)
        yield from (each.expression for each in self.seldom_clauses())
