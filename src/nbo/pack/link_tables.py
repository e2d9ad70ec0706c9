"""Decision tables: CSV files become attributes, `table.NAME.OUTPUT`, that conditions, quotes and scripts read.

In: the tables as `tables.yaml` names them, with their files. Out: a dictionary with the outputs as derived attributes. Where
rows meet or leave a gap is found by `language/table_analysis.py` and reported here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import Any, cast

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, DiagnosticError, Text
from nbo.diagnostics.place import SourceText, Span
from nbo.diagnostics.suggest import nearest
from nbo.language.dictionary_file import is_writable, read_value_type
from nbo.language.table import Collected, Hit, Output, Table
from nbo.language.table_analysis import TableAnalysis, TooLargeError, conditions, example
from nbo.language.table_cells import ANY, READABLE, read_value
from nbo.language.table_column import Column
from nbo.language.table_lines import written
from nbo.language.tree import Lookup, Typed
from nbo.language.types import NUMERIC, Attribute, Kind, Value
from nbo.pack.files.tables import OutputFile, TableFile
from nbo.pack.link import Linker, domain_in_words
from nbo.pack.table_columns import TableColumn, read_columns
from nbo.source.csv_file import parse_csv
from nbo.source.model import unknown_key
from nbo.source.nodes import Mapping as MappingNode
from nbo.source.nodes import Scalar
from nbo.source.yaml_file import MOST_FINDINGS

MOST_REPORTED = 10  # overlaps, gaps or rows without effect of one table
_READS_SEGMENTS = re.compile(r"\bsegment\b")
_A_MARK = Text("a mark such as `x`, or `-`", "`x` 之类的标记，或 `-`")
_NOT_COLLECTING = Text("a table that does not collect", "不是 `hit: collect` 的决策表")
_NO_NUMBER = Text("an output that is no number", "非数值输出")
_COUNTS_IN_WHOLE = Text("an output that is no whole number", "非整数输出")
_EVERYBODY = Text("every customer", "所有客户")


@dataclass(frozen=True, slots=True)
class TableRows:
    """A table with the cells of its file; empty where they could not be read."""

    file: TableFile
    rows: list[list[Scalar]]

    @property
    def reads_segments(self) -> bool:
        """Whether a column asks for a segment."""
        return any(_READS_SEGMENTS.search(cell.text) for cell in next(iter(self.rows), ()))


def read_tables(linker: Linker, tables: Iterable[tuple[TableFile, SourceText | None]]) -> list[TableRows]:
    """The tables with their cells; a name that stands twice counts once."""
    taken: dict[str, Span] = {}
    read: list[TableRows] = []
    for file, source in tables:
        if not linker.unique(file.table, taken, Text("table", "决策表")):
            continue
        if not is_writable(file.table.text):
            linker.found.append(catalog.BAD_NAME.at(file.table.span, name=file.table.text))
            continue
        rows: list[list[Scalar]] = []
        try:
            rows = [] if source is None else parse_csv(source)
        except DiagnosticError as error:
            linker.found.extend(error.diagnostics)
        read.append(TableRows(file, rows))
    return read


def link_tables(linker: Linker, tables: Iterable[TableRows]) -> None:
    """Every output becomes an attribute; a table reads those that stand above it."""
    for table in tables:
        before = len(linker.found)
        _TableLinker(linker, table).link()
        del linker.found[before + MOST_FINDINGS :]  # a file with more of them is no rule file


class _TableLinker:
    def __init__(self, linker: Linker, table: TableRows) -> None:
        self.linker = linker
        self.file = table.file
        self.heading: list[Scalar] = table.rows[0] if table.rows else []
        self.rows = table.rows[1:]
        self.hit = Hit(table.file.hit)

    def find(self, diagnostic: Diagnostic) -> None:
        self.linker.found.append(diagnostic)

    def link(self) -> None:
        """The outputs are known even when rows have mistakes, so that what reads them is checked."""
        types = dict(self.output_types())
        good = len(self.linker.found)
        looked_up = self.looked_up(types) if self.heading and len(types) == len(self.file.outputs) else None
        attributes = {each.name: each for each in types.values()}
        formulas: list[tuple[str, Typed]] = []
        if looked_up is not None and len(self.linker.found) == good:
            table, asked = looked_up
            self.check_rows(table, asked)
            inputs = tuple(each.asks for each in asked)
            attributes = {output.attribute.name: output.attribute for output in table.outputs}
            formulas = [
                (output.attribute.name, Lookup(output.attribute.type, (0, 0), table, output, inputs))
                for output in table.outputs
            ]
        self.linker.dictionary = self.linker.dictionary.extended(attributes, formulas)

    # --- outputs ------------------------------------------------------------------------------------------------------

    def output_types(self) -> Iterator[tuple[str, Attribute]]:
        places = cast("MappingNode", self.file.node_of("outputs")).keys_at
        for name, written_ in self.file.outputs.items():
            if not is_writable(name):
                self.find(catalog.BAD_NAME.at(places[name], name=name))
                continue
            full = f"table.{self.file.table.text}.{name}"
            attribute, found = read_value_type(full, written_, places[name], self.linker.zone)
            self.linker.found.extend(found)
            if written_.label:
                self.linker.words(written_.label, written_.span_of("label"))
            if attribute is None:
                continue
            kind = attribute.type.kind
            if kind not in READABLE | {Kind.SET}:
                self.find(catalog.COLUMN_TYPE.at(written_.span_of("type"), type=attribute.type.words))
            elif self.collects_well(written_, kind):
                yield name, attribute
        if self.hit is Hit.PRIORITY and all(each.type != "enum" for each in self.file.outputs.values()):
            self.find(catalog.PRIORITY_NEEDS_VALUES.at(self.file.span_of("hit")))

    def collects_well(self, output: OutputFile, kind: Kind) -> bool:
        """Whether `collect` is there exactly where it says something."""
        wrong: Diagnostic | None = None
        if output.collect is None:
            if self.hit is Hit.COLLECT and kind is not Kind.SET:
                wrong = catalog.KEY_REQUIRED.at(output.span, key="collect")
        elif self.hit is not Hit.COLLECT:
            wrong = catalog.ATTRIBUTE_SETTING.at(output.key_span("collect"), key="collect", type=_NOT_COLLECTING)
        elif kind not in NUMERIC:
            wrong = catalog.ATTRIBUTE_SETTING.at(output.key_span("collect"), key="collect", type=_NO_NUMBER)
        elif output.collect == "count" and kind is not Kind.INTEGER:
            wrong = catalog.ATTRIBUTE_SETTING.at(output.span_of("collect"), key="count", type=_COUNTS_IN_WHOLE)
        if wrong is not None:
            self.find(wrong)
        return wrong is None

    # --- columns and rows ---------------------------------------------------------------------------------------------

    def looked_up(self, types: Mapping[str, Attribute]) -> tuple[Table, list[TableColumn]] | None:
        """The table and what its columns ask, or None with the mistakes collected."""
        rows = [row for row in self.rows if self.has_every_cell(row)]
        asked: list[TableColumn] = []
        answers: dict[str, list[Scalar]] = {}
        for index, heading in enumerate(self.heading):
            cells = [row[index] for row in rows]
            if heading.text in types:
                if heading.text in answers:
                    self.find(catalog.DUPLICATE_KEY.at(heading.span, key=heading.text, line=heading.span.line))
                answers[heading.text] = cells
            elif not heading.text.startswith("#"):
                asked.extend(read_columns(self.linker, heading, cells, tuple(types)))
        for name in types:
            if name not in answers:
                self.no_column(name)
        outputs = [self.output(name, types[name], answers[name]) for name in types if name in answers]
        if len(outputs) < len(types) or not rows:
            if not self.rows:
                self.find(catalog.EMPTY_FILE.at(self.heading[0].span))
            return None
        spans = tuple(_whole(row) for row in rows)
        table = Table(self.file.table.text, self.hit, tuple(each.column for each in asked), tuple(outputs), spans)
        return table, asked

    def has_every_cell(self, row: Sequence[Scalar]) -> bool:
        if len(row) != len(self.heading):
            self.find(catalog.ROW_LENGTH.at(_whole(row), count=len(row), expected=len(self.heading)))
        return len(row) == len(self.heading)

    def no_column(self, name: str) -> None:
        headings = [each.text for each in self.heading]
        suggestion = nearest(name, headings)
        place = cast("MappingNode", self.file.node_of("outputs")).keys_at[name]
        self.find(
            catalog.OUTPUT_WITHOUT_COLUMN.at(
                place, name=name, file=self.file.file.text, known=", ".join(headings), suggestion=suggestion,
                help=catalog.DID_YOU_MEAN if suggestion else catalog.OUTPUT_WITHOUT_COLUMN.help,
            )
        )  # fmt: skip

    def output(self, name: str, attribute: Attribute, cells: Sequence[Scalar]) -> Output:
        collect = self.file.outputs[name].collect
        if collect == "count":
            values: tuple[Value | None, ...] = tuple(None if each.text in ("", ANY) else 1 for each in cells)
            for each in cells:
                if not each.text:
                    self.find(catalog.EMPTY_CELL.at(each.span, help=Text(f"write {_A_MARK.en}", f"请写{_A_MARK.zh}")))
        else:
            values = tuple(self.value(each, attribute) for each in cells)
        default = self.file.default.get(name)
        otherwise = None if default is None else self.value(default, attribute)
        collected: Collected | None = collect
        if self.hit is Hit.COLLECT and attribute.type.kind is Kind.SET:
            collected = "set"
        known = [each for each in (*values, otherwise) if each is not None]
        return Output(_bounded(attribute, known, collected), values, otherwise, collected)

    def value(self, cell: Scalar, attribute: Attribute) -> Value | None:
        """An answer as the output's type reads it; `-` gives none."""
        if cell.text == ANY:
            return None
        if not cell.text:
            self.find(catalog.EMPTY_CELL.at(cell.span))
            return None
        value = read_value(cell.text, attribute.type)
        if value is None:
            self.find(_no_value(cell, attribute))
        elif not attribute.in_range(value):
            low, high = ("…" if each is None else written(each) for each in (attribute.min, attribute.max))
            expected = Text(f"a value from {low} to {high}", f"{low} 至 {high} 之间的值")
            self.find(catalog.WRONG_VALUE.at(cell.span, value=cell.text, expected=expected))
        return value

    # --- all rows together --------------------------------------------------------------------------------------------

    def check_rows(self, table: Table, asked: Sequence[TableColumn]) -> None:
        """Tests that nobody passes, rows that meet, places that no row takes, rows that never answer."""
        unknown = [key for key in self.file.default if key not in self.file.outputs]
        for key in unknown:
            place = cast("MappingNode", self.file.node_of("default")).keys_at[key]
            self.find(unknown_key(key, place, self.file.outputs))
        analysis = TableAnalysis(table)
        dead = list(analysis.dead_cells())
        for row, number in dead:
            cell = asked[number].cells[row]
            self.find(catalog.NEVER_TRUE.at(cell.span, domain=_domain(table.columns[number])))
        for question in () if dead else (self.check_meeting, self.check_answering, self.check_gaps):
            try:
                question(table, analysis)
            except TooLargeError:
                self.find(catalog.TABLE_TOO_LARGE.at(self.file.file.span))
                return

    def check_meeting(self, table: Table, analysis: TableAnalysis) -> None:
        if self.hit in (Hit.UNIQUE, Hit.ANY):
            differs = (each for each in analysis.overlaps() if self.hit is Hit.UNIQUE or _differ(table, *each[:2]))
            code = catalog.ROWS_OVERLAP if self.hit is Hit.UNIQUE else catalog.ROWS_DISAGREE
            for first, second, region in islice(differs, MOST_REPORTED):
                above, below = table.rows[first], table.rows[second]
                self.find(code.at(below, example=_or_everybody(example(region)), first=above.line, second=below.line))

    def check_answering(self, table: Table, analysis: TableAnalysis) -> None:
        if self.hit is Hit.FIRST:
            for row in islice(analysis.never_first(), MOST_REPORTED):
                self.find(catalog.ROW_NEVER_ANSWERS.at(table.rows[row], row=table.rows[row].line))

    def check_gaps(self, table: Table, analysis: TableAnalysis) -> None:
        if self.hit is not Hit.COLLECT and any(each.default is None for each in table.outputs):
            for region in islice(analysis.gaps(), MOST_REPORTED):
                shown, all_of_them = _or_everybody(example(region)), _or_everybody(conditions(region))
                self.find(catalog.TABLE_GAP.at(_whole(self.heading), example=shown, conditions=all_of_them))


