"""What a case says is counted over all customers: what is used of caps, and the figures that floors look at.

In: a case as written, and the pack with its caps and floors. Out: amounts and figures by the pack's own names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Text
from nbo.pack.files.cases import CaseFile
from nbo.pack.floor import Figure, Floor, FloorFigures
from nbo.pack.link import Linker
from nbo.pack.rulepack import RulePack
from nbo.source.model import Exact, Share, validate
from nbo.source.nodes import Mapping as MappingNode
from nbo.source.nodes import Node, Scalar

_CAP = Text("cap", "上限")
_FLOOR = Text("floor", "底线")
_NOT_NEGATIVE = Text("a number of at least 0", "不小于 0 的数")
_BY = {
    "offer": Text("a figure an offer, `offer: 3.2`", "每个产品一个指标，`产品: 3.2`"),
    "family": Text("a figure a family, `family: 3.2`", "每个产品族一个指标，`产品族: 3.2`"),
}
_ONE = Text("one figure, such as `3.2` or `12%`", "一个指标，例如 `3.2` 或 `12%`")


@dataclass(frozen=True, slots=True)
class Counts:
    """Used of caps by their ids, and figures by floor; None: the case says nothing of them."""

    used: Mapping[str, Decimal] | None
    figures: FloorFigures | None


def link_counts(linker: Linker, case: CaseFile, pack: RulePack) -> Counts:
    """The counts of a case; mistakes are collected in the linker."""
    used: dict[str, Decimal] | None = None
    if case.used is not None:
        used = {}
        caps = {each.id: each for each in pack.caps}
        for name, node in _entries(case, "used", case.used):
            cap, amount = linker.reference(name, caps, _CAP), _number(linker, node, Exact)
            if cap is not None and amount is not None:
                used[cap.id] = amount
    figures: dict[str, Mapping[str, Figure]] | None = None
    if case.figures is not None:
        figures = {each.id: {} for each in pack.floors}
        floors = {each.id: each for each in pack.floors}
        for name, node in _entries(case, "figures", case.figures):
            floor = linker.reference(name, floors, _FLOOR)
            if floor is not None:
                figures[floor.id] = _figures(linker, floor, node, pack)
    return Counts(used, figures)


def _entries(case: CaseFile, key: str, written: Mapping[str, Node]) -> list[tuple[Scalar, Node]]:
    node = case.node_of(key)
    assert isinstance(node, MappingNode)  # noqa: S101 - it was validated as one
    return [(Scalar(name, node.keys_at[name]), each) for name, each in written.items()]


def _figures(linker: Linker, floor: Floor, node: Node, pack: RulePack) -> Mapping[str, Figure]:
    """By what the floor looks at; as many as are enough to be judged by."""
    if not isinstance(floor.of, str) or floor.of == "everything":
        if isinstance(node, MappingNode):
            linker.found.append(catalog.WRONG_SHAPE.at(node.span, expected=_ONE))
            return {}
        return _figure(linker, floor, "", node)
    if not isinstance(node, MappingNode):
        linker.found.append(catalog.WRONG_SHAPE.at(node.span, expected=_BY[floor.of]))
        return {}
    of_offers = floor.of == "offer"
    known = {each.id if of_offers else each.family: each for each in pack.offers}
    kind = Text("offer", "产品") if of_offers else Text("family", "产品族")
    found: dict[str, Figure] = {}
    for subject, each in node.items():
        if linker.reference(Scalar(subject, node.keys_at[subject]), known, kind) is not None:
            found |= _figure(linker, floor, subject, each)
    return found


def _figure(linker: Linker, floor: Floor, subject: str, node: Node) -> dict[str, Figure]:
    value = _number(linker, node, Exact if floor.measure == "csat" else Share)
    return {} if value is None else {subject: Figure.mean(value, floor.at_least)}


def _number(linker: Linker, node: Node, kind: type[Decimal]) -> Decimal | None:
    value: Decimal | None
    value, found = validate(kind, node)
    linker.found.extend(found)
    if value is not None and value < 0:
        linker.found.append(catalog.WRONG_VALUE.at(node.span, value=node.span.text, expected=_NOT_NEGATIVE))
        return None
    return value
