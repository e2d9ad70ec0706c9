"""Whether an offer rests for everybody: the floors of the contact policy, held against what became of offers over all customers.

In: figures, where somebody was asked. Out: why the offer is not brought up. Nothing of the customer at hand is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from nbo.decide.candidate import Blocked
from nbo.decide.facts import Facts
from nbo.diagnostics.diagnostic import Text
from nbo.outside.figures import Counted, OfferFigures
from nbo.pack.floor import Figure, Floor, FloorFigures, Measure
from nbo.pack.offer import Offer
from nbo.pack.rulepack import RulePack

_NOT_KNOWN = Text("nobody can tell whether this holds: {reason}", "无法判断是否成立：{reason}")
_PARTS: Mapping[Measure, Callable[[OfferFigures], tuple[int, int]]] = {
    "csat": lambda row: (row.csat_sum, row.rated),
    "cancellation": lambda row: (row.cancelled, row.booked),
    "complaints": lambda row: (row.complained, row.presented),
}


def figures_of(floors: Iterable[Floor], counted: Counted) -> FloorFigures:
    """What each floor looks at, as far as it is of enough; of offers that the pack no longer has, too."""
    found: dict[str, Mapping[str, Figure]] = {}
    for floor in floors:
        parts: dict[str, tuple[int, int]] = {}
        for row in counted.get(floor.days, ()):
            if floor.counts(row.family):
                subject = floor.subject(row.offer, row.family)
                part, of = _PARTS[floor.measure](row)
                before = parts.get(subject, (0, 0))
                parts[subject] = before[0] + part, before[1] + of
        found[floor.id] = {
            subject: Figure(Decimal(part), of) for subject, (part, of) in sorted(parts.items()) if of >= floor.at_least
        }
    return found


def with_figures(facts: Facts, figures: FloorFigures | None) -> Facts:
    """The facts with what floors look at; None: the store that was to say so did not, and nothing is known to be well."""
    if figures is None:
        return replace(facts, figures={}, skipped=(*facts.skipped, "figures"))
    return replace(facts, figures=figures)


def state(floor: Floor, offer: Offer, facts: Facts) -> tuple[bool | None, Figure | None]:
    """Whether the offer rests for a floor, None where that cannot be told; and the figure, where there is one of enough.

    Where no store is asked, nothing rests.
    """
    if facts.figures is None:
        return False, None
    known = facts.figures.get(floor.id)
    if known is None:
        return None, None
    figure = known.get(floor.subject(offer.id, offer.family))
    return figure is not None and floor.is_beyond(figure), figure


def resting(pack: RulePack, offer: Offer, facts: Facts) -> Blocked | None:
    """The first floor for which the offer rests, or of which that cannot be told."""
    if facts.figures is None:
        return None
    for floor in pack.floors_of(offer):
        rests, _ = state(floor, offer, facts)
        if rests is not False:
            words = dict(floor.reason) if rests else _unknown(floor)
            return Blocked("contact_policy", floor.id, words, floor.span, undecided=rests is None)
    return None


def resting_offers(pack: RulePack, facts: Facts) -> list[str]:
    """The ids of the offers that rest, or of which that cannot be told."""
    return [each.id for each in pack.offers if resting(pack, each, facts) is not None]


def _unknown(floor: Floor) -> dict[str, str]:
    return {language: _NOT_KNOWN.fill(language, {"reason": reason}) for language, reason in floor.reason.items()}
