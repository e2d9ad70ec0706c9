"""A finding as a value: a stable code, a place, and a message that is rendered in a language only when it is read.

Wording follows one guide: no capital at the start, no full stop, what the user wrote in backticks, advice kept apart in
the help, no type names of Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple

from nbo.diagnostics.place import Span, printable

Language = Literal["en", "zh"]


class Text(NamedTuple):
    """The same template in both languages; `{name}` stands for a value."""

    en: str
    zh: str

    def fill(self, language: str, values: Mapping[str, str | Text] | None = None) -> str:
        """The template in `language` (anything but `zh` reads as English) with its values."""
        template = self.zh if language == "zh" else self.en
        if values is None:
            return template
        shown = {name: value.fill(language) if isinstance(value, Text) else value for name, value in values.items()}
        return template.format_map(shown)


class Severity(StrEnum):
    """`error` keeps a pack from loading, `warning` asks for a look, `note` only informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding: stable id, severity, message and the usual help."""

    id: str
    severity: Severity
    message: Text
    help: Text | None = None

    def at(self, span: Span | None, *, help: Text | None = None, **values: object) -> Diagnostic:  # noqa: A002 - the field's own word
        """A finding of this kind at a place; `help` replaces the usual one."""
        shown = {
            name: value
            if isinstance(value, Text)
            else _shorten(str(value), _LONGEST_ADVICE if name in _ADVICE else _LONGEST)
            for name, value in values.items()
        }
        return Diagnostic(self, span, shown, help if help is not None else self.help)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding; `span` is missing only when no file could be read at all."""

    code: Code
    span: Span | None
    values: Mapping[str, str | Text] = field(default_factory=dict)
    help_text: Text | None = None

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.code.severity

    def message(self, language: str = "en") -> str:
        """What is wrong."""
        return self.code.message.fill(language, self.values)

    def help(self, language: str = "en") -> str | None:
        """What to write instead, if there is advice."""
        return None if self.help_text is None else self.help_text.fill(language, self.values)

    @property
    def sort_key(self) -> tuple[str, int, str, str]:
        """Findings are listed by file, then by place, then by code."""
        if self.span is None:
            return ("", 0, self.code.id, self.message())
        return (self.span.source.path, self.span.start, self.code.id, self.message())


class DiagnosticError(Exception):
    """Raised where a finding ends the work at hand (one expression, one file); carries the findings."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(f"{each.code.id}: {each.message()}" for each in diagnostics))
        self.diagnostics = diagnostics


_LONGEST = 120
_LONGEST_ADVICE = 400
_ADVICE = frozenset(
    {"fixed", "known", "choices", "values", "phrases", "example", "conditions"}
)  # cut short they would be of no use


def _shorten(text: str, limit: int) -> str:
    """User text inside a message stays on one line of bearable length, and cannot command a terminal."""
    text = printable(" ".join(text.split()))
    return text if len(text) <= limit else text[: limit - 1] + "…"
