"""The input columns of a decision table: what a heading asks, and what each row's cell takes of it.

In: a heading and the cells below it. Out: one column, or several: a set is asked value by value, and `segment` segment by
segment, as columns of true and false.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.suggest import nearest
from nbo.language.expression import Expression
from nbo.language.table_cells import ANY, IS_MISSING, IS_PRESENT, READABLE, read_cell, read_value, split
from nbo.language.table_column import Cell, Column, Interval
from nbo.language.tree import Constant, IsMissing, Logic, Member, Not, Read, Typed
from nbo.language.types import BOOLEAN, Kind, Type
from nbo.pack.cell_advice import better_cell, forms
from nbo.pack.link import NOTHING, Linker
from nbo.source.nodes import Scalar

SEGMENTS = "segment"
_WORD = re.compile(r"[^\W\d]\w*")
_NEGATED = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_SET_FORMS = Text(
    "`travel`, `travel, dining`, `not(travel)` or `-`", "`travel`、`travel, dining`、`not(travel)` 或 `-`"
)
_A_SEGMENT = Text("a segment", "客群")
_SEGMENTS = Text("segments", "客群")
_YES, _NO = Cell((Interval(low=True, high=True),)), Cell((Interval(low=False, high=False),))


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column, the tree of what it asks, and its cells as they are written."""

    column: Column
    asks: Typed
    cells: Sequence[Scalar]


def read_columns(
    linker: Linker, heading: Scalar, cells: Sequence[Scalar], outputs: tuple[str, ...]
) -> list[TableColumn]:
    """The columns of a heading; none where it has a mistake, which is collected."""
    if heading.text == SEGMENTS:
        return _by_segment(linker, cells)
    expression = _asked(linker, heading, outputs)
    if expression is None:
        return []
    tree = expression.tree
    if tree.type.kind is Kind.SET:
        return _by_value(linker, heading.text, tree, cells)
    if tree.type.kind not in READABLE:
        linker.found.append(catalog.COLUMN_TYPE.at(heading.span, type=tree.type.words))
        return []
    tests = tuple(_cell(linker, each, tree.type) for each in cells)
    sees_missing = any(each.text in (IS_MISSING, IS_PRESENT) for each in cells)
    attribute = tree.attribute if isinstance(tree, Read) else None
    return [TableColumn(Column(heading.text, tree.type, tests, sees_missing, attribute), tree, cells)]


def _asked(linker: Linker, heading: Scalar, outputs: tuple[str, ...]) -> Expression | None:
    if not heading.text:
        linker.found.append(catalog.EMPTY_CELL.at(heading.span))
        return None
    if _WORD.fullmatch(heading.text) and linker.dictionary.find(heading.text) is None:
        names = (*outputs, SEGMENTS, *(each.name for each in linker.dictionary))
        suggestion = nearest(heading.text, names)
        advice = catalog.DID_YOU_MEAN if suggestion else catalog.TABLE_HEADING.help
        linker.found.append(
            catalog.TABLE_HEADING.at(
                heading.span, name=heading.text, known=", ".join(outputs), suggestion=suggestion, help=advice
            )
        )
        return None
    return linker.condition(heading, NOTHING, None)


def _cell(linker: Linker, cell: Scalar, type_: Type) -> Cell | None:
    """The test of a cell; None where it takes any value, or has a mistake."""
    if cell.text == ANY:
        return None
    if not cell.text:
        linker.found.append(catalog.EMPTY_CELL.at(cell.span))
        return None
    test = read_cell(cell.text, type_)
    if test is None:
        suggestion = better_cell(cell.text, type_)
        advice = catalog.DID_YOU_MEAN if suggestion else catalog.CELL_FORM.help
        linker.found.append(
            catalog.CELL_FORM.at(
                cell.span, cell=cell.text, type=type_.words, forms=forms(type_), suggestion=suggestion, help=advice
            )
        )
    return test


# --- columns of true and false ----------------------------------------------------------------------------------------

_Test = Callable[[str], tuple[str, Typed]]  # a name -> what it asks, in words and as a tree


@dataclass(frozen=True, slots=True)
class _Names:
    """A cell of names: any of them, or none of them."""

    names: tuple[str, ...]
    negated: bool


