"""What is known of a script before its values: worked out once, for every combination of segments that somebody hears.

In: the segments that are said, of an offer's treatment, in a language. Out: which rules the fixed words keep whatever the
values are, and how long each value may be so that the talk time keeps its limits. A rule that the outline settles needs no
second look at run time; any other is judged on the final words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from nbo.language.template import Placeholder, Template
from nbo.language.types import Kind
from nbo.pack.rulepack import Offer
from nbo.script.longest import longest_values
from nbo.script.speech import SpokenLength, spoken_length

_NUMBERS = frozenset({Kind.MONEY, Kind.INTEGER, Kind.RATE})


@dataclass(frozen=True, slots=True)
class Outline:
    """`open` are the rules that the fixed words do not settle, `timed` those that hold while every value has `room`."""

    open: frozenset[str]
    timed: frozenset[str]
    room: tuple[Room, ...]  # one a placeholder, in order


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


def _room(placeholder: Placeholder, offer: Offer, language: str) -> Room:
    values = longest_values(placeholder, offer, language)
    if placeholder.attribute.type.kind in _NUMBERS:
        return Room(max(map(len, values), default=0), (), language)
    return Room(0, tuple(_before_more(each, language) for each in values), language)


@lru_cache(maxsize=4_096)  # dates and labels come again and again
def _before_more(said: str, language: str) -> SpokenLength:
    """The length of a value that something follows: a mark at its end is a pause."""
    return spoken_length(f"{said}国", language)
