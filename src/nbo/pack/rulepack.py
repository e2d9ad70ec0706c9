"""A linked rule pack: immutable, every condition compiled, every reference settled.

This is what the stages of a decision, the quotes and the script checks read. Texts are mappings of language to text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from nbo.diagnostics.place import SourceText, Span
from nbo.language.dictionary import Dictionary
from nbo.language.expression import Expression
from nbo.language.generate import First, generate_first
from nbo.language.intake import Values
from nbo.language.template import Template
from nbo.language.types import Attribute
from nbo.once import once
from nbo.pack.case import Case
from nbo.pack.files.shared import Kind
from nbo.pack.floor import Floor
from nbo.pack.moments import Moment
from nbo.pack.quotes.terms import QuoteTerms
from nbo.pack.reads import names_read

if TYPE_CHECKING:  # it is made of clauses
    from nbo.pack.call import CallRules

Words = Mapping[str, str]  # language -> text
CHANNEL = "offer.channel"
"""The attribute for the channel on which an offer would be brought up."""
Evidence = Literal["official", "secondary", "bank_policy"]


@dataclass(frozen=True, eq=False)
class Clause:
    """One condition with its stable id, the reason that people read when it fails, and what it speaks for when true."""

    id: str
    expression: Expression
    reason: Words
    span: Span
    because: Words = field(default_factory=dict)

    @once
    def source(self) -> str:
        """`offers/gold.yaml:7:5`, relative to the pack."""
        return str(self.span)


@dataclass(frozen=True, eq=False)
class Ticket:
    """What somebody else is to do: in words, for which queue, and how long after the decision (elapsed hours)."""

    need: Words
    owner: str
    within_hours: int


@dataclass(frozen=True, eq=False)
class Serve:
    """One way to serve a customer who gets no offer, for whom `when` is true; None: for everybody."""

    outcome: str
    channel: str
    ticket: Ticket | None = None
    when: Expression | None = None


@dataclass(frozen=True, eq=False)
class Gate:
    """What must hold before offers of some kinds (and families) are pitched or ordered; unknown does not hold.

    `scope` narrows it: the gate applies unless the scope is false. One of a compliance pack is `lawful`: it forbids, and so
    it reads what an opt-out hides from choosing. One of severity `warn` remarks and stops nobody.
    """

    id: str
    kinds: frozenset[Kind]
    at: Literal["pitch", "order"]
    clause: Clause
    serve: tuple[Serve, ...] = ()  # tried in order, the last is for everybody; empty: as arbitration says
    families: frozenset[str] | None = None
    channels: frozenset[str] | None = None
    scope: Expression | None = None
    in_force: InForce | None = None
    lawful: bool = False
    severity: Literal["block", "warn"] = "block"


@dataclass(frozen=True, slots=True)
class InForce:
    """First and last day of a rule; `through` None means until further notice."""

    start: date | None
    through: date | None

    def covers(self, day: date) -> bool:
        """Whether the rule applies on a day of the pack's zone."""
        return (self.start is None or self.start <= day) and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        """Whether the rule has lapsed."""
        return self.through is not None and self.through < day


@dataclass(frozen=True, eq=False)
class CustomerSegment:
    """A named group of customers, read as `segment.ID`: all of its clauses hold."""

    id: str
    labels: Words
    clauses: tuple[Clause, ...]
    span: Span


@dataclass(frozen=True, eq=False)
class ContactRule:
    """When not to approach; unknown suppresses."""

    id: str
    kinds: frozenset[Kind]
    families: frozenset[str] | None
    suppress: Clause

    def is_about(self, offer: Offer) -> bool:
        """Whether it can suppress the offer."""
        return offer.kind in self.kinds and (self.families is None or offer.family in self.families)

    @once
    def asks_for_each(self) -> Literal["offer", "family", "all"]:
        """Of which offers it reads the same, so that it is asked once for them."""
        names = {each.name for each in self.suppress.expression.reads}
        return "offer" if "offer.offer_id" in names else "family" if "offer.family" in names else "all"


@dataclass(frozen=True, eq=False)
class ContactGroup:
    """Contact rules about the same offers that read the same of them, asked together once for all of these.

    `places` are those of the rules among all of the pack.
    """

    asks_for_each: Literal["offer", "family", "all"]
    rules: tuple[ContactRule, ...]
    places: tuple[int, ...]

    def first(self, values: Values) -> int | None:
        """The place of the first rule that is not known to let pass; None where all do."""
        found = self._one_by_one(values) if values.refused else self._together(values)
        return None if found is None else self.places[found]

    def _one_by_one(self, values: Values) -> int | None:
        """For a customer with a refused value, at whose absence no rule may look."""
        asked = (rule.suppress.expression.ask for rule in self.rules)
        return next((place for place, ask in enumerate(asked) if ask(values) is not False), None)

    @once
    def _together(self) -> First:
        return generate_first([rule.suppress.expression.tree for rule in self.rules], passing=False)


