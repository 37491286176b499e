"""What is said of coupons: the best set on a basket, one by its terms, those that all may take now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mingbai.shop.skills import coupon_sums, coupon_words, price, say
from mingbai.shop.skills.campaigns import campaigns
from mingbai.shop.skills.coupon_sums import Basket, Judged
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Coupon
from mingbai.values.turn import Fact

STACK = re.compile(
    r"叠加|疊加|一起用|同时用|同時用|都(?:能|想|要|可以)?用|两样|几张|多张|(?i:stack|combin|together|both)"
)


def is_open(record: Coupon) -> bool:
    """A coupon that all may take: a threshold, a category's, a campaign's. Others must be in one's account."""
    return record.kind == "threshold" or bool(record.categories) or bool(record.campaign_no)


def on_basket(scene: Scene, basket: Basket, named: Sequence[Row[Coupon]], about: str) -> Iterator[Fact]:
    rows = scene.rows(Coupon)
    usable = [row for row in rows if is_open(row.record)] + [row for row in named if not is_open(row.record)]
    judged = {row.record.code: coupon_sums.judge(row.record, basket, scene.now) for row in [*rows, *named]}
    for row in named:
        yield from one(scene, row, judged[row.record.code])
    found = coupon_sums.best([row.record for row in usable], basket, scene.now)
    by_code = {row.record.code: row for row in usable}
    sources = [by_code[c.code] for c, _ in found.used]
    if found.used:
        steps_zh = "，".join(f"“{coupon_words.name(c)[0]}”减 {say.money(m)}" for c, m in found.used)
        steps_en = ", ".join(f'"{coupon_words.name(c)[1]}" takes off {say.money(m)}' for c, m in found.used)
        yield scene.fact(
            "coupon.final", found.total, f"商品金额 {say.money(basket.total)}：{steps_zh}，优惠后 {say.money(found.total)}（不含运费）。",
            f"On goods of {say.money(basket.total)}: {steps_en}; you pay {say.money(found.total)} after discounts, plus delivery.", *sources,
        )  # fmt: skip
    elif not named:
        yield scene.fact(
            "coupon.none", basket.total, f"商品金额 {say.money(basket.total)}，现在没有能用的满减券。",
            f"No coupon applies to goods of {say.money(basket.total)} at the moment.",
        )  # fmt: skip
    missed = [j for j in judged.values() if j.why == "below" and j.short is not None and is_open(j.coupon)]
    gains = [j for j in missed if _gain(j, basket, found, [row.record for row in usable], scene) > 0]
    if gains:
        near = min(gains, key=lambda j: j.short.minor if j.short else 0)
        assert near.short is not None
        zh, en = coupon_words.name(near.coupon)
        yield scene.fact(
            "coupon.missed", near.short, f"再买 {say.money(near.short)} 就能用“{zh}”。",
            f'Spend {say.money(near.short)} more and "{en}" applies.', must=False,
        )  # fmt: skip
    for row in rows:
        verdict = judged[row.record.code]
        if (
            not is_open(row.record)
            and row not in named
            and not verdict.why
            and row.record.kind != "shipping"
            and verdict.off.minor
        ):
            zh, en = coupon_words.name(row.record)
            yield scene.fact(
                "coupon.if_held", verdict.off, f"如果您的账户里有“{zh}”，它单独能减 {say.money(verdict.off)}。",
                f'If "{en}" is in your account, that one on its own takes {say.money(verdict.off)} off.', row, must=False,
            )  # fmt: skip


def _gain(j: Judged, basket: Basket, now: coupon_sums.Deal, usable: list[Coupon], scene: Scene) -> int:
    """How much more would come off if the threshold were just reached."""
    assert j.short is not None
    first = basket.goods[0]
    more = Basket(
        (coupon_sums.Goods(first.minor + j.short.minor, first.category), *basket.goods[1:]), basket.currency
    )
    return coupon_sums.best(usable, more, scene.now).off.minor - now.off.minor


def one(scene: Scene, row: Row[Coupon], judged: Judged | None) -> Iterator[Fact]:
    """One coupon that was named: what it gives, its days, and why it does not apply."""
    c = row.record
    zh, en = coupon_words.name(c)
    over = c.ends_at is not None and scene.now > c.ends_at
    if over and c.ends_at is not None:
        at = say.moment(c.ends_at, scene.now)
        yield scene.fact(
            "coupon.over", c.ends_at, f"优惠券 {c.code} 已于 {at.zh} 过期，不能用了。",
            f"Coupon {c.code} expired on {at.en} and can no longer be used.", row,
        )  # fmt: skip
    elif STACK.search(scene.text):
        yield coupon_words.stacks(scene, row)
    yield scene.fact(
        "coupon.terms",
        None,
        f"优惠券 {c.code}：{coupon_words.terms_zh(c)}。",
        f"Coupon {c.code}: {coupon_words.terms_en(c)}.",
        row,
    )
    if c.starts_at is not None and scene.now < c.starts_at:
        at = say.moment(c.starts_at, scene.now)
        yield scene.fact(
            "coupon.not_yet",
            c.starts_at,
            f"它还没有开始，{at.zh} 起可以用。",
            f"It has not started yet; you can use it from {at.en}.",
            row,
        )
    elif not over:
        if c.ends_at is not None:
            at = say.moment(c.ends_at, scene.now)
            yield scene.fact(
                "coupon.ends_at", c.ends_at, f"有效期到 {at.zh}。", f"You can use it until {at.en}.", row
            )
        if judged is not None and judged.why == "below" and judged.short is not None:
            yield scene.fact(
                "coupon.below", judged.short, f"还差 {say.money(judged.short)} 才到门槛，现在用不了。",
                f"You are {say.money(judged.short)} short of its threshold, so it does not apply yet.", row,
            )  # fmt: skip
        elif judged is not None and judged.why == "category":
            yield scene.fact(
                "coupon.category",
                None,
                f"这件商品不在“{zh}”的品类里，不能用。",
                f'This item is not covered by "{en}".',
                row,
            )
        elif judged is not None and judged.why == "currency":
            yield scene.fact(
                "coupon.currency",
                None,
                f"“{zh}”不能用在这个币种的订单上。",
                f'"{en}" is for orders in another currency.',
                row,
            )


def open_now(scene: Scene) -> Iterator[Fact]:
    """What can be had now, for who asks what there is."""
    currency = price.currency_of(scene)
    for row in scene.rows(Coupon):
        c = row.record
        begun = c.starts_at is None or c.starts_at <= scene.now
        is_now = begun and (c.ends_at is None or scene.now <= c.ends_at)
        here = all(m is None or m.currency == currency for m in (c.off, c.threshold))
        if is_open(c) and is_now and here:
            end = say.day(say.local(c.ends_at, scene.now).date(), scene.now) if c.ends_at else None
            yield scene.fact(
                "coupon.open", None, f"{coupon_words.terms_zh(c)}（{c.code}）" + (f"，到 {end.zh}。" if end else "。"),
                f"{coupon_words.terms_en(c)} ({c.code})" + (f", until {end.en}." if end else "."), row, must=not c.categories,
            )  # fmt: skip
    yield from campaigns(scene, deposits=False, must=False)
