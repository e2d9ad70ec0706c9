"""Logs in a folder of the test, with keys beside it, and engines that write into them."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "decide")]  # small_log, tiny_pack

from small_log import MASTER, Log  # noqa: E402 - found beside this file

from nbo.log.keys import KeyStore  # noqa: E402 - as above


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[KeyStore]:
    """The key store of the test's logs."""
    store = KeyStore(tmp_path / "keys.db", MASTER)
    yield store
    store.close()


@pytest.fixture
def logs(tmp_path: Path, keys: KeyStore) -> Iterator[Callable[..., Log]]:
    """Opens logs of the test's folder; those that are still open in the end are closed."""
    opened: list[Log] = []

    def open_log(**options: object) -> Log:
        opened.append(Log(tmp_path / "log", keys, **options))
        return opened[-1]

    yield open_log
    for each in opened:
        each.log.close(0)
