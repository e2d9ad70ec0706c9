"""Whether a wording is turned round by what stands beside it: not guaranteed, 并非保本.

Place: a `TermSet` asks this of each hit, where its rule takes a denied wording for fine. Which words deny stands in the
rule file. In goes a normalized text and the place of the hit, out comes yes or no.

Words are read away from the hit, within its clause, one listed word after the other; the first that is not listed ends
it, so 不但保本 and 不收费还保本 deny nothing. Two denials are none (不是不保本).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from nbo.script.forms import WORD_CHARACTER
from nbo.script.normalize import normalize

Part = Literal["denies", "between", "denies_nothing"]

MOST_STEPS = 12
"""Words that are read before a hit, and behind it."""
LONGEST_CLAUSE = 60
"""Characters behind a hit in which the end of its clause is sought."""

_WORD = re.compile(WORD_CHARACTER)
_CLAUSE_END = re.compile("[,.!?;:。()]")
_JOINS = " 、"  # what parts the words of one clause
_GAP_MARK = re.compile(r"…+|\.{3,}")


class Negation:
    """Words that deny, compiled.

    `before` deny what follows them, `after` what they follow. `between` may stand between a hit and such a word. `excepts`
    look like a denial and are none (不光, 岂不, `not only`); with `…` they are a frame whose second half ends the clause
    (不是…吗).

    Raises `ValueError` for a word of which normalizing leaves nothing.

    >>> deny = Negation(before=["不", "不是"], after=[], between=["是"], excepts=["不是…吗"])
    >>> [deny.turns_round(text, len(text) - 2, len(text)) for text in ("这不是保本", "并不不保本", "不但保本")]
    [True, False, False]
    """

    __slots__ = ("_after", "_before", "_frames", "_lengths", "_lengths_after")

    def __init__(
        self, before: Iterable[str], after: Iterable[str], between: Iterable[str], excepts: Iterable[str]
    ) -> None:
        halves = [_GAP_MARK.split(each) for each in excepts]
        self._frames: dict[str, list[str]] = {}
        for first, *last in halves:
            if last:
                self._frames.setdefault(_normal(first), []).append(_normal(last[0]))
        fillers: dict[str, Part] = {_normal(each): "between" for each in between}
        nothing: dict[str, Part] = {_normal(first): "denies_nothing" for first, *last in halves if not last}
        denials: dict[str, Part] = {_normal(each): "denies" for each in before}
        behind: dict[str, Part] = {_normal(each): "denies" for each in after}
        self._before = fillers | denials | nothing
        self._after = fillers | behind
        self._lengths = sorted({len(phrase) for phrase in (*self._before, *self._frames)}, reverse=True)
        self._lengths_after = sorted({len(phrase) for phrase in self._after}, reverse=True)

    def turns_round(self, text: str, start: int, end: int, denied_until: int = -1) -> bool:
        """Whether `text[start:end]` is denied; `denied_until` is where a hit ends that was, for 不保本或保收益."""
        denials = 0
        position = _skip_back(text, start)
        for _ in range(MOST_STEPS):
            if position == denied_until:
                denials = max(denials, 1)
                break
            length, part = self._ending_at(text, position, end)
            if part == "denies_nothing":
                break
            denials += part == "denies"
            position = _skip_back(text, position - length)
        return (denials + self._denied_behind(text, end)) % 2 == 1

    def _ending_at(self, text: str, position: int, hit_end: int) -> tuple[int, Part]:
        """How long the longest listed phrase is that ends there, and what it does; what is not listed denies nothing."""
        for length in self._lengths:
            phrase = text[position - length : position] if length <= position else ""
            if (phrase in self._before or phrase in self._frames) and not _goes_on(text, position - length, position):
                if any(_ends_in(text, hit_end, last) for last in self._frames.get(phrase, ())):
                    break
                if phrase in self._before:
                    return length, self._before[phrase]
        return 0, "denies_nothing"

    def _denied_behind(self, text: str, end: int) -> bool:
        position = _skip(text, end)
        for _ in range(MOST_STEPS):
            stretches = (text[position : position + length] for length in self._lengths_after)
            listed = (
                each for each in stretches if each in self._after and not _goes_on(text, position, position + len(each))
            )
            phrase = next(listed, "")
            if not phrase or self._after[phrase] == "denies":
                return bool(phrase)
            position = _skip(text, position + len(phrase))
        return False


def _normal(written: str) -> str:
    normal = normalize(written).text
    if not normal:
        message = f"{written!r} is empty once it is normalized"
        raise ValueError(message)
    return normal


def _ends_in(text: str, start: int, last: str) -> bool:
    """Whether the clause that goes on there ends in these words, with or without its mark."""
    mark = _CLAUSE_END.search(text, start, start + LONGEST_CLAUSE)
    clause = text[start : mark.end() if mark else start + LONGEST_CLAUSE]
    return clause.endswith(last) or clause[:-1].endswith(last)


def _skip_back(text: str, position: int) -> int:
    return position - 1 if position and text[position - 1] in _JOINS else position


def _skip(text: str, position: int) -> int:
    return position + 1 if position < len(text) and text[position] in _JOINS else position


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether a Latin word at either end is only a part of one."""
    goes_on_before = start > 0 and _WORD.match(text, start) and _WORD.match(text, start - 1)
    return bool(goes_on_before or (end < len(text) and _WORD.match(text, end) and _WORD.match(text, end - 1)))
