"""The look-up as straight code: a customer's values to the offers of a segment whose indexed conditions are true.

Only numbers made here and tables bound by name reach the code; no text of an analyst is ever pasted into it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from nbo.index.axis import Axis, LineAxis, SetAxis, ValueAxis
from nbo.index.either import Either
from nbo.language.intake import Values

Alive = Callable[[Values], int]

_STRETCH = 9  # between two looks whether anybody is left


def alive_in(axes: Sequence[Axis], eithers: Sequence[Either], size: int) -> Alive:
    """A function of values that gives the offers of a segment of `size` whose indexed conditions are true.

    The first axes are those that leave the fewest alive; where nobody is left the rest is not asked. A layer of *or*s is
    asked where one of those that are left has one.
    """
    code = _Code()
    lines = ["def alive(given):", " values = given[:]", f" m = {code.name((1 << size) - 1)}"]
    for n, axis in enumerate(axes, 1):
        lines.extend(f" {line}" for line in code.narrowed("m", "&", axis))
        if n % _STRETCH == 0:
            lines.append(" if not m: return 0")
    for either in eithers:
        lines.append(f" if m & {code.name(either.asking)}:")
        lines.extend(f"  {line}" for line in code.narrowed_by_either(either))
    alive: Alive = code.compiled([*lines, " return m"])
    return alive


@dataclass(slots=True)
class _Code:
    """Writes out axes, and remembers what is bound to names."""

    bound: dict[str, object] = field(default_factory=lambda: {"below": bisect_left, "upto": bisect_right})
    numbers: Iterator[int] = field(default_factory=count)

    def name(self, value: object) -> str:
        name = f"k{next(self.numbers)}"
        self.bound[name] = value
        return name

    def narrowed(self, target: str, operator: str, axis: Axis) -> Iterator[str]:
        """Statements that put `target` together with what the axis leaves alive.

        PERF: a value's cell and its mask are found in one expression, from an exact list (`Values` is none, and is read at a
        third of the speed): all of 100 offers in 3.9 us, in two steps 5.5 us (benchmarks/matching_offers.py).
        """
        slot = axis.attribute.slot
        if isinstance(axis, ValueAxis) and None in axis.by_value:
            yield f"{target} {operator}= {self.name(axis.by_value.get)}(values[{slot}], {self.name(axis.elsewhere)})"
            return
        missing, refused = axis.absent
        absent = self.name(missing) if missing == refused else f"{self.name(axis.absent)}[{slot} in given.refused]"
        yield f"v = values[{slot}]"
        match axis:
            case LineAxis(sides="both"):
                cuts, masks = self.name(axis.cuts), self.name(axis.masks)
                yield f"if v is None: {target} {operator}= {absent}"
                yield f"else: i = upto({cuts}, v); {target} {operator}= {masks}[i + i - ({cuts}[i - 1] == v)]"
            case LineAxis(sides=sides):
                find = f"{'below' if sides == 'above' else 'upto'}({self.name(axis.cuts)}, v)"
                yield f"{target} {operator}= {self.name(axis.masks)}[{find}] if v is not None else {absent}"
            case ValueAxis():
                found = f"{self.name(axis.by_value)}.get(v, {self.name(axis.elsewhere)})"
                yield f"{target} {operator}= {found} if v is not None else {absent}"
            case SetAxis(layers=[(free, having)]) if not axis.without:  # the usual one demand an offer
                yield f"if v is None: {target} {operator}= {absent}"
                yield "else:"
                yield f" s = {self.name(free)}; h = {self.name(having)}"
                yield " for v in v:"
                yield "  if v in h: s |= h[v]"
                yield f" {target} {operator}= s"
            case _:
                yield f"{target} {operator}= {self.name(axis.alive)}(v) if v is not None else {absent}"

    def narrowed_by_either(self, either: Either) -> Iterator[str]:
        """Statements that take those out of `m` whose *or* is not true."""
        yield f"e = {self.name(either.free)}"
        for axis in either.axes:
            yield from self.narrowed("e", "|", axis)
        if either.looks:
            yield f"if given.refused: e = {self.name(either.forgiven_nothing)}(e, given)"
        yield "m &= e"

    def compiled(self, lines: Sequence[str]) -> Any:
        namespace: dict[str, object] = {"__builtins__": {}, **self.bound}
        exec(compile("\n".join(lines), "<index>", "exec"), namespace)  # noqa: S102 - the text is this module's own
        return namespace["alive"]
