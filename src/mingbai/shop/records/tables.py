"""The tables, one per kind of record. Each row is keyed by its shop and its own key and names the file it came from.

Money takes two columns, minor units and currency. A time takes two: the instant in UTC, which sorts, and the offset it
was written with, so that it comes back as it was. Pairs and lists are JSON. A column with personal data says which kind
in `info["personal"]`, taken from the dataclass. Files come in any order, and a file of lines may come without its
orders: so rows refer to each other by their numbers, and the one foreign key is to the shop.
"""

from __future__ import annotations

from dataclasses import fields

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, ForeignKey, Index, MetaData, Table, Text
from sqlalchemy.types import TypeEngine

from mingbai.values import records as r
from mingbai.values.records import KINDS, Record

METADATA = MetaData()

# Bytes decide what is equal and what comes first, as in SQLite, whatever the language of the server.
TEXT: TypeEngine[str] = Text().with_variant(Text(collation="C"), "postgresql")

Columns = list["Column[object]"]

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


def _one(name: str, kind: TypeEngine[object], *, required: bool) -> Columns:
    return [Column(name, kind, nullable=not required)]


def _text(name: str) -> Columns:
    return _one(name, TEXT, required=True)


def _text_or_none(name: str) -> Columns:
    return _one(name, TEXT, required=False)


def _phone(name: str) -> Columns:
    """With the ends that a customer is asked for, so that they can be looked up."""
    return [c for part in (name, f"{name}_tail", f"{name}_extension") for c in _text_or_none(part)]


def _list(name: str) -> Columns:
    return _one(name, TEXT, required=True)


def _number(name: str) -> Columns:
    return _one(name, BigInteger(), required=True)


def _number_or_none(name: str) -> Columns:
    return _one(name, BigInteger(), required=False)


def _flag(name: str) -> Columns:
    return _one(name, Boolean(), required=True)


def _flag_or_none(name: str) -> Columns:
    return _one(name, Boolean(), required=False)


def _day_or_none(name: str) -> Columns:
    return _one(name, Date(), required=False)


def _time(name: str) -> Columns:
    return _one(name, DateTime(), required=True) + _one(f"{name}_offset", TEXT, required=True)


def _time_or_none(name: str) -> Columns:
    return _one(name, DateTime(), required=False) + _one(f"{name}_offset", TEXT, required=False)


def _money(name: str) -> Columns:
    return _number(f"{name}_minor") + _text(f"{name}_currency")


def _money_or_none(name: str) -> Columns:
    return _number_or_none(f"{name}_minor") + _text_or_none(f"{name}_currency")


def key_column(field_name: str) -> str:
    """The column of a key's field: the currency of a key is the amount's."""
    return "amount_currency" if field_name == "currency" else field_name


def _table(name: str, record: type[Record], *columns: Columns, found_by: tuple[str, ...] = ()) -> Table:
    """`found_by` are columns that rows are looked up by besides their key."""
    keys = {key_column(f) for _, kind, names in KINDS if kind is record for f in names}
    personal = {f.name: f.metadata["personal"] for f in fields(record) if "personal" in f.metadata}
    flat = [column for group in columns for column in group]
    for column in flat:
        column.primary_key = column.name in keys
        field_name = column.name.removesuffix("_tail").removesuffix("_extension")
        if field_name in personal:
            column.info["personal"] = personal[field_name]
    return Table(
        name,
        METADATA,
        Column("shop", TEXT, ForeignKey("tenants.shop"), primary_key=True),
        *flat,
        Column("file", TEXT, nullable=False),
        Column("sheet", TEXT, nullable=False),
        Column("line", BigInteger, nullable=False),
        *(Index(f"ix_{name}_{column}", "shop", column) for column in found_by),
    )


