"""Articles: which is meant, what it is, what it costs, is it there, which size."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from counter import Counter, at, counter_of, facts, line, order, price, product, variant

from mingbai.values.money import Money
from mingbai.values.records import Campaign, Line, Stock
from mingbai.values.turn import Intent, Memory


def test_numbers_name_an_article_exactly(tea: Counter) -> None:
    for said in ("T001-QH-110", "t001-qh-110", "2000001000014"):
        assert facts(tea.ask("多少钱", "price", product=said))["price.now"].about == "T001-QH-110"


def test_an_ambiguous_name_is_asked_with_choices(tea: Counter) -> None:
    (need,) = tea.ask("紫砂壶多少钱", "price", product="紫砂壶").needs
    assert need.slot == "product"
    assert "宜兴紫砂西施壶" in need.choices
    (need,) = tea.ask("how much is the Yixing teapot", "price", product="Yixing teapot", lang="en").needs
    assert all(choice.isascii() for choice in need.choices)


def test_what_the_shop_does_not_have_is_not_invented(tea: Counter) -> None:
    found = tea.ask("咖啡机多少钱", "price", product="咖啡机")
    assert not found.facts


def test_a_field_answers_the_question(tea: Counter) -> None:
    found = facts(tea.ask("青花缠枝莲盖碗能进微波炉吗", "product_info", product="青花缠枝莲盖碗"))
    assert (found["product.microwave"].zh, found["product.microwave"].must) == ("微波炉：可以。", True)
    assert not found["product.origin"].must


def test_a_page_answers_where_no_article_is_meant(tea: Counter) -> None:
    found = tea.ask("礼品包装多少钱", "product_info")
    assert {s.key.split("/")[0] for f in found.facts for s in f.sources} == {"gift-wrapping"}
    assert any("9 元" in f.zh for f in found.facts)


def test_hours_are_answered_whatever_they_were_taken_for(tea: Counter) -> None:
    for intent in ("product_info", "off_topic", "greeting"):
        assert "9:00–22:00" in facts(tea.ask("你们几点下班", intent))["handoff.hours"].zh


def test_off_topic_has_no_facts(tea: Counter) -> None:
    found = tea.ask("今天天气怎么样", "off_topic")
    assert (found.facts, found.passages, found.needs) == ((), (), ())


# ---- price


def test_the_lowest_price_that_holds_is_the_page_s(tmp_path) -> None:
    rows = [
        product(), variant(), price("P1-R", 12000, at(1, 1), at(11, 5)), price("P1-R", 10000, at(11, 5)),
        price("P1-R", 8850, at(11, 12, 10), at(11, 12, 11), "sale"), price("P1-R", 5000, at(11, 12, 11), kind="sale"),
    ]  # fmt: skip
    with counter_of(tmp_path, rows) as shop:
        found = facts(shop.ask("多少钱", "price", product="P1"))
        assert found["price.now"].zh == "《小茶杯》红现在 ¥88.50。"
        assert found["price.usual"].zh == "这是活动价，平时 ¥100.00，活动到 11月12日 11:00。"
        assert found["price.before"].zh == "11月5日以前的页面价是 ¥120.00。"
        assert found["price.now"].sources[0].file == "test.csv"


def test_the_customer_s_country_decides_the_currency(tea: Counter) -> None:
    assert facts(tea.ask("how much", "price", product="T008-DCQ-240", customer="D20015", lang="en"))[
        "price.now"
    ].value == Money(5490, "EUR")
    assert (
        facts(tea.ask("how much", "price", product="T008-DCQ-240", lang="en"))["price.abroad"].en
        == "On our pages abroad: €54.90 or $58.90."
    )


def test_what_was_paid_is_the_order_s(tmp_path) -> None:
    rows = [
        product(),
        variant(),
        price("P1-R", 5000),
        order("1", paid=Money(18000, "CNY")),
        line("1", quantity=2, paid=Money(18000, "CNY")),
    ]
    with counter_of(tmp_path, rows) as shop:
        found = facts(shop.own("1", "我买的时候多少钱", "price"))
    assert found["order.paid"].zh == "订单 1 实付 ¥180.00。"
    assert found["order.unit_price"].zh == "《小茶杯》单价 ¥100.00 × 2，优惠后实付 ¥180.00。"


@pytest.mark.parametrize(("city", "said"), [
    ("新疆", "新疆、西藏：运费 25 元，优惠后满 299 元包邮。"), ("兰州", "青海、内蒙古、宁夏、甘肃：运费 15 元，优惠后满 199 元包邮。"),
    ("杭州", "中国大陆（下列偏远地区除外）：运费 10 元，优惠后满 99 元包邮。"), ("德国", "德国：运费 4.90 欧元，优惠后满 59 欧元包邮。"),
    ("台北", "香港、澳门、台湾：运费 35 元，优惠后满 599 元包邮。"),
])  # fmt: skip
def test_the_fee_of_a_place(tea: Counter, city: str, said: str) -> None:
    assert facts(tea.ask("运费多少", "price", city=city))["delivery.fee"].zh == said


def test_prices_that_the_shops_own_currency_does_not_have_are_told_in_theirs(tmp_path) -> None:
    """An export of Shopify says no currency: the shop made of it was taken for one that sells in yuan."""
    euros = replace(price("P1-R", 3240), amount=Money(3240, "EUR"))
    with counter_of(tmp_path, [product(), variant(), euros]) as shop:
        found = facts(shop.ask("How much is the Small Cup?", "price", lang="en", product="Small Cup"))
        assert found["price.now"].value == Money(3240, "EUR")
        named = facts(
            shop.ask("How much is the Small Cup in dollars?", "price", lang="en", product="Small Cup")
        )
        assert "no price of Small Cup in USD; it is €32.40 now" in named["price.unknown"].en


def test_a_price_that_has_ended_is_not_told_by_another_currencys(tmp_path) -> None:
    euros = replace(price("P1-R", 3240), amount=Money(3240, "EUR"))
    ended = price("P1-R", 9900, until=at(1, 2))
    with counter_of(tmp_path, [product(), variant(), euros, ended]) as shop:
        assert "price.unknown" in facts(shop.ask("小茶杯多少钱", "price", product="小茶杯"))


# ---- price protection


def protected(tmp_path, now_fen: int, **more):
    campaign = Campaign("D11", "双11", starts_at=at(10, 20), ends_at=at(11, 14), price_protection_days=30)
    rows = [campaign, product(), variant(), price("P1-R", now_fen), order("1", **more), line("1", quantity=2)]
    with counter_of(tmp_path, rows) as shop:
        return facts(shop.own("1", "降价了能退差价吗", "price_protection"))


def test_the_difference_to_the_fen(tmp_path) -> None:
    found = protected(tmp_path, 8765)
    assert found["order.protected_until"].value == date(2025, 12, 1)
    assert found["order.price_difference"].value == Money(2470, "CNY")
    assert "可退 ¥24.70" in found["order.price_difference"].zh


def test_no_drop_and_dearer_now_give_nothing(tmp_path) -> None:
    assert "order.no_drop" in protected(tmp_path, 10000)


def test_the_last_day_of_protection(tmp_path) -> None:
    assert "order.price_difference" in protected(tmp_path, 8000, paid_at=at(10, 13), created_at=at(10, 21))
    (tmp_path / "late").mkdir()
    late = protected(tmp_path / "late", 8000, paid_at=at(10, 12), created_at=at(10, 21))
    assert "order.price_difference" not in late
    assert "已经过了" in late["order.protected_until"].zh


def test_without_a_rule_nothing_is_promised(tmp_path) -> None:
    with counter_of(tmp_path, [product(), variant(), price("P1-R", 10), order("1"), line("1")]) as shop:
        assert not shop.own("1", "价保吗", "price_protection").facts


def test_articles_that_the_page_excludes(tea: Counter) -> None:
    bought = next(row for row in tea.all(Line) if row.product_no == "T056")
    found = facts(tea.own(bought.order_no, "价保", "price_protection"))
    assert found["order.no_protection"].zh.endswith("不参加价保。")
    assert "order.price_difference" not in found


# ---- stock


def test_stock_of_a_variant_with_its_restock_day(tea: Counter) -> None:
    found = facts(tea.ask("釉里红有货吗", "stock", product="T001", color="釉里红"))
    assert found["stock.out"].zh == "《青花缠枝莲盖碗》釉里红 150 ml现在缺货。"
    assert found["stock.restock"].value == date(2025, 11, 21)


def test_a_pre_sale_has_its_day(tea: Counter) -> None:
    assert facts(tea.ask("靛蓝 XL 有吗", "stock", product="T045", color="靛蓝", size="XL"))[
        "stock.presale"
    ].value == date(2025, 11, 24)


def test_a_color_that_is_not_made_is_said_so_and_not_swapped(tea: Counter) -> None:
    found = facts(tea.ask("有绿色的吗", "stock", product="T001", color="绿色"))
    assert "没有“绿色”" in found["variant.lacking"].zh
    assert found["variant.lacking"].about == "T001"


def test_change_to_red_keeps_the_volume_and_the_question(tmp_path) -> None:
    rows = [product()]
    for color, code in (("红", "R"), ("蓝", "B")):
        for volume in ("100ml", "200ml"):
            sku = f"P1-{code}{volume[:3]}"
            rows += [
                variant(sku, title_zh=f"{color} {volume}", options=(("颜色", color), ("容量", volume))),
                Stock(sku, "", 7),
            ]
    with counter_of(tmp_path, rows) as shop:
        kept = Memory(item="P1-B200", intent=Intent.STOCK)
        found = facts(shop.ask("换成红色呢", "stock", color="红色", memory=kept, by="memory"))
        assert found["stock.available"].about == "P1-R200"
        looking = facts(shop.ask("那这个呢", "stock", memory=kept, item="P1-R100", by="memory"))
        assert looking["stock.available"].about == "P1-R100"


def test_in_stock_without_a_count(tmp_path) -> None:
    with counter_of(tmp_path, [product(), variant(), Stock("P1-R", "", None, True)]) as shop:
        assert facts(shop.ask("有货吗", "stock", product="P1"))["stock.available"].zh == "《小茶杯》红有货。"


def test_an_article_without_a_stock_row_is_unknown(tmp_path) -> None:
    with counter_of(tmp_path, [product(), variant()]) as shop:
        assert "stock.unknown" in facts(shop.ask("有货吗", "stock", product="P1"))


def test_a_german_customer_hears_of_the_german_shelf(tea: Counter) -> None:
    found = facts(tea.ask("in stock?", "stock", product="T002-TQ-130", customer="D20015", lang="en"))
    assert found["stock.out"].must
    assert found["stock.restock"].value == date(2025, 11, 26)


# ---- size


@pytest.mark.parametrize(("height", "weight", "value"), [
    (170, "65", "L"), (170, "60", "L"), (160, "51", "S/M"), (163, "51", "M"), (165, "80", "XL/XXL"), (None, "41.9", None), (None, "95", "XXL"),
    (None, "95.1", None), (175, None, "XL"),
])  # fmt: skip
def test_size_by_weight_and_height(
    tea: Counter, height: int | None, weight: str | None, value: str | None
) -> None:
    said = {"height_cm": Decimal(height)} if height else {}
    said |= {"weight_kg": Decimal(weight)} if weight else {}
    found = facts(tea.ask("穿什么码", "size_advice", product="T044", **said))
    if value is None:
        assert "没有合适的码" in found["size.none"].zh
    else:
        assert found["size.advice"].value == value


def test_weight_decides_where_height_differs(tea: Counter) -> None:
    found = facts(
        tea.ask("穿什么码", "size_advice", product="T044", height_cm=Decimal(155), weight_kg=Decimal(75))
    )
    assert found["size.advice"].value == "XL"
    assert found["size.by_height"].zh == "按身高是 S 码，身高和体重不在同一码时以体重为准。"


def test_an_article_that_runs_large_takes_the_smaller(tea: Counter) -> None:
    assert (
        facts(tea.ask("围裙", "size_advice", product="T043", weight_kg=Decimal(49)))["size.advice"].value
        == "S"
    )


def test_what_is_missing_is_asked(tea: Counter) -> None:
    assert {n.slot for n in tea.ask("选什么码", "size_advice", product="T044").needs} == {
        "weight_kg",
        "height_cm",
    }
    (need,) = tea.ask("170 65 公斤穿什么码", "size_advice", weight_kg=Decimal(65)).needs
    assert len(need.choices) == 3


def test_a_cup_has_no_size_chart(tea: Counter) -> None:
    assert "size.no_chart" in facts(tea.ask("选什么码", "size_advice", product="T001"))
