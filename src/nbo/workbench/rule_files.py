"""The kinds of rule files: their names, the model of each, how to tell what kind a file is, and what is wrong with one alone.

In: a file's node and its name. Out: its kind, and the mistakes that show without the rest of the pack.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo

from nbo.diagnostics.diagnostic import Diagnostic, Text
from nbo.language.dictionary_file import read_dictionary
from nbo.language.dictionary_schema import DictionaryForm
from nbo.pack.files.call import CallFile
from nbo.pack.files.cases import CasesFile
from nbo.pack.files.compliance import ComplianceFile
from nbo.pack.files.moments import MomentFile
from nbo.pack.files.offers import OfferFile
from nbo.pack.files.pack_yaml import PackFile
from nbo.pack.files.rules import ArbitrationFile, AuthorityFile, ContactFile, GateFile, SegmentFile
from nbo.pack.files.scripts import ScriptFile
from nbo.pack.files.tables import TableFile
from nbo.pack.files.volume import CapFile
from nbo.pack.quotes.kinds import QUOTE_KINDS
from nbo.source import nodes
from nbo.source.model import validate
from nbo.source.nodes import Node, Sequence


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A kind of rule file.

    `form` is what pydantic makes a JSON Schema of, and what reads a file of every kind but the dictionary. `tells` are keys
    that, together, only this kind has: of a file that is a list, in its items. `a|b` is either of two.
    """

    name: str
    path: str  # where such files stand in a pack
    form: Any
    title: Text
    tells: frozenset[str] = frozenset()

    def told_by(self, keys: Set[str]) -> bool:
        """Whether a file with these keys is of this kind."""
        return bool(self.tells) and all(not keys.isdisjoint(tell.split("|")) for tell in self.tells)


def _kind(name: str, path: str, form: Any, en: str, zh: str, *tells: str) -> RuleFile:
    return RuleFile(name, path, form, Text(en, zh), frozenset(tells))


_DICTIONARY = _kind(
    "dictionary", "dictionary.yaml", DictionaryForm, "every attribute that a rule may name", "规则可用的全部属性"
)
_SEGMENTS = _kind("segments", "segments.yaml", list[SegmentFile], "named groups of customers", "客群", "when")
_SUPPRESSES = "suppress_when|suppress_after"
RULE_FILES = (
    _kind("pack", "pack.yaml", PackFile, "names every part of a pack", "列出规则包的各个部分", "pack"),
    _DICTIONARY,
    _SEGMENTS,
    _kind("gates", "gates.yaml", list[GateFile], "what must hold before a pitch or order", "推介或下单门槛", "when", "reason"),
    _kind("arbitration", "arbitration.yaml", ArbitrationFile, "which offer comes first", "产品排序", "value"),
    _kind("contact", "contact.yaml", list[ContactFile], "when not to approach a customer", "何时不触达客户", _SUPPRESSES),
    _kind("authority", "authority.yaml", list[AuthorityFile], "what an agent may waive", "坐席可减免的额度", "limits"),
    _kind("offer", "offers/*.yaml", OfferFile, "one offer", "一个产品", "offer", "eligibility"),
    _kind("script", "scripts/*.yaml", ScriptFile, "the ways to say an offer", "一个产品的话术", "script", "treatments"),
    _kind("tables", "tables.yaml", list[TableFile], "decision tables, their rows in CSV files", "决策表", "table", "outputs"),
    _kind("volume", "volume.yaml", list[CapFile], "how much there is for all customers", "全体客户的上限", "per", "limit"),
    _kind("call", "call.yaml", CallFile, "what a call is made of", "通话的事件与规则", "events|pitch|answers|selling_off"),
    _kind("moments", "moments.yaml", list[MomentFile], "what shows itself in a call", "通话时机", "needs|window|selling"),
    _kind("tests", "tests/*.yaml", CasesFile, "customers and what must come of them", "测试用例", "cases|personas"),
    _kind("compliance", "compliance/*.yaml", ComplianceFile, "compliance rules with their sources", "合规规则及其出处", "rules"),
)  # fmt: skip
_BY_PATH: Mapping[str, RuleFile] = {each.path: each for each in RULE_FILES}


def kind_of_path(name: str) -> RuleFile | None:
    """The kind of a file by the name that it has in a pack; None where the name tells nothing."""
    path = PurePath(name)
    by_name, by_folder = _BY_PATH.get(path.name), _BY_PATH.get(f"{path.parent.name}/*.yaml")
    return None if by_name and by_folder else by_name or by_folder


def kind_of(name: str, node: Node) -> RuleFile:
    """The kind of a file by its name, or else by its keys; what tells nothing is a dictionary or a list of segments."""
    named = kind_of_path(name)
    if named is not None:
        return named
    is_list = isinstance(node, Sequence)
    items = node if isinstance(node, Sequence) else (node,)
    keys = {key for each in items if isinstance(each, nodes.Mapping) for key in each}
    fitting = [each for each in RULE_FILES if each.told_by(keys) and _is_list(each) == is_list]
    return max(fitting, key=lambda each: len(each.tells), default=_SEGMENTS if is_list else _DICTIONARY)


def mistakes(kind: RuleFile, node: Node) -> list[Diagnostic]:
    """What is wrong with a file whatever the rest of the pack is: unknown and missing keys, wrong forms."""
    if kind is _DICTIONARY:
        return read_dictionary(node, ZoneInfo("UTC"))[1]  # no zone changes whether a formula can be read
    read, found = validate(kind.form, node)
    if isinstance(read, OfferFile) and read.quote is not None:
        found.extend(validate(QUOTE_KINDS[read.quote_kind].model, read.quote)[1])
    return found


def _is_list(kind: RuleFile) -> bool:
    return getattr(kind.form, "__origin__", None) is list
