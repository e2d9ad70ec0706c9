"""One segment of a log: a file that one process appends to, and its head.

The head says how many whole lines there are and the hash of the last one, signed with the master key, so that lines which
are cut off at the end show. Lines are written first, then the head: after a crash the file may have more lines than the
head counts, and half a line at its end, never fewer.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from uuid import uuid4

from nbo.log.chain import BEFORE_THE_FIRST, canonical, line_of
from nbo.log.files import APPEND, OpenFile, replace_file, write_all
from nbo.log.manifest import enter
from nbo.log.master import MasterKey

SEGMENTS = "segments"
LINES = ".log"
HEAD = ".head"
LINE_VERSION = 1

Kind = Literal["decision", "requote", "order"]
KINDS = frozenset({"decision", "requote", "order"})  # lines that hold a record

Sync = Literal["batch", "never"]
"""Whether what was written is on the disk before the next batch, or when the operating system sees fit."""

Content = Mapping[str, object] | Callable[[int, str], Mapping[str, object]]
"""What a line says; a function where that depends on its number and the hash of the line before."""


class SegmentWriter:
    """The open segment of a process. Every failure is an `OSError`; after one, `usable` says whether to go on with it."""

    def __init__(self, folder: Path, master: MasterKey, now: datetime, open_file: OpenFile, sync: Sync) -> None:
        """Begins a file that nobody else has, and enters it into the manifest."""
        self.name = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}-{uuid4().hex[:8]}"
        self.usable = True
        self.size = 0
        self.count = 0
        self.last = BEFORE_THE_FIRST
        self._folder, self._master, self._open_file, self._sync = folder, master, open_file, sync
        (folder / SEGMENTS).mkdir(parents=True, exist_ok=True)
        self._descriptor = open_file(str(self._path(LINES)), APPEND)
        try:
            self.append([{"kind": "segment", "v": LINE_VERSION, "segment": self.name, "at": now.isoformat()}])
            self._replace_head()  # whoever is in the manifest has one
            enter(folder, master, {"event": "begun", "segment": self.name, "at": now.isoformat()}, open_file)
        except BaseException:
            self.close()
            for ending in (LINES, HEAD):
                with suppress(OSError):
                    self._path(ending).unlink(missing_ok=True)
            raise

    def append(self, contents: Sequence[Content]) -> None:
        """Lines with these contents, all or none of them."""
        number, before, lines = self.count, self.last, []
        for each in contents:
            content = each(number, before) if callable(each) else each
            line, before = line_of({**content, "n": number, "prev": before})
            lines.append(line)
            number += 1
        block = b"".join(lines)
        self._write(block)
        self.size, self.count, self.last = self.size + len(block), number, before
        try:
            self._replace_head()
        except OSError:  # the lines are there; the next ones go into a segment whose head can be written
            self.usable = False

    def end(self, now: datetime) -> None:
        """The last line, and in the manifest how many there are."""
        self.append([{"kind": "end", "segment": self.name, "at": now.isoformat()}])
        ended = {"event": "ended", "segment": self.name, "at": now.isoformat(), "count": self.count, "last": self.last}
        enter(self._folder, self._master, ended, self._open_file)

    def close(self) -> None:
        """Let go of the file as it is."""
        self.usable = False
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            with suppress(OSError):
                os.close(descriptor)

    def _write(self, block: bytes) -> None:
        try:
            write_all(self._descriptor, block)
        except OSError:
            self._take_back()
            raise
        try:
            if self._sync == "batch":
                os.fsync(self._descriptor)
            if not os.fstat(self._descriptor).st_nlink:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self.name)
        except OSError:
            self.usable = False  # what the disk has is not known any more; the lines go into another segment
            raise

    def _take_back(self) -> None:
        """A disk that is full may have taken half a block."""
        try:
            os.ftruncate(self._descriptor, self.size)
        except OSError:
            self.usable = False

    def _replace_head(self) -> None:
        """INVARIANT: it never says more than the file has."""
        head = canonical({"segment": self.name, "count": self.count, "last": self.last})
        signed = canonical({"head": head.decode(), "signed": self._master.signature(head)})
        replace_file(self._path(HEAD), signed, self._open_file, sync=self._sync == "batch")

    def _path(self, ending: str) -> Path:
        return self._folder / SEGMENTS / f"{self.name}{ending}"
