"""A log as it lies in its folder: its segments, and a segment's lines with their places.

It judges nothing but single lines; `verify.py` judges the chain.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbo.diagnostics.diagnostic import Text
from nbo.log.chain import LONGEST_LINE, DamagedLineError, read_line
from nbo.log.errors import LogError
from nbo.log.manifest import MANIFEST
from nbo.log.segment import HEAD, LINES, SEGMENTS

_NO_LOG = Text("there is no decision log in `{folder}`", "`{folder}` 中没有决策日志")
_UNREADABLE = Text("cannot read `{path}`: {problem}", "无法读取 `{path}`：{problem}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `number` counts from 1. `content` is None where it is damaged, `torn` where it has no line break."""

    number: int
    content: dict[str, Any] | None
    hash: str
    torn: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """How many whole lines a segment had, the hash of the last one, and the words that were signed."""

    count: int
    last: str
    words: bytes
    signature: str


def segments(folder: Path) -> list[str]:
    """The names of the segments that are there; no log at all raises `LogError`."""
    if not (folder / MANIFEST).is_file() and not (folder / SEGMENTS).is_dir():
        raise LogError(_NO_LOG, folder=str(folder))
    return sorted(path.stem for path in (folder / SEGMENTS).glob(f"*{LINES}"))


def lines_of(folder: Path, segment: str) -> Iterator[Line]:
    """The lines of a segment."""
    return lines(folder / SEGMENTS / f"{segment}{LINES}")


def lines(path: Path) -> Iterator[Line]:
    """The lines of a file; one that cannot be read raises `LogError`."""
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(iter(lambda: stream.readline(LONGEST_LINE), b""), 1):
                try:
                    content, digest = read_line(line)
                except DamagedLineError:
                    yield Line(number, None, "", torn=not line.endswith(b"\n"))
                else:
                    yield Line(number, content, digest)
    except OSError as error:
        raise LogError(_UNREADABLE, path=str(path), problem=str(error.strerror)) from None


def head_of(folder: Path, segment: str) -> Head | None:
    """The head of a segment; None where there is none that can be read."""
    try:
        signed = json.loads((folder / SEGMENTS / f"{segment}{HEAD}").read_bytes())
        words = json.loads(signed["head"])
        if words["segment"] != segment:
            return None
        return Head(int(words["count"]), str(words["last"]), signed["head"].encode(), str(signed["signed"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
