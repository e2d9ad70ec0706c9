"""Stores of both databases and the plain model, by a clock that tests move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from moving_clock import Clock
from plain_store import PlainStore
from postgres_for_tests import CANNOT_START, Served, served, why_not, with_schema

from nbo.history.store import Store, open_store


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Served]:
    """A server that all tests of a process share."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(served())
        except CANNOT_START as error:
            pytest.skip(why_not(error))
        yield server


@pytest.fixture
def postgres(postgres_server: Served) -> str:
    """Its URL."""
    return postgres_server.url


def empty_place(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    """Where an empty store may lie: a file, or a schema of the server."""
    if kind == "sqlite":
        return str(folder / "history.db")
    return with_schema(request.getfixturevalue("postgres"), f"t{uuid4().hex}")


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty store may lie, in each database."""
    return empty_place(request.param, request, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql", "plain"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Store | PlainStore]:
    """A store of each kind; all do the same."""
    if request.param == "plain":
        yield PlainStore(clock)
        return
    with open_store(empty_place(request.param, request, tmp_path), clock=clock) as opened:
        yield opened
