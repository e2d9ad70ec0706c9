"""`docs/language.md`: every example with a `→` is run, by both evaluators, against the page's own dictionary and customer."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from nbo import UNKNOWN, DiagnosticError
from nbo.diagnostics.place import SourceText
from nbo.language import functions, parse
from nbo.language.dictionary_file import read_dictionary
from nbo.language.expression import CompiledExpression, compile_scalar
from nbo.language.operations import MOST_FACTORS
from nbo.source.nodes import Scalar, from_plain
from nbo.source.yaml_file import parse_yaml

PAGE = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")
ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 16, 10, 30, tzinfo=ZONE)


def blocks(info: str) -> list[str]:
    return re.findall(rf"^```{info}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


DICTIONARY, FOUND = read_dictionary(
    parse_yaml(SourceText("language.md", "language.md", blocks("yaml dictionary")[0])), ZONE
)
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


def test_the_dictionary_is_clean() -> None:
    assert DICTIONARY is not None
    assert not FOUND


@pytest.mark.parametrize(("text", "result"), examples())
def test_an_example_gives_what_it_says(text: str, result: str) -> None:
    scalar = from_plain(text)
    assert isinstance(scalar, Scalar)
    assert DICTIONARY is not None
    try:
        condition = CompiledExpression(compile_scalar(scalar, DICTIONARY, ZONE, None), DICTIONARY, ZONE)
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


def test_the_bounds_are_the_ones_in_force() -> None:
    bounds = PAGE[PAGE.index("## Bounds") : PAGE.index("## From Python")].replace(",", "")
    for number in (parse.LONGEST, parse.MOST_OPERATORS, parse.DEEPEST_BRACKETS, parse.DEEPEST, MOST_FACTORS):
        assert f" {number} " in bounds.replace(".", " ")


def test_the_python_on_the_page_runs() -> None:
    (source,) = blocks("python")
    exec(compile(source, "language.md", "exec"), {})  # noqa: S102 - the page's own lines
