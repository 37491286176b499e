"""Writes: proposed in our words, made once when confirmed, within the owner's limits, and taken back."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from counter import CST, NOW, Counter, at, counter_of, facts, line, order, price, product, remembered, variant

from mingbai.shop.skills.actions import Actions
from mingbai.shop.skills.limits import Limit, Limits
from mingbai.values.errors import BadInput, NotFound, SettingsError
from mingbai.values.money import Money
from mingbai.values.records import (
    InvoiceRequest,
    Line,
    Order,
    OrderState,
    Return,
    ReturnState,
    Stock,
)  # fmt: skip
from mingbai.values.turn import Evidence, Intent, Memory, Proposal

ADDRESS = "浙江省嘉兴市桐乡市崇福镇语溪街16号"


def paid(number: str = "1", **more: Any) -> Order:
    return order(number, **{"state": OrderState.PAID, "received_at": None, **more})


def yes(shop: Counter, found: Evidence, customer: str = "C1", **more: Any) -> Evidence:
    return shop.ask("确认", found.intent, customer=customer, memory=remembered(found), confirms=True, **more)


def test_cancel_is_proposed_then_made_once(tmp_path: Path) -> None:
    with counter_of(tmp_path, [paid(), line("1")]) as shop:
        found = shop.own("1", "取消", "cancel_order")
        assert found.proposal is not None
        assert found.proposal.zh == "要取消订单 1，实付 ¥100.00 原路退回。确认的话请回复“确认”。"
        assert shop.order("1").state is OrderState.PAID
        done, again = yes(shop, found), yes(shop, found)
        assert done.done is not None
        assert again.done is not None
        assert done.done.action_no == again.done.action_no == "A20251112-0001"
        assert (shop.order("1").state, shop.order("1").refunded) == (
            OrderState.CANCELLED,
            Money(10000, "CNY"),
        )
        assert len(Actions(shop.records).latest("tiny")) == 1


def test_a_no_changes_nothing(tmp_path: Path) -> None:
    with counter_of(tmp_path, [paid(), line("1")]) as shop:
        found = shop.own("1", "取消", "cancel_order")
        dropped = shop.ask("算了", "cancel_order", customer="C1", memory=remembered(found), confirms=False)
        assert "action.dropped" in facts(dropped)
        assert shop.order("1").state is OrderState.PAID


def test_another_customer_cannot_confirm_it(tmp_path: Path) -> None:
    with counter_of(tmp_path, [paid(), line("1")]) as shop:
        found = shop.own("1", "取消", "cancel_order")
        for customer in ("C2", ""):
            assert yes(shop, found, customer).done is None
        assert shop.order("1").state is OrderState.PAID
        assert yes(shop, found).done is not None
        assert yes(shop, found, "C2").done is None  # nor hear that it was made


def test_a_visitor_confirms_with_the_tail_said_before(tmp_path: Path) -> None:
    with counter_of(tmp_path, [paid(), line("1")]) as shop:
        found = shop.ask("取消 1 尾号 2807", "cancel_order", order_no="1", phone_tail="2807")
        kept = remembered(found, slots=shop.turn("", phone_tail="2807").understood.slots)
        assert shop.ask("确认", "cancel_order", memory=kept, confirms=True).done is not None


def test_what_changed_meanwhile_is_asked_again(tmp_path: Path) -> None:
    with counter_of(tmp_path, [paid(), line("1")]) as shop:
        found = shop.own("1", "取消", "cancel_order")
        shop.take(replace(shop.order("1"), paid=Money(20000, "CNY")))
        again = yes(shop, found)
        assert again.done is None
        assert again.refusals[0].rule == "changed"
        assert again.proposal is not None
        assert "¥200.00" in again.proposal.zh
        shop.take(replace(shop.order("1"), state=OrderState.SHIPPED))
        assert yes(shop, found).refusals[0].rule == "not_allowed"


def test_undo_puts_the_row_back_as_it_was(tmp_path: Path) -> None:
    with counter_of(tmp_path, [paid(), line("1")]) as shop:
        before = shop.records.get("tiny", Order, "1")
        done = yes(shop, shop.own("1", "取消", "cancel_order")).done
        assert done is not None
        actions = Actions(shop.records)
        actions.undo("tiny", done.action_no, "owner", NOW)
        assert shop.records.get("tiny", Order, "1") == before
        with pytest.raises(BadInput, match="已经撤销过了"):
            actions.undo("tiny", done.action_no, "owner", NOW)
        with pytest.raises(NotFound):
            actions.undo("other", done.action_no, "owner", NOW)
        assert (
            yes(shop, shop.own("1", "取消", "cancel_order")).done is not None
        )  # the same wish may be made again


def test_undo_leaves_what_was_changed_since(tmp_path: Path) -> None:
    with counter_of(tmp_path, [paid(), line("1")]) as shop:
        done = yes(shop, shop.own("1", "取消", "cancel_order")).done
        assert done is not None
        shop.take(replace(shop.order("1"), seller_note="已电话联系"))
        with pytest.raises(BadInput, match="又改过"):
            Actions(shop.records).undo("tiny", done.action_no, "owner", NOW)
        assert shop.order("1").state is OrderState.CANCELLED


def test_undo_takes_a_new_row_away(tmp_path: Path) -> None:
    with counter_of(tmp_path, [product(), variant(), order("1"), line("1")]) as shop:
        done = yes(shop, shop.own("1", "我要退货", "start_return")).done
        assert done is not None
        assert len(shop.all(Return)) == 1
        Actions(shop.records).undo("tiny", done.action_no, "owner", NOW)
        assert shop.all(Return) == []


# ---- limits


@pytest.mark.parametrize(("fen", "hour", "proposed"), [
    (30000, 10, True), (30001, 10, False), (15000, 23, True), (15001, 23, False), (15001, 7, False), (30000, 8, True),
])  # fmt: skip
def test_the_owner_s_amount_and_half_of_it_at_night(
    tmp_path: Path, fen: int, hour: int, proposed: bool
) -> None:
    with counter_of(tmp_path, [paid(paid=Money(fen, "CNY")), line("1")]) as shop:
        shop.now = datetime(2025, 11, 12, hour, tzinfo=CST)
        found = shop.own("1", "取消", "cancel_order")
        assert (found.proposal is not None) is proposed
        if not proposed:
            assert found.refusals[0].rule == "over_limit"
            assert found.handoff


def test_a_currency_without_a_limit_is_not_moved(tmp_path: Path) -> None:
    with counter_of(tmp_path, [paid(paid=Money(100, "CHF")), line("1")]) as shop:
        assert shop.own("1", "取消", "cancel_order").refusals[0].rule == "over_limit"


def test_no_more_than_so_many_an_hour(tmp_path: Path) -> None:
    rows = [r for n in range(8) for r in (paid(str(n)), line(str(n)))]
    limits = Limits(customer=Limit((Money(30000, "CNY"),), per_hour=3, shop_per_hour=5))
    with counter_of(tmp_path, rows, limits=limits) as shop:
        found = [yes(shop, shop.own(str(n), "取消", "cancel_order")) for n in range(4)]
        assert [e.done is not None for e in found] == [True, True, True, False]
        assert found[3].refusals[0].rule == "over_limit"
        shop.now = datetime(2025, 11, 12, 11, 1, tzinfo=CST)
        assert yes(shop, shop.own("4", "取消", "cancel_order")).done is not None


def test_a_stale_limit_in_the_proposal_does_not_help(tmp_path: Path) -> None:
    """Proposed under the limit, confirmed at night when it is over it."""
    with counter_of(tmp_path, [paid(paid=Money(20000, "CNY")), line("1")]) as shop:
        found = shop.own("1", "取消", "cancel_order")
        shop.now = datetime(2025, 11, 12, 23, 30, tzinfo=CST)
        assert yes(shop, found).refusals[0].rule == "over_limit"
        assert shop.order("1").state is OrderState.PAID


def test_made_up_proposals_write_nothing_outside_the_rules(tmp_path: Path) -> None:
    """A memory that was forged, a thousand times: only one's own unshipped orders under the limit ever change."""
    rows = [r for n in range(12) for r in (
        order(str(n), state=list(OrderState)[n % 9], received_at=None, customer_id=f"C{n % 3}", paid=Money(n * 7000, "CNY")), line(str(n)),
    )]  # fmt: skip
    dice = random.Random(1)
    with counter_of(
        tmp_path, rows, limits=Limits(customer=Limit((Money(30000, "CNY"),), 10**6, 10**6))
    ) as shop:
        before = {o.order_no: o for o in shop.all(Order)}
        for _ in range(1000):
            skill = dice.choice(
                [
                    "cancel_order",
                    "change_address",
                    "modify_order",
                    "start_return",
                    "exchange",
                    "invoice",
                    "price",
                    "nothing",
                ]
            )
            pairs = [("order_no", str(dice.randrange(14)))] + [("address", ADDRESS)] * (
                skill == "change_address"
            )
            pairs += [("amount", "1")] * (dice.random() < 0.1) + [("seen", dice.choice(["", "0" * 16, "x"]))]
            forged = Proposal(skill, tuple(pairs), "", "")
            customer = f"C{dice.randrange(4)}"
            try:
                shop.ask(
                    "确认",
                    "cancel_order",
                    customer=customer,
                    memory=Memory(proposal=forged, intent=Intent.CANCEL_ORDER),
                    confirms=True,
                )
            except BadInput:
                continue  # an argument that no skill has
        assert {o.order_no: o for o in shop.all(Order)} == before
        assert shop.all(Return) == []
        assert Actions(shop.records).latest("tiny") == []


