"""What a session asks of the engine. The engine hands it in, so that this layer knows no engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from threading import Lock
from typing import Any, Protocol

from nbo.decide.decision import Decision
from nbo.decide.facts import Facts, figures_again, plain_figures
from nbo.decide.ordering import OrderAnswer
from nbo.decide.requote import Requote
from nbo.pack.floor import FloorFigures


@dataclass(frozen=True, slots=True)
class Outside:
    """What scorers and stores said to a decision; kept with the event, so that a resumed call decides the same."""

    scores: Mapping[str, Decimal]
    used: Mapping[tuple[str, str], Decimal] | None = None
    figures: FloorFigures | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether nobody was asked."""
        return not self.scores and self.used is None and self.figures is None

    @classmethod
    def of(cls, decision: Decision) -> Outside:
        """What a decision was told."""
        return cls(decision.scores, decision.facts.used, decision.facts.figures)

    @classmethod
    def read(cls, plain: object) -> Outside:
        """Of the stored form; what cannot be read was not said."""
        try:
            stored: Any = plain
            used = stored["used"]
            return cls(
                {name: Decimal(each) for name, each in stored["scores"].items()},
                None if used is None else {(cap, window): Decimal(each) for cap, window, each in used},
                figures_again(stored["figures"]),
            )
        except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
            return NOTHING_OUTSIDE

    def to_dict(self) -> dict[str, object]:
        """The stored form."""
        used = self.used
        return {
            "scores": {name: str(each) for name, each in self.scores.items()},
            "used": None if used is None else [[cap, window, str(each)] for (cap, window), each in used.items()],
            "figures": None if self.figures is None else plain_figures(self.figures),
        }


NOTHING_OUTSIDE = Outside({})


class Deciding:
    """A decision that is made when it is asked for first, and once: threads that ask together wait for it and get the same."""

    __slots__ = ("_decision", "_lock", "_make")

    def __init__(self, make: Callable[[], Decision]) -> None:
        self._make = make
        self._lock = Lock()
        self._decision: Decision | None = None

    def __call__(self) -> Decision:
        """The decision."""
        with self._lock:
            if self._decision is None:
                self._decision = self._make()
            return self._decision


class Asking(Protocol):
    """One version of a pack, with everything that decides by it; for one call."""

    def decide(self, facts: Facts, limit: int, told: Outside | None) -> Decision:
        """A decision for these facts; `told` stands for scorers and store where a call is resumed."""

    def may_order(self, facts: Facts, offer: str, *, replayed: bool) -> OrderAnswer:
        """Whether the gates before the order hold; one that is `replayed` was asked before."""

    def requote(self, decision: Decision, offer: str, choices: Mapping[str, object], *, replayed: bool) -> Requote:
        """The offer as the customer would have it; raises `ValueError` for a choice that it does not have."""
