"""Why no set of components answers what was asked: the first reason that a person can do something about.

In: the components, the budget, what is to be kept and left out, of which `nbo.quote.package_choice` found nothing. Out: a
stable code with what it is about. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nbo.quote.package_choice import Component, choose


@dataclass(frozen=True, slots=True)
class Conflict:
    """`about` is two ids, or two amounts in fen (the price of what is kept, the budget); empty where nothing is to be said.

    Codes: `unavailable`, `needs`, `excludes`, `over_budget`, `nothing_available`, `below_minimum`, `no_saving`.
    """

    code: str
    about: tuple[str, str] | tuple[int, int] = ("", "")


def conflict(
    components: Sequence[Component], budget: int, *, keep: frozenset[str], leave_out: frozenset[str]
) -> Conflict:
    """The reason; for a question that has an answer it would be wrong, so ask `choose` first."""
    known = {each.id: each for each in components if each.id not in leave_out}
    for name in sorted(keep):
        if name not in known:
            return Conflict("unavailable", (name, ""))
    kept: dict[str, Component] = {}
    waiting = sorted(keep)
    while waiting:
        each = known[waiting.pop()]
        kept[each.id] = each
        for needed in sorted(each.only_with - kept.keys()):
            if needed not in known:
                return Conflict("needs", (each.id, needed))
            waiting.append(needed)
    for name in sorted(kept):
        excluded = sorted(other for other in kept if other in kept[name].not_with)
        if excluded:
            return Conflict("excludes", (name, excluded[0]))
    price = sum(each.price for each in kept.values())
    if price > budget:
        return Conflict("over_budget", (price, budget))
    if not known:
        return Conflict("nothing_available")
    affordable = any(
        choose(components, budget, keep=frozenset({name}), leave_out=leave_out) is not None for name in known
    )
    return Conflict("no_saving" if affordable else "below_minimum")
