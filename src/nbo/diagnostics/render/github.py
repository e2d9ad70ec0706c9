"""Findings as workflow commands of GitHub Actions: the runner shows each beside its line in a pull request.

One line a finding, `::error file=…,line=…::message`. What a value may hold is settled by the runner: `%`, CR and LF are
escaped everywhere, `:` and `,` in properties too; columns are left out where the finding goes over several lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nbo.diagnostics.diagnostic import Diagnostic, Severity
from nbo.diagnostics.render.place import path_from, region_of

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render_github(diagnostics: Iterable[Diagnostic], language: str = "en", *, root: Path) -> str:
    """One workflow command a finding; `root` is the absolute path of the repository, from which files are named."""
    return "\n".join(_command(each, language, root) for each in diagnostics)


def _command(diagnostic: Diagnostic, language: str, root: Path) -> str:
    properties: dict[str, object] = {}
    if diagnostic.span is not None:
        region = region_of(diagnostic.span)
        properties = {"file": path_from(root, diagnostic.span.source.path), "line": region.line}
        if region.line == region.end_line:
            properties |= {"col": region.column, "endLine": region.end_line, "endColumn": region.end_column}
        else:
            properties |= {"endLine": region.end_line}
    properties["title"] = diagnostic.code.id
    shown = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    message = diagnostic.message(language)
    advice = diagnostic.help(language)
    if advice:
        message += f"\n{'建议' if language == 'zh' else 'help'}: {advice}"
    return f"::{_COMMANDS[diagnostic.severity]} {shown}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
