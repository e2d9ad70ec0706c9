"""The store's interactions, customer by customer, in statements that each take a bounded time.

In: a store, and from when until when. Out: the events of every customer with one in that time, all of them, by time and key.
What is recorded while it is read may be in it or not; each event is read at most once. Nothing is locked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Select, bindparam, select, tuple_

from nbo.history.presentation import Event
from nbo.history.schema import INTERACTION

Result = TypeVar("Result")

ROWS = 20_000  # of a statement
CUSTOMERS = 200  # of a statement

_C = INTERACTION.c
_ROW = select(*(_C[name] for name in Event._fields))
_IN_ORDER = (_C.customer_id, _C.at_us, _C.key)
_ALL = _ROW.order_by(*_IN_ORDER).limit(bindparam("rows"))
_MORE = _ALL.where(tuple_(*_IN_ORDER) > tuple_(bindparam("customer"), bindparam("at"), bindparam("name")))
_OF_SOME = _ROW.where(_C.customer_id.in_(bindparam("customers", expanding=True))).order_by(*_IN_ORDER)
_BY_TIME = (_C.at_us, _C.customer_id, _C.key)
_WITHIN = select(*_BY_TIME).order_by(*_BY_TIME).limit(bindparam("rows")).where(_C.at_us < bindparam("end"))
_FIRST_WITHIN = _WITHIN.where(_C.at_us >= bindparam("start"))
_MORE_WITHIN = _WITHIN.where(tuple_(*_BY_TIME) > tuple_(bindparam("at"), bindparam("customer"), bindparam("name")))


class Readable(Protocol):
    """A store whose tables can be read."""

    def read(self, work: Callable[[Connection], Result]) -> Result:
        """What `work` makes of the tables in one transaction that writes nothing."""


def customers(store: Readable, start_us: int | None, end_us: int | None) -> Iterator[list[Event]]:
    """The events of each customer with one from `start_us` (inclusive) to `end_us` (exclusive); None is without an end.

    PERF: with an end in time, customers are found by the index on time and only theirs is read; their ids are held.
    """
    events = (
        _all(store) if start_us is None and end_us is None else _of(store, _customers_within(store, start_us, end_us))
    )
    for _, group in groupby(events, key=attrgetter("customer_id")):
        yield list(group)


def _all(store: Readable) -> Iterator[Event]:
    rows = _read(store, _ALL, {"rows": ROWS})
    while rows:
        yield from map(Event._make, rows)
        last = Event._make(rows[-1])
        rows = _read(store, _MORE, {"customer": last.customer_id, "at": last.at_us, "name": last.key, "rows": ROWS})


def _of(store: Readable, names: set[str]) -> Iterator[Event]:
    ordered = iter(sorted(names))
    while some := list(islice(ordered, CUSTOMERS)):
        yield from map(Event._make, _read(store, _OF_SOME, {"customers": some}))


def _customers_within(store: Readable, start_us: int | None, end_us: int | None) -> set[str]:
    start, end = (_EARLIEST if start_us is None else start_us), (_LATEST if end_us is None else end_us)
    found: set[str] = set()
    rows = _read(store, _FIRST_WITHIN, {"start": start, "end": end, "rows": ROWS})
    while rows:
        found.update(customer for _, customer, _ in rows)
        at, customer, name = rows[-1]
        rows = _read(store, _MORE_WITHIN, {"at": at, "customer": customer, "name": name, "end": end, "rows": ROWS})
    return found


_EARLIEST, _LATEST = -(2**62), 2**62  # microseconds past the ends of the calendar


def _read(store: Readable, statement: Select[Any], values: dict[str, object]) -> list[tuple[Any, ...]]:
    return store.read(lambda connection: [tuple(row) for row in connection.execute(statement, values)])
