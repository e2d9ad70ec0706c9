"""Personal data compared with a text in the rules: a rule for one person, with that person's data in the rule file.

Rule files are read by many, kept for years and copied into test systems. A name or a number in them is personal data in the
wrong place, and a decision made for one named person is one that nobody can explain to the next.

NBO613; wrong and right: docs/diagnostics/NBO613.md.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.language.tree import Compare, Constant, OneOf, Read, ReadField, Typed, walk
from nbo.language.types import Attribute, Kind
from nbo.lint.ground import Ground


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding a comparison of a text marked `pii: true` with a constant that is not empty."""
    for meaning, written in ground.by_meaning.items():
        for node in walk(meaning.tree):
            attribute = _named(node)
            if attribute is not None and attribute.pii and attribute.type.kind is Kind.STRING:
                for each in written:
                    yield catalog.PERSON_NAMED.at(each.span(node.place), name=attribute.name)


def _named(node: Typed) -> Attribute | None:
    """The attribute that a comparison holds against constants."""
    match node:
        case Compare(left=left, right=Constant(value=value)) if value != "":
            return _attribute(left)
        case Compare(left=Constant(value=value), right=right) if value != "":
            return _attribute(right)
        case OneOf(item=item):
            return _attribute(item)
        case _:
            return None


def _attribute(node: Typed) -> Attribute | None:
    return node.attribute if isinstance(node, Read) else node.field if isinstance(node, ReadField) else None
