"""What is likely asked of an order as it stands: what has not left is changed or cancelled, what arrived is sent back.

Weighs what the words alone leave open (`Understood.shares`); a plain word is never overruled. Rates are how often an
intent comes up of such an order against how often it comes up at all, by judgement; 1 where nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mingbai.shop.skills import meant, proof
from mingbai.shop.skills.scene import Scene
from mingbai.shop.skills.too_late import BEFORE
from mingbai.values.records import Order, OrderState, Return, ReturnState
from mingbai.values.turn import Evidence, Guess, Intent

SURE = 0.4  # of the weighed shares, from which the likeliest is taken without asking
I = Intent  # noqa: E741  # a table is read by its columns
# Of any order that is looked at, goods of the shop at large are asked about less.
_AT_HAND: Mapping[Intent, float] = {
    I.PRODUCT_INFO: 0.4, I.STOCK: 0.35, I.SIZE_ADVICE: 0.5, I.PRICE: 0.4, I.COUPON: 0.4, I.OFF_TOPIC: 0.2,
    I.GREETING: 0.5, I.THANKS: 0.5, I.COMPLAINT: 0.7, I.DELIVERY_TIME: 0.6,
}  # fmt: skip
_NOT_SENT: Mapping[Intent, float] = {
    I.MODIFY_ORDER: 1.6, I.CANCEL_ORDER: 1.6, I.CHANGE_ADDRESS: 1.3, I.DAMAGED_OR_MISSING: 0.08, I.WARRANTY: 0.2,
    I.REFUND_STATUS: 0.4, I.RETURN_RIGHT: 0.3,
}  # fmt: skip
_ON_THE_WAY: Mapping[Intent, float] = {
    I.WHERE_IS_ORDER: 1.6, I.MODIFY_ORDER: 0.4, I.DAMAGED_OR_MISSING: 0.4, I.EXCHANGE: 0.5, I.START_RETURN: 0.5,
    I.RETURN_RIGHT: 0.6, I.REFUND_STATUS: 0.4, I.WARRANTY: 0.3, I.INVOICE: 0.8,
}  # fmt: skip
_RECEIVED: Mapping[Intent, float] = {
    I.WHERE_IS_ORDER: 0.5, I.DELIVERY_TIME: 0.3, I.CHANGE_ADDRESS: 0.15, I.CANCEL_ORDER: 0.3, I.MODIFY_ORDER: 0.3,
    I.RETURN_RIGHT: 1.2, I.START_RETURN: 1.3, I.EXCHANGE: 1.3, I.DAMAGED_OR_MISSING: 1.2,
}  # fmt: skip
_ENDED: Mapping[Intent, float] = {
    I.REFUND_STATUS: 2.0, I.WHERE_IS_ORDER: 0.5, I.CHANGE_ADDRESS: 0.2, I.MODIFY_ORDER: 0.3, I.START_RETURN: 0.5,
    I.EXCHANGE: 0.5, I.DELIVERY_TIME: 0.3,
}  # fmt: skip
_STATES: Mapping[OrderState, Mapping[Intent, float]] = {
    OrderState.UNPAID: _NOT_SENT, OrderState.PAID: _NOT_SENT, OrderState.PART_SHIPPED: _ON_THE_WAY,
    OrderState.SHIPPED: _ON_THE_WAY, OrderState.DELIVERED: _RECEIVED, OrderState.COMPLETED: _RECEIVED,
    OrderState.CANCELLED: _ENDED, OrderState.REFUNDED: _ENDED,
}  # fmt: skip
_REQUESTED, _PAID_BACK = 2.5, 1.8  # of a refund's state where a request for one is there, or was carried out
# What is wished of goods that have not left is another wish.
_BEFORE = {I.EXCHANGE: I.MODIFY_ORDER, I.START_RETURN: I.CANCEL_ORDER}
_WAITING = (
    ReturnState.REQUESTED,
    ReturnState.APPROVED,
    ReturnState.SENT_BACK,
    ReturnState.RECEIVED,
    ReturnState.REJECTED,
)


def found(scene: Scene, shares: Sequence[Guess], order_no: str) -> tuple[Guess, ...]:
    """Of the order that is named or in focus; nothing where none is, or where the shop's habits are asked."""
    if not shares or not (order_no or scene.order) or meant.in_general(scene.text):
        return ()
    row = proof.find(scene, proof.OrderArguments(order_no))
    return () if isinstance(row, Evidence) else tuple(weighed(scene, row.record, shares))


def weighed(scene: Scene, order: Order, shares: Sequence[Guess]) -> list[Guess]:
    """The shares as the order's state makes them, likeliest first."""
    rates, before = _STATES.get(order.state, {}), order.state in BEFORE
    requests = scene.rows(Return, order_no=order.order_no)
    waiting = any(row.record.state in _WAITING for row in requests)
    found: dict[Intent, float] = {}
    for guess in shares:
        intent = _BEFORE.get(guess.intent, guess.intent) if before else guess.intent
        rate = _AT_HAND.get(intent, 1.0) * rates.get(intent, 1.0)
        if intent is Intent.REFUND_STATUS and requests:
            rate = _REQUESTED if waiting else _PAID_BACK
        found[intent] = found.get(intent, 0.0) + guess.p * rate
    total = sum(found.values()) or 1.0
    return sorted(
        (Guess(intent, round(p / total, 4), "examples") for intent, p in found.items()),
        key=lambda it: (-it.p, it.intent),
    )
