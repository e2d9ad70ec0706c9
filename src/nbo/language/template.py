"""Texts with placeholders: `分{{ quote.periods }}期`.

A template is parsed once, when its pack loads: literal stretches and references to attributes, each with its format. What
a placeholder is replaced by is never read again, so template syntax inside a customer's data stays plain text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, DiagnosticError
from nbo.diagnostics.suggest import nearest
from nbo.language.dictionary import Dictionary
from nbo.language.types import Attribute, Kind
from nbo.once import once
from nbo.source.nodes import Scalar
from nbo.source.yaml_file import MOST_FINDINGS

FORMATS: Mapping[Kind, tuple[str, ...]] = {
    Kind.MONEY: ("amount",),  # 10800.00
    Kind.RATE: ("percent",),  # 13.03%
    Kind.INTEGER: ("digits",),
    Kind.DECIMAL: ("digits",),
    Kind.DATE: ("day", "iso"),  # 2026年11月28日, 2026-11-28
    Kind.TIME: ("clock",),  # 21:00
    Kind.ENUM: ("label",),
    Kind.STRING: ("text",),
}
_PLACEHOLDER = re.compile(r"\{\{((?:(?!\{\{).)*?)\}\}", re.DOTALL)
_STRAY = re.compile(r"\{\{?\s*[\w.]*\s*\}?|\}\}?")  # a brace that is part of no placeholder would be said
_INSIDE = re.compile(r"\s*([\w.]+)\s*(?:\|\s*(\w+)\s*)?")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A reference to an attribute's value and how to write it."""

    attribute: Attribute
    format: str


@dataclass(frozen=True, eq=False)
class Template:
    """Literal stretches and placeholders in order, with the scalar that they were written in."""

    scalar: Scalar
    parts: tuple[str | Placeholder, ...]
    starts: tuple[int, ...]  # where each part begins in the scalar's text

    @once
    def fixed(self) -> str | None:
        """The text itself where it has no placeholders."""
        return None if self.placeholders else "".join(part for part in self.parts if isinstance(part, str))

    @once
    def placeholders(self) -> tuple[Placeholder, ...]:
        """The placeholders in order."""
        return tuple(part for part in self.parts if isinstance(part, Placeholder))


def parse_template(scalar: Scalar, dictionary: Dictionary) -> Template:
    """The template of a text; unknown placeholders and formats raise `DiagnosticError`, all at once."""
    parts: list[str | Placeholder] = []
    starts: list[int] = []
    found: list[Diagnostic] = []
    end = len(scalar.text.rstrip())
    position = len(scalar.text) - len(scalar.text.lstrip())

    def literal(until: int) -> None:
        if position < until:
            parts.append(scalar.text[position:until])
            starts.append(position)

    for match in _PLACEHOLDER.finditer(scalar.text):
        literal(match.start())
        position = match.end()
        try:
            parts.append(_placeholder(scalar, match, dictionary))
            starts.append(match.start())
        except DiagnosticError as error:
            found.extend(error.diagnostics)
    literal(end)
    for part, start in zip(parts, starts, strict=True):
        for stray in _STRAY.finditer(part) if isinstance(part, str) else ():
            found.append(catalog.PLACEHOLDER_FORM.at(scalar.part(start + stray.start(), start + stray.end())))
    if found:
        raise DiagnosticError(*found[:MOST_FINDINGS])
    return Template(scalar, tuple(parts), tuple(starts))


def _placeholder(scalar: Scalar, match: re.Match[str], dictionary: Dictionary) -> Placeholder:
    span = scalar.part(match.start(), match.end())
    inside = _INSIDE.fullmatch(match.group(1))
    if inside is None:
        raise DiagnosticError(catalog.PLACEHOLDER_FORM.at(span))
    name, wanted = inside.groups()
    attribute = dictionary.find(name)
    if attribute is None:
        suggestion = nearest(name, (each.name for each in dictionary))
        advice = catalog.DID_YOU_MEAN if suggestion else None
        raise DiagnosticError(catalog.UNKNOWN_PLACEHOLDER.at(span, name=name, suggestion=suggestion, help=advice))
    formats = FORMATS.get(attribute.type.kind, ())
    if not formats:
        raise DiagnosticError(catalog.NOT_SAYABLE.at(span, name=name, type=attribute.type.words))
    if wanted is not None and wanted not in formats:
        known = ", ".join(formats)
        raise DiagnosticError(catalog.UNKNOWN_FORMAT.at(span, format=wanted, type=attribute.type.words, known=known))
    return Placeholder(attribute, wanted or formats[0])
