"""One listed wording: what is the same words in other writings, and where they stand in a text.

Place: a `TermSet` has one `Wording` for each of its terms and exceptions. In goes what a person wrote into a rule; out
come the places in a normalized text. What a place means is the rule's matter.

A wording stands for more than its letters: 第一 is 第1 and 🥇 too, `risk free` is `riskfree` and `r i s k free`, and `…` stands
for a few other characters of the same clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise, product
from typing import NamedTuple

from nbo.script.forms import WORD_CHARACTER, other_writings
from nbo.script.normalize import normalize
from nbo.script.signs import Token, signs_of

LONGEST_GAP = 8
"""Characters that `…` stands for at most; among Latin words three times as many."""
MOST_GAPS = 2

_WORD = re.compile(WORD_CHARACTER)
_NUMBER_BEFORE = re.compile("[0-9][.,]")  # 7. before the 5 of 7.5
_NUMBER_AFTER = re.compile("[.,][0-9]")
_MARKS = ",.!?;:()…，。！？；：（）、"
_GAP_MARK = re.compile(r"…+|\.{3,}")
_GAP = rf"[^,.!?;:。()…]{{0,{LONGEST_GAP}}}?"
_LATIN_GAP = rf"[^,.!?;:。()…]{{0,{LONGEST_GAP * 3}}}?"
_LATIN_WORD = re.compile("[a-z0-9]+")
# What a number or a date of a script begins or ends with, and the words inside a date.
_OF_A_VALUE = re.compile(
    "[0-9年月日%]|january|february|march|april|may|june|july|august|september|october|november|december"
)
_TOKEN = re.compile("[a-z0-9]+|.")


_NUMBER = re.compile("[0-9]+(?:[.,][0-9]+)*")
_MARKS_OF_A_VALUE = re.compile(_OF_A_VALUE.pattern.replace("0-9", ""))


def marks_between_clauses(terms: Iterable[Iterable[str]]) -> re.Pattern[str]:
    """What ends every wording: the marks between clauses that are in none of the terms."""
    written = {character for each in terms for term in each for character in term}
    return re.compile("[" + "".join(re.escape(mark) for mark in _MARKS if mark not in written) + "]")


class Numeric(NamedTuple):
    """What of wordings can be a part of a number or a date of a script.

    A wording that holds digits holds the whole number, so only a value that is one of `runs` can be its part. A rate or a day
    can also be where one begins, by their last sign: `after` follows it. `alone`: the signs of a value make one by themselves.
    """

    runs: frozenset[str]
    after: frozenset[str]
    alone: bool

    def has(self, said: str) -> bool:
        """Whether a number in a value is one that some wording has."""
        return not self.runs.isdisjoint(_NUMBER.findall(said))


class Wording:
    """What is looked for, compiled when it is first needed.

    Raises `ValueError` for a wording of which normalizing leaves nothing, or with nothing before or after a `…`.
    """

    __slots__ = ("_literals", "_pattern", "_tokens", "normal", "signs", "written")

    def __init__(self, written: str) -> None:
        self.written = written
        parts = [normalize(part).text for part in _GAP_MARK.split(written)]
        if not all(parts):
            message = f"wording {written!r} is empty once it is normalized"
            raise ValueError(message)
        if len(parts) > MOST_GAPS + 1:
            message = f"wording {written!r} has more than {MOST_GAPS} gaps"
            raise ValueError(message)
        self.normal = "…".join(parts)
        self._tokens = [_tokens(part) for part in parts]
        # PERF: most wordings are plain Chinese, found by `str.find` without a pattern to compile.
        self._literals = _literals(self._tokens)
        self._pattern: re.Pattern[str] | None = None
        self.signs = signs_of(self._tokens)
        """Characters and Latin words of which a text that holds the wording has at least one; none: any text may."""

    @property
    def meets_values(self) -> bool:
        """Whether its own words, gaps apart, can be a part of a number or a date as scripts write them."""
        return any(_OF_A_VALUE.search(written) for part in self._tokens for token in part for written in token)

    def numeric(self) -> Numeric:
        """What of it can be a number or a date, or go on behind one."""
        runs: set[str] = set()
        after: set[str] = set()
        alone = False
        for part in self._tokens:
            tokens = [token for token in part if token != (" ",)]
            alone = alone or all(any(map(_MARKS_OF_A_VALUE.fullmatch, token)) for token in tokens)
            open_runs: set[str] = set()  # that end where the next token begins
            for token in tokens:
                ending: set[str] = set()
                for written in (each.replace(" ", "") for each in token):
                    for found in _NUMBER.finditer(written):
                        longer = {each + found.group() for each in open_runs} if found.start() == 0 else set[str]()
                        runs |= {found.group(), *longer}
                        ending |= {found.group(), *longer} if found.end() == len(written) else set()
                open_runs = ending
            pairs = (first[-1] + second[0] for pair in pairwise(tokens) for first, second in product(*pair))
            inside = (
                first + second
                for token in tokens
                for each in token
                for first, second in pairwise(each.replace(" ", ""))
            )
            after |= {pair[1] for pair in (*pairs, *inside) if pair[0] in "%日"}
        return Numeric(frozenset(runs), frozenset(after), alone)

    def places(self, text: str) -> Sequence[tuple[int, int]]:
        """Start and end of each place in a normalized text, also of those that overlap, by start."""
        if self._literals is None:
            return [place for place in self._found(text) if _stands(text, *place)]
        # PERF: a loop, not `any` of a generator: half the time, and most texts have none.
        for literal in self._literals:
            if literal in text:
                break
        else:
            return ()
        found = (place for each in self._literals for place in _found_literally(each, text))
        return sorted(place for place in found if _stands(text, *place))

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        if self._pattern is None:
            self._pattern = re.compile(_gap(self._tokens).join(map(_as_pattern, self._tokens)))
        # Only literals, optional single spaces and gaps of bounded length: no text makes it take long.
        found = self._pattern.search(text)
        while found:
            yield found.span()
            found = self._pattern.search(text, found.start() + 1)


def _tokens(part: str) -> Sequence[Token]:
    tokens: list[Token] = []
    position = 0
    while position < len(part):
        others = _other_writing_at(part, position)
        token = _TOKEN.match(part, position)
        written = others or (token.group() if token else part[position],)
        tokens.append(written)
        position += len(written[0])
    return tokens


def _other_writing_at(part: str, position: int) -> Token | None:
    """The longest listed writing that begins here and is whole words, with what else it is written as."""
    for length in range(min(_longest_writing(), len(part) - position), 0, -1):
        written = part[position : position + length]
        if written in _normal_writings() and _stands(part, position, position + length):
            return (written, *_normal_writings()[written])
    return None


@cache
def _normal_writings() -> dict[str, Token]:
    return {
        normalize(written).text: tuple(normalize(other).text for other in others)
        for written, others in other_writings().items()
    }


@cache
def _longest_writing() -> int:
    return max(map(len, _normal_writings()))


def _literals(parts: Sequence[Sequence[Token]]) -> Sequence[str] | None:
    """The wording written out, where it is few plain texts: no gap, no Latin word."""
    if len(parts) > 1 or any(_LATIN_WORD.fullmatch(written[0]) and len(written[0]) > 1 for written in parts[0]):
        return None
    texts = [""]
    for token in parts[0]:
        if any(" " in written for written in token):
            return None
        texts = [text + written for text in texts for written in token]
        if len(texts) > 4:
            return None
    return None if any(_LATIN_WORD.search(text) and " " in text for text in texts) else texts


def _found_literally(literal: str, text: str) -> Iterator[tuple[int, int]]:
    start = text.find(literal)
    while start >= 0:
        yield start, start + len(literal)
        start = text.find(literal, start + 1)


def _gap(parts: Sequence[Sequence[Token]]) -> str:
    latin = any(_LATIN_WORD.fullmatch(token[0]) for part in parts for token in part)
    return f" ?{_LATIN_GAP} ?" if latin else _GAP


def _as_pattern(tokens: Sequence[Token]) -> str:
    return "".join(map(_token_pattern, tokens))


def _token_pattern(token: Token) -> str:
    if token == (" ",):
        return " ?"
    writings = [re.escape(written).replace(r"\ ", " ?") for written in token]
    if len(token[0]) > 1 and _LATIN_WORD.fullmatch(token[0]):
        writings.append(" ".join(token[0]))
    return writings[0] if len(writings) == 1 else f"(?:{'|'.join(sorted(writings, key=len, reverse=True))})"


def _stands(text: str, start: int, end: int) -> bool:
    """Whether the stretch is words and numbers of its own where it begins or ends with a Latin letter or a digit."""
    first, last = text[start], text[end - 1]
    if start and _WORD.match(first):
        if _WORD.match(text, start - 1):
            return False
        if start > 1 and first.isdigit() and _NUMBER_BEFORE.match(text, start - 2):
            return False
    if end < len(text) and _WORD.match(last):
        if _WORD.match(text, end):
            return False
        if last.isdigit() and _NUMBER_AFTER.match(text, end):
            return False
    return True
