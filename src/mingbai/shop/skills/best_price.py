"""What coupons make of a price that is asked, where the words want the least there is to pay: 券全堆上最少掏多少, best price."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from mingbai.shop.skills import coupon_facts, coupon_sums, goods
from mingbai.shop.skills.coupon_sums import Basket
from mingbai.shop.skills.scene import Scene
from mingbai.values.money import Money
from mingbai.values.turn import Evidence, Fact, Intent

_LEAST = re.compile(
    r"最少|最低|最狠|最便宜|底价|砍|便宜|叠|堆|[用领拿上]券|券后|到手|满减|优惠|打.{0,2}折|折扣|折后|实付|(?:折腾|算|弄|搞|用|减)完[^，。]{0,3}(?:多少|啥价|什么价|几块|几钱)|全(?:用|怼|叠|加)上"
    r"|(?i:\b(?:best|lowest|cheapest|final)\b.{0,12}\bprice\b|\bafter (?:the |a |all )?(?:us |eu )?(?:coupons?|discounts?|vouchers?)\b|\bwith (?:a |the |any )?(?:coupons?|discounts?)\b|\bany (?:coupon|discount)s?\b)"
)
_FEW = 3  # prices of one article that are reckoned on


def with_coupons(scene: Scene, found: Evidence) -> Evidence:
    """With the sum after the coupons that all may take, of each of few prices."""
    if found.intent is not Intent.PRICE or not _LEAST.search(scene.text):
        return found
    if any(f.name.startswith("coupon.") for f in found.facts):
        return found
    more = tuple(dict.fromkeys(_finals(scene, found.facts)))
    return replace(found, facts=(*found.facts, *more)) if more else found


def _finals(scene: Scene, facts: tuple[Fact, ...]) -> Iterator[Fact]:
    priced = [f for f in facts if f.name == "price.total"] or [f for f in facts if f.name == "price.now"]
    for fact in priced if len(priced) <= _FEW else ():
        row = goods.by_number(scene, fact.about) if fact.about else None
        if row is None or not isinstance(fact.value, Money):
            continue
        category = goods.product_of(scene, row).record.category
        basket = Basket((coupon_sums.Goods(fact.value.minor, category),), fact.value.currency)
        for told in coupon_facts.on_basket(scene, basket, (), fact.about):
            if told.name == "coupon.final":
                yield told
