"""Offers that must be asked on their own, once the masks have left them alive.

What no mask can hold is here: arithmetic, two attributes in one comparison, questions about records, the offer's own
names, and an offer for each record of a list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nbo.index.own_values import own_values
from nbo.index.parts import all_of
from nbo.language.dictionary import Dictionary
from nbo.language.expression import Expression
from nbo.language.intake import Values
from nbo.pack.offer import Offer


@dataclass(frozen=True, slots=True, eq=False)
class Alone:
    """The parts of an offer's conditions that are not indexed; `by_record` are those that read the record at hand."""

    offer: Offer
    parts: tuple[Expression, ...]
    reads_own: bool
    by_record: tuple[Expression, ...]

    def result(self, values: Values, dictionary: Dictionary) -> bool | None:
        """Whether all of it is true: for one record, where the offer is for each of a list."""
        result = all_of(_asked(self.parts, self._own(values, dictionary)))
        return result if result is False else all_of(iter((result, self._some_record(values, dictionary))))

    def against(self, values: Values, dictionary: Dictionary) -> frozenset[str]:
        """The attributes that its parts read which are not true; of several records, for the one with the fewest."""
        found = _against(self.parts, self._own(values, dictionary))
        for_each = self.offer.for_each
        if for_each is None or self._some_record(values, dictionary):
            return found
        each_against = [_against(self.by_record, each) for each in self._records(values, dictionary)]
        return found | min(each_against, key=lambda each: len(found | each), default=frozenset({for_each.records.name}))

    def _own(self, values: Values, dictionary: Dictionary) -> Values:
        return own_values(self.offer, None, values, dictionary) if self.reads_own else values

    def _some_record(self, values: Values, dictionary: Dictionary) -> bool | None:
        """Kleene's *or* over the records; with none there is nothing to offer this for."""
        for_each = self.offer.for_each
        if for_each is None:
            return True
        if values[for_each.records.slot] is None:
            return None
        results = [all_of(_asked(self.by_record, each)) for each in self._records(values, dictionary)]
        return True if True in results else None if None in results else False

    def _records(self, values: Values, dictionary: Dictionary) -> Iterator[Values]:
        for_each = self.offer.for_each
        records = None if for_each is None else values[for_each.records.slot]
        for record in range(len(records) if isinstance(records, tuple) else 0):
            yield own_values(self.offer, record, values, dictionary)


def _asked(parts: tuple[Expression, ...], values: Values) -> Iterator[bool | None]:
    for part in parts:
        result = part.ask(values)
        yield result if isinstance(result, bool) else None


def _against(parts: tuple[Expression, ...], values: Values) -> frozenset[str]:
    return frozenset(read.name for part in parts if part.ask(values) is not True for read in part.reads)
