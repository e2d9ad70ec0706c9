"""A call by the sample pack, told event by event."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from talk import Talk

from nbo import Engine

SAMPLE = Path(__file__).parents[2] / "rules" / "cn_credit_card"


@pytest.fixture
def talk(sample: Engine) -> Talk:
    return Talk(sample)


@pytest.fixture(scope="session")
def standard(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The sample pack as one that says nothing of calls."""
    rules = tmp_path_factory.mktemp("standard") / "rules"
    shutil.copytree(SAMPLE.parent, rules)
    root = rules / SAMPLE.name
    shutil.rmtree(root / "tests")
    text = (root / "pack.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    gone = ("call:", "moments:", "tests:")
    (root / "pack.yaml").write_text("".join(each for each in text if not each.startswith(gone)), encoding="utf-8")
    for name in ("call.yaml", "moments.yaml"):
        (root / name).unlink()
    return Engine.load(root)
