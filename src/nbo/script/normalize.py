"""Bring a text to one form, so that a word is found however it is written.

Place: the first step of every check of wording. In goes a text as a person or a template wrote it; out comes a
`Normalized`: the text to search, and the way from each of its characters back to the original. It does not search, and
it does not judge.

What changes, character by character:

- compatibility forms become plain ones (NFKC: full width, circled, ligatures), letters lose their case, digits of any
  script become ASCII;
- accents and other combining marks, zero-width characters, variation selectors, control and format characters vanish;
- traditional characters become simplified ones, look-alike letters (Cyrillic, Greek, barred) Latin ones;
- white space and the separators that people put inside words (middle dots, dashes, underscore, asterisk, tilde, slash,
  bar) become a space. A space stays only between two words that are not CJK, and only one.

Sentence punctuation stays, so a term is not found across two sentences. Latin words spelled out with spaces
(`f r e e`) stay apart: the space between Latin words has a meaning.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

# Han with its iteration marks and zero, kana, bopomofo, Hangul: scripts in which a space inside a word says nothing.
_CJK = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u318f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00016fe0-\U00018dff\U0001aff0-\U0001b16f"
    "\U00020000-\U0003ffff"
)

WORD_CHARACTER = rf"[^\W_{_CJK}]"
"""Regular expression of one letter or digit of a script that puts spaces between words."""

# What a general category does not tell: middle dots, minus and box lines, asterisks, tildes, slashes, bars.
_SEPARATORS = frozenset("·•‧∙⋅・●◦᛫⸱⸳ᐧ\u2212─━*∗⁎⁕~∼/⁄∕\\|∣ǀ¦│┃^`\u2800")
_SEPARATOR_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Pd", "Pc"})

# Letters that show nothing: the Hangul fillers. The rest of Unicode's default-ignorable code points are marks, formats
# or not assigned yet; the last are listed as ranges.
_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
_INVISIBLE_RANGES = ((0x2065, 0x2065), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF))

# Capitals are listed where the small letter looks like something else; all others are met again after case folding.
_LOOK_ALIKES = {
    **str.maketrans("авеѕіјкмнһорстуүхԁӏԛԝг", "abesijkmhhopctyyxdlqwr"),  # Cyrillic
    **str.maketrans("αβεζΗηικμΜΝνορστΥυχγω", "abezhnikumnvopotyuxyw"),  # Greek
    **str.maketrans("ıȷɑɡɩɨłøđħŧƶ", "ijagiilodhtz"),  # Latin
    **str.maketrans("’‘‛ʼ′", "'" * 5),
    **str.maketrans("帐", "账"),  # the older character for an account; 帳 becomes it on the way
}

_MOST_PASSES = 8
_CACHED_CHARACTERS = 65_536


@dataclass(frozen=True, slots=True)
class Normalized:
    """A text in the one form that is searched.

    `text` is the normalized text, `original` the text as it came. `starts[i]` is the offset in the original of the
    character that gave `text[i]`; every character of `text` comes from exactly one.
    """

    text: str
    original: str = field(repr=False)
    _starts: Sequence[int] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def starts(self) -> Sequence[int]:
        """Offset in `original` for each character of `text`; made when first asked for: most texts have no hit."""
        starts = self._starts
        if starts is None:
            starts = _original_offsets(self.original, self.text)
            object.__setattr__(self, "_starts", starts)
        return starts

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Locate `text[start:end]` in the original, as start and end offset there.

        What was dropped inside the stretch is part of the span. Raises `ValueError` for a stretch that is empty or not
        inside `text`.

        >>> normalize("这是国 家·级产品").span(2, 5)
        (2, 7)
        """
        if not 0 <= start < end <= len(self.text):
            message = f"no stretch {start}:{end} in a text of {len(self.text)} characters"
            raise ValueError(message)
        starts = self.starts
        return starts[start], starts[end - 1] + 1


def normalize(text: str) -> Normalized:
    """Bring a text to the form that is searched, in time in proportion to its length. Every `str` is accepted.

    PERF: 13 µs for a Chinese text of 300 characters: one table look-up a character, the way back to the original only
    when a hit needs it.

    >>> normalize("國\u200b家 ＊ 級").text
    '国家级'
    >>> normalize("Risk-Free  returns, 第 1 名").text
    'risk free returns,第1名'
    """
    return Normalized(_squeezed(text.translate(_FORMS)), text)


_SEVERAL_SPACES = re.compile("  +")
# INVARIANT: a space that stays has a word character on both sides, so a normalized text normalizes to itself.
_IDLE_SPACE = re.compile(rf" (?:(?!{WORD_CHARACTER})|(?<!{WORD_CHARACTER} ))")


def _squeezed(text: str) -> str:
    """Leave out the spaces that separate nothing."""
    if " " not in text:
        return text
    return _IDLE_SPACE.sub("", _SEVERAL_SPACES.sub(" ", text))


def _original_offsets(original: str, text: str) -> Sequence[int]:
    """For each character of the normalized text, the offset of the character that it comes from."""
    forms = [_FORMS[ord(character)] for character in original]
    if len(text) == len(original) and all(len(form) == 1 for form in forms):
        return range(len(text))
    offsets = array("Q")
    for offset, characters in enumerate(forms):
        for form in characters:
            # Only spaces are squeezed out, and of a run the first one stays: a space that is not the next character
            # to come was dropped.
            if len(offsets) < len(text) and form == text[len(offsets)]:
                offsets.append(offset)
    return offsets


class _Forms(dict[int, str]):
    """Code point -> its normalized form, found out when first met."""

    def __missing__(self, code_point: int) -> str:
        form = _form(chr(code_point))
        # A text of a million different characters must not stay in memory for ever.
        if len(self) < _CACHED_CHARACTERS:
            self[code_point] = form
        return form


_FORMS = _Forms()


def _form(character: str) -> str:
    """One character's normalized form: the steps are repeated until nothing changes."""
    form = character
    for _ in range(_MOST_PASSES):
        before = form
        form = "".join(map(_one_pass, form))
        if form == before:
            break
    return form


def _one_pass(character: str) -> str:
    pieces = [_plain(piece) for piece in unicodedata.normalize("NFKD", character)]
    letters = unicodedata.normalize("NFKC", "".join(pieces).translate(_LOOK_ALIKES).casefold())
    return letters.translate(_simplified())


def _plain(character: str) -> str:
    """Reduce a decomposed character: nothing if it does not show, a space if it separates, ASCII if it is a digit."""
    category = unicodedata.category(character)
    if character.isspace() or category in _SEPARATOR_CATEGORIES or character in _SEPARATORS:
        return " "
    if category in {"Mn", "Mc", "Me", "Cc", "Cf"} or character in _INVISIBLE_LETTERS:
        return ""
    if any(first <= ord(character) <= last for first, last in _INVISIBLE_RANGES):
        return ""
    return str(unicodedata.decimal(character)) if category == "Nd" else character


@cache
def _simplified() -> dict[int, str]:
    """Read the shipped table of traditional characters (its source and license are in the file)."""
    table = resources.files("nbo.script").joinpath("characters", "traditional_to_simplified.txt").read_text("utf-8")
    pairs = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return {ord(traditional): simplified for traditional, simplified in pairs}
