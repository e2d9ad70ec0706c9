"""Decide: facts in, a decision out.

Candidates pass the stages in order; those that are left are ranked, and the best that may stand together and have words that
pass compliance are the answer. The rest keep the reason why they left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter_ns

from nbo.decide.arbitration import rank_key
from nbo.decide.candidate import Blocked, Candidate, Setting
from nbo.decide.decision import DecidedOffer, Decision, Reason
from nbo.decide.facts import Facts
from nbo.decide.outcome import no_offer_reason
from nbo.decide.serving import Served, serve
from nbo.decide.stages import AFTER_RANKING, BEFORE_RANKING, NAMES, Stage
from nbo.diagnostics.diagnostic import Text
from nbo.index.own_values import own_values
from nbo.language.dictionary import Dictionary
from nbo.pack.rulepack import Clause, Offer

_GROUP_TAKEN = Text("another offer of the group `{group}` comes first", "同组 `{group}` 的另一产品优先")
_FAMILY_TAKEN = Text("another offer of the family `{group}` comes first", "同族 `{group}` 的另一产品优先")
_OTHER_RECORD = Text("another record of this offer comes first", "该产品的另一笔记录优先")
_NO_RECORDS = Text("there is no record to offer this for", "没有可适用的记录")
_BELOW_LIMIT = Text("enough offers rank before it", "排名靠前的产品已足够")


@dataclass(slots=True)
class Outcome:
    """Where every candidate ended: the chosen ones in rank order, all of them with what stopped the others."""

    chosen: list[Candidate]
    candidates: list[Candidate]
    timings_us: dict[str, int]


def decide(setting: Setting, *, limit: int, decision_id: str | None) -> Decision:
    """The decision for the facts of `setting`; at most `limit` offers."""
    started = perf_counter_ns()
    outcome = run(setting, limit)
    facts, pack, language = setting.facts, setting.pack, setting.language
    if outcome.chosen:
        reason, served = None, _ticket_beside(outcome, setting)
    else:
        reason, ways = no_offer_reason(outcome.candidates, setting)
        served = serve(ways, setting)
    offers = tuple(decided(rank, each, setting) for rank, each in enumerate(outcome.chosen, 1))
    skipped = (*facts.skipped, *dict.fromkeys(_scorers(outcome.candidates)))
    scores = {each.offer.id: each.scored for each in outcome.candidates if each.scored is not None}
    call_id = facts.value(pack.dictionary, "call.call_id")
    outcome.timings_us["total"] = (perf_counter_ns() - started) // 1_000
    return Decision(
        decision_id=decision_id or facts.decision_id(setting.channel, language, limit, *sorted(scores.items())),
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
        missing=_missing(outcome.candidates),
        warnings=tuple(
            {"code": each.code, "attribute": each.attribute, "text": each.text(language)} for each in facts.warnings
        ),
        offers=offers,
        timings_us=outcome.timings_us,
        facts=facts,
        channel=setting.channel,
        language=language,
        blocked=_stopped(outcome),
        scores=scores,
    )


def _ticket_beside(outcome: Outcome, setting: Setting) -> Served | None:
    """What somebody else is to do although there are offers: a quote was above the agent's authority."""
    offered = {each.offer.id for each in outcome.chosen}
    for candidate in outcome.candidates:
        stop = candidate.blocked
        if stop is not None and stop.stage == "quote" and stop.serve and candidate.offer.id not in offered:
            served = serve(stop.serve, setting)
            if served is not None and served.ticket is not None:
                return served
    return None


def run(setting: Setting, limit: int) -> Outcome:
    """All stages over all candidates; nothing is skipped but the words of offers that cannot be reached any more."""
    timings: dict[str, int] = {}
    candidates = [each for offer in setting.pack.offers for each in candidates_of(offer, setting)]
    alive = [each for each in candidates if each.blocked is None]
    for stage in BEFORE_RANKING:
        started = perf_counter_ns()
        if stage.before is not None:
            stage.before(alive, setting)
        alive = [each for each in alive if _passes(stage, each, setting)]
        timings[stage.name] = (perf_counter_ns() - started) // 1_000
    alive.sort(key=lambda each: rank_key(each, setting))
    chosen = _choose(alive, setting, limit, timings)
    return Outcome(chosen, candidates, timings)


def candidates_of(offer: Offer, setting: Setting) -> Iterator[Candidate]:
    """One candidate, or one a record; an offer for each record of a list that is missing or empty has one that is blocked."""
    facts, dictionary = setting.facts, setting.pack.dictionary
    if offer.for_each is None:
        yield candidate_for(offer, None, facts, dictionary)
        return
    records = facts.values[offer.for_each.records.slot]
    if isinstance(records, tuple) and records:
        for index in range(len(records)):
            yield candidate_for(offer, index, facts, dictionary)
    else:
        yield _without_record(offer, setting)


