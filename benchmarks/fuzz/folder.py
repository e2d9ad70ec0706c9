"""A pack whose files are changed, checked, and put back; a pack that loads decides."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from random import Random

from customers import hold_conditions, hold_decision
from grammar import Grammar
from people import customer
from target import TESTS, hold, hold_findings

import nbo
from nbo.diagnostics import catalog
from nbo.diagnostics.diagnostic import Diagnostic, Severity
from nbo.engine import Engine
from nbo.pack.rulepack import RulePack
from nbo.workbench.run_cases import run_cases

AT = datetime.fromisoformat("2026-11-16T10:30:00+08:00")
BASE = TESTS / "diagnostics" / "base"
_ABSENT = (catalog.FILE_NOT_NAMED, catalog.PACK_FILE_ABSENT, catalog.UNREADABLE_FILE)
_TESTS = """at: 2026-11-16T10:30:00+08:00
personas:
  adult: {profile: {customer: {age: 40, surname: 李}, account: {days_past_due: 0}, history: []}}
  asking: {profile: {call: {need_tags: [ease_payment], recording_on: true}, consent: {personalization_opt_out: false}}}
  buyer: {inherits: [adult, asking], profile: {statement: {eligible_purchases: 6000}}}
cases:
  - {id: buys, about: Buys., persona: buyer, winner: installment, quote: {periods: 12}, script: {must: [手续费]}}
  - {id: young, about: Too young., persona: buyer, profile: {customer: {age: 17}},
     blocked: {gold: {stage: eligibility, because: customer.age}}}
"""


class PackFolder:
    """A copy of a rules folder in which the files of one pack are changed and put back."""

    def __init__(self, source: Path, pack: str) -> None:
        self.place = Path(tempfile.mkdtemp())
        shutil.copytree(source, self.place / "rules")
        self.pack = f"rules/{pack}"
        self.changed: dict[str, str] = {}
        root = self.place / self.pack
        if pack == "pack":
            (root / "tests").mkdir()
            (root / "tests" / "cases.yaml").write_text(_TESTS)
            written = (root / "pack.yaml").read_text()
            (root / "pack.yaml").write_text(written + "tests: tests/\n")
        files = (*root.rglob("*.yaml"), *root.rglob("*.csv"), *(self.place / "rules" / "compliance").rglob("*.yaml"))
        self.texts = {os.path.relpath(path, root): path.read_text() for path in sorted(files)}
        loaded = self.check()[0]
        assert loaded is not None  # noqa: S101 - the packs as they are
        self.loaded = loaded
        self.grammar = Grammar(each for each in loaded.dictionary if not each.engine or each.name.startswith("table."))

    def check(self) -> tuple[RulePack | None, list[Diagnostic]]:
        os.chdir(self.place)
        return nbo.check(self.pack, at=AT)

    def change(self, changes: dict[str, str]) -> None:
        """Write the changes over the files as they are."""
        for name in {*self.changed, *changes}:
            text, path = changes.get(name, self.texts.get(name)), self.place / self.pack / name
            if text is None:
                path.unlink()
            else:
                path.write_bytes(text.encode("utf-8", "surrogateescape"))
        self.changed = changes

    def tried(self, chance: Random) -> tuple[str, frozenset[str], RulePack | None]:
        """What nbo finds, and what the pack decides if it loads."""
        loaded, found = self.check()
        hold((loaded is None) == any(each.severity is Severity.ERROR for each in found), "refused without an error")
        for each in found:
            if each.span is not None:
                known = {*self.texts, *self.changed, "pack.yaml"}
                hold(each.span.source.name in known or each.code in _ABSENT, f"{each.code.id} is in no file")
        shown = hold_findings(found)
        if loaded is not None:
            engine = Engine(loaded)
            engine.requirements()
            for _ in range(2):
                profile = customer(chance, loaded.dictionary)
                shown += hold_decision(engine, chance, profile)
                hold_conditions(engine, profile)
            if loaded.cases:
                shown += "".join(str(each.holds) for each in run_cases(engine, loaded.cases[:5]))
        return shown, frozenset(each.code.id for each in found), loaded

    def shown(self) -> str:
        return "\n".join(f"--- {self.pack}/{name}\n{text}" for name, text in self.changed.items())
