"""An article by the options and words that a message states, and the article in focus by the words of its kind."""

from __future__ import annotations

from dataclasses import replace

import pytest
from counter import Counter, facts

from mingbai.shop.skills import stated
from mingbai.values.records import Product
from mingbai.values.turn import Memory


@pytest.mark.parametrize(
    ("text", "value", "name"),
    [
        ("青花200毫升盖碗", "200ml", "容量"), ("米白500的有货么", "500ml", "容量"), ("靛蓝XL", "XL", "尺码"), ("青灰XL幾時返貨", "青灰", "颜色"),
        ("白的呢", "白", "颜色"), ("EU plug kettle", "EU plug", ""), ("茶服M码", "M", "尺码"), ("the 200 ml one", "200ml", "容量"),
    ],
)  # fmt: skip
def test_a_message_states_an_option(text: str, value: str, name: str) -> None:
    assert stated.states(text, value, name)


@pytest.mark.parametrize(
    ("text", "value", "name"),
    [
        ("100块能买什么", "100ml", "容量"), ("500个", "500ml", "容量"), ("明白了", "白", "颜色"), ("M1500", "500ml", "容量"),
        ("XXL", "XL", "尺码"), ("I'm 165", "M", "尺码"), ("0.9 L", "L", "尺码"), ("100块的杯子", "100", ""),
    ],
)  # fmt: skip
def test_what_is_counted_otherwise_is_no_option(text: str, value: str, name: str) -> None:
    assert not stated.states(text, value, name)


@pytest.mark.parametrize(
    ("text", "named", "sku"),
    [
        ("青花盖碗150毫升的", ("青花盖碗",), "T001-QH-150"), ("米白500的有货么", (), "T033-MB-500"), ("靛蓝XL有货吗", (), "T045-LAN-XL"), ("大号石茶盘有吗", ("石茶盘",), "T026-L"),
        ("EU plug kettle in stock?", ("kettle",), "T029-EU-BL"), ("青花200毫升盖碗有吗", ("盖碗",), "T001-QH-200"),
    ],
)  # fmt: skip
def test_options_tell_which_article_is_meant(
    tea: Counter, text: str, named: tuple[str, ...], sku: str
) -> None:
    assert {f.about for f in tea.ask(text, "stock", product=named).facts} == {sku}


def test_a_kind_is_the_article_that_is_looked_at(tea: Counter) -> None:
    found = facts(
        tea.ask("Is this gaiwan dishwasher safe?", "product_info", product="gaiwan", item="T001", lang="en")
    )
    assert "gentle" in found["product.dishwasher"].en
    other = facts(tea.ask("纯钛三件套多重", "product_info", product="纯钛三件套", item="T001"))
    assert other["product.title"].about != "T001"


def test_another_colour_replaces_the_one_said_before(tea: Counter) -> None:
    found = tea.ask("白的呢", "stock", color="黑", memory=replace(Memory(), item="T029"))
    assert "T029-CN-WH" in {f.about for f in found.facts}


def test_a_kind_whose_articles_agree_is_answered_at_once(tea: Counter) -> None:
    found = tea.ask("紫砂壶能进洗碗机吗", "product_info", product="紫砂壶")
    assert facts(found)["product.dishwasher"].value == "不可以"
    assert not found.needs


def test_a_thing_used_on_a_kind_is_the_article(tea: Counter) -> None:
    said = " ".join(f.zh for f in tea.ask("除垢剂紫砂壶能用吗", "product_info", product="紫砂壶").facts)
    assert "紫砂、铁壶不能用" in said


def test_a_country_that_is_named_is_where_it_is_looked_for(tea: Counter) -> None:
    there = facts(tea.ask("XXL dress for Germany?", "stock", product="dress", size="XXL", lang="en"))
    assert "not in stock" in next(iter(there.values())).en
    assert "stock.available" in facts(tea.ask("裙子XXL有货吗", "stock", product="长裙", size="XXL"))


def test_a_sale_says_its_last_day_over_several_variants(tea: Counter) -> None:
    until = facts(tea.ask("青花盖碗的活动价到几号结束", "price", product="青花盖碗"))["price.until"]
    assert until.must
    assert "11月14日" in until.zh


def test_a_field_of_the_article_in_focus_is_told(tea: Counter) -> None:
    assert facts(tea.ask("几岁能用", "product_info", item="T023"))["product.suited_to"].must


def test_a_product_without_words_or_options_scores_nothing() -> None:
    assert stated.score("有货吗", Product("P1", "小茶杯", "Small Cup"), ()) == 0


@pytest.mark.parametrize(
    ("text", "taken_for", "named", "intent"),
    [
        ("大号石茶盘有吗", "product_info", "石茶盘", "stock"), ("春节款礼盒是预售吗", "coupon", "礼盒", "stock"),
        ("青花盖碗的活动价到几号结束", "coupon", "青花盖碗", "price"),
    ],
)  # fmt: skip
def test_what_is_asked_of_an_article_is_answered_whatever_it_was_taken_for(
    tea: Counter, text: str, taken_for: str, named: str, intent: str
) -> None:
    found = tea.ask(text, taken_for, product=named)
    assert (found.intent.value, bool(found.facts)) == (intent, True)


def test_what_the_description_says_under_a_condition_is_told(tea: Counter) -> None:
    said = " ".join(f.zh for f in tea.ask("儿童杯可以装开水吗", "product_info", product="儿童杯").facts)
    assert "不要倒沸水" in said
