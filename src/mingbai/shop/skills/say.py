"""Days, moments, money and states as customers read them, Chinese and English side by side. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from mingbai.values.errors import Text
from mingbai.values.money import Money, exponent
from mingbai.values.records import OrderState, ReturnState, ShipmentState

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIGNS = {"CNY": "¥", "EUR": "€", "USD": "$", "GBP": "£", "JPY": "JP¥", "HKD": "HK$", "TWD": "NT$"}

ORDER_STATES: dict[OrderState, Text] = {
    OrderState.UNPAID: Text("待付款", "waiting for payment"),
    OrderState.PAID: Text("已付款，等待发货", "paid and waiting for dispatch"),
    OrderState.PART_SHIPPED: Text("部分发货", "partly dispatched"),
    OrderState.SHIPPED: Text("已发货，运输中", "dispatched and on its way"),
    OrderState.DELIVERED: Text("已签收", "delivered"),
    OrderState.COMPLETED: Text("交易完成", "completed"),
    OrderState.CANCELLED: Text("已取消", "cancelled"),
    OrderState.REFUNDED: Text("已退款", "refunded"),
}
SHIPMENT_STATES: dict[ShipmentState, Text] = {
    ShipmentState.LABELLED: Text("已建运单，等待揽收", "labelled, waiting to be collected"),
    ShipmentState.COLLECTED: Text("已揽收", "collected"),
    ShipmentState.IN_TRANSIT: Text("运输中", "in transit"),
    ShipmentState.CUSTOMS: Text("清关中", "in customs"),
    ShipmentState.OUT_FOR_DELIVERY: Text("派送中", "out for delivery"),
    ShipmentState.DELIVERED: Text("已签收", "delivered"),
    ShipmentState.FAILED: Text("派送没有成功", "not yet delivered: the last attempt failed"),
    ShipmentState.RETURNED: Text("已退回", "returned to the sender"),
    ShipmentState.LOST: Text("已确认丢失", "confirmed lost"),
}
RETURN_STATES: dict[ReturnState, Text] = {
    ReturnState.REQUESTED: Text("已申请，等待审核", "requested and waiting for our approval"),
    ReturnState.APPROVED: Text("已同意", "approved"),
    ReturnState.SENT_BACK: Text("已寄回，还没有到仓库", "sent back, not yet at our warehouse"),
    ReturnState.RECEIVED: Text("仓库已收到", "received at our warehouse"),
    ReturnState.REFUNDED: Text("已退款", "refunded"),
    ReturnState.EXCHANGED: Text("已换货", "exchanged"),
    ReturnState.REJECTED: Text("没有通过（已拒绝）", "rejected"),
    ReturnState.WITHDRAWN: Text("已撤回", "withdrawn"),
}
RETURN_KINDS = {
    "return": Text("退货退款", "return and refund"),
    "exchange": Text("换货", "exchange"),
    "refund_only": Text("仅退款", "refund without return"),
}


def money(amount: Money) -> str:
    """¥35.00, €12.90; a currency without a sign keeps its code: 12.00 CHF."""
    sign = _SIGNS.get(amount.currency)
    digits = f"{abs(amount.major):,.{exponent(amount.currency)}f}".replace(",", "")
    minus = "-" if amount.minor < 0 else ""
    return f"{minus}{sign}{digits}" if sign else f"{minus}{digits} {amount.currency}"


def day(on: date, now: datetime) -> Text:
    """11月3日 / Nov 3, 2025; another year than now's is said in Chinese, too."""
    year = f"{on.year}年" if on.year != now.year else ""
    return Text(f"{year}{on.month}月{on.day}日", f"{_MONTHS[on.month - 1]} {on.day}, {on.year}")


def local(at: datetime, now: datetime) -> datetime:
    """The moment on the shop's clock."""
    return at.astimezone(now.tzinfo)


def moment(at: datetime, now: datetime) -> Text:
    """11月11日 18:20 / Nov 11, 2025 18:20, on the shop's clock."""
    here = local(at, now)
    said = day(here.date(), now)
    return Text(f"{said.zh} {here:%H:%M}", f"{said.en} {here:%H:%M}")


def days(first: date, last: date, now: datetime) -> Text:
    """A span of days; one day when both are the same."""
    a, b = day(first, now), day(last, now)
    if first == last:
        return a
    return Text(f"{a.zh}到{b.zh}", f"{a.en} to {b.en}")


def listed(words: Sequence[Text]) -> Text:
    return Text("、".join(w.zh for w in words), ", ".join(w.en for w in words))


def masked_phone(phone: str) -> str:
    """138****1234: what is left to recognise one's own number by."""
    digits = [c for c in phone if c.isdigit()]
    return "".join(digits[:3]) + "****" + "".join(digits[-4:]) if len(digits) >= 10 else "****"


def masked_email(address: str) -> str:
    name, _, domain = address.partition("@")
    return f"{name[:1]}***@{domain}" if domain else "***"
