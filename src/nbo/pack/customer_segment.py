"""A named group of customers."""

from __future__ import annotations

from dataclasses import dataclass

from nbo.diagnostics.place import Span
from nbo.pack.clause import Clause, Words


@dataclass(frozen=True, eq=False)
class CustomerSegment:
    """A named group of customers, read as `segment.ID`: all of its clauses hold."""

    id: str
    labels: Words
    clauses: tuple[Clause, ...]
    span: Span
