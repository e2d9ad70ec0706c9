"""From facts to the candidates that are the answer: matched, passed through the stages, ranked, chosen.

The index says which offers pass the stages up to applicability; these go through the rest. What stopped the others is worked
out by the stages themselves, and only when somebody asks. `run_every_stage` asks all stages of all offers: what an
explanation shows, and what `run` must agree with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from time import perf_counter_ns

from nbo.decide.arbitration import rank_key
from nbo.decide.candidate import Blocked, Candidate, Setting
from nbo.decide.facts import Facts
from nbo.decide.stages import AFTER_RANKING, BEFORE_RANKING, BY_RECORD, MATCHED, NAMES, Stage
from nbo.diagnostics.diagnostic import Text
from nbo.index.own_values import own_values
from nbo.language.dictionary import Dictionary
from nbo.once import once
from nbo.pack.offer import Offer

_GROUP_TAKEN = Text("another offer of the group `{group}` comes first", "同组 `{group}` 的另一产品优先")
_FAMILY_TAKEN = Text("another offer of the family `{group}` comes first", "同族 `{group}` 的另一产品优先")
_OTHER_RECORD = Text("another record of this offer comes first", "该产品的另一笔记录优先")
_NO_RECORDS = Text("there is no record to offer this for", "没有可适用的记录")
_BELOW_LIMIT = Text("enough offers rank before it", "排名靠前的产品已足够")


@dataclass(eq=False)
class Outcome:
    """Where every candidate ended; `chosen` are in rank order."""

    setting: Setting
    chosen: list[Candidate]
    matched: list[Candidate]  # of the offers that the index let through
    limit: int
    timings_us: dict[str, int]

    @once
    def decision_id(self) -> str:
        """The same for the same rules, inputs and clock."""
        setting = self.setting
        return setting.facts.decision_id(setting.channel, setting.language, self.limit, sorted(self.scores.items()))

    @once
    def _by_offer(self) -> dict[str, list[Candidate]]:
        found: dict[str, list[Candidate]] = {}
        for each in self.matched:
            found.setdefault(each.offer.id, []).append(each)
        return found

    def candidates_of(self, offer: Offer) -> list[Candidate]:
        """The candidates of an offer, each with what stopped it unless it was chosen."""
        known = self._by_offer.get(offer.id)
        if known is None:
            known = self._by_offer[offer.id] = [*_asked(candidates_of(offer, self.setting), MATCHED, self.setting)]
        return known

    @property
    def candidates(self) -> Iterator[Candidate]:
        """Every candidate, in the order of the offers."""
        for offer in self.setting.pack.offers:
            yield from self.candidates_of(offer)

    @once
    def scores(self) -> dict[str, Decimal]:
        """What scorers gave, by offer id."""
        return {each.offer.id: each.scored for each in self.matched if each.scored is not None}

    @once
    def blocked(self) -> dict[str, Blocked]:
        """What stopped each offer that was not chosen; of several records the one that came furthest."""
        chosen = {each.offer.id for each in self.chosen}
        found: dict[str, Blocked] = {}
        for each in self.candidates:
            if each.blocked is None or each.offer.id in chosen:
                continue
            before = found.get(each.offer.id)
            if before is None or NAMES.index(before.stage) < NAMES.index(each.blocked.stage):
                found[each.offer.id] = each.blocked
        return found

    @once
    def missing(self) -> tuple[str, ...]:
        """Every attribute whose absence stopped somebody, in order of the offers."""
        stops = (each.blocked for each in self.candidates)
        return tuple(dict.fromkeys(name for stop in stops if stop is not None for name in stop.missing))


def run(setting: Setting, limit: int) -> Outcome:
    """At most `limit` candidates chosen; nothing is skipped but the words of offers that cannot be reached any more."""
    started = perf_counter_ns()
    facts, offers = setting.facts, setting.pack.offer_by_id
    names = setting.index.match(facts.values, facts.unmasked, channel=setting.channel)
    matched = [
        candidate
        for offer in map(offers.__getitem__, names)
        # that one record passes does not say which
        for candidate in _asked(candidates_of(offer, setting), () if offer.for_each is None else BY_RECORD, setting)
    ]
    timings = {"match": (perf_counter_ns() - started) // 1_000}
    return _run(setting, limit, matched, BEFORE_RANKING, timings)


def run_every_stage(setting: Setting, limit: int) -> Outcome:
    """The same by the stages alone."""
    candidates = [each for offer in setting.pack.offers for each in candidates_of(offer, setting)]
    return _run(setting, limit, candidates, (*MATCHED, *BEFORE_RANKING), {})


def _run(
    setting: Setting, limit: int, candidates: list[Candidate], stages: Sequence[Stage], timings: dict[str, int]
) -> Outcome:
    alive = [each for each in candidates if each.blocked is None]
    for stage in stages:
        started = perf_counter_ns()
        if stage.before is not None:
            stage.before(alive, setting)
        alive = [each for each in alive if _passes(stage, each, setting)]
        timings[stage.name] = (perf_counter_ns() - started) // 1_000
    alive.sort(key=lambda each: rank_key(each, setting))
    return Outcome(setting, _choose(alive, setting, limit, timings), candidates, limit, timings)


def _asked(candidates: Iterable[Candidate], stages: Sequence[Stage], setting: Setting) -> Iterator[Candidate]:
    """The candidates, stopped by the first of the stages that stops them."""
    for candidate in candidates:
        for stage in stages:
            if candidate.blocked is not None:
                break
            candidate.blocked = stage.check(candidate, setting)
        yield candidate


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
    for stage in MATCHED:
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
    families: dict[str, int] = {}
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
            families[offer.family] = families.get(offer.family, 0) + 1
            if offer.exclusive_group is not None:
                groups.add(offer.exclusive_group)
    return chosen


def _taken(
    offer: Offer, offers: set[str], groups: set[str], families: dict[str, int], setting: Setting
) -> tuple[str, Text, str] | None:
    if offer.id in offers:
        return "other_record", _OTHER_RECORD, ""
    if offer.exclusive_group is not None and offer.exclusive_group in groups:
        return "exclusive_group", _GROUP_TAKEN, offer.exclusive_group
    if families.get(offer.family, 0) >= setting.pack.arbitration.per_family:
        return "family_limit", _FAMILY_TAKEN, offer.family
    return None
