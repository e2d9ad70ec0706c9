"""Presentations → their figures: what is counted, and the rates that follow from the counts.

Each presentation is added once to each group that it is of. Amounts are summed exactly, rates are exact fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from nbo.history.exact import plus
from nbo.history.presentation import Presentation
from nbo.workbench.figures.rates import Interval, share, wilson


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of a number of presentations.

    Of the `presented`, each is accepted, declined, deferred, without an answer, or `open` (nothing is known yet). `calls` are
    those in which they were presented; `csat_sum` adds the last ratings of the `rated`; `unpriced` of the `booked` have a
    booking without an amount, so that `revenue`, bookings less refunds, may lack something. A rate of nothing is None.
    """

    presented: int = 0
    calls: int = 0
    accepted: int = 0
    declined: int = 0
    deferred: int = 0
    no_answer: int = 0
    booked: int = 0
    unpriced: int = 0
    cancelled: int = 0
    refunded: int = 0
    complained: int = 0
    rated: int = 0
    csat_sum: int = 0
    revenue: Decimal = Decimal(0)

    @property
    def open(self) -> int:
        """Presented, and nothing is known of an answer."""
        return self.presented - self.accepted - self.declined - self.deferred - self.no_answer

    @property
    def conversion(self) -> Interval | None:
        """Accepted of presented, with its 95% interval."""
        return wilson(self.accepted, self.presented)

    @property
    def booking(self) -> Fraction | None:
        """Booked of presented."""
        return share(self.booked, self.presented)

    @property
    def cancellation(self) -> Fraction | None:
        """Cancelled of booked."""
        return share(self.cancelled, self.booked)

    @property
    def complaints(self) -> Fraction | None:
        """Complained about, of presented."""
        return share(self.complained, self.presented)

    @property
    def csat(self) -> Fraction | None:
        """The mean of the last ratings."""
        return share(self.csat_sum, self.rated)

    @property
    def revenue_per_call(self) -> Fraction | None:
        """Revenue, for each call in which one of them was presented."""
        return share(self.revenue, self.calls)


class Tally:
    """Counts presentations, customer by customer."""

    __slots__ = ("_answers", "_calls", "_calls_here", "_counts", "_customer", "_revenue")

    def __init__(self) -> None:
        self._answers: dict[str | None, int] = dict.fromkeys((None, "accepted", "declined", "deferred", "no_answer"), 0)
        self._counts = [0] * 7  # booked, unpriced, cancelled, refunded, complained, rated, csat_sum
        self._revenue = Decimal(0)
        self._calls = 0
        self._customer: str | None = None
        self._calls_here: set[tuple[str | None, str | None]] = set()  # of this customer

    @property
    def presented(self) -> int:
        """How many were added."""
        return sum(self._answers.values())

    def add(self, each: Presentation) -> None:
        """Count one. Those of a customer come one after the other; without a call's id, a decision counts as a call."""
        self._answers[each.answer] += 1
        call = (each.call_id, None if each.call_id else each.decision_id)
        if self._customer != each.customer_id:
            self._customer, self._calls_here = each.customer_id, {call}
            self._calls += 1
        elif call not in self._calls_here:
            self._calls_here.add(call)
            self._calls += 1
        counts = self._counts
        if each.booked:
            counts[0] += 1
            counts[1] += each.unpriced
            counts[2] += each.cancelled
            counts[3] += each.refunded
            self._revenue = plus(self._revenue, each.revenue)
        counts[4] += each.complained
        if each.csat is not None:
            counts[5] += 1
            counts[6] += each.csat

    def figures(self) -> Figures:
        """What was counted so far."""
        answers, (booked, unpriced, cancelled, refunded, complained, rated, csat_sum) = self._answers, self._counts
        return Figures(
            presented=self.presented,
            calls=self._calls,
            accepted=answers["accepted"],
            declined=answers["declined"],
            deferred=answers["deferred"],
            no_answer=answers["no_answer"],
            booked=booked,
            unpriced=unpriced,
            cancelled=cancelled,
            refunded=refunded,
            complained=complained,
            rated=rated,
            csat_sum=csat_sum,
            revenue=self._revenue,
        )
