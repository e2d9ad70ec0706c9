"""A copy of the small base pack with edits, and what nbo finds in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import nbo
from nbo.diagnostics.diagnostic import Diagnostic
from nbo.pack.rulepack import RulePack

BASE = Path(__file__).parents[1] / "diagnostics" / "base"
AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")


class PackCopy:
    """The base pack in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(BASE, folder)
        self.root = folder / "pack"

    def edit(self, name: str, old: str, new: str) -> PackCopy:
        """Replace the first occurrence of a text that the file has."""
        text = self.text(name)
        assert old in text
        return self.write(name, text.replace(old, new, 1))

    def write(self, name: str, content: str | bytes) -> PackCopy:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self

    def text(self, name: str) -> str:
        return (self.root / name).read_text()

    def change(self, change: Callable[[Path], object]) -> PackCopy:
        change(self.root)
        return self

    def check(self, at: datetime = AT) -> tuple[RulePack | None, list[Diagnostic]]:
        return nbo.check(self.root, at=at)

    def findings(self, at: datetime = AT) -> list[tuple[str, str]]:
        """File and code of everything found."""
        return [("" if each.span is None else each.span.source.name, each.code.id) for each in self.check(at)[1]]

    def only(self, code: str) -> Diagnostic:
        """The one finding, which has this code."""
        found = self.check()[1]
        assert [each.code.id for each in found] == [code], [each.message() for each in found]
        return found[0]
