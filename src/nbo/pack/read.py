"""The files of a pack on disk: exactly those that `pack.yaml` names, all inside the folder that holds the packs.

In: the pack's folder. Out: each part's parsed files, the content hash, and what is missing, surplus or not YAML.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, DiagnosticError
from nbo.diagnostics.place import SourceText, Span
from nbo.source.nodes import Node, Scalar
from nbo.source.yaml_file import parse_yaml, read_source


class PackFolder:
    """Reads parts by the paths that `pack.yaml` gives, and remembers what was read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.found: list[Diagnostic] = []
        self._hashes: dict[str, str] = {}
        self._named: set[Path] = set()
        self._allowed = root.resolve().parent

    def pack_yaml(self) -> Node | None:
        """`pack.yaml` itself."""
        path = self.root / "pack.yaml"
        if not path.is_file():
            nothing = Span(SourceText("pack.yaml", str(self.root), ""), 0, 0)
            self.found.append(catalog.PACK_FILE_ABSENT.at(nothing, path=self.root))
            return None
        return self._parsed(path)

    def file(self, part: str, written: Scalar) -> Node | None:
        """The one file of a part."""
        path = self._resolved(part, written)
        return None if path is None else self._parsed(path)

    def folder(self, part: str, written: Scalar) -> Iterator[Node]:
        """Every `.yaml` file of a part's folder (or the one file), in order of name."""
        path = self._resolved(part, written)
        if path is None:
            return
        if path.is_file():
            paths = [path]
        else:
            paths = sorted(each for each in path.iterdir() if each.suffix == ".yaml")
            if not paths:
                self.found.append(catalog.PART_ABSENT.at(written.span, path=f"{written.text.rstrip('/')}/*.yaml", part=part))
        for each in paths:
            if self._inside(each, written.span):
                node = self._parsed(each)
                if node is not None:
                    yield node

    def check_nothing_is_unnamed(self) -> None:
        """Every file of the folder must have an effect; only notes (`.md`) and hidden files may lie about."""
        for folder, folders, files in os.walk(self.root):
            folders[:] = sorted(each for each in folders if not each.startswith("."))
            for name in sorted(files):
                path = Path(folder) / name
                if name.startswith(".") or name.endswith(".md") or path.resolve() in self._named:
                    continue
                source = SourceText(self._relative(path), str(path), "")
                self.found.append(catalog.FILE_NOT_NAMED.at(Span(source, 0, 0)))

    @property
    def content_hash(self) -> str:
        """SHA-256 over the name and content of every file that was read, whatever the order of reading."""
        lines = "".join(f"{name}\0{digest}\n" for name, digest in sorted(self._hashes.items()))
        return hashlib.sha256(lines.encode()).hexdigest()

    def _resolved(self, part: str, written: Scalar) -> Path | None:
        path = self.root / written.text
        if not path.exists():
            self.found.append(catalog.PART_ABSENT.at(written.span, path=written.text, part=part))
            return None
        return path if self._inside(path, written.span) else None

    def _inside(self, path: Path, span: Span) -> bool:
        inside = path.resolve().is_relative_to(self._allowed)
        if not inside:
            self.found.append(catalog.PATH_LEAVES_RULES.at(span, path=self._relative(path)))
        return inside

    def _parsed(self, path: Path) -> Node | None:
        self._named.add(path.resolve())
        name = self._relative(path)
        try:
            source = read_source(path, name, str(Path(os.path.normpath(path))))
            self._hashes[name] = hashlib.sha256(source.text.encode()).hexdigest()
            return parse_yaml(source)
        except DiagnosticError as error:
            self.found.extend(error.diagnostics)
            return None

    def _relative(self, path: Path) -> str:
        return Path(os.path.relpath(path, self.root)).as_posix()
