"""Prices from files that say what something costs but not since when.

The price that is there stays if it is the same; else it ends now and the new one begins, so that its history is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from mingbai.values.records import Price, Record, Sourced


class _Rows(Protocol):
    def rows(self, shop: str, record: type[Record]) -> Iterator[Sourced]: ...


class PriceBook:
    def __init__(self, records: _Rows, shop: str, now: datetime) -> None:
        self._records, self._shop, self._now = records, shop, now
        self._open: dict[tuple[str, str, str], Price] | None = None

    def dated(self, row: Sourced) -> Sequence[Sourced]:
        """The row with its beginning, and the end of the price before it. Raises nothing."""
        price = row.record
        assert isinstance(price, Price)
        if self._open is None:
            self._open = dict(self._running())
        key = (price.sku, price.kind, price.amount.currency)
        before = self._open.get(key)
        if before is not None and before.amount == price.amount:
            return (replace(row, record=before),)
        new = replace(price, valid_from=self._now)
        self._open[key] = new
        if before is None or before.valid_from >= self._now:
            return (replace(row, record=new),)
        return (
            replace(row, record=replace(before, valid_to=self._now), given=None),
            replace(row, record=new),
        )

    def _running(self) -> Iterator[tuple[tuple[str, str, str], Price]]:
        if self._shop:
            for row in self._records.rows(self._shop, Price):
                price = row.record
                if isinstance(price, Price) and (price.valid_to is None or price.valid_to > self._now):
                    yield (price.sku, price.kind, price.amount.currency), price
