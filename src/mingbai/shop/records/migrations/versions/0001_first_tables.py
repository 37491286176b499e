"""The first tables: one per kind of record, the shops they belong to, and the changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("tenants", _text("shop"), sa.PrimaryKeyConstraint("shop"))
    _table(
        "changes",
        ("kind", "key"),
        _text("kind"),
        _text("key"),
        _number("seq"),
        source=False,
    )
    op.create_index("ix_changes_seq", "changes", ["shop", "seq"], unique=True)
    _table(
        "shops",
        (),
        _text("name_zh"),
        _text("name_en"),
        _text("country"),
        _text("currency"),
        _text("timezone"),
        _text("hours_zh"),
        _text("hours_en"),
        _text("facts"),
    )
    _table(
        "products",
        ("product_no",),
        _text("product_no"),
        _text("title_zh"),
        _text("title_en"),
        _text("category"),
        _text("description_zh"),
        _text("description_en"),
        _text("brand"),
        _text("attributes"),
        _text("tags"),
        _flag("listed"),
        _number("warranty_days", null=True),
        _flag("no_reason_return"),
    )
    _table(
        "variants",
        ("sku",),
        _text("sku"),
        _text("product_no"),
        _text("title_zh"),
        _text("title_en"),
        _text("options"),
        _text("barcode"),
        _number("weight_grams", null=True),
        _flag("listed"),
    )
    op.create_index("ix_variants_barcode", "variants", ["shop", "barcode", "sku"], unique=False)
    op.create_index("ix_variants_product_no", "variants", ["shop", "product_no", "sku"], unique=False)
    _table(
        "prices",
        (
            "sku",
            "kind",
            "amount_currency",
            "valid_from",
        ),
        _text("sku"),
        _text("kind"),
        _number("amount_minor"),
        _text("amount_currency"),
        _instant("valid_from"),
        _text("valid_from_offset"),
        _instant("valid_to", null=True),
        _text("valid_to_offset", null=True),
    )
    _table(
        "stock",
        (
            "sku",
            "warehouse",
        ),
        _text("sku"),
        _text("warehouse"),
        _number("on_hand", null=True),
        _flag("available"),
        _day("restock_on", null=True),
        _day("presale_ships_on", null=True),
    )
    _table(
        "customers",
        ("customer_id",),
        _text("customer_id"),
        _text("name", null=True),
        _text("phone", null=True),
        _text("phone_tail", null=True),
        _text("phone_extension", null=True),
        _text("email", null=True),
        _text("address", null=True),
        _text("country"),
        _text("lang"),
        _instant("joined_at", null=True),
        _text("joined_at_offset", null=True),
        _text("tags"),
    )
    op.create_index("ix_customers_email", "customers", ["shop", "email", "customer_id"], unique=False)
    op.create_index(
        "ix_customers_phone_extension", "customers", ["shop", "phone_extension", "customer_id"], unique=False
    )
    op.create_index(
        "ix_customers_phone_tail", "customers", ["shop", "phone_tail", "customer_id"], unique=False
    )
    _table(
        "orders",
        ("order_no",),
        _text("order_no"),
        _text("platform"),
        _text("state"),
        _text("state_said"),
        _text("customer_id", null=True),
        _number("goods_minor", null=True),
        _text("goods_currency", null=True),
        _number("shipping_minor", null=True),
        _text("shipping_currency", null=True),
        _number("discount_minor", null=True),
        _text("discount_currency", null=True),
        _number("tax_minor", null=True),
        _text("tax_currency", null=True),
        _number("total_minor", null=True),
        _text("total_currency", null=True),
        _number("paid_minor", null=True),
        _text("paid_currency", null=True),
        _number("refunded_minor", null=True),
        _text("refunded_currency", null=True),
        _instant("created_at", null=True),
        _text("created_at_offset", null=True),
        _instant("paid_at", null=True),
        _text("paid_at_offset", null=True),
        _instant("shipped_at", null=True),
        _text("shipped_at_offset", null=True),
        _instant("received_at", null=True),
        _text("received_at_offset", null=True),
        _instant("closed_at", null=True),
        _text("closed_at_offset", null=True),
        _instant("ship_by", null=True),
        _text("ship_by_offset", null=True),
        _text("close_reason"),
        _text("coupon_codes"),
        _flag("freight_insurance", null=True),
        _text("country"),
        _text("recipient", null=True),
        _text("phone", null=True),
        _text("phone_tail", null=True),
        _text("phone_extension", null=True),
        _text("email", null=True),
        _text("address", null=True),
        _text("postcode", null=True),
        _text("buyer_note", null=True),
        _text("seller_note", null=True),
        _text("extra"),
    )
    op.create_index("ix_orders_created_at", "orders", ["shop", "created_at", "order_no"], unique=False)
    op.create_index("ix_orders_customer_id", "orders", ["shop", "customer_id", "order_no"], unique=False)
    op.create_index("ix_orders_email", "orders", ["shop", "email", "order_no"], unique=False)
    op.create_index(
        "ix_orders_phone_extension", "orders", ["shop", "phone_extension", "order_no"], unique=False
    )
    op.create_index("ix_orders_phone_tail", "orders", ["shop", "phone_tail", "order_no"], unique=False)
    op.create_index("ix_orders_state", "orders", ["shop", "state", "order_no"], unique=False)
    _table(
        "order_lines",
        (
            "order_no",
            "line_no",
        ),
        _text("order_no"),
        _text("line_no"),
        _text("title"),
        _text("sku"),
        _text("product_no"),
        _text("options"),
        _number("quantity"),
        _number("unit_price_minor", null=True),
        _text("unit_price_currency", null=True),
        _number("paid_minor", null=True),
        _text("paid_currency", null=True),
        _number("refunded_minor", null=True),
        _text("refunded_currency", null=True),
        _text("state_said"),
        _text("extra"),
    )
    op.create_index("ix_order_lines_sku", "order_lines", ["shop", "sku", "order_no", "line_no"], unique=False)
    _table(
        "shipments",
        (
            "order_no",
            "tracking_no",
        ),
        _text("order_no"),
        _text("tracking_no"),
        _text("carrier"),
        _text("state", null=True),
        _instant("shipped_at", null=True),
        _text("shipped_at_offset", null=True),
        _instant("promised_at", null=True),
        _text("promised_at_offset", null=True),
        _instant("delivered_at", null=True),
        _text("delivered_at_offset", null=True),
        _text("lines"),
    )
    op.create_index(
        "ix_shipments_tracking_no", "shipments", ["shop", "tracking_no", "order_no"], unique=False
    )
    _table(
        "shipment_events",
        (
            "tracking_no",
            "seq",
        ),
        _text("tracking_no"),
        _number("seq"),
        _instant("at"),
        _text("at_offset"),
        _text("state"),
        _text("place"),
        _text("text_zh"),
        _text("text_en"),
    )
    _table(
        "returns",
        ("return_no",),
        _text("return_no"),
        _text("order_no"),
        _text("kind"),
        _text("state"),
        _text("line_no"),
        _text("reason"),
        _number("quantity"),
        _number("amount_minor", null=True),
        _text("amount_currency", null=True),
        _text("postage_by"),
        _instant("requested_at", null=True),
        _text("requested_at_offset", null=True),
        _instant("received_at", null=True),
        _text("received_at_offset", null=True),
        _instant("refunded_at", null=True),
        _text("refunded_at_offset", null=True),
        _text("tracking_no"),
    )
    op.create_index("ix_returns_order_no", "returns", ["shop", "order_no", "return_no"], unique=False)
    op.create_index("ix_returns_tracking_no", "returns", ["shop", "tracking_no", "return_no"], unique=False)
    _table(
        "invoice_requests",
        ("request_no",),
        _text("request_no"),
        _text("order_no"),
        _text("kind"),
        _text("state"),
        _text("title", null=True),
        _text("tax_code", null=True),
        _text("email", null=True),
        _number("amount_minor", null=True),
        _text("amount_currency", null=True),
        _instant("requested_at", null=True),
        _text("requested_at_offset", null=True),
        _instant("issued_at", null=True),
        _text("issued_at_offset", null=True),
        _text("invoice_no"),
        _text("reason"),
    )
    op.create_index(
        "ix_invoice_requests_order_no", "invoice_requests", ["shop", "order_no", "request_no"], unique=False
    )
    _table(
        "coupons",
        ("code",),
        _text("code"),
        _text("kind"),
        _text("name_zh"),
        _text("name_en"),
        _number("threshold_minor", null=True),
        _text("threshold_currency", null=True),
        _number("off_minor", null=True),
        _text("off_currency", null=True),
        _number("percent_off", null=True),
        _flag("every"),
        _flag("stackable"),
        _text("categories"),
        _instant("starts_at", null=True),
        _text("starts_at_offset", null=True),
        _instant("ends_at", null=True),
        _text("ends_at_offset", null=True),
        _text("campaign_no"),
    )
    op.create_index("ix_coupons_campaign_no", "coupons", ["shop", "campaign_no", "code"], unique=False)
    _table(
        "campaigns",
        ("campaign_no",),
        _text("campaign_no"),
        _text("name_zh"),
        _text("name_en"),
        _instant("starts_at", null=True),
        _text("starts_at_offset", null=True),
        _instant("ends_at", null=True),
        _text("ends_at_offset", null=True),
        _instant("deposit_from", null=True),
        _text("deposit_from_offset", null=True),
        _instant("deposit_to", null=True),
        _text("deposit_to_offset", null=True),
        _instant("balance_from", null=True),
        _text("balance_from_offset", null=True),
        _instant("balance_to", null=True),
        _text("balance_to_offset", null=True),
        _number("price_protection_days", null=True),
        _text("text_zh"),
        _text("text_en"),
    )
    _table(
        "policies",
        (
            "document_no",
            "lang",
        ),
        _text("document_no"),
        _text("lang"),
        _text("title"),
        _text("text"),
        _text("topic"),
        _text("country"),
        _day("valid_from", null=True),
    )
    op.create_index("ix_policies_topic", "policies", ["shop", "topic", "document_no", "lang"], unique=False)
    _table(
        "reviews",
        ("review_no",),
        _text("review_no"),
        _text("product_no"),
        _text("text"),
        _number("rating", null=True),
        _text("sku"),
        _text("lang"),
        _instant("at", null=True),
        _text("at_offset", null=True),
        _text("customer_id", null=True),
        _text("reply"),
    )
    op.create_index("ix_reviews_customer_id", "reviews", ["shop", "customer_id", "review_no"], unique=False)
    op.create_index("ix_reviews_product_no", "reviews", ["shop", "product_no", "review_no"], unique=False)
    _table(
        "conversations",
        ("conversation_no",),
        _text("conversation_no"),
        _text("channel"),
        _text("customer_id", null=True),
        _text("order_no"),
        _instant("started_at", null=True),
        _text("started_at_offset", null=True),
        _text("state"),
    )
    op.create_index(
        "ix_conversations_customer_id",
        "conversations",
        ["shop", "customer_id", "conversation_no"],
        unique=False,
    )
    op.create_index(
        "ix_conversations_order_no", "conversations", ["shop", "order_no", "conversation_no"], unique=False
    )
    _table(
        "said",
        (
            "conversation_no",
            "seq",
        ),
        _text("conversation_no"),
        _number("seq"),
        _text("who"),
        _instant("at"),
        _text("at_offset"),
        _text("text", null=True),
    )


def downgrade() -> None:
    raise NotImplementedError("there is nothing before the first tables")


def _table(name: str, key: tuple[str, ...], *columns: sa.Column[object], source: bool = True) -> None:
    op.create_table(
        name,
        _text("shop"),
        *columns,
        *((_text("file"), _text("sheet"), _number("line")) if source else ()),
        sa.PrimaryKeyConstraint("shop", *key),
        sa.ForeignKeyConstraint(["shop"], ["tenants.shop"]),
    )


def _text(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=null)


def _number(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _flag(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Boolean(), nullable=null)


def _day(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=null)


def _instant(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(), nullable=null)
