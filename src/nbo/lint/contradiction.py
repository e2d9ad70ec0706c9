"""Clauses of an offer, its gates included, that can never all be true: the offer can never be made.

`age >= 60` beside `age <= 18`, or a gate that wants an active account before an offer for frozen ones. Nothing fails and
nobody notices: the offer is just never there. The same among the clauses of one segment, and among gates.

Only what is certain is reported (`together.py`). Contact rules and `volume` are left aside: they see what an opt-out hides.

NBO601 and NBO602; wrong and right: docs/diagnostics/NBO601.md, docs/diagnostics/NBO602.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, Text
from nbo.diagnostics.place import printable
from nbo.language.rewrite import SEGMENT
from nbo.lint.conditions import permissions
from nbo.lint.demands import Demand
from nbo.lint.ground import Ground
from nbo.pack.files.shared import KINDS
from nbo.pack.gate import Gate
from nbo.pack.offer import Offer

_LONGEST = 80
_Gates = Sequence[tuple[Gate, tuple[Demand, ...]]]
_KIND_WORDS = {
    "sales": Text("sales offers", "销售类产品"),
    "service": Text("service offers", "服务类产品"),
    "mandatory": Text("mandatory offers", "必办类产品"),
}


def lint(ground: Ground) -> Iterator[Diagnostic]:
    """One finding a contradiction: at the last of its clauses, with the others named."""
    pack = ground.pack
    for name, tree in ground.segments.items():
        span = pack.dictionary.attributes[name].span
        if span is not None and any(ground.together.conflicts(ground.demands_of_tree(tree, name, span))):
            yield catalog.SEGMENT_EMPTY.at(span, name=name.removeprefix(SEGMENT))
    gates = [
        (gate, tuple(ground.demands([gate.clause.expression]))) for gate in pack.gates if _always(gate, ground.today)
    ]
    yield from _between_gates(ground, gates)
    yield from ground.each_offer_past_gates("contradiction", lambda offer: _in_offer(ground, gates, offer))


def _in_offer(ground: Ground, gates: _Gates, offer: Offer) -> Iterator[Diagnostic]:
    before = [each for gate, wanted in gates if _concerns(gate, offer) for each in wanted]
    own = ground.demands(permissions(offer))
    consequence = Text(f"`{offer.id}` is never offered", f"永远不会推荐 `{offer.id}`")
    for few in ground.together.conflicts([*before, *own]):
        own_place = {each.span for each in few}
        if not set(few) <= set(before) and len(own_place) > 1:  # those are findings about gates, or a segment
            yield _finding(few, consequence)


def others_of(few: Sequence[Demand]) -> Text:
    """All but the last of some demands, with their places; a text is cut, because there can be several."""
    shown = [printable(f"`{_cut(each.text)}` ({each.span})") for each in few[:-1]]
    return Text(" and ".join(shown), " 和 ".join(shown))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _finding(few: Sequence[Demand], consequence: Text) -> Diagnostic:
    last = few[-1]
    return catalog.CANNOT_HOLD_TOGETHER.at(last.span, clause=last.text, others=others_of(few), consequence=consequence)


def _between_gates(ground: Ground, gates: _Gates) -> Iterator[Diagnostic]:
    said: set[tuple[Demand, ...]] = set()
    for kind in KINDS:
        whole = (gate for gate in gates if gate[0].families is None and kind in gate[0].kinds)
        for few in ground.together.conflicts(each for _, wanted in whole for each in wanted):
            if few not in said:
                said.add(few)
                words = _KIND_WORDS[kind]
                yield _finding(few, Text(f"{words.en} never pass the gates", f"{words.zh}永远过不了门槛"))


def _always(gate: Gate, today: date) -> bool:
    """Whether the gate holds on every channel and for every customer today."""
    in_force = gate.in_force is None or gate.in_force.covers(today)
    return gate.at == "pitch" and gate.channels is None and gate.scope is None and in_force


def _concerns(gate: Gate, offer: Offer) -> bool:
    return offer.kind in gate.kinds and (gate.families is None or offer.family in gate.families)
