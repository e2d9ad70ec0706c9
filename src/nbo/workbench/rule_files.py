"""The kinds of rule files: their names, the model of each, and how to tell what kind a file is.

In: a file's node and its path. Out: its kind. What the file means is not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nbo.diagnostics.diagnostic import Text
from nbo.language.dictionary_schema import DictionaryForm
from nbo.pack.files.cases import CasesFile
from nbo.pack.files.compliance import ComplianceFile
from nbo.pack.files.offers import OfferFile
from nbo.pack.files.pack_yaml import PackFile
from nbo.pack.files.rules import ArbitrationFile, AuthorityFile, ContactFile, GateFile, SegmentFile
from nbo.pack.files.scripts import ScriptFile


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A kind of rule file. `form` is what pydantic makes a JSON Schema of; `tells` are keys that only this kind has."""

    name: str
    form: Any
    title: Text
    path: str  # where such files stand in a pack
    tells: frozenset[str] = frozenset()


RULE_FILES = (
    RuleFile(
        "pack", PackFile, Text("names every part of a pack", "列出规则包的各个部分"), "pack.yaml", frozenset({"pack"})
    ),
    RuleFile(
        "dictionary",
        DictionaryForm,
        Text("every attribute that a rule may name", "规则可用的全部属性"),
        "dictionary.yaml",
    ),
    RuleFile(
        "segments",
        list[SegmentFile],
        Text("named groups of customers", "客群"),
        "segments.yaml",
        frozenset({"id", "when"}),
    ),
    RuleFile(
        "gates",
        list[GateFile],
        Text("what must hold before anything is shown", "展示前须满足的门槛"),
        "gates.yaml",
        frozenset({"id", "when", "reason"}),
    ),
    RuleFile(
        "arbitration",
        ArbitrationFile,
        Text("which offer comes first", "产品排序"),
        "arbitration.yaml",
        frozenset({"value", "bounds"}),
    ),
    RuleFile(
        "contact",
        list[ContactFile],
        Text("when not to approach a customer", "何时不触达客户"),
        "contact.yaml",
        frozenset({"suppress_when"}),
    ),
    RuleFile(
        "authority",
        list[AuthorityFile],
        Text("what an agent may waive", "坐席可减免的额度"),
        "authority.yaml",
        frozenset({"limits"}),
    ),
    RuleFile("offer", OfferFile, Text("one offer", "一个产品"), "offers/*.yaml", frozenset({"offer"})),
    RuleFile(
        "script",
        ScriptFile,
        Text("the ways to say an offer", "一个产品的话术"),
        "scripts/*.yaml",
        frozenset({"script", "treatments"}),
    ),
    RuleFile(
        "tests",
        CasesFile,
        Text("customers and what must come of them", "测试用例"),
        "tests/*.yaml",
        frozenset({"cases"}),
    ),
    RuleFile(
        "compliance",
        ComplianceFile,
        Text("compliance rules with their sources", "合规规则及其出处"),
        "compliance/*.yaml",
        frozenset({"rules"}),
    ),
)
