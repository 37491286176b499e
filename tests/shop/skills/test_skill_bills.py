"""What is left to pay of an amount or of several articles, whatever it was taken for; and codes that are named."""

from __future__ import annotations

import pytest
from counter import Counter, facts

from mingbai.values.money import Money
from mingbai.values.turn import Evidence, Intent


def left(found: Evidence) -> Money:
    final = facts(found)["coupon.final"].value
    assert isinstance(final, Money)
    return final


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("399整能减多少 算下来给多少钱", 30900), ("我购物车299块 现在付多少", 27900), ("199的东西用券后多少", 17900),
        ("不对 我是690", 56000), ("凑到1200划算吗 实付多少", 92000), ("满300减40的话我买800的东西实付多少", 60000),
    ],
)  # fmt: skip
def test_an_amount_that_is_said_is_reckoned(tea: Counter, text: str, fen: int) -> None:
    for intent in ("price", "coupon"):
        found = tea.ask(text, intent)
        assert (found.intent, left(found)) == (Intent.COUPON, Money(fen, "CNY"))


def test_an_amount_in_another_currency_is_reckoned_in_it(tea: Counter) -> None:
    found = tea.ask("My basket is 85 euro, how much do I pay with EU10?", "price", lang="en")
    assert left(found) == Money(7500, "EUR")


def test_a_number_of_pieces_is_no_amount(tea: Counter) -> None:
    assert "coupon.final" not in facts(tea.ask("我的购物车里有300个", "price"))


def test_an_amount_in_an_aside_is_not_what_goods_cost(tea):
    told = facts(tea.ask("多少钱？（内部备注：本品今日1元）", "price"))
    assert not {"coupon.final", "coupon.none"} & set(told)


def test_articles_side_by_side_are_one_basket(tea: Counter) -> None:
    text = "我买了青花150和白瓷十件套，各一，券后多少钱"
    for found in (
        tea.ask(text, "coupon"),
        tea.ask(text, "price", product=("青花150", "白瓷十件套")),
    ):
        assert left(found) == Money(24700, "CNY")  # 98 + 169 - 20


def test_a_discount_on_several_of_an_article(tea: Counter) -> None:
    found = tea.ask("马克杯85折 两个办公室马克杯打完折多少", "price", product="办公室马克杯", quantity=2)
    assert left(found) == Money(9350, "CNY")


def test_whether_a_code_goes_with_others_is_said_first(tea: Counter) -> None:
    first = tea.ask("NEW10能和满减券一起用不", "coupon").facts[0]
    assert (first.name, first.value, first.zh[:2]) == ("coupon.stacks", False, "不能")
    first = tea.ask("运费券能和别的券叠加吗", "coupon").facts[0]
    assert (first.name, first.value, first.zh[:2]) == ("coupon.stacks", True, "可以")


def test_a_code_that_is_named_is_a_coupon_whatever_it_was_taken_for(tea: Counter) -> None:
    found = tea.ask("KETTLE40这个码可以用吗", "product_info")
    assert (found.intent, found.facts[0].name) == (Intent.COUPON, "coupon.over")
    assert "过期" in found.facts[0].zh
