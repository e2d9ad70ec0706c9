"""The passage of a text that a person wants to see beside what was looked for."""

from __future__ import annotations

from difflib import SequenceMatcher

_AROUND = 12  # characters on either side: enough for a number with its words
_LONGEST_SOUGHT = 200
_LONGEST_TEXT = 5_000


def passage_with(text: str, start: int, length: int) -> str:
    """The characters from `start` with some around them; `…` where the text goes on.

    >>> passage_with("每期964.80元，总利息777.60元，分12期还清。", 2, 6)
    '每期964.80元，总利息777.60元…'
    """
    first, last = max(start - _AROUND, 0), min(start + length + _AROUND, len(text))
    return ("…" if first else "") + " ".join(text[first:last].split()) + ("…" if last < len(text) else "")


def nearest_passage(text: str, sought: str) -> str | None:
    """The passage with the longest stretch of `sought`; None where the text has nothing of it.

    >>> nearest_passage("每期964.80元，总利息777.60元", "964.81")
    '每期964.80元，总利息777.60…'
    >>> nearest_passage("每期964.80元", "保证")
    """
    sought = sought[:_LONGEST_SOUGHT]
    match = SequenceMatcher(None, text[:_LONGEST_TEXT], sought, autojunk=False).find_longest_match()
    return passage_with(text, match.a, match.size) if match.size * 2 >= len(sought) else None
