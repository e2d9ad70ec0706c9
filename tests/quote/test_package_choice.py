"""The best set under a budget: against every set there is, with all rules, and bounded for 30 components."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbo.quote.package_choice import MOST_COMPONENTS, Choice, Component, choose

SHELF = [
    Component("lounge", 60000, 90000, 33000),
    Component("dental", 40000, 64000, 18000),
    Component("transfer", 50000, 80000, 26000),
    Component("golf", 90000, 150000, 70000),
]


def sets(components: Sequence[Component], budget: int) -> Iterator[tuple[Component, ...]]:
    """Every set that keeps the rules and the budget, by looking at all."""
    for size in range(len(components) + 1):
        for chosen in combinations(components, size):
            ids = {each.id for each in chosen}
            if sum(each.price for each in chosen) <= budget and all(
                each.only_with <= ids and not each.not_with & ids for each in chosen
            ):
                yield chosen


def order(chosen: Sequence[Component]) -> tuple[int, int, int, int, list[str]]:
    """What is best comes first."""
    price = sum(each.price for each in chosen)
    saving = sum(each.list_value for each in chosen) - price
    margin = price - sum(each.unit_cost for each in chosen)
    return -saving, len(chosen), -margin, price, sorted(each.id for each in chosen)


def every_set(
    components: Sequence[Component], budget: int, keep: frozenset[str], out: frozenset[str]
) -> tuple[str, ...] | None:
    """The same answer by looking at every set."""
    fitting = [
        chosen
        for chosen in sets(components, budget)
        if keep <= {each.id for each in chosen} and not out & {each.id for each in chosen}
    ]
    return tuple(order(min(fitting, key=order))[-1]) if fitting else None


@st.composite
def shelves(draw: st.DrawFn) -> list[Component]:
    """Up to 12 components; few different prices, so that ties are common; rules of every form, cycles and contradictions too."""
    ids = "abcdefghijkl"[: draw(st.integers(0, 12))]
    some = st.frozensets(st.sampled_from(ids), max_size=3) if ids else st.just(frozenset())
    seldom = st.one_of(st.just(frozenset()), st.just(frozenset()), some)
    amount = st.integers(1, draw(st.sampled_from([3, 20, 10**6])))
    return [
        Component(
            each,
            draw(amount),
            draw(st.integers(0, 2) | amount),
            draw(st.integers(0, 2) | amount),
            draw(seldom),
            draw(seldom),
        )
        for each in draw(st.permutations(ids))
    ]


@settings(max_examples=250)
@given(shelves(), st.data())
def test_the_answer_is_that_of_looking_at_every_set(shelf: list[Component], data: st.DataObject) -> None:
    budget = data.draw(st.integers(0, sum(each.price for each in shelf) + 1))
    some = (
        st.frozensets(st.sampled_from([each.id for each in shelf]), max_size=2) if shelf else st.just(frozenset[str]())
    )
    keep, out = data.draw(st.just(frozenset[str]()) | some), data.draw(st.just(frozenset[str]()) | some)
    found = choose(shelf, budget, keep=keep, leave_out=out)
    assert (None if found is None else found.ids) == every_set(shelf, budget, keep, out)
    if found is not None:
        chosen = [each for each in shelf if each.id in found.ids]
        assert found.price == sum(each.price for each in chosen)
        assert found.list_value == sum(each.list_value for each in chosen)
        assert found.unit_cost == sum(each.unit_cost for each in chosen)


@given(shelves(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(shelf: list[Component], shuffled: Random) -> None:
    budget = sum(each.price for each in shelf) // 2
    again = list(shelf)
    shuffled.shuffle(again)
    assert choose(again, budget) == choose(shelf, budget)


# --- what is best -----------------------------------------------------------------------------------------------------


def ids(components: Sequence[Component], budget: int, **how: frozenset[str]) -> tuple[str, ...] | None:
    found: Choice | None = choose(components, budget, **how)
    return None if found is None else found.ids


def test_two_thousand_buy_a_list_value_of_three_thousand_two_hundred() -> None:
    found = choose(SHELF, 200000)
    assert found is not None
    assert (found.ids, found.price, found.list_value) == (("golf", "lounge", "transfer"), 200000, 320000)
    assert found.unit_cost == 129000


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (0, ()),
        (-1, None),
        (39999, ()),
        (40000, ("dental",)),
        (50000, ("transfer",)),
        (59999, ("transfer",)),
        (60000, ("lounge",)),  # saves as much as the transfer, and the bank earns more
        (90000, ("golf",)),  # saves 600, and so do dental and transfer together no more than 540
        (100000, ("golf",)),
        (110000, ("golf",)),  # lounge and transfer save 600 as well and earn more, but they are two
        (130000, ("dental", "golf")),
        (199999, ("dental", "golf", "lounge")),
        (240000, ("dental", "golf", "lounge", "transfer")),
        (10**30, ("dental", "golf", "lounge", "transfer")),
    ],
)
def test_the_best_set_for_a_budget(budget: int, expected: tuple[str, ...] | None) -> None:
    assert ids(SHELF, budget) == expected


def test_what_is_kept_and_what_is_left_out() -> None:
    assert ids(SHELF, 200000, leave_out=frozenset({"golf"})) == ("dental", "lounge", "transfer")
    assert ids(SHELF, 130000, keep=frozenset({"lounge"})) == ("lounge", "transfer")
    assert ids(SHELF, 200000, keep=frozenset({"golf"}), leave_out=frozenset({"golf"})) is None
    assert ids(SHELF, 80000, keep=frozenset({"golf"})) is None
    assert ids(SHELF, 80000, keep=frozenset({"spa"})) is None
    assert ids(SHELF, 80000, leave_out=frozenset({"spa"})) == ("lounge",)


def test_a_component_that_saves_nothing_is_chosen_only_for_one_that_needs_it() -> None:
    base = Component("base", 1000, 900, 0)
    more = Component("more", 1000, 1200, 0, only_with=frozenset({"base"}))
    assert ids([base], 5000) == ()
    assert ids([base, more], 5000) == ("base", "more")
    assert ids([base, more], 1999) == ()
    assert (
        ids([base, Component("more", 1000, 1100, 0, only_with=frozenset({"base"}))], 5000) == ()
    )  # saves 0, earns 2000


def test_what_is_needed_is_needed_through_others_too_and_a_ring_stands_or_falls_together() -> None:
    ring = [
        Component("a", 100, 200, 0, only_with=frozenset({"b"})),
        Component("b", 100, 200, 0, only_with=frozenset({"c"})),
        Component("c", 100, 200, 0, only_with=frozenset({"a"})),
    ]
    assert ids(ring, 299) == ()
    assert ids(ring, 300) == ("a", "b", "c")
    assert ids([*ring[:2], Component("c", 100, 200, 0, frozenset({"a"}), frozenset({"b"}))], 300) == ()
    assert ids(ring[:2], 300) == ()  # what nobody sells cannot be had


def test_an_exclusion_holds_from_either_side() -> None:
    one = Component("a", 100, 300, 0)
    pair = [Component("b", 100, 200, 0, not_with=frozenset({"a"})), one]
    assert ids(pair, 200) == ("a",)
    assert ids(pair, 200, keep=frozenset({"b"})) == ("b",)
    assert ids(pair, 200, keep=frozenset({"a", "b"})) is None
    assert ids([Component("a", 100, 300, 0, not_with=frozenset({"a"}))], 200) == ()
    torn = Component("c", 100, 900, 0, only_with=frozenset({"a", "b"}))
    assert ids([one, Component("b", 100, 200, 0, not_with=frozenset({"a"})), torn], 300) == ("a",)


def test_equal_savings_are_told_apart_by_number_then_margin_then_price_then_ids() -> None:
    def only(*components: Component) -> tuple[str, ...] | None:
        names = [each.id for each in components]
        apart = [
            Component(
                each.id,
                each.price,
                each.list_value,
                each.unit_cost,
                each.only_with,
                frozenset(names) - {each.id} - each.only_with,
            )
            for each in components
        ]
        return ids(apart, 1000)

    assert only(Component("a", 100, 200, 50), Component("b", 90, 190, 10)) == ("b",)  # the bank earns 80 against 50
    assert only(Component("a", 100, 200, 50), Component("b", 90, 190, 40)) == ("b",)  # the lower price
    assert only(Component("b", 100, 200, 50), Component("a", 100, 200, 50)) == ("a",)
    two = [Component("a", 50, 100, 25), Component("b", 50, 100, 25), Component("c", 100, 200, 50)]
    assert ids(two, 100) == ("c",)  # one instead of two
    assert ids([Component(each, 50, 100, 25) for each in "cabd"], 100) == ("a", "b")


def test_no_components_are_no_set() -> None:
    assert choose([], 1000) == Choice((), 0, 0, 0, 1)


@pytest.mark.parametrize(
    ("shelf", "message"),
    [
        ([SHELF[0], SHELF[0]], "the same id"),
        ([Component("free", 0, 100, 0)], "above 0"),
        ([Component(f"c{each}", 1, 2, 0) for each in range(MOST_COMPONENTS + 1)], "more than 30"),
    ],
)
def test_what_cannot_be_searched_is_the_programs_mistake(shelf: list[Component], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        choose(shelf, 1000)


# --- 30 components ----------------------------------------------------------------------------------------------------


def thirty(*, not_with: int = 0, only_with: int = 0) -> list[Component]:
    """Every set saves half its price, so no bound tells sets apart; every n-th component excludes or needs the one before."""
    chosen = Random(7)  # noqa: S311 - the same components on every run
    names = [f"c{place:02}" for place in range(30)]
    return [
        Component(
            each, price := 2 * chosen.randrange(10**7, 10**8), price * 3 // 2, price // 2,
            only_with=frozenset({names[place - 1]}) if only_with and place % only_with else frozenset(),
            not_with=frozenset({names[place - 1]}) if not_with and place % not_with else frozenset(),
        )
        for place, each in enumerate(names)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "most"),
    [
        ({}, 4 * 2**15),
        ({"not_with": 2}, 4 * 2**15),
        ({"not_with": 30}, 2**15),
        ({"only_with": 3}, 2**15),
        ({"only_with": 30}, 2**10),
    ],
)
def test_thirty_components_take_a_bounded_number_of_steps(rules: dict[str, int], most: int) -> None:
    shelf = thirty(**rules)
    found = choose(shelf, sum(each.price for each in shelf) // 2)
    assert found is not None
    assert found.looked_at <= most
    assert found.price <= sum(each.price for each in shelf) // 2


def test_thirty_components_are_solved_as_exactly_as_a_ledger_would() -> None:
    """Small prices let a table over every fen prove the answer."""
    chosen = Random(11)  # noqa: S311 - the same components on every run
    shelf = [Component(f"c{place:02}", chosen.randrange(1, 60), chosen.randrange(1, 120), 0) for place in range(30)]
    for budget in (0, 17, 150, 400, 2000):
        most = [0] * (budget + 1)
        for each in shelf:
            for left in range(budget, each.price - 1, -1):
                most[left] = max(most[left], most[left - each.price] + each.list_value - each.price)
        found = choose(shelf, budget)
        assert found is not None
        assert found.list_value - found.price == most[budget]