def test_two_confirmations_at_once_are_one_write(tmp_path: Path) -> None:
    with counter_of(tmp_path, [paid(), line("1")]) as shop:
        found = shop.own("1", "取消", "cancel_order")
        with ThreadPoolExecutor(8) as pool:
            done = [e.done for e in pool.map(lambda _: yes(shop, found), range(8))]
        assert {d.action_no for d in done if d} == {"A20251112-0001"}
        assert len(Actions(shop.records).latest("tiny")) == 1


def test_settings_say_the_limit() -> None:
    assert Limits.set_by("9.99 CNY, 5 EUR", 2).customer == Limit((Money(999, "CNY"), Money(500, "EUR")), 2)
    assert Limits.set_by("", 2).customer == Limit((), 2)  # nothing may be moved
    for wrong in ("9.999 CNY", "CNY 9", "-1 CNY", "many"):
        with pytest.raises(SettingsError):
            Limits.set_by(wrong, 1)


# ---- each write


def test_an_address_is_said_back_and_changed_before_dispatch(tmp_path: Path) -> None:
    with counter_of(tmp_path, [paid(), line("1")]) as shop:
        found = shop.own("1", f"麻烦改到{ADDRESS}，谢谢", "change_address")
        assert found.proposal is not None
        assert ADDRESS in found.proposal.zh
        assert yes(shop, found).done is not None
        assert shop.order("1").address == ADDRESS
        back = shop.own("1", "改到浙江省杭州市西湖区文三路1号2幢301", "change_address")
        assert yes(shop, back).done is not None
        third = shop.own(
            "1", f"还是改到{ADDRESS}", "change_address"
        )  # the same words as the first, another write
        assert yes(shop, third).done is not None
        assert shop.order("1").address == ADDRESS
        assert len(Actions(shop.records).latest("tiny")) == 3