@dataclass(frozen=True, eq=False)
class AuthorityLimit:
    """Up to how much may be given when the condition is true, and while `seldom` is true, where there is one."""

    when: Expression
    up_to: Decimal
    seldom: Clause | None = None


@dataclass(frozen=True, eq=False)
class Authority:
    """The first limit whose condition is true holds; none means nothing may be given.

    `seldom` is true of a customer who was not granted so much too often; it also counts what an opt-out hides.
    """

    id: str
    limits: tuple[AuthorityLimit, ...]
    reason: Words
    above: tuple[Serve, ...]
    span: Span
    seldom: Clause | None = None

    def seldom_clauses(self) -> Iterator[Clause]:
        """What bounds how often, of the limits and of the whole."""
        bounds = (*(each.seldom for each in self.limits), self.seldom)
        return (each for each in bounds if each is not None)

    def expressions(self) -> Iterator[Expression]:
        """Every condition of it."""
        yield from (each.when for each in self.limits)
        yield from (each.expression for each in self.seldom_clauses())


# --- arbitration ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class ContextWeight:
    """Added to C when the condition is true; a negative weight also when it is unknown. `families` None is all."""

    when: Expression
    families: frozenset[str] | None
    weight: Decimal

    def moves(self, family: str) -> bool:
        """Whether it is about offers of a family."""
        return self.families is None or family in self.families


@dataclass(frozen=True, slots=True)
class Bounds:
    """Lowest and highest value of each factor."""

    p: tuple[Decimal, Decimal] = (Decimal("0.001"), Decimal(1))
    c: tuple[Decimal, Decimal] = (Decimal("0.2"), Decimal(3))
    v: tuple[Decimal, Decimal] = (Decimal(0), Decimal(1))
    l: tuple[Decimal, Decimal] = (Decimal("0.2"), Decimal(3))  # noqa: E741 - the factor's own name


@dataclass(frozen=True, eq=False)
class Arbitration:
    """How candidates are put in order."""

    bank: Decimal = Decimal("0.5")
    customer: Decimal = Decimal("0.5")
    bank_only: Literal["suppress", "reangle"] = "suppress"
    context: tuple[ContextWeight, ...] = ()
    levers: Mapping[str, Decimal] | None = None
    lever_spans: Mapping[str, Span] = field(default_factory=dict)
    bounds: Bounds = Bounds()
    mandatory_families: frozenset[str] = frozenset()
    per_family: int = 1
    serve: tuple[Serve, ...] = ()

    def weights_of(self, family: str) -> tuple[ContextWeight, ...]:
        """The weights that move offers of a family."""
        known = self._weights.get(family)
        if known is None:
            known = self._weights[family] = tuple(each for each in self.context if each.moves(family))
        return known

    @once
    def _weights(self) -> dict[str, tuple[ContextWeight, ...]]:
        return {}


# --- offers -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class SideValue:
    """An amount on an absolute scale from 0 (`low`) to 1 (`high`)."""

    amount: Expression
    low: Decimal
    high: Decimal


@dataclass(frozen=True, eq=False)
class Propensity:
    """P: an expression, or a scorer's number; `fallback` stands in for what is missing or may not be used."""

    expression: Expression | None
    scorer: str | None
    fallback: Decimal | None


@dataclass(frozen=True, eq=False)
class ForEach:
    """One candidate a record; its fields are read under `alias`, from slot `first_slot` on."""

    records: Attribute
    alias: str
    first_slot: int
    width: int
    key_slot: int | None  # the record's own slot of the field that names it


@dataclass(frozen=True, eq=False)
class Offer:
    """One offer; `tier` is 0 mandatory, 1 service, 2 sales."""

    id: str
    family: str
    kind: Kind
    tier: int
    labels: Words
    valid: InForce
    exclusive_group: str | None
    priority: int
    for_each: ForEach | None
    eligibility: tuple[Clause, ...]
    applicability: tuple[Clause, ...]
    volume: tuple[Clause, ...]
    suitability: tuple[Clause, ...]
    quote: QuoteTerms | None
    bank_value: SideValue | None
    customer_value: SideValue | None
    propensity: Propensity | None
    script: Script | None
    span: Span


@dataclass(frozen=True, eq=False)
class Cap:
    """How much of some offers there is a period for all customers: `limit` orders, or money where `amount` says what one takes.

    `offers` and `families` None: of any.
    """

    id: str
    labels: Words
    offers: frozenset[str] | None
    families: frozenset[str] | None
    per: Literal["day", "week", "month", "total"]
    limit: Decimal
    amount: Expression | None
    span: Span

    def is_about(self, offer: Offer) -> bool:
        """Whether an order of the offer takes of it."""
        return (self.offers is None or offer.id in self.offers) and (
            self.families is None or offer.family in self.families
        )

    def window(self, day: date) -> str:
        """The period that a day is in, as it is counted: `2026-11-16`, `2026-W47`, `2026-11` or `total`."""
        match self.per:
            case "day":
                return day.isoformat()
            case "week":
                year, week, _ = day.isocalendar()
                return f"{year:04}-W{week:02}"
            case "month":
                return f"{day.year:04}-{day.month:02}"
            case "total":
                return "total"


