"""The two ways to make a call: in the worker's own thread, or in a process that the worker has to itself.

A thread that runs Python, or C that does not let go of the interpreter, holds up every other thread of the process. A process
does not, and it can be ended: one whose call takes longer than its time-out is killed and started anew, by the worker, while
nobody waits.
"""

from __future__ import annotations

import pickle
import pkgutil
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import Event
from typing import cast

_START_SECONDS = 60.0
_SPAWN = get_context("spawn")  # a fork would copy locks that other threads hold


class StartError(Exception):
    """A process could not be made ready; says why."""


class InThread:
    """Calls in the worker's own thread."""

    broken = False

    def __init__(self, function: Callable[..., object]) -> None:
        self._function = function

    def __call__(self, arguments: tuple[object, ...]) -> object:
        """What the function gives."""
        return self._function(*arguments)

    def mend(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing is held, and a thread cannot be ended."""


class InProcess:
    """Calls through a pipe to a process of its own; used by one worker."""

    def __init__(self, function: bytes, timeout_seconds: float) -> None:
        """Starts the process; `function` is pickled, or UTF-8 of its import path. See `wait_until_ready`."""
        self._function = function
        self._timeout_seconds = timeout_seconds
        self._closed = Event()
        self.broken = False
        self._process, self._connection = self._started()

    def wait_until_ready(self) -> None:
        """Until the process has imported the function; raises `StartError`."""
        try:
            if not self._connection.poll(_START_SECONDS):
                raise StartError(f"not ready after {_START_SECONDS:.0f} seconds")
            well, why = cast("tuple[bool, str]", self._connection.recv())
        except (EOFError, OSError):
            raise StartError(
                "the process ended; a script that starts one does so under `if __name__ == '__main__':`"
            ) from None
        if not well:
            raise StartError(why)

    def __call__(self, arguments: tuple[object, ...]) -> object:
        """What the function gives; raises where it raised, took too long, or its process died, which breaks this."""
        if self.broken:
            raise StartError("its process is gone")
        message = pickle.dumps(arguments)
        try:
            self._connection.send_bytes(message)
            if not self._connection.poll(self._timeout_seconds):
                raise TimeoutError
            reply = self._connection.recv_bytes()
        except (OSError, EOFError):  # a time-out is one
            self.broken = True
            raise
        well, value = pickle.loads(reply)  # noqa: S301 - from the process that we started
        if not well:
            raise RuntimeError(value)
        return cast("object", value)

    def close(self) -> None:
        """Kill the process."""
        self._closed.set()
        self._end()

    def mend(self) -> None:
        """Kill the process and start it anew."""
        self._end()
        if self._closed.is_set():
            return
        self._connection.close()
        with suppress(Exception):  # whatever keeps it from starting, it stays broken
            self._process, self._connection = self._started()
            if self._closed.is_set():  # in the meantime, so that the process before was killed and not this one
                self._end()
            self.wait_until_ready()
            self.broken = False

    def _started(self) -> tuple[SpawnProcess, Connection]:
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=_serve, args=(theirs, self._function), name="nbo scorer", daemon=True)
        process.start()
        theirs.close()
        return process, ours

    def _end(self) -> None:
        self._process.kill()
        self._process.join(1.0)


def pickled(function: Callable[..., object] | str) -> bytes:
    """A function as a process takes it; raises `ValueError` where no other process could import it."""
    try:
        return pickle.dumps(function)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise ValueError(f"a function for a process must be importable by name: {error}") from None


def function_of(named: Callable[..., object] | str) -> Callable[..., object]:
    """The function itself; `module:function` is imported."""
    found = pkgutil.resolve_name(named) if isinstance(named, str) else named
    if not callable(found):
        raise TypeError(f"`{named}` is not a function")
    return cast("Callable[..., object]", found)


def _serve(connection: Connection, function: bytes) -> None:
    """The process: call after call, until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this
    try:
        call = function_of(pickle.loads(function))  # noqa: S301 - from the parent
    except BaseException as error:  # noqa: BLE001 - told to whoever registered it
        connection.send((False, f"{type(error).__name__}: {error}"))
        return
    connection.send((True, ""))
    with suppress(EOFError, OSError):
        while True:
            connection.send_bytes(_reply(call, connection.recv_bytes()))


def _reply(call: Callable[..., object], arguments: bytes) -> bytes:
    try:
        return pickle.dumps((True, call(*pickle.loads(arguments))))  # noqa: S301 - from the parent
    except BaseException as error:  # noqa: BLE001 - whatever it raises, the next call is served
        return pickle.dumps((False, type(error).__name__))
