"""Scorers that a process of its own can import by name."""

import os
import time


def half(_profile: object, _offer: str) -> float:
    return 0.5


def by_its_offer(_profile: object, offer: str) -> object:
    """Raises for one, gives what no pipe takes for another, is well for the rest."""
    if offer == "raising":
        raise RuntimeError("the model is down")
    return (lambda: 0.5) if offer == "odd" else 0.5


def holding_the_interpreter(profile: object, _offer: str) -> float:
    """A loop in Python for as long as the customer asks for, in seconds."""
    end = time.perf_counter() + float(profile["spin"])
    while time.perf_counter() < end:
        pass
    return 0.5


def dying(_profile: object, _offer: str) -> float:
    os._exit(3)
