"""What was presented to a customer before, where the calling system keeps it and not the profile.

In: a customer's id. Out: rows as a profile's `history` has them, or nothing. What the rows say is checked where profiles are
read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from nbo.language.accept import MOST_RECORDS
from nbo.outside.budget import Budget
from nbo.outside.guard import Guard
from nbo.outside.limits import Limits


class HistoryStore(Protocol):
    """A store that knows what was presented to a customer and answered."""

    def history(self, customer_id: str) -> Sequence[Mapping[str, object]]:
        """The customer's rows; none for somebody it has not seen. Threads ask at the same time."""


@dataclass(frozen=True, slots=True)
class StoredHistory(Limits):
    """A store and its limits; a plain store stands for one with the usual limits, and three tenths of a budget."""

    store: HistoryStore
    share: float = field(default=0.3, kw_only=True)


class StoreReader:
    """A store behind its guard."""

    def __init__(self, stored: StoredHistory | HistoryStore) -> None:
        each = stored if isinstance(stored, StoredHistory) else StoredHistory(stored)
        self._guard = Guard("history", each, each.in_threads(lambda customer_id: _rows(each.store, customer_id)))

    def history(self, customer_id: str, budget: Budget) -> object:
        """The rows as the store gave them; None where it raised, was late, or is not asked."""
        ask = self._guard.start({"history": (customer_id,)}, budget)
        if ask is None:
            return None
        try:
            ask.wait()
        finally:
            answers = self._guard.settle(ask)
        return answers.get("history")

    def close(self) -> None:
        """Ask it no more."""
        self._guard.close()


def _rows(store: HistoryStore, customer_id: str) -> object:
    """All rows, fetched in the worker's time: what a store gives may still be reading."""
    rows: object = store.history(customer_id)
    if isinstance(rows, list | tuple) or not isinstance(rows, Iterable):
        return rows
    return list(islice(rows, MOST_RECORDS + 1))  # one more than a profile may have, so that it is refused
