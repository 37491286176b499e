"""Another address before dispatch: proposed, never made at once. Another recipient or telephone goes to a person."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from mingbai.shop.skills import address_said, person, places, proof, say
from mingbai.shop.skills.orders import state
from mingbai.shop.skills.scene import Row, Scene
from mingbai.shop.skills.skill import Plan, said
from mingbai.shop.skills.too_late import ADDRESS, BEFORE, open_to_change, too_late
from mingbai.shop.skills.writes import change, plan
from mingbai.values.errors import Text
from mingbai.values.records import Order, OrderState
from mingbai.values.turn import Evidence, Fact, Need
from mingbai.zh import address as addresses
from mingbai.zh import phones

PERSON = re.compile(
    r"(?:收件人|收货人|收貨人|名字|姓名|电话|手机号?|号码)[^，。]{0,8}(?:改|换|写|填|留|用|错了|不对)|(?:改|换|更新)[^，。]{0,4}(?:收件人|收货人|姓名|名字|电话|手机)"
    r"|(?i:\b(?:change|update|correct|wrong)\b.{0,20}\b(?:phone|number|name|recipient)\b(?! of the order)|\b(?:phone|recipient|name)\b.{0,12}\bwrong\b)"
)


NOTE_SEEN = re.compile(
    r"(?:备注|留言|附言)[^。！]{0,16}(?:看见|看到|看过|收到|见没|写了|写的)|(?:看见|看到|看过|收到)[^。！]{0,8}(?:备注|留言)"
    r"|(?i:\b(?:note|message|remark|comment)\b.{0,40}\b(?:see|seen|saw|read|get|got|noticed)\b|\b(?:see|seen|saw|read|get|got|noticed)\b.{0,24}\b(?:note|message|remark|comment)\b)"
)


@dataclass(frozen=True, slots=True)
class AddressArguments:
    order_no: str = said("订单号", "order number")
    phone_tail: str = said("收货手机号的后四位", "last four digits of the phone number on the order")
    address: str = said("新的完整收货地址", "the whole new address")


def change_address(scene: Scene, asked: AddressArguments) -> Plan | Evidence:
    """Before dispatch only; afterwards the carrier must be asked."""
    if person.asks_shop(scene.text) and not (asked.order_no or asked.address or scene.order):
        return person.shop_facts(scene, person.PersonArguments())
    row = proof.find(scene, proof.OrderArguments(asked.order_no, asked.phone_tail), open_to_change)
    if isinstance(row, Evidence):
        return row
    order = row.record
    if order.state not in BEFORE:
        ask = order.state is OrderState.SHIPPED
        words = "The carrier may still be asked to redirect it; the address" if ask else "The address"
        return too_late(scene, row, ADDRESS, Text("改地址", f"{words} cannot be changed here any more"))
    if order.buyer_note and NOTE_SEEN.search(scene.text):
        return Evidence(scene.intent, facts=(note(scene, row), state(scene, row, must=False)), handoff=True)
    address = (address_said.said(scene.written, order.country) if scene.text else "") or asked.address
    if not address and scene.text:  # 是30号，不是3号: what the order has, mended
        address = address_said.corrected(order.address or "", scene.written)
    if not address and PERSON.search(scene.text):
        return other_person(scene, row)
    if not address:
        need = Need(
            "address",
            "请提供新的完整收货地址：省、市、区、街道和门牌号。",
            "Please give us the full new address: street and number, district, city and province.",
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
             f'The address of order {order.order_no} would become "{address}"; the recipient and phone number stay the same.'),
        Text(f"订单 {order.order_no} 的收货地址已经改好。", f"The address of order {order.order_no} has been changed."),
        change(moved, "address", "postcode"), order_no=order.order_no,
    )  # fmt: skip


def note(scene: Scene, row: Row[Order]) -> Fact:
    """What the customer wrote on the order: whether it was seen is answered by showing it."""
    said = row.record.buyer_note
    zh, en = f"订单里的备注是：“{said}”。", f'The note on the order says: "{said}".'
    return scene.fact("order.note", said, zh, en, row, about=row.record.order_no)


def other_person(scene: Scene, row: Row[Order]) -> Evidence:
    """Name and telephone are what an order is known by: a person asks back before they are changed."""
    given = [say.masked_phone(hit.value) for hit in phones.find(scene.text)]
    to_zh, to_en = (f"（新电话 {given[0]}）", f" (new number {given[0]})") if given else ("", "")
    fact = scene.fact(
        "order.recipient", None, f"订单 {row.record.order_no} 还没有发货，改收件人或电话{to_zh}由人工核实后处理。",
        f"Order {row.record.order_no} has not been dispatched yet; one of our team will check and change the recipient or phone number{to_en}.",
        row, about=row.record.order_no,
    )  # fmt: skip
    return Evidence(scene.intent, facts=(fact,), handoff=True)


def _address_problem(order: Order, text: str) -> Text | None:
    """A Chinese address must be whole and certain; one to another country changes price and customs."""
    if order.country in ("CN", "HK", "MO", "TW", ""):
        readings = addresses.parse(text)
        if len({(r.province, r.city, r.district) for r in readings}) > 1:
            ways = "、".join("".join(dict.fromkeys((r.province, r.city, r.district))) for r in readings[:3])
            return Text(
                f"这个地址可能在几个地方（{ways}），请写明省和市。",
                f"This may be in several places ({ways}); please tell us the province and city.",
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
                "Fees and customs are different to and from Hong Kong, Macau and Taiwan: please ask for a person.",
            )
        return None
    return (
        None
        if len(text) >= 12 and any(c.isdigit() for c in text)
        else Text("地址还不完整。", "The address is not complete.")
    )
