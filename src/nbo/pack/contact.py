"""When not to approach, linked: single rules, and those that are asked together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nbo.language.generate import First, generate_first
from nbo.language.intake import Values
from nbo.once import once
from nbo.pack.clause import Clause
from nbo.pack.files.shared import Kind
from nbo.pack.offer import Offer


@dataclass(frozen=True, eq=False)
class ContactRule:
    """When not to approach; unknown suppresses."""

    id: str
    kinds: frozenset[Kind]
    families: frozenset[str] | None
    suppress: Clause

    def is_about(self, offer: Offer) -> bool:
        """Whether it can suppress the offer."""
        return offer.kind in self.kinds and (self.families is None or offer.family in self.families)

    @once
    def asks_for_each(self) -> Literal["offer", "family", "all"]:
        """Of which offers it reads the same, so that it is asked once for them."""
        names = {each.name for each in self.suppress.expression.reads}
        return "offer" if "offer.offer_id" in names else "family" if "offer.family" in names else "all"


@dataclass(frozen=True, eq=False)
class ContactGroup:
    """Contact rules about the same offers that read the same of them, asked together once for all of these.

    `places` are those of the rules among all of the pack.
    """

    asks_for_each: Literal["offer", "family", "all"]
    rules: tuple[ContactRule, ...]
    places: tuple[int, ...]

    def first(self, values: Values) -> int | None:
        """The place of the first rule that is not known to let pass; None where all do."""
        found = self._one_by_one(values) if values.refused else self._together(values)
        return None if found is None else self.places[found]

    def _one_by_one(self, values: Values) -> int | None:
        """For a customer with a refused value, at whose absence no rule may look."""
        asked = (rule.suppress.expression.ask for rule in self.rules)
        return next((place for place, ask in enumerate(asked) if ask(values) is not False), None)

    @once
    def _together(self) -> First:
        return generate_first([rule.suppress.expression.tree for rule in self.rules], passing=False)
