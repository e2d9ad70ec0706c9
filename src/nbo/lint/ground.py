"""A pack as the lints look at it: what several of them ask is worked out once, and for a reloaded offer not again.

In: a linked pack, the day of the check in the pack's zone, the memory of the load. It finds nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property, partial
from typing import TypeVar

from nbo.diagnostics.diagnostic import Diagnostic
from nbo.diagnostics.place import Span
from nbo.language.computed import Computed
from nbo.language.expression import Expression
from nbo.language.rewrite import segment_formulas
from nbo.language.tree import Typed
from nbo.lint.conditions import conditions
from nbo.lint.demands import Asked, Demand, Demands
from nbo.lint.together import Together
from nbo.pack.memory import Memory
from nbo.pack.offer import Offer
from nbo.pack.rulepack import RulePack

T = TypeVar("T")


class Ground:
    """What every lint is given."""

    def __init__(self, pack: RulePack, today: date, memory: Memory) -> None:
        self.pack = pack
        self.today = today
        self.memory = memory
        self.segments = segment_formulas(pack.dictionary)
        self.together = Together()
        self._demands = Demands(self.segments)
        self._around = memory.made(("lints", pack.dictionary, pack.languages, today), object)
        self._behind = memory.made(("gates", self._around, pack.gates), object)

    def demands(self, expressions: Iterable[Expression]) -> list[Demand]:
        """Everything that must be true for all of the conditions to be."""
        return [each for expression in expressions for each in self._demands.of(expression)]

    def demands_of_tree(self, tree: Typed, name: str, span: Span) -> tuple[Demand, ...]:
        """The same of a tree whose text is not at hand: every part is shown as `name`."""
        return self._demands.of_tree(tree, name, span)

    def asked(self, expression: Expression) -> Asked:
        """The condition as a decision asks it."""
        return self._demands.asked(expression)

    @cached_property
    def by_meaning(self) -> dict[Computed, list[Expression]]:
        """Every condition of the pack's files under what it means: conditions of one text are looked through once."""
        found: dict[Computed, list[Expression]] = {}
        for each in conditions(self.pack):
            found.setdefault(each.meaning or each, []).append(each)
        return found

    def each_offer(self, name: str, lint: Callable[[Offer], Iterator[Diagnostic]]) -> Iterator[Diagnostic]:
        """What a lint finds in each offer by itself, with no more than the pack's dictionary beside it."""
        for offer in self.pack.offers:
            yield from self.known(name, (offer,), partial(_all, lint, offer))

    def each_offer_past_gates(self, name: str, lint: Callable[[Offer], Iterator[Diagnostic]]) -> Iterator[Diagnostic]:
        """The same with the pack's gates beside it, too."""
        for offer in self.pack.offers:
            yield from self.memory.made((name, offer, self._behind), partial(_all, lint, offer))

    def known(self, name: str, offers: tuple[Offer, ...], make: Callable[[], T]) -> T:
        """Something that follows from some offers and the pack's dictionary."""
        return self.memory.made((name, *offers, self._around), make)


def _all(lint: Callable[[Offer], Iterator[Diagnostic]], offer: Offer) -> tuple[Diagnostic, ...]:
    return tuple(lint(offer))
