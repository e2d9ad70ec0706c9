"""By what a text shows at a glance that a listed wording may be in it.

Place: `nbo.script.lexicon` looks for the signs of all wordings at once, and then only for the wordings whose sign it saw.
In goes a wording in its pieces, out come a few signs: Latin words, pairs of other characters, or single ones. No text
holds the wording without one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from math import prod

Token = tuple[str, ...]
"""Ways to write one piece of a wording, all normalized; a Latin word is one piece, and so is a Chinese character."""

_LATIN_WORD = re.compile("[a-z0-9]+")
_SPACE = (" ",)
# What nearly every text has some of, the commonest first: poor signs.
_COMMON_CHARACTERS = (
    "的一您不是我了可有款在以这为用分期额要还年月就到个会行卡上办时们账单息利人来也能金后对和元信费方先日前起再没都本天"
    "下去中请每么好说看想出些"
)
_COMMON_PAIRS = " 分期 利息 利率 账单 额度 信用 还款 年化 办理 不办 可以 已经 帮您 为您 您的 我们 没有 不要 不用 "
_COMMON_WORDS = (
    " the to you your is it of a an in on as not no be do does have can will this that and or for we with if are at by from "
    "must only without already no number "
    "account amount bank card credit due full interest limit month months pay payment payments rate statement year "
)
_LETTERS_BY_FREQUENCY = "etaoinsrhdlucmfywgpbvkxqjz"


def signs_of(parts: Sequence[Sequence[Token]]) -> frozenset[str]:
    """Of the pieces that every writing has, the signs of the one that texts have least often; none where none has any.

    >>> sorted(signs_of([[("保",), ("本",)]])), sorted(signs_of([[("no",), (" ",), ("risk",)]]))
    (['保本'], ['k', 'norisk', 'risk'])
    """
    pieces = [(part, index) for part in parts for index, token in enumerate(part) if token != _SPACE]
    every = [*(_pairs(*piece) for piece in pieces), *(_signs(*piece) for piece in pieces)]
    return min((signs for signs in every if signs), key=_commonness, default=frozenset())


def _pairs(part: Sequence[Token], index: int) -> frozenset[str]:
    """A piece and the next one, where each is one character however it is written, and not both are Latin."""
    both = part[index : index + 2]
    if len(both) < 2 or any(len(written) > 1 for token in both for written in token):
        return frozenset()
    pairs = frozenset(map("".join, product(*both)))
    return frozenset() if any(pair.isascii() for pair in pairs) else pairs


def _signs(part: Sequence[Token], index: int) -> frozenset[str]:
    """What shows that a piece is there, however it is written; nothing where it may not show."""
    signs: set[str] = set()
    for written in part[index]:
        words = _LATIN_WORD.findall(written)
        others = [character for character in written if not character.isascii()]
        if all(map(_LATIN_WORD.fullmatch, written.split(" "))):
            signs.update(_written_together(part, index, written.split(" ")))
        elif others:
            signs.add(min(others, key=lambda character: _commonness(frozenset(character))))
        elif words:
            signs.add(max(words, key=len))
        else:
            return frozenset()
    return frozenset(signs)


def _written_together(part: Sequence[Token], index: int, words: Sequence[str]) -> Iterator[str]:
    """The longest of some Latin words alone and together with its neighbors, for spaces may be left out.

    One that stands by itself may be spelled, and shows by one letter of it.
    """
    before = _joined([part[place] for place in range(index - 1, -1, -1)], backwards=True)
    after = _joined(part[index + 1 :], backwards=False)
    longest = max(range(len(words)), key=lambda place: len(words[place]))
    for first in range(longest + 1):
        for last in range(longest + 1, len(words) + 1):
            heads, tails = before if first == 0 else [""], after if last == len(words) else [""]
            for head, tail in product(heads, tails):
                yield head + "".join(words[first:last]) + tail
    letters = [letter for letter in words[0] if letter in _LETTERS_BY_FREQUENCY]
    if len(words) == 1 and len(words[0]) > 1 and letters:
        yield max(letters, key=_LETTERS_BY_FREQUENCY.index)


def _joined(tokens: Sequence[Token], *, backwards: bool) -> list[str]:
    """What can stand next to a word without a space: nothing, or more and more of the Latin words beside it."""
    ends = [""]
    whole = [""]  # what ends with all of a token, so that the next one may follow
    for token in tokens:
        if token == _SPACE:
            continue
        grown: list[str] = []
        for written, end in product(token, whole):
            longer = end
            for piece in reversed(written.split(" ")) if backwards else written.split(" "):
                word = _beside(piece, backwards=backwards)
                longer = word + longer if backwards else longer + word
                ends.append(longer)
                if word != piece:  # a mark or a character ends it
                    break
            else:
                grown.append(longer)
        whole = grown
    return list(dict.fromkeys(ends))


def _beside(piece: str, *, backwards: bool) -> str:
    """The Latin letters and digits of a piece that touch what stands beside it."""
    runs = [run for run in _LATIN_WORD.finditer(piece) if (run.end() == len(piece) if backwards else run.start() == 0)]
    return runs[0].group() if runs else ""


def _commonness(signs: frozenset[str]) -> float:
    return sum(map(_commonness_of_one, signs))


def _commonness_of_one(sign: str) -> float:
    if f" {sign} " in _COMMON_PAIRS:
        return 0.5
    if not sign.isascii():
        return max(prod(map(_commonness_of_character, sign)), 0.1 if len(sign) == 1 else 0)
    if sign.isdigit():
        return 0.3
    return 0.5 if f" {sign} " in _COMMON_WORDS else 0.02 - 0.001 * min(len(sign), 12)


def _commonness_of_character(character: str) -> float:
    place = _COMMON_CHARACTERS.find(character)
    return 0.02 if place < 0 else 1 / (1 + place / 10)
