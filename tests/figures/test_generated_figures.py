"""On any interactions the figures are what their definitions say, whatever the order of recording and the size of a read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import plain_figures as plain
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nbo.history import customers
from nbo.history.interaction import KINDS, Interaction
from nbo.history.store import Store
from nbo.outside.figures import OfferFigures
from nbo.workbench.figures.collect import collect
from nbo.workbench.figures.report import By

Refill = Callable[[Iterable[Interaction]], Store]
ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "UTC", "America/Santiago")]
FIRST = datetime(2026, 9, 4, 12, tzinfo=ZONES[0])  # the day after it, Chile's midnight does not happen
SOME = st.sampled_from
MAYBE: dict[str, st.SearchStrategy[Any]] = {
    "channel": SOME([None, "phone", "app"]),
    "agent": SOME([None, "li", "wang"]),
    "call_id": SOME([None, "one", "two"]),
    "script": SOME([None, "ease/1"]),
    "needs": SOME([(), ("cash",), ("cash", "travel")]),
}
OF_A_KIND: dict[str, tuple[str, st.SearchStrategy[Any]]] = {
    "declined": ("reason", SOME([None, "dear", "later"])),
    "deferred": ("reason", SOME([None, "later"])),
    "cancelled": ("reason", SOME([None, "dear"])),
    "booked": ("amount", SOME([None, Decimal("0.10"), Decimal("99.95")])),
    "refunded": ("amount", SOME([Decimal("0.05"), Decimal("99.95")])),
    "complained": ("complaint_id", SOME(["x", "y"])),
    "rated": ("csat", st.integers(0, 10)),
}


@st.composite
def happenings(draw: st.DrawFn) -> list[Interaction]:
    found = []
    for number in range(draw(st.integers(0, 14))):
        kind = draw(SOME(KINDS))
        more = {name: draw(values) for name, values in MAYBE.items()}
        if kind == "referred":
            more |= {"ticket_owner": "desk", "ticket_due_at": FIRST}
        if kind in OF_A_KIND:
            name, values = OF_A_KIND[kind]
            more[name] = draw(values)
        offer = draw(SOME(["gold", "travel"]))
        found.append(
            Interaction(
                key=f"{draw(st.integers(0, 9))} {number}",
                customer_id=draw(SOME(["a", "b", "c"])),
                decision_id=draw(SOME(["d", "e"])),
                offer=offer,
                family="card",
                kind=kind,
                at=FIRST + timedelta(hours=draw(st.integers(0, 80))),
                **more,
            )
        )
    return found


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    interactions=happenings(),
    zone=SOME(ZONES),
    by=SOME(list(By)),
    days=st.tuples(st.none() | st.integers(0, 4), st.none() | st.integers(0, 4)),
    rows=SOME([1, 3, 20_000]),
)
def test_figures_are_what_their_definitions_say(
    interactions: list[Interaction],
    zone: ZoneInfo,
    by: By,
    days: tuple[int | None, int | None],
    rows: int,
    filled: Refill,
) -> None:
    first, last = (None if each is None else date(2026, 9, 4) + timedelta(each) for each in days)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(customers, "ROWS", rows)
        patch.setattr(customers, "CUSTOMERS", 2)
        found = collect(filled(interactions), by=by, first=first, last=last, zone=zone, least=1)

    within = [
        each
        for each in plain.threads(interactions)
        if (first is None or first <= plain.day(each, zone)) and (last is None or plain.day(each, zone) <= last)
    ]
    presented = [each for each in within if plain.reached(each)]

    def names(thread: plain.Thread) -> list[object]:
        if by is By.DAY:
            return [plain.day(thread, zone).isoformat()]
        if by in (By.OFFER, By.FAMILY):
            return [getattr(plain.presentation(thread), by.value)]
        return [plain.who(thread, by.value)]

    assert found.total == plain.figures(presented)
    assert found.unreached == len(within) - len(presented)
    assert {each.name: each.figures for each in found.groups} == plain.grouped(presented, names)
    assert {each.name: each.figures for each in found.days} == plain.grouped(
        presented, lambda thread: [plain.day(thread, zone).isoformat()]
    )
    assert {each.name: each.figures for each in found.needs} == plain.grouped(
        presented, lambda thread: plain.who(thread, "needs") or [None]
    )
    assert {(each.offer, each.refusal, each.reason): each.count for each in found.reasons} == plain.refusals(presented)
    assert sum(each.figures.presented for each in found.groups) == found.total.presented


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    interactions=happenings(), zone=SOME(ZONES), ahead=st.integers(0, 5), days=st.sets(st.integers(1, 5), max_size=3)
)
def test_what_floors_look_at_is_of_the_days_before_today(
    interactions: list[Interaction], zone: ZoneInfo, ahead: int, days: set[int], filled: Refill
) -> None:
    today = date(2026, 9, 4) + timedelta(ahead)
    found = filled(interactions).figures(today, sorted(days), zone)
    presented = [each for each in plain.threads(interactions) if plain.reached(each)]
    for back in days:
        within = [each for each in presented if timedelta(0) < today - plain.day(each, zone) <= timedelta(back)]
        expected = plain.grouped(within, lambda thread: [plain.presentation(thread).offer])
        assert {each.offer: each for each in found[back]} == {
            name: OfferFigures(
                str(name),
                "card",
                each.presented,
                each.complained,
                each.booked,
                each.cancelled,
                each.rated,
                each.csat_sum,
            )
            for name, each in expected.items()
        }
