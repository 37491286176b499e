"""The shop's own rows as frozen values: what importers produce, the database keeps and export writes.

Ids are text, byte-equal to the file they came from. Times carry a zone. Money is `Money`. A field that is None was not
given; an empty string was given empty. Personal fields carry the kind of personal data in their metadata
(`personal("mobile")`), never appear in a repr, and lie in the database under their person's key (`shop/records/sealing.py`):
once erased they are as if they had never been given. This is the one list of them; `PERSONAL` reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias

from mingbai.values.money import Money

Pairs: TypeAlias = tuple[tuple[str, str], ...]  # ordered names and values: 颜色=天青, 容量=200ml


def personal(kind: str, default: object = None) -> Any:
    """A field of personal data. `kind` is one of the stable names of design.md §4, or `text`: whatever somebody wrote.
    `default` is what it reads as when nothing was given, and after an erasure."""
    return field(default=default, repr=False, metadata={"personal": kind})


class OrderState(StrEnum):
    """Where an order stands, the same word for every platform; the platform's own word is kept in `state_said`."""

    UNPAID = "unpaid"
    PAID = "paid"  # waits for dispatch
    PART_SHIPPED = "part_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"  # signed for, not yet confirmed
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    UNKNOWN = "unknown"  # the platform's word is not in the profile; never guessed


class ShipmentState(StrEnum):
    LABELLED = "labelled"  # a number exists, nothing was collected
    COLLECTED = "collected"
    IN_TRANSIT = "in_transit"
    CUSTOMS = "customs"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    FAILED = "failed"  # delivery was tried and did not succeed
    RETURNED = "returned"
    LOST = "lost"


class ReturnState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    RECEIVED = "received"
    REFUNDED = "refunded"
    EXCHANGED = "exchanged"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Shop:
    """`shop` is the slug every other row carries (its tenant)."""

    shop: str
    name_zh: str
    name_en: str = ""
    country: str = "CN"
    currency: str = "CNY"
    timezone: str = "Asia/Shanghai"
    hours_zh: str = ""
    hours_en: str = ""
    facts: Pairs = ()  # anything else worth answering from: phone of the shop, address, dispatch cut-off …


@dataclass(frozen=True, slots=True)
class Product:
    product_no: str
    title_zh: str = ""
    title_en: str = ""
    category: str = ""  # a path: 茶具 > 茶壶
    description_zh: str = ""
    description_en: str = ""
    brand: str = ""
    attributes: Pairs = ()
    tags: tuple[str, ...] = ()
    listed: bool = True
    warranty_days: int | None = None
    no_reason_return: bool = (
        True  # false for goods that art. 25 excepts: custom-made, fresh, unsealed digital
    )


@dataclass(frozen=True, slots=True)
class Variant:
    sku: str
    product_no: str
    title_zh: str = ""
    title_en: str = ""
    options: Pairs = ()
    barcode: str = ""
    weight_grams: int | None = None
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Price:
    """What a variant costs from `valid_from` until `valid_to` (open when None). Its history is the rows before it."""

    sku: str
    amount: Money
    valid_from: datetime
    valid_to: datetime | None = None
    kind: str = "list"  # list | sale


@dataclass(frozen=True, slots=True)
class Stock:
    """`on_hand` None: the file says only that it is in stock or not, which is `available`."""

    sku: str
    warehouse: str = ""
    on_hand: int | None = None
    available: bool = True
    restock_on: date | None = None
    presale_ships_on: date | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """Masked names (林**) and virtual numbers (13212345774-1234) are values in their own right, kept as they came."""

    customer_id: str
    name: str | None = personal("name")
    phone: str | None = personal("mobile")
    email: str | None = personal("email")
    address: str | None = personal("address")
    country: str = ""
    lang: str = ""
    joined_at: datetime | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    order_no: str
    platform: str = ""
    state: OrderState = OrderState.UNKNOWN
    state_said: str = ""
    customer_id: str | None = None
    goods: Money | None = None
    shipping: Money | None = None
    discount: Money | None = None
    tax: Money | None = None
    total: Money | None = None  # what the customer was asked to pay
    paid: Money | None = None
    refunded: Money | None = None
    created_at: datetime | None = None
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    received_at: datetime | None = None  # signed for: the clock of the 7 days starts here
    closed_at: datetime | None = None
    ship_by: datetime | None = None  # the dispatch promise
    close_reason: str = personal("text", "")
    coupon_codes: tuple[str, ...] = ()
    freight_insurance: bool | None = None
    country: str = ""  # of the recipient, ISO 3166-1 alpha-2
    recipient: str | None = personal("name")
    phone: str | None = personal("mobile")
    email: str | None = personal("email")
    address: str | None = personal("address")
    postcode: str | None = personal("address")
    buyer_note: str | None = personal("text")
    seller_note: str | None = personal("text")
    extra: Pairs = field(
        default=(), repr=False, metadata={"personal": "text"}
    )  # columns of the file that have no place above


@dataclass(frozen=True, slots=True)
class Line:
    """`line_no` is the platform's own sub-order number, or the position in the order: 1, 2, 3 …"""

    order_no: str
    line_no: str
    title: str = ""
    sku: str = ""
    product_no: str = ""
    options: str = ""  # as the platform words them: 颜色:天青;容量:200ml
    quantity: int = 1
    unit_price: Money | None = None
    paid: Money | None = None
    refunded: Money | None = None
    state_said: str = ""
    extra: Pairs = field(default=(), repr=False, metadata={"personal": "text"})


