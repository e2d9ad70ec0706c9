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


def _filled(node: Any) -> Any:
    """A mapping with something in it."""
    if not isinstance(node, Mapping) or not node:
        expected = Text("an output a line, `rate: {type: rate}`", "每行一个输出 `rate: {type: rate}`")
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=expected))
    return node


class TableFile(Part):
    """A decision table: `file` is a CSV file whose columns are headed by what they ask, and by the outputs."""

    table: Name
    file: Written
    hit: Annotated[
        Literal["unique", "any", "first", "priority", "collect"],
        choice("unique", "any", "first", "priority", "collect"),
    ]
    outputs: Annotated[dict[str, OutputFile], BeforeValidator(_filled)]
    default: Annotated[dict[str, Written], BeforeValidator(_filled)] = Field(default_factory=dict)
