"""The best set of components that a budget buys: an exact search, as a pure function over whole fen.

In: components with prices, values, costs and what each needs or excludes, and a budget. Out: the set that is best for the
customer, and how many sets were looked at. It knows nothing of customers, offers or files.

What is best: the largest saving (list value less price); of equal ones fewer components, then the larger margin of the bank,
then the lower price, then the ids in alphabetical order. A set is chosen for who pays it: the margin decides between sets that
are as good for the customer, and never adds a component that saves nothing. No two sets are equal in all of this, so the answer
does not depend on the order of the input.

How: the whole order is folded into one integer a component (see `_weights`), so that comparing two sets is comparing two sums.
Components that nothing links are two halves of at most 2^15 sets each, of which only those are kept that no cheaper set
outdoes; both lists are then walked once against each other (Horowitz and Sahni 1974). Components that need or exclude each
other are decided first, the most linked one first, until what hangs together fits into a half; a branch is left as soon as
its relaxed bound (Dantzig 1957) cannot beat the best set so far. Nothing is cut off: the answer is exact, and 30 components
with any rules take a bounded number of steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

MOST_COMPONENTS = 30
_HALF = 16  # components whose sets are listed at once; 15 and 15 where nothing is linked

_Front = list[tuple[int, int]]  # (price, minus the weight) of sets, the price rising and the second falling


@dataclass(frozen=True, slots=True)
class Component:
    """One component in fen: `price` above 0, `list_value` and `unit_cost` 0 or more.

    It can only be chosen with all of `only_with` and with none of `not_with`; ids that are no component can never be met
    by `only_with` and are nothing to `not_with`.
    """

    id: str
    price: int
    list_value: int
    unit_cost: int
    only_with: frozenset[str] = frozenset()
    not_with: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """The best set, its ids in alphabetical order (empty: no set saves anything); the sums are in fen.

    `looked_at` counts the sets and branches that the search went through.
    """

    ids: tuple[str, ...]
    price: int
    list_value: int
    unit_cost: int
    looked_at: int


def choose(
    components: Iterable[Component],
    budget: int,
    *,
    keep: frozenset[str] = frozenset(),
    leave_out: frozenset[str] = frozenset(),
) -> Choice | None:
    """The best set for `budget` (fen) that has all of `keep` and none of `leave_out`.

    None where no such set exists: what is to be kept excludes itself, needs what is left out or costs more than the budget.
    Raises `ValueError` for two components of one id, for a price that is not above 0, and for more than 30 components.

    >>> shelf = [Component("golf", 90000, 150000, 70000), Component("spa", 60000, 90000, 33000)]
    >>> choose(shelf, 100000).ids
    ('golf',)
    """
    ordered = sorted(components, key=lambda each: each.id)
    if len({each.id for each in ordered}) < len(ordered):
        raise ValueError("two components have the same id")
    if any(each.price <= 0 for each in ordered):
        raise ValueError("the price of a component must be above 0")
    if len(ordered) > MOST_COMPONENTS:
        raise ValueError(f"more than {MOST_COMPONENTS} components")
    if not keep <= {each.id for each in ordered}:
        return None
    return _Search(ordered, budget).best(keep, leave_out)


def _weights(components: Sequence[Component]) -> list[int]:
    """One integer a component such that the better of two sets has the larger sum.

    The least important criterion comes first; each further one is shifted past everything below it. The lowest is the
    component's own bit, the first id the highest: of two sets of equal number the larger sum of bits comes first in the
    alphabet. So the lowest bits of a sum say which set it is.
    """
    count = len(components)
    weights = [1 << (count - 1 - index) for index in range(count)]
    criteria = (
        [-each.price for each in components],
        [each.price - each.unit_cost for each in components],
        [-1] * count,
        [each.list_value - each.price for each in components],
    )
    for criterion in criteria:
        beyond = (2 * sum(map(abs, weights))).bit_length()
        weights = [(value << beyond) + below for value, below in zip(criterion, weights, strict=True)]
    return weights


class _Search:
    """One search. Sets of components are integers with the bit of each; `free` are those that are still undecided.

    INVARIANT: what a free component needs is free or taken, and no taken one excludes it.
    """

    def __init__(self, components: Sequence[Component], budget: int) -> None:
        self.components = components
        self.budget = budget
        self.weights = _weights(components)
        self.looked_at = 0
        self.fronts: dict[int, _Front] = {}  # of linked components, which many branches share
        self.least: int | None = None  # minus the weight of the best set so far
        index = {each.id: place for place, each in enumerate(components)}
        self.prices = [each.price for each in components]
        self.excludes = [0] * len(components)
        self.needs = [1 << place for place in range(len(components))]
        self.impossible = 0
        for place, each in enumerate(components):
            for name in each.not_with & index.keys():
                self.excludes[place] |= 1 << index[name]
                self.excludes[index[name]] |= 1 << place
            for name in each.only_with:
                if name in index:
                    self.needs[place] |= 1 << index[name]
                else:
                    self.impossible |= 1 << place
        self.links = [self.excludes[place] | self.needs[place] for place in range(len(components))]
        for place in range(len(components)):
            for other in _bits(self.links[place]):
                self.links[other] |= 1 << place
        self._close_needs()
        self.dependents = [
            sum(1 << other for other, needed in enumerate(self.needs) if needed >> place & 1)
            for place in range(len(components))
        ]
        self.by_ratio = sorted(
            (place for place, weight in enumerate(self.weights) if weight > 0),
            key=lambda place: (-Fraction(self.weights[place], self.prices[place]), place),
        )

    def _close_needs(self) -> None:
        """What is needed by what is needed."""
        for middle in range(len(self.needs)):
            for place in range(len(self.needs)):
                if self.needs[place] >> middle & 1:
                    self.needs[place] |= self.needs[middle]

    def best(self, keep: frozenset[str], leave_out: frozenset[str]) -> Choice | None:
        free = (1 << len(self.components)) - 1
        for place, each in enumerate(self.components):
            contradicts_itself = self._excluded_by(self.needs[place]) & self.needs[place]
            if each.id in leave_out or self.impossible >> place & 1 or contradicts_itself:
                free &= ~self.dependents[place]
        taken = 0
        for place, each in enumerate(self.components):
            if each.id in keep:
                if not (free | taken) >> place & 1:
                    return None
                free, taken = self._take(place, free, taken)
        price, weight = self._sums(taken)
        if price > self.budget:
            return None
        self._offer(self._greedy(free, taken))
        self._search(free, price, weight)
        best = -(self.least or 0)
        chosen = [each for place, each in enumerate(self.components) if best >> self._bit(place) & 1]
        return Choice(
            tuple(each.id for each in chosen),
            sum(each.price for each in chosen),
            sum(each.list_value for each in chosen),
            sum(each.unit_cost for each in chosen),
            self.looked_at,
        )

    def _bit(self, place: int) -> int:
        """The bit of a component in its weight."""
        return len(self.components) - 1 - place

    # --- deciding one component ---------------------------------------------------------------------------------------

    def _excluded_by(self, chosen: int) -> int:
        excluded = 0
        for place in _bits(chosen):
            excluded |= self.excludes[place]
        return excluded

    def _take(self, place: int, free: int, taken: int) -> tuple[int, int]:
        """What is free and taken once a component and all that it needs are chosen."""
        new = self.needs[place] & free
        taken |= new
        free &= ~new
        for out in _bits(self._excluded_by(new) & free):
            free &= ~self.dependents[out]
        return free, taken

    def _drop(self, place: int, free: int) -> int:
        return free & ~self.dependents[place]

    def _sums(self, chosen: int) -> tuple[int, int]:
        return sum(self.prices[place] for place in _bits(chosen)), sum(self.weights[place] for place in _bits(chosen))

    # --- branches -----------------------------------------------------------------------------------------------------

    def _search(self, free: int, price: int, weight: int) -> None:
        """Better sets than the best so far among those that add free components."""
        self.looked_at += 1
        for place in _bits(free):
            if price + self._sums(self.needs[place] & free)[0] > self.budget:
                free = self._drop(place, free)
        self._offer(weight)
        if weight + self._bound(free, self.budget - price) <= -(self.least or 0):
            return
        clusters = self._clusters(free)
        sides = _two_sides(clusters)
        if max(side.bit_count() for side in sides) <= _HALF:
            self._join(sides, price, weight)
            return
        linked = max((each for each in clusters if each.bit_count() > 1), key=int.bit_count)
        place = self._most_linked(linked)
        rest, new = self._take(place, free, 0)
        more_price, more_weight = self._sums(new)
        self._search(rest, price + more_price, weight + more_weight)
        self._search(self._drop(place, free), price, weight)

    def _offer(self, weight: int) -> None:
        if self.least is None or -weight < self.least:
            self.least = -weight

    def _greedy(self, free: int, taken: int) -> int:
        """The weight of a set that takes what saves most for its price, as long as the budget lasts."""
        for place in self.by_ratio:
            if free >> place & 1:
                rest, more = self._take(place, free, taken)
                if self._sums(more)[0] <= self.budget:
                    free, taken = rest, more
        return self._sums(taken)[1]

    def _bound(self, free: int, left: int) -> int:
        """At least what free components add for the money left: rules aside, the last one may be bought in part."""
        total = 0
        for place in self.by_ratio:
            if free >> place & 1:
                if self.prices[place] > left:
                    return total - (-self.weights[place] * left) // self.prices[place]
                total += self.weights[place]
                left -= self.prices[place]
        return total

    def _clusters(self, free: int) -> list[int]:
        """The components that hang together by what they need or exclude."""
        clusters: list[int] = []
        while free:
            cluster, grown = 0, free & -free
            while grown != cluster:
                fresh, cluster = grown & ~cluster, grown
                for place in _bits(fresh):
                    grown |= self.links[place] & free
            clusters.append(cluster)
            free &= ~cluster
        return clusters

    def _most_linked(self, cluster: int) -> int:
        """The component with the most links; of equal ones that whose absence leaves the smallest parts."""

        def rank(place: int) -> tuple[int, int, int]:
            links = (self.links[place] & cluster).bit_count()
            parts = self._clusters(cluster & ~(1 << place)) if links <= 3 else []
            return -links, max((each.bit_count() for each in parts), default=0), place

        return min(_bits(cluster), key=rank)

    # --- halves -------------------------------------------------------------------------------------------------------

    def _join(self, sides: tuple[int, int], price: int, weight: int) -> None:
        """The best pair of a set of either side within the budget."""
        left = self.budget - price
        first, second = (self._front(side) for side in sides)
        place = len(second) - 1
        for spent, loss in first:
            while second[place][0] > left - spent:
                place -= 1
                if place < 0:
                    return
            self._offer(weight - loss - second[place][1])

    def _front(self, free: int) -> _Front:
        """The sets of free components within the budget that no cheaper set outdoes, the empty one first."""
        front: _Front = [(0, 0)]
        for cluster in self._clusters(free):
            if cluster & (cluster - 1):
                more = self._linked(cluster)
            else:
                place = cluster.bit_length() - 1
                more = [(0, 0), (self.prices[place], -self.weights[place])] if self.weights[place] > 0 else [(0, 0)]
            front = (
                more
                if len(front) == 1
                else self._undominated(
                    (spent + price, loss + least)
                    for price, least in more
                    for spent, loss in front
                    if spent + price <= self.budget
                )
            )
        return front

    def _linked(self, cluster: int) -> _Front:
        """The same for components that hang together: the most linked one is taken or not."""
        known = self.fronts.get(cluster)
        if known is None:
            place = self._most_linked(cluster)
            rest, new = self._take(place, cluster, 0)
            price, weight = self._sums(new)
            taken = (
                (price + spent, loss - weight) for spent, loss in self._front(rest) if price + spent <= self.budget
            )
            known = self._undominated([*self._front(self._drop(place, cluster)), *taken])
            self.fronts[cluster] = known
        return known

    def _undominated(self, sets: Iterable[tuple[int, int]]) -> _Front:
        ordered = sorted(sets)
        self.looked_at += len(ordered)
        kept = ordered[:1]
        least = ordered[0][1]
        for each in ordered:
            if each[1] < least:
                least = each[1]
                kept.append(each)
        return kept


def _two_sides(clusters: Iterable[int]) -> tuple[int, int]:
    """The clusters on two sides of about the same number of components."""
    small, large = 0, 0
    for cluster in sorted(clusters, key=int.bit_count, reverse=True):
        small |= cluster
        if small.bit_count() > large.bit_count():
            small, large = large, small
    return small, large


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
