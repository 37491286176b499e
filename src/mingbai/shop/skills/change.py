"""Changes before dispatch: another address, cancel, another color or size. Each is proposed, never made at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from mingbai.shop.skills import address_said, articles, goods, pages, person, places, price, proof, say, stock
from mingbai.shop.skills.orders import lines_fact, state
from mingbai.shop.skills.returns import chosen_lines
from mingbai.shop.skills.scene import Row, Scene
from mingbai.shop.skills.skill import Plan, said
from mingbai.shop.skills.writes import change, plan, refused
from mingbai.values.errors import Text
from mingbai.values.money import Money
from mingbai.values.records import Line, Order, OrderState, Price, Product, Variant
from mingbai.values.turn import Evidence, Need
from mingbai.zh import address as addresses

_BEFORE = (OrderState.UNPAID, OrderState.PAID)
_CUSTOM = ("定制", "custom")


@dataclass(frozen=True, slots=True)
class AddressArguments:
    order_no: str = said("订单号", "order number")
    phone_tail: str = said("收货手机号的后四位", "last four digits of the phone number on the order")
    address: str = said("新的完整收货地址", "the whole new address")


def change_address(scene: Scene, asked: AddressArguments) -> Plan | Evidence:
    """Before dispatch only; afterwards the carrier must be asked."""
    if person.asks_shop(scene.text) and not asked.order_no and not asked.address:
        return person.shop_facts(scene, person.PersonArguments())
    row = proof.find(scene, proof.OrderArguments(asked.order_no, asked.phone_tail), _open)
    if isinstance(row, Evidence):
        return row
    order = row.record
    if order.state not in _BEFORE:
        return _too_late(
            scene,
            row,
            "改地址",
            "The carrier may still be asked to redirect it; the address cannot be changed here",
            "改地址 转寄 change address",
        )
    address = (address_said.said(scene.written, order.country) if scene.text else "") or asked.address
    if not address:
        need = Need(
            "address",
            "请提供新的完整收货地址：省、市、区、街道和门牌号。",
            "Please give the whole new address.",
        )
        return Evidence(scene.intent, facts=(state(scene, row, must=False),), needs=(need,))
    wrong = _address_problem(order, address)
    if wrong is not None:
        return Evidence(
            scene.intent, facts=(state(scene, row, must=False),), needs=(Need("address", wrong.zh, wrong.en),)
        )
    moved = replace(order, address=address, postcode=None)
    exact = AddressArguments(order.order_no, "", address)
    return plan(
        scene, "change_address", exact,
        Text(f"要把订单 {order.order_no} 的收货地址改为“{address}”，收件人和电话不变。",
             f'The address of order {order.order_no} would become "{address}"; recipient and phone stay.'),
        Text(f"订单 {order.order_no} 的收货地址已经改好。", f"The address of order {order.order_no} has been changed."),
        change(moved, "address", "postcode"), order_no=order.order_no,
    )  # fmt: skip


def _address_problem(order: Order, text: str) -> Text | None:
    """A Chinese address must be whole and certain; one to another country changes price and customs."""
    if order.country in ("CN", "HK", "MO", "TW", ""):
        readings = addresses.parse(text)
        if len({(r.province, r.city, r.district) for r in readings}) > 1:
            ways = "、".join("".join(dict.fromkeys((r.province, r.city, r.district))) for r in readings[:3])
            return Text(
                f"这个地址可能在几个地方（{ways}），请写明省和市。",
                f"This may be in several places ({ways}); please name province and city.",
            )
        if not readings[0].deliverable:
            return Text(
                "地址还不完整，请补上省、市、区和门牌号。",
                "The address is not complete: please add province, city, district and number.",
            )
        here = places.OUTSIDE_CUSTOMS.get(places.short(readings[0].province), "CN")
        if here != (order.country or "CN"):
            return Text(
                "改到港澳台或从那里改到内地，运费和清关不同，请转人工。",
                "To or from Hong Kong, Macau or Taiwan, fees and customs differ: please ask a person.",
            )
        return None
    return (
        None
        if len(text) >= 12 and any(c.isdigit() for c in text)
        else Text("地址还不完整。", "The address is not complete.")
    )


def _open(order: Order) -> bool:
    return order.state in (OrderState.UNPAID, OrderState.PAID, OrderState.PART_SHIPPED)


def _too_late(scene: Scene, row: Row[Order], zh: str, en: str, words: str) -> Evidence:
    """What the shop's page says for an order in this state."""
    order = row.record
    cited = pages.cite(scene, ("order_change", "delivery"), words)
    evidence = Evidence(scene.intent, facts=(state(scene, row),), passages=cited)
    if order.state is OrderState.PART_SHIPPED:
        return replace(
            refused(
                scene,
                f"订单 {order.order_no} 已经部分发货，没发的部分由人工处理。",
                f"Order {order.order_no} is partly dispatched; a person takes the rest.",
                evidence,
            ),
            handoff=True,
        )
    return refused(
        scene,
        f"订单 {order.order_no} {_now(order).zh}，不能再{zh}。",
        f"Order {order.order_no} is already {_now(order).en}. {en}.",
        evidence,
    )


