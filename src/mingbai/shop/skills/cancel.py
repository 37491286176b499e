"""Cancelling before dispatch: proposed with what goes back and when; made when confirmed."""

from __future__ import annotations

import re
from dataclasses import replace

from mingbai.shop.skills import articles, asks, house, proof, returns, say
from mingbai.shop.skills.orders import CUSTOM, lines_fact, stage, state
from mingbai.shop.skills.refunds import amount_back, deposit
from mingbai.shop.skills.scene import Row, Scene
from mingbai.shop.skills.skill import Plan
from mingbai.shop.skills.too_late import BEFORE, CANCEL, custom_lines, open_to_change, rule, too_late
from mingbai.shop.skills.writes import change, plan, refused
from mingbai.values.errors import Text
from mingbai.values.records import Line, Order, OrderState
from mingbai.values.turn import Evidence

_ENDED = (OrderState.CANCELLED, OrderState.REFUNDED)
_RECEIVED = (OrderState.DELIVERED, OrderState.COMPLETED)
# Only some of an order's articles: the rest is kept.
PART = re.compile(
    r"(?:我)?只(?:要|留|发|寄|收|想要)|其[余他它](?:的)?[^，。]{0,3}(?:照|留|要|发|寄|保留|不变)|剩下(?:的)?[^，。]{0,3}(?:照|留|要|发|寄)|别的[^，。]{0,4}(?:照|留|要|发|寄)|照[发寄]|(?:去|减|删|划|拿)掉|[^，。不]{1,6}我(?:还是?)?要(?:的|留)(?=$|[。！~]| )|从订单里|留(?:着|下)"
    r"|(?:退|取消|撤|不要)(?:其中)?(?:一|两|1|2)(?:个|件|只|样|盒|套)"
    r"|(?i:\bkeep the\b|\bthe rest\b|\bonly (?:want|need|keep|cancel|the)\b|\bjust (?:the|cancel the|one of)\b|\b(?:remove|drop|take|leave)\b.{0,30}\b(?:out|from (?:my|the)|off)\b|\bone of (?:them|the)\b|\bpart of (?:my|the) order\b)"
)
# How soon what was paid is back, and what becomes of an order that nobody pays.
BACK = re.compile(r"(?:取消|没发货|未发货)[^。]*退款|(?i:cancel\w*[^.]*(?:day|refund|way you paid))")
CLOSES = re.compile(r"不付款[^。]*(?:自动|关闭)|(?i:unpaid[^.]*(?:close|cancel))")


def cancel_order(scene: Scene, asked: proof.OrderArguments) -> Plan | Evidence:
    """Unpaid: it closes. Paid and not dispatched: it closes and what was paid goes back."""
    row = proof.find(scene, asked, open_to_change)
    if isinstance(row, Evidence):
        return row
    order = row.record
    if order.state in _ENDED:
        return Evidence(scene.intent, facts=(state(scene, row), *amount_back(scene, row)))
    if order.state not in BEFORE:
        return _not_any_more(scene, row)
    if order.state is OrderState.PAID and (custom := custom_lines(scene, order)):
        name = articles.title(scene, custom[0].record)
        zh = f"《{name.zh}》是定制商品，确认后不能取消，由人工为您核实。"
        en = f"{name.en} is made to order and cannot be cancelled once approved; a person checks it."
        facts = (state(scene, row), *rule(scene, order, CANCEL, CUSTOM))
        return replace(refused(scene, zh, en, Evidence(scene.intent, facts=facts)), handoff=True)
    if dict(order.extra).get("stage"):
        facts = (state(scene, row), *stage(scene, row), *deposit(scene, order))
        return replace(
            refused(
                scene,
                "预售订单涉及定金，取消由人工处理。",
                "A pre-sale order has a deposit, so one of our team cancels it for you.",
                Evidence(scene.intent, facts=facts),
            ),
            handoff=True,
        )
    if order.state is OrderState.PAID and (part := _of_a_part(scene, row)):
        return part
    return _planned(scene, row)


def _of_a_part(scene: Scene, row: Row[Order]) -> Evidence | None:
    """Some of the articles only: a person takes them out, never a cancellation of the whole."""
    order = row.record
    lines = scene.rows(Line, order_no=order.order_no)
    if sum(line.record.quantity for line in lines) < 2 or not PART.search(scene.text):
        return None
    if asks.WHOLE.search(scene.text):
        return None
    fact = scene.fact(
        "order.part", None, f"只去掉订单 {order.order_no} 里的一部分、其余照发，由人工为您处理；在此之前没有任何改动，整单不会取消。",
        f"Taking only a part out of order {order.order_no} and sending the rest is done by a person; until then nothing is changed, and the order is not cancelled.",
        row, about=order.order_no,
    )  # fmt: skip
    return Evidence(
        scene.intent, facts=(fact, state(scene, row), lines_fact(scene, order.order_no)), handoff=True
    )


def _planned(scene: Scene, row: Row[Order]) -> Plan | Evidence:
    order = row.record
    paid = order.paid if order.state is OrderState.PAID else None
    back_zh = f"，实付 {say.money(paid)} 原路退回" if paid else ""
    back_en = f", and {say.money(paid)} goes back the way you paid" if paid else ""
    unpaid_zh, unpaid_en = ("", "") if paid else ("（还没有付款，不用退款）", " (nothing was paid yet)")
    closed = replace(
        order,
        state=OrderState.CANCELLED,
        state_said="已取消",
        close_reason="买家取消",
        closed_at=scene.now,
        refunded=paid or order.refunded,
    )
    when = (
        house.told(scene, ("refund", "order_change"), BACK, of=order.order_no)
        if paid
        else house.told(scene, ("order_change",), CLOSES, of=order.order_no)
    )
    return plan(
        scene, "cancel_order", proof.OrderArguments(order.order_no),
        Text(f"要取消订单 {order.order_no}{unpaid_zh}{back_zh}。", f"Order {order.order_no} would be cancelled{unpaid_en}{back_en}."),
        Text(f"订单 {order.order_no} 已取消{back_zh}。", f"Order {order.order_no} is cancelled{back_en}."),
        change(closed, "state", "state_said", "close_reason", "closed_at", "refunded"), order_no=order.order_no, amount=paid,
        facts=when, after=when if paid else (),
    )  # fmt: skip


def _not_any_more(scene: Scene, row: Row[Order]) -> Evidence:
    """Sent: refuse or return it. Received: the right to return it, with its last day."""
    late = too_late(scene, row, CANCEL, Text("取消", "It cannot be cancelled any more"))
    if row.record.state not in _RECEIVED:
        return late
    right = returns.return_right(scene, proof.OrderArguments(row.record.order_no))
    return replace(late, facts=(*late.facts, *(f for f in right.facts if f.must)))
