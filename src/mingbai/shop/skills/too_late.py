"""What may still be changed of an order in its state: the cell of the shop's own table, and who can help when it is too late."""

from __future__ import annotations

import re
from dataclasses import replace

from mingbai.shop.skills import asks, house, say
from mingbai.shop.skills.orders import made_to_order, state
from mingbai.shop.skills.parcels import parcel_facts, parcels
from mingbai.shop.skills.scene import Row, Scene
from mingbai.shop.skills.writes import refused
from mingbai.values.errors import Text
from mingbai.values.records import Line, Order, OrderState, ShipmentState
from mingbai.values.turn import Evidence, Fact

BEFORE = (OrderState.UNPAID, OrderState.PAID)
_SHIPPED = re.compile(r"^已?发货|^已寄|^(?i:dispatched|shipped)")
_ROWS = {
    OrderState.UNPAID: re.compile(r"待付款|未付款|没付款|(?i:waiting for payment|unpaid)"),
    OrderState.PAID: re.compile(r"已付款|未发货|待发货|^(?i:paid)"),
    OrderState.PART_SHIPPED: re.compile(r"部分发货|(?i:part(?:ly|ially)? (?:dispatched|shipped))"),
    OrderState.SHIPPED: _SHIPPED,
}
CANCEL, ADDRESS = re.compile(r"取消|(?i:cancel)"), re.compile(r"地址|(?i:address)")
VARIANT, MERGE = re.compile(r"颜色|尺码|规格|(?i:colou?r|size)"), re.compile(r"合并|拆单|(?i:merge|split)")
_REFUSED = re.compile(r"拒收[^。；]*退款|(?i:refused parcels?[^.;]*refund)")
_DEDUCTED = re.compile(r"拒收[^。；]*扣|(?i:refus[^.]*deduct|if there was no defect[^.]*deduct)")
_REDIRECT = re.compile(r"转寄费|转寄[^。]*(?:费|快递)|(?i:redirect)")


def open_to_change(order: Order) -> bool:
    return order.state in (OrderState.UNPAID, OrderState.PAID, OrderState.PART_SHIPPED)


def rule(
    scene: Scene, order: Order, wish: re.Pattern[str], row: re.Pattern[str] | None = None
) -> tuple[Fact, ...]:
    """What the shop's table says on this wish for an order in this state."""
    named = row or _ROWS.get(order.state)
    found = house.cell(scene, "order_change", named, wish) if named else None
    if found is None:
        return ()
    en = f"{found.row[1][:1].upper()}{found.row[1][1:]}, {found.column[1]}: {found.en.rstrip('.')}."
    zh = f"{found.row[0]}的订单，{found.column[0]}：{found.zh.rstrip('。')}。"
    fact = scene.fact("order.may_change", found.zh, zh, en, *found.page.rows, about=order.order_no)
    return (fact,)


def in_state(scene: Scene, state: OrderState, wish: re.Pattern[str]) -> tuple[Fact, ...]:
    """The same of no order in particular: what the table says for this state."""
    found = house.cell(scene, "order_change", _ROWS[state], wish)
    if found is None:
        return ()
    zh = f"{found.row[0]}的订单，{found.column[0]}：{found.zh.rstrip('。')}。"
    en = f"{found.row[1][:1].upper()}{found.row[1][1:]}, {found.column[1]}: {found.en.rstrip('.')}."
    return (scene.fact("page.order_change", found.zh, zh, en, *found.page.rows),)


def too_late(scene: Scene, row: Row[Order], wish: re.Pattern[str], words: Text) -> Evidence:
    """Why not, and what else: refuse or return it, ask the carrier, exchange it. `words`: what can no longer be done."""
    order = row.record
    facts = [state(scene, row, must=False), *rule(scene, order, wish)]
    if order.state is OrderState.PART_SHIPPED:
        return replace(
            refused(
                scene,
                f"订单 {order.order_no} 已经部分发货，没发的部分要{words.zh}，由人工处理。",
                f"Order {order.order_no} is partly dispatched; one of our team takes care of the rest (to cancel or change it).",
                Evidence(scene.intent, facts=tuple(facts)),
            ),
            handoff=True,
        )
    if order.state is OrderState.SHIPPED and wish is CANCEL:
        facts += refusing(scene, order)
    if order.state is OrderState.SHIPPED and wish is ADDRESS:
        facts += house.told(scene, ("order_change", "delivery"), _REDIRECT, of=order.order_no)
        facts += _carriers(scene, order)
    now = _now(order)
    return refused(
        scene,
        f"订单 {order.order_no} {now.zh}，不能再{words.zh}。",
        f"Order {order.order_no} is already {now.en}. {words.en}.",
        Evidence(scene.intent, facts=tuple(facts)),
    )


def refusing(scene: Scene, order: Order) -> tuple[Fact, ...]:
    """What refusing a parcel at the door costs, at home."""
    must = bool(asks.REFUSING.search(scene.text) or asks.POSTAGE.search(scene.text))
    if order.country not in ("", "CN"):
        return ()
    return house.told(scene, ("order_change", "delivery"), _REFUSED, _DEDUCTED, of=order.order_no, must=must)


def _carriers(scene: Scene, order: Order) -> list[Fact]:
    """Whom to ask, by which number, and what went wrong on the way."""
    sent = [each for each in parcels(scene, order) if each.state is not ShipmentState.DELIVERED]
    wanted = ("parcel.tracking_no", "parcel.failed")
    return [
        f
        for n, each in enumerate(sent, 1)
        for f in parcel_facts(scene, order, each, n if len(sent) > 1 else 0)[0]
        if f.name in wanted
    ]


def _now(order: Order) -> Text:
    return say.ORDER_STATES.get(
        order.state, Text(order.state_said or "状态未知", order.state_said or "in an unknown state")
    )


def custom_lines(scene: Scene, order: Order) -> list[Row[Line]]:
    """The lines that are made to order."""
    return [line for line in scene.rows(Line, order_no=order.order_no) if made_to_order(scene, line)]