@dataclass(frozen=True, slots=True)
class Shipment:
    order_no: str
    tracking_no: str
    carrier: str = ""  # as the file says it: 顺丰速运, DHL
    state: ShipmentState | None = None
    shipped_at: datetime | None = None
    promised_at: datetime | None = None
    delivered_at: datetime | None = None
    lines: tuple[str, ...] = ()  # line_no of what is in it; empty: everything


@dataclass(frozen=True, slots=True)
class ShipmentEvent:
    """One scan. `seq` counts from 1 within a tracking number."""

    tracking_no: str
    seq: int
    at: datetime
    state: ShipmentState
    place: str = personal("address", "")
    text_zh: str = personal("text", "")  # carriers write the signer and the courier's phone into it
    text_en: str = personal("text", "")


@dataclass(frozen=True, slots=True)
class Return:
    return_no: str
    order_no: str
    kind: str  # return | exchange | refund_only
    state: ReturnState
    line_no: str = ""
    reason: str = personal("text", "")
    quantity: int = 1
    amount: Money | None = None
    postage_by: str = ""  # buyer | seller | insurer
    requested_at: datetime | None = None
    received_at: datetime | None = None
    refunded_at: datetime | None = None
    tracking_no: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceRequest:
    request_no: str
    order_no: str
    kind: str  # personal | company | special
    state: str  # requested | issued | rejected | cancelled
    title: str | None = personal("name")
    tax_code: str | None = personal("uscc")
    email: str | None = personal("email")
    amount: Money | None = None
    requested_at: datetime | None = None
    issued_at: datetime | None = None
    invoice_no: str = ""
    reason: str = personal("text", "")


@dataclass(frozen=True, slots=True)
class Coupon:
    """`kind`: threshold (满减: `off` when the goods reach `threshold`), fixed, percent (`percent_off`), shipping."""

    code: str
    kind: str
    name_zh: str = ""
    name_en: str = ""
    threshold: Money | None = None
    off: Money | None = None
    percent_off: int | None = None
    every: bool = False  # 每满: as often as the threshold fits
    stackable: bool = False
    categories: tuple[str, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    campaign_no: str = ""


@dataclass(frozen=True, slots=True)
class Campaign:
    campaign_no: str
    name_zh: str = ""
    name_en: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    deposit_from: datetime | None = None  # 定金 … 尾款 of a pre-sale
    deposit_to: datetime | None = None
    balance_from: datetime | None = None
    balance_to: datetime | None = None
    price_protection_days: int | None = None
    text_zh: str = ""
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """A page of the shop's rules. The same `document_no` in two languages is one policy."""

    document_no: str
    lang: str
    title: str
    text: str  # Markdown
    topic: str = ""
    country: str = ""  # empty: everywhere
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class Review:
    review_no: str
    product_no: str
    text: str = field(repr=False, metadata={"personal": "text"})
    rating: int | None = None  # 1 to 5
    sku: str = ""
    lang: str = ""
    at: datetime | None = None
    customer_id: str | None = None
    reply: str = personal("text", "")


@dataclass(frozen=True, slots=True)
class Conversation:
    conversation_no: str
    channel: str = ""
    customer_id: str | None = None
    order_no: str = ""
    started_at: datetime | None = None
    state: str = "open"  # open | waiting | with_staff | closed


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a conversation. `seq` counts from 1; `who`: customer | desk | staff."""

    conversation_no: str
    seq: int
    who: str
    at: datetime
    text: str | None = personal("text")


Record: TypeAlias = (
    Shop | Product | Variant | Price | Stock | Customer | Order | Line | Shipment | ShipmentEvent | Return
    | InvoiceRequest | Coupon | Campaign | PolicyDocument | Review | Conversation | Said
)  # fmt: skip

# The kind's name (in files and on the command line), its type, and the fields that name one row of it within a shop
# (`currency` is the amount's).
KINDS: tuple[tuple[str, type[Record], tuple[str, ...]], ...] = (
    ("shop", Shop, ("shop",)),
    ("product", Product, ("product_no",)),
    ("variant", Variant, ("sku",)),
    ("price", Price, ("sku", "kind", "currency", "valid_from")),
    ("stock", Stock, ("sku", "warehouse")),
    ("customer", Customer, ("customer_id",)),
    ("order", Order, ("order_no",)),
    ("line", Line, ("order_no", "line_no")),
    ("shipment", Shipment, ("order_no", "tracking_no")),
    ("event", ShipmentEvent, ("tracking_no", "seq")),
    ("return", Return, ("return_no",)),
    ("invoice", InvoiceRequest, ("request_no",)),
    ("coupon", Coupon, ("code",)),
    ("campaign", Campaign, ("campaign_no",)),
    ("policy", PolicyDocument, ("document_no", "lang")),
    ("review", Review, ("review_no",)),
    ("conversation", Conversation, ("conversation_no",)),
    ("said", Said, ("conversation_no", "seq")),
)

# Every personal field of every kind: (kind, field, kind of personal data).
PERSONAL: tuple[tuple[str, str, str], ...] = tuple(
    (kind, f.name, f.metadata["personal"]) for kind, record, _ in KINDS for f in fields(record) if "personal" in f.metadata
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row came from: the file's name (never its folder) and the line in it, 1-based; sheets count too."""

    file: str
    line: int
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Sourced:
    """A record with its origin, as readers hand it over and queries give it back.

    `given` names the fields the file really gave: only these change a row that is already there, so that a file of
    order lines cannot empty what the file of orders said. None: all of them.
    """

    record: Record
    origin: Origin
    given: frozenset[str] | None = None
