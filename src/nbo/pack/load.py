"""From a pack's folder to a linked `RulePack`: read, validate, link, in that order, with all mistakes at once.

A part that cannot be read leaves its place empty and the rest is still checked; only a pack without a single error is
returned.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, DiagnosticError, Severity, Text
from nbo.diagnostics.place import Span
from nbo.language.dictionary import Dictionary
from nbo.language.dictionary_file import read_dictionary
from nbo.language.expression import Expression
from nbo.language.tree import Logic
from nbo.language.types import BOOLEAN, STRING, Domain, Kind, Type
from nbo.pack.files import (
    ArbitrationFile,
    AuthorityFile,
    CasesFile,
    Clauses,
    ComplianceFile,
    ContactFile,
    GateFile,
    OfferFile,
    PackFile,
    PartFile,
    ScriptFile,
    SegmentFile,
)
from nbo.pack.link import NOTHING, Linker, Setting, serve_of
from nbo.pack.link_compliance import link_compliance
from nbo.pack.link_offers import OfferLinker
from nbo.pack.link_scripts import link_scripts
from nbo.pack.quote_fields import QUOTE_FIELDS, all_quote_fields
from nbo.pack.read import PackFolder
from nbo.pack.rulepack import (
    Arbitration,
    Authority,
    AuthorityLimit,
    Bounds,
    Case,
    Clause,
    ContactRule,
    ContextWeight,
    Gate,
    Offer,
    RulePack,
    Script,
)
from nbo.source.model import Part, validate
from nbo.source.nodes import Mapping, Node, Scalar, Sequence, to_plain

P = TypeVar("P", bound=Part)


def load_pack(root: Path, today: date) -> tuple[RulePack | None, list[Diagnostic]]:
    """The pack of a folder, or None, and everything that was found; `today` decides which offers have ended."""
    loader = _Loader(root, today)
    pack = loader.load()
    found = sorted([*loader.folder.found, *loader.found], key=lambda each: each.sort_key)
    broken = any(each.severity is Severity.ERROR for each in found)
    return (None if broken else pack), found


@dataclass
class _Parts:
    """The files of a pack as validated models; what could not be validated is absent."""

    scripts: list[ScriptFile] = field(default_factory=list)
    gates: list[GateFile] = field(default_factory=list)
    contact: list[ContactFile] = field(default_factory=list)
    authority: list[AuthorityFile] = field(default_factory=list)
    segments: list[SegmentFile] = field(default_factory=list)
    offers: list[OfferFile] = field(default_factory=list)
    compliance: list[ComplianceFile] = field(default_factory=list)
    cases: list[CasesFile] = field(default_factory=list)
    arbitration: ArbitrationFile | None = None


class _Loader:
    def __init__(self, root: Path, today: date) -> None:
        self.today = today
        self.folder = PackFolder(root)
        self.found: list[Diagnostic] = []
        self.half_read: list[tuple[str, Node]] = []  # offers whose shape is wrong: their conditions are checked still

    def load(self) -> RulePack | None:
        node = self.folder.pack_yaml()
        pack_file = None if node is None else self.validated(PackFile, node)
        if pack_file is None:
            return None
        zone = self.zone(pack_file)
        dictionary = self.dictionary(pack_file, zone)
        parts = self.parts(pack_file)
        self.folder.check_nothing_is_unnamed()
        if dictionary is None:
            return None
        linker = Linker(dictionary, zone, tuple(pack_file.languages), self.found)
        self.extend(linker, parts)
        return self.linked(pack_file, parts, linker)

    # --- reading ------------------------------------------------------------------------------------------------------

    def validated(self, model: type[P], node: Node) -> P | None:
        read, found = validate(model, node)
        self.found.extend(found)
        return read if isinstance(read, model) else None

    def zone(self, pack_file: PackFile) -> ZoneInfo:
        try:
            return ZoneInfo(pack_file.timezone.text)
        except (KeyError, ValueError, OSError):
            self.found.append(catalog.BAD_ZONE.at(pack_file.timezone.span, zone=pack_file.timezone.text))
            return ZoneInfo("UTC")

    def dictionary(self, pack_file: PackFile, zone: ZoneInfo) -> Dictionary | None:
        node = self.folder.file("dictionary", pack_file.dictionary)
        if node is None:
            return None
        dictionary, found = read_dictionary(node, zone)
        self.found.extend(found)
        return dictionary

    def parts(self, pack_file: PackFile) -> _Parts:
        for name, written in (("tables", pack_file.tables), ("moments", pack_file.moments)):
            if written is not None:
                self.found.append(catalog.PART_LATER.at(pack_file.key_span(name), part=name))
        parts = _Parts()
        for node in self.folder.folder("offers", pack_file.offers):
            offer = self.validated(OfferFile, node)
            if offer is not None:
                parts.offers.append(offer)
            elif isinstance(node, Mapping):
                self.half_read.extend((key, node[key]) for key in ("eligibility", "applicability", "suitability", "volume") if key in node)
        parts.scripts = self.files("scripts", pack_file.scripts, ScriptFile)
        parts.gates = self.items("gates", pack_file.gates, GateFile)
        parts.contact = self.items("contact", pack_file.contact, ContactFile)
        parts.authority = self.items("authority", pack_file.authority, AuthorityFile)
        parts.segments = self.items("segments", pack_file.segments, SegmentFile)
        parts.cases = self.files("tests", pack_file.tests, CasesFile)
        arbitration = self.files("arbitration", pack_file.arbitration, ArbitrationFile)
        parts.arbitration = arbitration[0] if arbitration else None
        for part in pack_file.compliance:
            parts.compliance.extend(self.files("compliance", part, ComplianceFile))
        return parts

    def files(self, name: str, part: PartFile | None, model: type[P]) -> list[P]:
        """Every file of a part, each one model."""
        if part is None or part.path is None:
            return []
        read = (self.validated(model, node) for node in self.folder.folder(name, part.path))
        return [each for each in read if each is not None]

    def items(self, name: str, part: PartFile | None, model: type[P]) -> list[P]:
        """The items of a part whose file is a list."""
        if part is None or part.path is None:
            return []
        node = self.folder.file(name, part.path)
        if node is None:
            return []
        if not isinstance(node, Sequence):
            self.found.append(catalog.WRONG_SHAPE.at(node.span, expected=Text("a list (`- item`)", "列表（`- 项`）")))
            return []
        read = (self.validated(model, each) for each in node)
        return [each for each in read if each is not None]

    # --- what the engine adds to the dictionary -----------------------------------------------------------------------

    def extend(self, linker: Linker, parts: _Parts) -> None:
        families = tuple(dict.fromkeys(offer.family.text for offer in parts.offers)) or ("none",)
        family = Type(Kind.ENUM, Domain(families, ordered=False, aliases={}, labels={}))
        added = {"offer.offer_id": STRING, "offer.family": family, **all_quote_fields()}
        for offer in parts.offers:
            if offer.for_each is not None:
                added.update(self.alias(linker, offer))
        linker.dictionary = linker.dictionary.extended(added)
        taken: dict[str, Span] = {}
        for segment in parts.segments:
            if linker.unique(segment.id, taken, Text("segment", "客群")):
                self.segment(linker, segment)

    def alias(self, linker: Linker, offer: OfferFile) -> dict[str, Type]:
        """The fields of a `for_each` record under its alias."""
        assert offer.for_each is not None  # noqa: S101 - asked by the caller
        alias = offer.for_each.as_
        records = linker.dictionary.find(offer.for_each.record.text)
        if records is None or records.type.record is None:
            return {}  # the offer's own linking reports it
        if alias.text in linker.dictionary.namespaces or not alias.text.isidentifier():
            linker.found.append(catalog.NAME_TAKEN.at(alias.span, name=alias.text, other=f"`{alias.text}`"))
            return {}
        linker.engine_namespaces.add(alias.text)
        return {f"{alias.text}.{name}": field.type for name, field in records.type.record.fields.items()}

    def segment(self, linker: Linker, segment: SegmentFile) -> None:
        clauses = linker.clauses(segment.when, segment.id.text, NOTHING)
        if segment.label:
            linker.words(segment.label, segment.span_of("label"))
        if len(clauses) == len(segment.when):
            trees = tuple(clause.expression.tree for clause in clauses)
            whole = trees[0] if len(trees) == 1 else Logic(BOOLEAN, (0, 0), "and", trees)
            name = f"segment.{segment.id.text}"
            linker.dictionary = linker.dictionary.extended({name: BOOLEAN}, [(name, whole)])

    # --- linking ------------------------------------------------------------------------------------------------------

    def linked(self, pack_file: PackFile, parts: _Parts, linker: Linker) -> RulePack:
        families = frozenset(offer.family.text for offer in parts.offers)
        authorities = self.authorities(linker, parts)
        scripts = link_scripts(linker, parts.scripts, _script_settings(parts.offers))
        arbitration = self.arbitration(linker, parts.arbitration, families)
        offers = self.offers(linker, parts, scripts, authorities, arbitration.mandatory_families)
        for key, node in self.half_read:
            clauses, _ = validate(Clauses, node)
            linker.clauses(clauses or (), key, Setting(frozenset({"offer.", "quote.", *(f"{each}." for each in linker.engine_namespaces)})))
        rules, legal_gates = link_compliance(linker, parts.compliance)
        return RulePack(
            name=pack_file.pack.text,
            version=pack_file.version.text,
            hash=self.folder.content_hash,
            root=self.folder.root,
            locale=pack_file.locale.text,
            languages=tuple(pack_file.languages),
            currency=pack_file.currency.text,
            zone=linker.zone,
            opted_out=self.opted_out(linker, pack_file),
            gates=(*self.gates(linker, parts.gates), *legal_gates),
            offers=offers,
            scripts=scripts,
            arbitration=arbitration,
            contact=None if pack_file.contact.none is not None else self.contact(linker, parts.contact, families),
            authorities=authorities,
            compliance=rules,
            cases=tuple(cases_of(parts.cases)),
            dictionary=linker.dictionary,
        )

    def offers(
        self, linker: Linker, parts: _Parts, scripts: dict[str, Script], authorities: dict[str, Authority], mandatory: frozenset[str]
    ) -> tuple[Offer, ...]:  # fmt: skip
        offer_linker = OfferLinker(linker, scripts, authorities, mandatory, self.today)
        taken: dict[str, Span] = {}
        offers = [
            offer_linker.link(each) for each in parts.offers if linker.unique(each.offer, taken, Text("offer", "产品"))
        ]
        return tuple(sorted(offers, key=lambda offer: (offer.tier, -offer.priority, offer.id)))

    def gates(self, linker: Linker, written: list[GateFile]) -> Iterable[Gate]:
        taken: dict[str, Span] = {}
        for each in written:
            expression = linker.condition(each.when)
            reason = linker.words(each.reason, each.span_of("reason"))
            if linker.unique(each.id, taken, Text("gate", "门槛")) and expression is not None:
                linker.check_decides(expression)
                clause = Clause(each.id.text, expression, reason, each.when.span)
                yield Gate(each.id.text, frozenset(each.kinds), each.at, clause, serve_of(each.serve))

    def contact(self, linker: Linker, written: list[ContactFile], families: frozenset[str]) -> tuple[ContactRule, ...]:
        rules: list[ContactRule] = []
        taken: dict[str, Span] = {}
        for each in written:
            expression = linker.condition(each.suppress_when, Setting(frozenset({"offer."})))
            reason = linker.words(each.reason, each.span_of("reason"))
            scope = linker.families(each.families, families)
            if linker.unique(each.id, taken, Text("contact rule", "接触规则")) and expression is not None:
                linker.check_decides(expression)
                clause = Clause(each.id.text, expression, reason, each.suppress_when.span)
                rules.append(ContactRule(each.id.text, frozenset(each.kinds), scope, clause))
        return tuple(rules)

    def authorities(self, linker: Linker, parts: _Parts) -> dict[str, Authority]:
        authorities: dict[str, Authority] = {}
        taken: dict[str, Span] = {}
        for each in parts.authority:
            if linker.unique(each.id, taken, Text("authority", "授权")):
                limits = [(linker.condition(limit.when), limit.up_to) for limit in each.limits]
                linked = tuple(AuthorityLimit(when, up_to) for when, up_to in limits if when is not None)
                reason = linker.words(each.reason, each.span_of("reason"))
                authorities[each.id.text] = Authority(each.id.text, linked, reason, serve_of(each.above), each.span)
        return authorities

    def arbitration(self, linker: Linker, written: ArbitrationFile | None, families: frozenset[str]) -> Arbitration:
        if written is None:
            return Arbitration()
        context = []
        for each in written.context:
            when = linker.condition(each.when)
            scope = linker.families(each.families, families)
            if when is not None and scope is not None:
                context.append(ContextWeight(when, scope, each.weight))
        for family in written.levers:
            if family not in families:
                node = written.node_of("levers")
                span = node.keys_at[family] if isinstance(node, Mapping) else node.span
                linker.reference(Scalar(family, span), {each: each for each in families}, Text("family", "产品族"))
        bounds = written.bounds
        return Arbitration(
            bank=written.value.bank,
            customer=written.value.customer,
            bank_only=written.value.bank_only,
            context=tuple(context),
            levers=written.levers,
            bounds=Bounds(bounds.p, bounds.c, bounds.v, bounds.l),
            mandatory_families=linker.families(written.mandatory_families, families) or frozenset(),
            per_family=written.per_family,
            serve=serve_of(written.serve),
        )

    def opted_out(self, linker: Linker, pack_file: PackFile) -> Expression | None:
        if pack_file.personalization is None:
            if any(attribute.use == "profile" for attribute in linker.dictionary):
                linker.found.append(catalog.NO_OPT_OUT.at(pack_file.span_of("pack")))
            return None
        return linker.condition(pack_file.personalization.opted_out)


def _script_settings(offers: list[OfferFile]) -> dict[str, Setting]:
    """A script may say what every offer that uses it has: the quote's fields, the record's fields."""
    settings: dict[str, frozenset[str]] = {}
    for offer in offers:
        if offer.script is None:
            continue
        known = {"offer."}
        kind = None if offer.quote is None else getattr(offer.quote["type"], "text", "")
        known |= set(QUOTE_FIELDS.get(kind or "", {}))
        if offer.for_each is not None:
            known.add(f"{offer.for_each.as_.text}.")
        script = offer.script.text
        settings[script] = settings[script] & frozenset(known) if script in settings else frozenset(known)
    return {script: Setting(known) for script, known in settings.items()}


def cases_of(files: list[CasesFile]) -> Iterable[Case]:
    """The pack's tests as plain values: `profile` over `base`, key by key inside each namespace."""
    for file in files:
        base = to_plain(file.base)
        for each in file.cases:
            merged = dict(base) if isinstance(base, dict) else {}
            changes = to_plain(each.profile)
            for namespace, section in (changes if isinstance(changes, dict) else {}).items():
                own = merged.get(namespace)
                merged[namespace] = {**own, **section} if isinstance(own, dict) and isinstance(section, dict) else section
            expected = {key: to_plain(each.node_of(key)) for key in each.keys_present - {"id", "about", "at", "profile"}}
            yield Case(each.id.text, each.about.text, each.at or file.at, merged, expected, each.span_of("id"))
