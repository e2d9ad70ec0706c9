"""A linked rule pack: immutable, every condition compiled, every reference settled.

This is what the stages of a decision, the quotes and the script checks read. Texts are mappings of language to text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from nbo.diagnostics.place import SourceText, Span
from nbo.language.dictionary import Dictionary
from nbo.language.expression import Expression
from nbo.once import once
from nbo.pack.arbitration import Arbitration
from nbo.pack.authority import Authority
from nbo.pack.call import CallRules
from nbo.pack.cap import Cap
from nbo.pack.case import Case
from nbo.pack.clause import Serve
from nbo.pack.compliance import ComplianceRule, GateRule, Jurisdiction
from nbo.pack.contact import ContactGroup, ContactRule
from nbo.pack.customer_segment import CustomerSegment
from nbo.pack.files.shared import Kind
from nbo.pack.floor import Floor
from nbo.pack.gate import Gate
from nbo.pack.moments import Moment
from nbo.pack.offer import Offer
from nbo.pack.reads import names_read
from nbo.pack.script import Script


@dataclass(frozen=True, slots=True)
class Silence:
    """A lint's code that is left out where it is about `file`, and why."""

    code: str
    file: str
    why: str
    span: Span


@dataclass(frozen=True, eq=False)
class RulePack:
    """Everything that decides; `hash` is over the content of every file, so a decision can name exactly its rules."""

    name: str
    version: str
    hash: str
    root: Path
    locale: str
    languages: tuple[str, ...]
    currency: str
    zone: ZoneInfo
    dictionary: Dictionary
    opted_out: Expression | None
    segments: tuple[CustomerSegment, ...]
    gates: tuple[Gate, ...]
    offers: tuple[Offer, ...]  # in static order: tier, priority, id
    scripts: Mapping[str, Script]
    arbitration: Arbitration
    contact: tuple[ContactRule, ...] | None  # None: the pack states that it has no contact policy
    authorities: Mapping[str, Authority]
    compliance: tuple[ComplianceRule, ...]
    jurisdictions: tuple[Jurisdiction, ...]
    cases: tuple[Case, ...]
    silences: tuple[Silence, ...]
    language_version: str
    sources: tuple[SourceText, ...] = field(repr=False)  # every file that it was read from, in order of name
    caps: tuple[Cap, ...] = ()
    call: CallRules | None = None  # None: the standard events, and one pitch a call
    moments: tuple[Moment, ...] = ()  # of a call, in the order of the file
    floors: tuple[Floor, ...] = ()  # of the contact policy

    def let_texts_go(self) -> None:
        """Keep the texts of the files no longer; who wants to see a line has it read again, while the file has it."""
        for each in self.sources:
            each.let_go()

    @once
    def offer_by_id(self) -> Mapping[str, Offer]:
        """The offers by id, in their order."""
        return {each.id: each for each in self.offers}

    def contact_of(self, offer: Offer) -> tuple[ContactRule, ...]:
        """The contact rules that are about an offer, in their order."""
        key = (offer.kind, offer.family)
        known = self._contact_of.get(key)
        if known is None:
            known = self._contact_of[key] = tuple(each for each in self.contact or () if each.is_about(offer))
        return known

    @once
    def _contact_of(self) -> dict[tuple[Kind, str], tuple[ContactRule, ...]]:
        return {}

    def floors_of(self, offer: Offer) -> tuple[Floor, ...]:
        """The floors for which an offer can rest, in their order."""
        if not self.floors:
            return ()
        key = (offer.kind, offer.family)
        known = self._floors_of.get(key)
        if known is None:
            known = self._floors_of[key] = tuple(each for each in self.floors if each.is_about(*key))
        return known

    @once
    def _floors_of(self) -> dict[tuple[Kind, str], tuple[Floor, ...]]:
        return {}

    def contact_groups_of(self, offer: Offer) -> tuple[ContactGroup, ...]:
        """The same in groups that are asked together."""
        key = (offer.kind, offer.family)
        known = self._contact_groups_of.get(key)
        if known is None:
            about = tuple(each for each in self._contact_groups if each.rules[0].is_about(offer))
            known = self._contact_groups_of[key] = about
        return known

    @once
    def _contact_groups(self) -> tuple[ContactGroup, ...]:
        rules = self.contact or ()
        alike: dict[tuple[object, ...], list[int]] = {}
        for place, each in enumerate(rules):
            alike.setdefault((each.asks_for_each, each.kinds, each.families), []).append(place)
        return tuple(
            ContactGroup(rules[places[0]].asks_for_each, tuple(rules[each] for each in places), tuple(places))
            for places in alike.values()
        )

    @once
    def _contact_groups_of(self) -> dict[tuple[Kind, str], tuple[ContactGroup, ...]]:
        return {}

    def caps_of(self, offer: Offer) -> tuple[Cap, ...]:
        """The caps that an order of the offer takes of, in their order."""
        if not self.caps:
            return ()
        known = self._caps_of.get(offer.id)
        if known is None:
            known = self._caps_of[offer.id] = tuple(each for each in self.caps if each.is_about(offer))
        return known

    @once
    def _caps_of(self) -> dict[str, tuple[Cap, ...]]:
        return {}

    @once
    def warning_gates(self) -> tuple[Gate, ...]:
        """The gates that only warn."""
        return tuple(each for each in self.gates if each.severity == "warn")

    def quote_fields_read(self, offer: Offer) -> tuple[tuple[str, int], ...]:
        """The fields of its quote that the offer and the rules about it read, with their slots."""
        known = self._quote_fields.get(offer.id)
        if known is None:
            quoted = offer.quote.fields.keys() if offer.quote is not None else frozenset[str]()
            names = sorted(quoted & (names_read(offer) | self._read_by_rules))
            known = tuple((each, self.dictionary.attributes[each].slot) for each in names)
            self._quote_fields[offer.id] = known
        return known

    @once
    def _read_by_rules(self) -> frozenset[str]:
        return names_read((self.gates, self.contact, self.arbitration, self.authorities, self.compliance, self.caps))

    @once
    def _quote_fields(self) -> dict[str, tuple[tuple[str, int], ...]]:
        return {}


def every_way(pack: RulePack) -> Iterator[Serve]:
    """Every way to serve that the pack names: when nothing is offered, at a gate, above an authority."""
    yield from pack.arbitration.serve
    for gate in pack.gates:
        yield from gate.serve
    for authority in pack.authorities.values():
        yield from authority.above


def every_rule(pack: RulePack) -> Iterator[ComplianceRule | GateRule]:
    """Every compliance rule of the pack, those that are gates among them."""
    yield from pack.compliance
    for jurisdiction in pack.jurisdictions:
        yield from jurisdiction.gate_rules
