"""The nearest known name to a misspelt one, for "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 80  # beyond this a name is not a typo, and comparing it costs quadratic time
_MOST = 5_000


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None when none is close.

    >>> nearest("customer.tnure_months", ["customer.tenure_months", "customer.age"])
    'customer.tenure_months'
    """
    if len(name) > _LONGEST:
        return None
    candidates = sorted(set(known))[:_MOST]
    lowered = {candidate.casefold(): candidate for candidate in candidates}
    if name.casefold() in lowered:
        return lowered[name.casefold()]
    found = get_close_matches(name, candidates, n=1, cutoff=0.6)
    if found:
        return found[0]
    # `age` for `customer.age`: the last part alone is right
    tails = [candidate for candidate in candidates if candidate.rpartition(".")[2] == name.rpartition(".")[2]]
    return tails[0] if tails else None
