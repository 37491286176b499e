"""Several questions about one matter, what an article looked at is meant by, and what pages say of carriers and other shops."""

from __future__ import annotations

from dataclasses import replace

import pytest
from counter import Counter, facts, words

from mingbai.values.records import Order, OrderState
from mingbai.values.turn import Evidence, Intent, Memory, Slots, Turn


def by_part(tea: Counter, turn: Turn, *asks: str) -> Evidence:
    """The one matter of the turn, with its questions told apart."""
    understood = turn.understood
    assert understood is not None
    guesses = (replace(understood.intents[0], asks=asks),)
    (found,) = tea.grounder.ground(replace(turn, understood=replace(understood, intents=guesses)))
    return found


def test_each_question_about_one_matter_has_its_answer(tea: Counter) -> None:
    turn = tea.turn("运费险赔多少，退货寄到哪", "return_right")
    said = words(by_part(tea, turn, "运费险赔多少", "退货寄到哪"))
    assert "8–15 元" in said
    assert "仓前路 18 号" in said


def test_of_two_places_and_a_tax_neither_is_left_out(tea: Counter) -> None:
    turn = tea.turn(
        "how long does shipping to Berlin take and do I pay customs",
        "delivery_time",
        lang="en",
        city="Berlin",
    )
    said = words(by_part(tea, turn, "how long does shipping to Berlin take", "and do I pay customs"))
    assert "1–3 working days" in said
    assert "need no customs" in said


@pytest.mark.parametrize("said", ["你们发什么快递", "能发顺丰吗", "which carrier do you use"])
def test_which_carrier_is_what_the_page_says_of_carriers(tea: Counter, said: str) -> None:
    found = tea.ask(said, "delivery_time", lang="en" if said.isascii() else "zh-Hans")
    assert "中通" in words(found)
    assert "DHL" in words(found)


@pytest.mark.parametrize("said", ["京东比你们便宜，补差不", "amazon is cheaper. price match?"])
def test_another_shop_s_price_is_no_drop(tea: Counter, said: str) -> None:
    found = tea.ask(said, "price_protection", lang="en" if said.isascii() else "zh-Hans")
    assert "other shops and platforms do not count" in words(found)
    assert not found.needs


def test_a_table_on_another_matter_is_no_answer(tea: Counter) -> None:
    asked = "The price dropped right after I bought it. Can you refund the difference?"
    found = tea.ask(asked, "price_protection", lang="en")
    assert "merge, split parcels" not in words(found)


def test_what_is_not_sent_abroad_is_said_of_the_article(tea: Counter) -> None:
    found = tea.ask("电陶炉能寄到德国吗", "delivery_time", city="德国")
    assert "不发海外" in words(found)
    assert "delivery.days" not in facts(found)
    sent = tea.ask("盖碗能寄到德国吗", "delivery_time", city="德国", product="盖碗")
    assert "delivery.days" in facts(sent)


def test_the_article_on_the_page_is_meant_where_another_fits_no_better(tea: Counter) -> None:
    asked = {"item": "T029-CN-WH", "product": "壶", "color": "白色"}
    found = tea.ask("白色细嘴壶没了？等几天", "stock", **asked)
    assert facts(found)["stock.restock"].about.startswith("T029")


def test_another_option_takes_the_place_of_the_one_said_before(tea: Counter) -> None:
    before = Memory(intent=Intent.PRICE, item="T007", slots=Slots(size=("150 ml",)))
    turn = tea.turn("and the 220?", "price", memory=before, by="memory", lang="en")
    (found,) = tea.grounder.ground(turn)
    assert "220 ml" in words(found)
    assert "150 ml" not in words(found)


def test_abroad_every_version_has_its_prices_there(tea: Counter) -> None:
    found = tea.ask("how much is the xishi teapot", "price", product="xishi teapot", lang="en")
    assert "€79.00" in facts(found)["price.abroad_each"].en


def test_a_pack_of_seven_is_bought_once(tea: Counter) -> None:
    found = tea.ask("整提七饼拿下，满减券全用上，掏多少", "coupon", item="T048-T-7", quantity=7)
    assert "¥1008.00" in facts(found)["coupon.final"].zh


def test_what_becomes_of_an_order_that_is_not_paid(tea: Counter) -> None:
    unpaid = next(
        o for o in tea.all(Order) if o.state is OrderState.UNPAID and not dict(o.extra).get("stage")
    )
    found = tea.own(unpaid.order_no, "没付款的我就晾着不理，会咋样", "product_info")
    assert found.intent is Intent.WHERE_IS_ORDER
    assert "24 小时不付款自动关闭" in words(found)


def test_who_signed_is_told_by_the_last_scan(tea: Counter) -> None:
    found = tea.own("MB20251106-0121", "签收人写的谁，是不是放柜子了", "damaged_or_missing")
    assert found.intent is Intent.WHERE_IS_ORDER
    assert not found.handoff


def test_a_special_invoice_needs_what_a_company_s_does_and_more(tea: Counter) -> None:
    said = words(tea.ask("专票要报哪些资料", "invoice"))
    assert "统一社会信用代码" in said
    assert "开户行" in said


def test_what_is_to_be_brewed_in_it_is_not_what_is_asked_about(tea: Counter) -> None:
    found = tea.ask("泡绿茶合适吗", "product_info", item="T007-ZN-150", product="绿茶")
    assert "product.suited_to" in facts(found)
    assert facts(found)["product.suited_to"].about.startswith("T007")


def test_years_are_no_capacity(tea: Counter) -> None:
    assert "容量" not in words(tea.ask("能存多少年", "product_info", item="T048-T-7"))


def test_a_sum_is_reckoned_of_the_whole_message(tea: Counter) -> None:
    turn = tea.turn("399整能减多少 算下来给多少钱", "coupon")
    found = by_part(tea, turn, "399整能减多少", "算下来给多少钱")
    assert "¥309.00" in facts(found)["coupon.final"].zh
