"""The example shop of its own day, sorted by kind and key."""

from collections import defaultdict
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from mingbai.shop.example.make import TODAY, rows
from mingbai.values.records import KINDS

_KEYS = {record: fields for _, record, fields in KINDS}


class ShopRows:
    def __init__(self, sourced: list) -> None:
        self.sourced = sourced
        self._all: dict[type, list] = defaultdict(list)
        for row in sourced:
            self._all[type(row.record)].append(row.record)
        self.now = datetime(TODAY.year, TODAY.month, TODAY.day, 10, tzinfo=timezone(timedelta(hours=8)))

    def all(self, record: type) -> list[Any]:
        return self._all[record]

    def by(self, record: type) -> dict[Any, Any]:
        """By the first field of its key."""
        return {getattr(it, _KEYS[record][0]): it for it in self._all[record]}


@pytest.fixture(scope="session")
def shop() -> ShopRows:
    return ShopRows(list(rows()))
