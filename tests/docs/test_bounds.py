"""`docs/bounds.md` has every bound of the library, with the number that the code has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "bounds.md").read_text(encoding="utf-8")
SOURCE = ROOT / "src" / "nbo"
BOUND = re.compile(r"_?(?:MOST|LONGEST|DEEPEST|FARTHEST|MAX|CACHED|NEWTON)(?:_|$)")
ROW = re.compile(r"^\| ([^|]+) \| ([\d,]+)( MiB)? \| ([^|]+) \| (`[^|]+`) \|$", re.MULTILINE)
TABLE_LINE = re.compile(r"^\| (?!Bound|---)", re.MULTILINE)


def on_the_page() -> dict[str, int]:
    """`file.py NAME` and the number beside it."""
    found: dict[str, int] = {}
    for _, number, mebibytes, _, constants in ROW.findall(PAGE):
        amount = int(number.replace(",", "")) * (1024 * 1024 if mebibytes else 1)
        found.update(dict.fromkeys(re.findall(r"`([^`]+)`", constants), amount))
    return found


def in_the_code() -> Iterator[str]:
    """`file.py NAME` of every constant that is a bound by its name and a whole number by its value."""
    for path in SOURCE.rglob("*.py"):
        for statement in ast.parse(path.read_text(encoding="utf-8")).body:
            targets = statement.targets if isinstance(statement, ast.Assign) else []
            for target in targets:
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                for name in names:
                    if isinstance(name, ast.Name) and BOUND.match(name.id):
                        constant = f"{path.relative_to(SOURCE).as_posix()} {name.id}"
                        if isinstance(value_of(constant), int):
                            yield constant


def value_of(constant: str) -> object:
    file, _, name = constant.partition(" ")
    return getattr(import_module("nbo." + file.removesuffix(".py").replace("/", ".")), name)


@pytest.mark.parametrize(("constant", "amount"), on_the_page().items())
def test_a_bound_of_the_page_is_that_of_the_code(constant: str, amount: int) -> None:
    assert value_of(constant) == amount


def test_every_bound_of_the_code_is_on_the_page() -> None:
    assert set(in_the_code()) == set(on_the_page())


def test_every_line_of_the_tables_was_read() -> None:
    assert len(ROW.findall(PAGE)) == len(TABLE_LINE.findall(PAGE))
