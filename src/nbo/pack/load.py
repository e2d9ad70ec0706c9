"""From a pack's folder to a linked `RulePack`: read, validate, link, in that order, with all mistakes at once.

A part that cannot be read leaves its place empty and the rest is still checked; only a pack without a single error is
returned.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar, cast
from zoneinfo import ZoneInfo, available_timezones

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, Severity, Text
from nbo.diagnostics.place import SourceText, Span
from nbo.diagnostics.suggest import nearest
from nbo.language.dictionary import Dictionary
from nbo.language.dictionary_file import read_dictionary
from nbo.language.expression import Expression
from nbo.pack.authority import Authority
from nbo.pack.call import CallRules
from nbo.pack.cap import Cap
from nbo.pack.customer_segment import CustomerSegment
from nbo.pack.files.call import CallFile
from nbo.pack.files.cases import CasesFile
from nbo.pack.files.compliance import ComplianceFile
from nbo.pack.files.moments import MomentFile
from nbo.pack.files.offers import OfferFile
from nbo.pack.files.pack_yaml import PackFile, PartFile
from nbo.pack.files.rules import ArbitrationFile, AuthorityFile, ContactFile, GateFile, SegmentFile
from nbo.pack.files.scripts import ScriptFile
from nbo.pack.files.tables import TableFile
from nbo.pack.files.volume import CapFile
from nbo.pack.half_read import HalfRead
from nbo.pack.heads import OfferHead, ScriptHead
from nbo.pack.link import Linker, Setting
from nbo.pack.link_call import link_call, standard_call
from nbo.pack.link_cases import link_cases
from nbo.pack.link_compliance import link_compliance
from nbo.pack.link_moments import link_moments
from nbo.pack.link_names import add_engine_names, link_segments
from nbo.pack.link_offers import OfferLinker
from nbo.pack.link_rules import link_arbitration, link_authorities, link_contact, link_gates
from nbo.pack.link_scripts import check_slots, link_script
from nbo.pack.link_tables import link_tables, read_tables
from nbo.pack.link_volume import Sold, link_caps
from nbo.pack.memory import Memory
from nbo.pack.moments import Moment
from nbo.pack.offer import Offer
from nbo.pack.quotes.kinds import quote_fields, quote_types
from nbo.pack.read import PackFolder
from nbo.pack.rulepack import RulePack, Silence
from nbo.pack.script import Script
from nbo.source.model import A_LIST, Part, validate, validate_rest
from nbo.source.nodes import Node, Sequence
from nbo.source.yaml_file import parse_yaml

T = TypeVar("T")
P = TypeVar("P", bound=Part)
_LISTS: dict[str, type[Part]] = {
    "gates": GateFile,
    "contact": ContactFile,
    "authority": AuthorityFile,
    "segments": SegmentFile,
    "volume": CapFile,
    "moments": MomentFile,
}
H = TypeVar("H", OfferHead, ScriptHead)
# A model takes 30 times its text. PERF: that 10,000 offers waited for each other took 25 KB more of each for good, because what
# is let go later lies between what stays; to parse them twice takes a fifth longer (benchmarks/loading.py).
_MOST_MODELS = 8_000


def load_pack(root: Path, at: datetime, memory: Memory | None = None) -> tuple[RulePack | None, list[Diagnostic]]:
    """The pack of a folder, or None, and everything that was found.

    `at` has a zone; the day that it is in the pack's zone decides which offers have ended. `memory` is that of the load at
    hand: of a pack that is loaded again only the files that changed are parsed and linked, and what depends on them.
    """
    loader = _Loader(root, at, Memory() if memory is None else memory)
    pack = loader.load()
    # what stands once in a file and is used twice (an alias) is wrong once
    distinct = {each.sort_key: each for each in (*loader.folder.found, *loader.found) if not loader.half.excuses(each)}
    found = [distinct[key] for key in sorted(distinct)]
    broken = any(each.severity is Severity.ERROR for each in found)
    return (None if broken else pack), found


@dataclass
class _Parts:
    """The files of a pack: of offers and scripts their heads, of others the text, of tests the validated models.

    What could not be read is absent.
    """

    offers: list[OfferHead] = field(default_factory=list)
    scripts: list[ScriptHead] = field(default_factory=list)
    single: dict[str, SourceText | None] = field(default_factory=dict)  # by part
    tables: list[tuple[TableFile, SourceText | None]] = field(default_factory=list)
    arbitration: list[SourceText] = field(default_factory=list)
    call: list[SourceText] = field(default_factory=list)
    compliance: list[SourceText] = field(default_factory=list)
    cases: list[CasesFile] = field(default_factory=list)
    found_in_tests: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class _Names:
    """What conditions can name: the dictionary with what the engine, tables and segments add to it."""

    dictionary: Dictionary
    engine_namespaces: frozenset[str]
    segments: tuple[CustomerSegment, ...]


class _Loader:
    def __init__(self, root: Path, at: datetime, memory: Memory) -> None:
        self.at = at
        self.memory = memory
        self.models: dict[object, Part] = {}  # of heads, until they are linked
        self.folder = PackFolder(root, memory)
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
            self.check_forms(parts)
            return None
        languages = () if "languages" in self.half.pack else tuple(pack_file.languages)
        linker = Linker(dictionary, zone, languages, self.found)
        names = self.names(linker, parts)
        linker.dictionary = names.dictionary
        linker.engine_namespaces = set(names.engine_namespaces)
        return self.linked(pack_file, parts, linker, names)

    def remembered(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, with what it finds, or the same from the last load; what had an error is not kept."""
        known = self.memory.find(key)
        if known is not Memory.NOTHING:
            value, found = cast("tuple[T, tuple[Diagnostic, ...]]", known)
            self.found.extend(found)
            return value
        before, unread = len(self.found), len(self.folder.found)
        value = make()
        found = tuple(self.found[before:])
        if len(self.folder.found) == unread and all(each.severity is not Severity.ERROR for each in found):
            self.memory.keep(key, (value, found))
        return value

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
        source = self.folder.file("dictionary", pack_file.dictionary)
        if source is None:
            return None

        def read() -> Dictionary | None:
            node = self.folder.parsed("dictionary", source)
            if node is None:
                return None
            dictionary, found = read_dictionary(node, zone)
            self.found.extend(found)
            if dictionary is not None:
                self.half.keep_dictionary(node, dictionary)
            return dictionary

        return self.remembered(("dictionary", _key(source), zone.key), read)

    def parts(self, pack_file: PackFile) -> _Parts:
        parts = _Parts()
        for source in self.folder.folder("offers", pack_file.offers):
            offer = self.head("offers", source, OfferFile, OfferHead.of)
            if offer is not None:
                parts.offers.append(offer)
        for source in self.sources("scripts", pack_file.scripts):
            script = self.head("scripts", source, ScriptFile, ScriptHead.of)
            if script is not None:
                parts.scripts.append(script)
        for name in _LISTS:
            part = getattr(pack_file, name)
            parts.single[name] = None if part is None or part.path is None else self.folder.file(name, part.path)
        if pack_file.tables is not None and pack_file.tables.path is not None:
            tables = self.items("tables", self.folder.file("tables", pack_file.tables.path), TableFile)
            parts.tables = [(each, self.folder.text("tables", each.file)) for each in tables]
        for file in self.half.table_files():
            self.folder.text("tables", file)  # so that it does not count as surplus
        before = len(self.found)
        for source in self.sources("tests", pack_file.tests):
            read = partial(self.files, "tests", [source], CasesFile)
            parts.cases.extend(self.remembered(("tests", _key(source)), read))
        parts.found_in_tests = self.found[before:]
        parts.arbitration = list(self.sources("arbitration", pack_file.arbitration))
        parts.call = list(self.sources("call", pack_file.call))
        for part in pack_file.compliance:
            parts.compliance.extend(self.sources("compliance", part))
        return parts

    def sources(self, name: str, part: PartFile | None) -> Iterator[SourceText]:
        """Every file of a part."""
        if part is not None and part.path is not None:
            yield from self.folder.folder(name, part.path)

    def head(self, name: str, source: SourceText, model: type[P], head_of: Callable[[SourceText, P], H]) -> H | None:
        """The head of a file; its model is kept until it is linked."""

        def read() -> H | None:
            node = self.folder.parsed(name, source)
            written = None if node is None else self.validated(model, node, name)
            if written is None:
                return None
            head = head_of(source, written)
            if len(self.models) < _MOST_MODELS:
                self.models[head] = written
            return head

        return self.remembered((name, _key(source)), read)

    def model(self, head: OfferHead | ScriptHead, model: type[P]) -> P:
        """The validated file of a head, which is let go; one of the last load, or of very many, is parsed again."""
        written = self.models.pop(head, None)
        if written is None:
            written = validate(model, parse_yaml(head.source))[0]
        assert isinstance(written, model)  # noqa: S101 - heads are of files that were valid
        return written

    def files(self, name: str, sources: Iterable[SourceText], model: type[P]) -> list[P]:
        """Files of a part, each one model."""

        def read(source: SourceText) -> P | None:
            node = self.folder.parsed(name, source)
            return None if node is None else self.validated(model, node, name)

        return [each for source in sources if (each := read(source)) is not None]

    def items(self, name: str, source: SourceText | None, model: type[P]) -> list[P]:
        """The items of a part whose file is a list."""
        node = None if source is None else self.folder.parsed(name, source)
        if node is None:
            return []
        if not isinstance(node, Sequence):
            self.folder.broken.add(name)
            self.found.append(catalog.WRONG_SHAPE.at(node.span, expected=A_LIST))
            return []
        read = (self.validated(model, each, name) for each in node)
        return [each for each in read if each is not None]

    def check_forms(self, parts: _Parts) -> None:
        """Where there is nothing to link with: what is wrong with the form of the files that are read when they are linked."""
        for name, model in _LISTS.items():
            self.items(name, parts.single[name], model)
        self.files("arbitration", parts.arbitration, ArbitrationFile)
        self.files("call", parts.call, CallFile)
        self.files("compliance", parts.compliance, ComplianceFile)

    def families(self, parts: _Parts) -> frozenset[str]:
        """The families that the offers have, those of offers with mistakes too."""
        return frozenset(offer.family for offer in parts.offers) | self.half.names.get("offers", frozenset())

    # --- linking ------------------------------------------------------------------------------------------------------

    def names(self, linker: Linker, parts: _Parts) -> _Names:
        """What conditions can name."""
        families = self.families(parts)
        records = [offer.for_each for offer in parts.offers if offer.for_each is not None]
        records.extend(self.half.records())
        own = ((offer.quote_kind, offer.own_quote) for offer in parts.offers if offer.own_quote is not None)
        quotes = quote_types(own, linker.dictionary)

        def made() -> _Names:
            add_engine_names(linker, families, records, quotes)
            tables = read_tables(linker, parts.tables)
            link_tables(linker, [each for each in tables if not each.reads_segments])
            segments = link_segments(linker, self.items("segments", parts.single["segments"], SegmentFile))
            link_tables(linker, [each for each in tables if each.reads_segments])
            return _Names(linker.dictionary, frozenset(linker.engine_namespaces), segments)

        tables = tuple((_key(table.span.source), None if file is None else _key(file)) for table, file in parts.tables)
        of_records = tuple((each.record.text, each.as_.text) for each in records)
        key = (
            "names", linker.dictionary, linker.zone.key, linker.languages, families, of_records, repr(quotes), tables,
            _key(parts.single["segments"]),
        )  # fmt: skip
        return self.remembered(key, made)

    def linked(self, pack_file: PackFile, parts: _Parts, linker: Linker, names: _Names) -> RulePack:
        families = self.families(parts)
        around = (names, linker.languages)

        def of_part(name: str, link: Callable[[], T], *more: Hashable) -> T:
            return self.remembered((name, *around, _key(parts.single[name]), *more), link)

        def items(name: str, model: type[P]) -> list[P]:
            return self.items(name, parts.single[name], model)

        authorities = of_part("authority", lambda: link_authorities(linker, items("authority", AuthorityFile)))
        scripts = self.scripts(linker, parts, around, pack_file.most_tries)
        arbitration = self.remembered(
            ("arbitration", *around, tuple(map(_key, parts.arbitration)), families),
            lambda: link_arbitration(
                linker, next(iter(self.files("arbitration", parts.arbitration, ArbitrationFile)), None), families
            ),
        )
        before = len(self.found)
        call = self.call(linker, parts, around)
        events_known = all(each.severity is not Severity.ERROR for each in self.found[before:])
        offers = self.offers(linker, parts, scripts, authorities, arbitration.mandatory_families, around)
        for key, clauses in self.half.conditions():
            linker.clauses(clauses, key, linker.everything)
        channels = {channel for script in scripts.values() for each in script.treatments for channel in each.channels}
        rules, legal_gates, jurisdictions = self.remembered(
            ("compliance", *around, tuple(map(_key, parts.compliance)), families, frozenset(channels)),
            lambda: link_compliance(
                linker, self.files("compliance", parts.compliance, ComplianceFile), families, channels
            ),
        )
        gates = of_part("gates", lambda: tuple(link_gates(linker, items("gates", GateFile))))
        sold = {each.id.text: Sold(each.family, each.quote_kind) for each in parts.offers}
        caps: tuple[Cap, ...] = ()
        if "offers" not in self.half.dropped | self.folder.broken:  # then nobody knows which offers there are
            of_offers = frozenset((name, each) for name, each in sold.items()) if parts.single["volume"] else None
            caps = of_part("volume", lambda: link_caps(linker, items("volume", CapFile), sold), of_offers)
        moments: tuple[Moment, ...] = ()
        if not events_known or "call" in self.half.dropped | self.half.pack | self.folder.broken:
            items("moments", MomentFile)  # nobody knows which events there are
        elif parts.single["moments"] is not None:
            known = standard_call(linker.dictionary, linker.zone) if call is None else call
            moments = of_part("moments", lambda: link_moments(linker, items("moments", MomentFile), known.events), call)
        contact, floors = of_part(
            "contact", lambda: link_contact(linker, items("contact", ContactFile), families), families
        )
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
            segments=names.segments,
            gates=(*gates, *legal_gates),
            offers=offers,
            scripts=MappingProxyType(scripts),
            arbitration=arbitration,
            contact=None if pack_file.contact.none is not None else contact,
            floors=floors,
            authorities=MappingProxyType(authorities),
            compliance=rules,
            jurisdictions=jurisdictions,
            cases=(),
            silences=tuple(
                Silence(each.ignore.text, each.in_.text, each.why.text, each.span_of("ignore"))
                for each in pack_file.lints
            ),
            dictionary=linker.dictionary,
            caps=caps,
            call=call,
            moments=moments,
        )
        left_out = self.half.dropped | self.half.pack | self.folder.broken | (set() if events_known else {"call"})
        return replace(pack, cases=link_cases(linker, parts.cases, pack, left_out, parts.found_in_tests))

    def call(self, linker: Linker, parts: _Parts, around: tuple[Hashable, ...]) -> CallRules | None:
        """The rules of a call; None where the pack has none."""

        def linked() -> CallRules | None:
            written = next(iter(self.files("call", parts.call, CallFile)), None)
            return None if written is None else link_call(linker, written)

        return self.remembered(("call", *around, tuple(map(_key, parts.call))), linked)

    def scripts(
        self, linker: Linker, parts: _Parts, around: tuple[Hashable, ...], most_tries: int
    ) -> dict[str, Script]:
        """The scripts by id."""
        settings = self.script_settings(linker, parts)
        scripts: dict[str, Script] = {}
        taken: dict[str, Span] = {}
        for head in parts.scripts:
            if linker.unique(head.id, taken, Text("script", "话术")):
                setting = settings.get(head.id.text)
                scripts[head.id.text] = self.remembered(
                    ("script", head, *around, setting, most_tries),
                    lambda head=head, setting=setting: link_script(  # type: ignore[misc]  # it is called at once
                        linker, self.model(head, ScriptFile), setting, most_tries=most_tries
                    ),
                )
        return scripts

    def script_settings(self, linker: Linker, parts: _Parts) -> dict[str, Setting]:
        """A script may say what every offer that uses it has: the quote's fields, the record's fields."""
        settings: dict[str, frozenset[str]] = {}
        for offer in parts.offers:
            if offer.script is None:
                continue
            known = frozenset({"offer.", *quote_fields(offer.quote_kind)})
            if offer.for_each is not None:
                known |= {f"{offer.for_each.as_.text}."}
            settings[offer.script] = settings[offer.script] & known if offer.script in settings else known
        unknown = [each.id.text for each in parts.scripts] if "offers" in self.folder.broken else []
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
        around: tuple[Hashable, ...],
    ) -> tuple[Offer, ...]:
        today = self.at.astimezone(linker.zone).date()
        offer_linker = OfferLinker(linker, scripts, authorities, mandatory, today)
        given = (*around, tuple(authorities.values()))
        taken: dict[str, Span] = {}
        offers: list[Offer] = []
        for head in parts.offers:
            if linker.unique(head.id, taken, Text("offer", "产品")):
                script = None if head.script is None else scripts.get(head.script)
                key = ("offer", head, *given, script, head.family in mandatory, head.on(today))
                offers.append(self.remembered(key, partial(self.offer, offer_linker, head)))
        return tuple(sorted(offers, key=lambda offer: (offer.tier, -offer.priority, offer.id)))

    def offer(self, linker: OfferLinker, head: OfferHead) -> Offer:
        return linker.link(self.model(head, OfferFile))

    def opted_out(self, linker: Linker, pack_file: PackFile) -> Expression | None:
        if pack_file.personalization is None:
            if _uses_profile(linker.dictionary) and "personalization" not in self.half.pack:
                linker.found.append(catalog.NO_OPT_OUT.at(pack_file.span_of("pack")))
            return None
        return linker.condition(pack_file.personalization.opted_out)


def _key(source: SourceText | None) -> Hashable:
    """The same for files of the same name and place with the same content."""
    return None if source is None else (source.name, source.path, source.digest)


def _uses_profile(dictionary: Dictionary) -> bool:
    records = (each.type.record for each in dictionary)
    fields = (field for record in records if record is not None for field in record.fields.values())
    return any(attribute.use == "profile" for attribute in (*dictionary, *fields))
