"""A call by the sample pack, told event by event."""

from __future__ import annotations

import pytest
from talk import Talk

from nbo import Engine


@pytest.fixture
def talk(sample: Engine) -> Talk:
    return Talk(sample)
