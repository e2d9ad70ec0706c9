"""The data dictionary: every attribute that a condition can name, its type, its limits and its slot.

The engine keeps a customer as a flat list; an attribute's `slot` is its place in it. Slots 0 and 1 are the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nbo.language.computed import Computed
from nbo.language.intake import Intake
from nbo.language.tree import Typed
from nbo.language.types import DATE, DATETIME, Attribute, Type
from nbo.once import once

NOW_SLOT = 0
TODAY_SLOT = 1


@dataclass(frozen=True, eq=False)
class Dictionary:
    """All attributes by name, with every alias; `formulas` has the derived ones in an order that can be computed."""

    attributes: Mapping[str, Attribute]
    names: Mapping[str, str]
    namespaces: Mapping[str, str]  # every way to write a namespace -> its own name
    formulas: Mapping[str, Computed] = field(default_factory=dict)  # by the attribute's name

    def find(self, name: str) -> Attribute | None:
        """The attribute that `name` writes, in any of its languages."""
        own = self.names.get(name)
        return None if own is None else self.attributes[own]

    def __iter__(self) -> Iterator[Attribute]:
        return iter(self.attributes.values())

    @once
    def intake(self) -> Intake:
        """How a customer's values come in."""
        return Intake(self.attributes, self.names, self.namespaces)

    @once
    def derived(self) -> tuple[tuple[Attribute, Computed], ...]:
        """The derived attributes with their formulas, in an order that can be computed."""
        return tuple((self.attributes[name], formula) for name, formula in self.formulas.items())

    @property
    def width(self) -> int:
        """How many slots a customer takes."""
        return len(self.attributes)

    def extended(self, added: Mapping[str, Type | Attribute], formulas: Sequence[tuple[str, Typed]] = ()) -> Dictionary:
        """The dictionary with attributes that the engine fills (`offer.family`, `quote.payment`), in new slots.

        One that stands for a field of a record keeps that field's limits, labels and privacy.
        """
        attributes = dict(self.attributes)
        for name, model in added.items():
            slot = len(attributes)
            if isinstance(model, Attribute):
                attributes[name] = replace(model, name=name, slot=slot, engine=True)
            else:
                attributes[name] = Attribute(name, model, slot, engine=True)
        names = {**self.names, **{name: name for name in added}}
        namespaces = {**self.namespaces, **{name.partition(".")[0]: name.partition(".")[0] for name in added}}
        computed = {name: Computed(formula) for name, formula in formulas}
        return Dictionary(attributes, names, namespaces, {**self.formulas, **computed})


def clock_attributes() -> dict[str, Attribute]:
    """`now` and `today`, which every dictionary has."""
    return {"now": Attribute("now", DATETIME, NOW_SLOT), "today": Attribute("today", DATE, TODAY_SLOT)}