@pytest.mark.parametrize("text", ["麻烦改地址", "改到朝阳区建国路8号", "改到上海市"])
def test_an_address_that_is_not_certain_is_asked(tmp_path: Path, text: str) -> None:
    with counter_of(tmp_path, [paid(), line("1")]) as shop:
        found = shop.own("1", text, "change_address")
        assert found.proposal is None
        assert found.needs[0].slot == "address"


@pytest.mark.parametrize("state", [OrderState.SHIPPED, OrderState.DELIVERED, OrderState.COMPLETED])
@pytest.mark.parametrize("intent", ["change_address", "cancel_order", "modify_order"])
def test_after_dispatch_it_is_too_late(tmp_path: Path, state: OrderState, intent: str) -> None:
    with counter_of(tmp_path, [paid(state=state), line("1")]) as shop:
        found = shop.own("1", f"改到{ADDRESS}", intent, color="蓝")
        assert found.refusals[0].rule == "not_allowed"
        assert found.proposal is None


def test_part_dispatched_goes_to_a_person(tmp_path: Path) -> None:
    with counter_of(tmp_path, [paid(state=OrderState.PART_SHIPPED), line("1")]) as shop:
        assert shop.own("1", "取消", "cancel_order").handoff


def test_a_custom_article_is_cancelled_by_a_person_once_paid(tmp_path: Path) -> None:
    rows = [product(no_reason_return=False, category="定制 > 刻字"), variant(), paid(), line("1")]
    with counter_of(tmp_path, rows) as shop:
        found = shop.own("1", "取消", "cancel_order")
        assert found.handoff
        assert found.proposal is None
        shop.take(replace(shop.order("1"), state=OrderState.UNPAID, paid=None))
        assert shop.own("1", "取消", "cancel_order").proposal is not None


