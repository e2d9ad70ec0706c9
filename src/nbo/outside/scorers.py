"""Scorers: functions of the calling system that say how likely a yes is.

In: a profile, and which scorer is to score which offers. Out: what they gave by the deadline, whatever it is; `decide` judges
it. All scorers of a decision work at the same time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from nbo.outside.budget import Budget
from nbo.outside.callers import StartError, function_of
from nbo.outside.guard import Guard
from nbo.outside.limits import Limits
from nbo.outside.pool import Ask, Caller

ScoringFunction = Callable[[object, str], object]
"""Takes the profile (a mapping, unchecked; JSON and models are read before) and an offer's id.

Gives a probability from 0 to 1, or None.
"""


@dataclass(frozen=True, slots=True)
class Scorer(Limits):
    """A scorer and its limits; a plain function stands for one with the usual limits.

    `function` is one, or its import path (`"module:function"`). With `isolation="process"` it runs in processes of its own,
    which are started with the engine: for what holds the interpreter, such as a loop in Python. Then function, profiles and
    answers are pickled. Raises `ValueError` for limits that cannot be.
    """

    function: ScoringFunction | str
    isolation: Literal["thread", "process"] = "thread"

    def __post_init__(self) -> None:
        Limits.__post_init__(self)
        if self.isolation not in ("thread", "process"):
            raise ValueError('`isolation` must be "thread" or "process"')


class Scorers:
    """The registered ones, each behind its guard."""

    def __init__(self, registered: Mapping[str, Scorer | ScoringFunction]) -> None:
        """Starts what needs a process; one that cannot be started raises `ValueError`."""
        self._guards: dict[str, Guard] = {}
        try:
            for name, each in registered.items():
                scorer = each if isinstance(each, Scorer) else Scorer(each)
                self._guards[name] = Guard(f"scorer {name}", scorer, _callers(name, scorer))
        except BaseException:
            self.close()
            raise

    def ask(self, profile: object, wanted: Mapping[str, Iterable[str]], budget: Budget) -> dict[str, object]:
        """What each offer's scorer gave, by the offer's id; `wanted` has the offers by scorer. What did not answer is absent."""
        asks: list[tuple[Guard, Ask]] = []
        for name, offers in wanted.items():
            guard = self._guards.get(name)
            ask = None if guard is None else guard.start({offer: (profile, offer) for offer in offers}, budget)
            if guard is not None and ask is not None:
                asks.append((guard, ask))
        answers: dict[str, object] = {}
        try:
            for _, ask in asks:
                ask.wait()
        finally:
            for guard, ask in asks:
                answers.update(guard.settle(ask))
        return answers

    def close(self) -> None:
        """Ask none of them any more."""
        for guard in self._guards.values():
            guard.close()


def _callers(name: str, scorer: Scorer) -> list[Caller]:
    try:
        if scorer.isolation == "thread":
            return scorer.in_threads(function_of(scorer.function))
        return scorer.in_processes(scorer.function)
    except (StartError, ImportError, AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"the scorer `{name}` cannot be registered: {error}") from None
