"""A fault that was told: who pays the way back, by the day, and for a whole talk; and what is only a part of an order."""

from __future__ import annotations

from pathlib import Path

import pytest
from counter import Counter, at, counter_of, facts, line, order, product, variant, words

from mingbai.shop.skills import person, rights
from mingbai.values.records import Customer, OrderState
from mingbai.values.turn import Heard, Intent, Memory, Slots

TOLD = Memory(
    order="1", intent=Intent.DAMAGED_OR_MISSING, heard=(Heard("customer", "收到就裂了"), Heard("desk", "…"))
)


def test_a_fault_told_before_makes_the_seller_pay(tmp_path: Path) -> None:
    with counter_of(tmp_path, [order("1", freight_insurance=True), line("1"), product(), variant()]) as shop:
        found = shop.ask("我要退", "start_return", customer="C1", order="1", memory=TOLD)
        assert found.proposal is not None
        assert "运费由我们承担" in found.proposal.zh
        until = facts(found)["return.quality_until"]
        assert until.rule == rights.ART_24
        assert until.sources
        assert "return.no_reason_until" not in facts(found)
        reason = dict(found.proposal.arguments)["reason"]
        assert reason.startswith("收到就裂了")


@pytest.mark.parametrize(
    ("text", "slots"),
    [("我要退", {"order_no": "2"}), ("茶巾我要退", {"product": "茶巾"})],
)
def test_a_fault_of_one_is_not_one_of_another(tmp_path: Path, text: str, slots: dict[str, str]) -> None:
    rows = [order("1"), line("1"), order("2"), line("2"), product(), variant()]
    kept = Memory(
        order="1", intent=Intent.DAMAGED_OR_MISSING, slots=Slots(product=("小茶杯",)), heard=(Heard("customer", "杯子裂了"),)
    )  # fmt: skip
    with counter_of(tmp_path, rows) as shop:
        found = shop.ask(text, "return_right", customer="C1", memory=kept, **slots)
        assert "return.quality_until" not in {f.name for f in found.facts if f.must}


def test_what_only_might_break_is_no_fault(tmp_path: Path) -> None:
    kept = Memory(order="1", intent=Intent.PRODUCT_INFO, heard=(Heard("customer", "路上会碎吗"),))
    with counter_of(tmp_path, [order("1"), line("1"), product(), variant()]) as shop:
        found = shop.ask("我要退", "start_return", customer="C1", order="1", memory=kept)
        assert found.proposal is not None
        assert "寄回运费由您承担" in found.proposal.zh


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("壶漏水", True), ("炉子有问题", True), ("杯子豁了个口", True), ("it stopped working", True), ("arrived in pieces", True),
        ("退货有问题想问", False), ("我不小心摔裂了", False), ("I dropped it and it broke", False), ("袋子被我撕烂了", False), ("断货了", False),
    ],
)  # fmt: skip
def test_what_is_a_fault_of_the_goods(text: str, fault: bool) -> None:
    assert rights.is_fault(text) is fault


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("电陶炉第3天坏了能退不", "可以退货、换货或修理"), ("电陶炉买了八天不热了", "可以换货或修理"),
        ("my hob is dead on day 20", "按保修免费修理"),
    ],
)  # fmt: skip
def test_electric_goods_that_fail_by_the_day(tea: Counter, text: str, now: str) -> None:
    found = tea.ask(text, "return_right", product="电陶炉")
    assert found.intent is Intent.WARRANTY
    day = facts(found)["return.sanbao_day"]
    assert now in day.zh
    assert day.rule == rights.SANBAO


def test_the_warranty_of_a_kind_is_the_row_of_the_shop_s_table(tea: Counter) -> None:
    told = facts(tea.ask("保温杯保修多久", "warranty", product="保温杯"))["warranty.covers"]
    assert "2 年" in told.zh


@pytest.mark.parametrize("text", ["茶宠不要了，只要茶包", "小和尚去掉，其余照发", "only cancel one of them"])
def test_a_part_of_an_order_is_never_the_whole_cancelled(tmp_path: Path, text: str) -> None:
    rows = [
        order("1", state=OrderState.PAID, received_at=None),
        line("1"),
        line("1", "2", "P2-R", title="茶巾"),
    ]
    with counter_of(tmp_path, [*rows, product(), variant()]) as shop:
        found = shop.ask(text, "cancel_order", customer="C1", order="1")
        assert found.proposal is None
        assert found.handoff
        assert "整单不会取消" in words(found)


def test_the_whole_order_is_cancelled_where_one_piece_is_all_of_it(tmp_path: Path) -> None:
    rows = [order("1", state=OrderState.PAID, received_at=None), line("1"), product(), variant()]
    with counter_of(tmp_path, rows) as shop:
        found = shop.ask("杯子去掉，不要了", "cancel_order", customer="C1", order="1")
        assert found.proposal is not None


def test_an_invoice_goes_to_the_mailbox_that_we_have(tmp_path: Path) -> None:
    rows = [order("1", received_at=at(11, 5)), line("1"), Customer("C1", email="zhao@example.com")]
    with counter_of(tmp_path, rows) as shop:
        found = shop.ask(
            "开发票 个人抬头 赵海波", "invoice", customer="C1", order="1", invoice_title="赵海波"
        )
        assert found.proposal is not None
        assert "zhao@example.com" not in found.proposal.zh + found.proposal.en
        assert "@example.com" in found.proposal.zh
        asked = shop.ask("会计又管我要", "invoice", customer="C1", order="1", invoice_title="会计又管我要")
        assert asked.proposal is None


@pytest.mark.parametrize(
    "text",
    [
        "周日有客服吗", "过年有客服吗", "请问贵店客服的服务时间到几点", "春节你们客服休息吗", "晚上还有人工吗", "你们几点有人工",
        "when are you open", "What time does your support open on Saturday?", "support hours on Sunday?", "are you open at weekends",
    ],
)  # fmt: skip
def test_hours_are_asked_in_many_ways(text: str) -> None:
    assert person.asks_hours(text)


@pytest.mark.parametrize(
    "text", ["上班时间能送货吗", "周日发货吗", "when will it be open for delivery", "open the box"]
)
def test_what_asks_for_no_hours(text: str) -> None:
    assert not person.asks_hours(text)
