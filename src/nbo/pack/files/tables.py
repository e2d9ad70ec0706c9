"""Decision tables: which file, which rows answer, and of which types the answers are."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.language.dictionary_file import ValueTypeFile
from nbo.source.model import Name, Part, Written, choice, refuse
from nbo.source.nodes import Mapping


class OutputFile(ValueTypeFile):
    """One output: a type as in the dictionary; `collect` says how the rows of `hit: collect` become one value."""

    collect: Annotated[Literal["sum", "min", "max", "count"], choice("sum", "min", "max", "count")] | None = None
    """How the rows of `hit: collect` become one value / `hit: collect` 时如何合并各行"""


def _filled(node: Any) -> Any:
    """A mapping with something in it."""
    if not isinstance(node, Mapping) or not node:
        expected = Text("an output a line, `rate: {type: rate}`", "每行一个输出 `rate: {type: rate}`")
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=expected))
    return node


class TableFile(Part):
    """A decision table: `file` is a CSV file whose columns are headed by what they ask, and by the outputs."""

    table: Name
    """Read in conditions as `table.NAME.OUTPUT` / 在条件中写作 `table.名称.输出`"""
    file: Written
    """The CSV file with the rows / 存放各行的 CSV 文件"""
    hit: Annotated[
        Literal["unique", "any", "first", "priority", "collect"],
        choice("unique", "any", "first", "priority", "collect"),
    ]
    """Which row answers when several fit / 多行符合时取哪一行"""
    outputs: Annotated[dict[str, OutputFile], BeforeValidator(_filled)]
    """The answers with their types, `rate: {type: rate}` / 输出及其类型，`rate: {type: rate}`"""
    default: Annotated[dict[str, Written], BeforeValidator(_filled)] = Field(default_factory=dict)
    """The answers when no row fits / 没有符合的行时的输出"""
