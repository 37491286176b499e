from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understand_shop import NOW

from mingbai.turn.understand import slots
from mingbai.turn.understand.goods import Goods, generic
from mingbai.values.turn import SaidAmount, SaidDate, Slots
from mingbai.zh import order_numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("订单 MB20251103-0042 到哪了", {"order_no": ("MB20251103-0042",)}),
        ("订单ＭＢ２０２５１１０３－００４２到哪了", {"order_no": ("MB20251103-0042",)}),
        ("MB20251103-0042 2807", {"order_no": ("MB20251103-0042",), "phone_tail": ("2807",)}),
        ("尾号是2807", {"phone_tail": ("2807",)}),
        ("MB20251103-0042, my phone ends in 2807", {"order_no": ("MB20251103-0042",), "phone_tail": ("2807",)}),
        ("顺丰SF1234567890123到哪了", {"tracking_no": ("SF1234567890123",)}),
        ("差那两块能减到多少", {}),
        ("再加两块普洱一共多少钱", {"product": ("普洱",), "quantity": (2,)}),
        ("买两块普洱", {"product": ("普洱",), "quantity": (2,)}),
        ("天青盖碗有货吗", {"product": ("天青盖碗",), "color": ("天青",)}),
        ("青花纏枝蓮蓋碗多少錢", {"product": ("青花缠枝莲盖碗",), "color": ("青花",)}),
        ("汝窑花瓶有货吗", {"product": ("汝窑花瓶",)}),
        ("龙井还有吗", {"product": ("龙井",)}),
        ("不对，是杯子不是壶", {"product": ("杯子",)}),
        ("Is the Yixing Clay Xishi Teapot in stock?", {"product": ("Yixing Clay Xishi Teapot",)}),
        ("身高165 110斤穿什么码", {"height_cm": (Decimal(165),), "weight_kg": (Decimal(55),)}),
        ("165/110", {"height_cm": (Decimal(165),), "weight_kg": (Decimal(55),)}),
        ("身高170体重130", {"height_cm": (Decimal(170),), "weight_kg": (Decimal(65),)}),
        ("I am 170 cm and 65 kg", {"height_cm": (Decimal(170),), "weight_kg": (Decimal(65),)}),
        ("I weigh 150 pounds", {"weight_kg": (Decimal(68),)}),
        ("L码还有吗", {"size": ("L",)}),
        ("M or L?", {"size": ("M", "L")}),
        ("买两个寄到杭州", {"quantity": (2,), "city": ("杭州",)}),
        ("how long to Berlin", {"city": ("Berlin",)}),
        ("我有一个问题", {}),
        ("is there someone I can speak with", {}),  # "is the" was an article once
        ("今天便宜20块", {"amount": (SaidAmount(Decimal(20), "CNY"),), "date": (SaidDate("今天", date(2025, 11, 12), date(2025, 11, 12)),)}),
        ("昨天下的单", {"date": (SaidDate("昨天", date(2025, 11, 11), date(2025, 11, 11)),)}),
    ],
)  # fmt: skip
def test_what_is_named_is_found_and_nothing_else(shop: Goods, text: str, expected: dict[str, Any]) -> None:
    found = slots.read(text, NOW, shop)
    assert {name: value for name in Slots.__slots__ if (value := getattr(found, name))} == expected


def test_an_invoice_is_read_whole(shop: Goods) -> None:
    found = slots.read("开票：杭州青禾贸易有限公司 税号 91330106MA2GLL8K5X 发到 wang@example.com", NOW, shop)
    assert found.invoice_title == ("杭州青禾贸易有限公司",)
    assert found.tax_code == ("91330106MA2GLL8K5X",)
    assert found.email == ("wang@example.com",)
    assert found.city == ()


@pytest.mark.parametrize(
    ("text", "need", "slot", "expected"),
    [
        ("2807", "phone_tail", "phone_tail", ("2807",)),
        ("是 2 8 0 7", "phone_tail", "phone_tail", ("2807",)),
        ("2807", "", "phone_tail", ()),
        ("A10086", "order_no", "order_no", ("A10086",)),
        ("明白科技", "invoice_title", "invoice_title", ("明白科技",)),
    ],
)
def test_a_bare_answer_is_what_was_asked_for(
    shop: Goods, text: str, need: str, slot: str, expected: tuple[str, ...]
) -> None:
    assert getattr(slots.read(text, NOW, shop, need=need), slot) == expected


def test_personal_slots_are_in_no_repr(shop: Goods) -> None:
    found = slots.read("MB20251103-0042 尾号2807 wang@example.com", NOW, shop)
    assert "2807" not in repr(found)
    assert "wang" not in repr(found)


def test_without_a_shop_common_goods_are_known() -> None:
    assert slots.read("do you have the blue teapot", NOW, generic()).product == ("blue teapot",)


@given(st.text(max_size=120), st.sampled_from(["", "phone_tail", "order_no", "tax_code", "invoice_title"]))
def test_any_text_has_slots(text: str, need: str) -> None:
    assert isinstance(slots.read(text, NOW, generic(), need=need), Slots)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#1048 / 0107", {"order_no": ("#1048",), "phone_tail": ("0107",)}),
        ("Order #1049, phone ends 0101. Where is it?", {"order_no": ("#1049",), "phone_tail": ("0101",)}),
        ("order 1049 please", {"order_no": ("#1049",)}),
        ("凑到1200划算吗", {}),  # an amount, though orders have four digits
        ("is my parcel in stock?", {}),
    ],
)
def test_a_running_number_is_an_order_where_an_order_is_meant(text: str, expected: dict[str, Any]) -> None:
    own = order_numbers.own_shapes([f"#{number}" for number in range(1001, 1080)])
    read = slots.read(text, NOW, generic(), own)
    named = {name: getattr(read, name) for name in ("order_no", "phone_tail", "product")}
    assert {name: value for name, value in named.items() if value} == expected
