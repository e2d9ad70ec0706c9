"""What an order of an offer takes of the caps over all customers, and whether there is as much left.

In: the offer with its quote; what is used of each cap, where somebody was asked. Out: why the offer cannot be ordered, or its
shares. Nothing is taken here: that is the store's, when the customer has said yes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nbo.decide.candidate import Blocked
from nbo.decide.facts import Facts
from nbo.diagnostics.diagnostic import Text
from nbo.language.interpret import Row
from nbo.language.operations import MONEY_CONTEXT
from nbo.pack.cap import Cap
from nbo.pack.offer import Offer
from nbo.pack.rulepack import RulePack

_ONE = Decimal(1)
_REACHED = Text("nothing is left of the cap: {label}", "上限已用完：{label}")
_TOO_LITTLE = Text("less is left of the cap than this takes: {label}", "上限剩余不足：{label}")
_NOT_KNOWN = Text("nobody can tell what is left of the cap: {label}", "无法得知上限的剩余：{label}")


@dataclass(frozen=True, slots=True)
class Share:
    """What one order takes of a cap in a period; `amount` None: it cannot be told."""

    cap: Cap
    window: str
    amount: Decimal | None


def shares(pack: RulePack, offer: Offer, facts: Facts, values: Row) -> Iterator[Share]:
    """The shares of one order; `values` have the fields of the offer's quote."""
    for cap in pack.caps_of(offer):
        amount: object = _ONE if cap.amount is None else cap.amount.ask(values)
        known = amount if isinstance(amount, Decimal) and amount >= 0 else None
        yield Share(cap, cap.window(facts.today), known)


def exhausted(caps: Sequence[Cap], facts: Facts) -> Blocked | None:
    """The first cap of which nothing is left, or of which that cannot be told; None where nobody was asked."""
    if facts.used is None:
        return None
    for cap in caps:
        used = facts.used.get((cap.id, cap.window(facts.today)))
        if used is None:
            return _blocked("volume", cap, _NOT_KNOWN, unknown=True)
        if used >= cap.limit:
            return _blocked("volume", cap, _REACHED)
    return None


def too_much(pack: RulePack, offer: Offer, facts: Facts, values: Row) -> Blocked | None:
    """The first cap of which the quote takes more than is left; or an amount of which nobody can tell how much it takes."""
    for share in shares(pack, offer, facts, values):
        cap = share.cap
        if share.amount is None and cap.amount is not None:
            missing = cap.amount.missing(values, pack.dictionary)
            return _blocked("quote", cap, _NOT_KNOWN, missing, unknown=True)
        used = None if facts.used is None else facts.used.get((cap.id, share.window))
        if used is not None and share.amount is not None and MONEY_CONTEXT.add(used, share.amount) > cap.limit:
            return _blocked("quote", cap, _TOO_LITTLE)
    return None


def _blocked(stage: str, cap: Cap, text: Text, missing: tuple[str, ...] = (), *, unknown: bool = False) -> Blocked:
    words: Mapping[str, str] = {
        language: text.fill(language, {"label": label}) for language, label in cap.labels.items()
    }
    return Blocked(stage, cap.id, words, cap.span, None, missing, undecided=unknown)
