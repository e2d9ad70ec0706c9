"""While packs are made Python's collector rests, and afterwards it is as it was."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from nbo.pack.collector import resting


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    was_on = gc.isenabled()
    yield
    (gc.enable if was_on else gc.disable)()


def test_the_collector_rests_until_the_last_of_several_loads_is_done() -> None:
    gc.enable()
    with resting():
        with resting():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    with resting():
        pass
    assert not gc.isenabled()


def test_the_collector_goes_on_after_a_load_that_fails() -> None:
    gc.enable()
    with pytest.raises(ValueError, match="broken"), resting():
        raise ValueError("broken")
    assert gc.isenabled()
