"""The decision log as an engine has it: `Engine.load(path, log=DecisionLog(folder, keys))`.

In: decisions as they are given. Out: the same decisions, marked where the log could not be sure of them. A decision waits for
the log only where it was asked to confirm, and then no longer than its share of the budget.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from time import monotonic
from types import TracebackType
from typing import Literal, Self
from weakref import WeakSet, finalize

from nbo.decide.candidate import Setting
from nbo.decide.decision import Decision, Reason
from nbo.decide.serving import serve
from nbo.diagnostics.diagnostic import Text
from nbo.log.archive import PACKS, PackArchive
from nbo.log.errors import LogError
from nbo.log.files import OpenFile, open_private
from nbo.log.keys import KeyStore
from nbo.log.record import Answer, Entry, State, decision_entry
from nbo.log.segment import Kind, Sync
from nbo.log.writer import Keys, LogMetrics, Plan, Writer
from nbo.outside.budget import Budget

MOST_QUEUED = 1_000
MOST_SEGMENT_BYTES = 256 * 1024 * 1024
SKIPPED = "log"
_EXIT_SECONDS = 5.0
_KEYS_INSIDE = Text(
    "the key store lies in the log's folder: whoever copies one would have the other",
    "密钥库位于日志文件夹内：复制其一者即得其二",
)
_NOT_LOGGED = Text("the decision could not be recorded, so no offer is made", "决策未能记录，因此不作推荐")

_writers: WeakSet[Writer] = WeakSet()


def _system_clock() -> datetime:
    return datetime.now(UTC)


def _after_fork() -> None:
    for each in _writers:
        each.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


class DecisionLog:
    """Records every decision of the engines that have it. Thread-safe; several processes may log into one folder."""

    def __init__(
        self,
        folder: str | Path,
        keys: Keys,
        *,
        archive: PackArchive | None = None,
        confirm: bool = False,
        on_failure: Literal["continue", "refuse"] = "continue",
        share: float = 0.2,
        timeout_ms: float = 100,
        most_queued: int = MOST_QUEUED,
        sync: Sync = "batch",
        segment_bytes: int = MOST_SEGMENT_BYTES,
        retry_seconds: float = 1.0,
        clock: Callable[[], datetime] = _system_clock,
        open_file: OpenFile = open_private,
    ) -> None:
        """A log in a folder, with keys that lie elsewhere; nothing is written before the first decision.

        With `confirm` a decision waits until its record is in the file, for at most `share` of its budget and `timeout_ms`;
        without it the record is handed over and the decision goes on. A record that is not confirmed, or not taken, is in the
        decision's `skipped` as `log`; with `on_failure="refuse"` that decision makes no offer. `most_queued` records wait at
        most; `sync` says whether they are on the disk or with the operating system when they count as written. A file that
        cannot be written is tried again every `retry_seconds`. Raises `LogError` for keys inside the folder, `ValueError` for
        limits that cannot be.
        """
        root = Path(folder)
        if isinstance(keys, KeyStore) and keys.path.resolve().is_relative_to(root.resolve()):
            raise LogError(_KEYS_INSIDE)
        if not 0 < share <= 1 or timeout_ms <= 0 or most_queued < 1 or segment_bytes < 1 or retry_seconds <= 0:
            raise ValueError("`share` is over 0 and at most 1; the other limits are over 0")
        kept = archive or PackArchive(root / PACKS, open_file=open_file)
        self._confirm, self._refuses = confirm, on_failure == "refuse"
        self._share, self._timeout = share, timeout_ms / 1_000
        self._writer = Writer(
            Plan(
                folder=root,
                keys=keys,
                archive=kept,
                clock=clock,
                open_file=open_file,
                sync=sync,
                most_queued=most_queued,
                segment_bytes=segment_bytes,
                retry_seconds=retry_seconds,
            )
        )
        _writers.add(self._writer)
        self._end = finalize(self, self._writer.close, _EXIT_SECONDS)

    def decided(self, decision: Decision, limit: int, budget: Budget) -> Decision:
        """Record a decision; gives it as it is to be given to the caller."""
        entry = decision_entry(decision, limit)
        if self._taken(entry, budget):
            return decision
        marked = replace(decision, degraded=True, skipped=(*decision.skipped, SKIPPED))
        if not self._refuses:
            return marked
        if not self._writer.withdraw(entry):  # a line that follows says what became of it
            self._writer.put(replace(entry, state=State.WITHDRAWN, written=None))
        setting = entry.setting
        reason = Reason("not_logged", _NOT_LOGGED.fill(setting.language), None)
        served = serve(setting.pack.arbitration.serve, setting)
        return replace(marked, status="no_offer", reason=reason, serve=served, offers=())

    def answered(
        self, kind: Kind, setting: Setting, naming: Callable[[], str], asked: Mapping[str, object], answer: Answer
    ) -> None:
        """Record what was asked about a decision later: a requote, or whether an offer may be ordered; `naming` gives its id."""
        self._writer.put(Entry(kind, setting, naming, asked, answer))

    def flush(self, timeout: float = _EXIT_SECONDS) -> bool:
        """Wait until everything so far is written, for at most `timeout` seconds; says whether it is."""
        return self._writer.flush(timeout)

    def close(self, timeout: float = _EXIT_SECONDS) -> bool:
        """Write what waits, for at most `timeout` seconds, and end the segment; says whether nothing is left.

        Decisions after it are not recorded, and say so. A log that nobody holds any more is closed, too, and so is every log
        when the program ends.
        """
        self._end.detach()
        return self._writer.close(timeout)

    def metrics(self) -> LogMetrics:
        """What has become of the records of this process."""
        return self._writer.metrics()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _taken(self, entry: Entry, budget: Budget) -> bool:
        """Whether the record is in the file (with `confirm`), or on its way to a file that can be written."""
        if self._confirm:
            entry.written = Event()
        if not self._writer.put(entry) or self._writer.failing:
            return False
        if entry.written is None:
            return True
        return entry.written.wait(max(0.0, budget.deadline(self._share, self._timeout) - monotonic()))
