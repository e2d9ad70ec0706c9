"""What threads that decide have in common: nothing of it is a lock of the whole process."""

from __future__ import annotations

import functools
import sys
import threading
from collections.abc import Iterator
from types import ModuleType

import nbo

PATH_OF_A_DECISION = ("nbo.decide", "nbo.index", "nbo.language", "nbo.once", "nbo.outside", "nbo.quote", "nbo.script")
NOT_ON_IT = {"nbo.language.table_analysis", "nbo.language.table_axis"}  # asked when a pack loads
LOCKS = (type(threading.Lock()), type(threading.RLock()), threading.Condition, threading.Semaphore, threading.Event)


def locks_of(module: ModuleType) -> Iterator[str]:
    """Locks of a module, of its classes, of functions that remember, and of properties that do."""
    for name, value in vars(module).items():
        if isinstance(value, LOCKS) or isinstance(getattr(value, "cache_lock", None), LOCKS):
            yield f"{module.__name__}.{name}"
        if isinstance(value, type) and value.__module__ == module.__name__:
            for attribute, each in vars(value).items():
                if isinstance(each, (*LOCKS, functools.cached_property)):
                    yield f"{module.__name__}.{name}.{attribute}"


def test_no_module_on_the_path_of_a_decision_holds_a_lock() -> None:
    modules = [
        each for name, each in sys.modules.items() if name.startswith(PATH_OF_A_DECISION) and name not in NOT_ON_IT
    ]
    assert nbo.Engine.__module__ in sys.modules
    assert len(modules) > 40
    assert [lock for module in modules for lock in locks_of(module)] == []
