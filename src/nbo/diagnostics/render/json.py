"""Findings as a JSON document for a program; `docs/schemas/diagnostics.schema.json` says in which form."""

from __future__ import annotations

import json
from collections.abc import Iterable

from nbo.diagnostics.diagnostic import Diagnostic


def render_json(diagnostics: Iterable[Diagnostic], language: str = "en") -> str:
    """The findings as a JSON document."""
    return json.dumps({"diagnostics": [to_dict(each, language) for each in diagnostics]}, ensure_ascii=False, indent=2)


def to_dict(diagnostic: Diagnostic, language: str = "en") -> dict[str, object]:
    """One finding as plain values; places are 1-based, the end is exclusive."""
    span = diagnostic.span
    place: dict[str, object] = {"file": None, "line": None, "column": None, "end_line": None, "end_column": None}
    if span is not None:
        line, column = span.source.line_and_column(span.start)
        end_line, end_column = span.source.line_and_column(span.end)
        place = {
            "file": span.source.path,
            "line": line,
            "column": column,
            "end_line": end_line,
            "end_column": end_column,
        }
    return {
        "code": diagnostic.code.id,
        "severity": str(diagnostic.severity),
        "message": diagnostic.message(language),
        "help": diagnostic.help(language),
        **place,
    }
