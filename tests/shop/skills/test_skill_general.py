"""General questions are answered by the sentence of the page that holds them; what nobody knows stays unknown."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Any

import pytest
from counter import Counter, counter_of, facts, words

from mingbai.shop.skills.delivery import paid_at
from mingbai.shop.skills.places import named
from mingbai.values.records import PolicyDocument

ZH = "# 宠物\n\n## 带宠物\n\n- 店里可以带猫，不能带蛇。\n- 宠物洗澡：小型犬 30 元；大型犬 80 元。\n"
EN = "# Pets\n\n## Bringing pets\n\n- Cats are welcome, snakes are not.\n- Pet baths: small dogs CNY 30; large dogs CNY 80.\n"


def test_a_page_of_any_shop_answers_in_both_languages(tmp_path: Path) -> None:
    pages = [
        PolicyDocument("pets", "zh", "宠物", ZH, topic="pets"),
        PolicyDocument("pets", "en", "Pets", EN, topic="pets"),
    ]
    with counter_of(tmp_path, pages) as shop:
        found = facts(shop.ask("大型犬洗澡多少钱", "delivery_time"))["page.pets"]
    assert found.zh == "宠物洗澡：小型犬 30 元；大型犬 80 元。"
    assert found.en == "Pet baths: small dogs CNY 30; large dogs CNY 80."
    assert found.sources


@pytest.mark.parametrize(
    ("text", "intent", "said"),
    [
        ("茶叶拆了还能退吗", "return_right", "拆封后不退"),
        ("衣服剪了吊牌能退吗", "return_right", "就不算完好"),
        ("到付退货行吗", "return_right", "不收到付件"),
        ("个人发票要税号吗", "invoice", "不需要税号"),
        ("信用卡退款几天", "refund_status", "信用卡 3–10 个工作日"),
        ("台湾要缴税吗", "invoice", "新台币 2,000 元"),
    ],
)
def test_a_general_question_needs_no_order(tea: Counter, text: str, intent: str, said: str) -> None:
    found = tea.ask(text, intent)
    assert said in words(found)
    assert not found.needs
    assert not found.refusals


@pytest.mark.parametrize("text", ["下个月龙井会不会降价", "明年618的活动力度多大"])
def test_what_is_to_come_is_not_known(tea: Counter, text: str) -> None:
    found = tea.ask(text, "price")
    assert (found.facts, found.passages, found.needs) == ((), (), ())


def test_a_property_that_no_row_has_is_not_known(tea: Counter) -> None:
    assert "没有写“茶多酚”" in words(tea.ask("茶饼的茶多酚含量多少", "product_info", product="茶饼"))
    assert facts(tea.ask("茶饼净含量多少", "product_info", product="茶饼"))["product.net_weight"].must


def test_words_that_nothing_of_the_shop_has_ask_for_no_article(tea: Counter) -> None:
    assert words(tea.ask("你们店有线下体验店吗，上海哪里能看实物", "product_info")) == ""
    assert tea.ask("多少钱", "price").needs


@pytest.mark.parametrize(
    ("text", "at"),
    [("晚上八点下单", time(20)), ("下午5点半付款", time(17, 30)), ("pay at 5 pm", time(17)), ("下单", None)],
)
def test_the_hour_of_paying(text: str, at: time | None) -> None:
    assert paid_at(text) == at


def test_paid_after_the_cut_off_it_leaves_the_next_day(tea: Counter) -> None:
    late, soon = (
        facts(tea.ask(f"{hour}下单今天发货吗", "delivery_time")) for hour in ("晚上八点", "下午三点")
    )
    assert "第二天" in late["delivery.leaves_if_paid"].zh
    assert "当天" in soon["delivery.leaves_if_paid"].zh


@pytest.mark.parametrize(
    ("text", "lands"), [("return address in the US", ["US"]), ("tell us why", []), ("寄到德国", ["DE"])]
)
def test_countries_that_are_named(text: str, lands: list[str]) -> None:
    assert named(text) == lands


def test_what_was_not_used_is_not_excepted(tea: Counter) -> None:
    used, unused = (
        tea.ask(text, "return_right", product="礼品卡") for text in ("礼品卡用过了能退吗", "礼品卡没用能退吗")
    )
    assert "不支持" in facts(used)["product.no_return"].zh
    assert facts(unused)["product.no_reason"].value == 7


def test_everything_that_is_excepted(tea: Counter) -> None:
    found: Any = tea.ask("哪些商品不能七天退", "return_right")
    assert {f.name for f in found.facts} == {"return.exceptions"}
    assert len(found.facts) >= 4


def test_the_request_that_is_on_its_way_is_meant(tea: Counter) -> None:
    found = facts(
        tea.ask("退的钱什么时候到", "refund_status", customer=tea.order("MB20251029-0133").customer_id)
    )
    assert found["refund.state"].about == "MB20251029-0133"
