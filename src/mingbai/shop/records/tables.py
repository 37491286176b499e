"""The tables, one per kind of record. Each row is keyed by its shop and its own key and names the file it came from.

Money takes two columns, minor units and currency. A time takes two: the instant in UTC, which sorts, and the offset it
was written with, so that it comes back as it was. Pairs and lists are JSON. Files come in any order, and a file of lines
may come without its orders: so rows refer to each other by their numbers, and the one foreign key is to the shop.

Personal fields have no columns: they lie together in `sealed`, under their person's key (see sealing.py). What is looked
up by them (`info["finds"]`) is a keyed HMAC.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

from mingbai.values import records as r
from mingbai.values.records import KINDS, Record

METADATA = MetaData()

# Bytes decide what is equal and what comes first, as in SQLite, whatever the language of the server.
TEXT: TypeEngine[str] = Text().with_variant(Text(collation="C"), "postgresql")

Columns: TypeAlias = "list[Column[Any]]"

TENANTS = Table("tenants", METADATA, Column("shop", TEXT, primary_key=True))

# The newest change of every row, also of rows that are gone; `seq` grows within a shop. Search reads it to stay fresh.
CHANGES = Table(
    "changes",
    METADATA,
    Column("shop", TEXT, ForeignKey("tenants.shop"), primary_key=True),
    Column("kind", TEXT, primary_key=True),
    Column("key", TEXT, primary_key=True),  # a JSON list of texts
    Column("seq", BigInteger, nullable=False),
    Index("ix_changes_seq", "shop", "seq", unique=True),
)

# There while rows of this database lie in clear, as an older program or one without a vault left them.
IN_CLEAR = Table("in_clear", METADATA, Column("since", DateTime, primary_key=True))

# What was written on a customer's word (`shop/skills/actions.py`); times in UTC. `sealed`: what was asked, and the rows
# before and after as JSON.
ACTIONS = Table(
    "actions",
    METADATA,
    Column("shop", TEXT, ForeignKey("tenants.shop"), primary_key=True),
    Column("action_no", TEXT, primary_key=True),
    *(
        Column(name, TEXT, nullable=False)
        for name in ("key", "skill", "role", "asker", "conversation_no", "order_no")
    ),
    Column("sealed", LargeBinary, nullable=True),
    Column("amount_minor", BigInteger, nullable=True),
    Column("amount_currency", TEXT, nullable=True),
    Column("at", DateTime, nullable=False),
    Column("undone_at", DateTime, nullable=True),
    Column("undone_by", TEXT, nullable=False),
    Index("ix_actions_key", "shop", "key"),
    Index("ix_actions_at", "shop", "at"),
    Index("ix_actions_order_no", "shop", "order_no"),
)


def _columns(names: tuple[str, ...], kind: TypeEngine[Any], *, required: bool) -> Columns:
    return [Column(name, kind, nullable=not required) for name in names]


def _text(*names: str) -> Columns:
    return _columns(names, TEXT, required=True)


def _text_or_none(*names: str) -> Columns:
    return _columns(names, TEXT, required=False)


def _found(**finds: str) -> Columns:
    """Columns that rows are looked up by: the HMAC of a personal field, or of an end of it."""
    return [Column(n, LargeBinary, nullable=True, info={"finds": field}) for n, field in finds.items()]


def _phone(name: str) -> Columns:
    """The ends that a customer is asked for, so that they can be looked up."""
    return _found(**{f"{name}_tail": name, f"{name}_extension": name})


def _list(*names: str) -> Columns:
    return _columns(names, TEXT, required=True)


def _number(*names: str) -> Columns:
    return _columns(names, BigInteger(), required=True)


def _number_or_none(*names: str) -> Columns:
    return _columns(names, BigInteger(), required=False)


def _flag(*names: str) -> Columns:
    return _columns(names, Boolean(), required=True)


def _flag_or_none(*names: str) -> Columns:
    return _columns(names, Boolean(), required=False)


def _day_or_none(*names: str) -> Columns:
    return _columns(names, Date(), required=False)


def _time(name: str) -> Columns:
    return [Column(name, DateTime(), nullable=False), *_text(f"{name}_offset")]


def _time_or_none(*names: str) -> Columns:
    return [
        c
        for name in names
        for c in (Column(name, DateTime(), nullable=True), *_text_or_none(f"{name}_offset"))
    ]


def _money(name: str) -> Columns:
    return _number(f"{name}_minor") + _text(f"{name}_currency")


def _money_or_none(*names: str) -> Columns:
    return [c for name in names for c in _number_or_none(f"{name}_minor") + _text_or_none(f"{name}_currency")]


def key_column(field_name: str) -> str:
    """The column of a key's field: the currency of a key is the amount's."""
    return "amount_currency" if field_name == "currency" else field_name


def _table(name: str, record: type[Record], *columns: Columns, found_by: tuple[str, ...] = ()) -> Table:
    """`found_by` are columns that rows are looked up by besides their key."""
    keys = [key_column(f) for _, kind, names in KINDS if kind is record for f in names]
    flat = [column for group in columns for column in group]
    for column in flat:
        column.primary_key = column.name in keys
    if any("personal" in f.metadata for f in fields(record)):
        flat.append(Column("sealed", LargeBinary, nullable=True))
    return Table(
        name,
        METADATA,
        Column("shop", TEXT, ForeignKey("tenants.shop"), primary_key=True),
        *flat,
        Column("file", TEXT, nullable=False),
        Column("sheet", TEXT, nullable=False),
        Column("line", BigInteger, nullable=False),
        # With the key at their end, so that what they find is in order: else SQLite walks the whole key to have it so.
        *(Index(f"ix_{name}_{c}", "shop", c, *(key for key in keys if key != c)) for c in found_by),
    )


TABLES: dict[type[Record], Table] = {
    r.Shop: _table(
        "shops",
        r.Shop,
        _text("name_zh", "name_en", "country", "currency", "timezone", "hours_zh", "hours_en"),
        _list("facts"),
    ),
    r.Product: _table(
        "products",
        r.Product,
        _text("product_no", "title_zh", "title_en", "category", "description_zh", "description_en", "brand"),
        _list("attributes", "tags"),
        _flag("listed"),
        _number_or_none("warranty_days"),
        _flag("no_reason_return"),
    ),
    r.Variant: _table(
        "variants",
        r.Variant,
        _text("sku", "product_no", "title_zh", "title_en"),
        _list("options"),
        _text("barcode"),
        _number_or_none("weight_grams"),
        _flag("listed"),
        found_by=("product_no", "barcode"),
    ),
    r.Price: _table(
        "prices",
        r.Price,
        _text("sku", "kind"),
        _money("amount"),
        _time("valid_from"),
        _time_or_none("valid_to"),
    ),
    r.Stock: _table(
        "stock",
        r.Stock,
        _text("sku", "warehouse"),
        _number_or_none("on_hand"),
        _flag("available"),
        _day_or_none("restock_on", "presale_ships_on"),
    ),
    r.Customer: _table(
        "customers",
        r.Customer,
        _text("customer_id"),
        _phone("phone"),
        _found(email_hmac="email"),
        _text("country", "lang"),
        _time_or_none("joined_at"),
        _list("tags"),
        found_by=("phone_tail", "phone_extension", "email_hmac"),
    ),
    r.Order: _table(
        "orders",
        r.Order,
        _text("order_no", "platform", "state", "state_said"),
        _text_or_none("customer_id"),
        _money_or_none("goods", "shipping", "discount", "tax", "total", "paid", "refunded"),
        _time_or_none("created_at", "paid_at", "shipped_at", "received_at", "closed_at", "ship_by"),
        _list("coupon_codes"),
        _flag_or_none("freight_insurance"),
        _text("country"),
        _phone("phone"),
        _found(email_hmac="email"),
        found_by=("customer_id", "phone_tail", "phone_extension", "email_hmac", "state", "created_at"),
    ),
    r.Line: _table(
        "order_lines",
        r.Line,
        _text("order_no", "line_no", "title", "sku", "product_no", "options"),
        _number("quantity"),
        _money_or_none("unit_price", "paid", "refunded"),
        _text("state_said"),
        found_by=("sku",),
    ),
    r.Shipment: _table(
        "shipments",
        r.Shipment,
        _text("order_no", "tracking_no", "carrier"),
        _text_or_none("state"),
        _time_or_none("shipped_at", "promised_at", "delivered_at"),
        _list("lines"),
        found_by=("tracking_no",),
    ),
    r.ShipmentEvent: _table(
        "shipment_events",
        r.ShipmentEvent,
        _text("tracking_no"),
        _number("seq"),
        _time("at"),
        _text("state"),
    ),
    r.Return: _table(
        "returns",
        r.Return,
        _text("return_no", "order_no", "kind", "state", "line_no"),
        _number("quantity"),
        _money_or_none("amount"),
        _text("postage_by"),
        _time_or_none("requested_at", "received_at", "refunded_at"),
        _text("tracking_no"),
        found_by=("order_no", "tracking_no"),
    ),
    r.InvoiceRequest: _table(
        "invoice_requests",
        r.InvoiceRequest,
        _text("request_no", "order_no", "kind", "state"),
        _money_or_none("amount"),
        _time_or_none("requested_at", "issued_at"),
        _text("invoice_no"),
        found_by=("order_no",),
    ),
    r.Coupon: _table(
        "coupons",
        r.Coupon,
        _text("code", "kind", "name_zh", "name_en"),
        _money_or_none("threshold", "off"),
        _number_or_none("percent_off"),
        _flag("every", "stackable"),
        _list("categories"),
        _time_or_none("starts_at", "ends_at"),
        _text("campaign_no"),
        found_by=("campaign_no",),
    ),
    r.Campaign: _table(
        "campaigns",
        r.Campaign,
        _text("campaign_no", "name_zh", "name_en"),
        _time_or_none("starts_at", "ends_at", "deposit_from", "deposit_to", "balance_from", "balance_to"),
        _number_or_none("price_protection_days"),
        _text("text_zh", "text_en"),
    ),
    r.PolicyDocument: _table(
        "policies",
        r.PolicyDocument,
        _text("document_no", "lang", "title", "text", "topic", "country"),
        _day_or_none("valid_from"),
        found_by=("topic",),
    ),
    r.Review: _table(
        "reviews",
        r.Review,
        _text("review_no", "product_no"),
        _number_or_none("rating"),
        _text("sku", "lang"),
        _time_or_none("at"),
        _text_or_none("customer_id"),
        found_by=("product_no", "customer_id"),
    ),
    r.Conversation: _table(
        "conversations",
        r.Conversation,
        _text("conversation_no", "channel"),
        _text_or_none("customer_id"),
        _text("order_no"),
        _time_or_none("started_at"),
        _text("state"),
        found_by=("customer_id", "order_no"),
    ),
    r.Said: _table(
        "said",
        r.Said,
        _text("conversation_no"),
        _number("seq"),
        _text("who"),
        _time("at"),
    ),
}
