"""Three persons who do not exist, each with a name, phone, address and e-mail, and their rows for the example shop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mingbai.values.money import Money
from mingbai.values.records import (
    Customer,
    Line,
    Order,
    OrderState,
    Origin,
    Record,
    Review,
    Shipment,
    ShipmentEvent,
    ShipmentState,
    Sourced,
)

PHRASE = "紫藤花第七号暗语"  # in everything that is typed
AT = datetime(2025, 11, 8, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    order: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    email: str = field(repr=False)

    @property
    def canaries(self) -> Mapping[str, str]:
        return {"name": self.name, "phone": self.phone, "address": self.address, "email": self.email}


PERSONS = (
    Person("CAN-1", "MB20251108-9001", "欧阳青禾", "13912347715", "杭州市西湖区龙井路七十七号三单元", "qinghe.ouyang@canary.example"),
    Person("CAN-2", "MB20251108-9002", "司徒听雪", "15887652209", "成都市武侯区锦里东路九十一号", "tingxue.situ@canary.example"),
    Person("CAN-3", "MB20251108-9003", "上官望舒", "17712908846", "哈尔滨市道里区兆麟街四十二号", "wangshu.shangguan@canary.example"),
)  # fmt: skip


def rows() -> list[Sourced]:
    """Their rows, for the example shop."""
    made: list[Record] = []
    for p in PERSONS:
        made += [
            Customer(p.id, p.name, p.phone, p.email, p.address),
            Order(
                p.order, state=OrderState.SHIPPED, customer_id=p.id, goods=Money(26800, "CNY"), total=Money(26800, "CNY"),
                paid=Money(26800, "CNY"), created_at=AT, paid_at=AT, shipped_at=AT, country="CN", recipient=p.name, phone=p.phone,
                email=p.email, address=p.address, buyer_note=f"{PHRASE}，放门口", extra=(("备注", PHRASE),),
            ),
            Line(p.order, "1", "天青釉盖碗", quantity=1, paid=Money(26800, "CNY"), extra=(("刻字", p.name),)),
            Shipment(p.order, f"SF77{p.phone[-6:]}1234", "顺丰速运"),
            ShipmentEvent(f"SF77{p.phone[-6:]}1234", 1, AT, ShipmentState.COLLECTED, p.address, f"{PHRASE}，收件人 {p.name}"),
            Review(f"CAN-R{p.id}", "T-0001", f"{PHRASE}，我是{p.name}，有事打 {p.phone}", 5, customer_id=p.id),
        ]  # fmt: skip
    return [Sourced(row, Origin("canaries.jsonl", n)) for n, row in enumerate(made, 1)]
