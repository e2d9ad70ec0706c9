"""Worked out when it is asked for first, then kept: `functools.cached_property` without its lock.

Until Python 3.12 that lock is one for all objects of a class and held while the value is worked out, so that threads which decide
for different customers would wait for each other. Here two threads that come at once may both work it out; both get one value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, cast, overload

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 - stands where `property` would
    """A property of an object that has a `__dict__` and does not change.

    >>> class Word:
    ...     def __init__(self, text: str) -> None:
    ...         self.text = text
    ...
    ...     @once
    ...     def length(self) -> int:
    ...         print("counted")
    ...         return len(self.text)
    >>> word = Word("offer")
    >>> word.length + word.length
    counted
    10
    """

    def __init__(self, function: Callable[[Any], T]) -> None:
        self._function = function
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> Self | T:
        if instance is None:
            return self
        return cast("T", instance.__dict__.setdefault(self._name, self._function(instance)))
