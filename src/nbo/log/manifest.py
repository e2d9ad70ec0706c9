"""The manifest of a log: which segments there are, in a chain of its own, each line signed.

A segment is written by one process alone, so writers share no lock; they meet here, once when a segment begins and once
when it ends.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from nbo.log.chain import BEFORE_THE_FIRST, DamagedLineError, canonical, hash_of, line_of, read_line
from nbo.log.files import APPEND, OpenFile, locked, write_all
from nbo.log.master import MasterKey

MANIFEST = "manifest.jsonl"
_LOCK = ".manifest.lock"


def enter(folder: Path, master: MasterKey, content: Mapping[str, object], open_file: OpenFile) -> None:
    """Add a line, on disk when this returns; raises `OSError`."""
    path = folder / MANIFEST
    with locked(folder / _LOCK):
        number, before = _end_of(path)
        unsigned = {**content, "n": number, "prev": before}
        line, _ = line_of({**unsigned, "signed": master.signature(canonical(unsigned))})
        descriptor = open_file(str(path), APPEND)
        try:
            write_all(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _end_of(path: Path) -> tuple[int, str]:
    """Number and `prev` of the line that comes next; a half-written last line was never acted on, and is cut off.

    A damaged line stops nobody from logging: it stays where `nbo log verify` finds it.
    """
    try:
        written = path.read_bytes()
    except FileNotFoundError:
        return 0, BEFORE_THE_FIRST
    whole = written.rfind(b"\n") + 1
    if whole < len(written):
        os.truncate(path, whole)
    if not whole:
        return 0, BEFORE_THE_FIRST
    last = written[written.rfind(b"\n", 0, whole - 1) + 1 : whole]
    try:
        _, before = read_line(last)
    except DamagedLineError:
        before = hash_of(last)
    return written.count(b"\n"), before
