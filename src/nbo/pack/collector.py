"""Python's collector of cycles at rest while a pack is made.

Nearly everything that a load makes stays, so each pass of the collector goes through all of it for nothing. PERF: with
10,000 offers that is a third of the time of a load (benchmarks/loading.py). Other threads go on; what they leave in cycles
is collected afterwards.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_loads = 0  # at the same time
_was_on = False


@contextmanager
def resting() -> Iterator[None]:
    """The collector is off inside, and afterwards as it was before the first of several loads at a time."""
    global _loads, _was_on  # noqa: PLW0603 - the collector is one for the process
    with _lock:
        if _loads == 0:
            _was_on = gc.isenabled()
            gc.disable()
        _loads += 1
    try:
        yield
    finally:
        with _lock:
            _loads -= 1
            if _loads == 0 and _was_on:
                gc.enable()
