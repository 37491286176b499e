"""What is asked of the shop itself stands alone only where nothing else is asked: an order question that has its words is
answered as what it is; and a claim is no question for a spare part or for a colour.
"""

from __future__ import annotations

import pytest
from counter import Counter

from mingbai.values.turn import Intent

ORDER = "MB20251103-0042"


def names(tea: Counter, text: str, intent: str, **more: str) -> set[str]:
    return {f.name for found in tea.every(text, intent, **more) for f in found.facts}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        (f"直播间下的单{ORDER}到哪了？", "where_is_order"),
        ("直播间买的茶壶什么时候发货？", "delivery_time"),
        ("主播说的赠品什么时候寄？", "delivery_time"),
        ("我用微信支付的订单什么时候发货？", "delivery_time"),
        ("我用支付宝付的款什么时候发货？", "delivery_time"),
        ("我用花呗付的，什么时候发货？", "delivery_time"),
        ("收到的现金券怎么用？", "coupon"),
        ("微信群里的优惠券怎么用", "coupon"),
        (f"can you take a look and check where my order {ORDER} is?", "where_is_order"),
        ("how long does it take to check my order?", "where_is_order"),
        ("could support check my order status?", "where_is_order"),
        ("can I get it from your shop by Friday?", "delivery_time"),
        ("我上你们店里买的杯子什么时候到？", "delivery_time"),
        ("how much is the teapot you posted on instagram?", "price"),
        ("微信群里说的那款茶壶多少钱", "price"),
        ("can I use the newsletter coupon?", "coupon"),
        ("do you have the cup from the live stream in stock?", "stock"),
        ("直播间的茶壶有货吗", "stock"),
        ("why was I charged 2 payments?", "price"),
        ("I paid with Klarna, when does it ship?", "delivery_time"),
        ("my payment by credit card was declined", "product_info"),
        ("怎么找客服？", "product_info"),
        ("花呗付的那单能取消吗", "cancel_order"),
        ("福袋里的杯子能进微波炉吗", "product_info"),
        ("你们刻字要做多久", "product_info"),
        ("团购的那批杯子什么时候发", "where_is_order"),
        ("can you drop in a gift card?", "product_info"),
    ],
)
@pytest.mark.parametrize("by", ["rule", "examples"])
def test_an_order_question_with_a_word_of_such_a_matter_is_no_question_of_it(
    tea: Counter, text: str, intent: str, by: str
) -> None:
    order_no = {"order_no": ORDER} if ORDER in text else {}
    assert "shop.not_said" not in names(tea, text, intent, by=by, **order_no)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("你们今晚几点开播啊，主播说直播间有福袋", "product_info"),
        ("请问你们有没有直播", "stock"),
        ("直播几点", "product_info"),
        ("能用支付宝吗", "product_info"),
        ("LINE Pay 收吗", "price"),
        ("收现金吗", "invoice"),
        ("can I pay with paypal?", "product_info"),
        ("can I check out with paypal?", "product_info"),
        ("do you accept checks?", "product_info"),
        ("can I pay in 3 payments?", "price"),
        ("do you have an instagram account?", "product_info"),
        ("are you on facebook?", "product_info"),
        ("do you have a newsletter?", "stock"),
        ("when is your next live stream?", "delivery_time"),
        ("什么时候能到你们仓库自提", "delivery_time"),
        ("批发多少钱", "price"),
        ("招不招客服啊", "product_info"),
        ("你们店开了几年", "product_info"),
    ],
)
def test_what_is_asked_of_the_shop_itself_still_is(tea: Counter, text: str, intent: str) -> None:
    assert names(tea, text, intent) == {"shop.not_said"}


def test_it_is_asked_beside_an_order_too_unless_a_rule_found_the_order_asked_of(tea: Counter) -> None:
    assert "shop.not_said" in names(tea, "可以货到付款吗", "product_info", order=ORDER)
    assert "shop.not_said" not in names(tea, "这个分期付的能改颜色吗", "modify_order", order=ORDER)


@pytest.mark.parametrize("intent", ["damaged_or_missing", "exchange", "warranty"])
@pytest.mark.parametrize("where", [{"order": ORDER}, {"item": "T024-L-750"}])
def test_what_came_broken_is_a_claim_and_sells_no_part(
    tea: Counter, intent: str, where: dict[str, str]
) -> None:
    found = tea.ask("收到硅胶圈就裂了，能换一个新的圈吗", intent, **where)
    assert found.intent in (Intent.DAMAGED_OR_MISSING, Intent.EXCHANGE)
    assert not any(f.name == "product.spare" or "T070-XQ" in f.zh for f in found.facts)


def test_what_wore_out_is_a_claim_with_the_part_told_second(tea: Counter) -> None:
    found = tea.ask("硅胶圈老化了，能换个新圈吗", "exchange", item="T024-L-750")
    assert found.intent is Intent.EXCHANGE
    assert found.facts[0].name != "product.spare"
    assert found.facts[-1].value == "T070-XQ"


def test_a_claim_in_english_is_heard_as_one_where_nothing_is_sure(tea: Counter) -> None:
    for text in (
        "the lid arrived broken, can you send a replacement?",
        "The cup I received is different from the picture",
    ):
        found = tea.ask(
            text, "warranty", "damaged_or_missing", by="examples", unsure=True, item="T024-L-750", lang="en"
        )
        assert found.intent is Intent.DAMAGED_OR_MISSING


@pytest.mark.parametrize(
    ("text", "intent", "answered"),
    [
        ("青花杯收到跟图片颜色不同", "damaged_or_missing", Intent.DAMAGED_OR_MISSING),
        ("青花杯收到跟图片颜色不同，能换吗", "exchange", Intent.EXCHANGE),
        ("收到的杯子和图片有差别", "product_info", Intent.DAMAGED_OR_MISSING),
        ("收到的杯子跟图片颜色会不会不同", "product_info", Intent.PRODUCT_INFO),
        ("油滴、兔毫到底有什么区别", "product_info", Intent.PRODUCT_INFO),
    ],
)
def test_other_than_the_picture_is_a_complaint_and_no_comparison(
    tea: Counter, text: str, intent: str, answered: Intent
) -> None:
    assert tea.ask(text, intent).intent is answered
