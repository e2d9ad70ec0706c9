"""The look-up as straight code: a customer's values to cells, and cells to the offers that are left.

Only numbers made here and tables bound by name reach the code; no text of an analyst is ever pasted into it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from nbo.index.axis import MISSING, REFUSED, Axis, SetTable
from nbo.language.types import Value

Cells = tuple[Any, ...]
Find = Callable[[Sequence[Value | None], frozenset[int]], Cells]
Alive = Callable[[Cells], int]
First = Callable[[Sequence[Value | None], frozenset[int]], int]

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
    lines = ["def alive(cells):"]
    if axes:
        lines.append(f"    ({''.join(f'c{n}, ' for n in range(len(axes)))}) = cells")
    lines += _narrowed(axes, segment, bound, find=False)
    alive: Alive = _compiled(lines, bound, "alive")
    return alive


def first_alive(axes: Sequence[Axis], everything: int) -> First:
    """Both steps at once for the first segment: a function of values and refused slots.

    PERF: all of 100 offers: 2.1 times the time of a written-out function in two steps, 1.1 to 1.7 in one
    (benchmarks/matching_offers.py).
    """
    bound: dict[str, object] = {"everything": everything, "below": bisect_left, "upto": bisect_right}
    first: First = _compiled(["def first(values, refused):", *_narrowed(axes, 0, bound, find=True)], bound, "first")
    return first


def _narrowed(axes: Sequence[Axis], segment: int, bound: dict[str, object], *, find: bool) -> list[str]:
    lines = ["m = everything"]
    for start in range(0, len(axes), _STRETCH):
        if start:
            lines.append("if not m: return 0")
        asked = ["m"] if start else []
        for n, axis in enumerate(axes[start : start + _STRETCH], start):
            if find:
                lines.extend(_cell(n, axis, bound))
            bound[f"a{n}"] = table = axis.alive[segment]
            if isinstance(table, SetTable):
                lines.extend(_set(n, table, bound))
                asked.append(f"s{n}")
            else:
                asked.append(f"a{n}[c{n}]")
        lines.append(f"m = {' & '.join(asked)}")
    return [f"    {line}" for line in [*lines, "return m"]]


def _set(n: int, table: SetTable, bound: dict[str, object]) -> list[str]:
    """What a set leaves alive: written out for the usual one demand an offer, asked of the table otherwise."""
    if len(table.layers) != 1 or table.without:
        return [f"s{n} = a{n}.alive(c{n})"]
    bound[f"b{n}"], bound[f"f{n}"], bound[f"h{n}"] = table.absent, *table.layers[0]
    return [
        f"if c{n} in b{n}: s{n} = b{n}[c{n}]",
        "else:",
        f"    s{n} = f{n}",
        f"    for v in c{n}:",
        f"        if v in h{n}: s{n} |= h{n}[v]",
    ]


def hanging_in(axes: Sequence[Axis], segment: int) -> Alive:
    """A function of cells that gives the offers of a segment that hang on where in its cell a value falls."""
    bound: dict[str, object] = {}
    found = []
    for n, axis in enumerate(axes):
        if axis.hanging:
            bound[f"h{n}"] = axis.hanging[segment]
            found.append(f"h{n}[cells[{n}]]")
    hanging: Alive = _compiled(["def hanging(cells):", f"    return {' | '.join(found) or '0'}"], bound, "hanging")
    return hanging


def _compiled(lines: Sequence[str], bound: dict[str, object], name: str) -> Any:
    namespace: dict[str, object] = {"__builtins__": {}, **bound}
    exec(compile("\n".join(lines), "<index>", "exec"), namespace)  # noqa: S102 - the text is this module's own
    return namespace[name]
