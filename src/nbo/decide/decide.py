"""Decide: facts in, a decision out.

Candidates pass the stages in order; those that are left are ranked, and the best that may stand together and have words that
pass compliance are the answer (`run.py`). Here the answer gets the form in which it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import perf_counter_ns

from nbo.decide.candidate import Candidate, Setting
from nbo.decide.decision import DecidedOffer, Decision, Reason
from nbo.decide.outcome import no_offer_reason
from nbo.decide.run import Outcome, run
from nbo.decide.serving import Served, serve
from nbo.pack.clause import Clause


def decide(setting: Setting, *, limit: int, decision_id: str | None) -> Decision:
    """The decision for the facts of `setting`; at most `limit` offers."""
    started = perf_counter_ns()
    outcome = run(setting, limit)
    facts, pack, language = setting.facts, setting.pack, setting.language
    if outcome.chosen:
        reason, served = None, _ticket_beside(outcome, setting)
    else:
        reason, ways = no_offer_reason(outcome)
        served = serve(ways, setting)
    offers = tuple(decided(rank, each, setting) for rank, each in enumerate(outcome.chosen, 1))
    skipped = (*facts.skipped, *dict.fromkeys(_scorers(outcome.matched)))
    call_id = facts.value(pack.dictionary, "call.call_id")
    outcome.timings_us["total"] = (perf_counter_ns() - started) // 1_000
    return Decision(
        given_id=decision_id,
        call_id=call_id if isinstance(call_id, str) else None,
        pack_name=pack.name,
        pack_version=pack.version,
        pack_hash=pack.hash,
        at=facts.at.astimezone(pack.zone),
        status="offer" if offers else "no_offer",
        reason=reason,
        serve=served,
        degraded=bool(skipped),
        skipped=skipped,
        warnings=tuple(
            {"code": each.code, "attribute": each.attribute, "text": each.text(language)} for each in facts.warnings
        ),
        offers=offers,
        timings_us=outcome.timings_us,
        facts=facts,
        channel=setting.channel,
        language=language,
        outcome=outcome,
    )


def _ticket_beside(outcome: Outcome, setting: Setting) -> Served | None:
    """What somebody else is to do although there are offers: a quote was above the agent's authority."""
    offered = {each.offer.id for each in outcome.chosen}
    for candidate in outcome.matched:
        stop = candidate.blocked
        if stop is not None and stop.stage == "quote" and stop.serve and candidate.offer.id not in offered:
            served = serve(stop.serve, setting)
            if served is not None and served.ticket is not None:
                return served
    return None


def decided(rank: int, candidate: Candidate, setting: Setting) -> DecidedOffer:
    """A candidate that passed every stage, as the answer has it."""
    assert candidate.factors is not None  # noqa: S101 - every chosen candidate was ranked
    offer, script = candidate.offer, candidate.script
    asked = (offer.family, setting.channel, setting.language, setting.today)
    return DecidedOffer(
        rank=rank,
        offer=offer.id,
        family=offer.family,
        kind=offer.kind,
        label=offer.labels.get(setting.language, offer.id),
        subject=_subject(candidate, setting),
        score=candidate.factors.score,
        factors=candidate.factors,
        reasons=tuple(_why(clause, setting.language) for clause in offer.applicability),
        quote=candidate.quote,
        script=script,
        pitch=None if script is None else setting.checker.pitch_rule(*asked),
        checks=tuple(candidate.checks),
        language=setting.language,
        record=candidate.record,
    )


def _why(clause: Clause, language: str) -> Reason:
    """What speaks for the offer: its applicability, in the author's words or as written."""
    return Reason(clause.id, clause.because.get(language, clause.expression.text), clause.source)


def _subject(candidate: Candidate, setting: Setting) -> dict[str, str] | None:
    """The record that the offer is about, by its naming field; None where the record has no name, or one that is personal.

    The name is given as it came, because an order needs it: a number that looks like a card's may be a transaction's.
    """
    for_each = candidate.offer.for_each
    if for_each is None or candidate.record is None or for_each.key_slot is None:
        return None
    records = setting.facts.values[for_each.records.slot]
    record = for_each.records.type.record
    if not isinstance(records, tuple) or record is None or record.key is None:
        return None
    name = records[candidate.record][for_each.key_slot]
    return None if name is None or record.fields[record.key].pii else {record.key: str(name)}


def _scorers(candidates: Iterable[Candidate]) -> Iterator[str]:
    """Scorers that stood for a candidate's propensity and gave nothing."""
    for candidate in candidates:
        propensity = candidate.offer.propensity
        if candidate.unscored and propensity is not None:
            yield f"scorer:{propensity.scorer}"
