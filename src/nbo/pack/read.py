"""The files of a pack on disk: exactly those that `pack.yaml` names, all inside the folder that holds the packs.

In: the pack's folder. Out: each part's parsed files, the content hash, and what is missing, surplus or not YAML.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, DiagnosticError, Text
from nbo.diagnostics.place import SourceText, Span, printable
from nbo.diagnostics.suggest import nearest
from nbo.pack.memory import Memory
from nbo.source.nodes import Node, Scalar
from nbo.source.yaml_file import MOST_FINDINGS, parse_yaml, read_source

_NO_NAMES = frozenset({"", ".", ".."})
_NO_FILE = Text("it is no file", "它不是文件")
_DEAD_LINK = Text("it is a link to something that does not exist", "它是一个失效的链接")


class PackFolder:
    """Reads parts by the paths that `pack.yaml` gives, and remembers what was read.

    `broken` names the parts of which a file could not be read, so that nobody complains of what it may have held.
    """

    def __init__(self, root: Path, memory: Memory) -> None:
        """`memory` has the files of the load before: one that did not change stays the same object."""
        self.root = root
        self._memory = memory
        self.found: list[Diagnostic] = []
        self.broken: set[str] = set()
        self._sources: dict[str, SourceText] = {}
        self._named: set[str] = set()  # where the files lead that were named
        self._folders: dict[str, tuple[str | None, str]] = {}
        self._allowed = (_resolved(str(root)) or str(root)).rpartition(os.sep)[0] + os.sep

    def pack_yaml(self) -> Node | None:
        """`pack.yaml` itself."""
        path = self.root / "pack.yaml"
        if not os.path.lexists(path):
            nothing = Span(SourceText("pack.yaml", str(self.root), ""), 0, 0)
            self.found.append(catalog.PACK_FILE_ABSENT.at(nothing, path=self.root))
            return None
        source = self._text("pack", path)
        return None if source is None else self.parsed("pack", source)

    def file(self, part: str, written: Scalar) -> SourceText | None:
        """The one file of a part."""
        path = self._resolved(part, written)
        if path is None:
            return None
        if path.is_dir():
            self.broken.add(part)
            self._named.add(self._real(path) or str(path))
            self.found.append(catalog.PART_IS_FOLDER.at(written.span, path=written.text, part=part))
            return None
        return self._text(part, path)

    def text(self, part: str, written: Scalar) -> SourceText | None:
        """The text of a file that a part names."""
        path = self._resolved(part, written)
        return None if path is None else self._text(part, path)

    def folder(self, part: str, written: Scalar) -> Iterator[SourceText]:
        """Every `.yaml` file of a part's folder (or the one file), in order of name."""
        path = self._resolved(part, written)
        if path is None:
            return
        if path.is_dir():
            paths = [path / name for name in sorted(_names(path)) if name.endswith(".yaml")]
            if not paths:
                self.broken.add(part)
                pattern = f"{written.text.rstrip('/')}/*.yaml"
                self.found.append(catalog.PART_ABSENT.at(written.span, path=pattern, part=part))
        else:
            paths = [path]
        for each in paths:
            if self._inside(each, written, self._relative(each)):
                source = self._text(part, each)
                if source is not None:
                    yield source

    def parsed(self, part: str, source: SourceText) -> Node | None:
        """The content of a YAML file that was read."""
        try:
            return parse_yaml(source)
        except DiagnosticError as error:
            self.broken.add(part)
            self.found.extend(error.diagnostics)
            return None

    def check_nothing_is_unnamed(self) -> None:
        """Every file of the folder must have an effect; only notes (`.md`) and hidden files may lie about."""
        for path in islice(self._unnamed(), MOST_FINDINGS):
            shown = self._relative(path) + ("/" if path.is_dir() else "")
            source = SourceText(shown, _shown(os.path.normpath(path)), "")
            self.found.append(catalog.FILE_NOT_NAMED.at(Span(source, 0, 0), path=shown))

    def _unnamed(self) -> Iterator[Path]:
        used: set[str] = set()
        for named in self._named:
            folder = named
            while (folder := os.path.dirname(folder)) not in used:  # noqa: PTH120 - texts, of ten thousand files
                used.add(folder)
        waiting = [self.root]
        while waiting:
            inside_of = waiting.pop()
            for path in (inside_of / name for name in sorted(_names(inside_of)) if not _is_note(name)):
                real = self._real(path) or str(path)
                if real in self._named and not path.is_dir():
                    continue
                if path.is_dir() and real in used:
                    waiting.extend([] if path.is_symlink() else [path])
                elif real not in self._named and _holds_rules(path):
                    yield path

    @property
    def content_hash(self) -> str:
        """SHA-256 over the name and content of every file that was read, whatever the order of reading."""
        digests = {each.name: each.digest.hex() for each in self.sources}
        lines = "".join(f"{name}\0{digest}\n" for name, digest in digests.items())
        return hashlib.sha256(lines.encode()).hexdigest()

    @property
    def sources(self) -> tuple[SourceText, ...]:
        """Every file that was read, in order of name."""
        return tuple(self._sources[name] for name in sorted(self._sources))

    def _resolved(self, part: str, written: Scalar) -> Path | None:
        path = self.root / written.text
        if not self._inside(path, written, written.text):
            return None
        if not os.path.lexists(path):  # a link that leads nowhere is found when it is read
            self.broken.add(part)
            found = nearest(path.name, [name for name in _names(path.parent) if not _is_note(name)])
            if found is None:
                self.found.append(catalog.PART_ABSENT.at(written.span, path=written.text, part=part))
            else:
                self._named.add(self._real(path.parent / found) or found)  # it is only misspelt, so it is not surplus
                better = written.text.rstrip("/")[: -len(path.name)] + found
                self.found.append(
                    catalog.PART_ABSENT.at(
                        written.span, path=written.text, part=part, suggestion=better, help=catalog.DID_YOU_MEAN
                    )
                )
            return None
        return path

    def _inside(self, path: Path, written: Scalar, shown: str) -> bool:
        real = self._real(path)
        if real is None or (real + os.sep).startswith(self._allowed):
            return True  # what cannot be followed is found to be absent next
        self._named.update((real, str(path.parent.resolve() / path.name)))
        self.found.append(catalog.PATH_LEAVES_RULES.at(written.span, path=shown))
        return False

    def _text(self, part: str, path: Path) -> SourceText | None:
        try:
            return self._read(path)
        except DiagnosticError as error:
            self.broken.add(part)
            self.found.extend(error.diagnostics)
            return None

    def _read(self, path: Path) -> SourceText:
        """A file's text, which counts as named and enters the hash; one that cannot be read raises `DiagnosticError`."""
        self._named.add(self._real(path) or str(path))
        name = self._relative(path)
        read = _source(path, name)
        source = self._memory.made(("source", name, read.path, read.digest), lambda: read)
        if source is not read:
            source.take_up(read)
        self._sources[name] = source
        return source

    def _relative(self, path: Path) -> str:
        folder, name = os.path.split(path)
        if name in _NO_NAMES:
            return _shown(Path(os.path.relpath(path, self.root)).as_posix())
        within = self._folder(folder)[1]
        return _shown(name if within == "." else f"{within}/{name}")

    def _real(self, path: Path) -> str | None:
        """Where a path leads in the end; None where it leads nowhere (a circle of links, a name that no system allows)."""
        folder, name = os.path.split(path)
        if name in _NO_NAMES or os.path.islink(path):  # noqa: PTH114 - raises nothing, whatever the name
            return _resolved(str(path))
        real = self._folder(folder)[0]
        return None if real is None else os.path.join(real, name)  # noqa: PTH118 - as above

    def _folder(self, folder: str) -> tuple[str | None, str]:
        """Where a folder leads, and its path from the pack; followed once for all of its files."""
        if folder not in self._folders:
            within = Path(os.path.relpath(folder or ".", self.root)).as_posix()
            self._folders[folder] = (_resolved(folder), within)
        return self._folders[folder]


