"""Several questions in one sentence: each clause that asks is heard, and each matter gets its own clauses."""

from __future__ import annotations

import pytest
from understand_shop import intents, turn

from mingbai.turn.understand import Understander, asides


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("盖碗多少钱，寄新疆要几天", ["盖碗多少钱，", "寄新疆要几天"]),
        ("MB20251103-0042到哪了？还有这壶坏了管多久", ["MB20251103-0042到哪了？", "还有这壶坏了管多久"]),
        ("where is it, and who pays the postage", ["where is it", " and who pays the postage"]),
        ("到哪了", []),
        ("收到就碎了，太气人了", []),
    ],
)
def test_only_clauses_that_ask_or_wish_are_parts(said: str, parts: list[str]) -> None:
    assert [clause.said for clause in asides.of(said)] == parts


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("有没有现货，下午拍今天走吗", {"stock", "delivery_time"}),
        ("我嘅貨去到邊，可唔可以改地址", {"where_is_order", "change_address"}),
        ("降价了能补差吗，券还能用不", {"price_protection", "coupon"}),
        ("碎了，给我退钱", {"damaged_or_missing"}),  # the second is about the first
    ],
)
async def test_every_clause_is_heard(understander: Understander, said: str, expected: set[str]) -> None:
    assert set(intents(await understander.understand(turn(said)))) == expected


async def test_each_matter_has_its_own_words(understander: Understander) -> None:
    heard = await understander.understand(turn("建盏走到哪儿了 到手能直接微波炉转一圈不"))
    own = {guess.intent.value: guess.said for guess in heard.intents}
    assert own == {"where_is_order": "建盏走到哪儿了", "product_info": "到手能直接微波炉转一圈不"}


@pytest.mark.parametrize(
    "said",
    ["说好11号到的呢？人呢", "地址改了，人跟电话不动", "东西都上路了才想起来我人在霍尔果斯，能拐个弯不"],
)
async def test_who_is_only_the_customer_is_not_asked_for(understander: Understander, said: str) -> None:
    assert not (await understander.understand(turn(said))).handoff


async def test_questions_about_one_matter_are_told_apart(understander: Understander) -> None:
    heard = await understander.understand(turn("运费险赔多少，退货寄到哪"))
    assert [guess.asks for guess in heard.intents] == [("运费险赔多少", "退货寄到哪")]
    alone = await understander.understand(turn("退货寄到哪"))
    assert alone.intents[0].asks == ()
