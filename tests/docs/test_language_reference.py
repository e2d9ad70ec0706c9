"""`docs/language.md`: every example with a `→` is run, by both evaluators, against the page's own dictionary and customer."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from nbo import UNKNOWN, DiagnosticError
from nbo.diagnostics import catalog
from nbo.diagnostics.place import SourceText
from nbo.language import check, check_calls, functions, parse
from nbo.language.dictionary import Dictionary
from nbo.language.dictionary_file import read_dictionary
from nbo.language.expression import CompiledExpression, compile_scalar
from nbo.language.operations import MOST_FACTORS
from nbo.language.table import Hit
from nbo.language.table_analysis import MOST_STEPS
from nbo.pack.files.tables import TableFile
from nbo.pack.link import Linker
from nbo.pack.link_tables import link_tables, read_tables
from nbo.source.csv_file import MOST_CELLS
from nbo.source.model import validate
from nbo.source.nodes import Scalar, Sequence, from_plain
from nbo.source.yaml_file import parse_yaml

PAGE = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")
ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 16, 10, 30, tzinfo=ZONE)


def blocks(info: str) -> list[str]:
    return re.findall(rf"^```{info}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def parsed(text: str) -> Any:
    return parse_yaml(SourceText("language.md", "language.md", text))


def with_tables(dictionary: Dictionary, listed: str, files: dict[str, str]) -> tuple[Dictionary, list[str]]:
    """The dictionary with the outputs of tables, and the codes of what is found wrong with them."""
    nodes = parsed(listed)
    assert isinstance(nodes, Sequence)
    linker = Linker(dictionary, ZONE, ())
    tables = []
    for node in nodes:
        file, found = validate(TableFile, node)
        assert file is not None, found
        tables.append((file, SourceText(file.file.text, file.file.text, files[file.file.text])))
    link_tables(linker, read_tables(linker, tables))
    return linker.dictionary, [each.code.id for each in linker.found]


PLAIN, FOUND = read_dictionary(parsed(blocks("yaml dictionary")[0]), ZONE)
assert PLAIN is not None
FILES = dict(re.findall(r"^```csv (\S+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
DICTIONARY, FOUND_IN_TABLES = with_tables(PLAIN, blocks("yaml tables")[0], FILES)
PROFILE = json.loads(blocks("json profile")[0])
SPANS = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", PAGE, flags=re.DOTALL | re.MULTILINE))


def examples() -> list[tuple[str, str]]:
    lines = [line for block in blocks("conditions") for line in block.splitlines()]
    found = [
        re.fullmatch(r"(.*\S)\s+→ (\S.*)", line)
        for line in [*lines, *(span for span in SPANS if "→" in span and span != "→")]
    ]
    assert all(found)
    return [(each[1], each[2]) for each in found if each is not None]


def scalar_of(text: str) -> Scalar:
    scalar = from_plain(text)
    assert isinstance(scalar, Scalar)
    return scalar


def shown(value: object) -> str:
    if value is UNKNOWN:
        return "unknown"
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case Decimal():
            return format(value, "f")
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)


def test_the_dictionary_and_the_tables_are_clean() -> None:
    assert not FOUND
    assert not FOUND_IN_TABLES


@pytest.mark.parametrize(("text", "result"), examples())
def test_an_example_gives_what_it_says(text: str, result: str) -> None:
    try:
        condition = CompiledExpression(compile_scalar(scalar_of(text), DICTIONARY, ZONE, None), DICTIONARY, ZONE)
    except DiagnosticError as error:
        assert [each.code.id for each in error.diagnostics] == [result]  # noqa: PT017 - an error is one of the results
        return
    assert shown(condition.evaluate(PROFILE, at=AT)) == result
    assert shown(condition.function(PROFILE, at=AT)) == result


def test_every_expression_on_the_page_is_an_example() -> None:
    loose = [span for span in SPANS if re.search(r"\w\.\w", span) and re.search(r"[ (]", span) and "→" not in span]
    assert not [span for span in loose if not span.startswith('"')]


def test_every_function_is_on_the_page_with_an_example() -> None:
    examples_text = "\n".join(text for text, _ in examples())
    for name in functions.USAGE:
        assert f"`{name}(" in PAGE
        assert f"{name}(" in examples_text


def rows_of(heading: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    section = re.split(r"^#", PAGE[PAGE.index(f"{heading}\n") + len(heading) :], maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


OPERATORS = {
    *("and", "or", "not", "in", "not in", "is missing", "is not missing"),
    *check._COMPARISONS.values(),
    *check_calls.OPERATORS.values(),
}


def test_what_unknown_does_is_told_of_every_operator_and_function_once() -> None:
    told = [cells[0].strip("`") for cells in rows_of("### What unknown does, one by one")]
    assert sorted(told) == sorted([*OPERATORS, *functions.USAGE, "table.NAME.OUTPUT"])


@pytest.mark.parametrize("cells", rows_of("### What unknown does, one by one"), ids=lambda cells: cells[0].strip("`"))
def test_what_unknown_does_is_shown_by_an_example_of_its_own(cells: list[str]) -> None:
    name = cells[0].strip("`")
    shown_ = [each.split(" → ") for each in re.findall(r"`([^`]+)`", cells[2])]
    assert shown_
    assert all(re.search(rf"(?<!\w){re.escape(name.partition('NAME')[0])}", text) for text, _ in shown_)
    assert ("unknown" in {result for _, result in shown_}) is not cells[1].startswith("never")


def test_every_hit_policy_is_on_the_page() -> None:
    assert {cells[0].strip("`") for cells in rows_of("### Which rows answer")} == {str(each) for each in Hit}


@pytest.mark.parametrize("cells", rows_of("### What a column asks"), ids=lambda cells: cells[0])
def test_a_cell_takes_what_the_page_says(cells: list[str]) -> None:
    cell, heading = (each.strip("`") for each in cells[:2])
    quoted = '"' + cell.replace('"', '""') + '"'
    listed = "[{table: t, file: t.csv, hit: first, outputs: {taken: {type: boolean}}}]"
    dictionary, found = with_tables(PLAIN, listed, {"t.csv": f"{heading},taken\n{quoted},true\n-,false\n"})
    assert set(found) <= {catalog.ROW_NEVER_ANSWERS.id}
    taken = CompiledExpression(compile_scalar(scalar_of("table.t.taken"), dictionary, ZONE, None), dictionary, ZONE)
    expected: dict[str, object] = {"null": UNKNOWN}
    for answer, values in ((True, cells[2]), (False, cells[3])):
        expected |= dict.fromkeys(re.findall(r"`([^`]+)`", values), answer)
    assert len(expected) > 1
    namespace, name = heading.split(".")
    for value, answer in expected.items():
        profile = {namespace: {name: json.loads(value)}}
        assert taken.evaluate(profile, at=AT) is answer, value
        assert taken.function(profile, at=AT) is answer, value


def test_the_bounds_are_the_ones_in_force() -> None:
    bounds = PAGE[PAGE.index("## Bounds") : PAGE.index("## From Python")].replace(",", "")
    for number in (parse.LONGEST, parse.MOST_OPERATORS, parse.DEEPEST_BRACKETS, parse.DEEPEST, MOST_FACTORS):
        assert f" {number} " in bounds.replace(".", " ")
    tables = PAGE[PAGE.index("## Decision tables") : PAGE.index("## Bounds")]
    assert f"{MOST_CELLS:,} cells" in tables
    assert (MOST_STEPS, "half a million places" in tables) == (500_000, True)


def test_the_python_on_the_page_runs() -> None:
    (source,) = blocks("python")
    exec(compile(source, "language.md", "exec"), {})  # noqa: S102 - the page's own lines
