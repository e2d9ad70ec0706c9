"""A store that tests fill at once, and the names by which they tell what happened."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert

from nbo.history import database
from nbo.history.interaction import Interaction
from nbo.history.recording import to_row
from nbo.history.schema import INTERACTION
from nbo.history.store import Store, open_store

sys.path.insert(0, str(Path(__file__).parents[1] / "evidence"))  # html_page
sys.path.insert(0, str(Path(__file__).parent))  # happened, plain_figures

Refill = Callable[[Iterable[Interaction]], Store]


@pytest.fixture(scope="session", autouse=True)
def _without_waiting_for_the_disk() -> Iterator[None]:
    """What these tests write need not outlive the machine."""
    prepare = database._prepare_sqlite

    def quick(connection: object, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA synchronous=OFF")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_prepare_sqlite", quick)
        yield


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(str(tmp_path_factory.mktemp("figures") / "history.db")) as opened:
        yield opened


@pytest.fixture
def filled(store: Store) -> Refill:
    """The store with these interactions and no others, however they came."""

    def fill(interactions: Iterable[Interaction]) -> Store:
        rows = [to_row(each) for each in interactions]

        def write(connection: object) -> None:
            connection.execute(delete(INTERACTION))
            if rows:
                connection.execute(insert(INTERACTION), rows)

        store._database.write(write)
        return store

    return fill
