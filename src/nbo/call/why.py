"""Why something is not possible on a call: in a word for programs, in words for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nbo.call.wording import REASONS
from nbo.diagnostics.diagnostic import Text
from nbo.diagnostics.place import Span


@dataclass(frozen=True, slots=True)
class Why:
    """Why something is not possible now: a stable code, words in both languages, the place in the pack that says so, if any."""

    code: str
    words: Text
    source: str | None = None

    def text(self, language: str) -> str:
        """The reason in words."""
        return self.words.fill(language)

    def to_dict(self, language: str) -> dict[str, object]:
        """Plain values."""
        return {"code": self.code, "text": self.text(language), "source": self.source}


@dataclass(frozen=True, slots=True)
class Refusal(Why):
    """Why an event was not possible."""


def why(code: str, span: Span | None = None, **values: str) -> Why:
    """A reason of the session's own."""
    return Why(code, filled(REASONS[code], values), None if span is None else str(span))


def refused(code: str, **values: str) -> Refusal:
    """The same for an event."""
    return Refusal(code, filled(REASONS[code], values))


def filled(words: Text, values: Mapping[str, str]) -> Text:
    """A text with its values in both languages."""
    return Text(words.fill("en", values), words.fill("zh", values))
