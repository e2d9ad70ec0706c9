"""What can still be told of files whose own mistakes keep them from being read: the names that others refer to.

Without it one mistake in an offer would be followed by a complaint wherever its family, its script or its quote is named.
In: the nodes of such files. Out: which of the later findings only repeat a mistake that is reported already.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, Text
from nbo.diagnostics.place import SourceText
from nbo.language.dictionary import Dictionary
from nbo.pack.files.offers import ForEachFile
from nbo.pack.files.pack_yaml import PackFile
from nbo.pack.files.shared import Clauses
from nbo.source.model import validate
from nbo.source.nodes import Mapping, Node, Scalar
from nbo.source.yaml_file import parse_yaml

_CONDITIONS = ("eligibility", "applicability", "suitability", "volume")
_DEFINED_BY = {"family": "offers", "script": "scripts", "authority": "authority"}
_STAND_IN = """
{pack: none, version: 0, language_version: 1, locale: zh-CN, languages: [zh], currency: CNY, timezone: UTC,
 dictionary: none, offers: none, scripts: {none: x}, gates: {none: x}, arbitration: {none: x}, contact: {none: x},
 authority: {none: x}, compliance: {none: x}}
"""
_ABOUT_NAMESPACE = frozenset({"label", "alias", "key", "records"})


@dataclass
class HalfRead:
    """Names from files with mistakes, by part.

    `broken` has the parts of which a file is not even YAML, `dropped` those of which anything had to be left out.
    """

    broken: set[str]
    dropped: set[str] = field(default_factory=set)
    names: dict[str, set[str]] = field(default_factory=dict)
    offers: list[Mapping] = field(default_factory=list)
    tables: list[Mapping] = field(default_factory=list)
    pack: frozenset[str] = frozenset()  # the keys of `pack.yaml` that are missing or wrong
    _attributes: set[str] = field(default_factory=set)
    _fields: set[str] = field(default_factory=set)

    def keep(self, part: str, node: Node) -> None:
        """Remember an offer, a script or an item of a list that is not valid."""
        self.dropped.add(part)
        if not isinstance(node, Mapping):
            self.broken.add(part)
        elif part == "offers":
            self.offers.append(node)
            self._name(part, node, "family")
        elif part == "tables":
            self.tables.append(node)
        else:
            self._name(part, node, "script" if part == "scripts" else "id")

    def keep_pack(self, node: Node) -> PackFile | None:
        """What can be read of `pack.yaml`, the rest as if there were none; None where not even the dictionary can."""
        standing = parse_yaml(SourceText("pack.yaml", "pack.yaml", _STAND_IN))
        assert isinstance(standing, Mapping)  # noqa: S101 - it is written below
        good = Mapping()
        good.span, good.keys_at = standing.span, dict(standing.keys_at)
        good.update(standing)
        if not isinstance(node, Mapping):
            return None
        for key, child in node.items():
            one = Mapping({**standing, key: child})
            one.span, one.keys_at = good.span, {**good.keys_at, key: child.span}
            if key in PackFile.model_fields and isinstance(validate(PackFile, one)[0], PackFile):
                good[key], good.keys_at[key] = child, child.span
        needed = {key for key, each in PackFile.model_fields.items() if each.is_required()}
        self.pack = frozenset(key for key in needed.union(node) if good.get(key) is standing.get(key))
        self.broken |= self.pack
        if self.pack & {"dictionary", "offers"}:
            return None
        read = validate(PackFile, good)[0]
        return read if isinstance(read, PackFile) else None

    def keep_dictionary(self, node: Node, dictionary: Dictionary) -> None:
        """Remember the attributes and fields that are written and could not be read."""
        for namespace, section in node.items() if isinstance(node, Mapping) else ():
            if namespace not in dictionary.namespaces or not isinstance(section, Mapping):
                self._attributes.add(namespace)
                continue
            names = {f"{namespace}.{key}" for key in section if key not in _ABOUT_NAMESPACE}
            self._attributes |= names - set(dictionary.names)
            records = dictionary.find(namespace)
            known = {} if records is None or records.type.record is None else records.type.record.names
            fields = section.get("records")
            self._fields |= set(fields if isinstance(fields, Mapping) else ()) - set(known)

    def table_files(self) -> Iterator[Scalar]:
        """The files that tables with mistakes name."""
        for table in self.tables:
            file = table.get("file")
            if isinstance(file, Scalar) and not file.is_null:
                yield file

    def scripts_used(self) -> Iterator[str]:
        """The scripts that offers with mistakes name."""
        for offer in self.offers:
            script = offer.get("script")
            if isinstance(script, Scalar):
                yield script.text

    def conditions(self) -> Iterator[tuple[str, Clauses]]:
        """The conditions of offers with mistakes, by stage; what is wrong with their shape is reported already."""
        for offer in self.offers:
            for key in _CONDITIONS:
                clauses = validate(Clauses, offer[key])[0] if key in offer else None
                if clauses:
                    yield key, clauses

    def records(self) -> Iterator[ForEachFile]:
        """The records that offers with mistakes go through."""
        for offer in self.offers:
            read = validate(ForEachFile, offer["for_each"])[0] if "for_each" in offer else None
            if isinstance(read, ForEachFile):
                yield read

    def excuses(self, diagnostic: Diagnostic) -> bool:
        """Whether a finding only follows from a mistake that is reported where it was made."""
        if diagnostic.code in (catalog.UNKNOWN_ATTRIBUTE, catalog.UNKNOWN_PLACEHOLDER, catalog.UNKNOWN_REFERENCE):
            name = str(diagnostic.values["name"])
            kind = diagnostic.values.get("kind")
            part = _DEFINED_BY.get(kind.en, "") if isinstance(kind, Text) else ""
            if part in self.broken or name in self.names.get(part, ()):
                return True
            namespace, _, last = name.partition(".")
            if namespace == "table" and "tables" in self.broken | self.dropped:
                return True
            return name in self._attributes or namespace in self._attributes or last in self._fields
        if "offers" in self.broken:  # then nobody knows which families there are
            about = diagnostic.values.get("attribute", "" if diagnostic.span is None else diagnostic.span.text)
            return diagnostic.code in (catalog.TYPES_DO_NOT_FIT, catalog.NOT_IN_ENUM) and "offer.family" in str(about)
        return False

    def _name(self, part: str, node: Mapping, key: str) -> None:
        child = node.get(key)
        if isinstance(child, Scalar):
            self.names.setdefault(part, set()).add(child.text)
