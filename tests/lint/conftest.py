"""The base pack, ready to be edited, for the tests of this folder."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "pack"))  # pack_copy
sys.path.insert(0, str(Path(__file__).parents[1] / "language"))  # corner_customers

from pack_copy import PackCopy


@pytest.fixture
def pack(tmp_path: Path) -> PackCopy:
    return PackCopy(tmp_path / "rules")
