"""Whole writes to files: all bytes or an error, and a file that is there in full or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows: one process at a time opens a log there
    fcntl = None  # type: ignore[assignment]  # a system without it: nothing is locked

OpenFile = Callable[[str, int], int]
"""As `os.open`: a path and flags; gives a descriptor. Tests put a full disk here."""

APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_FRESH = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def open_private(path: str, flags: int) -> int:
    """`os.open` for files that nobody but their owner reads."""
    return os.open(path, flags, 0o600)


def write_all(descriptor: int, content: bytes) -> None:
    """Every byte, however many a single write takes; raises `OSError`."""
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def replace_file(path: Path, content: bytes, open_file: OpenFile, *, sync: bool) -> None:
    """A file with this content in place of what was there; a crash leaves the old one or the new one."""
    beside = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    try:
        descriptor = open_file(str(beside), _FRESH)
        try:
            write_all(descriptor, content)
            if sync:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def sync_folder(folder: Path) -> None:
    """That a file is in a folder is on disk, too; where the system lets a folder be opened."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Alone among processes; a process that dies leaves no lock behind."""
    descriptor = open_private(str(path), APPEND)
    try:
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
