"""The steps after a yes: in the order of the treatment, each done once, none that is required skipped."""

from __future__ import annotations

from nbo.call.state import AtHand
from nbo.pack.script import Step

PUSH, CONFIRM, ORDER = _IN_ORDER = ("push_cost_statement", "customer_confirms", "order")


def steps_of(at_hand: AtHand) -> tuple[Step, ...]:
    """The steps that follow a yes to the offer.

    The statement is pushed before it is confirmed, and confirmed before the order, in whatever order a treatment has them.
    """
    script = at_hand.offer.script
    written = () if script is None else script.treatment.after_yes
    ordered = iter(
        sorted((each for each in written if each.id in _IN_ORDER), key=lambda each: _IN_ORDER.index(each.id))
    )
    return tuple(next(ordered) if each.id in _IN_ORDER else each for each in written)


def open_steps(at_hand: AtHand) -> tuple[Step, ...]:
    """Those that are still to be done, in their order; one that is not required was left out if a later one is done."""
    steps = steps_of(at_hand)
    last = max((place for place, each in enumerate(steps) if each.id in at_hand.done), default=-1)
    return tuple(
        each for place, each in enumerate(steps) if each.id not in at_hand.done and (each.required or place > last)
    )


def before(at_hand: AtHand, step: str | None) -> Step | None:
    """The first required step that has to be done before another one; None: before anything else.

    An offer whose treatment names no step `order` is ordered after all of its required steps.
    """
    for each in steps_of(at_hand):
        if each.id == step:
            return None
        if each.required and each.id not in at_hand.done:
            return each
    return None
