"""From a profile to complete values: the clock set, limits applied, derived attributes computed.

A supplied value wins over its formula; a supplied value that was refused stays missing, because a formula must not help
where the data is known to be wrong.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, tzinfo

from nbo.language.calendar import on_wall_clock
from nbo.language.dictionary import NOW_SLOT, TODAY_SLOT, Dictionary
from nbo.language.intake import DataWarning, Values, read_profile
from nbo.language.interpret import evaluate


def prepare_values(
    dictionary: Dictionary, profile: object, at: datetime | None, zone: tzinfo
) -> tuple[Values, tuple[DataWarning, ...], frozenset[int]]:
    """A profile's values by slot with clock and derived attributes, the warnings, and the refused slots.

    `at` is in UTC; None leaves `now` and `today` missing.
    """
    values, warnings, refused = read_profile(dictionary, profile)
    set_clock(values, at, zone)
    derive(dictionary, values, refused)
    return values, warnings, refused


def set_clock(values: Values, at: datetime | None, zone: tzinfo) -> None:
    """`now`, and `today` as the zone's calendar has it."""
    values[NOW_SLOT] = at
    local = None if at is None else on_wall_clock(at, zone)
    values[TODAY_SLOT] = None if local is None else local.date()


def derive(dictionary: Dictionary, values: Values, refused: Collection[int]) -> frozenset[int]:
    """Fill the derived attributes that nobody supplied, each after what it reads; gives the slots that were filled."""
    filled: set[int] = set()
    for attribute, formula in dictionary.formulas:
        if values[attribute.slot] is None and attribute.slot not in refused:
            values[attribute.slot] = evaluate(formula, values)
            filled.add(attribute.slot)
    return frozenset(filled)
