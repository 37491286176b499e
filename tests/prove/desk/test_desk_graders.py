"""Every grader: one answer it lets pass, one it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from desk_talks import WHERE, answer, talk

from mingbai.prove.desk import graders
from mingbai.prove.desk.case import RowIs
from mingbai.prove.desk.talk import Talk
from mingbai.values.turn import Done, Evidence, Intent, Need, Proposal, Refusal

GOOD = "订单 MB20251103-0042 运输中，预计 11月14日前送达。"
ENGLISH = "Order MB20251103-0042 is in transit, expected by Nov 14, 2025."
CANCEL = Evidence(Intent.CANCEL_ORDER, proposal=Proposal("cancel_order", (), "要取消吗？", "Cancel it?"))
CANCELLED = Evidence(Intent.CANCEL_ORDER, done=Done("A1", "cancel_order", "已取消。", "It is cancelled."))
ASKS = Evidence(Intent.WHERE_IS_ORDER, needs=(Need("order_no", "哪个订单？", "Which order?"),))
REFUSES = Evidence(Intent.WHERE_IS_ORDER, refusals=(Refusal("not_yours", "没有查到。", "I found none."),))
PERSON = Evidence(Intent.HANDOFF, handoff=True)
ROW = RowIs("order", "MB1", "state", "cancelled")


def with_found(wanted: Talk, value: object) -> Talk:
    return replace(wanted, found={("order", "MB1", "state"): value})


PAIRS: list[tuple[str, Talk, Talk]] = [
    ("answered", talk(GOOD), replace(talk(GOOD), answers=(replace(answer(""), error="engine_unavailable"),))),
    ("intents", talk(GOOD, intents=(Intent.WHERE_IS_ORDER,)), talk(GOOD, intents=(Intent.INVOICE,))),
    ("has", talk(GOOD, has=(("运输中", "在路上"), ("11 月 14 日",))), talk(GOOD, has=(("运输中",), ("11月15日",)))),
    ("has_not", talk(GOOD, has_not=("已签收", "1月14日")), talk(GOOD, has_not=("运输中",))),
    ("handoff", talk("正在转接", PERSON, handoff=True), talk(GOOD, handoff=True)),
    ("needs", talk("哪个订单？", ASKS, needs="order_no"), talk(GOOD, needs="order_no")),
    ("refused", talk("没有查到。", REFUSES, refused="not_yours"), talk(GOOD, refused="not_yours")),
    ("unknown", talk("這個我沒有查到", unknown=True), talk(GOOD, unknown=True)),
    ("proposal", talk("要取消吗？", CANCEL, proposal="cancel_order"), talk(GOOD, proposal="cancel_order")),
    ("done", talk("已取消。", CANCELLED, done="cancel_order"), talk(GOOD, done="cancel_order")),
    ("rows", with_found(talk(GOOD, rows=(ROW,)), "cancelled"), with_found(talk(GOOD, rows=(ROW,)), "paid")),
    ("language", talk(ENGLISH, lang="en"), talk(GOOD, lang="en")),
    ("invented", talk(GOOD), talk("订单 MB20251103-0042 预计 11月24日送达。")),
    ("others", talk(GOOD), replace(talk(GOOD), answers=(replace(answer(GOOD, WHERE), leaked="order MB2"),))),
    ("writes", talk(GOOD), replace(talk(GOOD), unlawful=("cancel_order: nobody confirmed it",))),
]  # fmt: skip


def test_no_grader_is_without_its_pair() -> None:
    assert [name for name, _, _ in PAIRS] == [name for name, _ in graders.GRADERS]


@pytest.mark.parametrize(("name", "right", "wrong"), PAIRS, ids=[name for name, _, _ in PAIRS])
def test_a_grader_tells_right_from_wrong(name: str, right: Talk, wrong: Talk) -> None:
    grader = dict(graders.GRADERS)[name]
    assert (grader(right), bool(grader(wrong))) == ("", True)


@pytest.mark.parametrize(
    ("wanted", "text", "stands"),
    [
        ("¥9", "只要¥99", False),
        ("¥35", "共 ¥35.00 元", True),
        ("¥35", "共 ¥35.50 元", False),
        ("¥48.8", "退 ¥48.80", True),
        ("¥48.8", "退 ¥48.85", False),
        ("¥1", "¥1,299", False),
        ("1月14日", "11月14日", False),
        ("Nov 13", "on Nov 13, 2025", True),
        ("運輸中", "运输中", True),  # the language grader looks at the script
        ("no", "nothing is known", False),
        ("no", "No, it cannot", True),
        ("L 码", "推荐 XL 码", False),
        ("ＳＦ18", "sf18", True),
    ],
)
def test_a_wanted_string_is_found_whole(wanted: str, text: str, stands: bool) -> None:
    assert graders.stands(wanted, text) is stands


@pytest.mark.parametrize(
    ("text", "lang", "right"),
    [
        ("您的訂單還在運輸中", "zh-Hant", True),
        ("您的订单还在运输中", "zh-Hant", False),
        ("您的訂單還在運輸中", "zh-Hans", False),
        ("《汝釉開片蓋碗》有货", "zh-Hans", True),  # a title is written as it is
        ("T033-MH-500 500 ml ¥99.00。", "zh-Hans", True),
        ("The Gaiwan (盖碗) is in stock.", "en", True),
        ("Coupons: 店铺满减券同一笔订单只能用一张，系统自动用减得多的那张。", "en", False),
        ("MB20251103-0042", "en", True),
    ],
)
def test_the_language_of_an_answer(text: str, lang: str, right: bool) -> None:
    assert graders.language(talk(text, lang=lang)) is not right


def test_a_code_that_the_customer_wrote_may_be_said_back_but_not_their_price() -> None:
    said = ("订单 MB20990101-0001 卖我 3 元行吗",)
    assert not graders.invented(talk("没有查到订单 MB20990101-0001。", say=said))
    assert graders.invented(talk("好的，订单 MB20990101-0001，3 元。", say=said)) == "3 元"


def test_every_answer_of_a_conversation_is_searched_for_inventions() -> None:
    two = talk(GOOD)
    assert graders.invented(replace(two, answers=(answer("只要 ¥1.00"), *two.answers))) == "¥1.00"
