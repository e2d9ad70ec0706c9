"""What the runner needs of a target, and what must hold of every finding."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Protocol

from nbo.diagnostics.diagnostic import Diagnostic
from nbo.diagnostics.render import render_github, render_json, render_sarif, render_text

TESTS = Path(__file__).parents[2] / "tests"
RULES = Path(__file__).parents[2] / "rules"
SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"


class Target(Protocol):
    """One kind of input, and what must hold of it."""

    def one(self, chance: Random) -> str:
        """Make an input and try it. Gives what came of it as text; raises where something broke."""

    def shown(self) -> str:
        """The last input, for a person."""

    def summary(self) -> str:
        """What came of the inputs, in a few words."""


def hold(condition: object, what: str) -> None:
    """What must hold, also under `python -O`."""
    if not condition:
        raise AssertionError(what)


def hold_findings(found: Sequence[Diagnostic]) -> str:
    """Every finding has a place inside its file, and all of them can be shown in every format and both languages."""
    for each in found:
        hold(each.span is not None, f"{each.code.id} has no place")
        if each.span is not None:
            inside = 0 <= each.span.start <= each.span.end <= len(each.span.source.text)
            hold(inside, f"{each.code.id} stands outside of its file")
    shown = []
    root = Path(os.getcwd())  # noqa: PTH109 - the path as it is shown, no link followed
    for language in ("en", "zh"):
        text = render_text(found, language)
        hold(all(line.isprintable() for line in text.split("\n")), "a finding commands the terminal")
        hold(len(text) < 10_000 * (len(found) + 1), "a finding is too long")
        sarif = render_sarif(found, language, root=root, version="0")
        github = render_github(found, language, root=root)
        hold(github.count("\n") <= max(len(found) - 1, 0), "an annotation goes over several lines")
        written = render_json(found, language)
        json.loads(written)
        json.loads(sarif)
        shown += [text, written, github, sarif]
        for each in shown:
            each.encode()
    return "\n".join(shown)
