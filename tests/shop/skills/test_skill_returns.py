"""Clocks and rights: day 7 and day 8, a leap day, the EU, refused parcels, and who pays the way."""

from __future__ import annotations

from datetime import date

import pytest
from counter import Counter, at, counter_of, facts, line, order, product, variant, words

from mingbai.shop.skills import rights
from mingbai.values.money import Money
from mingbai.values.records import (
    Order,
    OrderState,
    PolicyDocument,
    Return,
    ReturnState,
    Shipment,
    ShipmentEvent,
    ShipmentState,
)


def asked(
    tmp_path, text="能退吗", intent="return_right", goods=None, now=None, line_more=None, extra=(), **more
):
    rows = [goods or product(), variant(), order("1", **more), line("1", **(line_more or {})), *extra]
    with counter_of(tmp_path, rows) as shop:
        if now is not None:
            shop.now = now
        return shop.own("1", text, intent)


@pytest.mark.parametrize(
    ("now", "still"), [(at(11, 11, 23), True), (at(11, 12, 0), True), (at(11, 13, 0), False)]
)
def test_day_seven_is_in_and_day_eight_is_out(tmp_path, now, still: bool) -> None:
    found = facts(asked(tmp_path, received_at=at(11, 5, 23), now=now))["return.no_reason_until"]
    assert found.value == date(2025, 11, 12)
    assert ("还在期限内" in found.zh) is still
    assert found.rule is rights.ART_25


def test_the_day_is_the_shop_s_day(tmp_path) -> None:
    """Signed for at 17:00 UTC on the 4th, which is the 5th in Shanghai."""
    from datetime import UTC, datetime

    found = facts(asked(tmp_path, received_at=datetime(2025, 11, 4, 17, tzinfo=UTC)))
    assert found["return.no_reason_until"].value == date(2025, 11, 12)


@pytest.mark.parametrize(("received", "days", "last"), [
    (date(2024, 2, 22), 7, date(2024, 2, 29)), (date(2023, 2, 22), 7, date(2023, 3, 1)), (date(2024, 2, 29), 7, date(2024, 3, 7)),
    (date(2024, 2, 29), 15, date(2024, 3, 15)), (date(2025, 12, 28), 7, date(2026, 1, 4)),
])  # fmt: skip
def test_clocks_over_leap_days_and_years(received: date, days: int, last: date) -> None:
    assert rights.last_day(received, days) == last


def test_fourteen_days_end_on_a_working_day() -> None:
    assert rights.withdrawal_last_day(date(2025, 11, 4), "DE") == date(2025, 11, 18)
    assert rights.withdrawal_last_day(date(2025, 11, 8), "DE") == date(2025, 11, 24)  # day 14 is a Saturday
    assert rights.withdrawal_last_day(date(2025, 12, 11), "DE") == date(
        2025, 12, 29
    )  # Christmas, then a weekend


def test_the_eu_has_fourteen_days_and_not_seven(tmp_path) -> None:
    found = facts(asked(tmp_path, country="DE", received_at=at(11, 4)))
    assert found["return.withdrawal_until"].value == date(2025, 11, 18)
    assert found["return.withdrawal_until"].rule is rights.EU_WITHDRAWAL
    assert "return.no_reason_until" not in found


def test_two_parcels_count_from_the_last(tmp_path) -> None:
    extra = [
        Shipment("1", "A", state=ShipmentState.DELIVERED), Shipment("1", "B", state=ShipmentState.IN_TRANSIT),
        ShipmentEvent("A", 1, at(11, 5), ShipmentState.DELIVERED), ShipmentEvent("B", 1, at(11, 11), ShipmentState.IN_TRANSIT),
    ]  # fmt: skip
    found = facts(asked(tmp_path, extra=extra, state=OrderState.SHIPPED))
    assert "return.not_received" in found
    assert "return.no_reason_until" not in found


def test_where_there_is_no_rule_none_is_invented(tmp_path) -> None:
    found = asked(tmp_path, country="US")
    assert set(facts(found)) == {"return.no_rule"}


@pytest.mark.parametrize(
    ("insured", "value", "said"),
    [(True, "insurer", "以保险公司为准"), (False, "buyer", "由您承担"), (None, "buyer", "由您承担")],
)
def test_who_pays_the_way_back(tmp_path, insured: bool | None, value: str, said: str) -> None:
    found = facts(asked(tmp_path, freight_insurance=insured))["return.postage"]
    assert found.value == value
    assert said in found.zh


def test_a_fault_has_its_own_clocks_and_the_seller_pays(tmp_path) -> None:
    kettle = product(category="电器 > 电热水壶", warranty_days=365)
    found = facts(asked(tmp_path, "坏了不加热，能退吗", goods=kettle, received_at=at(11, 1)))
    assert found["return.quality_until"].must
    assert not found["return.no_reason_until"].must
    assert found["return.sanbao_until"].value == date(2025, 11, 16)
    assert "现在可以换或修" in found["return.sanbao_until"].zh
    assert found["return.sanbao_until"].rule is rights.SANBAO


@pytest.mark.parametrize(
    ("received", "said"),
    [(at(11, 5), "可以退、换或修"), (at(10, 28), "可以换或修"), (at(10, 27), "按保修处理")],
)
def test_sanbao_day_seven_and_fifteen(tmp_path, received, said: str) -> None:
    kettle = product(category="电器 > 电热水壶", warranty_days=365)
    assert (
        said in facts(asked(tmp_path, "坏了", goods=kettle, received_at=received))["return.sanbao_until"].zh
    )


