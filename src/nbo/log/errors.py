"""What can go wrong with a log; one line each, without personal data."""

from __future__ import annotations


class LogError(Exception):
    """A log, its keys or its archive of packs cannot be used as asked."""


class KeyStoreError(LogError):
    """The key store cannot be read or written, or the master key is not the one that it was made with."""


class ArchiveError(LogError):
    """A pack is not in the archive, or not as it was put there."""


def in_one_line(error: Exception) -> str:
    """What happened, without values: an operating system's words, or the name of the error."""
    if isinstance(error, LogError):
        return str(error)
    if isinstance(error, OSError) and error.strerror is not None:
        return f"{type(error).__name__}: {error.strerror}"
    return type(error).__name__
