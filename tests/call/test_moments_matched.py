"""Which moments happen, by both matchers, held to the plainest reading of what a moment means."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moment_files import moments_of, plain_meaning, seen

from nbo.call.matching.durable import DurableMatcher, installed
from nbo.call.matching.matcher import Matcher, Seen
from nbo.call.matching.plain import PlainMatcher
from nbo.pack.moments import MOST_KEPT, Moment

NAMES = ("a", "b", "c", "d", "f", "g", "h")
needs_durable = pytest.mark.skipif(not installed(), reason="durable_rules is not installed on this Python")


def both() -> list[Any]:
    """Every test of what a moment means runs with both."""
    return [PlainMatcher, pytest.param(DurableMatcher, marks=needs_durable)]


def matched(matcher: Matcher, events: Sequence[Seen], call: str = "call") -> list[tuple[str, ...]]:
    return [matcher.observe(call, each) for each in events]


# --- generated moments and calls --------------------------------------------------------------------------------------

_OWN = [
    "R.word == x",
    "R.word != y",
    "R.amount > 2",
    "R.amount is missing",
    "call.mood >= 1",
    "R.amount <= customer.limit or call.mood == 0",
]
_JOINS = [
    "R.amount > P.amount",
    "R.amount == P.amount",
    "R.amount != P.amount or call.mood > 0",
    "default(R.amount, 0) >= default(P.amount, 1)",
    "R.at > P.at",
    "P.amount is missing",
]
_JOINED_TALKS = ["R.word == P.word", "R.word == P.word and R.amount > P.amount", "P.word != R.word"]
_OF_A_TALK = {each for each in (*_OWN, *_JOINS) if ".word" in each or ".amount" in each}


@st.composite
def roles(draw: st.DrawFn, names: list[str], above: list[tuple[str, str]]) -> tuple[dict[str, str], str]:
    """A role, and its kind; it may read those above it."""
    name = names.pop()
    kind = draw(st.sampled_from(["talk", "talk", "ask", "rest"]))
    lines = [each for each in _OWN if kind == "talk" or (kind == "ask" and ".word" not in each) or "R." not in each]
    for other, its_kind in above:
        joins = list(_JOINS) if "rest" not in (kind, its_kind) else ["R.at > P.at"]
        joins += _JOINED_TALKS if (kind, its_kind) == ("talk", "talk") else []
        lines += [each.replace("P.", f"{other}.") for each in joins]
    chosen = draw(st.lists(st.sampled_from(lines), max_size=2, unique=True))
    role = {name: kind}
    if chosen:
        role["where"] = " and ".join(f"({each})" for each in chosen).replace("R.", f"{name}.")
    return role, kind


@st.composite
def moments(draw: st.DrawFn) -> dict[str, object]:
    names = list(NAMES)
    above: list[tuple[str, str]] = []
    written: dict[str, list[dict[str, str]]] = {"all": [], "any": [], "none": []}
    for _ in range(draw(st.integers(0, 3))):
        role, kind = draw(roles(names, above))
        written["all"].append(role)
        above.append((next(iter(role)), kind))
    least = 0 if written["all"] else 1
    for part, fewest, most in (("any", least, 2), ("none", 0, 2)):
        for _ in range(draw(st.integers(fewest, most))):
            written[part].append(draw(roles(names, above))[0])
    effect = draw(st.sampled_from([{"needs": ["cash"]}, {"window": "open"}, {"window": "close"}, {"selling": "off"}]))
    within = draw(st.sampled_from([{}, {"within": {"seconds": 5}}]))
    return {**written, **effect, **within, "in_order": draw(st.booleans())}


amounts = st.sampled_from([None, 0, 2, 3, 5])
calls = st.lists(
    st.tuples(
        st.sampled_from(["talk", "talk", "talk", "ask", "rest"]),
        st.sampled_from(["x", "y", None]),
        amounts,
        st.integers(-1, 4),
        st.sampled_from([None, 0, 1]),
    ),
    min_size=1,
    max_size=8,
)


def events_of(call: list[tuple[str, str | None, int | None, int, int | None]]) -> list[Seen]:
    events, at = [], 0
    for number, (kind, word, amount, later, mood) in enumerate(call):
        at += later
        fields: dict[str, object] = {"talk": {"word": word, "amount": amount}, "ask": {"amount": amount}}.get(kind, {})
        events.append(seen(number, kind, at, mood, **fields))
    return events


def without_mistakes(written: list[dict[str, object]]) -> tuple[Moment, ...]:
    """Those that can be linked: two lines of a condition can contradict each other."""
    good = []
    for each in written:
        try:
            moments_of(each)
        except AssertionError:
            continue
        good.append(each)
    return moments_of(*good)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(moments(), min_size=1, max_size=3), calls)
def test_the_plain_matcher_finds_what_a_moment_means(written: list[dict[str, object]], call: list[Any]) -> None:
    linked, events = without_mistakes(written), events_of(call)
    assert matched(PlainMatcher(linked), events) == plain_meaning(linked, events)


@needs_durable
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(moments(), min_size=4, max_size=8), st.lists(calls, min_size=3, max_size=5))
def test_both_matchers_find_the_same(written: list[dict[str, object]], several: list[list[Any]]) -> None:
    linked = without_mistakes(written)
    plain, durable = PlainMatcher(linked), DurableMatcher(linked, processes=1, patience=5.0)
    for number, call in enumerate(several):
        events = events_of(call)
        assert matched(durable, events, f"call {number}") == matched(plain, events, f"call {number}")
    assert durable.metrics()["stood_in"] == 0
    durable.close()


# --- what a moment means, case by case --------------------------------------------------------------------------------

LARGER = {
    "all": [{"first": "talk"}, {"second": "talk", "where": "second.amount > first.amount"}],
    "in_order": True,
    "within": {"seconds": 120},
    "needs": ["cash"],
}


@pytest.fixture(params=both())
def happens(request: pytest.FixtureRequest) -> Any:
    """What happens at each event of a call, by both matchers in turn."""

    def found(events: Sequence[Seen], *written: dict[str, object]) -> list[tuple[str, ...]]:
        matcher = request.param(moments_of(*written))
        try:
            return matched(matcher, events)
        finally:
            matcher.close()

    return found


def test_two_events_are_joined_by_what_they_say(happens: Any) -> None:
    call = [seen(0, "talk", 0, amount=3), seen(1, "talk", 10, amount=2), seen(2, "talk", 20, amount=3)]
    assert happens(call, LARGER) == [(), (), ("m0",)]


def test_an_event_older_than_the_window_does_not_count(happens: Any) -> None:
    for seconds, expected in ((120, ("m0",)), (121, ())):
        call = [seen(0, "talk", 0, amount=1), seen(1, "talk", seconds, amount=2)]
        assert happens(call, LARGER)[1] == expected


def test_without_an_order_either_may_come_first(happens: Any) -> None:
    call = [seen(0, "talk", 0, amount=3), seen(1, "talk", 10, amount=2)]
    assert happens(call, {**LARGER, "in_order": False}) == [(), ("m0",)]


def test_one_event_does_not_fill_two_roles(happens: Any) -> None:
    twice = {"all": [{"a": "rest"}, {"b": "rest"}], "needs": ["cash"]}
    assert happens([seen(0, "rest"), seen(1, "rest")], twice) == [(), ("m0",)]


def test_a_moment_happens_at_every_event_that_completes_it(happens: Any) -> None:
    pair = {"all": [{"a": "talk"}, {"b": "rest"}], "needs": ["cash"]}
    call = [seen(0, "talk"), seen(1, "rest"), seen(2, "ask"), seen(3, "talk"), seen(4, "rest")]
    assert happens(call, pair) == [(), ("m0",), (), ("m0",), ("m0",)]


def test_equal_amounts_are_equal_however_they_are_written(happens: Any) -> None:
    same = {"all": [{"a": "talk"}, {"b": "ask", "where": "b.amount == a.amount"}], "needs": ["cash"]}
    call = [seen(0, "talk", amount=2), seen(1, "ask", amount=3), seen(2, "ask", amount=2), seen(3, "ask")]
    assert happens(call, same) == [(), (), ("m0",), ()]


def test_an_event_that_forbids_does_so_from_then_on_and_also_when_it_is_the_event_itself(happens: Any) -> None:
    written = {"all": [{"a": "talk"}], "none": [{"b": "talk", "where": "b.word == y"}], "window": "open"}
    call = [seen(0, "talk", word="x"), seen(1, "talk", word="y"), seen(2, "talk", word="x")]
    assert happens(call, written) == [("m0",), (), ()]


def test_an_event_that_forbids_is_forgiven_when_it_leaves_the_window(happens: Any) -> None:
    written = {"all": [{"a": "talk"}], "none": ["rest"], "within": {"seconds": 60}, "window": "open"}
    assert happens([seen(0, "rest", 0), seen(1, "talk", 60), seen(2, "talk", 61)], written) == [(), (), ("m0",)]


def test_a_role_of_none_that_reads_another_asks_about_other_events(happens: Any) -> None:
    written = {"all": [{"a": "talk"}], "none": [{"b": "talk", "where": "b.word == a.word"}], "needs": ["cash"]}
    call = [seen(0, "talk", word="x"), seen(1, "talk", word="y"), seen(2, "talk", word="x")]
    assert happens(call, written) == [("m0",), ("m0",), ()]


def test_one_of_any_is_enough_and_may_be_joined(happens: Any) -> None:
    written = {
        "all": [{"a": "talk"}],
        "any": [{"b": "ask", "where": "b.amount > a.amount"}, {"c": "rest"}],
        "needs": ["cash"],
    }
    call = [seen(0, "talk", amount=2), seen(1, "ask", amount=1), seen(2, "ask", amount=3), seen(3, "rest")]
    assert happens(call, written) == [(), (), ("m0",), ("m0",)]


def test_unknown_fills_no_role_of_a_moment_that_helps_and_one_of_a_moment_that_stops(happens: Any) -> None:
    asked = {"all": [{"a": "talk", "where": "a.amount > 2"}]}
    found = happens([seen(0, "talk")], {**asked, "window": "open"}, {**asked, "window": "close"})
    assert found == [("m1",)]
    forbids = {"all": ["rest"], "none": [{"a": "talk", "where": "a.amount > 2"}]}
    found = happens([seen(0, "talk"), seen(1, "rest")], {**forbids, "window": "open"}, {**forbids, "selling": "off"})
    assert found == [(), ("m1",)]


def test_a_join_with_an_unknown_amount_does_not_help_and_does_stop(happens: Any) -> None:
    asked = {"all": [{"a": "talk"}, {"b": "ask", "where": "b.amount == a.amount"}]}
    call = [seen(0, "talk", amount=2), seen(1, "ask")]
    assert happens(call, {**asked, "needs": ["cash"]}, {**asked, "selling": "off"}) == [(), ("m1",)]


def test_what_is_known_of_the_customer_counts_as_of_the_event(happens: Any) -> None:
    written = {
        "all": [{"a": "talk", "where": "call.mood > 0"}, {"b": "rest", "where": "call.mood < 0"}],
        "needs": ["cash"],
    }
    assert happens([seen(0, "talk", mood=1), seen(1, "rest", mood=-1)], written) == [(), ("m0",)]
    assert happens([seen(0, "talk", mood=-1), seen(1, "rest", mood=-1)], written) == [(), ()]


def test_a_join_reads_the_customer_as_of_its_own_event(happens: Any) -> None:
    written = {
        "all": [{"a": "talk"}, {"b": "talk", "where": "b.amount > a.amount or call.mood > 3"}],
        "in_order": True,
        "needs": ["cash"],
    }
    assert happens([seen(0, "talk", amount=3, mood=4), seen(1, "talk", amount=1, mood=1)], written) == [(), ()]
    assert happens([seen(0, "talk", amount=3), seen(1, "talk", amount=1, mood=4)], written) == [(), ("m0",)]


def test_a_clock_that_goes_back_counts_as_standing_still(happens: Any) -> None:
    call = [
        seen(0, "talk", 0, amount=1),
        seen(1, "rest", 100),
        seen(2, "talk", 50, amount=2),
        seen(3, "talk", 221, amount=3),
    ]
    assert happens(call, LARGER) == [(), (), ("m0",), ()]


def test_of_events_that_are_joined_the_latest_are_kept(happens: Any) -> None:
    written = {"all": [{"a": "ask"}, {"b": "talk", "where": "b.amount > a.amount"}], "needs": ["cash"]}
    few = [seen(0, "ask", amount=1), *(seen(number, "ask", amount=9) for number in range(1, MOST_KEPT))]
    last = seen(99, "talk", amount=2)
    assert happens([*few, last], written)[-1] == ("m0",)
    assert happens([*few, seen(98, "ask", amount=9), last], written)[-1] == ()


def test_of_events_that_nothing_is_joined_with_enough_are_kept(happens: Any) -> None:
    written = {"all": [{"a": "talk"}, {"b": "talk", "where": "b.word == x"}, {"c": "rest"}], "needs": ["cash"]}
    call = [seen(0, "talk", word="x"), *(seen(number, "talk", word="y") for number in range(1, 50)), seen(50, "rest")]
    assert happens(call, written)[-1] == ("m0",)


@pytest.mark.parametrize("made", both())
def test_a_call_knows_nothing_of_another_and_nothing_of_itself_once_it_is_over(made: Any) -> None:
    matcher = made(moments_of({"all": [{"a": "talk"}, {"b": "rest"}], "needs": ["cash"]}))
    assert matcher.observe("one", seen(0, "talk")) == ()
    assert matcher.observe("two", seen(0, "rest")) == ()
    assert matcher.observe("one", seen(1, "rest")) == ("m0",)
    matcher.forget("one")
    matcher.forget("never begun")
    assert matcher.observe("one", seen(2, "rest")) == ()
    matcher.close()


@pytest.mark.parametrize("made", both())
def test_the_call_that_was_silent_longest_makes_room(made: Any) -> None:
    matcher = made(moments_of({"all": [{"a": "talk"}, {"b": "rest"}], "needs": ["cash"]}), most_calls=2)
    for call in ("one", "two", "one", "three"):
        matcher.observe(call, seen(0, "talk"))
    assert matcher.metrics()["abandoned"] == 1
    assert matcher.observe("one", seen(1, "rest")) == ("m0",)
    assert matcher.observe("two", seen(1, "rest")) == ()
    matcher.close()


def test_what_is_not_kept_any_more_forbids_what_would_help_the_sale(happens: Any) -> None:
    other = {"c": "ask", "where": "c.amount == a.amount"}
    joined = {"all": [{"a": "talk"}, {"b": "rest"}], "none": [other]}
    written = (
        {**joined, "window": "open"},
        {**joined, "window": "close"},
        {**joined, "needs": ["cash"], "within": {"seconds": 60}},
    )
    asked = [seen(0, "ask", amount=1), *(seen(number, "ask", amount=9) for number in range(1, MOST_KEPT + 1))]
    soon = [seen(97, "talk", 50, amount=1), seen(98, "rest", 60)]
    assert happens([*asked[:-1], *soon], *written)[-1] == ()
    assert happens([*asked, *soon], *written)[-1] == ("m1",)
    assert happens([*asked, seen(97, "talk", 50, amount=1), seen(98, "rest", 61)], *written)[-1] == ("m1", "m2")
