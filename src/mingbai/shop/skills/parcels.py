"""Parcels of an order: carrier, number, the last scan, the promise, and what is wrong: stuck, failed, lost, customs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from mingbai.shop.skills import articles, say
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Line, Order, OrderState, Shipment, ShipmentEvent, ShipmentState
from mingbai.values.turn import Fact
from mingbai.zh.carriers import CARRIERS
from mingbai.zh.tracking import carrier_of

STUCK_HOURS = 48  # without a scan; after that a person asks the carrier
_ASKS_LEFT = re.compile(
    r"(?:什么时候|什麼時候|几时|幾時|何时|哪天|几号|幾號|啥时候)[^，。]{0,4}[发發寄]"
    r"|(?i:\bwhen\b.{0,30}\b(?:ship|shipped|dispatch\w*|sent|leave|left)\b)"
)
_ASKS_PARTS = re.compile(
    r"为什么|为啥|怎么(?:是|有|会)[两几2]|哪些|分开|里面(?:是|有)|(?i:\bwhy\b|\bwhich (?:one|item|article)s? (?:is|are) in\b)"
)
_ARRIVED = (ShipmentState.DELIVERED, ShipmentState.RETURNED, ShipmentState.LOST)


@dataclass(frozen=True, slots=True)
class Parcel:
    row: Row[Shipment]
    events: tuple[Row[ShipmentEvent], ...]  # oldest first

    @property
    def state(self) -> ShipmentState | None:
        return self.events[-1].record.state if self.events else self.row.record.state


def parcels(scene: Scene, order: Order) -> list[Parcel]:
    """Every parcel, the first sent first, with its scans up to now."""
    found = []
    for row in scene.rows(Shipment, order_no=order.order_no):
        events = scene.rows(ShipmentEvent, tracking_no=row.record.tracking_no)
        seen = [event for event in events if event.record.at <= scene.now]
        found.append(Parcel(row, tuple(sorted(seen, key=lambda event: (event.record.at, event.record.seq)))))
    return sorted(found, key=lambda p: (p.row.record.shipped_at or scene.now, p.row.record.tracking_no))


def parcel_facts(scene: Scene, order: Order, parcel: Parcel, place: int) -> tuple[list[Fact], bool]:
    """Its facts, and if a person must take it. `place` 0: the only parcel."""
    facts = list(_facts(scene, order, parcel, place))
    return facts, parcel.state is ShipmentState.LOST


def _facts(scene: Scene, order: Order, parcel: Parcel, place: int) -> Iterator[Fact]:
    shipment, no = parcel.row.record, order.order_no
    lead_zh, lead_en = (f"第 {place} 个包裹", f"Parcel {place}") if place else ("包裹", "The parcel")
    carrier_zh, carrier_en = _carrier(shipment.carrier)
    words = say.SHIPMENT_STATES.get(parcel.state) if parcel.state else None
    if words is not None and (place or parcel.state is not ShipmentState.IN_TRANSIT):
        yield scene.fact(
            "parcel.state", parcel.state.value if parcel.state else None, f"{lead_zh}{words.zh}。",
            f"{lead_en} is {words.en}.", parcel.row, about=no,
        )  # fmt: skip
    head_zh, head_en = (
        (f"第 {place} 个包裹的承运", f"Carrier of parcel {place}") if place else ("承运", "Carrier")
    )
    yield scene.fact(
        "parcel.tracking_no", shipment.tracking_no, f"{head_zh}：{carrier_zh}，运单号 {shipment.tracking_no}。",
        f"{head_en}: {carrier_en}, tracking number {shipment.tracking_no}.", parcel.row, about=no,
    )  # fmt: skip
    if (left := shipment.shipped_at or order.shipped_at) is not None:
        at = say.moment(left, scene.now)
        yield scene.fact(
            "parcel.shipped_at", left, f"{lead_zh} {at.zh} 发出。", f"{lead_en} left on {at.en}.", parcel.row, about=no,
            must=bool(_ASKS_LEFT.search(scene.text)),
        )  # fmt: skip
    if parcel.events:
        yield _event(
            scene, parcel.events[-1], no, "parcel.last_event", "最近一条物流", "Last scan", must=True
        )
    yield from _promise(scene, parcel, no)
    yield from _trouble(scene, parcel, no)
    if shipment.lines:
        held = [row for row in scene.rows(Line, order_no=no) if row.record.line_no in shipment.lines]
        if held:
            names = articles.titles(scene, held)
            yield scene.fact(
                "parcel.lines", len(held), f"{lead_zh}里有：{names.zh}。", f"{lead_en} holds: {names.en}.",
                parcel.row, *held, about=no, must=order.state is OrderState.PART_SHIPPED or bool(place and _ASKS_PARTS.search(scene.text)),
            )  # fmt: skip
    for event in reversed(parcel.events[-4:-1]):
        yield _event(scene, event, no, "parcel.event", "之前", "Before that", must=False)


def _event(
    scene: Scene, row: Row[ShipmentEvent], no: str, name: str, zh: str, en: str, *, must: bool
) -> Fact:
    event = row.record
    at = say.moment(event.at, scene.now)
    state = say.SHIPMENT_STATES[event.state]
    text_zh = event.text_zh or f"{event.place} {state.zh}".strip()
    text_en = event.text_en or (f"{event.place}, {state.en}" if event.place else state.en)
    return scene.fact(
        name, event.at, f"{zh}：{at.zh}，{text_zh.rstrip('。')}。", f"{en}: {at.en}, {text_en.rstrip('.')}.", row,
        about=no, must=must,
    )  # fmt: skip


def _promise(scene: Scene, parcel: Parcel, no: str) -> Iterator[Fact]:
    shipment = parcel.row.record
    if parcel.state is ShipmentState.DELIVERED and shipment.delivered_at:
        return  # the last scan says it
    if shipment.promised_at is None or parcel.state in _ARRIVED:
        return
    on = say.day(say.local(shipment.promised_at, scene.now).date(), scene.now)
    if shipment.promised_at >= scene.now:
        yield scene.fact(
            "parcel.promised_at", shipment.promised_at, f"预计 {on.zh}前送达。", f"It is expected by {on.en}.",
            parcel.row, about=no,
        )  # fmt: skip
    else:
        yield scene.fact(
            "parcel.overdue", shipment.promised_at, f"原来预计 {on.zh}前送达，现在已经晚了，抱歉。",
            f"It was expected by {on.en} and is late; we are sorry.", parcel.row, about=no,
        )  # fmt: skip


def _trouble(scene: Scene, parcel: Parcel, no: str) -> Iterator[Fact]:
    row, state = parcel.row, parcel.state
    last = parcel.events[-1].record.at if parcel.events else parcel.row.record.shipped_at
    if state is ShipmentState.LOST:
        yield scene.fact(
            "parcel.lost", True, "快递已确认丢件，由人工马上为您处理。",
            "The carrier has confirmed that it is lost; one of our team is taking it over now.",
            row, about=no,
        )  # fmt: skip
    elif state is ShipmentState.FAILED:
        yield scene.fact(
            "parcel.failed", True, "快递会再次派送，请保持电话畅通；也可以联系快递约时间或改自提。",
            "The carrier will try again; please keep your phone on, or arrange a time or a pick-up with the carrier.",
            row, about=no,
        )  # fmt: skip
    elif state is ShipmentState.RETURNED:
        yield scene.fact(
            "parcel.returned", True, "包裹已退回仓库，退款进度见售后记录。",
            "It went back to our warehouse; the refund is in the after-sales record.", row, about=no, must=False,
        )  # fmt: skip
    elif (
        state is not ShipmentState.DELIVERED
        and last is not None
        and scene.now - last > timedelta(hours=STUCK_HOURS)
    ):
        hours = int((scene.now - last).total_seconds() // 3600)
        yield scene.fact(
            "parcel.stuck", hours, f"已经超过 {STUCK_HOURS} 小时没有新的物流记录，需要的话人工可以去和快递核实。",
            f"There has been no new scan for more than {STUCK_HOURS} hours; one of our team can ask the carrier for you.",
            row, about=no,
        )  # fmt: skip


def _carrier(said: str) -> tuple[str, str]:
    known = CARRIERS.get(carrier_of(said)) if said else None
    return said or "快递", known.name.en if known else said or "the carrier"


def all_received(scene: Scene, order: Order) -> bool:
    """Whether every parcel of the order has arrived: the clock of several parcels starts with the last."""
    sent = parcels(scene, order)
    if order.state is OrderState.PART_SHIPPED:
        return False
    return all(parcel.state is ShipmentState.DELIVERED for parcel in sent)
