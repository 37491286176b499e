"""A coupon in words: its name, what comes off, for what, and whether it goes together with others."""

from __future__ import annotations

from decimal import Decimal

from mingbai.shop.skills import say
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Coupon
from mingbai.values.turn import Fact


def stacks(scene: Scene, row: Row[Coupon]) -> Fact:
    """Whether it goes together with others, said first."""
    c = row.record
    if c.stackable:
        return scene.fact(
            "coupon.stacks", True, f"可以，优惠券 {c.code} 能和别的券一起用。",
            f"Yes, coupon {c.code} can be combined with other coupons.", row,
        )  # fmt: skip
    return scene.fact(
        "coupon.stacks", False, f"不能，优惠券 {c.code} 不和别的不可叠加的券（如店铺满减券）一起用，一单只用一张。",
        f"No, coupon {c.code} cannot be combined with other coupons of this kind; only one per order.", row,
    )  # fmt: skip


def name(c: Coupon) -> tuple[str, str]:
    return c.name_zh or c.name_en or c.code, c.name_en or c.name_zh or c.code


def terms_zh(c: Coupon) -> str:
    scope = f"，限{'、'.join(c.categories)}" if c.categories else ""
    more = "，可叠加" if c.stackable else "，这类券一单用一张" if c.kind != "shipping" else ""
    return f"{_effect(c)[0]}{scope}{more}"


def terms_en(c: Coupon) -> str:
    if all(category.isascii() for category in c.categories):
        scope = f", only for {', '.join(c.categories)}" if c.categories else ""
    else:
        scope = f', "{c.name_en}"'  # the categories have no English name
    more = (
        ", can be combined" if c.stackable else ", one of this kind per order" if c.kind != "shipping" else ""
    )
    return f"{_effect(c)[1]}{scope}{more}"


def _effect(c: Coupon) -> tuple[str, str]:
    if c.percent_off is not None:
        tenths = Decimal(100 - c.percent_off) / 10
        return f"{tenths.normalize():f} 折", f"{c.percent_off} % off"
    if c.kind == "shipping":
        return "免运费一次", "free delivery once"
    off = say.money(c.off) if c.off else ""
    if c.threshold is not None:
        at = say.money(c.threshold)
        return (
            (f"每满 {at} 减 {off}", f"{off} off every {at}")
            if c.every
            else (f"满 {at} 减 {off}", f"{off} off from {at}")
        )
    return f"减 {off}，无门槛", f"{off} off"
