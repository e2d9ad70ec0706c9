"""What one character is read as: the tables that ship with nbo, and Unicode's own.

Place: `nbo.script.normalize` asks for the form of each character of a text, `nbo.script.wording` for other writings of a
word. In goes a character, out comes what is searched for in its stead. What stands around a character is not known here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

# Han with its iteration marks and zero, kana, bopomofo, Hangul: scripts in which a space inside a word says nothing.
CJK = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u318f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00016fe0-\U00018dff\U0001aff0-\U0001b16f"
    "\U00020000-\U0003ffff"
)

WORD_CHARACTER = rf"[^\W_{CJK}]"
"""Regular expression of one letter or digit of a script that puts spaces between words."""

# What a general category does not tell: middle dots, minus and box lines, asterisks, tildes, slashes, bars.
_SEPARATORS = frozenset("·•‧∙⋅・●◦᛫⸱⸳ᐧ\u2212─━*∗⁎⁕~∼/⁄∕\\|∣ǀ¦│┃^`\u2800")
# White space, dashes, connectors, and signs that only decorate: stars, hearts, emoji.
_SEPARATOR_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Pd", "Pc", "So", "Sk"})

# Letters that show nothing: the Hangul fillers. The rest of Unicode's default-ignorable code points are marks, formats
# or not assigned yet; the last are listed as ranges.
_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
_INVISIBLE_RANGES = ((0x2065, 0x2065), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF))

_MOST_PASSES = 8


def form(character: str) -> str:
    """One character's normalized form, of any length; the steps are repeated until nothing changes.

    >>> form("國"), form("Ｅ"), form("\u200b"), form("·"), form("夲")
    ('国', 'e', '', ' ', '本')
    """
    reached = character
    for _ in range(_MOST_PASSES):
        before = reached
        reached = "".join(map(_one_pass, reached))
        if reached == before:
            break
    return reached


def _one_pass(character: str) -> str:
    pieces = [_plain(piece) for piece in unicodedata.normalize("NFKD", character)]
    letters = unicodedata.normalize("NFKC", "".join(pieces).translate(look_alikes()).casefold())
    return letters.translate(simplified())


def _plain(character: str) -> str:
    """Reduce a decomposed character: nothing if it does not show, a space if it separates, ASCII if it is a digit."""
    if ord(character) in look_alikes() or character in _signs():
        return character
    category = unicodedata.category(character)
    if character.isspace() or category in _SEPARATOR_CATEGORIES or character in _SEPARATORS:
        return " "
    if category in {"Mn", "Mc", "Me", "Cc", "Cf"} or character in _INVISIBLE_LETTERS:
        return ""
    if any(first <= ord(character) <= last for first, last in _INVISIBLE_RANGES):
        return ""
    return str(unicodedata.decimal(character)) if category == "Nd" else character


@cache
def simplified() -> Mapping[int, str]:
    """Traditional characters and their simplified form."""
    return {ord(traditional): simple for traditional, (simple,) in _rows("traditional_to_simplified.txt")}


@cache
def look_alikes() -> Mapping[int, str]:
    """Characters and what they look like: letters of other scripts, radicals, rare variants."""
    return {ord(character): alike for character, (alike,) in _rows("look_alikes.txt")}


@cache
def split_characters() -> Mapping[str, str]:
    """Characters written as their two halves."""
    return {halves: whole for halves, (whole,) in _rows("split_characters.txt")}


@cache
def other_writings() -> Mapping[str, tuple[str, ...]]:
    """What else a character or word is written as: numerals as digits, words as signs."""
    return dict(_rows("other_writings.txt"))


@cache
def _signs() -> frozenset[str]:
    """Signs that stand for a word, so they separate nothing."""
    every = {sign for others in other_writings().values() for other in others for sign in other}
    return frozenset(sign for sign in every if unicodedata.category(sign) == "So")


def _rows(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """First column and the others of a table; its source and license stand at its top."""
    table = resources.files("nbo.script").joinpath("characters", name).read_text("utf-8")
    for line in table.splitlines():
        if line and not line.startswith("# ") and line != "#":
            first, *others = line.split("\t")
            yield first, tuple(others)
