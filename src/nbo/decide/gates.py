"""Stage 1: what must hold before anything is brought up. The pack's own gates first, then those of compliance packs."""

from __future__ import annotations

from collections.abc import Iterator

from nbo.decide.candidate import Blocked, Candidate, Setting
from nbo.language.interpret import Row
from nbo.pack.rulepack import Gate, Offer


def check(candidate: Candidate, setting: Setting) -> Blocked | None:
    """The first gate that is not certain to hold; the order in the file is the order in which an agent hears of it."""
    dictionary = setting.pack.dictionary
    for gate in applying(candidate.offer, candidate.values, setting):
        result = gate.clause.expression.ask(candidate.values)
        if result is not True:
            missing = () if result is False else gate.clause.expression.missing(candidate.values, dictionary)
            return Blocked(
                "gates", gate.id, gate.clause.reason, gate.clause.span, gate.clause, missing, gate.serve, result is None
            )
    return None


def applying(offer: Offer, values: Row, setting: Setting) -> Iterator[Gate]:
    """The gates before a pitch of this offer: by kind, family, channel, date and scope; an unknown scope applies."""
    for gate in setting.pack.gates:
        if gate.at != "pitch" or offer.kind not in gate.kinds:
            continue
        if gate.families is not None and offer.family not in gate.families:
            continue
        if gate.channels is not None and setting.channel not in gate.channels:
            continue
        if gate.in_force is not None and not gate.in_force.covers(setting.today):
            continue
        if gate.scope is None or gate.scope.ask(values) is not False:
            yield gate
