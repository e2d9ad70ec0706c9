"""Findings as text for a terminal: the place, the line with what is meant underlined, the help; and the count of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from nbo.diagnostics.diagnostic import Diagnostic, Severity
from nbo.diagnostics.place import Span, printable

_LONGEST_LINE = 160


def render_text(diagnostics: Iterable[Diagnostic], language: str = "en") -> str:
    """One block a finding: place, code, message, the line with what is meant underlined, help."""
    return "\n".join(_block(each, language) for each in diagnostics)


def summary(diagnostics: Sequence[Diagnostic], language: str = "en") -> str:
    """How many of each severity, as one line."""
    errors = sum(each.severity is Severity.ERROR for each in diagnostics)
    warnings = sum(each.severity is Severity.WARNING for each in diagnostics)
    if language == "zh":
        return f"{errors} 个错误，{warnings} 个警告"
    return f"{errors} error{'' if errors == 1 else 's'}, {warnings} warning{'' if warnings == 1 else 's'}"


def _block(diagnostic: Diagnostic, language: str) -> str:
    head = f"{diagnostic.severity}[{diagnostic.code.id}]: {diagnostic.message(language)}"
    lines = [head]
    if diagnostic.span is not None:
        line, column = diagnostic.span.source.line_and_column(diagnostic.span.start)
        lines = [f"{diagnostic.span.source.path}:{line}:{column}: {head}", *snippet(diagnostic.span)]
    advice = diagnostic.help(language)
    if advice:
        lines.append(f"  {'建议' if language == 'zh' else 'help'}: {advice}")
    return "\n".join(lines) + "\n"


def snippet(span: Span) -> list[str]:
    """The line and its underline; a long line is cut around the place."""
    line, column = span.source.line_and_column(span.start)
    text = span.source.line_text(line).replace("\t", " ")
    if not text.strip():
        return []
    end_line, end_column = span.source.line_and_column(span.end)
    last = end_column - 1 if end_line == line else len(text)
    first = column - 1
    cut = max(0, first - _LONGEST_LINE // 2) if len(text) > _LONGEST_LINE else 0
    shown = printable(text[cut : cut + _LONGEST_LINE])
    if cut > 0:
        shown = "…" + shown[1:]
    if cut + _LONGEST_LINE < len(text):
        shown = shown[:-1] + "…"
    last = min(max(last, first + 1), cut + max(len(shown), first - cut + 1))
    gutter = f"  {line} | "
    pad = " " * (len(gutter) - 2) + "| "
    under = " " * _width(shown[: first - cut]) + "^" * max(1, _width(shown[first - cut : last - cut]))
    return [gutter + shown, pad + under]


def _width(text: str) -> int:
    """Columns on a terminal: East Asian wide characters take two, marks on another character none."""
    return sum(
        0
        if unicodedata.category(character) in ("Mn", "Me")
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )
