"""What can go wrong with a log, in both languages; one line each, without personal data."""

from __future__ import annotations

from nbo.diagnostics.diagnostic import Text


class LogError(Exception):
    """A log, its keys or its archive of packs cannot be used as asked; as text it is English."""

    def __init__(self, words: Text, **values: str) -> None:
        super().__init__(words.fill("en", values))
        self.words, self.values = words, values

    def text(self, language: str) -> str:
        """What is wrong, in words."""
        return self.words.fill(language, self.values)


class KeyStoreError(LogError):
    """The key store or the master key cannot be used, so no record can be opened or sealed."""


class ArchiveError(LogError):
    """A pack is not in the archive, or not as it was put there."""


def in_one_line(error: Exception) -> str:
    """What happened, without values: an operating system's words, or the name of the error."""
    if isinstance(error, LogError):
        return str(error)
    if isinstance(error, OSError) and error.strerror is not None:
        return f"{type(error).__name__}: {error.strerror}"
    return type(error).__name__
