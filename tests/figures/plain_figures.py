"""Figures as their definitions read, word by word, without regard to speed: what the library's are held against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, tzinfo
from decimal import Decimal

from nbo.history.interaction import Interaction
from nbo.workbench.figures.tally import Figures

TELLS_WHO = ("presented", "accepted", "declined", "deferred", "no_answer")
Thread = Sequence[Interaction]


def threads(interactions: Iterable[Interaction]) -> list[Thread]:
    found = defaultdict(list)
    for each in sorted(interactions, key=lambda each: (each.at, each.key)):
        if each.kind != "referred":  # somebody else is to see to it
            found[each.customer_id, each.decision_id, each.offer].append(each)
    return list(found.values())


def reached(thread: Thread) -> bool:
    return any(each.kind != "no_answer" for each in thread)


def presentation(thread: Thread) -> Interaction:
    return next((each for each in thread if each.kind == "presented"), thread[0])


def day(thread: Thread, zone: tzinfo) -> date:
    return presentation(thread).at.astimezone(zone).date()


def who(thread: Thread, name: str) -> object:
    telling = [each for each in (presentation(thread), *thread) if each.kind in TELLS_WHO]
    return next((value for each in telling if (value := getattr(each, name))), None)


def answer(thread: Thread) -> Interaction | None:
    answers = [each for each in thread if each.kind in ("accepted", "booked", "declined", "deferred")]
    tries = [each for each in thread if each.kind == "no_answer"]
    return (answers or tries or [None])[-1]


def cancellation(thread: Thread) -> Interaction | None:
    last = [each for each in thread if each.kind in ("accepted", "booked", "cancelled")]
    return last[-1] if last and last[-1].kind == "cancelled" else None


def kinds(thread: Thread) -> set[str]:
    return {each.kind for each in thread}


def figures(chosen: Sequence[Thread]) -> Figures:
    answers = [found.kind for each in chosen if (found := answer(each)) is not None]
    ratings = [rated[-1].csat for each in chosen if (rated := [one for one in each if one.kind == "rated"])]
    amounts = [
        (1 if one.kind == "booked" else -1) * (one.amount or 0)
        for each in chosen
        for one in each
        if one.kind in ("booked", "refunded")
    ]
    calls = {(each[0].customer_id, who(each, "call_id") or ("none", each[0].decision_id)) for each in chosen}
    return Figures(
        presented=len(chosen),
        calls=len(calls),
        accepted=sum(each in ("accepted", "booked") for each in answers),
        declined=answers.count("declined"),
        deferred=answers.count("deferred"),
        no_answer=answers.count("no_answer"),
        booked=sum(bool(kinds(each) & {"booked", "cancelled", "refunded"}) for each in chosen),
        unpriced=sum(any(one.kind == "booked" and one.amount is None for one in each) for each in chosen),
        cancelled=sum(cancellation(each) is not None for each in chosen),
        refunded=sum("refunded" in kinds(each) for each in chosen),
        complained=sum("complained" in kinds(each) for each in chosen),
        rated=len(ratings),
        csat_sum=sum(each or 0 for each in ratings),
        revenue=sum(amounts, Decimal(0)),
    )


def grouped(chosen: Sequence[Thread], names: Callable[[Thread], Iterable[object]]) -> dict[object, Figures]:
    found = defaultdict(list)
    for each in chosen:
        for name in names(each):
            found[name].append(each)
    return {name: figures(some) for name, some in found.items()}


def refusals(chosen: Sequence[Thread]) -> dict[tuple[str, str, str | None], int]:
    found: dict[tuple[str, str, str | None], int] = defaultdict(int)
    for each in chosen:
        last, given_back = answer(each), cancellation(each)
        if last is not None and last.kind in ("declined", "deferred"):
            found[each[0].offer, last.kind, last.reason] += 1
        if given_back is not None:
            found[each[0].offer, "cancelled", given_back.reason] += 1
    return dict(found)
