"""The pack that `docs/rule-files.md` shows is a pack: it checks clean and its own cases hold."""

from __future__ import annotations

import re
from pathlib import Path

from nbo import Engine, check
from nbo.workbench.run_cases import run_cases

PAGE = Path(__file__).parents[2] / "docs" / "rule-files.md"
BLOCK = re.compile(r"^```(?:yaml|csv) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_documented_pack_checks_clean_and_its_cases_hold(tmp_path: Path) -> None:
    root = tmp_path / "rules" / "small_card"
    blocks = BLOCK.findall(PAGE.read_text())
    assert len(blocks) >= 15
    for name, text in blocks:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    _, found = check(root)
    assert [(str(each.span), each.message()) for each in found] == []
    engine = Engine.load(root)
    assert [(each.case.id, each.differences) for each in run_cases(engine, engine.pack.cases) if not each.holds] == []