def _by_value(linker: Linker, name: str, asked: Typed, cells: Sequence[Scalar]) -> list[TableColumn]:
    """A set, value by value: `travel` takes the sets with it, `travel, dining` those with either."""
    element = asked.type
    sees_missing = any(each.text in (IS_MISSING, IS_PRESENT) for each in cells)
    named: list[_Names | None] = []
    absent: list[Cell | None] = []
    for cell in cells:
        known = cell.text in (IS_MISSING, IS_PRESENT, ANY)
        absent.append((_YES if cell.text == IS_MISSING else _NO) if known and cell.text != ANY else None)
        named.append(None if known else _names_of_set(linker, cell, element))

    def member(value: str) -> tuple[str, Typed]:
        enum = Type(Kind.ENUM, element.domain) if element.domain is not None else Type(Kind.STRING)
        test: Typed = Member(BOOLEAN, (0, 0), Constant(enum, (0, 0), value), asked)
        if sees_missing:  # absence is a value of its own here: nothing is in a set that is not there
            test = Logic(BOOLEAN, (0, 0), "and", (Not(BOOLEAN, (0, 0), IsMissing(BOOLEAN, (0, 0), asked)), test))
        return f"{value} in {name}", test

    columns = _expanded(name, cells, named, member)
    if sees_missing:
        asks = IsMissing(BOOLEAN, (0, 0), asked)
        words = f"{name} is missing"
        column = Column(words, BOOLEAN, tuple(absent), heading=name, names=(words,), excludes=True)
        columns.append(TableColumn(column, asks, cells))
    return columns


def _by_segment(linker: Linker, cells: Sequence[Scalar]) -> list[TableColumn]:
    """The segments of a customer, each by its name."""
    known = {each.name.removeprefix("segment."): each for each in linker.dictionary if each.name.startswith("segment.")}
    named: list[_Names | None] = []
    for cell in cells:
        if not cell.text:
            linker.found.append(catalog.EMPTY_CELL.at(cell.span))
        names = None if cell.text in ("", ANY) else _listed(cell)
        if names is not None:
            for name in names.names:
                linker.reference(_part(cell, name), known, _A_SEGMENT)
        elif cell.text not in ("", ANY):
            linker.found.append(catalog.CELL_FORM.at(cell.span, cell=cell.text, type=_SEGMENTS, forms=_SET_FORMS))
        named.append(names if names is not None and all(each in known for each in names.names) else None)

    def segment(name: str) -> tuple[str, Typed]:
        attribute = known[name]
        return attribute.name, Read(BOOLEAN, (0, 0), attribute)

    return _expanded(SEGMENTS, cells, named, segment)


def _expanded(heading: str, cells: Sequence[Scalar], named: Sequence[_Names | None], test: _Test) -> list[TableColumn]:
    """A column for each name that cells ask for alone, and one for each group of which any will do."""
    groups: dict[tuple[str, ...], None] = {}
    for each in named:
        if each is not None:
            groups.update(dict.fromkeys([(name,) for name in each.names] if each.negated else [each.names]))
    columns: list[TableColumn] = []
    for group in groups:
        tests = [test(name) for name in group]
        asks = tests[0][1] if len(tests) == 1 else Logic(BOOLEAN, (0, 0), "or", tuple(tree for _, tree in tests))
        names = tuple(words for words, _ in tests)
        own = tuple(_asks_for(group, each) for each in named)
        column = Column(" or ".join(names), BOOLEAN, own, heading=heading, names=names)
        columns.append(TableColumn(column, asks, cells))
    return columns


def _asks_for(group: tuple[str, ...], cell: _Names | None) -> Cell | None:
    if cell is None:
        return None
    if cell.negated:
        return _NO if len(group) == 1 and group[0] in cell.names else None
    return _YES if group == cell.names else None


def _listed(cell: Scalar) -> _Names | None:
    negated = _NEGATED.fullmatch(cell.text)
    names = split(cell.text if negated is None else negated[1])
    return None if names is None else _Names(tuple(sorted(set(names))), negated is not None)


def _names_of_set(linker: Linker, cell: Scalar, element: Type) -> _Names | None:
    if not cell.text:
        linker.found.append(catalog.EMPTY_CELL.at(cell.span))
        return None
    names = _listed(cell)
    if names is None:
        linker.found.append(catalog.CELL_FORM.at(cell.span, cell=cell.text, type=element.words, forms=_SET_FORMS))
        return None
    found: list[str] = []
    for name in names.names:
        value = read_value(name, element)
        if isinstance(value, frozenset):
            found.extend(value)
        else:
            values = () if element.domain is None else element.domain.values
            suggestion = nearest(name, values)
            linker.found.append(
                catalog.NOT_IN_ENUM.at(
                    _part(cell, name).span, value=name, attribute=element.words, values=", ".join(values),
                    suggestion=suggestion, help=catalog.DID_YOU_MEAN if suggestion else catalog.NOT_IN_ENUM.help,
                )
            )  # fmt: skip
    return _Names(tuple(sorted(set(found))), names.negated) if len(found) == len(names.names) else None


def _part(cell: Scalar, name: str) -> Scalar:
    at = cell.text.find(name)
    return Scalar(name, cell.part(at, at + len(name)))