BLUE = variant("P1-B", title_zh="蓝", title_en="Blue", options=(("颜色", "蓝"),))


def colors(fen: int = 10000, on_hand: int = 5) -> list[Any]:
    return [
        product(),
        variant(),
        BLUE,
        price("P1-R", 10000),
        price("P1-B", fen),
        Stock("P1-B", "", on_hand, on_hand > 0),
        paid(),
        line("1"),
    ]


def test_another_color_at_the_same_price(tmp_path: Path) -> None:
    with counter_of(tmp_path, colors()) as shop:
        found = shop.own("1", "颜色换成蓝色", "modify_order", color="蓝色")
        assert found.proposal is not None
        assert yes(shop, found).done is not None
        changed = shop.records.get("tiny", Line, "1", "1")
        assert changed is not None
        assert isinstance(changed.record, Line)
        assert (changed.record.sku, changed.record.options) == ("P1-B", "颜色:蓝")


@pytest.mark.parametrize(("fen", "on_hand"), [(12000, 5), (10000, 0)])
def test_another_price_or_an_empty_shelf_is_not_changed_alone(tmp_path: Path, fen: int, on_hand: int) -> None:
    with counter_of(tmp_path, colors(fen, on_hand)) as shop:
        found = shop.own("1", "颜色换成蓝色", "modify_order", color="蓝色")
        assert found.proposal is None
        assert found.handoff or found.refusals


def test_a_return_is_requested_with_its_amount_and_postage(tmp_path: Path) -> None:
    with counter_of(
        tmp_path,
        [product(), variant(), order("1", freight_insurance=True), line("1", paid=Money(9050, "CNY"))],
    ) as shop:
        found = shop.own("1", "不想要了，退货", "start_return")
        assert found.proposal is not None
        assert "预计退 ¥90.50" in found.proposal.zh
        assert "以保险公司为准" in found.proposal.zh
        assert yes(shop, found).done is not None
        (made,) = shop.all(Return)
        assert (made.state, made.amount, made.postage_by, made.line_no) == (
            ReturnState.REQUESTED,
            Money(9050, "CNY"),
            "insurer",
            "1",
        )
        again = shop.own("1", "退货", "start_return")  # there is one already
        assert again.proposal is None
        assert facts(again)["refund.state"].value == "requested"


def test_after_day_seven_a_return_is_refused_and_a_fault_is_not(tmp_path: Path) -> None:
    with counter_of(tmp_path, [product(), variant(), order("1", received_at=at(11, 4)), line("1")]) as shop:
        late = shop.own("1", "不想要了，退货", "start_return")
        assert late.refusals[0].rule == "not_allowed"
        assert "return.no_reason_until" in facts(late)
        assert shop.own("1", "釉面有裂纹，退货", "start_return").proposal is not None


