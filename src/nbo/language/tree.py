"""The typed tree: what a condition means once names and types are settled.

Every node has a type and the stretch of the condition's text that it was written as. The interpreter, the code generator
and the static analysis each walk this one tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nbo.language.functions import Function
from nbo.language.table import Output, Table
from nbo.language.types import Attribute, Type, Value

Place = tuple[int, int]  # start and end (exclusive) in the condition's text
Comparison = Literal["==", "!=", "<", "<=", ">", ">="]
Operator = Literal["+", "-", "*", "/"]


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant."""

    type: Type
    place: Place
    value: Value


@dataclass(frozen=True, slots=True)
class Read:
    """The value of an attribute."""

    type: Type
    place: Place
    attribute: Attribute


@dataclass(frozen=True, slots=True)
class ReadField:
    """A field of `it`, the record at hand."""

    type: Type
    place: Place
    field: Attribute


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values compared; `ranks` maps the values of an ordered enum to their places."""

    type: Type
    place: Place
    operator: Comparison
    left: Typed
    right: Typed
    ranks: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` or `or` of two or more operands."""

    type: Type
    place: Place
    operator: Literal["and", "or"]
    operands: tuple[Typed, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Negation: unknown stays unknown."""

    type: Type
    place: Place
    operand: Typed


@dataclass(frozen=True, slots=True)
class Member:
    """`value in set`, where the set is a value."""

    type: Type
    place: Place
    item: Typed
    container: Typed


@dataclass(frozen=True, slots=True)
class OneOf:
    """`value in [constants]`: an *or* of equalities, which is unknown exactly when the value is."""

    type: Type
    place: Place
    item: Typed
    options: frozenset[Value]


@dataclass(frozen=True, slots=True)
class IsMissing:
    """`x is missing`: the only look at absence besides `default`."""

    type: Type
    place: Place
    operand: Typed


@dataclass(frozen=True, slots=True)
class Default:
    """`default(x, y)`: x unless it is missing."""

    type: Type
    place: Place
    operand: Typed
    fallback: Typed


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function on present values; a missing argument makes it missing."""

    type: Type
    place: Place
    function: Function
    arguments: tuple[Typed, ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """A question about a list of records: `any all count sum min_of max_of`, with `it` for each record."""

    type: Type
    place: Place
    name: Literal["any", "all", "count", "sum", "min_of", "max_of"]
    records: Typed
    condition: Typed | None
    value: Typed | None


@dataclass(frozen=True, slots=True)
class Lookup:
    """An output of a decision table, given a value for each of its columns."""

    type: Type
    place: Place
    table: Table
    output: Output
    inputs: tuple[Typed, ...]


Typed = (
    Constant | Read | ReadField | Compare | Logic | Not | Member | OneOf | IsMissing | Default | Call | Fold | Lookup
)


def children(node: Typed) -> tuple[Typed, ...]:
    """The nodes directly below."""
    match node:
        case Compare(left=left, right=right):
            return (left, right)
        case Logic(operands=operands):
            return operands
        case Not(operand=operand) | IsMissing(operand=operand):
            return (operand,)
        case Default(operand=operand, fallback=fallback):
            return (operand, fallback)
        case Member(item=item, container=container):
            return (item, container)
        case OneOf(item=item):
            return (item,)
        case Call(arguments=arguments):
            return arguments
        case Lookup(inputs=inputs):
            return inputs
        case Fold(records=records, condition=condition, value=value):
            return (records, *(each for each in (condition, value) if each is not None))
        case _:
            return ()


def walk(node: Typed) -> Iterator[Typed]:
    """The node and everything below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def attributes_read(node: Typed) -> tuple[Attribute, ...]:
    """Every attribute that the expression reads, in the order of first mention."""
    return tuple({each.attribute.name: each.attribute for each in walk(node) if isinstance(each, Read)}.values())
