"""The base pack, ready to be broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from pack_copy import PackCopy
from tested_pack import TestedPack


@pytest.fixture
def pack(tmp_path: Path) -> PackCopy:
    return PackCopy(tmp_path / "rules")


@pytest.fixture
def tested(pack: PackCopy) -> TestedPack:
    return TestedPack(pack)
