"""Figures read a store of either database in the same way: whole customers, each event once, however small a read is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from moving_clock import Clock

from nbo.history import customers
from nbo.history.exact import to_microseconds
from nbo.history.interaction import Interaction
from nbo.history.store import open_store
from nbo.outside.figures import OfferFigures
from nbo.workbench.figures.collect import collect

FIRST = datetime(2026, 11, 1, tzinfo=UTC)
NAMES = ["a", "B", "客户", "é", "_", "a b", "\N{GRINNING FACE}"]  # collations of a language would order them otherwise


@pytest.mark.parametrize("rows", [1, 4, 1000])
def test_every_event_of_every_customer_in_time_is_read_once_in_order(
    where: str, clock: Clock, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customers, "ROWS", rows)
    monkeypatch.setattr(customers, "CUSTOMERS", 2)
    random = Random(rows)  # noqa: S311 - nothing is to be kept secret
    known = [
        Interaction(
            key=f"{random.choice(NAMES)} {number}",
            customer_id=name,
            decision_id="d",
            offer="gold",
            family="card",
            kind="presented",
            at=FIRST + timedelta(days=day),
        )
        for number, (name, day) in enumerate((name, random.randrange(4)) for name in NAMES * 3)
    ]
    with open_store(where, clock=clock) as store:
        for each in random.sample(known, len(known)):
            store.record(each)
        for start, end in ((None, None), (1, 2), (None, 1), (3, None), (7, 8)):
            bounds = [None if day is None else to_microseconds(FIRST + timedelta(days=day)) for day in (start, end)]
            met = {
                each.customer_id
                for each in known
                if (start is None or each.at >= FIRST + timedelta(days=start))
                and (end is None or each.at < FIRST + timedelta(days=end))
            }
            events = [
                (each.customer_id, each.at_us, each.key)
                for some in customers.customers(store, *bounds)
                for each in some
            ]
            assert events == sorted(
                (each.customer_id, to_microseconds(each.at), each.key) for each in known if each.customer_id in met
            )
        assert collect(store).total.presented == len(NAMES)
        for back, days in ((1, (2,)), (2, (1, 2))):
            first = [min(each.at for each in known if each.customer_id == name) for name in NAMES]
            presented = sum((at - FIRST).days in days for at in first)
            (found,) = store.figures((FIRST + timedelta(days=3)).date(), [back], UTC)[back] or (OfferFigures("", ""),)
            assert found.presented == presented
