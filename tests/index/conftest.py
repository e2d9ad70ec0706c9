"""Generated dictionaries and small packs for the tests of this folder."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nbo.index import axis, bits

for folder in ("decide", "language"):  # tiny_pack; random_dictionaries, corner_customers
    sys.path.insert(0, str(Path(__file__).parents[1] / folder))


@pytest.fixture(params=["as it is", "short segments, shared cells, few values"])
def sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same with the sizes of an index of many offers."""
    if request.param != "as it is":
        monkeypatch.setattr(bits, "_FIRST_SEGMENT", 8)
        monkeypatch.setattr(bits, "_GROWTH", 1)
        monkeypatch.setattr(axis, "MOST_CUTS", 2)
        monkeypatch.setattr(axis, "MOST_VALUES", 1)