def _now(order: Order) -> Text:
    return say.ORDER_STATES.get(
        order.state, Text(order.state_said or "状态未知", order.state_said or "in an unknown state")
    )


def cancel_order(scene: Scene, asked: proof.OrderArguments) -> Plan | Evidence:
    """Unpaid: it closes. Paid and not dispatched: it closes and what was paid goes back."""
    row = proof.find(scene, asked, _open)
    if isinstance(row, Evidence):
        return row
    order = row.record
    if order.state is OrderState.CANCELLED:
        return Evidence(scene.intent, facts=(state(scene, row),))
    if order.state not in _BEFORE:
        return _too_late(
            scene, row, "取消", "It cannot be cancelled any more", "取消 拒收 退货 cancel refuse"
        )
    if order.state is OrderState.PAID and (custom := _custom_lines(scene, order)):
        name = articles.title(scene, custom[0].record)
        zh = f"《{name.zh}》是定制商品，确认后不能取消，由人工为您核实。"
        en = f"{name.en} is made to order and cannot be cancelled once approved; a person checks it."
        return replace(
            refused(scene, zh, en, Evidence(scene.intent, facts=(state(scene, row),))), handoff=True
        )
    if dict(order.extra).get("stage"):
        facts = (state(scene, row),)
        cited = pages.cite(scene, ("campaign", "refund"), "定金 尾款 不退 deposit balance")
        return replace(
            refused(
                scene,
                "预售订单涉及定金，取消由人工处理。",
                "A pre-sale order has a deposit; a person cancels it.",
                Evidence(scene.intent, facts=facts, passages=cited),
            ),
            handoff=True,
        )
    paid = order.paid if order.state is OrderState.PAID else None
    back_zh = f"，实付 {say.money(paid)} 原路退回" if paid else ""
    back_en = f", and {say.money(paid)} goes back the way you paid" if paid else ""
    closed = replace(
        order,
        state=OrderState.CANCELLED,
        state_said="已取消",
        close_reason="买家取消",
        closed_at=scene.now,
        refunded=paid or order.refunded,
    )
    return plan(
        scene, "cancel_order", proof.OrderArguments(order.order_no),
        Text(f"要取消订单 {order.order_no}{back_zh}。", f"Order {order.order_no} would be cancelled{back_en}."),
        Text(f"订单 {order.order_no} 已取消{back_zh}。", f"Order {order.order_no} is cancelled{back_en}."),
        change(closed, "state", "state_said", "close_reason", "closed_at", "refunded"), order_no=order.order_no, amount=paid,
    )  # fmt: skip


def _custom_lines(scene: Scene, order: Order) -> list[Row[Line]]:
    out = []
    for line in scene.rows(Line, order_no=order.order_no):
        product = scene.get(Product, line.record.product_no) if line.record.product_no else None
        if product is not None and not product.record.no_reason_return and _is_custom(product.record):
            out.append(line)
    return out


def _is_custom(product: Product) -> bool:
    text = " ".join((product.category, product.title_zh, product.title_en, *product.tags)).casefold()
    return any(word in text for word in _CUSTOM)


@dataclass(frozen=True, slots=True)
class ModifyArguments:
    order_no: str = said("订单号", "order number")
    phone_tail: str = said("收货手机号的后四位", "last four digits of the phone number on the order")
    product: str = said("订单里的哪一件", "which article of the order")
    color: str = said("换成什么颜色", "the new colour")
    size: str = said("换成什么尺码或规格", "the new size or volume")
    quantity: int | None = said("改成几件", "the new number of pieces", None)


