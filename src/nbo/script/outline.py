"""What is known of a script before its values: worked out once, for every combination of segments that somebody hears.

In: the segments that are said, of an offer's treatment, in a language. Out: which rules the fixed words keep whatever the
values are, and how long each value may be so that the talk time keeps its limits. A rule that the outline settles needs no
second look at run time; any other is judged on the final words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from nbo.language.template import Placeholder, Template
from nbo.language.types import Kind
from nbo.pack.offer import Offer
from nbo.script.longest import longest_values
from nbo.script.normalize import normalize
from nbo.script.render import JOINED_BY
from nbo.script.speech import SpokenLength, spoken_length
from nbo.script.wording import Numeric

_WITHOUT_WORDS = frozenset({Kind.MONEY, Kind.INTEGER, Kind.DECIMAL, Kind.RATE, Kind.DATE, Kind.TIME})
_ENDING_IN_A_SIGN = frozenset({Kind.RATE, Kind.DATE})
_WITH_DECIMALS = frozenset({Kind.MONEY, Kind.RATE})
_NUMBERS = frozenset({Kind.MONEY, Kind.INTEGER, Kind.RATE})


@dataclass(frozen=True, slots=True)
class Outline:
    """`open` are the rules that the fixed words do not settle, `timed` those that hold while every value has `room`.

    Forbidden wording that the fixed words do not have holds a part of a value. `words` are the places of those values that
    can begin or end a word: texts and labels, and whatever touches a Latin letter. The others are numbers and dates.
    """

    open: frozenset[str]
    timed: frozenset[str]
    room: tuple[Room, ...]  # one a placeholder, in order
    words: tuple[int, ...]
    labels: frozenset[int]  # places that are filled with words of the pack, not with a customer's
    personal: bool  # whether the fixed words hold personal data
    touched: bool  # whether a rate or a day stands before what could make wording of its last sign
    counts: tuple[int, ...]  # the places of numbers that can be a number of some wording


@dataclass(frozen=True, slots=True)
class Room:
    """How long a value may be: in characters where it is a number written in full, else as one of `spoken`."""

    characters: int
    spoken: tuple[SpokenLength, ...]
    language: str

    def has(self, said: str) -> bool:
        """Whether a value takes no longer than the longest that was reckoned with."""
        if self.characters:
            return len(said) <= self.characters
        length = _before_more(said, self.language)
        return any(length.units <= most.units and length.pauses <= most.pauses for most in self.spoken)


def rooms(templates: Iterable[Template], offer: Offer, language: str) -> tuple[Room, ...]:
    """The room of every placeholder of some texts, in order."""
    return tuple(
        _room(part, offer, language)
        for template in templates
        for part in template.parts
        if isinstance(part, Placeholder)
    )


def word_places(templates: Iterable[Template], language: str) -> tuple[int, ...]:
    """Which placeholders of texts that follow one another can begin or end a word, counted in order."""
    parts: list[str | Placeholder] = [""]
    for template in templates:
        parts += [*template.parts, JOINED_BY[language]]
    placeholders = [index for index, part in enumerate(parts) if isinstance(part, Placeholder)]
    return tuple(place for place, index in enumerate(placeholders) if _is_word(parts, index))


def label_places(templates: Iterable[Template]) -> frozenset[int]:
    """Which placeholders are filled with words of the pack: the label of a value, or a field of a quote."""
    attributes = [part.attribute for template in templates for part in template.placeholders]
    return frozenset(
        place for place, each in enumerate(attributes) if not each.pii and (each.engine or each.type.kind is Kind.ENUM)
    )


def is_touched(templates: Iterable[Template], language: str, numeric: Numeric) -> bool:
    """Whether a rate or a day of texts that follow one another stands where wording could begin with its last sign."""
    if numeric.alone:
        return True
    parts: list[str | Placeholder] = [""]
    for template in templates:
        for part in (*template.parts, JOINED_BY[language]):
            if isinstance(part, str) and isinstance(parts[-1], str):
                parts[-1] += part
            else:
                parts.append(part)
    for part, after in pairwise(parts):
        if (
            isinstance(part, Placeholder)
            and part.attribute.type.kind in _ENDING_IN_A_SIGN
            and (isinstance(after, Placeholder) or normalize(after).text.lstrip()[:1] in numeric.after)
        ):
            return True
    return False


def count_places(templates: Iterable[Template], numeric: Numeric) -> tuple[int, ...]:
    """Which placeholders can be filled with a number that some wording has; amounts and rates have two decimals."""
    fixed = frozenset[Kind]() if any("." in run for run in numeric.runs) else _WITH_DECIMALS
    kinds = [part.attribute.type.kind for template in templates for part in template.placeholders]
    return tuple(place for place, kind in enumerate(kinds) if kind in _WITHOUT_WORDS - fixed)


def _is_word(parts: Sequence[str | Placeholder], index: int) -> bool:
    part = parts[index]
    if not isinstance(part, Placeholder) or part.attribute.type.kind not in _WITHOUT_WORDS:
        return True
    before, after = parts[index - 1], parts[index + 1]
    # an empty stretch stands at a join, or between two values
    touching = (
        before[-1:] if isinstance(before, str) else "",
        after[:1] if isinstance(after, str) else "",
    )
    return any(not each or (each.isascii() and each.isalpha()) for each in touching)


def _room(placeholder: Placeholder, offer: Offer, language: str) -> Room:
    values = longest_values(placeholder, offer, language)
    if placeholder.attribute.type.kind in _NUMBERS:
        return Room(max(map(len, values), default=0), (), language)
    return Room(0, tuple(_before_more(each, language) for each in values), language)


@lru_cache(maxsize=4_096)  # dates and labels come again and again
def _before_more(said: str, language: str) -> SpokenLength:
    """The length of a value that something follows: a mark at its end is a pause."""
    return spoken_length(f"{said}国", language)
