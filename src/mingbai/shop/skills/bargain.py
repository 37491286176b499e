"""A question for a price that is really for several things: a list within a budget, a discount, or the sum after coupons."""

from __future__ import annotations

import re
from dataclasses import replace

from mingbai.shop.skills import coupon, price, product, several
from mingbai.shop.skills.coupon import CouponArguments
from mingbai.shop.skills.goods import ItemArguments
from mingbai.shop.skills.price import PriceArguments
from mingbai.shop.skills.scene import Scene
from mingbai.values.turn import Evidence, Intent

_COUPON = re.compile(
    r"券|几折|幾折|\d折|打完折|折后|折後|满减|滿減|优惠|優惠|折扣|打折|能减|便宜点|便宜點|少点|抹零|(?i:coupon|discount|voucher|cheaper|promo)"
)


def price_asked(scene: Scene, asked: PriceArguments) -> Evidence:
    """The price; with its coupons where the message speaks of them, and a list where it asks for one."""
    if not asked.order_no and (facts := product.beside_others(scene, ItemArguments(asked.product))):
        return Evidence(Intent.PRODUCT_INFO, facts=facts)
    if not asked.order_no and several.wanted(scene):
        found = coupon.coupon(replace(scene, intent=Intent.COUPON), CouponArguments(city=asked.city))
        if any(f.name == "price.now" for f in found.facts) and not found.needs:
            return found
    if not asked.order_no and several.open_sum(scene):
        return several.missing(scene)
    about_one = bool(asked.product or scene.item)
    if not asked.product and coupon.sums_up(scene, asked.order_no):
        return coupon.coupon(replace(scene, intent=Intent.COUPON), CouponArguments(city=asked.city))
    if _COUPON.search(scene.text) and not asked.order_no:
        found = coupon.coupon(
            replace(scene, intent=Intent.COUPON),
            CouponArguments(
                None, asked.product, asked.color, asked.size, asked.quantity or (1 if about_one else None)
            ),
        )
        if found.facts or found.needs:
            return found
    return price.price(scene, asked)
