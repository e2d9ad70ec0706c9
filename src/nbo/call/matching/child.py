"""A process of our own that is asked line by line, and may die: started, waited for no longer than so long, started again.

In: a line. Out: the line that answers it, or `GoneError` where the process is not there, dies, or takes too long; then it is
ended, and a new one is started at the next question after a pause. Nothing here waits for a process to start but the first
time. One thread at a time.
"""

from __future__ import annotations

import logging
import os
import select
import subprocess
import sys
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from math import inf
from time import monotonic
from typing import NoReturn

LONGEST_START = 10  # seconds until a process must be ready
_FIRST_PAUSE, LONGEST_PAUSE = 0.1, 30  # seconds between a death and the next start; it doubles
_CANNOT = "!"  # how an answer begins that says why there is none
_GOOD_ANSWERS = 1_000  # after so many the next death counts as a first one
_log = logging.getLogger("nbo.call.matching")


class GoneError(Exception):
    """The process does not answer."""


class Child:
    """One process; `patience` is how long an answer may take, in seconds."""

    def __init__(
        self,
        command: Sequence[str],
        first_line: str,
        patience: float,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._command = [sys.executable, *command]
        self._first_line = first_line.encode() + b"\n"
        self._patience = patience
        self._clock = clock
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._owner = 0  # the process that started it; one that forks does not take it along
        self._started = 0.0
        self._not_before = 0.0
        self._pause = _FIRST_PAUSE
        self._good = 0
        self._rest = b""
        self.starts = 0
        self.deaths = 0

    @property
    def running(self) -> bool:
        """Whether it answered last time it was asked."""
        return self._ready

    @property
    def pid(self) -> int | None:
        """The process's number, while there is one."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start it; `await_ready` waits until it is."""
        with suppress(GoneError):
            self._start()

    def await_ready(self) -> None:
        """Wait until it is ready, or until it is clear that it is not."""
        if self._process is not None:
            with suppress(GoneError):
                self._await_ready(LONGEST_START)

    def ask(self, line: str) -> str:
        """The answer to a line."""
        if self._process is not None and self._owner != os.getpid():
            _end(self._process, self._owner)
            self._process = None
        if self._process is None:
            if self._clock() < self._not_before:
                raise GoneError
            self._start()
        if not self._ready:
            self._await_ready(0.0)
        deadline = self._clock() + self._patience
        self._write(line.encode() + b"\n", deadline)
        answer = self._read(deadline)
        if answer is None:
            self._gone(f"no answer within {self._patience} s")
        if answer.startswith(_CANNOT):
            self._gone(answer[len(_CANNOT) :])
        self._good += 1
        if self._good == _GOOD_ANSWERS:
            self._pause = _FIRST_PAUSE
        return answer

    def close(self) -> None:
        """End it for good."""
        process, self._process, self._ready = self._process, None, False
        self._not_before = inf
        if process is not None:
            _end(process, self._owner)

    # --- start and end ------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self._rest, self._ready, self._owner = b"", False, os.getpid()
        self._started = self._clock()
        try:
            process = subprocess.Popen(  # noqa: S603 - this interpreter, with a file of this package
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
            )
        except OSError as error:
            self._gone(str(error))
        self.starts += 1
        self._process = process
        self._finalizer = weakref.finalize(self, _end, process, self._owner)
        for stream in (process.stdin, process.stdout):
            assert stream is not None  # noqa: S101 - both are pipes
            os.set_blocking(stream.fileno(), False)
        self._write(self._first_line, self._clock() + LONGEST_START)

    def _await_ready(self, seconds: float) -> None:
        answer = self._read(self._clock() + seconds)
        if answer is None and self._clock() - self._started < LONGEST_START:
            raise GoneError  # it is still starting
        if answer != "ready":
            self._gone("it did not start")
        self._ready = True

    def _gone(self, why: str) -> NoReturn:
        """The process is of no more use."""
        process, self._process, self._ready = self._process, None, False
        if process is not None:
            self._finalizer.detach()
        self._good = 0
        self.deaths += 1
        self._not_before = self._clock() + self._pause
        ended = "" if process is None else f" (exit code {_end(process, self._owner)})"
        _log.warning(
            "the matcher's process is gone: %s%s; moments are matched without it, next start in %.1f s",
            why, ended, self._pause,
        )  # fmt: skip
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        raise GoneError

    # --- lines --------------------------------------------------------------------------------------------------------

    def _write(self, data: bytes, deadline: float) -> None:
        assert self._process is not None  # noqa: S101 - it was started
        assert self._process.stdin is not None  # noqa: S101 - a pipe
        pipe = self._process.stdin.fileno()
        while data:
            try:
                data = data[os.write(pipe, data) :]
            except BlockingIOError:
                if not _wait(pipe, select.POLLOUT, deadline - self._clock()):
                    self._gone("it does not read")
            except OSError as error:
                self._gone(str(error))

    def _read(self, deadline: float) -> str | None:
        """A line, or None where none came in time."""
        assert self._process is not None  # noqa: S101 - it was started
        assert self._process.stdout is not None  # noqa: S101 - a pipe
        pipe = self._process.stdout.fileno()
        while b"\n" not in self._rest:
            if not _wait(pipe, select.POLLIN, deadline - self._clock()):
                return None
            try:
                data = os.read(pipe, 65_536)
            except BlockingIOError:
                continue
            except OSError as error:
                self._gone(str(error))
            if not data:
                self._gone("it ended")
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode()


def _wait(pipe: int, event: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(pipe, event)
    return bool(poll.poll(max(seconds, 0.0) * 1000))


def _end(process: subprocess.Popen[bytes], owner: int) -> int | None:
    """End a process, if it has not ended; gives its exit code. One that was forked leaves its parent's process alone."""
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()
    if os.getpid() != owner:
        process.returncode = 0  # it is not ours to wait for
        return None
    if process.poll() is None:
        process.kill()
    try:
        return process.wait(timeout=1.0)
    except subprocess.TimeoutExpired:
        return None
