"""A finding as a value: a stable code, a place, and a message that is rendered in a language only when it is read.

Wording follows one guide: no capital at the start, no full stop, what the user wrote in backticks, advice kept apart in
the help, no type names of Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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


class Advice(NamedTuple):
    """What to write instead, with values of its own: user text in them is shortened and cannot command a terminal."""

    template: Text
    values: Mapping[str, str]


Help = Text | Advice
"""What a finding can have as its help."""


def write(right: str) -> Advice:
    """Advice to write a text as it is given."""
    return Advice(Text("write `{right}`", "请写成 `{right}`"), {"right": right})


def instead(right: str, wrong: str) -> Advice:
    """Advice to write one thing for another."""
    template = Text("write `{right}` instead of `{wrong}`", "请把 `{wrong}` 写成 `{right}`")
    return Advice(template, {"right": right, "wrong": wrong})


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

    def at(self, span: Span | None, *, help: Help | None = None, **values: object) -> Diagnostic:  # noqa: A002 - the field's own word
        """A finding of this kind at a place; `help` replaces the usual one."""
        template = self.help if help is None else help
        if isinstance(template, Advice):
            values |= template.values
            template = template.template
        shown = {
            name: value
            if isinstance(value, Text)
            else _shorten(str(value), _LONGEST_ADVICE if name in _ADVICE else _LONGEST)
            for name, value in values.items()
        }
        return Diagnostic(self, span, shown, template)

    def outline(self, language: str = "en") -> str:
        """The message with `…` for every value."""
        return _outline(self.message, language)

    def outline_of_help(self, language: str = "en") -> str:
        """The usual help with `…` for every value; empty where there is none."""
        return "" if self.help is None else _outline(self.help, language)


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

    def softened(self) -> Diagnostic:
        """The same finding as a warning."""
        return replace(self, code=replace(self.code, severity=Severity.WARNING))

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
# cut short they would be of no use
_ADVICE = frozenset({"fixed", "known", "choices", "values", "phrases", "right", "example", "conditions"})


class _Dots(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _outline(text: Text, language: str) -> str:
    # `customer` is a clause of its own that a message may have or not
    return (text.zh if language == "zh" else text.en).format_map(_Dots(customer=""))


def _shorten(text: str, limit: int) -> str:
    """User text inside a message stays on one line of bearable length, and cannot command a terminal."""
    text = printable(" ".join(text.split()))
    return text if len(text) <= limit else text[: limit - 1] + "…"