TABLES: dict[type[Record], Table] = {
    r.Shop: _table(
        "shops",
        r.Shop,
        _text("name_zh"),
        _text("name_en"),
        _text("country"),
        _text("currency"),
        _text("timezone"),
        _text("hours_zh"),
        _text("hours_en"),
        _list("facts"),
    ),
    r.Product: _table(
        "products",
        r.Product,
        _text("product_no"),
        _text("title_zh"),
        _text("title_en"),
        _text("category"),
        _text("description_zh"),
        _text("description_en"),
        _text("brand"),
        _list("attributes"),
        _list("tags"),
        _flag("listed"),
        _number_or_none("warranty_days"),
        _flag("no_reason_return"),
    ),
    r.Variant: _table(
        "variants",
        r.Variant,
        _text("sku"),
        _text("product_no"),
        _text("title_zh"),
        _text("title_en"),
        _list("options"),
        _text("barcode"),
        _number_or_none("weight_grams"),
        _flag("listed"),
        found_by=("product_no", "barcode"),
    ),
    r.Price: _table(
        "prices",
        r.Price,
        _text("sku"),
        _text("kind"),
        _money("amount"),
        _time("valid_from"),
        _time_or_none("valid_to"),
    ),
    r.Stock: _table(
        "stock",
        r.Stock,
        _text("sku"),
        _text("warehouse"),
        _number_or_none("on_hand"),
        _flag("available"),
        _day_or_none("restock_on"),
        _day_or_none("presale_ships_on"),
    ),
    r.Customer: _table(
        "customers",
        r.Customer,
        _text("customer_id"),
        _text_or_none("name"),
        _phone("phone"),
        _text_or_none("email"),
        _text_or_none("address"),
        _text("country"),
        _text("lang"),
        _time_or_none("joined_at"),
        _list("tags"),
        found_by=("phone_tail", "phone_extension", "email"),
    ),
    r.Order: _table(
        "orders",
        r.Order,
        _text("order_no"),
        _text("platform"),
        _text("state"),
        _text("state_said"),
        _text_or_none("customer_id"),
        _money_or_none("goods"),
        _money_or_none("shipping"),
        _money_or_none("discount"),
        _money_or_none("tax"),
        _money_or_none("total"),
        _money_or_none("paid"),
        _money_or_none("refunded"),
        _time_or_none("created_at"),
        _time_or_none("paid_at"),
        _time_or_none("shipped_at"),
        _time_or_none("received_at"),
        _time_or_none("closed_at"),
        _time_or_none("ship_by"),
        _text("close_reason"),
        _list("coupon_codes"),
        _flag_or_none("freight_insurance"),
        _text("country"),
        _text_or_none("recipient"),
        _phone("phone"),
        _text_or_none("email"),
        _text_or_none("address"),
        _text_or_none("postcode"),
        _text_or_none("buyer_note"),
        _text_or_none("seller_note"),
        _list("extra"),
        found_by=("customer_id", "phone_tail", "phone_extension", "email", "state", "created_at"),
    ),
    r.Line: _table(
        "order_lines",
        r.Line,
        _text("order_no"),
        _text("line_no"),
        _text("title"),
        _text("sku"),
        _text("product_no"),
        _text("options"),
        _number("quantity"),
        _money_or_none("unit_price"),
        _money_or_none("paid"),
        _money_or_none("refunded"),
        _text("state_said"),
        _list("extra"),
        found_by=("sku",),
    ),
    r.Shipment: _table(
        "shipments",
        r.Shipment,
        _text("order_no"),
        _text("tracking_no"),
        _text("carrier"),
        _text_or_none("state"),
        _time_or_none("shipped_at"),
        _time_or_none("promised_at"),
        _time_or_none("delivered_at"),
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
        _text("place"),
        _text("text_zh"),
        _text("text_en"),
    ),
    r.Return: _table(
        "returns",
        r.Return,
        _text("return_no"),
        _text("order_no"),
        _text("kind"),
        _text("state"),
        _text("line_no"),
        _text("reason"),
        _number("quantity"),
        _money_or_none("amount"),
        _text("postage_by"),
        _time_or_none("requested_at"),
        _time_or_none("received_at"),
        _time_or_none("refunded_at"),
        _text("tracking_no"),
        found_by=("order_no", "tracking_no"),
    ),
    r.InvoiceRequest: _table(
        "invoice_requests",
        r.InvoiceRequest,
        _text("request_no"),
        _text("order_no"),
        _text("kind"),
        _text("state"),
        _text_or_none("title"),
        _text_or_none("tax_code"),
        _text_or_none("email"),
        _money_or_none("amount"),
        _time_or_none("requested_at"),
        _time_or_none("issued_at"),
        _text("invoice_no"),
        _text("reason"),
        found_by=("order_no",),
    ),
    r.Coupon: _table(
        "coupons",
        r.Coupon,
        _text("code"),
        _text("kind"),
        _text("name_zh"),
        _text("name_en"),
        _money_or_none("threshold"),
        _money_or_none("off"),
        _number_or_none("percent_off"),
        _flag("every"),
        _flag("stackable"),
        _list("categories"),
        _time_or_none("starts_at"),
        _time_or_none("ends_at"),
        _text("campaign_no"),
        found_by=("campaign_no",),
    ),
    r.Campaign: _table(
        "campaigns",
        r.Campaign,
        _text("campaign_no"),
        _text("name_zh"),
        _text("name_en"),
        _time_or_none("starts_at"),
        _time_or_none("ends_at"),
        _time_or_none("deposit_from"),
        _time_or_none("deposit_to"),
        _time_or_none("balance_from"),
        _time_or_none("balance_to"),
        _number_or_none("price_protection_days"),
        _text("text_zh"),
        _text("text_en"),
    ),
    r.PolicyDocument: _table(
        "policies",
        r.PolicyDocument,
        _text("document_no"),
        _text("lang"),
        _text("title"),
        _text("text"),
        _text("topic"),
        _text("country"),
        _day_or_none("valid_from"),
        found_by=("topic",),
    ),
    r.Review: _table(
        "reviews",
        r.Review,
        _text("review_no"),
        _text("product_no"),
        _text("text"),
        _number_or_none("rating"),
        _text("sku"),
        _text("lang"),
        _time_or_none("at"),
        _text_or_none("customer_id"),
        _text("reply"),
        found_by=("product_no", "customer_id"),
    ),
    r.Conversation: _table(
        "conversations",
        r.Conversation,
        _text("conversation_no"),
        _text("channel"),
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
        _text_or_none("text"),
    ),
}
