"""What a case expects, settled against the pack: every offer, stage, attribute, field and code that it names exists.

In: a case as written, and the whole pack. Out: an `Expected`. Nothing is decided here; that a case can be wrong about the
outcome is what it is for, but it must not be wrong about what there is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import TypeVar

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.suggest import nearest
from nbo.language.types import Attribute, Domain, Kind, Type
from nbo.pack.case import Expected, Named, Stop
from nbo.pack.clause import Clause
from nbo.pack.files.cases import EXPECTATIONS, NO_OFFER, BlockedFile, CaseFile, ServedFile
from nbo.pack.link import Linker
from nbo.pack.moments import NEEDS
from nbo.pack.offer import Offer
from nbo.pack.rulepack import RulePack, every_way
from nbo.pack.script import Treatment
from nbo.pack.stage_codes import STAGE_CODES, WITHOUT_STAGE
from nbo.source.model import Day, Exact, Name, Share, Whole, validate
from nbo.source.nodes import Mapping as MappingNode
from nbo.source.nodes import Node, Scalar

T = TypeVar("T")
_OFFER = Text("offer or family", "产品或产品族")
_REASON = Text("reason code", "原因代码")
_OUTCOME = Text("way to serve", "服务方式")
_CHANNEL = Text("channel of this way to serve", "该服务方式的渠道")
_OWNER = Text("owner of a ticket", "工单处理人")
_TREATMENT = Text("treatment of this script", "话术版本")
_SLOT = Text("slot that a script fills", "话术槽位")
_FIELD_VALUE = Text("value of this field", "该字段的取值")
_RECORD_NAME = Text("field that names the offer's record", "标识记录的字段")
_NONE_HAS = Text("an offer without a quote has none", "没有报价的产品没有任何字段")
_ONLY_OFFERED = ("order", "quote", "subject", "script")
_ONLY_NOT_OFFERED = ("reason", "serve")
_MOMENT = Text("moment", "时机")
_NEED = Text("need", "需求")
_VALUES = {Kind.MONEY: Exact, Kind.RATE: Share, Kind.INTEGER: Whole, Kind.DATE: Day, Kind.STRING: Name}


class ExpectationLinker:
    """Settles what cases expect of one pack; `linker` collects the mistakes."""

    def __init__(self, linker: Linker, pack: RulePack) -> None:
        self._linker = linker
        self._by_id = {each.id: each for each in pack.offers}
        self._pack = pack
        # an offer's id is the nearer meaning where a family has the same name
        self._named = {**_families(pack.offers), **{each.id: frozenset({each.id}) for each in pack.offers}}
        self._serves: dict[str, set[str]] = {}
        for serve in every_way(pack):
            self._serves.setdefault(serve.outcome, set()).add(serve.channel)
        self._owners = {each.ticket.owner for each in every_way(pack) if each.ticket is not None}

    @cached_property
    def _reasons(self) -> frozenset[str]:
        return frozenset(_reasons(self._pack))

    def link(self, case: CaseFile) -> Expected:
        """The expectations of one case."""
        no_offer = case.winner is not None and case.winner.text == NO_OFFER
        winner = None if case.winner is None or no_offer else self._offer(case.winner)
        order = tuple(named for each in case.order or () if (named := self._offer(each)) is not None)
        blocked = tuple(self._stop(*each) for each in self._by_offer(case, "blocked", case.blocked))
        unknown = tuple(
            (offer, self._attributes(names)) for offer, names in self._by_offer(case, "unknown", case.unknown)
        )
        winners = self._winners(winner)
        script = case.script
        if case.reason is not None:
            self._known(case.reason, self._reasons, _REASON)
        if script is not None and script.treatment is not None:
            self._known(script.treatment, {each.id for each in _treatments(winners)}, _TREATMENT)
        for slot in () if script is None else script.says:
            self._known(
                slot, {one for each in _treatments(winners) for seg in each.segments for one in seg.says}, _SLOT
            )
        if case.serve is not None:
            channels = self._linker.reference(case.serve.outcome, self._serves, _OUTCOME)
            self._known(case.serve.channel, channels or {case.serve.channel.text}, _CHANNEL)
            if case.serve.owner is not None:
                self._known(case.serve.owner, self._owners, _OWNER)
        self._check_contradictions(case, winner, order, blocked, unknown, no_offer=no_offer)
        return Expected(
            no_offer=no_offer,
            winner=winner,
            reason=None if case.reason is None else case.reason.text,
            serve=None if case.serve is None else self._served(case.serve),
            order=order,
            blocked=blocked,
            unknown=unknown,
            missing=None if case.missing is None else self._attributes(case.missing),
            quote=self._quote(case, winners),
            subject=self._subject(case, winners),
            must=() if script is None else tuple(each.text for each in script.must),
            never=() if script is None else tuple(each.text for each in script.never),
            says=() if script is None else tuple(each.text for each in script.says),
            treatment=None if script is None or script.treatment is None else script.treatment.text,
            compliance=None if script is None else script.compliance,
            nowhere=tuple(each.text for each in case.nowhere),
            degraded=case.degraded,
            warnings=frozenset(case.warnings.items()),
            moments=self._names(case.moments, {each.id for each in self._pack.moments}, _MOMENT),
            needs=self._found_needs(case),
            window=case.window,
            selling=case.selling,
            places={key: case.key_span(key) for key in EXPECTATIONS if key in case.keys_present},
        )

    def _found_needs(self, case: CaseFile) -> frozenset[str] | None:
        needs = self._linker.dictionary.find(NEEDS)
        domain = None if needs is None else needs.type.domain
        if case.needs is None or domain is None:
            return self._names(case.needs, (), _NEED)
        values = [self._linker.value(each, domain, _NEED) for each in case.needs]
        return frozenset(each for each in values if each is not None)

    def _names(self, written: Sequence[Scalar] | None, known: Collection[str], kind: Text) -> frozenset[str] | None:
        """A list of names; None where it was left out."""
        for each in written or ():
            self._known(each, known, kind)
        return None if written is None else frozenset(each.text for each in written)

    # --- offers and where they stop -----------------------------------------------------------------------------------

    def _offer(self, name: Scalar) -> Named | None:
        offers = self._linker.reference(name, self._named, _OFFER)
        return None if offers is None else Named(name.text, offers)

    def _by_offer(self, case: CaseFile, key: str, written: Mapping[str, T]) -> Iterator[tuple[Named, T]]:
        """The entries of a mapping by offer, those whose offer exists."""
        node = case.node_of(key) if written else None
        for name, how in written.items():
            at = node.keys_at[name] if isinstance(node, MappingNode) else case.span
            offer = self._offer(Scalar(name, at))
            if offer is not None:
                yield offer, how

    def _stop(self, offer: Named, how: BlockedFile) -> Stop:
        if how.because is None:
            return Stop(offer, how.stage, None)
        attribute = self._linker.dictionary.find(how.because.text)
        because = how.because.text if attribute is None else attribute.name
        known = {name for each in offer.offers for name in self._what_stops(self._by_id[each], how.stage)}
        if because not in known:
            self._no_such_stop(how.because, offer, how.stage, known)
        return Stop(offer, how.stage, because)

    def _no_such_stop(self, because: Scalar, offer: Named, stage: str, known: set[str]) -> None:
        suggestion = nearest(because.text, known)
        advice = catalog.DID_YOU_MEAN if suggestion else None if known else catalog.NONE_DEFINED
        self._linker.found.append(
            catalog.STOPS_NOBODY_THERE.at(
                because.span, stage=stage, offer=f"`{offer.name}`", name=because.text, suggestion=suggestion,
                known=", ".join(sorted(known)), help=advice,
            )
        )  # fmt: skip

    def _what_stops(self, offer: Offer, stage: str) -> Iterator[str]:
        """The ids and codes that can stop an offer at a stage, and the attributes that the conditions there read."""
        yield from STAGE_CODES[stage]
        for name, clause in _conditions(self._pack, offer, stage):
            yield name
            yield from (each.name for each in _reads(clause))

    def _attributes(self, names: Iterable[Scalar]) -> frozenset[str]:
        """Attributes by their own names."""
        own: set[str] = set()
        for name in names:
            attribute = self._linker.dictionary.find(name.text)
            if attribute is not None:
                own.add(attribute.name)
                continue
            suggestion = nearest(name.text, self._linker.dictionary.names)
            advice = catalog.DID_YOU_MEAN if suggestion else None
            self._linker.found.append(
                catalog.UNKNOWN_ATTRIBUTE.at(name.span, name=name.text, suggestion=suggestion, help=advice)
            )
        return frozenset(own)

    def _served(self, serve: ServedFile) -> Mapping[str, str]:
        """What was written, as a decision writes it: a time in the pack's zone."""
        served = {"outcome": serve.outcome.text, "channel": serve.channel.text}
        if serve.owner is not None:
            served["owner"] = serve.owner.text
        if serve.due is not None:
            served["due"] = serve.due.astimezone(self._linker.zone).isoformat()
        return served

    # --- the winner -----------------------------------------------------------------------------------------------------

    def _winners(self, winner: Named | None) -> tuple[Offer, ...]:
        """The offers that the numbers and the words of the answer can be of."""
        if winner is None:
            return self._pack.offers
        return tuple(self._by_id[each] for each in sorted(winner.offers))

    def _quote(self, case: CaseFile, winners: Iterable[Offer]) -> Mapping[str, Decimal | str | None]:
        fields = {
            name.partition(".")[2]: self._pack.dictionary.attributes[name].type
            for offer in winners
            if offer.quote is not None
            for name in offer.quote.fields
            if name not in offer.quote.unanswered
        }
        expected: dict[str, Decimal | str | None] = {}
        node = case.node_of("quote") if case.quote else None
        for name, written in case.quote.items():
            if name in fields:
                expected[name] = self._number(written, fields[name])
            elif isinstance(node, MappingNode):
                suggestion = nearest(name, fields)
                advice = catalog.DID_YOU_MEAN if suggestion else None if fields else _NONE_HAS
                offer = "any offer" if case.winner is None else f"`{case.winner.text}`"
                shown = Text(offer, "任何产品" if case.winner is None else offer)
                self._linker.found.append(
                    catalog.NOT_IN_THE_QUOTE.at(
                        node.keys_at[name], offer=shown, field=name, suggestion=suggestion, known=", ".join(fields),
                        help=advice,
                    )
                )  # fmt: skip
        return expected

    def _number(self, written: Node, kind: Type) -> Decimal | str | None:
        """The value as the field's type has it: exact, a date or a name as text, None for `none`."""
        if isinstance(written, Scalar) and written.text == NO_OFFER:
            return None
        if kind.domain is not None:
            return self._value(written, kind.domain)
        value, found = validate(_VALUES[kind.kind], written)
        self._linker.found.extend(found)
        if isinstance(value, date):
            return value.isoformat()
        return None if value is None else value.text if isinstance(value, Scalar) else Decimal(value)

    def _value(self, written: Node, domain: Domain) -> str | None:
        """One of an enum's values, by any of its names."""
        name, found = validate(Name, written)
        self._linker.found.extend(found)
        known = {**{each: each for each in domain.values}, **domain.aliases}
        return None if name is None else self._linker.reference(name, known, _FIELD_VALUE)

    def _subject(self, case: CaseFile, winners: Iterable[Offer]) -> Mapping[str, str]:
        """The record that the winner is about, by the field that names it."""
        records = (offer.for_each.records.type.record for offer in winners if offer.for_each is not None)
        known = {record.key for record in records if record is not None and record.key is not None}
        node = case.node_of("subject") if case.subject else None
        for name in case.subject:
            if isinstance(node, MappingNode):
                self._known(Scalar(name, node.keys_at[name]), known, _RECORD_NAME)
        return {name: value.text for name, value in case.subject.items()}

    # --- all together ---------------------------------------------------------------------------------------------------

    def _check_contradictions(
        self,
        case: CaseFile,
        winner: Named | None,
        order: tuple[Named, ...],
        blocked: tuple[Stop, ...],
        unknown: tuple[tuple[Named, frozenset[str]], ...],
        *,
        no_offer: bool,
    ) -> None:
        """A case that no decision could fulfil is found before it fails."""
        offered = [key for key in (() if no_offer else ("winner",)) + _ONLY_OFFERED if key in case.keys_present]
        for key in (*(("winner",) if no_offer else ()), *_ONLY_NOT_OFFERED):
            if key in case.keys_present and offered:
                self._contradiction(case, offered[0], key)
                return
        if winner is not None and order and not winner.offers & order[0].offers:
            self._contradiction(case, "order", "winner")
        shown = [each for each in (winner, *order) if each is not None]
        stopped = {"blocked": [stop.offer for stop in blocked], "unknown": [name for name, _ in unknown]}
        for key, names in stopped.items():
            if any(each.offers <= name.offers for each in shown for name in names):
                self._contradiction(case, key, "winner" if winner is not None else "order")

    def _contradiction(self, case: CaseFile, key: str, other: str) -> None:
        self._linker.found.append(catalog.CANNOT_BOTH_HOLD.at(case.key_span(key), key=key, other=other))

    def _known(self, name: Scalar, known: Iterable[str], kind: Text) -> None:
        self._linker.reference(name, {each: each for each in known}, kind)


