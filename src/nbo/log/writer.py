"""The writer of a log: a bounded queue that decisions put records into, and one thread that writes them.

What a decision does is put a reference into the queue. Plain values, encryption and the disk are the thread's. Where the disk
is full or the key store away, the thread keeps what it has and tries again; when the queue is full, more is dropped, counted,
and said in the decision.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, RLock, Thread, current_thread
from time import monotonic, sleep
from typing import Protocol

from nbo.log.archive import PackArchive
from nbo.log.chain import LONGEST_LINE, canonical
from nbo.log.errors import in_one_line
from nbo.log.files import OpenFile
from nbo.log.keys import Key, Subject
from nbo.log.master import MasterKey
from nbo.log.record import Entry, State
from nbo.log.seal import packed, seal
from nbo.log.segment import Content, SegmentWriter, Sync

MOST_IN_A_BATCH = 64
_CLOSING_RETRY_SECONDS = 0.05
# PERF: a decision that waits for the interpreter gets it here, and not when the writer has had its 5 ms. Under load the p99 of
# a decision was 5,400 us with a pause of 0, which gives it to nobody, and 2,200 us so (benchmarks/logging_decisions.py).
_BREATH_SECONDS = 0.00005
_LONGEST_BODY = LONGEST_LINE // 2  # sealed and in base64 it still fits


class Keys(Protocol):
    """Where keys come from: a `KeyStore`, or whatever keeps keys for it."""

    @property
    def master(self) -> MasterKey:
        """The master key."""

    def take(self, subjects: Sequence[Subject]) -> Mapping[Subject, Key]:
        """The key of each subject; new ones are safe when this returns. What it raises counts as a failed try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a log is written."""

    folder: Path
    keys: Keys
    archive: PackArchive
    clock: Callable[[], datetime]
    open_file: OpenFile
    sync: Sync
    most_queued: int
    segment_bytes: int
    retry_seconds: float


@dataclass(frozen=True, slots=True)
class LogMetrics:
    """What has become of the records of this process.

    `written` are in the file; `queued` wait; `dropped` found the queue full or the log closed; `unwritable` could not be made
    into a line, and stand as `lost` in the file; `withheld` belong to decisions that were refused because of the log.
    `failures` counts tries that failed, `failing` says whether the last one did, `last_error` why, in one line.
    """

    written: int = 0
    queued: int = 0
    dropped: int = 0
    unwritable: int = 0
    withheld: int = 0
    failures: int = 0
    failing: bool = False
    last_error: str | None = None
    segment: str | None = None


class Writer:
    """The queue and its thread, which starts with the first record. A forked process begins with an empty queue."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._reset()

    def _reset(self) -> None:
        """As after a fork: the thread, and what waited for it, are the parent's."""
        self._queue: SimpleQueue[Entry | Event | None] = SimpleQueue()
        self._lock = RLock()  # again: the collector of garbage may close the log in any thread
        self._thread: Thread | None = None
        self._segment: SegmentWriter | None = None
        self._closing = Event()
        self._deadline = 0.0  # when closing: until then it is tried to write what is left
        self._in_hand = 0
        self._written = self._dropped = self._unwritable = self._withheld = self._failures = 0
        self._failing = False
        self._last_error: str | None = None

    def after_fork(self) -> None:
        """In the child: nothing of the parent's is written twice."""
        if self._segment is not None:
            self._segment.close()
        self._reset()

    def put(self, entry: Entry) -> bool:
        """Hand a record over; False where it is dropped."""
        with self._lock:
            if self._closing.is_set() or self._queue.qsize() >= self._plan.most_queued or not self._running():
                self._dropped += 1
                return False
            self._queue.put(entry)
        return True

    @property
    def failing(self) -> bool:
        """Whether the last try to write failed, so that nobody knows what becomes of the records."""
        return self._failing

    def withdraw(self, entry: Entry) -> bool:
        """The decision was refused, so only that is written; False where its record may be in the file already."""
        with self._lock:
            self._withheld += 1
            if entry.state is State.WAITING:
                entry.state = State.WITHDRAWN
            return entry.state is State.WITHDRAWN

    def flush(self, timeout: float) -> bool:
        """Wait until everything that was handed over before is written; False where `timeout` seconds did not do."""
        reached = Event()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                return not self._in_hand
            self._queue.put(reached)
        return reached.wait(timeout)

    def close(self, timeout: float) -> bool:
        """Write what waits, for at most `timeout` seconds, and end the segment; False where something is left."""
        with self._lock:
            first = not self._closing.is_set()
            self._deadline = monotonic() + timeout
            self._closing.set()
            thread = self._thread
            if thread is None:
                return True
            if first:
                self._queue.put(None)
        if thread is not current_thread():
            thread.join(timeout)
        return not thread.is_alive() and not self._in_hand

    def metrics(self) -> LogMetrics:
        """How it goes now."""
        segment = self._segment
        return LogMetrics(
            written=self._written,
            queued=self._queue.qsize() + self._in_hand,
            dropped=self._dropped,
            unwritable=self._unwritable,
            withheld=self._withheld,
            failures=self._failures,
            failing=self._failing,
            last_error=self._last_error,
            segment=None if segment is None else segment.name,
        )

    # --- the thread ---------------------------------------------------------------------------------------------------

    def _running(self) -> bool:
        if self._thread is None:
            thread = Thread(target=self._work, name="nbo log", daemon=True)
            try:
                thread.start()
            except RuntimeError as error:  # no thread is to be had
                self._last_error = in_one_line(error)
                return False
            self._thread = thread
        return True

    def _work(self) -> None:
        while self._one_batch():
            pass

    def _one_batch(self) -> bool:
        """Write what waits; False when it was the last. Nothing of it is kept while the thread waits for more."""
        taken, last = self._take()
        entries = [each for each in taken if isinstance(each, Entry)]
        self._in_hand = len(entries)
        while not self._wrote(entries):
            if self._closing.wait(self._plan.retry_seconds):
                if monotonic() >= self._deadline:
                    return False
                sleep(_CLOSING_RETRY_SECONDS)
        self._in_hand = 0
        for each in taken:
            if isinstance(each, Event):
                each.set()
        if last:
            self._end()
        return not last

    def _take(self) -> tuple[list[Entry | Event], bool]:
        """What waits, at least one and at most a batch; and whether it is the end."""
        taken: list[Entry | Event] = []
        each = self._queue.get()
        while each is not None:
            taken.append(each)
            if len(taken) == MOST_IN_A_BATCH:
                return taken, False
            try:
                each = self._queue.get_nowait()
            except Empty:
                return taken, False
        return taken, True

    def _wrote(self, entries: Sequence[Entry]) -> bool:
        with self._lock:
            claimed = [each for each in entries if each.state is State.WAITING]
            for each in claimed:
                each.state = State.WRITING
        try:
            if entries:
                self._write(entries)
        except Exception as error:  # noqa: BLE001 - whatever a disk or a key store does, the thread goes on
            with self._lock:
                for each in claimed:
                    each.state = State.WAITING
            self._failures += 1
            self._failing, self._last_error = True, in_one_line(error)
            return False
        if entries:
            self._failing = False
        for each in claimed:
            if each.written is not None:
                each.written.set()
        return True

    def _write(self, entries: Sequence[Entry]) -> None:
        plan = self._plan
        recorded = [each for each in entries if each.state is not State.WITHDRAWN]
        for pack in {each.pack.hash: each.pack for each in recorded}.values():
            plan.archive.keep(pack)
            pack.let_texts_go()
        keys = plan.keys.take(list({each.subject for each in recorded}))
        segment = self._usable_segment()
        contents = [self._content(each, segment, keys) for each in entries]
        lost = sum(each is None for each in contents)
        segment.append(
            [
                self._beside(entry, "lost", segment) if each is None else each
                for entry, each in zip(entries, contents, strict=True)
            ]
        )
        self._written += len(recorded) - lost
        self._unwritable += lost
        if segment.size >= plan.segment_bytes:
            self._end()

    def _content(self, entry: Entry, segment: SegmentWriter, keys: Mapping[Subject, Key]) -> Content | None:
        """What the line of an entry says; None where its record cannot be made."""
        if entry.state is State.WITHDRAWN:
            return self._beside(entry, "withheld", segment)
        body = _body(entry)
        if body is None:
            return None
        key = keys[entry.subject]
        beside = {**self._beside(entry, entry.kind, segment), "pack": entry.pack.hash, "key": key.id}
        return lambda number, before: _sealed({**beside, "n": number, "prev": before}, key, body)

    def _beside(self, entry: Entry, kind: str, segment: SegmentWriter) -> dict[str, object]:
        """What stands in a line in the clear: nothing personal."""
        tag = self._plan.keys.master.name_of("decision", entry.decision_id)
        return {"kind": kind, "segment": segment.name, "at": self._plan.clock().isoformat(), "id": tag}

    def _usable_segment(self) -> SegmentWriter:
        """The open segment, or a new one: nobody appends to a file that another process, or a failure, left behind."""
        if self._segment is not None and not self._segment.usable:
            self._segment.close()
            self._segment = None
        if self._segment is None:
            plan = self._plan
            self._segment = SegmentWriter(plan.folder, plan.keys.master, plan.clock(), plan.open_file, plan.sync)
        return self._segment

    def _end(self) -> None:
        segment, self._segment = self._segment, None
        if segment is None:
            return
        try:
            if segment.usable:
                segment.end(self._plan.clock())
        except OSError as error:  # all records are there; only that they are all is not said
            self._last_error = in_one_line(error)
        finally:
            segment.close()


def _body(entry: Entry) -> bytes | None:
    """The record, packed; None where it cannot be made, or is larger than any line."""
    if entry.body is None:
        try:
            record = entry.record()
            sleep(_BREATH_SECONDS)
            entry.body = packed(canonical(record))
        except Exception:  # noqa: BLE001 - one record that cannot be made must not keep the others from being written
            return None
        sleep(_BREATH_SECONDS)
    return entry.body if len(entry.body) <= _LONGEST_BODY else None


def _sealed(beside: Mapping[str, object], key: Key, body: bytes) -> Mapping[str, object]:
    """INVARIANT: what stands beside the box, its place in the chain too, opens it: it fits nowhere else."""
    return {**beside, "box": b64encode(seal(key.secret, body, canonical(beside))).decode()}
