"""Stage 1: what must hold before anything is brought up; and what must hold before it is ordered.

The pack's own gates come first, then those of compliance packs. These forbid and choose nothing, so they see what an opt-out
hides: a refusal counts although the history may not rank.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from nbo.decide.candidate import Blocked, Candidate, Setting
from nbo.language.interpret import Row
from nbo.pack.gate import Gate
from nbo.script.compliance import Check


def check(candidate: Candidate, setting: Setting) -> Blocked | None:
    """The first gate that is not certain to hold; the order in the file is the order in which an agent hears of it."""
    for gate in applying(candidate, setting):
        if gate.severity == "block" and gate.clause.expression.ask(read_by(gate, candidate)) is not True:
            return stopped_by(gate, candidate, setting)
    return None


def remarks(candidate: Candidate, setting: Setting) -> Iterator[Check]:
    """What the gates say that only warn, for the record of an offer."""
    for gate in _applying(setting.pack.warning_gates, candidate, setting, "pitch"):
        held = gate.clause.expression.ask(read_by(gate, candidate)) is True
        yield Check(gate.id, "passed" if held else "warned")


def stopped_by(gate: Gate, candidate: Candidate, setting: Setting) -> Blocked:
    """What a gate says that does not hold."""
    clause, values = gate.clause, read_by(gate, candidate)
    unknown = clause.expression.ask(values) is None
    missing = clause.expression.missing(values, setting.pack.dictionary) if unknown else ()
    return Blocked("gates", gate.id, clause.reason, clause.span, clause, missing, gate.serve, unknown)


def applying(candidate: Candidate, setting: Setting, at: Literal["pitch", "order"] = "pitch") -> Iterator[Gate]:
    """The gates of this offer: by kind, family, channel, date and scope; an unknown scope applies."""
    return _applying(setting.pack.gates, candidate, setting, at)


def _applying(
    gates: Iterable[Gate], candidate: Candidate, setting: Setting, at: Literal["pitch", "order"]
) -> Iterator[Gate]:
    offer = candidate.offer
    for gate in gates:
        if gate.at != at or offer.kind not in gate.kinds:
            continue
        if gate.families is not None and offer.family not in gate.families:
            continue
        if gate.channels is not None and setting.channel not in gate.channels:
            continue
        if gate.in_force is not None and not gate.in_force.covers(setting.today):
            continue
        if gate.scope is None or gate.scope.ask(read_by(gate, candidate)) is not False:
            yield gate


def read_by(gate: Gate, candidate: Candidate) -> Row:
    """The values that a gate reads."""
    return candidate.unmasked if gate.lawful else candidate.values