def modify_order(scene: Scene, asked: ModifyArguments) -> Plan | Evidence:
    """Another variant of the same article at the same price, in stock. Anything else goes to a person."""
    row = proof.find(scene, proof.OrderArguments(asked.order_no, asked.phone_tail), _open)
    if isinstance(row, Evidence):
        return row
    order = row.record
    if order.state not in _BEFORE:
        return _too_late(
            scene, row, "修改", "It cannot be changed any more", "改颜色尺码 换货 change colour size exchange"
        )
    lines = chosen_lines(scene, order, asked.product)
    facts = (state(scene, row, must=False), lines_fact(scene, order.order_no))
    if not lines:
        return Evidence(scene.intent, facts=facts, handoff=True)
    if not (asked.color or asked.size) or (
        asked.quantity is not None and asked.quantity != lines[0].record.quantity
    ):
        need = Need("color", "请问要改成什么颜色或规格？", "Which colour or size shall it become?")
        if asked.quantity is not None or re.search(r"备注|合并|拆单|note|merge|split", scene.text.casefold()):
            return Evidence(
                scene.intent, facts=facts, passages=pages.cite(scene, ("order_change",)), handoff=True
            )
        return Evidence(scene.intent, facts=facts, needs=(need,))
    if len(lines) > 1 and (narrowed := having(scene, lines, asked.color, asked.size)):
        lines = narrowed
    if len(lines) != 1:
        named = [articles.title(scene, line.record) for line in lines]
        names = tuple(t.zh if scene.says_zh else t.en for t in named)
        need = Need(
            "product",
            f"请问改哪一件：{'、'.join(t.zh for t in named)}？",
            f"Which article: {', '.join(t.en for t in named)}?",
            names,
        )
        return Evidence(scene.intent, facts=facts, needs=(need,))
    return _other_variant(scene, row, lines[0], asked)


def having(scene: Scene, lines: Iterable[Row[Line]], color: str, size: str) -> list[Row[Line]]:
    """The lines whose article has the color or size that is asked for."""
    return [line for line in lines if (g := target(scene, line, color, size)) is not None and not g.lacking]


def target(scene: Scene, line: Row[Line], color: str, size: str) -> goods.Goods | None:
    """The variants of a line's article that fit the wish, keeping its other options."""
    own = scene.get(Variant, line.record.sku) if line.record.sku else None
    return (
        goods.pick(replace(scene, text=""), own, goods.ItemArguments("", color, size))
        if own is not None
        else None
    )


def _other_variant(scene: Scene, row: Row[Order], line: Row[Line], asked: ModifyArguments) -> Plan | Evidence:
    order, old = row.record, line.record
    found = target(scene, line, asked.color, asked.size)
    facts = (state(scene, row, must=False), lines_fact(scene, order.order_no))
    if found is None:
        return Evidence(scene.intent, facts=facts, handoff=True)
    if found.lacking or len(found.variants) != 1:
        return Evidence(scene.intent, facts=(*facts, *stock.of_goods(scene, found)))
    new = found.variants[0]
    if new.record.sku == old.sku:
        fact = scene.fact(
            "order.same_variant",
            None,
            "订单里已经是这个规格。",
            "The order already has that variant.",
            line,
            about=order.order_no,
        )
        return Evidence(scene.intent, facts=(fact, *facts))
    available = list(stock.of_goods(scene, found))
    if not any(f.name == "stock.available" for f in available):
        return refused(
            scene,
            "要换的规格现在没有货。",
            "The variant you want is out of stock now.",
            Evidence(scene.intent, facts=(*available, *facts)),
        )
    now = price.at(
        scene.rows(Price, sku=new.record.sku), old.unit_price.currency if old.unit_price else "", scene.now
    )
    if now is None or old.unit_price is None or now.row.record.amount != old.unit_price:
        return Evidence(scene.intent, facts=(*available, *price.now(scene, found), *facts), handoff=True)
    options, name = ";".join(f"{n}:{v}" for n, v in new.record.options), articles.title(scene, old)
    exact = ModifyArguments(order.order_no, "", old.sku, asked.color, asked.size)
    return plan(
        scene, "modify_order", exact,
        Text(f"要把订单 {order.order_no} 里的《{name.zh}》改成{goods.variant_zh(new)}，价格不变。",
             f"In order {order.order_no}, {name.en} would become {goods.variant_en(new)}, at the same price."),
        Text(f"订单 {order.order_no} 里的《{name.zh}》已改成{goods.variant_zh(new)}。",
             f"In order {order.order_no}, {name.en} is now {goods.variant_en(new)}."),
        change(replace(old, sku=new.record.sku, options=options), "sku", "options"), order_no=order.order_no,
        amount=Money(0, old.unit_price.currency),
    )  # fmt: skip
