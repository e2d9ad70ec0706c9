"""What counts as what, and to which day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from happened import SHANGHAI, happened

from nbo.history.interaction import Interaction
from nbo.history.store import Store
from nbo.outside.figures import OfferFigures
from nbo.workbench.figures import collect as collecting
from nbo.workbench.figures.collect import collect
from nbo.workbench.figures.report import By, Group, Reason, Report
from nbo.workbench.figures.tally import Figures

Refill = Callable[[Iterable[Interaction]], Store]
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


def report(store: Store, **more: object) -> Report:
    return collect(store, **{"zone": SHANGHAI, "least": 1, **more})


def by_name(groups: tuple[Group, ...]) -> dict[str | None, Figures]:
    return {each.name: each.figures for each in groups}


def test_a_presentation_counts_with_all_that_became_of_it(filled: Refill) -> None:
    figures = report(
        filled(
            [
                happened("presented", "2026-11-16T10:00", call_id="call"),
                happened("accepted", "2026-11-16T10:02"),
                happened("booked", "2026-11-16T10:03", amount=Decimal("120.10")),
                happened("rated", "2026-11-16T10:09", csat=3),
                happened("rated", "2026-11-17T09:00", csat=5),
                happened("cancelled", "2026-11-20T09:00", reason="dear"),
                happened("refunded", "2026-11-21T09:00", amount=Decimal("100.00")),
                happened("complained", "2026-11-22T09:00", complaint_id="x"),
                happened("complained", "2026-11-23T09:00", complaint_id="y"),
            ]
        )
    ).total
    assert figures == Figures(
        presented=1, calls=1, accepted=1, booked=1, cancelled=1, refunded=1, complained=1, rated=1, csat_sum=5,
        revenue=Decimal("20.10"),
    )  # fmt: skip
    assert (figures.cancellation, figures.complaints, figures.csat) == (1, 1, 5)
    assert figures.revenue_per_call == Fraction("20.10")


@pytest.mark.parametrize(
    ("when", "zone_day"),
    [
        ("2026-11-15T23:59:59.999999", "2026-11-15"),
        ("2026-11-16T00:00:00", "2026-11-16"),
        ("2026-11-15T16:00:00+00:00", "2026-11-16"),
        ("2026-11-16T23:59:59.999999", "2026-11-16"),
        ("2026-11-17T00:00:00", "2026-11-17"),
    ],
)
def test_a_day_begins_and_ends_at_midnight_of_its_zone(filled: Refill, when: str, zone_day: str) -> None:
    store = filled([happened("presented", when)])
    assert list(by_name(report(store).days)) == [zone_day]
    day = date(2026, 11, 16)
    assert report(store, first=day, last=day).total.presented == (zone_day == "2026-11-16")


def test_what_comes_later_counts_to_the_day_of_its_presentation(filled: Refill) -> None:
    store = filled(
        [
            happened("presented", "2026-10-31T23:00", "october"),
            happened("accepted", "2026-11-05T09:00", "october"),
            happened("presented", "2026-11-30T23:00", "november"),
            happened("accepted", "2026-12-05T09:00", "november"),
        ]
    )
    assert by_name(report(store, first=NOVEMBER[0], last=NOVEMBER[1], by=By.DAY).groups) == {
        "2026-11-30": Figures(presented=1, calls=1, accepted=1)
    }


def test_a_late_presentation_takes_its_answer_along_to_its_own_day(filled: Refill) -> None:
    answer = happened("accepted", "2026-11-02T00:10")
    assert list(by_name(report(filled([answer])).days)) == ["2026-11-02"]
    late = happened("presented", "2026-11-01T23:55")
    assert by_name(report(filled([answer, late])).days) == {"2026-11-01": Figures(presented=1, calls=1, accepted=1)}


def test_what_is_presented_again_counts_once_on_its_first_day(filled: Refill) -> None:
    again = report(filled([happened("presented", "2026-11-01T10:00"), happened("presented", "2026-11-03T10:00")]))
    assert by_name(again.days) == {"2026-11-01": Figures(presented=1, calls=1)}
    assert report(filled([]), first=date(2026, 11, 3)).total == Figures()
    store = filled([happened("presented", "2026-11-01T10:00"), happened("presented", "2026-11-03T10:00")])
    assert report(store, first=date(2026, 11, 3)).total == Figures(), "it was presented before"


def test_the_last_answer_counts_and_a_try_without_one_takes_none_back(filled: Refill) -> None:
    store = filled(
        [
            happened("presented", "2026-11-01T10:00", "a"),
            happened("accepted", "2026-11-01T10:01", "a"),
            happened("declined", "2026-11-01T10:02", "a", reason="dear"),
            happened("presented", "2026-11-01T11:00", "b"),
            happened("deferred", "2026-11-01T11:01", "b", reason="later"),
            happened("no_answer", "2026-11-02T11:01", "b"),
            happened("presented", "2026-11-01T12:00", "c"),
            happened("no_answer", "2026-11-01T12:01", "c"),
            happened("presented", "2026-11-01T13:00", "d"),
        ]
    )
    found = report(store)
    assert found.total == Figures(presented=4, calls=4, declined=1, deferred=1, no_answer=1)
    assert found.total.open == 1
    assert found.reasons == (
        Reason("gold", "declined", "dear", 1, 1),
        Reason("gold", "deferred", "later", 1, 1),
    )


def test_who_was_never_reached_was_presented_nothing(filled: Refill) -> None:
    found = report(filled([happened("no_answer", "2026-11-01T10:00"), happened("no_answer", "2026-11-02T10:00")]))
    assert (found.total, found.unreached, found.groups, found.days) == (Figures(), 1, (), ())


def test_what_was_booked_again_is_not_cancelled_and_what_was_cancelled_had_been_booked(filled: Refill) -> None:
    store = filled(
        [
            happened("presented", "2026-11-01T10:00", "again"),
            happened("cancelled", "2026-11-02T10:00", "again"),
            happened("booked", "2026-11-03T10:00", "again", amount=Decimal(5)),
            happened("presented", "2026-11-01T11:00", "gone"),
            happened("cancelled", "2026-11-02T11:00", "gone", reason="dear"),
        ]
    )
    found = report(store)
    assert (found.total.booked, found.total.cancelled, found.total.cancellation) == (2, 1, Fraction(1, 2))
    assert found.reasons == (Reason("gold", "cancelled", "dear", 1, 1),)


def test_a_booking_without_an_amount_is_told(filled: Refill) -> None:
    figures = report(filled([happened("presented", "2026-11-01T10:00"), happened("booked", "2026-11-01T10:01")])).total
    assert (figures.booked, figures.unpriced, figures.revenue) == (1, 1, 0)


def test_revenue_is_for_each_call_and_a_call_counts_once_however_much_was_presented_in_it(filled: Refill) -> None:
    store = filled(
        [
            happened("presented", "2026-11-01T10:00", "a", call_id="one", offer="gold"),
            happened("presented", "2026-11-01T10:00", "a", call_id="one", offer="travel"),
            happened("presented", "2026-11-01T10:09", "b", call_id="one", offer="gold"),
            happened("booked", "2026-11-01T10:10", "b", offer="gold", amount=Decimal("30.00")),
            happened("presented", "2026-11-02T10:00", "c", offer="gold"),
        ]
    )
    found = report(store)
    assert (found.total.presented, found.total.calls, found.total.revenue_per_call) == (4, 2, 15)
    groups = by_name(found.groups)
    assert [(name, each.calls, each.revenue_per_call) for name, each in groups.items()] == [
        ("gold", 2, 15),
        ("travel", 1, 0),
    ]


def test_who_presented_it_is_taken_from_the_presentation_and_else_from_an_answer_never_from_who_took_a_complaint(
    filled: Refill,
) -> None:
    store = filled(
        [
            happened("presented", "2026-11-01T10:00", "a", agent="li", channel="phone"),
            happened("accepted", "2026-11-01T10:01", "a", agent="wang"),
            happened("presented", "2026-11-01T10:00", "b"),
            happened("declined", "2026-11-01T10:01", "b", agent="wang"),
            happened("presented", "2026-11-01T10:00", "c"),
            happened("booked", "2026-11-01T12:00", "c", agent="desk"),
            happened("complained", "2026-11-03T10:00", "c", complaint_id="x", agent="branch", channel="branch"),
        ]
    )
    assert {name: each.presented for name, each in by_name(report(store, by=By.AGENT).groups).items()} == {
        "li": 1,
        "wang": 1,
        None: 1,
    }
    assert set(by_name(report(store, by=By.CHANNEL).groups)) == {"phone", None}


def test_a_presentation_for_several_needs_counts_to_each(filled: Refill) -> None:
    store = filled(
        [
            happened("presented", "2026-11-01T10:00", "a", needs=("cash", "travel")),
            happened("accepted", "2026-11-01T10:01", "a"),
            happened("presented", "2026-11-01T10:00", "b", needs=("cash",)),
            happened("presented", "2026-11-01T10:00", "c"),
        ]
    )
    needs = by_name(report(store).needs)
    assert {name: (each.presented, each.accepted) for name, each in needs.items()} == {
        "cash": (2, 1),
        "travel": (1, 1),
        None: (1, 0),
    }


def test_agents_with_few_presentations_are_counted_together_and_other_groups_are_marked(filled: Refill) -> None:
    calls = [("li", 3), ("wang", 2), ("zhao", 1)]
    store = filled(
        [
            happened("presented", "2026-11-01T10:00", f"{agent}{number}", agent=agent, script=agent)
            for agent, count in calls
            for number in range(count)
        ]
    )
    agents = report(store, by=By.AGENT, least=3).groups
    assert [(each.name, each.sort, each.together, each.small, each.figures.presented) for each in agents] == [
        ("li", "one", None, False, 3),
        (None, "few", 2, False, 3),
    ]
    scripts = report(store, by=By.SCRIPT, least=3).groups
    assert [(each.name, each.small) for each in scripts] == [("li", False), ("wang", True), ("zhao", True)]


def test_groups_and_reasons_past_the_bound_are_counted_together(
    filled: Refill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "MOST_GROUPS", 2)
    events = [
        [
            happened("presented", "2026-11-01T10:00", offer, offer=offer),
            happened("declined", "2026-11-01T10:01", offer, offer=offer, reason="dear"),
        ]
        for offer in ("a", "b", "c", "d")
    ]
    found = report(filled([each for both in events for each in both]))
    assert [(each.name, each.sort, each.figures.presented) for each in found.groups] == [
        ("a", "one", 1),
        ("b", "one", 1),
        (None, "others", 2),
    ]
    assert found.reasons[0] == Reason(None, "declined", None, 2, 2)
    assert found.total.presented == 4


def test_the_ends_of_the_calendar_are_days_too(filled: Refill) -> None:
    store = filled(
        [
            happened("presented", "0001-01-01T00:30:00+00:00", "a"),
            happened("presented", "9999-12-31T23:30:00+00:00", "b"),
        ]
    )
    found = report(store, first=date.min, last=date.max)
    assert list(by_name(found.days)) == ["0001-01-01", "9999-12-31"]


def test_an_offer_has_its_figures_of_the_days_before_today(filled: Refill) -> None:
    store = filled(
        [
            happened("presented", "2026-11-08T23:59", "old"),
            happened("presented", "2026-11-09T00:00", "a"),
            happened("booked", "2026-11-09T00:01", "a", amount=Decimal(1)),
            happened("cancelled", "2026-11-10T00:01", "a"),
            happened("presented", "2026-11-15T23:59", "b"),
            happened("rated", "2026-11-16T08:00", "b", csat=4),
            happened("presented", "2026-11-15T10:00", "c"),
            happened("complained", "2026-11-16T08:00", "c", complaint_id="x"),
            happened("presented", "2026-11-16T00:00", "today"),
            happened("presented", "2026-11-15T10:00", "d", family="loan"),
        ]
    )
    assert store.figures(date(2026, 11, 16), [7], SHANGHAI) == {
        7: (OfferFigures("gold", "card", 3, 1, 1, 1, 1, 4), OfferFigures("gold", "loan", 1))
    }
    with pytest.raises(ValueError, match="at least 1"):
        store.figures(date(2026, 11, 16), [7, 0], SHANGHAI)
    assert store.figures(date.min, [7], SHANGHAI) == {7: ()}
    assert store.figures(date(1, 1, 3), [366], SHANGHAI) == {366: ()}
