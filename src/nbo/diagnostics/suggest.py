"""The nearest known name to a misspelt one, for "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

_LONGEST = 80  # beyond this a name is not a typo, and comparing it costs quadratic time
_MOST = 5_000


def nearest(name: str, known: Iterable[str], *, alike: float = 0.6) -> str | None:
    """The known name most like `name`, or None when none is close; `alike` is from 0 (anything) to 1 (the same).

    In `namespace.name` both parts must be close: what they share of the first is no likeness of the second.

    >>> nearest("customer.tnure_months", ["customer.tenure_months", "customer.age"])
    'customer.tenure_months'
    >>> nearest("customer.tnure_months", ["customer.surname"])
    """
    if len(name) > _LONGEST:
        return None
    candidates = sorted(set(known))[:_MOST]
    lowered = {candidate.casefold(): candidate for candidate in candidates}
    if name.casefold() in lowered:
        return lowered[name.casefold()]
    for found in get_close_matches(name, candidates, n=3, cutoff=alike):
        if all(_are_alike(*pair, alike) for pair in zip(name.split("."), found.split("."), strict=False)):
            return found
    # `age` for `customer.age`: the last part alone is right
    tails = [candidate for candidate in candidates if candidate.rpartition(".")[2] == name.rpartition(".")[2]]
    return tails[0] if tails else None


def _are_alike(first: str, second: str, alike: float) -> bool:
    if max(len(first), len(second)) == 2:
        alike -= 0.1  # one of the two characters of a Chinese word is a likeness
    return SequenceMatcher(None, first, second).ratio() >= alike
