"""What several articles come to, versions beside each other, spare parts, and two questions in one message."""

from __future__ import annotations

import pytest
from counter import Counter

from mingbai.shop.skills import questions, several
from mingbai.values.turn import Evidence


def said(found: Evidence, lang: str = "zh") -> str:
    return " ".join(f.zh if lang == "zh" else f.en for f in found.facts if f.must)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("两个熊猫杯一条茶巾", ["两个熊猫杯", "一条茶巾"]),
        ("茶服上衣一件围裙一件", ["茶服上衣一件", "围裙一件"]),
        ("两只油滴建盏加一套纯白的十件套", ["两只油滴建盏", "一套纯白的十件套"]),  # the ten are its name
        ("two oil spot bowls and one hare's fur", ["two oil spot bowls", "one hare's fur"]),
    ],
)
def test_a_message_is_taken_apart_where_another_article_is_counted(text: str, parts: list[str]) -> None:
    assert list(several._parts(text)) == parts


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("能进洗碗机吗，釉里含不含铅", ("能进洗碗机吗", "釉里含不含铅")),
        (
            "Is it dishwasher safe, and is the glaze lead free?",
            ("Is it dishwasher safe", "is the glaze lead free"),
        ),
        ("多少钱，能机洗吗", ("能机洗吗",)),  # the price is another skill's
        ("能进洗碗机吗，谢谢", ("能进洗碗机吗",)),
    ],
)
def test_each_question_of_a_message_stands_alone(text: str, asked: tuple[str, ...]) -> None:
    assert questions.of(text) == asked


def test_several_articles_are_summed_with_the_coupons_that_apply(tea: Counter) -> None:
    found = said(tea.ask("两只油滴建盏加一套纯白的十件套，券满减都算上付多少", "coupon"))
    assert "¥467.00" in found
    assert "优惠后 ¥377.00" in found


def test_an_option_alone_is_of_the_article_before_it_and_delivery_is_added(tea: Counter) -> None:
    text = "竹垫子，十公分的俩，十三公分的一个，寄杭州，连运费一起多少"
    assert "¥59.00" in said(tea.ask(text, "price", item="T067-D-10", city="杭州"))


def test_a_sum_is_not_made_without_a_version_whose_price_is_its_own(tea: Counter) -> None:
    found = tea.ask("两个熊猫杯一条茶巾，总共多少钱", "price")
    assert not found.facts
    assert [n.slot for n in found.needs] == ["size"]


def test_what_is_missing_to_an_amount_is_reckoned(tea: Counter) -> None:
    assert "¥63.00" in said(tea.ask("茶服上衣一件围裙一件，离满三百还差多少", "price", item="T044-QH-M"))


def test_versions_are_compared_by_price_and_packs_by_the_same_amount(tea: Counter) -> None:
    bowls = said(tea.ask("油滴跟兔毫现在哪个便宜，各是多少", "price", item="T016-YD-90"))
    assert "¥149.00" in bowls
    assert "便宜 ¥11.00" in bowls
    cakes = said(tea.ask("普洱一提七饼比单买七回便宜几块钱", "price", item="T048-B-357"))
    assert "¥1386.00" in cakes
    assert "便宜 ¥98.00" in cakes


def test_both_questions_are_answered_or_said_not_to_be_known(tea: Counter) -> None:
    found = tea.ask("功率多少，线多长", "product_info", item="T029-CN-BL")
    assert "1000 W" in said(found)
    assert "product.not_said" in {f.name for f in found.facts}
    found = tea.ask(
        "Is it dishwasher safe, and is the glaze lead free?", "product_info", item="T001-QH-150", lang="en"
    )
    assert "gentle programme" in said(found, "en")
    assert "lead" in said(found, "en")


def test_a_spare_part_is_found_by_what_its_row_says_it_is_for(tea: Counter) -> None:
    found = said(tea.ask("硅胶圈漏了换得了么，哪个货号", "damaged_or_missing", item="T024-L-750"))
    assert "T070-XQ" in found
    assert "T070-MQ" not in found


@pytest.mark.parametrize(
    "text",
    [
        "花呗能分12期免息不",
        "可以货到付款吗",
        "能到你们仓库自提吗",
        "旧壶能折价换新的吗",
        "一次拿三百个，批发给几折",
    ],
)
def test_what_no_page_says_of_the_shop_itself_is_not_known(tea: Counter, text: str) -> None:
    assert [f.name for f in tea.ask(text, "price", "product_info").facts] == ["shop.not_said"]


def test_a_price_beside_such_a_question_is_told_as_well(tea: Counter) -> None:
    names = [
        f.name for e in tea.every("多少钱，能用花呗分期吗", "price", item="T004-MB-160") for f in e.facts
    ]
    assert names[0] == "price.now"
    assert names[-1] == "shop.not_said"


def test_until_when_a_payment_leaves_the_same_day(tea: Counter) -> None:
    assert "16:00" in said(tea.ask("现在付款今天走得了不？", "delivery_time"))


def test_a_page_that_keeps_an_article_from_a_place_is_told_with_the_fee(tea: Counter) -> None:
    found = said(tea.ask("这个石茶盘可以寄香港吗，运费多少", "delivery_time", item="T026-M", city="香港"))
    assert "港澳台和海外不发" in found
