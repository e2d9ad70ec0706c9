"""Places as continuous integration wants them: paths from the root of the repository, lines and columns from 1."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from nbo.diagnostics.place import Span


class Region(NamedTuple):
    """Lines and columns from 1; a column is a code point, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


def region_of(span: Span) -> Region:
    """Where a span starts and ends."""
    return Region(*span.source.line_and_column(span.start), *span.source.line_and_column(span.end))


def path_from(root: Path, shown: str) -> str:
    """A finding's path as seen from `root`, with forward slashes; absolute where it does not lie inside."""
    path = Path(os.path.abspath(shown))  # noqa: PTH100 - no link is followed: the path is the one in the repository
    inside = path.relative_to(root) if path.is_relative_to(root) else path
    return inside.as_posix()
