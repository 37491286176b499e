"""Whether anything lies on these shelves. A shelf that is not counted is taken at its word."""

from __future__ import annotations

from collections.abc import Sequence

from mingbai.shop.skills.scene import Row
from mingbai.values.records import Stock


def on_hand(shelves: Sequence[Row[Stock]]) -> bool:
    return any(s.record.available and (s.record.on_hand is None or s.record.on_hand > 0) for s in shelves)
