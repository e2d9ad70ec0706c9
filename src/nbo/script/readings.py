"""Other ways to read a text: letters written as digits, words taken apart by dashes or dots.

Place: a rule on wording searches the normalized text, and then what is returned here; most texts have no other reading.
In goes a normalized text, out come further ones whose places lead to the same original. A word is never put into the
place of another one in the text itself: `4ct n0w` is a product code until a rule forbids `act now`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from nbo.script.forms import WORD_CHARACTER
from nbo.script.normalize import Normalized, normalize

# PERF: each pattern begins with what is rare in a text, so that a text without it is passed over in C.
_DASH = r"[-_*~/|\\^`·•‧∙⋅・‐‑‒–—−─+=#]"
_DASHES = re.compile(rf"{_DASH}(?<={WORD_CHARACTER}.){_DASH}*(?={WORD_CHARACTER})")
_DOTS = re.compile(r"\.(?<=[A-Za-z]\.)(?<![A-Za-z]{2}\.)(?=[A-Za-z](?![A-Za-z]))")
_DIGIT_AMONG_LETTERS = re.compile("[0-9@$€](?:(?<=[a-z].)|(?=[a-z]))")
_LETTER_AMONG_DIGITS = re.compile("[a-z](?:(?<=[0-9@$€].)|(?=[0-9@$€]))")
_EXCLAMATION_INSIDE = re.compile(r"[A-Za-z]![A-Za-z]")
_MIXED = re.compile("(?<![a-z0-9@$€!])[a-z]*+[0-9@$€!][a-z0-9@$€!]*+")
_LETTERS = re.compile("[a-z]")
_READ_AS = ("01345789@$€!", ("oieastbgasei", "oleastbgasei"))


def other_readings(normal: Normalized) -> Sequence[Normalized]:
    """What else the text can be read as, at most five texts.

    >>> [reading.text for reading in other_readings(normalize("a gu4r-anteed r1se"))]
    ['a gu4ranteed r1se', 'a guar anteed rise', 'a guar anteed rlse', 'a guaranteed rise', 'a guaranteed rlse']
    """
    # PERF: without a Latin letter there is nothing to read otherwise, as in most Chinese texts: 1 µs instead of 5.
    if not _LETTERS.search(normal.text):
        return ()
    joined = _joined(normal)
    plain = [normal] if joined is None else [normal, joined]
    return [*plain[1:], *(letters for each in plain for letters in _with_letters(each))]


def _joined(normal: Normalized) -> Normalized | None:
    """The text without dashes and dots inside Latin words."""
    original = normal.original
    if not (_DASHES.search(original) or _DOTS.search(original)):
        return None
    taken_out = tuple(sorted(found.span() for pattern in (_DASHES, _DOTS) for found in pattern.finditer(original)))
    kept: list[str] = []
    done = 0
    for first, last in taken_out:
        kept.append(original[done:first])
        done = last
    shortened = normalize("".join([*kept, original[done:]]))
    return Normalized(shortened.text, original, taken_out)


def _with_letters(normal: Normalized) -> Sequence[Normalized]:
    """The text with letters for the digits of words such as `fr33`, where there are any."""
    inside = "!" in normal.text and _EXCLAMATION_INSIDE.search(normal.original)
    mixed = _DIGIT_AMONG_LETTERS if normal.text.isascii() else _LETTER_AMONG_DIGITS
    if not inside and not mixed.search(normal.text):
        return ()
    digits, readings = _READ_AS
    found = {_MIXED.sub(_as_letters(str.maketrans(digits, letters)), normal.text) for letters in readings}
    return [replace(normal, text=text) for text in sorted(found - {normal.text})]


def _as_letters(table: dict[int, int]) -> Callable[[re.Match[str]], str]:
    def as_letters(word: re.Match[str]) -> str:
        written = word.group()
        letters = len(_LETTERS.findall(written))
        # A code with more digits than letters (F33, 60days) is not a word in disguise.
        return written.translate(table) if 2 * letters >= len(written) else written

    return as_letters
