"""Each kind of database, empty: one contract, two servers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from postgres_server import running

from mingbai.shop.records.home import Records

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with running() as url:
        Records.open(_database(url, "migrated", "template1")).close()
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database: no tables on PostgreSQL, no file on SQLite."""
    if request.param == "sqlite":
        return str(tmp_path / "shop.db")
    url: str = request.getfixturevalue("postgres")
    return _database(url, f"empty{next(_numbers)}", "template1")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    """An empty home."""
    where = str(tmp_path / "shop.db")
    if request.param == "postgres":
        where = _database(request.getfixturevalue("postgres"), f"home{next(_numbers)}", "migrated")
    with Records.open(where) as opened:
        yield opened


def _database(url: str, name: str, template: str) -> str:
    plain = url.format("postgres").replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[call-overload]
    return url.format(name)
