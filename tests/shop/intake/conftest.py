from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mingbai.permit.vault.rows import RowSealer
from mingbai.permit.vault.vault import Vault
from mingbai.shop.records.home import Records


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Records.open(tmp_path / "shop.db", RowSealer(Vault(tmp_path / "persons.db", bytes(32)))) as opened:
        yield opened
