"""Anything may be asked of any shop: whatever was understood, the counter answers with evidence and never falls over."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from counter import NOW, Counter, counter_of, line, order, product, variant

from mingbai.values.records import Order, OrderState, Shipment, ShipmentEvent, ShipmentState
from mingbai.values.turn import Intent, Memory, Proposal, SaidAmount, SaidDate, Slots

TEXTS = (
    "", "？", "🙂🙂", "𠮷", "我的壶坏了能退吗，运费谁出，什么时候到账", "return it please, is it covered by warranty?", "定金尾款怎么付",
    "有没有 200 以内送人的推荐", "改到浙江省嘉兴市桐乡市崇福镇语溪街16号", "第二个", "整单都退", "开专票，抬头清溪科技有限公司", "双十一什么时候结束",
    "会员积分", "关税", "价保", "你们几点下班", "运费险", "0" * 400, "订单" * 300, "退货地址", "TEA20 EVERY300 NEW10", "换成红色", "150ml", "a" * 3000,
)  # fmt: skip
WORDS = {
    "order_no": ("MB20251103-0042", "#1051", "x", "0", "MB20251112-0220"), "phone_tail": ("2100", "0000"),
    "tracking_no": ("SF1823924197465", "?"), "product": ("青花盖碗", "T001-QH-110", "紫砂壶", "L码", "%_'\"", "茶"),
    "color": ("红色", "天青", "*", "色"), "size": ("L", "150ml", "码"), "city": ("喀什", "Berlin", "火星", "市", "朝阳区"),
    "invoice_title": ("个人", "清溪科技有限公司", "*"), "tax_code": ("91330106MA2B1FX83J", "1"), "email": ("a@b.com", "a@qq.con", "x"),
    "height_cm": (Decimal(170), Decimal(0)), "weight_kg": (Decimal("65.5"), Decimal(-1)), "quantity": (0, 1, 3, 10**9),
    "amount": (SaidAmount(Decimal("199.99"), "CNY"), SaidAmount(Decimal(0), "USD"), SaidAmount(Decimal("1.999"), "CNY")),
    "date": (SaidDate("昨天", date(2025, 11, 11), date(2025, 11, 11)),),
}  # fmt: skip


def storm(shop: Counter, seed: int, turns: int) -> None:
    dice = random.Random(seed)
    orders = shop.all(Order)
    for _ in range(turns):
        slots: dict[str, Any] = {
            k: tuple(dice.sample(v, dice.randint(1, min(2, len(v)))))
            for k, v in WORDS.items()
            if dice.random() < 0.25
        }
        asker = dice.choice(orders) if orders and dice.random() < 0.7 else None
        memory = Memory(
            order=dice.choice(orders).order_no if orders and dice.random() < 0.3 else "", item=dice.choice(["", "T001", "T044-QH-L", "gone"]),
            intent=dice.choice([None, *Intent]), need=dice.choice(["", "order_no", "product", "phone_tail"]),
            slots=Slots(product=("盖碗",)) if dice.random() < 0.2 else Slots(),
            proposal=Proposal(dice.choice(["invoice", "x"]), (("order_no", "1"),), "", "") if dice.random() < 0.05 else None,
        )  # fmt: skip
        later = replace(shop, now=NOW + timedelta(days=dice.choice([0, 0, 1, 8, 30, 365])))
        found = later.every(
            dice.choice(TEXTS), *(i.value for i in dice.sample(list(Intent), dice.randint(1, 3))), customer=(asker.customer_id or "") if asker else "",
            order=asker.order_no if asker and dice.random() < 0.6 else "", item=dice.choice(["", "T001", "T029-CN-BL", "nothing"]), memory=memory,
            lang=dice.choice(["zh-Hans", "zh-Hant", "en"]), unsure=dice.random() < 0.1, by=dice.choice(["rule", "memory"]), **slots,
        )  # fmt: skip
        for evidence in found:
            for fact in evidence.facts:
                assert fact.zh.strip()
                assert fact.en.strip()
                assert "None" not in fact.zh + fact.en
            assert sum(fact.must for fact in evidence.facts) <= 40


@pytest.mark.parametrize(("seed", "turns"), [(1, 300), pytest.param(2, 5000, marks=pytest.mark.slow)])
def test_the_example_shop_in_a_storm(tea: Counter, seed: int, turns: int) -> None:
    storm(tea, seed, turns)


def test_an_empty_shop_in_a_storm(tmp_path: Path) -> None:
    with counter_of(tmp_path, []) as shop:
        storm(shop, 4, 100)


def test_a_shop_of_orders_alone_in_a_storm(tmp_path: Path) -> None:
    """As a platform's export gives it: orders in every state without lines, parcels without scans, variants without products."""
    states = list(OrderState)
    rows = [
        order(
            str(n),
            state=states[n % 9],
            received_at=None,
            created_at=None,
            paid_at=None,
            paid=None,
            total=None,
            phone=None,
            address=None,
            country="",
        )
        for n in range(18)
    ]
    rows += [
        order("x1", country="DE"),
        order("x2", country="ZZ", state=OrderState.SHIPPED),
        line("x2", sku="", product_no="", unit_price=None, paid=None),
    ]
    parcels = [Shipment(str(n), f"T{n}") for n in range(9)] + [Shipment("x2", "", "", ShipmentState.CUSTOMS)]
    scans = [
        ShipmentEvent("T3", 1, NOW, ShipmentState.LOST),
        ShipmentEvent("T4", 1, NOW - timedelta(days=9), ShipmentState.LABELLED),
    ]
    with counter_of(
        tmp_path,
        [
            *rows,
            *parcels,
            *scans,
            variant("V-1", product_no="", options=()),
            product("P9", title_zh="", title_en=""),
        ],
    ) as shop:
        storm(shop, 5, 250)