def _source(path: Path, name: str) -> SourceText:
    shown = _shown(os.path.normpath(path))
    if not path.is_file():  # a pipe or a device would be read for ever
        problem = _DEAD_LINK if path.is_symlink() else _NO_FILE
        raise DiagnosticError(catalog.UNREADABLE_FILE.at(Span(SourceText(name, shown, ""), 0, 0), problem=problem))
    return read_source(path, name, shown)


def _shown(path: str) -> str:
    """A path that can be printed, whatever bytes the name has."""
    return printable(os.fsencode(path).decode(errors="replace"))


def _resolved(path: str) -> str | None:
    try:
        return str(Path(path).resolve())
    except (OSError, RuntimeError, ValueError):
        return None


def _names(folder: Path) -> list[str]:
    """What lies in a folder; nothing where it cannot be looked into."""
    try:
        return [each.name for each in folder.iterdir()]
    except (OSError, ValueError):
        return []


def _is_note(name: str) -> bool:
    return name.startswith(".") or name.endswith(".md")


def _holds_rules(path: Path) -> bool:
    """Whether a path is a file, or a folder with one in it that is no note."""
    waiting = [path]
    while waiting:
        each = waiting.pop()
        if not each.is_dir():
            return True
        if each.is_symlink() and each != path:
            continue
        waiting.extend(each / name for name in _names(each) if not _is_note(name))
    return False
