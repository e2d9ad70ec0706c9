"""`pack.yaml`: it names every part of a pack."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.pack.files.shared import LANGUAGES, wrapped
from nbo.source.model import (
    Condition,
    Name,
    Part,
    Written,
    choice,
    refuse,
)
from nbo.source.nodes import Mapping, Scalar, Sequence


class PartFile(Part):
    """Where a part of the pack is, or why there is none."""

    path: Written | None = None
    none: Written | None = None


def _part(node: Any) -> Any:
    """A path, or `{none: why}`."""
    if isinstance(node, Mapping) and set(node) == {"none"}:
        return node
    if not isinstance(node, Scalar) or node.is_null:
        refuse(catalog.WRONG_SHAPE.at(node.span, expected=Text("a path or `{none: why}`", "路径或 `{none: 原因}`")))
    return wrapped("path", node)


def _compliance(node: Any) -> Any:
    """A list of paths, or `{none: why}`."""
    if isinstance(node, Mapping) and set(node) == {"none"}:
        return [node]
    if not isinstance(node, Sequence) or not node:
        refuse(
            catalog.WRONG_SHAPE.at(
                node.span, expected=Text("a list of paths or `{none: why}`", "路径列表或 `{none: 原因}`")
            )
        )
    items = Sequence(_part(each) for each in node)
    items.span = node.span
    return items


def _distinct(node: Any) -> Any:
    """A list that says everything once."""
    first: dict[str, int] = {}
    for each in node if isinstance(node, Sequence) else ():
        if isinstance(each, Scalar) and first.setdefault(each.text, each.span.start) != each.span.start:
            line = each.span.source.line_and_column(first[each.text])[0]
            refuse(catalog.DUPLICATE_KEY.at(each.span, key=each.text, line=line))
    return node


PartPath = Annotated[PartFile, BeforeValidator(_part)]


class PersonalizationFile(Part):
    """When a customer has opted out of personalized marketing."""

    opted_out: Condition


def _reason(node: Any) -> Any:
    """A text with something in it."""
    if isinstance(node, Scalar) and not node.text.strip():
        refuse(catalog.NOTHING_WRITTEN.at(node.span))
    return node


class SilenceFile(Part):
    """A lint that is to say nothing about one file, and why."""

    ignore: Name
    in_: Annotated[Written, Field(alias="in")]
    why: Annotated[Written, BeforeValidator(_reason)]


class PackFile(Part):
    """`pack.yaml`: it names every part, so that none can vanish."""

    pack: Name
    version: Written
    language_version: Annotated[str, choice("1")]
    locale: Written
    languages: Annotated[
        list[Annotated[Literal["zh", "en"], choice(*LANGUAGES)]], Field(min_length=1), BeforeValidator(_distinct)
    ]
    currency: Name
    timezone: Written
    dictionary: Written
    offers: Written
    scripts: PartPath
    gates: PartPath
    arbitration: PartPath
    contact: PartPath
    authority: PartPath
    compliance: Annotated[list[PartFile], BeforeValidator(_compliance)]
    segments: PartPath | None = None
    tables: PartPath | None = None
    tests: PartPath | None = None
    moments: Written | None = None
    personalization: PersonalizationFile | None = None
    lints: list[SilenceFile] = Field(default_factory=list)
