"""Each kind of database, empty: one contract, two servers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from postgres_server import running

from mingbai.permit.vault.rows import RowSealer
from mingbai.permit.vault.vault import Vault
from mingbai.shop.records.home import Records
from mingbai.shop.records.tables import METADATA

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with running() as url:
        _run(url, "CREATE DATABASE home")
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database: no tables on PostgreSQL, no file on SQLite."""
    if request.param == "sqlite":
        return str(tmp_path / "shop.db")
    url: str = request.getfixturevalue("postgres")
    name = f"empty{next(_numbers)}"
    _run(url, f"CREATE DATABASE {name}")
    return url.format(name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    """An empty home, with keys."""
    keys = RowSealer(Vault(tmp_path / "persons.db", bytes(32)))
    if request.param == "sqlite":
        with Records.open(tmp_path / "shop.db", keys) as opened:
            yield opened
        return
    url = request.getfixturevalue("postgres")
    with Records.open(url.format("home"), keys) as opened:
        yield opened
    # Emptied, not made anew: a database is three hundred files.
    _run(url, *(f"DELETE FROM {table.name}" for table in reversed(METADATA.sorted_tables)), database="home")


def _run(url: str, *statements: str, database: str = "postgres") -> None:
    plain = url.format(database).replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]
