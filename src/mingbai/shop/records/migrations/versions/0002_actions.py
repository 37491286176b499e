"""What the desk wrote on a customer's word: who, when, the rows before and after, and whether it was undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "actions",
        _text("shop"),
        _text("action_no"),
        _text("key"),
        _text("skill"),
        _text("role"),
        _text("asker"),
        _text("conversation_no"),
        _text("order_no"),
        _text("arguments"),
        _text("before"),
        _text("after"),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        _text("amount_currency", null=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        _text("undone_by"),
        sa.PrimaryKeyConstraint("shop", "action_no"),
        sa.ForeignKeyConstraint(["shop"], ["tenants.shop"]),
    )
    op.create_index("ix_actions_key", "actions", ["shop", "key"])
    op.create_index("ix_actions_at", "actions", ["shop", "at"])


def _text(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=null)
