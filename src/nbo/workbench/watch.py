"""Notice that a file of a rule pack has changed, by looking at times and sizes.

In: the pack's folder. Out: for each change the names of the files that it is about. Watched is everything in the folder
but notes and hidden files, and what `pack.yaml` names outside of it (shared compliance rules). A few hundred files are
looked at in a few milliseconds, so no service of the operating system is asked. Nothing is read but `pack.yaml`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from nbo.diagnostics.diagnostic import DiagnosticError
from nbo.source import nodes
from nbo.source.yaml_file import parse_yaml, read_source

INTERVAL = 0.5  # seconds between two looks
SETTLE = 0.1  # seconds without a further change after which a change is told: editors write in several steps
MOST_SETTLING = 20  # looks; files that never settle are told all the same


class Stamp(NamedTuple):
    """What tells a changed file from the same one."""

    modified_ns: int
    size: int
    inode: int


Stamps = Mapping[Path, Stamp]


class PackFiles:
    """The files that matter to a pack; `count` is how many there were at the last look."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.count = 0
        self._outside: frozenset[Path] = frozenset()

    def look(self) -> Stamps:
        """Every file with its stamp. A file that is gone is not in it; one that comes and goes meanwhile raises nothing."""
        self._outside = self._named_outside()
        stamps: dict[Path, Stamp] = {}
        for path in (self.root, *sorted(self._outside)):
            _collect(path, stamps)
        self.count = len(stamps)
        return stamps

    def _named_outside(self) -> frozenset[Path]:
        """The paths in `pack.yaml` that lead out of the folder; those of before while it cannot be read."""
        path = self.root / "pack.yaml"
        try:
            document = parse_yaml(read_source(path, path.name, str(path)))
        except DiagnosticError:
            return self._outside
        written = (text for text in _texts(document) if text.startswith("..") or Path(text).is_absolute())
        paths = (Path(os.path.normpath(self.root / text)) for text in written)
        # A path that leaves the folder of the packs is a finding, and that folder itself is no part.
        folder = Path(os.path.abspath(self.root)).parent  # noqa: PTH100 - no link is followed, as in the pack's own reading
        return frozenset(path for path in paths if folder in Path(os.path.abspath(path)).parents)  # noqa: PTH100 - as above


def changes(files: PackFiles, sleep: Callable[[float], None]) -> Iterator[tuple[str, ...]]:
    """Nothing at once, for the first check; then, for each change, the names of the files that changed, came or went.

    The look that a change is held against is older than what is done with it, so a change meanwhile is not lost. Goes on
    for ever; `sleep` takes seconds.
    """
    before = files.look()
    yield ()
    while True:
        sleep(INTERVAL)
        now = files.look()
        if now == before:
            continue
        for _ in range(MOST_SETTLING):
            sleep(SETTLE)
            settled, now = now, files.look()
            if settled == now:
                break
        if now == before:
            continue  # an editor put the file away and back
        differing = [path for path in {*before, *now} if before.get(path) != now.get(path)]
        before = now
        yield tuple(sorted(Path(os.path.relpath(path, files.root)).as_posix() for path in differing))


def _collect(path: Path, stamps: dict[Path, Stamp]) -> None:
    """The stamps of a file, or of all files in a folder; links to folders are not followed."""
    waiting = [path]
    while waiting:
        each = waiting.pop()
        try:
            if each.is_dir():
                names = (name for name in os.listdir(each) if not (name.startswith(".") or name.endswith(".md")))  # noqa: PTH208 - names alone
                waiting.extend(below for name in names if not ((below := each / name).is_symlink() and below.is_dir()))
            else:
                status = each.stat()
                stamps[each] = Stamp(status.st_mtime_ns, status.st_size, status.st_ino)
        except OSError:
            continue  # gone between the two looks, or not to be looked into: the check says so


def _texts(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Scalar):
        yield node.text
    elif isinstance(node, nodes.Sequence):
        for item in node:
            yield from _texts(item)
    elif isinstance(node, nodes.Mapping):
        for value in node.values():
            yield from _texts(value)