# --- what a pack has --------------------------------------------------------------------------------------------------


def _families(offers: Iterable[Offer]) -> dict[str, frozenset[str]]:
    families: dict[str, set[str]] = {}
    for each in offers:
        families.setdefault(each.family, set()).add(each.id)
    return {family: frozenset(ids) for family, ids in families.items()}


def _treatments(offers: Iterable[Offer]) -> list[Treatment]:
    return [each for offer in offers if offer.script is not None for each in offer.script.treatments]


def _conditions(pack: RulePack, offer: Offer, stage: str) -> Iterator[tuple[str, Clause | None]]:
    """What a stage asks of an offer, by the name under which it stops it."""
    match stage:
        case "gates":
            for gate in pack.gates:
                if gate.at == "pitch" and offer.kind in gate.kinds and _meant(offer, gate.families):
                    yield gate.id, gate.clause
        case "contact_policy":
            for rule in pack.contact or ():
                if offer.kind in rule.kinds and _meant(offer, rule.families):
                    yield rule.id, rule.suppress
            yield from ((each.id, None) for each in pack.floors_of(offer))
        case "eligibility" | "applicability" | "volume" | "suitability":
            clauses: tuple[Clause, ...] = getattr(offer, stage)
            yield from ((each.id, each) for each in clauses)
            yield from ((each.id, None) for each in pack.caps_of(offer) if stage == "volume")
        case "quote":
            yield from ((each.id, None) for each in pack.caps_of(offer) if each.amount is not None)
            for authority in () if offer.quote is None else offer.quote.authorities():
                yield from ((each.id, each) for each in authority.seldom_clauses())
        case "compliance":
            yield from ((each.id, each.must) for each in pack.compliance if _meant(offer, each.families))
        case _:
            pass


def _meant(offer: Offer, families: frozenset[str] | None) -> bool:
    return families is None or offer.family in families


def _reads(clause: Clause | None) -> Iterable[Attribute]:
    return () if clause is None else clause.expression.reads


def _reasons(pack: RulePack) -> Iterator[str]:
    yield from WITHOUT_STAGE
    yield from chain.from_iterable(STAGE_CODES.values())
    for offer in pack.offers:
        for stage in STAGE_CODES:
            yield from (name for name, _ in _conditions(pack, offer, stage))
