"""Numbers with names → plots: shares with their intervals, bars, columns over time.

Each is drawn 360 wide with what it shows written beside the marks, so that it can be read on a phone as it is. Places are
worked out in fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from unicodedata import east_asian_width

from nbo.workbench.evidence.document import Plot
from nbo.workbench.evidence.drawing import Box, Dot, Label, Mark, Stroke
from nbo.workbench.figures.rates import Interval, rounded

MOST_BARS = 20
MOST_COLUMNS = 62
WIDTH = 360
_ROW = 34  # height of a bar with its name above it
_NAME_CELLS = 38  # how wide a name may be, in Latin letters
_PLOT_HEIGHT, _TOP, _BOTTOM = 110, 16, 20


@dataclass(frozen=True, slots=True)
class Share:
    """A name, a share with its interval, and the words that say it."""

    name: str
    interval: Interval
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A name, how many, and the words that say it."""

    name: str
    count: int
    text: str


def shares(anchor: str, title: str, description: str, rows: Sequence[Share]) -> Plot:
    """One line a row: the share as a dot, its interval as a stroke, from 0 to the highest end of an interval."""
    most = max((each.interval.high for each in rows), default=Fraction(1)) or Fraction(1)
    marks: list[Mark] = []
    for number, each in enumerate(rows):
        top, middle = number * _ROW, number * _ROW + 24
        marks += _named(each.name, each.text, top)
        marks.append(Stroke("0", _at(middle), _at(WIDTH), _at(middle)))
        low, value, high = (_across(end / most) for end in (each.interval.low, each.interval.value, each.interval.high))
        marks.append(Stroke(low, _at(middle), high, _at(middle), "range"))
        marks.append(Dot(value, _at(middle), "4"))
    return Plot(anchor, title, description, max(len(rows), 1) * _ROW, tuple(marks))


def bars(anchor: str, title: str, description: str, rows: Sequence[Bar]) -> Plot:
    """One bar a row, from 0 to the largest count."""
    most = max((each.count for each in rows), default=1) or 1
    marks: list[Mark] = []
    for number, each in enumerate(rows):
        top = number * _ROW
        marks += _named(each.name, each.text, top)
        marks.append(Box("0", _at(top + 18), _at(WIDTH), "9", "shade"))
        marks.append(Box("0", _at(top + 18), _at(Fraction(each.count * WIDTH, most)), "9"))
    return Plot(anchor, title, description, max(len(rows), 1) * _ROW, tuple(marks))


def columns(anchor: str, title: str, description: str, rows: Sequence[Bar]) -> Plot:
    """One column a row, side by side, with the largest count and the first and last name written."""
    most = max((each.count for each in rows), default=1) or 1
    step = Fraction(WIDTH, max(len(rows), 1))
    base = _TOP + _PLOT_HEIGHT
    marks: list[Mark] = [Label("0", "11", str(most), tone="soft"), Stroke("0", _at(_TOP), _at(WIDTH), _at(_TOP))]
    for number, each in enumerate(rows):
        height = Fraction(each.count * _PLOT_HEIGHT, most)
        width = min(step * 4 / 5, Fraction(40))
        marks.append(Box(_at(number * step + (step - width) / 2), _at(base - height), _at(width), _at(height)))
    marks.append(Stroke("0", _at(base), _at(WIDTH), _at(base)))
    if rows:
        marks.append(Label("0", _at(base + 14), rows[0].name, tone="soft"))
    if len(rows) > 1:
        marks.append(Label(_at(WIDTH), _at(base + 14), rows[-1].name, "end", "soft"))
    return Plot(anchor, title, description, base + _BOTTOM, tuple(marks))


def _named(name: str, text: str, top: int) -> Iterable[Mark]:
    yield Label("0", _at(top + 13), _cut(name))
    yield Label(_at(WIDTH), _at(top + 13), text, "end", "soft")


def _across(share: Fraction) -> str:
    """A place from left to right that leaves room for half a dot at each end."""
    return _at(4 + share * (WIDTH - 8))


def _at(place: Fraction | int) -> str:
    return format(rounded(Fraction(place), 1), "f")


def _cut(name: str) -> str:
    """The beginning of a name that would run into what stands on its right."""
    room = _NAME_CELLS
    for end, each in enumerate(name):
        room -= 2 if east_asian_width(each) in "WF" else 1
        if room < 0:
            return f"{name[:end]}…"
    return name
