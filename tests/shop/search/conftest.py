from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny import stand

from mingbai.shop.search.search import Search


@pytest.fixture
def search(tmp_path: Path) -> Iterator[Search]:
    made = stand(tmp_path)
    yield made
    made.records.close()
