from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mingbai.shop.records.home import Records


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Records.open(tmp_path / "shop.db") as opened:
        yield opened
