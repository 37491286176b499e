"""What words leave open, settled by how the order stands; and which variant, amount or request is spoken of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from counter import Counter, facts, words

from mingbai.shop.skills.address_said import corrected
from mingbai.values.turn import Evidence, Guess, Intent


def _open(tea: Counter, order_no: str, text: str, **shares: float) -> Evidence:
    """Asked in words that no rule knows, with what the examples make of them."""
    turn = tea.turn(text, *shares, customer=_owner(tea, order_no), order=order_no, by="examples", unsure=True)
    assert turn.understood is not None
    given = tuple(Guess(Intent(name), p, "examples") for name, p in shares.items())
    (found,) = tea.grounder.ground(replace(turn, understood=replace(turn.understood, shares=given)))
    return found


def _owner(tea: Counter, order_no: str) -> str:
    from mingbai.values.records import Order

    row = tea.records.get(tea.shop, Order, order_no)
    assert row is not None
    assert isinstance(row.record, Order)
    return row.record.customer_id


def test_what_has_not_left_is_changed_and_not_damaged(tea: Counter) -> None:
    found = _open(tea, "MB20251111-0117", "本来要三个的写成一个了", damaged_or_missing=0.8, modify_order=0.12)
    assert found.intent is Intent.MODIFY_ORDER


def test_a_request_is_asked_after(tea: Counter) -> None:
    found = _open(tea, "MB20251029-0133", "那笔怎么说", price=0.4, refund_status=0.3, stock=0.2)
    assert found.intent is Intent.REFUND_STATUS
    assert "¥89.00" in words(found)


def test_the_shop_s_habits_are_not_the_order_s(tea: Counter) -> None:
    found = _open(tea, "MB20251111-0117", "你们一般怎么寄", delivery_time=0.5, modify_order=0.4)
    assert found.intent is not Intent.MODIFY_ORDER


@pytest.mark.parametrize(
    ("order_no", "text", "lang", "said"),
    [
        ("MB20251111-0147", "上衣颜色点错了，青灰的别发，要月白", "zh-Hans", "月白 L"),
        ("MB20251111-0147", "the jacket in moon white please, not blue-grey", "en", "Moon white, L"),
    ],
)
def test_another_variant_is_wished_in_the_article_s_own_words(
    tea: Counter, order_no: str, text: str, lang: str, said: str
) -> None:
    found = tea.own(order_no, text, "modify_order", lang=lang)
    assert found.proposal is not None
    assert said in (found.proposal.zh if lang != "en" else found.proposal.en)


def test_what_is_no_variant_is_done_by_a_person(tea: Counter) -> None:
    found = tea.own("MB20251111-0117", "hold it until next week", "modify_order", lang="en")
    assert found.handoff
    assert not found.needs


def test_money_wished_back_before_dispatch_cancels(tea: Counter) -> None:
    found = tea.own("MB20251111-0117", "不要了，退掉吧", "refund_status")
    assert found.proposal is not None
    assert found.proposal.skill == "cancel_order"


def test_too_big_and_here_is_an_exchange(tea: Counter) -> None:
    found = tea.own("MB20251107-0119", "裙子太大了", "size_advice")
    assert found.intent is Intent.EXCHANGE


def test_what_was_paid_is_told_with_what_came_off(tea: Counter) -> None:
    found = tea.own("MB20251109-0169", "how much did I pay in the end", "price", lang="en")
    assert facts(found)["order.paid"].must
    assert facts(found)["order.discount"].must


def test_engraved_is_made_to_order_whatever_the_article_is(tea: Counter) -> None:
    found = tea.own("MB20251031-0105", "敬茶杯能退吗", "return_right")
    assert "定制" in words(found)


@pytest.mark.parametrize(("before", "text", "after"), [
    ("张家界永定区子午路88号天门小区3栋", "错了错了 是5栋", "张家界永定区子午路88号天门小区5栋"),
    ("Brühl 33, 04109 Leipzig", "sorry, make it Brühl 30", "Brühl 30, 04109 Leipzig"),
    ("Brühl 3, 04109 Leipzig", "3 should be 30, the rest is correct", "Brühl 30, 04109 Leipzig"),
    ("子午路88号3栋", "5栋7号", ""),  # two parts at once are a new address
    ("子午路88号", "我要两个", ""),
])  # fmt: skip
def test_one_part_of_an_address_is_mended(before: str, text: str, after: str) -> None:
    assert corrected(before, text) == after
