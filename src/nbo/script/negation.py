"""Whether a wording is turned round by what stands beside it: not guaranteed, 并非保本.

Place: a `TermSet` asks this of each hit, where its rule takes a denied wording for fine. Which words deny stands in the
rule file. In goes a normalized text and the place of the hit, out comes yes or no.

Words are read away from the hit, within its clause, one listed word after the other; the first that is not listed ends
it, so 不但保本 and 不收费还保本 deny nothing. Two denials are none (不是不保本).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
_GAP_MARK = re.compile(r"…+|\.{3,}")


@dataclass(frozen=True, slots=True)
class _Phrases:
    """Phrases by their normalized text, and the lengths that there are, longest first."""

    parts: Mapping[str, Part] = field(default_factory=dict)
    lengths: Sequence[int] = ()


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

    __slots__ = ("_after", "_before", "_frames")

    def __init__(
        self, before: Iterable[str], after: Iterable[str], between: Iterable[str], excepts: Iterable[str]
    ) -> None:
        halves = [_GAP_MARK.split(each) for each in excepts]
        self._frames = {_normal(first): _normal(last[0]) for first, *last in halves if last}
        fillers: dict[str, Part] = {_normal(each): "between" for each in between}
        nothing: dict[str, Part] = {_normal(first): "denies_nothing" for first, *last in halves if not last}
        self._before = _phrases({**fillers, **{_normal(each): "denies" for each in before}, **nothing})
        self._after = _phrases({**fillers, **{_normal(each): "denies" for each in after}})

    def turns_round(self, text: str, start: int, end: int, denied_until: int = -1) -> bool:
        """Whether `text[start:end]` is denied; `denied_until` is where a hit ends that was, for 不保本或保收益."""
        denials = 0
        position = _skip_back(text, start)
        for _ in range(MOST_STEPS):
            if position == denied_until:
                denials += 1
                break
            phrase = self._ending_at(text, position)
            if not phrase or self._before.parts.get(phrase) == "denies_nothing" or self._framed(text, phrase, end):
                break
            denials += self._before.parts.get(phrase) == "denies"
            position = _skip_back(text, position - len(phrase))
        return (denials + self._denied_behind(text, end)) % 2 == 1

    def _ending_at(self, text: str, end: int) -> str:
        """The longest listed phrase that ends there."""
        for length in self._before.lengths:
            phrase = text[end - length : end] if length <= end else ""
            if (phrase in self._before.parts or phrase in self._frames) and not _goes_on(text, end - length, end):
                return phrase
        return ""

    def _framed(self, text: str, phrase: str, end: int) -> bool:
        if phrase not in self._frames:
            return False
        clause_end = _CLAUSE_END.search(text, end, end + LONGEST_CLAUSE)
        clause = text[end : clause_end.end() if clause_end else end + LONGEST_CLAUSE]
        last = self._frames[phrase]
        return clause.endswith(last) or clause[:-1].endswith(last)

    def _denied_behind(self, text: str, end: int) -> bool:
        position = _skip(text, end)
        for _ in range(MOST_STEPS):
            phrase = next(
                (
                    text[position : position + length]
                    for length in self._after.lengths
                    if text[position : position + length] in self._after.parts
                    and not _goes_on(text, position, position + length)
                ),
                "",
            )
            if not phrase:
                return False
            if self._after.parts[phrase] == "denies":
                return True
            position = _skip(text, position + len(phrase))
        return False


def _normal(written: str) -> str:
    normal = normalize(written).text
    if not normal:
        message = f"{written!r} is empty once it is normalized"
        raise ValueError(message)
    return normal


def _phrases(parts: Mapping[str, Part]) -> _Phrases:
    return _Phrases(parts, sorted({len(phrase) for phrase in parts}, reverse=True))


def _skip_back(text: str, position: int) -> int:
    return position - 1 if text[position - 1 : position] == " " else position


def _skip(text: str, position: int) -> int:
    return position + 1 if text[position : position + 1] == " " else position


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether a Latin word at either end is only a part of one."""
    goes_on_before = start > 0 and _WORD.match(text, start) and _WORD.match(text, start - 1)
    return bool(goes_on_before or (end < len(text) and _WORD.match(text, end) and _WORD.match(text, end - 1)))
