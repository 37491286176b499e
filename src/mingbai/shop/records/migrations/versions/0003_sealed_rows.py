"""Personal columns become one column of the row, which `seal.py` then seals; looked-up ones become HMACs.

Nothing is sealed in this step, which knows no keys: it moves the values into a blob in clear and notes that there are some.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CLEAR = b"\x00"
# Table → its key, the columns that go into the blob, and what those hold when nothing is said.
TEXT_OR_NONE, TEXT, LIST = None, "", "[]"
MOVED: dict[str, tuple[tuple[str, ...], dict[str, str | None]]] = {
    "customers": (("customer_id",), dict.fromkeys(("name", "phone", "email", "address"), TEXT_OR_NONE)),
    "orders": (
        ("order_no",),
        {
            **dict.fromkeys(("recipient", "phone", "email", "address", "postcode", "buyer_note", "seller_note"), TEXT_OR_NONE),
            "close_reason": TEXT,
            "extra": LIST,
        },
    ),
    "order_lines": (("order_no", "line_no"), {"extra": LIST}),
    "shipment_events": (("tracking_no", "seq"), {"place": TEXT, "text_zh": TEXT, "text_en": TEXT}),
    "returns": (("return_no",), {"reason": TEXT}),
    "invoice_requests": (("request_no",), {**dict.fromkeys(("title", "tax_code", "email"), TEXT_OR_NONE), "reason": TEXT}),
    "reviews": (("review_no",), {"text": TEXT, "reply": TEXT}),
    "said": (("conversation_no", "seq"), {"text": TEXT_OR_NONE}),
}  # fmt: skip
FOUND = {"customers": "customer_id", "orders": "order_no"}
PAGE = 2000


def upgrade() -> None:
    connection = op.get_bind()
    op.create_table("in_clear", sa.Column("since", sa.DateTime(), primary_key=True))
    for name, (key, columns) in MOVED.items():
        op.add_column(name, sa.Column("sealed", sa.LargeBinary(), nullable=True))
        _move(connection, name, ("shop", *key), columns)
    _move_actions(connection)
    for name, key_name in FOUND.items():
        for column in ("phone_tail", "phone_extension", "email"):
            op.drop_index(f"ix_{name}_{column}", name)
        for column in ("phone_tail", "phone_extension"):
            op.drop_column(name, column)
        for column in ("phone_tail", "phone_extension", "email_hmac"):
            op.add_column(name, sa.Column(column, sa.LargeBinary(), nullable=True))
            op.create_index(f"ix_{name}_{column}", name, ["shop", column, key_name])
    for name, (_, columns) in MOVED.items():
        for column in columns:
            op.drop_column(name, column)
    op.create_index("ix_actions_order_no", "actions", ["shop", "order_no"])
    if any(
        connection.execute(sa.text(f"SELECT 1 FROM {name} LIMIT 1")).first() for name in (*MOVED, "actions")
    ):
        connection.execute(sa.text("INSERT INTO in_clear VALUES (CURRENT_TIMESTAMP)"))


def _move(connection: sa.Connection, name: str, key: tuple[str, ...], blank: dict[str, str | None]) -> None:
    columns = tuple(blank)
    table = sa.table(name, *(sa.column(c) for c in (*key, *columns, "sealed")))
    query = sa.select(*(table.c[c] for c in (*key, *columns)))
    keys = [table.c[c] for c in key]
    after: tuple[Any, ...] | None = None
    while True:
        page = connection.execute(
            (query if after is None else query.where(sa.tuple_(*keys) > after)).order_by(*keys).limit(PAGE)
        ).all()
        told = [(tuple(row[: len(key)]), _blob(columns, row[len(key) :], blank)) for row in page]
        _write(connection, table, key, [(k, blob) for k, blob in told if blob is not None])
        if len(page) < PAGE:
            return
        after = tuple(page[-1][: len(key)])


def _blob(columns: Sequence[str], values: Sequence[Any], blank: dict[str, str | None]) -> bytes | None:
    said = {c: v for c, v in zip(columns, values, strict=True) if v != blank[c]}
    return CLEAR + json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() if said else None


def _write(
    connection: sa.Connection, table: Any, key: tuple[str, ...], rows: list[tuple[tuple[Any, ...], bytes]]
) -> None:
    if rows:
        here = sa.and_(*(table.c[c] == sa.bindparam(f"key_{c}") for c in key))
        named = [{**{f"key_{c}": v for c, v in zip(key, k, strict=True)}, "blob": blob} for k, blob in rows]
        connection.execute(
            sa.update(table).where(here).values(sealed=sa.bindparam("blob", type_=sa.LargeBinary())), named
        )


def _move_actions(connection: sa.Connection) -> None:
    op.add_column("actions", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    names = ("arguments", "before", "after")
    table = sa.table("actions", *(sa.column(c) for c in ("shop", "action_no", *names, "sealed")))
    rows = connection.execute(sa.select(*(table.c[c] for c in ("shop", "action_no", *names)))).all()
    told = [
        (
            (shop, number),
            CLEAR
            + json.dumps(dict(zip(names, map(json.loads, said), strict=True)), ensure_ascii=False).encode(),
        )
        for shop, number, *said in rows
    ]
    _write(connection, table, ("shop", "action_no"), told)
    for name in names:
        op.drop_column("actions", name)
