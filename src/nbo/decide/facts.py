"""A customer and the call, made ready: the clock fixed, values by slot, derived attributes computed, opt-out applied."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from nbo.language.calendar import date_of
from nbo.language.dictionary import Dictionary
from nbo.language.facts import derive, set_clock
from nbo.language.intake import MOST_WARNINGS, DataWarning, Values
from nbo.language.interpret import Row
from nbo.language.operations import MONEY_CONTEXT
from nbo.language.types import Value
from nbo.pack.floor import Figure, FloorFigures
from nbo.pack.offer import CHANNEL
from nbo.pack.rulepack import RulePack

Store = Callable[[str], object]
"""Takes a customer's id; gives the rows of its history, or None where they are not to be had."""


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What a decision is made from.

    `values` is what conditions read; `unmasked` keeps what an opt-out hides, for caps, refusals and do-not-contact, which
    hold all the same. Both are by slot and are not changed after this.
    """

    pack_hash: str
    at: datetime  # UTC
    today: date  # in the pack's zone
    supplied: Values  # before anything is derived
    values: Values
    unmasked: Values
    opted_out: bool
    warnings: tuple[DataWarning, ...]
    profile: object  # a mapping as it was handed in, or what JSON or a model said; unchecked
    stored: object = None  # the history that a store gave, as it gave it
    skipped: tuple[str, ...] = ()  # `history`, `volume`, `figures` where a store was to give it and did not
    used: Mapping[tuple[str, str], Decimal] | None = None  # of a cap in a period; None where no store was to be asked
    figures: FloorFigures | None = None  # what floors look at; None where no store was to be asked

    def decision_id(self, *asked: object) -> str:
        """The same for the same rules, inputs and clock; `asked` is what else the answer depends on."""
        inputs = [_in_order(each) if type(each) in _WITHOUT_ORDER else each for each in self.supplied]
        if self.used is not None:
            asked = (
                *asked,
                sorted((counter, format(MONEY_CONTEXT.normalize(used), "f")) for counter, used in self.used.items()),
            )
        if self.figures is not None:
            asked = (*asked, plain_figures(self.figures))
        text = repr((self.pack_hash, self.at.isoformat(), asked, sorted(self.supplied.refused), inputs))
        return hashlib.sha256(text.encode("utf-8", errors="backslashreplace")).hexdigest()[:24]

    def value(self, dictionary: Dictionary, name: str) -> Value | None:
        """The value of an attribute by name; None where it is missing or unknown to the dictionary."""
        attribute = dictionary.find(name)
        return None if attribute is None else self.values[attribute.slot]


def on_channel(pack: RulePack, facts: Facts, channel: str) -> Facts:
    """The facts with another channel on which offers would be brought up."""
    slot = pack.dictionary.attributes[CHANNEL].slot
    if facts.values[slot] == channel:
        return facts
    values = facts.values.copy()
    values[slot] = channel  # no derived attribute reads it
    unmasked = facts.unmasked.copy() if facts.opted_out else values
    unmasked[slot] = channel
    return replace(facts, values=values, unmasked=unmasked)


def with_used(facts: Facts, used: Mapping[tuple[str, str], Decimal] | None) -> Facts:
    """The facts with what is used of caps; None: the store that was to say so did not, and nothing is known to be left."""
    if used is None:
        return replace(facts, used={}, skipped=(*facts.skipped, "volume"))
    return replace(facts, used=used)


def plain_figures(figures: FloorFigures) -> list[list[object]]:
    """Floor, what it looks at, the part and of how many; in an order that is the same for the same figures.

    A floor without figures stands alone: nothing of it is of enough, which is not the same as not known.
    """
    plain: list[list[object]] = []
    for floor, found in sorted(figures.items()):
        plain.append([floor])
        plain.extend([floor, subject, each.plain, each.of] for subject, each in sorted(found.items()))
    return plain


def figures_again(plain: Sequence[Sequence[Any]] | None) -> FloorFigures | None:
    """What floors looked at, as `plain_figures` wrote it."""
    if plain is None:
        return None
    figures: dict[str, dict[str, Figure]] = {}
    for floor, *figure in plain:
        known = figures.setdefault(floor, {})
        if figure:
            subject, part, of = figure
            known[subject] = Figure(Decimal(part), of)
    return figures


def prepare_facts(
    pack: RulePack, profile: object, at: datetime, store: Store | None = None, channel: str | None = None
) -> Facts:
    """Facts from a profile; an `at` that is no time, has no zone or is past the calendar's ends raises `ValueError`.

    `channel` is that on which offers would be brought up.
    `store` is asked for the history of a customer whose profile has none and says who it is.
    Whoever has opted out of personalization, or may have, is decided without profile attributes and history.
    """
    if not isinstance(at, datetime):
        raise ValueError(f"`at` is a `datetime` with its zone, not a `{type(at).__name__}`")
    if at.utcoffset() is None:
        raise ValueError("`at` is a time without a zone; give one, for instance datetime.now(UTC)")
    try:
        moment = at.astimezone(UTC)
        today = date_of(moment, pack.zone)
    except OverflowError:
        raise ValueError("`at` is past the ends of the calendar") from None
    supplied, warnings = pack.dictionary.intake.read(profile)
    stored: object = None
    skipped: tuple[str, ...] = ()
    if store is not None:
        stored, skipped, warnings = _take_history(pack.dictionary, supplied, warnings, store)
    set_clock(supplied, moment, pack.zone)
    values, unmasked, opted_out = _settled(pack, supplied, channel)
    return Facts(pack.hash, moment, today, supplied, values, unmasked, opted_out, warnings, profile, stored, skipped)


def facts_again(
    pack: RulePack,
    at: datetime,
    supplied: Values,
    channel: str,
    warnings: tuple[DataWarning, ...],
    skipped: tuple[str, ...],
    used: Mapping[tuple[str, str], Decimal] | None,
    figures: FloorFigures | None,
) -> Facts:
    """The facts of a decision that was recorded, from the values that were accepted then; `at` is in UTC.

    Nothing is read from a profile or asked of a store again.
    """
    set_clock(supplied, at, pack.zone)
    values, unmasked, opted_out = _settled(pack, supplied, channel)
    today = date_of(at, pack.zone)
    return Facts(
        pack.hash, at, today, supplied, values, unmasked, opted_out, warnings, None, None, skipped, used, figures
    )


def _take_history(
    dictionary: Dictionary, supplied: Values, warnings: tuple[DataWarning, ...], store: Store
) -> tuple[object, tuple[str, ...], tuple[DataWarning, ...]]:
    """Fill the history in from the store, read as if the profile had it; gives the rows, what was skipped, all warnings."""
    history, customer = dictionary.find("history"), dictionary.find("customer.customer_id")
    if history is None or customer is None or supplied[history.slot] is not None or history.slot in supplied.refused:
        return None, (), warnings
    name = supplied[customer.slot]
    if not isinstance(name, str):
        return None, (), warnings
    rows = store(name)
    if rows is None:
        return None, ("history",), warnings
    read, more = dictionary.intake.read({"history": rows})
    supplied[history.slot] = read[history.slot]
    supplied.refused |= read.refused
    skipped = () if read[history.slot] is not None else ("history",)
    return rows, skipped, (*warnings, *more)[: MOST_WARNINGS + 1]


def with_changes(
    pack: RulePack, facts: Facts, changes: Mapping[int, Value | None], at: datetime | None = None
) -> Facts:
    """The facts as they would be with other values supplied, or at another time (UTC); what is derived or hidden follows."""
    supplied = Values(facts.supplied, facts.supplied.refused - changes.keys())
    for slot, value in changes.items():
        supplied[slot] = value
    if at is not None:
        set_clock(supplied, at, pack.zone)
        facts = replace(facts, at=at, today=date_of(at, pack.zone))
    channel = facts.values[pack.dictionary.attributes[CHANNEL].slot]
    values, unmasked, opted_out = _settled(pack, supplied, channel)
    return replace(facts, supplied=supplied, values=values, unmasked=unmasked, opted_out=opted_out)


def _settled(pack: RulePack, supplied: Values, channel: Value | None) -> tuple[Values, Values, bool]:
    """The values that conditions read, those that an opt-out does not hide, and whether there is an opt-out."""
    slot = pack.dictionary.attributes[CHANNEL].slot
    unmasked = supplied.copy()
    unmasked[slot] = channel
    derive(pack.dictionary, unmasked)
    if pack.opted_out is None or pack.opted_out.ask(unmasked) is False:
        return unmasked, unmasked, False
    values = _masked(pack.dictionary, supplied)
    values[slot] = channel
    derive(pack.dictionary, values, {each.slot for each in pack.dictionary if each.use == "profile"})
    return values, unmasked, True


def _masked(dictionary: Dictionary, supplied: Values) -> Values:
    """Without history, profile attributes and profile fields of records."""
    values = supplied.copy()
    for attribute in dictionary:
        value, record = values[attribute.slot], attribute.type.record
        if attribute.use == "profile" or attribute.name == "history":
            values[attribute.slot] = None
        elif record is not None and isinstance(value, tuple):
            hidden = {field.slot for field in record.fields.values() if field.use == "profile"}
            values[attribute.slot] = tuple(
                tuple(None if place in hidden else each for place, each in enumerate(row)) for row in value
            )
    return values


def canonical(row: Row) -> str:
    """A text that is the same for the same values in every process."""
    return repr([_in_order(each) for each in row])


_WITHOUT_ORDER = frozenset({frozenset, tuple})  # a set, or records that may hold sets


def _in_order(value: Value | None) -> object:
    """The value with its sets sorted: the order of a set is another one in every process."""
    if type(value) is frozenset:
        return sorted(value)
    if type(value) is tuple:
        return [[_in_order(each) for each in row] for row in value]
    return value
