"""What a part of a pack reads: every attribute that a condition, a formula or a text in it names.

The parts are walked as they are, so that a new kind of condition cannot be forgotten here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from nbo.language.computed import Computed
from nbo.language.template import Template


def names_read(part: object) -> frozenset[str]:
    """The attributes' names; those behind a derived attribute are not among them."""
    return frozenset(_names(part))


def _names(part: Any) -> Iterator[str]:
    if isinstance(part, Computed):
        yield from (each.name for each in part.reads)
    elif isinstance(part, Template):
        yield from (each.attribute.name for each in part.placeholders)
    elif isinstance(part, Mapping):
        for each in part.values():
            yield from _names(each)
    elif isinstance(part, tuple | list):
        for each in part:
            yield from _names(each)
    elif is_dataclass(part):
        for each in fields(part):
            yield from _names(getattr(part, each.name))
