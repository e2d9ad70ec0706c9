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
_SELDOM = 0.7  # offers left that ask about an attribute, from which on it pays to look first whether there are any


def alive_in(axes: Sequence[Axis], eithers: Sequence[Either], size: int) -> Alive:
    """A function of values that gives the offers of a segment of `size` whose indexed conditions are true.

    The first axes are those that leave the fewest alive. Where nobody is left the rest is not asked, and where few are left
    an axis is not asked unless one of them asks about it.
    """
    code = _Code()
    lines = ["def alive(values):", f" m = {code.name((1 << size) - 1)}"]
    left = float(size)
    asked: Sequence[Axis | Either] = (*axes, *eithers)
    for n, each in enumerate(asked, 1):
        seldom = left * each.asking.bit_count() / size < _SELDOM
        if seldom:
            lines.append(f" if m & {code.name(each.asking)}:")
        written = code.narrowed(each) if isinstance(each, Axis) else code.narrowed_by_either(each)
        lines.extend(f" {' ' * seldom}{line}" for line in written)
        if n % _STRETCH == 0:
            lines.append(" if not m: return 0")
        if isinstance(each, Axis):
            left *= each.share(size)
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

    def narrowed(self, axis: Axis) -> Iterator[str]:
        """Statements that take those out of `m` whose conditions on the attribute are not true."""
        return self._met("m", "&", axis)

    def narrowed_by_either(self, either: Either) -> Iterator[str]:
        """The same for the branches of a layer."""
        yield f"e = {self.name(either.free)}"
        for axis in either.axes:
            yield from self._met("e", "|", axis)
        if either.looks:
            yield f"if values.refused: e = {self.name(either.forgiven_nothing)}(e, values)"
        yield "m &= e"

    def _met(self, target: str, operator: str, axis: Axis) -> Iterator[str]:
        """`target` put together with what the axis leaves alive; a cell's number and mask are found in one expression."""
        slot = axis.attribute.slot
        if isinstance(axis, ValueAxis) and None in axis.by_value:
            yield f"{target} {operator}= {self.name(axis.by_value.get)}(values[{slot}], {self.name(axis.elsewhere)})"
            return
        missing, refused = axis.absent
        absent = self.name(missing) if missing == refused else f"{self.name(axis.absent)}[{slot} in values.refused]"
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

    def compiled(self, lines: Sequence[str]) -> Any:
        namespace: dict[str, object] = {"__builtins__": {}, **self.bound}
        exec(compile("\n".join(lines), "<index>", "exec"), namespace)  # noqa: S102 - the text is this module's own
        return namespace["alive"]
