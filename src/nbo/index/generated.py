"""The look-up as straight code: a customer's values to cells, and cells to the offers that are left.

Only numbers made here and tables bound by name reach the code; no text of an analyst is ever pasted into it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from nbo.index.axis import MISSING, REFUSED, Axis
from nbo.language.types import Value

Cells = tuple[Any, ...]
Find = Callable[[Sequence[Value | None], frozenset[int]], Cells]
Alive = Callable[[Cells], int]

_STRETCH = 9  # between two looks whether anybody is left


def cell_finder(axes: Sequence[Axis]) -> Find:
    """A function of values and refused slots that gives each axis's cell."""
    bound: dict[str, object] = {"below": bisect_left, "upto": bisect_right}
    lines = ["def found(values, refused):"]
    for n, axis in enumerate(axes):
        lines.extend(f"    {line}" for line in _cell(n, axis, bound))
    lines.append(f"    return ({''.join(f'c{n}, ' for n in range(len(axes)))})")
    found: Find = _compiled(lines, bound, "found")
    return found


def _cell(n: int, axis: Axis, bound: dict[str, object]) -> list[str]:
    slot = axis.attribute.slot
    absent = f"({REFUSED} if {slot} in refused else {MISSING})" if axis.tells_refused else str(MISSING)
    bound[f"k{n}"] = axis.cuts
    match axis.mode:
        case "presence":
            return [f"c{n} = 0 if values[{slot}] is not None else {absent}"]
        case "at":
            return [f"v = values[{slot}]", f"c{n} = upto(k{n}, v) if v is not None else {absent}"]
        case "above":
            return [f"v = values[{slot}]", f"c{n} = below(k{n}, v) if v is not None else {absent}"]
        case "both":  # two cells a cut: at it, and above it
            return [
                f"v = values[{slot}]",
                f"if v is None: c{n} = {absent}",
                f"else: i = upto(k{n}, v); c{n} = i + i - (k{n}[i - 1] == v)",
            ]
        case "values":
            bound[f"k{n}"] = axis.cells.get
            if axis.tells_refused:
                return [f"v = values[{slot}]", f"c{n} = k{n}(v, {axis.elsewhere}) if v is not None else {absent}"]
            return [f"c{n} = k{n}(values[{slot}], {axis.elsewhere})"]
        case "set":
            return [f"v = values[{slot}]", f"c{n} = v if v is not None else {absent}"]


def alive_in(axes: Sequence[Axis], segment: int, everything: int) -> Alive:
    """A function of cells that gives the offers of a segment whose indexed conditions are true.

    The first axes are those that leave the fewest alive; where nobody is left the rest is not asked.
    """
    bound: dict[str, object] = {"everything": everything}
    lines = ["def alive(cells):", "    m = everything"]
    if axes:
        lines.append(f"    ({''.join(f'c{n}, ' for n in range(len(axes)))}) = cells")
    for start in range(0, len(axes), _STRETCH):
        if start:
            lines.append("    if not m: return 0")
        asked = []
        for n, axis in enumerate(axes[start : start + _STRETCH], start):
            table = axis.alive[segment]
            bound[f"a{n}"] = table.alive if axis.mode == "set" else table
            asked.append(f"a{n}(c{n})" if axis.mode == "set" else f"a{n}[c{n}]")
        lines.append(f"    m = {' & '.join([*(['m'] if start else []), *asked])}")
    alive: Alive = _compiled([*lines, "    return m"], bound, "alive")
    return alive


def hanging_in(axes: Sequence[Axis], segment: int, asked: int) -> Alive:
    """A function of cells that gives the offers of a segment that must be asked one by one: `asked` always are."""
    bound: dict[str, object] = {"asked": asked}
    found = ["asked"]
    for n, axis in enumerate(axes):
        if axis.hanging:
            bound[f"h{n}"] = axis.hanging[segment]
            found.append(f"h{n}[cells[{n}]]")
    hanging: Alive = _compiled(["def hanging(cells):", f"    return {' | '.join(found)}"], bound, "hanging")
    return hanging


def _compiled(lines: Sequence[str], bound: dict[str, object], name: str) -> Any:
    namespace: dict[str, object] = {"__builtins__": {}, **bound}
    exec(compile("\n".join(lines), "<index>", "exec"), namespace)  # noqa: S102 - the text is this module's own
    return namespace[name]
