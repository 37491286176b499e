from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from mingbai.engine.rehearsal import RehearsalEngine
from standing import Standing, stand


@pytest.fixture(autouse=True)
def _unblocked(unblocked: None) -> None:
    """Every test of this folder."""


@pytest.fixture
def standing(tmp_path: Path) -> Standing:
    """A service on the rehearsal engine."""
    return stand(tmp_path, RehearsalEngine())


@pytest.fixture
async def caller(standing: Standing) -> AsyncIterator[httpx.AsyncClient]:
    """A client of it with an owner's key."""
    async with standing.caller() as client:
        yield client
