"""The nearest known name to a misspelt one, for "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from os.path import commonprefix

_LONGEST = 80  # beyond this a name is not a typo, and comparing it costs quadratic time
_MOST = 1_000  # PERF: comparing with so many takes 20 ms


def nearest(name: str, known: Iterable[str], *, alike: float = 0.6) -> str | None:
    """The known name most like `name`, or None when none is close; `alike` is from 0 (anything) to 1 (the same).

    In `namespace.name` both parts must be close: what they share of the first is no likeness of the second.

    >>> nearest("customer.tnure_months", ["customer.tenure_months", "customer.age"])
    'customer.tenure_months'
    >>> nearest("customer.tnure_months", ["customer.surname"])
    """
    if len(name) > _LONGEST:
        return None
    names = sorted(set(known))
    lowered = {each.casefold(): each for each in names}
    if name.casefold() in lowered:
        return lowered[name.casefold()]
    candidates = names if len(names) <= _MOST else sorted(names, key=lambda each: _unlike(each, name))[:_MOST]
    for found in get_close_matches(name, candidates, n=3, cutoff=alike):
        if all(_are_alike(*pair, alike) for pair in zip(name.split("."), found.split("."), strict=False)):
            return found
    # `age` for `customer.age`: the last part alone is right
    tails = [each for each in names if each.rpartition(".")[2] == name.rpartition(".")[2]]
    return tails[0] if tails else None


def _unlike(known: str, name: str) -> tuple[int, int]:
    """How unlike two names are at a glance: a slip is seldom in the first letters, and changes the length little."""
    start = commonprefix((known, name))  # noqa: RUF071 - of letters, not of folders
    return -len(start), abs(len(known) - len(name))


def _are_alike(first: str, second: str, alike: float) -> bool:
    if max(len(first), len(second)) == 2:
        alike -= 0.1  # one of the two characters of a Chinese word is a likeness
    return SequenceMatcher(None, first, second).ratio() >= alike
