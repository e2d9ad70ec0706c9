"""Bring a text to one form, so that a word is found however it is written.

Place: the first step of every check of wording. In goes a text as a person or a template wrote it; out comes a
`Normalized`: the text to search, and the way from each of its characters back to the original. It does not search, and
it does not judge. What can be read in more than one way (`gu4ranteed`, `guar-anteed`) has `nbo.script.readings`.

What changes, character by character (`nbo.script.forms`):

- compatibility forms become plain ones (NFKC: full width, circled, ligatures), letters lose their case, digits of any
  script become ASCII;
- accents and other combining marks, zero-width characters, variation selectors, control and format characters vanish;
- traditional characters become simplified ones, look-alikes (Cyrillic, Greek, radicals, rare variants) what they look
  like;
- white space, the separators that people put inside words (middle dots, dashes, underscore, asterisk, slash) and signs
  that only decorate (stars, emoji) become a space. A space stays only between two words that are not CJK, and only one.

And what needs a look around:

- a character in two halves (亻呆) becomes one;
- between two Chinese characters, dots and quotation marks vanish, and so do the marks around one that they set apart
  (国、家、级). Other sentence punctuation stays, so a term is not found across two sentences.

Latin words spelled out with spaces (`f r e e`) stay apart: the space between Latin words has a meaning. A term knows how
it is spelled (`nbo.script.wording`).
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from string import ascii_letters, digits

from nbo.script.forms import WORD_CHARACTER, form, look_alikes, simplified, split_characters

_CACHED_CHARACTERS = 65_536

Places = tuple[Sequence[int], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Normalized:
    """A text in the one form that is searched.

    `text` is the normalized text, `original` the text as it came. `left_out` are stretches of the original that were
    passed over before anything else, for another reading of it.
    """

    text: str
    original: str = field(repr=False)
    left_out: tuple[tuple[int, int], ...] = ()
    _places: Places | None = field(default=None, repr=False, compare=False)

    @property
    def places(self) -> Places:
        """For each character of `text`, where what it comes from starts and ends in `original`.

        Made when first asked for: most texts have no hit.
        """
        places = self._places
        if places is None:
            places = _places_of(self.original, self.left_out)
            object.__setattr__(self, "_places", places)
        return places

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
        starts, ends = self.places
        return starts[start], ends[end - 1]


def normalize(text: str) -> Normalized:
    """Bring a text to the form that is searched, in time in proportion to its length. Every `str` is accepted.

    PERF: 300 characters take 8 µs in Chinese and 6 in English as scripts have them; where a character needs its form
    looked up 25 (benchmarks/matching.py, on a busy machine).

    >>> normalize("國\u200b家 ＊ 級").text
    '国家级'
    >>> normalize("Risk-Free  returns, 第 1 名").text
    'risk free returns,第1名'
    """
    if text.isascii():
        return Normalized(_ascii(text), text)
    if _needs_look_up().search(text):
        return Normalized(_stepped(text.translate(_FORMS)), text)
    plain = text.lower()
    for full_width, half_width in _FULL_WIDTH:
        plain = plain.replace(full_width, half_width)
    if " " in plain or _MAY_JOIN.search(plain):
        plain = _stepped(plain)
    if len(plain) == len(text):
        return Normalized(plain, text, (), (range(len(text)), range(1, len(text) + 1)))
    return Normalized(plain, text)


# PERF: most of a Chinese text is itself its normal form. That nothing in it needs a look-up is said by one search in C
# (1.5 µs for 300 characters; a look-up each takes 13 to 20), and the marks of every sentence are replaced by name (1.2 µs).
_FULL_WIDTH = tuple((mark, form(mark)) for mark in "，！？：；（）％")


@cache
def _needs_look_up() -> re.Pattern[str]:
    """What is not Han as simplified texts have it, nor a letter, digit or mark as Chinese texts have them."""
    of_tables = {*simplified(), *look_alikes(), *(ord(halves[0]) for halves in split_characters())}
    han = [code for code in range(0x4E00, 0x9FA6) if code not in of_tables]
    known = [*map(ord, f" .,!?:;()%{digits}{ascii_letters}、。"), *(ord(mark) for mark, _ in _FULL_WIDTH), *han]
    return re.compile(f"[^{''.join(_ranges(sorted(known)))}]")


def _ranges(codes: Sequence[int]) -> list[str]:
    """Sorted code points as ranges of a character class."""
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return [f"\\u{first:04x}-\\u{last:04x}" for first, last in ranges]


def _ascii(text: str) -> str:
    """PERF: after the commas and full stops of an English text lie nearly all the spaces that separate nothing."""
    plain = text.translate(_FORMS)
    if "  " not in plain:
        for mark in ",.?!:;":
            plain = plain.replace(f"{mark} ", mark)
        if not _IDLE_ASCII_SPACE.search(plain):
            return plain
    return _IDLE_SPACE.sub("", _SEVERAL_SPACES.sub("", plain))


_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_IDLE_ASCII_SPACE = re.compile(" (?:(?![a-z0-9])|(?<![a-z0-9] ))")
_SEVERAL_SPACES = re.compile("(?<= ) +")
# INVARIANT: a space that stays has a word character on both sides, so a normalized text normalizes to itself.
_IDLE_SPACE = re.compile(rf" (?:(?!{WORD_CHARACTER})|(?<!{WORD_CHARACTER} ))")
# Dots, quotation marks and signs: between two Chinese characters they part no sentences.
# PERF: both patterns begin with the mark, not with what stands before it, so the search skips to the few marks.
_SIGN = r"[.'\"#@&+=<>$“”„«»‹›「」『』【】〖〗〔〕《》〈〉\[\]{}†‡§¶]"
_INNER_MARKS = re.compile(rf"{_SIGN}(?<=[{_HAN}].){_SIGN}*(?=[{_HAN}])")
# A single character between two marks is a piece of a word, unless people say it by itself.
_MARKS = frozenset("、。,.:;!?()")
_MARK = f"[{''.join(sorted(_MARKS))}]"
_SAID_ALONE = "不没非无否未勿莫别对好是嗯哦噢啊行可有能会"
_PIECE = rf"(?![{_SAID_ALONE}])[{_HAN}]"
_SET_APART = re.compile(rf"{_MARK}(?<=[{_HAN}].){_MARK}{{0,2}}(?:{_PIECE}{_MARK}{{1,3}})+(?=[{_HAN}])")
# PERF: asked of every text, so it begins with the few marks.
_MAY_JOIN = re.compile(rf"{_MARK}(?:(?={_PIECE}{_MARK})|(?<=\.)(?![0-9]))")

Becomes = Callable[[str], Sequence[tuple[str, int, int]]]
"""What a stretch becomes: characters, and of which part of the stretch each is made."""


@cache
def _wholes() -> Mapping[str, str]:
    """By two halves in their normal forms, the character."""
    return {"".join(map(form, halves)): whole for halves, whole in split_characters().items()}


@cache
def _halves() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _wholes())))


def _nothing(_: str) -> Sequence[tuple[str, int, int]]:
    return ()


def _whole(halves: str) -> Sequence[tuple[str, int, int]]:
    return ((_wholes()[halves], 0, 2),)


def _without_marks(stretch: str) -> Sequence[tuple[str, int, int]]:
    return [(each, offset, offset + 1) for offset, each in enumerate(stretch) if each not in _MARKS]


@cache
def _steps() -> tuple[tuple[re.Pattern[str], Becomes], ...]:
    """What is done to a text of normalized characters, in this order."""
    return (
        (_SEVERAL_SPACES, _nothing),
        (_IDLE_SPACE, _nothing),
        (_halves(), _whole),
        (_INNER_MARKS, _nothing),
        (_SET_APART, _without_marks),
    )


def _stepped(text: str) -> str:
    for pattern, becomes in _steps() if " " in text else _steps()[2:]:
        text = pattern.sub("" if becomes is _nothing else _written_out(becomes), text)
    return text


def _written_out(becomes: Becomes) -> Callable[[re.Match[str]], str]:
    return lambda found: "".join(each for each, _, _ in becomes(found.group()))


def _places_of(original: str, left_out: Sequence[tuple[int, int]]) -> Places:
    """Where each character of the normalized text comes from: the same steps, with the places at their side."""
    characters: list[str] = []
    starts = array("Q")
    passed_over = iter((*left_out, (len(original), len(original))))
    next_out = next(passed_over)
    for offset, character in enumerate(original):
        if offset >= next_out[1]:
            next_out = next(passed_over)
        if offset < next_out[0]:
            for each in _FORMS[ord(character)]:
                characters.append(each)
                starts.append(offset)
    text = "".join(characters)
    ends = array("Q", (start + 1 for start in starts))
    for pattern, becomes in _steps():
        kept: list[str] = []
        kept_starts, kept_ends = array("Q"), array("Q")
        done = 0
        for match in pattern.finditer(text):
            first, last = match.span()
            kept.append(text[done:first])
            kept_starts.extend(starts[done:first])
            kept_ends.extend(ends[done:first])
            for each, begins, finishes in becomes(match.group()):
                kept.append(each)
                kept_starts.append(starts[first + begins])
                kept_ends.append(ends[first + finishes - 1])
            done = last
        kept.append(text[done:])
        text = "".join(kept)
        starts, ends = kept_starts + starts[done:], kept_ends + ends[done:]
    return starts, ends


class _Forms(dict[int, str]):
    """Code point -> its normalized form, found out when first met."""

    def __missing__(self, code_point: int) -> str:
        found = form(chr(code_point))
        # A text of a million different characters must not stay in memory for ever.
        if len(self) < _CACHED_CHARACTERS:
            self[code_point] = found
        return found


_FORMS = _Forms()