def candidate_for(offer: Offer, record: int | None, facts: Facts, dictionary: Dictionary) -> Candidate:
    """The offer for one record of its list, or for the customer as a whole."""
    values = own_values(offer, record, facts.values, dictionary)
    unmasked = own_values(offer, record, facts.unmasked, dictionary) if facts.opted_out else values
    return Candidate(offer, values, unmasked, record)


def _without_record(offer: Offer, setting: Setting) -> Candidate:
    """Gates and validity are still asked, so that the reason is the first one that anybody would give."""
    candidate = Candidate(offer, setting.facts.values.copy(), setting.facts.unmasked.copy())
    assert offer.for_each is not None  # noqa: S101 - asked by the caller
    for stage in BEFORE_RANKING:
        if stage.name == "eligibility":
            break
        candidate.blocked = stage.check(candidate, setting)
        if candidate.blocked is not None:
            return candidate
    records = offer.for_each.records
    missing = (records.name,) if setting.facts.values[records.slot] is None else ()
    candidate.blocked = Blocked(
        "eligibility", "no_record", {"en": _NO_RECORDS.en, "zh": _NO_RECORDS.zh}, offer.span, None, missing
    )
    return candidate


def _passes(stage: Stage, candidate: Candidate, setting: Setting) -> bool:
    candidate.blocked = stage.check(candidate, setting)
    return candidate.blocked is None


def _choose(ranked: Iterable[Candidate], setting: Setting, limit: int, timings: dict[str, int]) -> list[Candidate]:
    """From the best down: one record an offer, no more a group and family than allowed, words that pass."""
    chosen: list[Candidate] = []
    offers: set[str] = set()
    groups: set[str] = set()
    families: Counter[str] = Counter()
    for stage in AFTER_RANKING:
        timings[stage.name] = 0
    for candidate in ranked:
        offer = candidate.offer
        taken = _taken(offer, offers, groups, families, setting)
        if taken is None and len(chosen) >= limit:
            taken = ("below_limit", _BELOW_LIMIT, "")
        if taken is not None:
            code, text, group = taken
            words = {"en": text.en.format(group=group), "zh": text.zh.format(group=group)}
            candidate.blocked = Blocked("arbitration", code, words, offer.span)
            continue
        for stage in AFTER_RANKING:
            started = perf_counter_ns()
            passed = _passes(stage, candidate, setting)
            timings[stage.name] += (perf_counter_ns() - started) // 1_000
            if not passed:
                break
        else:
            chosen.append(candidate)
            offers.add(offer.id)
            families[offer.family] += 1
            if offer.exclusive_group is not None:
                groups.add(offer.exclusive_group)
    return chosen


def _taken(
    offer: Offer, offers: set[str], groups: set[str], families: Counter[str], setting: Setting
) -> tuple[str, Text, str] | None:
    if offer.id in offers:
        return "other_record", _OTHER_RECORD, ""
    if offer.exclusive_group is not None and offer.exclusive_group in groups:
        return "exclusive_group", _GROUP_TAKEN, offer.exclusive_group
    if families[offer.family] >= setting.pack.arbitration.per_family:
        return "family_limit", _FAMILY_TAKEN, offer.family
    return None


def decided(rank: int, candidate: Candidate, setting: Setting) -> DecidedOffer:
    """A candidate that passed every stage, as the answer has it."""
    assert candidate.factors is not None  # noqa: S101 - every chosen candidate was ranked
    offer, script = candidate.offer, candidate.script
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
        pitch=None if script is None else setting.checker.pitch_rule(offer.family, setting.channel, setting.language),
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


def _missing(candidates: Iterable[Candidate]) -> tuple[str, ...]:
    """Every attribute whose absence stopped somebody, in order of the offers."""
    return tuple(
        dict.fromkeys(name for each in candidates if each.blocked is not None for name in each.blocked.missing)
    )


def _stopped(outcome: Outcome) -> dict[str, Blocked]:
    """What stopped each offer that was not chosen; of several records the one that came furthest."""
    chosen = {each.offer.id for each in outcome.chosen}
    stopped: dict[str, Blocked] = {}
    for each in outcome.candidates:
        if each.blocked is None or each.offer.id in chosen:
            continue
        before = stopped.get(each.offer.id)
        if before is None or NAMES.index(before.stage) < NAMES.index(each.blocked.stage):
            stopped[each.offer.id] = each.blocked
    return stopped


def _scorers(candidates: Iterable[Candidate]) -> Iterator[str]:
    """Scorers that stood for a candidate's propensity and gave nothing."""
    for candidate in candidates:
        propensity = candidate.offer.propensity
        if candidate.unscored and propensity is not None:
            yield f"scorer:{propensity.scorer}"