def test_which_of_several_articles_is_asked(tmp_path: Path) -> None:
    rows = [product(), variant(), order("1"), line("1"), line("1", "2", sku="P2-A", title="茶盘")]
    with counter_of(tmp_path, rows) as shop:
        assert shop.own("1", "退货", "start_return").needs[0].slot == "product"
        assert shop.own("1", "茶盘退货", "start_return", product="茶盘").proposal is not None
        whole = shop.own("1", "整单都退了", "start_return")
        assert yes(shop, whole).done is not None
        assert len(shop.all(Return)) == 2


def test_an_exchange_for_another_color(tmp_path: Path) -> None:
    rows = [*colors()[:6], order("1"), line("1")]
    with counter_of(tmp_path, rows) as shop:
        found = shop.own("1", "换成蓝色", "exchange", color="蓝色")
        assert found.proposal is not None
        assert "换成蓝" in found.proposal.zh
        assert yes(shop, found).done is not None
        assert shop.all(Return)[0].kind == "exchange"


def test_abroad_there_is_no_exchange(tmp_path: Path) -> None:
    with counter_of(tmp_path, [*colors()[:6], order("1", country="DE"), line("1")]) as shop:
        assert shop.own("1", "换成蓝色", "exchange", color="蓝色").refusals[0].rule == "not_allowed"


# ---- invoices


def codes() -> str:
    from mingbai.zh.tax_codes import uscc_check_character

    return "91330106MA2B1FX83"[:17] + uscc_check_character("91330106MA2B1FX83"[:17])


def test_an_invoice_is_asked_for_with_checks(tmp_path: Path) -> None:
    with counter_of(
        tmp_path, [order("1", state=OrderState.COMPLETED, refunded=Money(1000, "CNY")), line("1")]
    ) as shop:
        nothing = shop.own("1", "开发票", "invoice")
        assert nothing.needs[0].slot == "invoice_title"
        company = shop.own("1", "开发票", "invoice", invoice_title="杭州清溪科技有限公司", email="a@b.com")
        assert [n.slot for n in company.needs] == ["tax_code"]
        good = shop.own(
            "1", "开发票", "invoice", invoice_title="杭州清溪科技有限公司", email="a@b.com", tax_code=codes()
        )
        assert good.proposal is not None
        assert "金额 ¥90.00" in good.proposal.zh
        assert yes(shop, good).done is not None
        (made,) = shop.all(InvoiceRequest)
        assert (made.kind, made.title, made.tax_code, made.amount) == (
            "company",
            "杭州清溪科技有限公司",
            codes(),
            Money(9000, "CNY"),
        )
        assert facts(shop.own("1", "发票呢", "invoice"))["invoice.state"].value == "requested"


def test_a_wrong_code_or_mailbox_is_said_and_never_mended(tmp_path: Path) -> None:
    wrong = codes()[:-1] + ("A" if codes()[-1] != "A" else "B")
    with counter_of(tmp_path, [order("1", state=OrderState.COMPLETED), line("1")]) as shop:
        found = shop.own(
            "1", "开发票", "invoice", invoice_title="杭州清溪科技有限公司", email="a@qq.con", tax_code=wrong
        )
        assert found.proposal is None
        assert {n.slot for n in found.needs} == {"tax_code", "email"}


def test_no_fapiao_abroad_and_none_for_nothing(tmp_path: Path) -> None:
    with counter_of(
        tmp_path, [order("1", country="US"), line("1"), order("2", state=OrderState.CANCELLED), line("2")]
    ) as shop:
        assert "invoice.abroad" in facts(shop.own("1", "开发票", "invoice"))
        assert shop.own("2", "开发票", "invoice").refusals[0].rule == "not_allowed"


def test_where_a_request_stands(tea: Counter) -> None:
    issued = next(i for i in tea.all(InvoiceRequest) if i.state == "issued")
    found = facts(tea.own(issued.order_no, "发票开了吗", "invoice"))
    assert "已开出" in found["invoice.state"].zh
    assert issued.email is not None
    assert issued.email not in found["invoice.issued_at"].zh
    rejected = next(i for i in tea.all(InvoiceRequest) if i.state == "rejected")
    assert rejected.reason in facts(tea.own(rejected.order_no, "发票开了吗", "invoice"))["invoice.state"].zh
