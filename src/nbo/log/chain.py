"""The lines of a log: each says its own SHA-256 first, and in it that of the line before.

    9f3c… {"kind":"decision","n":17,"prev":"5b1e…",…}

So a changed byte shows in the line itself, and a line that is missing, moved or replaced shows in the next one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

BEFORE_THE_FIRST = "0" * 64
LONGEST_LINE = 64 * 1024 * 1024
_HASH = 64  # characters


class DamagedLineError(Exception):
    """Bytes that are no line of a log, or not the line that was written."""


def canonical(content: object) -> bytes:
    """The only way to write a JSON value: names sorted, no spaces, UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def hash_of(content: bytes) -> str:
    """The SHA-256 as it stands in a line."""
    return sha256(content).hexdigest()


def line_of(content: Mapping[str, object]) -> tuple[bytes, str]:
    """A line with its line break, and its hash."""
    written = canonical(content)
    digest = hash_of(written)
    return b"%s %s\n" % (digest.encode(), written), digest


def read_line(line: bytes) -> tuple[dict[str, Any], str]:
    """The content of a line and its hash; `DamagedLineError` where a single byte is another."""
    digest, content = line[:_HASH], line[_HASH + 1 : -1]
    if line[_HASH : _HASH + 1] != b" " or line[-1:] != b"\n" or hash_of(content).encode() != digest:
        raise DamagedLineError
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        raise DamagedLineError from None
    if not isinstance(read, dict):
        raise DamagedLineError
    return read, digest.decode()