def test_an_excepted_article_says_which_exception(tea: Counter) -> None:
    found = facts(tea.ask("明前龙井能退吗", "return_right", product="T046"))["product.no_return"]
    assert "明前龙井是鲜茶，不管拆没拆都不退" in found.zh
    assert "Pre-Qingming longjing" in found.en
    cup = facts(tea.ask("刻字杯能退吗", "return_right", product="T020"))["product.no_return"]
    assert "刻字主人杯" in cup.zh


def test_an_article_that_law_excepts_where_the_shop_has_no_page(tmp_path) -> None:
    found = facts(asked(tmp_path, goods=product(no_reason_return=False)))
    assert "依法不适用无理由退货" in found["return.exception"].zh
    assert "return.no_reason_until" not in found
    assert "return.postage" not in found or not found["return.postage"].must


def test_the_rule_without_an_order_needs_no_proof(tea: Counter) -> None:
    found = tea.ask("支持七天无理由吗", "return_right")
    assert facts(found)["return.no_reason"].rule is rights.ART_25
    assert not found.needs
    english = facts(tea.ask("what is your return policy", "return_right", lang="en"))
    assert {"return.no_reason", "return.withdrawal"} <= set(english)


def test_not_sent_yet_means_cancel(tmp_path) -> None:
    assert (
        "申请取消"
        in facts(asked(tmp_path, state=OrderState.PAID, received_at=None))["return.not_received"].zh
    )


def test_a_page_that_begins_tomorrow_is_not_cited(tmp_path) -> None:
    page = PolicyDocument("r", "zh", "退货", "- 三十天内可退", "return_right", valid_from=date(2025, 11, 13))
    assert not asked(tmp_path, extra=[page]).passages


# ---- refunds


def back(state: ReturnState, **more) -> Return:
    return Return(
        "R1",
        "1",
        **{
            "kind": "return",
            "state": state,
            "line_no": "1",
            "amount": Money(9990, "CNY"),
            "requested_at": at(11, 8),
            **more,
        },
    )


def refund(tmp_path, *rows: Return, **more):
    return asked(tmp_path, "退款到哪了", "refund_status", extra=rows, **more)


def test_received_goods_are_refunded_within_seven_days(tmp_path) -> None:
    found = facts(refund(tmp_path, back(ReturnState.RECEIVED, received_at=at(11, 10))))
    assert found["refund.amount"].zh == "退款金额 ¥99.90。"
    assert found["refund.due"].value == date(2025, 11, 17)
    assert found["refund.due"].rule is rights.REFUND_7


def test_the_shop_s_own_shorter_promise_is_used(tea: Counter) -> None:
    waiting = next(r for r in tea.all(Return) if r.state is ReturnState.RECEIVED and r.kind == "return")
    due = facts(tea.own(waiting.order_no, "退款", "refund_status"))["refund.due"].value
    assert isinstance(due, date)
    assert waiting.received_at is not None
    assert 0 < (due - waiting.received_at.date()).days <= 7


def test_a_refused_parcel_that_came_back(tea: Counter) -> None:
    refused = next(o for o in tea.all(Order) if "拒收" in o.close_reason)
    found = facts(tea.own(refused.order_no, "退款了吗", "refund_status"))
    assert "已退款" in found["refund.state"].zh
    amount = found["refund.amount"].value
    assert isinstance(amount, Money)
    assert refused.paid is not None
    assert amount.minor == refused.paid.minor - 1000  # the way out is deducted


def test_no_request_is_said_so(tmp_path) -> None:
    assert "refund.none" in facts(refund(tmp_path))


def test_a_cancelled_order_says_what_went_back(tmp_path) -> None:
    found = facts(
        refund(tmp_path, state=OrderState.CANCELLED, refunded=Money(10000, "CNY"), closed_at=at(11, 2))
    )
    assert found["refund.amount"].zh == "已退 ¥100.00，原路退回（11月2日 12:00）。"


def test_an_approved_return_says_where_to_send_it(tea: Counter) -> None:
    approved = next(
        r
        for r in tea.all(Return)
        if r.state is ReturnState.APPROVED and r.kind == "return" and tea.order(r.order_no).country == "CN"
    )
    assert "良渚" in facts(tea.own(approved.order_no, "退货寄到哪", "refund_status"))["return.address"].zh


# ---- warranty


@pytest.mark.parametrize(
    ("received", "open_now"), [(at(11, 12, year=2024), True), (at(11, 11, year=2024), False)]
)
def test_warranty_ends_after_so_many_days(tmp_path, received, open_now: bool) -> None:
    found = facts(
        asked(
            tmp_path,
            "还在保修吗",
            "warranty",
            goods=product(warranty_days=365),
            received_at=received,
            created_at=received,
        )
    )
    assert ("还在保修期内" in found["order.warranty_until"].zh) is open_now


def test_no_warranty_is_said_so(tea: Counter) -> None:
    assert facts(tea.ask("盖碗保修吗", "warranty", product="T001"))["product.warranty"].value == 0
    assert "2 年" in facts(tea.ask("保温杯保修多久", "warranty", product="T033"))["product.warranty"].zh


def test_the_evidence_names_its_rows(tea: Counter) -> None:
    for found in (
        tea.own("MB20251103-0042", "能退吗", "return_right"),
        tea.own("MB20251103-0042", "到哪了", "where_is_order"),
    ):
        assert all(f.sources for f in found.facts), words(found)
