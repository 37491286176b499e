"""Choosing what to look up: several intents, follow-ups, hand-off at the first word, and places."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from counter import CST, Counter, counter_of, facts, product, variant, words

from mingbai.values.records import PolicyDocument
from mingbai.values.turn import Focus, Heard, Intent, Memory, Refusal, Slots


def test_at_most_two_questions_are_answered_and_courtesy_is_none(tea: Counter) -> None:
    found = tea.every(
        "你好，有货吗，多少钱，几天到", "greeting", "stock", "price", "delivery_time", product="T001"
    )
    assert [e.intent for e in found] == [Intent.STOCK, Intent.PRICE]


def test_a_person_at_the_first_word(tea: Counter) -> None:
    (found,) = tea.every("转人工！！！", "handoff", "where_is_order", handoff=True)
    assert found.handoff
    assert found.intent is Intent.HANDOFF
    assert not found.needs
    assert "handoff.hours" in facts(found)


@pytest.mark.parametrize(("hour", "open_now"), [(9, True), (21, True), (22, False), (8, False), (0, False)])
def test_whether_somebody_is_there(tea: Counter, hour: int, open_now: bool) -> None:
    later = replace(tea, now=datetime(2025, 11, 12, hour, tzinfo=CST))
    assert facts(later.ask("转人工", "handoff", handoff=True))["handoff.open_now"].value is open_now


def test_in_the_days_of_spring_festival_no_hours_are_guessed(tea: Counter) -> None:
    later = replace(tea, now=datetime(2026, 2, 17, 10, tzinfo=CST))
    assert "handoff.open_now" not in facts(later.ask("转人工", "handoff", handoff=True))


def test_a_complaint_goes_to_a_person_with_the_shop_s_own_promise(tea: Counter) -> None:
    found = tea.own("MB20251103-0042", "我要投诉你们，假一赔三", "complaint")
    assert found.handoff
    assert "3 个工作日" in facts(found)["complaint.promise"].zh
    assert facts(found)["order.state"].about == "MB20251103-0042"
    assert "三倍" not in words(found)


def test_damage_collects_and_hands_over(tea: Counter) -> None:
    found = tea.ask("收到碎了", "damaged_or_missing")
    assert found.handoff
    assert {n.slot for n in found.needs} == {"order_no", "photo"}


def test_below_the_threshold_it_asks_back_with_three(tea: Counter) -> None:
    found = tea.ask("那个", "stock", "price", "coupon", "invoice", unsure=True)
    assert found.needs[0].choices == ("stock", "price", "coupon")
    assert not found.facts


def test_an_answer_to_what_we_asked_goes_on(tea: Counter) -> None:
    kept = Memory(intent=Intent.SIZE_ADVICE, need="weight_kg", item="T044", slots=Slots())
    from decimal import Decimal

    found = tea.ask("65公斤", "off_topic", memory=kept, weight_kg=Decimal(65))
    assert found.intent is Intent.SIZE_ADVICE
    assert facts(found)["size.advice"].about == "T044"


def test_another_question_is_not_pulled_back(tea: Counter) -> None:
    kept = Memory(intent=Intent.WHERE_IS_ORDER, need="order_no")
    assert tea.ask("盖碗有货吗", "stock", memory=kept, product="T001").intent is Intent.STOCK


def test_slots_of_another_question_are_not_carried_over(tea: Counter) -> None:
    kept = Memory(intent=Intent.PRICE, slots=Slots(product=("T044",), color=("青灰",)), item="T044")
    assert (
        facts(tea.ask("T001 有货吗", "stock", memory=kept, product="T001"))["stock.available"].about == "T001"
    )


def test_what_is_spoken_of_and_what_is_looked_at(tea: Counter) -> None:
    kept = Memory(item="T002", intent=Intent.PRICE)
    assert "影青" in words(tea.ask("多少钱", "price", memory=kept, item="T001"))
    assert "青花" in words(tea.ask("这个多少钱", "price", memory=kept, item="T001"))


def test_refusals_of_admission_come_before_any_row(tea: Counter) -> None:
    turn = tea.turn("多少钱", "price", item="T001")
    assert turn.admission is not None
    no = Refusal("not_allowed", "不行", "no")
    (found,) = tea.grounder.ground(replace(turn, admission=replace(turn.admission, refusals=(no,))))
    assert (found.refusals, found.facts) == ((no,), ())


def test_a_skill_that_is_not_admitted_is_not_run(tea: Counter) -> None:
    found = tea.ask("多少钱", "price", item="T001", skills=frozenset({"stock"}))
    assert found.refusals[0].rule == "not_allowed"
    assert not found.facts


def test_staff_see_every_order(tea: Counter) -> None:
    assert facts(tea.ask("查一下", "where_is_order", role="staff", order_no="MB20251103-0042"))


def test_the_channel_names_an_order_but_does_not_prove_it(tea: Counter) -> None:
    turn = replace(tea.turn("到哪了", "where_is_order"), focus=Focus(order="MB20251103-0042"))
    assert not tea.grounder.ground(turn)[0].facts
    said = replace(turn, memory=Memory(heard=(Heard("customer", "后四位2100"),)))
    assert facts(tea.grounder.ground(said)[0])


# ---- how long it takes


@pytest.mark.parametrize(("city", "zh", "en"), [
    ("上海", "从杭州仓发到上海：1–2 天。", "Delivery from Hangzhou to Shanghai: 1–2 days."),
    ("北京", "从杭州仓发到北京：2–4 天。", "Delivery from Hangzhou to Beijing: 2–4 days."),
    ("喀什", "从杭州仓发到喀什：5–9 天。", "Delivery from Hangzhou to Kashgar: 5–9 days."),
    ("内蒙古", "从杭州仓发到内蒙古：5–9 天。", "Delivery from Hangzhou to Inner Mongolia: 5–9 days."),
    ("香港", "从杭州仓发到香港：3–6 天。", "Delivery from Hangzhou to Hong Kong: 3–6 days."),
    ("徐州", "从杭州仓发到徐州：1–2 天。", "Delivery from Hangzhou to Xuzhou: 1–2 days."),
    ("Lhasa", "从杭州仓发到拉萨：5–9 天。", "Delivery from Hangzhou to Lhasa: 5–9 days."),
    ("柏林", "从法兰克福仓发到柏林：1–3 个工作日。", "Delivery from Frankfurt to Berlin: 1–3 working days."),
    ("USA", "从洛杉矶仓发到美国：3–6 个工作日。", "Delivery from Los Angeles to the United States: 3–6 working days."),
])  # fmt: skip
def test_days_to_a_place(tea: Counter, city: str, zh: str, en: str) -> None:
    found = facts(tea.ask("几天到", "delivery_time", city=city))["delivery.days"]
    assert (found.zh, found.en) == (zh, en)


def test_a_country_that_is_not_served(tea: Counter) -> None:
    assert (
        facts(tea.ask("能发日本吗", "delivery_time", city="日本"))["delivery.not_served"].zh
        == "目前只发中国、德国、美国，日本暂时不发。"
    )


def test_an_unknown_place_is_asked(tea: Counter) -> None:
    assert tea.ask("到朝阳区几天", "delivery_time", city="朝阳区").needs[0].slot == "city"
    assert tea.ask("几天到", "delivery_time").needs[0].slot == "city"


@pytest.mark.parametrize(("now", "leaves"), [
    (datetime(2025, 11, 12, 15, 59, tzinfo=CST), "11月12日"), (datetime(2025, 11, 12, 16, 0, tzinfo=CST), "11月13日"),
    (datetime(2025, 11, 15, 10, 0, tzinfo=CST), "11月15日"),  # a Saturday: the page says weekends are worked
    (datetime(2026, 2, 16, 10, 0, tzinfo=CST), "2月20日"),  # New Year's Eve to the third day
])  # fmt: skip
def test_the_day_it_leaves(tea: Counter, now: datetime, leaves: str) -> None:
    assert (
        f"{leaves}发出"
        in facts(replace(tea, now=now).ask("几天到上海", "delivery_time", city="上海"))["delivery.arrival"].zh
    )


def test_a_shop_that_rests_on_sundays(tmp_path) -> None:
    from mingbai.values.records import Shop

    page = PolicyDocument(
        "d",
        "zh",
        "发货",
        "周日和法定节假日不发货。\n\n| 到哪里 | 时间 |\n| --- | --- |\n| 全国（其他） | 2–3 天 |",
        "delivery",
    )
    with counter_of(tmp_path, [product(), variant(), page]) as shop:
        shop.take(Shop("tiny", "小店", facts=(("当天发货截止", "16:00"),)))
        for now, leaves in (
            (datetime(2025, 11, 15, 17, tzinfo=CST), "11月17日"),
            (datetime(2025, 10, 1, 10, tzinfo=CST), "10月9日"),
        ):
            shop.now = now
            assert (
                f"{leaves}发出"
                in facts(shop.ask("几天到北京", "delivery_time", city="北京"))["delivery.arrival"].zh
            )
