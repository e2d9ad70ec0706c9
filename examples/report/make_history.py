"""A small history of a card base's calls, made up, the same each time: `python examples/report/make_history.py history.db`.

Five weeks of calls by eight agents. The rates at which customers accept, cancel and complain are invented, to have something
to look at; they say nothing about any bank.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from random import Random

from nbo.history.interaction import Interaction
from nbo.history.store import open_store

SHANGHAI = timezone(timedelta(hours=8))
FIRST_CALL = datetime(2026, 10, 12, 9, tzinfo=SHANGHAI)
DAYS, CALLS_A_DAY = 35, 16
OFFERS = {  # family, script versions, needs, share that accepts, revenue
    "bill_installment": (
        "bill_installment",
        ("full_payer/1", "ease/1"),
        ("ease_payment", "large_purchase"),
        0.24,
        (40, 260),
    ),
    "transaction_installment": ("transaction_installment", ("this_purchase/1",), ("single_purchase",), 0.17, (20, 180)),
    "temporary_limit": ("temporary_limit", ("for_a_while/1",), ("travel", "large_purchase"), 0.36, (0, 0)),
    "fee_package": (
        "fee_package",
        ("as_selected/1", "under_budget/1"),
        ("annual_fee_question", "travel"),
        0.08,
        (180, 180),
    ),
}
REASONS = (("too_expensive", 5), ("not_needed", 4), ("think_about_it", 3), ("distrust", 1), (None, 1))
AGENTS = [f"agent_{number:02}" for number in range(1, 9)]


def main(where: str) -> None:
    """Record it all in the store at `where`; what is there already stays as it is."""
    with open_store(where, clock=lambda: datetime(2026, 12, 1, tzinfo=UTC)) as store:
        known = [store.record(each) for each in history(Random(7))]  # noqa: S311 - nothing is to be kept secret
    print(f"{len(known):,} interactions in {where}, {known.count('new'):,} of them new")


def history(random: Random) -> Iterator[Interaction]:
    """What happened, call by call."""
    for number in range(DAYS * CALLS_A_DAY):
        day, call = divmod(number, CALLS_A_DAY)
        at = FIRST_CALL + timedelta(days=day, minutes=30 * call + random.randrange(20))
        if at.weekday() == 6 and random.random() < 0.7:
            continue  # few calls on a Sunday
        offer = random.choice([*OFFERS, "bill_installment"])
        agent = AGENTS[-1] if random.random() < 0.02 else random.choice(AGENTS[:-1])
        yield from Call(f"call_{number:05}", offer, at, agent, random).events()


class Call:
    """One call with one offer, and what became of it in the days after."""

    def __init__(self, name: str, offer: str, at: datetime, agent: str, random: Random) -> None:
        self.name, self.offer, self.at, self.agent, self.random = name, offer, at, agent, random
        self.family, scripts, needs, share, self.revenue = OFFERS[offer]
        self.script = random.choice(scripts)
        self.share = share + 0.08 * (self.script == "ease/1")
        self.needs = (random.choice(needs),) if random.random() < 0.8 else ()

    def event(self, kind: str, after: timedelta, **more: object) -> Interaction:
        """Something that happened a time after the call began."""
        return Interaction(
            key=f"{self.name}:{kind}", customer_id=f"customer_{self.name}", decision_id=f"decision_{self.name}",
            offer=self.offer, family=self.family, kind=kind, at=self.at + after, call_id=self.name, **more,
        )  # fmt: skip

    def events(self) -> Iterator[Interaction]:
        """In the order in which they happen."""
        chance, minute, day = self.random.random, timedelta(minutes=1), timedelta(days=1)
        yield self.event("presented", minute, channel="phone", agent=self.agent, script=self.script, needs=self.needs)
        answer = chance()
        if answer < self.share:
            yield self.event("accepted", 3 * minute)
            yield from self.booking()
        elif answer < 0.8:
            reasons, weights = zip(*REASONS, strict=True)
            yield self.event("declined", 2 * minute, reason=self.random.choices(reasons, weights)[0])
        elif answer < 0.9:
            yield self.event("deferred", 2 * minute, reason="think_about_it", ask_again_at=self.at + 20 * day)
        elif answer < 0.95:
            yield self.event("no_answer", 2 * minute)
        if chance() < 0.25:
            yield self.event("rated", 6 * minute, csat=self.random.choices(range(1, 6), (1, 1, 3, 6, 5))[0])
        if chance() < 0.01:
            yield self.event("complained", 2 * day, complaint_id=f"complaint_{self.name}")

    def booking(self) -> Iterator[Interaction]:
        """Nearly everything that was accepted is booked; some of it is given back."""
        chance, day = self.random.random, timedelta(days=1)
        if chance() < 0.05:
            return
        amount = Decimal(self.random.randint(*self.revenue))
        yield self.event("booked", timedelta(minutes=4), amount=amount)
        if chance() < 0.08:
            yield self.event("cancelled", 5 * day, reason="too_expensive")
            if amount:
                yield self.event("refunded", 6 * day, amount=amount)


if __name__ == "__main__":
    main(*sys.argv[1:] or ["history.db"])
