"""What was written on a customer's word, under the key of whose order it is: see `shop/skills/actions.py`."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection

from mingbai.shop.records import owners, sealing


def put_away(connection: Connection, shop: str, action_no: str, order_no: str, plain: bytes) -> bytes:
    whose = owners.of_orders(connection, shop, [order_no])[0]
    return sealing.of(connection).seal([(whose, plain, _about(shop, action_no))])[0]


def written(asked: Any, done: Any, before: Any, after: Any) -> bytes:
    said = {"arguments": {"asked": asked, "done": done}, "before": before, "after": after}
    return json.dumps(said, ensure_ascii=False).encode()


def take_out(
    connection: Connection, shop: str, action_no: str, sealed: bytes | None
) -> dict[str, Any] | None:
    """`arguments`, `before` and `after`; None when whose order it was has been erased."""
    plain = in_clear(connection, shop, action_no, sealed)
    said: dict[str, Any] | None = json.loads(plain) if plain is not None else None
    return said


def in_clear(connection: Connection, shop: str, action_no: str, sealed: bytes | None) -> bytes | None:
    """What was sealed; None when whose order it was has been erased."""
    blob = bytes(sealed or sealing.GONE)
    if blob[:1] == sealing.GONE:
        return None
    if blob[:1] == sealing.CLEAR:
        return blob[1:]
    return sealing.of(connection).open([(blob, _about(shop, action_no))])[0]


def _about(shop: str, action_no: str) -> bytes:
    return json.dumps((shop, "action", action_no)).encode()
