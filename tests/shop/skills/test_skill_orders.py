"""What an owner wants said of an order: the rule, until when, who pays, the amount, the next step."""

from __future__ import annotations

import pytest
from counter import Counter, facts, words

from mingbai.shop.skills import asks, excepted, house
from mingbai.shop.skills.address_said import corrected
from mingbai.values.turn import Memory, Proposal


def test_an_order_on_its_way_is_refused_at_the_door_or_sent_back(tea: Counter) -> None:
    found = tea.own("MB20251110-0145", "还能取消吗，拒收要扣钱不", "cancel_order")
    assert found.refusals
    assert found.proposal is None
    assert "拒收或收到后退货" in words(found)
    assert "10 元从退款里扣" in words(found)


def test_a_cancelled_order_says_when_the_money_is_back(tea: Counter) -> None:
    found = tea.own("MB20251112-0208", "不要了取消", "cancel_order")
    assert found.proposal is not None
    assert "¥147.90" in found.proposal.zh
    assert "当天退款" in words(found)


def test_an_unpaid_order_closes_by_itself(tea: Counter) -> None:
    found = tea.own("MB20251112-0211", "不要了，要我做什么吗", "cancel_order")
    assert found.proposal is not None
    assert "不用退款" in found.proposal.zh
    assert "自动关闭" in words(found)


def test_an_exchange_before_dispatch_is_a_change(tea: Counter) -> None:
    found = tea.own("MB20251111-0147", "L的长裙换成S", "exchange", size=("L", "S"))
    assert found.proposal is not None
    assert found.proposal.skill == "modify_order"


def test_a_smaller_size_is_the_next_one_and_never_the_same(tea: Counter) -> None:
    found = tea.own("MB20251107-0119", "裙子大了，换小一号", "exchange")
    assert found.proposal is not None
    assert "S" in found.proposal.zh
    assert {"return.no_reason_until", "page.exchange"} <= set(facts(found))


def test_another_model_is_returned_and_ordered_again(tea: Counter) -> None:
    found = tea.own("MB20251105-0106", "干泡台不要了，换成竹制储水茶盘", "exchange")
    assert found.proposal is None
    assert "重新下单" in words(found)


@pytest.mark.parametrize(("text", "said"), [
    ("泡过两次了还能退吗", "不算完好"), ("吊牌剪了能退吗", "不算完好"), ("没泡过，能退吗", "还在期限内"), ("赠品要一起退吗", "赠品要一起退回"),
])  # fmt: skip
def test_what_was_done_to_it_decides(tea: Counter, text: str, said: str) -> None:
    found = tea.own("MB20251107-0108", text, "return_right")
    assert said in " ".join(f.zh for f in found.facts if f.must)


def test_jasmine_is_not_told_what_holds_for_longjing(tea: Counter) -> None:
    found = tea.own("MB20251105-0130", "茶能退吗", "return_right")
    assert "不管拆没拆" not in words(found)
    assert "没拆封" in words(found)


def test_why_less_came_back(tea: Counter) -> None:
    found = tea.own("2837882733498276389", "为什么少退我10块", "refund_status")
    assert "¥174.90" in words(found)
    assert "差额 ¥10.00" in words(found)
    assert "拒收" in words(found)


def test_an_agreed_return_says_where_to_and_until_when(tea: Counter) -> None:
    found = tea.own("2815913743353144658", "寄到哪里", "start_return")
    assert "良渚街道" in words(found)
    assert "7 天内寄出" in words(found)
    assert "保险公司为准" in words(found)


def test_a_withdrawal_is_paid_back_within_14_days_of_the_notice(tea: Counter) -> None:
    found = tea.own("MB20251101-0115", "when do I get my money?", "refund_status", lang="en")
    assert "Nov 22, 2025" in facts(found)["refund.due"].en


def test_the_way_of_paying_is_answered_without_an_order(tea: Counter) -> None:
    found = tea.ask("信用卡付的退款要多久", "refund_status")
    assert "3–10 个工作日" in words(found)
    assert not found.needs


def test_damage_says_until_when_and_what_is_done(tea: Counter) -> None:
    found = tea.own("MB20251108-0122", "收到碎了", "damaged_or_missing")
    assert found.handoff
    assert "补发或退款" in words(found)
    assert "11月13日 16:52" in words(found)


def test_an_invoice_that_was_wrong_and_one_asked_late(tea: Counter) -> None:
    again = tea.own("MB20250925-0108", "抬头写错了，重开", "invoice")
    assert "11月1日" in facts(again)["invoice.redo_until"].zh
    late = tea.own("MB20250419-0104", "补一张发票", "invoice")
    assert "已经过了" in facts(late)["invoice.ask_until"].zh


@pytest.mark.parametrize(("before", "text", "after"), [
    ("长沙市岳麓区麓山南路8号", "18号不是8号", "长沙市岳麓区麓山南路18号"), ("Gartenweg 3, 50677 Koeln", "sorry number 33, not 3", "Gartenweg 33, 50677 Koeln"),
    ("中山路8号8楼", "18号不是8号", ""),  # twice there: which of them is not known
])  # fmt: skip
def test_a_number_in_the_address_is_corrected(before: str, text: str, after: str) -> None:
    assert corrected(before, text) == after


def test_the_corrected_address_is_proposed_anew(tea: Counter) -> None:
    waiting = Proposal("change_address", (("address", "湖南省长沙市岳麓区麓山南路8号"),), "", "")
    memory = Memory(order="MB20251111-0167", proposal=waiting)
    found = tea.own("MB20251111-0167", "18号不是8号", "damaged_or_missing", memory=memory)
    assert found.proposal is not None
    assert "麓山南路18号" in found.proposal.zh


def test_the_other_order_is_not_the_one_in_focus(tea: Counter) -> None:
    memory = Memory(order="MB20251111-0147")
    found = tea.ask("不是这个，是没付钱的那个", "cancel_order", customer="C10073", memory=memory)
    assert found.proposal is not None
    assert "MB20251112-0113" in found.proposal.zh


def test_what_is_changed_by_hand_is_said_back(tea: Counter) -> None:
    found = tea.own("MB20251111-0139", "放张卡片，写「乔迁之喜」", "modify_order")
    assert found.handoff
    assert "乔迁之喜" in words(found)


@pytest.mark.parametrize(
    ("text", "opened"), [("拆了一包", True), ("还没用过", False), ("没打开过", False), ("喝着不喜欢", True)]
)
def test_opened_or_not(text: str, opened: bool) -> None:
    assert bool(excepted.OPENED.search(text)) is opened


def test_sentences_are_paired_by_their_place() -> None:
    zh = "定金：我们违约的，双倍返还；不付尾款的，定金不退。"
    en = "Deposits: if we fail, twice the deposit; without the balance, the deposit is kept."
    assert house._paired(zh, en)[1] == (
        "定金：不付尾款的，定金不退。",
        "Deposits: without the balance, the deposit is kept.",
    )
    assert asks.POSTAGE.search("运费谁出")
    assert not asks.POSTAGE.search("什么时候发")
