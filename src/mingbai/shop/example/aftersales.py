"""Returns, exchanges and refunds: the told ones, those that made an order REFUNDED, and some of every state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from mingbai.shop.example import content, numbers
from mingbai.shop.example.dice import Dice
from mingbai.shop.example.plans import now
from mingbai.shop.example.sales import Sale
from mingbai.values.money import Money
from mingbai.values.records import OrderState, Origin, Return, ReturnState

# What becomes of returns of orders that were received, one after another.
_WAYS: tuple[tuple[str, ReturnState], ...] = (
    ("return", ReturnState.REQUESTED), ("return", ReturnState.APPROVED), ("return", ReturnState.SENT_BACK),
    ("return", ReturnState.RECEIVED), ("return", ReturnState.REFUNDED), ("exchange", ReturnState.APPROVED),
    ("exchange", ReturnState.SENT_BACK), ("exchange", ReturnState.EXCHANGED), ("return", ReturnState.REJECTED),
    ("return", ReturnState.WITHDRAWN), ("refund_only", ReturnState.REQUESTED), ("refund_only", ReturnState.REFUNDED),
)  # fmt: skip
_EVERY = 5  # every fifth delivered order, and every ninth completed one, has something come back
_EVERY_COMPLETED = 9
_ON_THE_WAY = (ReturnState.SENT_BACK, ReturnState.RECEIVED, ReturnState.REFUNDED, ReturnState.EXCHANGED)


def returns(sales: Sequence[Sale], today: date) -> dict[str, list[tuple[Return, Origin]]]:
    """By order number."""
    found: dict[str, list[tuple[Return, Origin]]] = {}
    used: dict[date, int] = {}
    for made in _unnumbered(sales, today):
        record, origin = made
        assert record.requested_at is not None
        day = record.requested_at.date()
        used[day] = used.get(day, 0) + 1
        numbered = replace(record, return_no=f"R{day:%Y%m%d}-{used[day]:03d}")
        found.setdefault(record.order_no, []).append((numbered, origin))
    return found


def _unnumbered(sales: Sequence[Sale], today: date) -> Iterator[tuple[Return, Origin]]:
    seen = {OrderState.DELIVERED: 0, OrderState.COMPLETED: 0}
    way = 0
    for sale in sales:
        state = sale.plan.state
        if "return" in sale.plan.story:
            yield _told(sale, sale.plan.story["return"], today), sale.plan.origin
        elif state is OrderState.REFUNDED:
            yield _whole(sale, today), sale.plan.origin
        elif state in seen and not sale.plan.story:
            seen[state] += 1
            if seen[state] % (_EVERY if state is OrderState.DELIVERED else _EVERY_COMPLETED) == 0:
                kind, becomes = _WAYS[way % len(_WAYS)]
                way += 1
                yield _part(sale, kind, becomes, today), sale.plan.origin


def _told(sale: Sale, raw: dict[str, Any], today: date) -> Return:
    """`line` 0: the whole order."""
    state, place = ReturnState(raw["state"]), raw["line"]
    requested = min(content.at(today, raw["day"], "09:30"), now(today) - timedelta(minutes=20))
    amount = sale.basket.items[place - 1].paid if place else sale.basket.total
    if "amount" in raw:
        amount = content.money(raw["amount"])
    if "fee" in raw:
        amount = amount - content.money(raw["fee"])
    made = Return(
        return_no="",
        order_no=sale.order_no,
        kind=raw["kind"],
        state=state,
        line_no=sale.line_nos[place - 1] if place else "",
        reason=raw["reason"],
        quantity=sale.basket.items[place - 1].quantity
        if place
        else sum(i.quantity for i in sale.basket.items),
        amount=amount if raw["kind"] != "exchange" else None,
        postage_by=raw["postage_by"],
        requested_at=requested,
    )
    if sale.plan.trouble == "returned":  # came back by itself
        return replace(made, received_at=requested + timedelta(days=5), refunded_at=sale.plan.closed)
    return _dated(made, sale, today)


def _whole(sale: Sale, today: date) -> Return:
    """What ended an order in a refund: a defect, or what may go back without a reason."""
    dice = Dice(f"return {sale.plan.key}")
    fault = dice.chance(0.4) or not all(item.article.product.no_reason_return for item in sale.basket.items)
    assert sale.plan.arrives is not None
    back = (
        sale.basket.total
        if fault or sale.plan.person.country == "DE"
        else sale.basket.total - sale.basket.shipping
    )
    only = fault and dice.chance(0.6)
    assert sale.plan.closed is not None
    requested = sale.plan.arrives + (sale.plan.closed - sale.plan.arrives) / 4
    made = Return(
        return_no="",
        order_no=sale.order_no,
        kind="refund_only" if only else "return",
        state=ReturnState.REFUNDED,
        reason=_reason(sale, fault, dice),
        quantity=sum(item.quantity for item in sale.basket.items),
        amount=back,
        postage_by="seller" if fault else "buyer",
        requested_at=requested.replace(second=0, microsecond=0),
        refunded_at=sale.plan.closed,
    )
    if only:
        return made
    received = requested + (sale.plan.closed - requested) / 2
    return replace(
        made, received_at=received.replace(second=0, microsecond=0), tracking_no=_sent_by(sale, dice)
    )


def _part(sale: Sale, kind: str, state: ReturnState, today: date) -> Return:
    """One line of an order that is otherwise kept."""
    dice = Dice(f"return {sale.plan.key}")
    place = dice.between(0, len(sale.line_nos) - 1)
    item = sale.basket.items[place]
    fault = kind == "refund_only" or (
        not item.article.product.no_reason_return and state is not ReturnState.REJECTED
    )
    garment = item.article.product.category.startswith("服装")
    if kind == "exchange" and not garment:
        fault = True
    assert sale.plan.arrives is not None
    latest = (
        now(today)
        if state in (ReturnState.REQUESTED, ReturnState.APPROVED)
        else sale.plan.arrives + timedelta(days=6)
    )
    requested = min(
        sale.plan.arrives + timedelta(hours=dice.between(3, 60)), latest, now(today) - timedelta(minutes=30)
    )
    insured = sale.plan.person.country == "CN" and dice.chance(0.5)
    amount = None if kind == "exchange" else item.paid
    if state is ReturnState.REFUNDED and kind == "refund_only":
        amount = Money(max(100, item.paid.minor * dice.one_of((20, 30, 50)) // 100), item.paid.currency)
    made = Return(
        return_no="",
        order_no=sale.order_no,
        kind=kind,
        state=state,
        line_no=sale.line_nos[place],
        reason=_reason(sale, fault, dice, size=kind == "exchange" and garment),
        quantity=item.quantity,
        amount=amount,
        postage_by="seller" if fault else "insurer" if insured else "buyer",
        requested_at=requested.replace(second=0, microsecond=0),
    )
    return _dated(made, sale, today)


def _dated(made: Return, sale: Sale, today: date) -> Return:
    """When it came in and was paid back, as far as its state has come; never after now."""
    dice = Dice(f"return way {sale.plan.key}")
    assert made.requested_at is not None
    sent = made.kind != "refund_only" and made.state in _ON_THE_WAY
    left = now(today) - made.requested_at
    received = (
        made.requested_at + min(timedelta(days=4), left / 2)
        if sent and made.state is not ReturnState.SENT_BACK
        else None
    )
    paid_back = None
    if made.state is ReturnState.REFUNDED:
        start = received or made.requested_at
        paid_back = start + min(timedelta(days=2), (now(today) - start) / 2)
    return replace(
        made,
        tracking_no=_sent_by(sale, dice) if sent else "",
        received_at=received.replace(second=0, microsecond=0) if received else None,
        refunded_at=paid_back.replace(second=0, microsecond=0) if paid_back else None,
    )


def _sent_by(sale: Sale, dice: Dice) -> str:
    country = sale.plan.person.country
    carrier = {"DE": "dhl_de", "US": "dhl_us"}.get(country) or (
        "sf_abroad" if country != "CN" else dice.one_of(("sf", "zto", "yto"))
    )
    return numbers.tracking(carrier, dice)


def _reason(sale: Sale, fault: bool, dice: Dice, *, size: bool = False) -> str:
    words = content.table("words.toml")
    said = words["size" if size else "faulty" if fault else "returned"][sale.seen_by]
    if sale.seen_by == "en" and sale.plan.person.country != "DE":
        said = [reason for reason in said if "EU" not in reason]
    return str(dice.one_of(said))
