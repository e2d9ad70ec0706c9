"""`nbo requirements RULES`: what the pack reads, as an interface list for whoever sends the data."""

from __future__ import annotations

import json
from collections import Counter
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from nbo.cli.shared import Format, Language, Output, Rules, load_engine
from nbo.diagnostics.diagnostic import Text as Words
from nbo.explain.requirements import Requirement

_COLUMNS = (
    Words("Attribute", "属性"),
    Words("Type", "类型"),
    Words("Read by", "使用者"),
    Words("When it is missing", "缺失时"),
)


def command(
    rules: Rules,
    lang: Annotated[Language, typer.Option("--lang", help="The language of the list.")] = Language.EN,
    output: Output = Format.TEXT,
) -> None:
    """List every attribute that the pack reads, who reads it, and what a missing one costs."""
    found = load_engine(rules, lang).requirements()
    if output is Format.JSON:
        document = {"requirements": [each.to_dict(lang) for each in found]}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    table = Table(*(column.fill(lang) for column in _COLUMNS), box=None, header_style="bold")
    for each in found:
        table.add_row(
            each.attribute.name, str(each.attribute.type.kind), Text(_readers(each)), Text(_costs(each, lang))
        )
    Console().print(table)


def _readers(requirement: Requirement) -> str:
    """Parts and offers, each once, in the order of a decision."""
    named = (reader.offer or f"{reader.part}/{reader.id}" for reader in requirement.readers)
    return ", ".join(dict.fromkeys(named))


def _costs(requirement: Requirement, language: str) -> str:
    counted = Counter(reader.cost_text(language) for reader in requirement.readers)
    return "; ".join(counted)
