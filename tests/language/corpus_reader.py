"""Reads `corpus.yaml`: its cases, its dictionary, and its conditions compiled against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from nbo.diagnostics import catalog
from nbo.language.dictionary import Dictionary
from nbo.language.dictionary_file import read_dictionary
from nbo.language.expression import CompiledExpression, compile_scalar
from nbo.pack.files.tables import TableFile
from nbo.pack.link import Linker
from nbo.pack.link_tables import TableRows, link_tables
from nbo.source.model import validate
from nbo.source.nodes import Mapping, Scalar, Sequence, from_plain, to_plain
from nbo.source.yaml_file import parse_yaml, read_source

CORPUS = Path(__file__).with_name("corpus.yaml")
KEYS = {
    "expr",
    "values",
    "type",
    "result",
    "unknown",
    "missing",
    "error",
    "underlined",
    "zone",
    "at",
    "about",
    "known_bug",
}


@dataclass(frozen=True)
class CorpusCase:
    line: int
    expr: str
    values: dict[str, Any]
    zone: str
    at: datetime | None
    expected: dict[str, Any]


def read_corpus() -> tuple[Mapping, list[CorpusCase]]:
    file = parse_yaml(read_source(CORPUS, CORPUS.name, str(CORPUS)))
    assert isinstance(file, Mapping)
    cases = file["cases"]
    assert isinstance(cases, Sequence)
    return file, [read_case(file, each) for each in cases if isinstance(each, Mapping)]


def read_case(file: Mapping, node: Mapping) -> CorpusCase:
    assert set(node) <= KEYS, (node.span, set(node) - KEYS)
    plain = to_plain(node)
    assert isinstance(plain, dict)
    assert len({"result", "unknown", "error"} & set(plain)) == 1, node.span
    expr = node["expr"]
    assert isinstance(expr, Scalar)
    at = plain["at"] if "at" in plain else to_plain(file["at"])
    zone = plain.get("zone", to_plain(file["zone"]))
    clock = None if at is None else datetime.fromisoformat(str(at))
    return CorpusCase(node.span.line, expr.text, plain.get("values", {}), zone, clock, plain)


FILE, CASES = read_corpus()


@cache
def dictionary(zone: str) -> Dictionary:
    read, found = read_dictionary(FILE["dictionary"], ZoneInfo(zone))
    assert read is not None
    assert not found, found
    linker = Linker(read, ZoneInfo(zone), ())
    link_tables(linker, tables())
    gaps = {catalog.TABLE_GAP, catalog.ROW_NEVER_ANSWERS}
    assert not [each.message() for each in linker.found if each.code not in gaps]
    return linker.dictionary


def tables() -> Iterator[TableRows]:
    listed = FILE["tables"]
    assert isinstance(listed, Sequence)
    for node in listed:
        assert isinstance(node, Mapping)
        rows = node["rows"]
        assert isinstance(rows, Sequence)
        cells = [[cell for cell in row if isinstance(cell, Scalar)] for row in rows if isinstance(row, Sequence)]
        table = Mapping(
            {**{key: each for key, each in node.items() if key != "rows"}, "file": from_plain("corpus.yaml")}
        )
        table.span, table.keys_at = node.span, node.keys_at
        file, found = validate(TableFile, table)
        assert not found
        yield TableRows(file, cells)


def compiled(text: str, zone: str) -> CompiledExpression:
    scalar = from_plain(text, "expression")
    assert isinstance(scalar, Scalar)
    expression = compile_scalar(Scalar(text, scalar.span), dictionary(zone), ZoneInfo(zone), None)
    return CompiledExpression(expression, dictionary(zone), ZoneInfo(zone))
