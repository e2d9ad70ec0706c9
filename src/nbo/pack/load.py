"""From a pack's folder to a linked `RulePack`: read, validate, link, in that order, with all mistakes at once.

A part that cannot be read leaves its place empty and the rest is still checked; only a pack without a single error is
returned.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, Severity, Text
from nbo.diagnostics.place import SourceText, Span
from nbo.diagnostics.suggest import nearest
from nbo.language.dictionary import Dictionary
from nbo.language.dictionary_file import read_dictionary
from nbo.language.expression import Expression
from nbo.pack.files.cases import CasesFile
from nbo.pack.files.compliance import ComplianceFile
from nbo.pack.files.offers import OfferFile
from nbo.pack.files.pack_yaml import PackFile, PartFile
from nbo.pack.files.rules import ArbitrationFile, AuthorityFile, ContactFile, GateFile, SegmentFile
from nbo.pack.files.scripts import ScriptFile
from nbo.pack.files.tables import TableFile
from nbo.pack.half_read import HalfRead
from nbo.pack.link import Linker, Setting
from nbo.pack.link_cases import link_cases
from nbo.pack.link_compliance import link_compliance
from nbo.pack.link_names import add_engine_names, link_segments
from nbo.pack.link_offers import OfferLinker
from nbo.pack.link_rules import link_arbitration, link_authorities, link_contact, link_gates
from nbo.pack.link_scripts import check_slots, link_scripts
from nbo.pack.link_tables import link_tables, read_tables
from nbo.pack.quotes.kinds import quote_fields
from nbo.pack.read import PackFolder
from nbo.pack.rulepack import (
    Authority,
    CustomerSegment,
    Offer,
    RulePack,
    Script,
    Silence,
)
from nbo.source.model import A_LIST, Part, validate, validate_rest
from nbo.source.nodes import Node, Sequence

P = TypeVar("P", bound=Part)


def load_pack(root: Path, at: datetime) -> tuple[RulePack | None, list[Diagnostic]]:
    """The pack of a folder, or None, and everything that was found.

    `at` has a zone; the day that it is in the pack's zone decides which offers have ended.
    """
    loader = _Loader(root, at)
    pack = loader.load()
    # what stands once in a file and is used twice (an alias) is wrong once
    distinct = {each.sort_key: each for each in (*loader.folder.found, *loader.found) if not loader.half.excuses(each)}
    found = [distinct[key] for key in sorted(distinct)]
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
    tables: list[tuple[TableFile, SourceText | None]] = field(default_factory=list)
    offers: list[OfferFile] = field(default_factory=list)
    compliance: list[ComplianceFile] = field(default_factory=list)
    cases: list[CasesFile] = field(default_factory=list)
    found_in_tests: list[Diagnostic] = field(default_factory=list)
    arbitration: ArbitrationFile | None = None


class _Loader:
    def __init__(self, root: Path, at: datetime) -> None:
        self.at = at
        self.folder = PackFolder(root)
        self.found: list[Diagnostic] = []
        self.half = HalfRead(self.folder.broken)

    def load(self) -> RulePack | None:
        node = self.folder.pack_yaml()
        pack_file = None if node is None else self.pack_file(node)
        if pack_file is None:
            return None
        zone = self.zone(pack_file)
        dictionary = self.dictionary(pack_file, zone)
        parts = self.parts(pack_file)
        if not self.half.pack:
            self.folder.check_nothing_is_unnamed()
        if dictionary is None:
            return None
        languages = () if "languages" in self.half.pack else tuple(pack_file.languages)
        linker = Linker(dictionary, zone, languages, self.found)
        records = [offer.for_each for offer in parts.offers if offer.for_each is not None]
        add_engine_names(linker, self.families(parts), [*records, *self.half.records()], parts.offers)
        tables = read_tables(linker, parts.tables)
        link_tables(linker, [each for each in tables if not each.reads_segments])
        segments = link_segments(linker, parts.segments)
        link_tables(linker, [each for each in tables if each.reads_segments])
        return self.linked(pack_file, parts, linker, segments)

    def pack_file(self, node: Node) -> PackFile | None:
        """`pack.yaml`; with mistakes in it, what of it can be read, so that the other files are checked still."""
        read, found = validate(PackFile, node)
        self.found.extend(found)
        if isinstance(read, PackFile):
            return read
        return self.half.keep_pack(node)

    # --- reading ------------------------------------------------------------------------------------------------------

    def validated(self, model: type[P], node: Node, part: str = "pack") -> P | None:
        read, found = validate(model, node)
        self.found.extend(found)
        if isinstance(read, model):
            return read
        rest = validate_rest(model, node)
        if isinstance(rest, model):
            self.half.dropped.add(part)
            return rest
        self.half.keep(part, node)
        return None

    def zone(self, pack_file: PackFile) -> ZoneInfo:
        try:
            return ZoneInfo(pack_file.timezone.text)
        except (KeyError, ValueError, OSError):
            better = nearest(pack_file.timezone.text, available_timezones(), alike=0.8)
            advice = None if better is None else catalog.DID_YOU_MEAN
            span, zone = pack_file.timezone.span, pack_file.timezone.text
            self.found.append(catalog.BAD_ZONE.at(span, zone=zone, suggestion=better, help=advice))
            return ZoneInfo("UTC")

    def dictionary(self, pack_file: PackFile, zone: ZoneInfo) -> Dictionary | None:
        node = self.folder.file("dictionary", pack_file.dictionary)
        if node is None:
            return None
        dictionary, found = read_dictionary(node, zone)
        self.found.extend(found)
        if dictionary is not None:
            self.half.keep_dictionary(node, dictionary)
        return dictionary

    def parts(self, pack_file: PackFile) -> _Parts:
        if pack_file.moments is not None:
            self.found.append(catalog.PART_LATER.at(pack_file.key_span("moments"), part="moments"))
        parts = _Parts()
        offers = (self.validated(OfferFile, node, "offers") for node in self.folder.folder("offers", pack_file.offers))
        parts.offers = [each for each in offers if each is not None]
        parts.scripts = self.files("scripts", pack_file.scripts, ScriptFile)
        parts.gates = self.items("gates", pack_file.gates, GateFile)
        parts.contact = self.items("contact", pack_file.contact, ContactFile)
        parts.authority = self.items("authority", pack_file.authority, AuthorityFile)
        parts.segments = self.items("segments", pack_file.segments, SegmentFile)
        tables = self.items("tables", pack_file.tables, TableFile)
        parts.tables = [(each, self.folder.text("tables", each.file)) for each in tables]
        for file in self.half.table_files():
            self.folder.text("tables", file)  # so that it does not count as surplus
        before = len(self.found)
        parts.cases = self.files("tests", pack_file.tests, CasesFile)
        parts.found_in_tests = self.found[before:]
        arbitration = self.files("arbitration", pack_file.arbitration, ArbitrationFile)
        parts.arbitration = arbitration[0] if arbitration else None
        for part in pack_file.compliance:
            parts.compliance.extend(self.files("compliance", part, ComplianceFile))
        return parts

    def files(self, name: str, part: PartFile | None, model: type[P]) -> list[P]:
        """Every file of a part, each one model."""
        if part is None or part.path is None:
            return []
        read = (self.validated(model, node, name) for node in self.folder.folder(name, part.path))
        return [each for each in read if each is not None]

    def items(self, name: str, part: PartFile | None, model: type[P]) -> list[P]:
        """The items of a part whose file is a list."""
        if part is None or part.path is None:
            return []
        node = self.folder.file(name, part.path)
        if node is None:
            return []
        if not isinstance(node, Sequence):
            self.folder.broken.add(name)
            self.found.append(catalog.WRONG_SHAPE.at(node.span, expected=A_LIST))
            return []
        read = (self.validated(model, each, name) for each in node)
        return [each for each in read if each is not None]

    def families(self, parts: _Parts) -> frozenset[str]:
        """The families that the offers have, those of offers with mistakes too."""
        return frozenset(offer.family.text for offer in parts.offers) | self.half.names.get("offers", frozenset())

    # --- linking ------------------------------------------------------------------------------------------------------

    def linked(
        self, pack_file: PackFile, parts: _Parts, linker: Linker, segments: tuple[CustomerSegment, ...]
    ) -> RulePack:
        families = self.families(parts)
        authorities = link_authorities(linker, parts.authority)
        scripts = link_scripts(
            linker,
            parts.scripts,
            self.script_settings(linker, parts.offers, parts.scripts),
            most_tries=pack_file.most_tries,
        )
        arbitration = link_arbitration(linker, parts.arbitration, families)
        offers = self.offers(linker, parts, scripts, authorities, arbitration.mandatory_families)
        for key, clauses in self.half.conditions():
            linker.clauses(clauses, key, linker.everything)
        channels = {channel for script in scripts.values() for each in script.treatments for channel in each.channels}
        rules, legal_gates, jurisdictions = link_compliance(linker, parts.compliance, families, channels)
        if "compliance" not in self.half.dropped | self.folder.broken:
            check_slots(linker, scripts.values(), rules)
        pack = RulePack(
            name=pack_file.pack.text,
            version=pack_file.version.text,
            hash=self.folder.content_hash,
            language_version=pack_file.language_version,
            sources=self.folder.sources,
            root=self.folder.root,
            locale=pack_file.locale.text,
            languages=tuple(pack_file.languages),
            currency=pack_file.currency.text,
            zone=linker.zone,
            opted_out=self.opted_out(linker, pack_file),
            segments=segments,
            gates=(*link_gates(linker, parts.gates), *legal_gates),
            offers=offers,
            scripts=MappingProxyType(scripts),
            arbitration=arbitration,
            contact=None if pack_file.contact.none is not None else link_contact(linker, parts.contact, families),
            authorities=MappingProxyType(authorities),
            compliance=rules,
            jurisdictions=jurisdictions,
            cases=(),
            silences=tuple(
                Silence(each.ignore.text, each.in_.text, each.why.text, each.span_of("ignore"))
                for each in pack_file.lints
            ),
            dictionary=linker.dictionary,
        )
        left_out = self.half.dropped | self.half.pack | self.folder.broken
        return replace(pack, cases=link_cases(linker, parts.cases, pack, left_out, parts.found_in_tests))

    def script_settings(self, linker: Linker, offers: list[OfferFile], scripts: list[ScriptFile]) -> dict[str, Setting]:
        """A script may say what every offer that uses it has: the quote's fields, the record's fields."""
        settings: dict[str, frozenset[str]] = {}
        for offer in offers:
            if offer.script is None:
                continue
            known = {"offer.", *quote_fields(offer.quote_kind)}
            if offer.for_each is not None:
                known.add(f"{offer.for_each.as_.text}.")
            script = offer.script.text
            settings[script] = settings[script] & frozenset(known) if script in settings else frozenset(known)
        unknown = [each.script.text for each in scripts] if "offers" in self.folder.broken else []
        for script in (*self.half.scripts_used(), *unknown):  # nobody knows which quotes they have
            settings.setdefault(script, linker.everything.known)
        return {script: Setting(known) for script, known in settings.items()}

    def offers(
        self,
        linker: Linker,
        parts: _Parts,
        scripts: dict[str, Script],
        authorities: dict[str, Authority],
        mandatory: frozenset[str],
    ) -> tuple[Offer, ...]:
        offer_linker = OfferLinker(linker, scripts, authorities, mandatory, self.at.astimezone(linker.zone).date())
        taken: dict[str, Span] = {}
        offers = [
            offer_linker.link(each) for each in parts.offers if linker.unique(each.offer, taken, Text("offer", "产品"))
        ]
        return tuple(sorted(offers, key=lambda offer: (offer.tier, -offer.priority, offer.id)))

    def opted_out(self, linker: Linker, pack_file: PackFile) -> Expression | None:
        if pack_file.personalization is None:
            if _uses_profile(linker.dictionary) and "personalization" not in self.half.pack:
                linker.found.append(catalog.NO_OPT_OUT.at(pack_file.span_of("pack")))
            return None
        return linker.condition(pack_file.personalization.opted_out)


def _uses_profile(dictionary: Dictionary) -> bool:
    records = (each.type.record for each in dictionary)
    fields = (field for record in records if record is not None for field in record.fields.values())
    return any(attribute.use == "profile" for attribute in (*dictionary, *fields))