# --- scripts ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Segment:
    """One sentence or two; it says `says`, and is on by its `when`.

    A segment that fills a required slot is an obligation: said unless its `when` is false. Any other needs it true.
    """

    stage: str
    when: Expression | None
    optional: bool
    says: tuple[str, ...]
    says_spans: tuple[Span, ...]
    verbatim: bool
    texts: Mapping[str, Template]
    span: Span


@dataclass(frozen=True, eq=False)
class Objection:
    """The answer to an objection, a segment of the stage `answer`; at most `tries` times."""

    id: str
    tries: int
    answer: Segment


@dataclass(frozen=True, slots=True)
class Step:
    """What follows a yes."""

    id: str
    required: bool


@dataclass(frozen=True, eq=False)
class Treatment:
    """One way to say an offer."""

    id: str
    version: int
    channels: frozenset[str]
    when: Expression | None
    reangles: bool
    segments: tuple[Segment, ...]
    objections: tuple[Objection, ...]
    after_yes: tuple[Step, ...]
    span: Span


@dataclass(frozen=True, eq=False)
class Script:
    """The treatments of an offer, in the order in which they are tried."""

    id: str
    treatments: tuple[Treatment, ...]
    span: Span


# --- compliance -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a language is spoken.

    `units_per_minute`: characters for zh, words for en, above 0. `pause_seconds`: what one pause adds, 0 or more. Both
    come from the talk-time rule. Raises `ValueError` for a number outside its range.
    """

    units_per_minute: Decimal
    pause_seconds: Decimal

    def __post_init__(self) -> None:
        if not (self.units_per_minute.is_finite() and self.units_per_minute > 0):
            message = f"units_per_minute must be above 0, not {self.units_per_minute}"
            raise ValueError(message)
        if not (self.pause_seconds.is_finite() and self.pause_seconds >= 0):
            message = f"pause_seconds must be 0 or more, not {self.pause_seconds}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class NegationWords:
    """Words that turn round what stands beside them; see `nbo.script.negation`."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    between: tuple[str, ...]
    excepts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IfSaid:
    """What makes a rule ask for something: wording, or attributes that a script says."""

    terms: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ComplianceRule:
    """A rule on what is said or quoted; gates become `Gate`s. Which fields are set follows from `kind`."""

    id: str
    kind: Literal["forbid", "require", "bound", "bind", "talk_time"]
    jurisdiction: str
    text: Words
    citation: str
    evidence: Evidence
    in_force: InForce
    severity: Literal["block", "warn"]
    families: frozenset[str] | None
    channels: frozenset[str] | None
    languages: frozenset[str] | None
    scope: Expression | None
    span: Span
    terms: tuple[str, ...] = ()
    excepts: tuple[str, ...] = ()
    term_spans: tuple[Span, ...] = ()  # of `terms`, in their order
    except_spans: tuple[Span, ...] = ()
    negation: NegationWords | None = None  # None: a denied term is a term all the same
    if_said: IfSaid | None = None
    fields: tuple[str, ...] = ()
    slots: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None  # slot -> language -> accepted phrases
    phrases: Mapping[str, tuple[str, ...]] | None = None  # language -> phrases of which one must occur
    must: Clause | None = None
    units: Mapping[str, tuple[str, ...]] | None = None
    stages: tuple[str, ...] = ()
    max_seconds: Decimal | None = None
    speeds: Mapping[str, Speed] | None = None

    def concerns(self, family: str, channel: str | None, language: str) -> bool:
        """Whether the rule is about this family on this channel (None: on any) in this language.

        Its `scope` is decided a customer at a time.
        """
        return (
            (self.families is None or family in self.families)
            and (self.channels is None or channel is None or channel in self.channels)
            and (self.languages is None or language in self.languages)
        )


@dataclass(frozen=True, eq=False)
class GateRule:
    """A compliance rule that is a gate, as it is written; what a decision asks is the `Gate` of the same id.

    `must` is None where no offer of the pack is in its families: then there is no such gate.
    """

    id: str
    at: Literal["pitch", "order"]
    jurisdiction: str
    text: Words
    citation: str
    evidence: Evidence
    in_force: InForce
    severity: Literal["block", "warn"]
    families: frozenset[str] | None
    channels: frozenset[str] | None
    scope: Expression | None
    span: Span
    must: Clause | None


@dataclass(frozen=True, eq=False)
class Duty:
    """What a person must do, because no machine can check it; `rule` is the id of the rule beside which it stands."""

    id: str
    rule: str | None
    who: Words
    text: Words
    citation: str
    evidence: Evidence
    span: Span


@dataclass(frozen=True, eq=False)
class Jurisdiction:
    """One file of compliance rules: how much it covers, its gates as rules, and what it leaves to people."""

    name: str
    coverage: Literal["illustrative", "complete"]
    gate_rules: tuple[GateRule, ...]
    duties: tuple[Duty, ...]
    span: Span


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
        if any(each.is_kept for each in self.sources[-1:]):
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