def _differ(table: Table, first: int, second: int) -> bool:
    return any(output.values[first] != output.values[second] for output in table.outputs)


def _or_everybody(region: str) -> str | Text:
    return f"`{region}`" if region else _EVERYBODY


def _whole(row: Sequence[Scalar]) -> Span:
    """From the first cell to the last, with their quotes."""
    source, first, last = row[0].span.source, row[0].span.start, row[-1].span.end
    first -= source.text[first - 1 : first] == '"'
    last += source.text[last : last + 1] == '"'
    return Span(source, first, max(last, first + 1))


def _bounded(attribute: Attribute, values: Sequence[Value], collected: Collected | None) -> Attribute:
    """The attribute with the limits that its rows have: a script that says it knows how long it can be."""
    if collected in ("sum", "count") or not values:
        return attribute
    if attribute.type.kind is Kind.STRING:
        return replace(attribute, max_length=max(len(str(each)) for each in values))
    if attribute.type.kind in NUMERIC:
        numbers = [_exact(each) for each in values]
        return replace(attribute, min=min(numbers), max=max(numbers))
    return attribute


def _domain(column: Column) -> Text | str:
    attribute = column.attribute
    return f"`{column.name}`" if attribute is None else domain_in_words(attribute)


def _exact(value: Any) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _no_value(cell: Scalar, attribute: Attribute) -> Diagnostic:
    """The finding for an answer that its type does not read."""
    domain = attribute.type.domain
    if domain is None:
        return catalog.WRONG_VALUE.at(cell.span, value=cell.text, expected=attribute.type.words)
    suggestion = nearest(cell.text, domain.values)
    advice = catalog.DID_YOU_MEAN if suggestion else catalog.NOT_IN_ENUM.help
    return catalog.NOT_IN_ENUM.at(
        cell.span, value=cell.text, attribute=f"`{attribute.name}`", values=", ".join(domain.values),
        suggestion=suggestion, help=advice,
    )  # fmt: skip
