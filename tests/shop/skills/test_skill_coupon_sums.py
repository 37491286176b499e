"""Coupon arithmetic, to the fen."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from counter import NOW, Counter, counter_of, facts, price, product, variant, words
from hypothesis import given
from hypothesis import strategies as st

from mingbai.shop.skills.coupon_sums import Basket, Goods, best, deal, judge
from mingbai.values.money import Money
from mingbai.values.records import Coupon
from mingbai.values.turn import SaidAmount


def yuan(text: str) -> Money:
    return Money.of(text, "CNY")


TEA20 = Coupon("TEA20", "threshold", "满 199 减 20", threshold=yuan("199"), off=yuan("20"))
TEA50 = Coupon("TEA50", "threshold", "满 399 减 50", threshold=yuan("399"), off=yuan("50"))
TEA120 = Coupon("TEA120", "threshold", "满 799 减 120", threshold=yuan("799"), off=yuan("120"))
EVERY = Coupon(
    "EVERY300",
    "threshold",
    "每满 300 减 40",
    threshold=yuan("300"),
    off=yuan("40"),
    every=True,
    stackable=True,
)
MUG15 = Coupon("MUG15", "percent", "马克杯 85 折", percent_off=15, categories=("茶具 > 马克杯",))
CLOTH = Coupon(
    "CLOTH30", "threshold", "服装满 200 减 30", threshold=yuan("200"), off=yuan("30"), categories=("服装",)
)
ALL = (TEA20, TEA50, TEA120, EVERY, MUG15, CLOTH)


def basket(*goods: tuple[str, str]) -> Basket:
    return Basket(tuple(Goods(yuan(amount).minor, category) for amount, category in goods), "CNY")


@pytest.mark.parametrize(("amount", "left", "used"), [
    ("198.99", "198.99", []),
    ("199", "179.00", ["TEA20"]),
    ("299.99", "279.99", ["TEA20"]),
    ("300", "240.00", ["EVERY300", "TEA20"]),
    ("337", "277.00", ["EVERY300", "TEA20"]),  # the example of content/policies/zh/coupons.md
    ("398.99", "338.99", ["EVERY300", "TEA20"]),
    ("399", "309.00", ["EVERY300", "TEA50"]),
    ("600", "470.00", ["EVERY300", "TEA50"]),
    ("798.99", "668.99", ["EVERY300", "TEA50"]),
    ("799", "599.00", ["EVERY300", "TEA120"]),
    ("900", "660.00", ["EVERY300", "TEA120"]),
    ("0.01", "0.01", []),
])  # fmt: skip
def test_the_best_allowed_set(amount: str, left: str, used: list[str]) -> None:
    found = best(ALL, basket((amount, "茶具 > 盖碗")), NOW)
    assert found.total == yuan(left)
    assert [c.code for c, _ in found.used] == used


def test_percent_is_taken_of_its_category_alone_and_half_a_fen_goes_up() -> None:
    assert best([MUG15], basket(("55.10", "茶具 > 马克杯"), ("100", "茶具 > 盖碗")), NOW).total == yuan(
        "146.83"
    )  # 8.265 → 8.27


def test_a_category_counts_with_what_is_below_it_and_not_with_its_namesake() -> None:
    assert judge(CLOTH, basket(("200", "服装 > 茶服")), NOW).off == yuan("30")
    assert judge(CLOTH, basket(("200", "服装饰品")), NOW).why == "category"
    assert judge(CLOTH, basket(("199.99", "服装"), ("500", "茶具")), NOW).short == yuan("0.01")


@pytest.mark.parametrize(("shift", "why"), [(timedelta(seconds=-1), "over"), (timedelta(), "")])
def test_the_last_second_counts(shift: timedelta, why: str) -> None:
    assert judge(Coupon("A", "fixed", off=yuan("5"), ends_at=NOW + shift), basket(("10", "")), NOW).why == why


@pytest.mark.parametrize(("shift", "why"), [(timedelta(seconds=1), "not_yet"), (timedelta(), "")])
def test_the_first_second_counts(shift: timedelta, why: str) -> None:
    assert (
        judge(Coupon("A", "fixed", off=yuan("5"), starts_at=NOW + shift), basket(("10", "")), NOW).why == why
    )


def test_another_currency_and_more_than_the_goods() -> None:
    assert judge(Coupon("A", "fixed", off=Money(1000, "EUR")), basket(("100", "")), NOW).why == "currency"
    assert best([Coupon("A", "fixed", off=yuan("50"))], basket(("20", "")), NOW).total == yuan("0")


def test_two_that_do_not_stack_are_never_taken_together() -> None:
    found = best([TEA20, TEA50, Coupon("VIP", "percent", percent_off=12)], basket(("500", "")), NOW)
    assert [c.code for c, _ in found.used] == ["VIP"]
    assert found.total == yuan("440")


@given(st.integers(0, 10_000_00), st.lists(st.sampled_from(ALL), unique_by=lambda c: c.code))
def test_never_below_nothing_and_steps_add_up(fen: int, coupons: list[Coupon]) -> None:
    goods = Basket((Goods(fen, "茶具 > 马克杯"),), "CNY")
    for found in (best(coupons, goods, NOW), deal(coupons, goods)):
        assert 0 <= found.total.minor <= fen
        assert found.total.minor + found.off.minor == fen


# ---- at the counter


def amount(text: str) -> SaidAmount:
    return SaidAmount(Decimal(text), "CNY")


def test_a_coupon_that_just_misses_says_what_is_missing(tea: Counter) -> None:
    found = facts(tea.ask("198.99 能用券吗", "coupon", amount=amount("198.99")))
    assert found["coupon.none"].value == yuan("198.99")
    assert found["coupon.missed"].zh == "再买 ¥0.01 就能用“满 199 减 20”。"


def test_the_page_s_own_example(tea: Counter) -> None:
    assert facts(tea.ask("337 元能减多少", "coupon", amount=amount("337")))["coupon.final"].value == yuan(
        "277"
    )


@pytest.mark.parametrize(
    ("code", "name"), [("KETTLE40", "coupon.over"), ("SNOW15", "coupon.not_yet"), ("TEA20", "coupon.ends_at")]
)
def test_a_named_coupon_has_its_days(tea: Counter, code: str, name: str) -> None:
    assert name in facts(tea.ask(f"{code} 还能用吗", "coupon"))


def test_an_article_times_how_many(tea: Counter) -> None:
    found = facts(tea.ask("买四个 150ml 的青花", "coupon", product="T001", color="青花", quantity=4))
    assert found["price.now"].value == yuan("98")
    assert (
        found["coupon.final"].zh
        == "商品金额 ¥392.00：“双11 每满 300 减 40，上不封顶”减 ¥40.00，“满 199 减 20”减 ¥20.00，优惠后 ¥332.00（不含运费）。"
    )


def test_variants_of_different_prices_are_asked(tea: Counter) -> None:
    found = tea.ask("买两个多少钱", "coupon", product="T001", quantity=2)
    assert found.needs[0].slot == "size"


def test_deposit_and_balance_days(tea: Counter) -> None:
    assert facts(tea.ask("双11 定金什么时候付", "coupon"))["campaign.deposit"].zh == (
        "2025 双11 全球好物季：10月20日 20:00 到 10月31日 18:00 付定金，10月31日 20:00 到 11月14日 23:59 付尾款。"
    )


def test_a_shop_without_coupons_says_none(tmp_path) -> None:
    with counter_of(tmp_path, [product(), variant(), price("P1-R", 5000)]) as shop:
        assert facts(shop.ask("有优惠吗", "coupon", product="小茶杯", quantity=1))[
            "coupon.none"
        ].value == yuan("50")


@pytest.mark.parametrize(
    "text",
    [
        "茶叶凑到255了，那张满250减25的怎么不给减",
        "I have tea for 255 in the basket, why does 25 off 250 not apply?",
    ],
)
def test_a_coupon_is_known_by_what_it_gives_and_its_numbers_are_no_amount_of_goods(
    tea: Counter, text: str
) -> None:
    found = facts(tea.ask(text, "coupon"))
    assert "LEAF25" in found["coupon.over"].zh
    assert "¥255.00" in found["coupon.final"].zh


def test_of_several_that_give_the_same_the_one_is_meant_whose_name_is_said(tea: Counter) -> None:
    assert "KETTLE40" in words(tea.ask("满300减40的那个电器券怎么没反应", "coupon"))
    assert "EVERY300" not in words(tea.ask("满300减40的那个电器券怎么没反应", "coupon"))
    assert "MUG15" in words(tea.ask("八五折那张能用到几号", "coupon"))
