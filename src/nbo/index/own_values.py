"""The values that one offer is asked with: the customer's, the offer's own names, and the record at hand."""

from __future__ import annotations

from nbo.language.dictionary import Dictionary
from nbo.language.intake import Values
from nbo.pack.offer import Offer


def own_values(offer: Offer, record: int | None, given: Values, dictionary: Dictionary) -> Values:
    """The values with the offer's own names, and the record at hand under its alias."""
    values = given.copy()
    values[dictionary.attributes["offer.offer_id"].slot] = offer.id
    values[dictionary.attributes["offer.family"].slot] = offer.family
    for_each = offer.for_each
    records = None if for_each is None else values[for_each.records.slot]
    if for_each is not None and record is not None and isinstance(records, tuple):
        row = records[record]
        values[for_each.first_slot : for_each.first_slot + for_each.width] = row
        if for_each.records.slot in values.refused:
            absent = {for_each.first_slot + place for place, each in enumerate(row) if each is None}
            values.refused |= absent  # one of them was refused; which one is not kept
    return values
