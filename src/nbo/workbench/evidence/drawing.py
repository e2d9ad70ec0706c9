"""What a plot is drawn of: a few marks with places on its plane; no markup and no color.

Places are texts with one decimal, counted from the upper left corner. A tone names what a mark is for; the style sheet says how
that looks by day and by night.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

Tone = Literal["main", "soft", "shade", "range", "axis"]


@dataclass(frozen=True, slots=True)
class Box:
    """A bar."""

    form: ClassVar[str] = "box"
    x: str
    y: str
    width: str
    height: str
    tone: Tone = "main"


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    form: ClassVar[str] = "stroke"
    x: str
    y: str
    to_x: str
    to_y: str
    tone: Tone = "axis"


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle."""

    form: ClassVar[str] = "dot"
    x: str
    y: str
    radius: str
    tone: Tone = "main"


@dataclass(frozen=True, slots=True)
class Label:
    """A text that begins, is centered or ends at its place."""

    form: ClassVar[str] = "label"
    x: str
    y: str
    text: str
    anchor: Literal["start", "middle", "end"] = "start"
    tone: Tone = "main"


Mark = Box | Stroke | Dot | Label
