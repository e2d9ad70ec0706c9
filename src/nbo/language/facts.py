"""From a profile to complete values: the clock set, limits applied, derived attributes computed.

A supplied value wins over its formula; a supplied value that was refused stays missing, because a formula must not help
where the data is known to be wrong.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, tzinfo

from nbo.language.calendar import on_wall_clock
from nbo.language.dictionary import NOW_SLOT, TODAY_SLOT, Dictionary
from nbo.language.intake import DataWarning, Values
from nbo.language.interpret import evaluate
from nbo.language.types import Value


def prepare_values(
    dictionary: Dictionary, profile: object, at: datetime | None, zone: tzinfo, *, interpreted: bool = False
) -> tuple[Values, tuple[DataWarning, ...]]:
    """A profile's values by slot with clock and derived attributes, and the warnings.

    `at` is in UTC; None leaves `now` and `today` missing. `interpreted` computes by the reference interpreter.
    """
    values, warnings = dictionary.intake.read(profile)
    set_clock(values, at, zone)
    derive(dictionary, values, interpreted=interpreted)
    return values, warnings


def set_clock(values: Values, at: datetime | None, zone: tzinfo) -> None:
    """`now`, and `today` as the zone's calendar has it."""
    values[NOW_SLOT] = at
    local = None if at is None else on_wall_clock(at, zone)
    values[TODAY_SLOT] = None if local is None else local.date()


def derive(dictionary: Dictionary, values: Values, hidden: Collection[int] = (), *, interpreted: bool = False) -> None:
    """Fill the derived attributes that nobody supplied and that are not `hidden`, each after what it reads.

    A result outside the attribute's limits is a bad value like any other, so it is refused: an age of -3, or of 300.
    Where an ingredient was refused the result counts as refused, too, unless it can be computed without looking away.
    """
    for attribute, formula in dictionary.derived:
        slot = attribute.slot
        if values[slot] is not None or slot in hidden:
            continue
        refused = values.refused
        if slot in refused:
            continue
        value: Value | None = None
        if not refused or formula.forgiven.isdisjoint(refused):
            value = evaluate(formula.tree, values) if interpreted else formula.compiled(values)
        out_of_range = value is not None and not attribute.in_range(value)
        values[slot] = None if out_of_range else value
        if out_of_range or (value is None and refused and any(each.slot in refused for each in formula.reads)):
            values.refused = refused | {slot}
