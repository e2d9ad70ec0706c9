"""Registered scorers: their number is P, and whatever else they do, the decision stands and says so."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tiny_pack import CUSTOMER, NOON, offer, write_pack

from nbo import Decision, Engine

SCORED = {"scorer": "model", "fallback": 0.05}


def raising(_profile: object, _offer: str) -> object:
    raise RuntimeError("the model is down")


def decide(folder: Path, scorer: Callable[[object, str], object] | None, **changes: Any) -> Decision:
    scorers = {} if scorer is None else {"model": scorer}
    engine = Engine.load(write_pack(folder, offers=[offer(propensity=SCORED)]), clock=lambda: NOON, scorers=scorers)
    return engine.decide({**CUSTOMER, **changes})


@pytest.mark.parametrize(
    ("score", "p"), [(0.5, "0.5000"), (Decimal("0.12345"), "0.1235"), (1, "1.0000"), (0.1, "0.1000"), (0, "0.0010")]
)
def test_a_score_is_the_propensity(tmp_path: Path, score: object, p: str) -> None:
    decision = decide(tmp_path, lambda _profile, _offer: score)
    assert decision.offers[0].factors.p == Decimal(p)
    assert (decision.degraded, decision.skipped) == (False, ())


def test_a_scorer_sees_the_profile_as_it_was_handed_in_and_the_offer(tmp_path: Path) -> None:
    seen: list[object] = []
    decide(tmp_path, lambda profile, offer: seen.append((profile, offer)) or 0.5)
    assert seen == [(CUSTOMER, "loan")]


@pytest.mark.parametrize(
    "scorer",
    [raising, None, *(lambda _profile, _offer, value=value: value for value in (
        None, "0.5", True, -0.1, 1.0001, float("nan"), float("inf"), Decimal("NaN"), [0.5], {"p": 0.5},
    ))],
)  # fmt: skip
def test_whatever_else_it_does_the_fallback_stands_and_the_decision_says_so(
    tmp_path: Path, scorer: Callable[[object, str], object] | None
) -> None:
    decision = decide(tmp_path, scorer)
    assert decision.offers[0].factors.p == Decimal("0.0500")
    assert (decision.degraded, decision.skipped) == (True, ("scorer:model",))


def test_who_opted_out_is_not_scored(tmp_path: Path) -> None:
    asked: list[str] = []
    decision = decide(tmp_path, lambda _profile, offer: asked.append(offer) or 0.9, consent={"opted_out": True})
    assert asked == []
    assert decision.degraded is False


def test_scorers_stay_registered_over_a_reload(tmp_path: Path) -> None:
    root = write_pack(tmp_path, offers=[offer(propensity=SCORED)])
    engine = Engine.load(root, clock=lambda: NOON, scorers={"model": lambda _profile, _offer: 0.7})
    assert engine.reload().ok
    assert engine.decide(CUSTOMER).offers[0].factors.p == Decimal("0.7000")
