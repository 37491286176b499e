from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from mingbai.engine.rehearsal import RehearsalEngine
from page_floor import floor_of
from standing import Standing, stand


@pytest.fixture(autouse=True)
def _unblocked(unblocked: None) -> None:
    """Every test of this folder."""


@pytest.fixture
def standing(tmp_path: Path) -> Standing:
    """A service on the rehearsal engine."""
    return stand(tmp_path, RehearsalEngine())


@pytest.fixture
def paged(tmp_path: Path) -> Iterator[Standing]:
    """A service with a page: a tiny shop, and a desk that understands one thing."""
    found = stand(tmp_path, RehearsalEngine(), page=floor_of)
    yield found
    assert found.service.page is not None
    found.service.page.close()
    found.service.page.records.close()


@pytest.fixture
async def caller(standing: Standing) -> AsyncIterator[httpx.AsyncClient]:
    """A client of it with an owner's key."""
    async with standing.caller() as client:
        yield client
