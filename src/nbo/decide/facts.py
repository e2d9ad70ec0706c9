"""A customer and the call, made ready: the clock fixed, values by slot, derived attributes computed, opt-out applied."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from nbo.language.calendar import date_of
from nbo.language.dictionary import Dictionary
from nbo.language.facts import derive, set_clock
from nbo.language.intake import DataWarning, Values, read_profile
from nbo.language.types import Value
from nbo.pack.rulepack import RulePack


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What a decision is made from.

    `values` is what conditions read; `unmasked` keeps what an opt-out hides, for caps, refusals and do-not-contact, which
    hold all the same. Both are by slot and are not changed after this.
    """

    pack_hash: str
    at: datetime  # UTC
    today: date  # in the pack's zone
    values: Values
    unmasked: Values
    derived: frozenset[int]  # slots that a formula filled
    opted_out: bool
    warnings: tuple[DataWarning, ...]
    profile: object  # as it was handed in

    @property
    def decision_id(self) -> str:
        """The same for the same rules, inputs and clock."""
        text = "\x1f".join([self.pack_hash, self.at.isoformat(), *(_canonical(each) for each in self.unmasked)])
        return hashlib.sha256(text.encode("utf-8", errors="backslashreplace")).hexdigest()[:24]

    def value(self, dictionary: Dictionary, name: str) -> Value | None:
        """The value of an attribute by name; None where it is missing or unknown to the dictionary."""
        attribute = dictionary.find(name)
        return None if attribute is None else self.values[attribute.slot]


def prepare_facts(pack: RulePack, profile: object, at: datetime) -> Facts:
    """Facts from a profile; `at` needs a zone, and a naive one raises `ValueError`.

    Whoever has opted out of personalization, or may have, is decided without profile attributes and history.
    """
    if at.utcoffset() is None:
        raise ValueError("`at` is a time without a zone; give one, for instance datetime.now(UTC)")
    moment = at.astimezone(UTC)
    dictionary = pack.dictionary
    supplied, warnings = read_profile(dictionary, profile)
    set_clock(supplied, moment, pack.zone)
    values = supplied.copy()
    derived = derive(dictionary, values)
    opted_out = pack.opted_out is not None and pack.opted_out.ask(values) is not False
    unmasked = values
    if opted_out:
        values = supplied.copy()
        for attribute in dictionary:
            if attribute.use == "profile" or attribute.name == "history":
                values[attribute.slot] = None
        derived = derive(dictionary, values)
    today = date_of(moment, pack.zone)
    return Facts(pack.hash, moment, today, values, unmasked, derived, opted_out, warnings, profile)


def with_changes(pack: RulePack, facts: Facts, changes: Mapping[int, Value]) -> Facts:
    """The facts as they would be with other values in some slots; what is derived follows."""
    refused = facts.values.refused - facts.derived - changes.keys()
    values = Values((None if slot in facts.derived else value for slot, value in enumerate(facts.values)), refused)
    for slot, value in changes.items():
        values[slot] = value
    derive(pack.dictionary, values)
    unmasked = values
    if facts.opted_out:
        unmasked = unhidden(values, facts.unmasked)
    return replace(facts, values=values, unmasked=unmasked)


def unhidden(values: Values, unmasked: Values) -> Values:
    """The values with what an opt-out hides put back."""
    pairs = zip(values, unmasked, strict=True)
    return Values((hidden if shown is None else shown for shown, hidden in pairs), unmasked.refused)


def _canonical(value: Value | None) -> str:
    """A text that is the same for the same value in every process."""
    if isinstance(value, frozenset):
        return repr(sorted(value))
    if isinstance(value, tuple):
        return f"({','.join('(' + ','.join(_canonical(each) for each in row) + ')' for row in value)})"
    return repr(value)
