"""What is wished of an order, as its state has it: what has not left is changed or cancelled, what has arrived is exchanged.

Only of an order that is named or in focus; which of several is meant is never guessed for this.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mingbai.shop.skills import asks, modify, proof, returns, too_late
from mingbai.shop.skills.scene import Scene
from mingbai.shop.skills.too_late import BEFORE
from mingbai.values.records import Order, OrderState, Return
from mingbai.values.turn import Evidence, Intent, Slots

# Money wished back of what has not left yet: it is cancelled.
_WISHES_BACK = re.compile(
    r"退(?:掉|了吧|了算|单|钱给我|我钱|给我)|钱退|[不唔]要|[不唔]想要|取消|别发|撤"
    r"|(?i:\bcancel|\b(?:don't|dont|do not) want\b|\bno longer\b|\bchanged my mind\b|\b(?:want|give me) my money back\b)"
)
_IN_GENERAL = re.compile(
    r"如果|要是|万一|收到(?:后|以后|了再)|七天|7天|(?i:\bif\b|\bonce\b|\bafter (?:it|i)\b)"
)
_OF_A_PARCEL = re.compile(
    r"快递|包裹|物流|运单|单号|签收|派送|驿站|送到|(?i:\bparcel|\bpackage|\btracking|\bdeliver|\bcourier|\bcarrier|\bsigned\b|\bdhl\b)"
)
# What was sent back: whether it has arrived.
_COME_BACK = re.compile(
    r"(?:寄|退)回去?的?.{0,10}(?:收到|签|到了)|你们.{0,4}(?:收到|签收)|(?i:\b(?:made it|got|get|arrived?|come|came|been) (?:it )?back (?:to|at|with) (?:you|your)|\breached you\b|\b(?:ok'?d|approved|accepted) (?:yet|already)\b)"
)
_OTHER_WORDS = re.compile(r"改|换|错|(?i:\bchang|\bwrong\b|\binstead\b|\bswap|\bcorrect|\bfix)")
_RECEIVED = (OrderState.DELIVERED, OrderState.COMPLETED)
_NOT_SENT = {Intent.EXCHANGE: Intent.MODIFY_ORDER, Intent.START_RETURN: Intent.CANCEL_ORDER}


def _is_open(scene: Scene, order: Order) -> bool:
    return any(row.record.state in returns.OPEN_RETURN for row in scene.rows(Return, order_no=order.order_no))


def settled(scene: Scene, slots: Slots, order_no: str, intents: Sequence[Intent]) -> list[Intent]:
    """The intents with those exchanged that the order's state makes another of."""
    wished = (
        Intent.EXCHANGE,
        Intent.START_RETURN,
        Intent.MODIFY_ORDER,
        Intent.REFUND_STATUS,
        Intent.RETURN_RIGHT,
        Intent.PRODUCT_INFO,
        Intent.WHERE_IS_ORDER,
    )
    if not any(i in wished for i in intents) or not (order_no or scene.order):
        return list(intents)
    row = proof.find(scene, proof.OrderArguments(order_no, "", "", slots.product[0] if slots.product else ""))
    if isinstance(row, Evidence):
        return list(intents)
    state = row.record.state
    out = []
    for intent in intents:
        if intent is Intent.REFUND_STATUS:
            if state in BEFORE and _WISHES_BACK.search(scene.text):
                out.append(Intent.CANCEL_ORDER)
            if Intent.CANCEL_ORDER not in out or asks.WHEN.search(scene.text):
                out.append(intent)
        elif intent is Intent.RETURN_RIGHT:  # 这个退了行吗，还没出库吧
            if _COME_BACK.search(scene.text) and _is_open(scene, row.record):
                out.append(Intent.REFUND_STATUS)
            back = state in BEFORE and _WISHES_BACK.search(scene.text) and not _IN_GENERAL.search(scene.text)
            out.append(Intent.CANCEL_ORDER if back else intent)
        elif intent is Intent.WHERE_IS_ORDER:
            out.append(intent)
            if state in _RECEIVED and not _OF_A_PARCEL.search(scene.text) and _is_open(scene, row.record):
                out[-1] = (
                    Intent.REFUND_STATUS
                )  # any movement on the jacket? It is here long since, what was asked is not
        elif intent is Intent.PRODUCT_INFO:
            other = (
                state in BEFORE and _OTHER_WORDS.search(scene.text) and modify.OF_ENGRAVING.search(scene.text)
            )
            made = other and too_late.custom_lines(scene, row.record)
            out.append(Intent.MODIFY_ORDER if made else intent)
        elif state in BEFORE:
            out.append(_NOT_SENT.get(intent, intent))
        elif intent is Intent.MODIFY_ORDER and state in _RECEIVED and (slots.color or slots.size):
            out.append(Intent.EXCHANGE)
        else:
            out.append(intent)
    return list(dict.fromkeys(out))
