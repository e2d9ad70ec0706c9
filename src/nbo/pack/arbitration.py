"""How offers are put in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from nbo.diagnostics.place import Span
from nbo.language.expression import Expression
from nbo.once import once
from nbo.pack.clause import Serve


@dataclass(frozen=True, eq=False)
class ContextWeight:
    """Added to C when the condition is true; a negative weight also when it is unknown. `families` None is all."""

    when: Expression
    families: frozenset[str] | None
    weight: Decimal

    def moves(self, family: str) -> bool:
        """Whether it is about offers of a family."""
        return self.families is None or family in self.families


@dataclass(frozen=True, slots=True)
class Bounds:
    """Lowest and highest value of each factor."""

    p: tuple[Decimal, Decimal] = (Decimal("0.001"), Decimal(1))
    c: tuple[Decimal, Decimal] = (Decimal("0.2"), Decimal(3))
    v: tuple[Decimal, Decimal] = (Decimal(0), Decimal(1))
    l: tuple[Decimal, Decimal] = (Decimal("0.2"), Decimal(3))  # noqa: E741 - the factor's own name


@dataclass(frozen=True, eq=False)
class Arbitration:
    """How candidates are put in order."""

    bank: Decimal = Decimal("0.5")
    customer: Decimal = Decimal("0.5")
    bank_only: Literal["suppress", "reangle"] = "suppress"
    context: tuple[ContextWeight, ...] = ()
    levers: Mapping[str, Decimal] | None = None
    lever_spans: Mapping[str, Span] = field(default_factory=dict)
    bounds: Bounds = Bounds()
    mandatory_families: frozenset[str] = frozenset()
    per_family: int = 1
    serve: tuple[Serve, ...] = ()

    def weights_of(self, family: str) -> tuple[ContextWeight, ...]:
        """The weights that move offers of a family."""
        known = self._weights.get(family)
        if known is None:
            known = self._weights[family] = tuple(each for each in self.context if each.moves(family))
        return known

    @once
    def _weights(self) -> dict[str, tuple[ContextWeight, ...]]:
        return {}
