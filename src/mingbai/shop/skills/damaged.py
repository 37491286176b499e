"""Broken, missing, wrong or never arrived: the rule with its hours, what a person will need, and the person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from mingbai.shop.skills import asks, house, meant, pages, proof, say, warranty
from mingbai.shop.skills.lines import chosen_lines
from mingbai.shop.skills.orders import lines_fact, state, where_is_order
from mingbai.shop.skills.person import PersonArguments, hours
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Order, OrderState
from mingbai.values.turn import Evidence, Fact, Need

_PHOTO = Need(
    "photo", "请发三张照片：外箱、面单、有问题的商品。", "Please send three photos: the box, its label, and the item."
)  # fmt: skip
_REMEDY = re.compile(r"照片[^。]*(?:补发|退款|换)|(?i:photos?[^.]*(?:send it again|refund|replace))")
_HOURS = re.compile(r"(\d+) ?小时内|(?i:within (\d+) hours)")
_LATER = re.compile(r"超过 ?\d+ ?小时[^。]*|(?i:hours have passed)")
_AT_DOOR = re.compile(r"当场拒收|(?i:refuse a box)")
_BOTH_WAYS = re.compile(
    r"(?:发错|少发|破损)[^。]*运费|(?i:(?:wrong|missing|broken)[^.]*we pay|we pay both ways)"
)
_NOT_SIGNED = re.compile(r"[签收].{0,4}[吗嘛么]|不签|拒|(?i:\b(?:sign|accept|refuse|reject)\b)")
_SAYS_DELIVERED = re.compile(r"显示签收[^。]*|(?i:says delivered[^.]*)")
_WRONG_ONE = re.compile(
    r"[发寄送](?:错|来(?:的|个|了))|[发寄]成|不是我(?:要|买|拍|下单)|我(?:要|买|拍|订)的是|货不对|(?i:\bwrong (?:item|one|colou?r|size|article|product)\b|\binstead of\b|\bnot what i ordered\b|\bi (?:ordered|have paid for|paid for)\b)"
)
_HAVE = (OrderState.DELIVERED, OrderState.COMPLETED, OrderState.SHIPPED, OrderState.PART_SHIPPED)


def damaged_or_missing(scene: Scene, asked: PersonArguments) -> Evidence:
    """What the shop does about it and until when, what is needed (order, article, photos), and a person."""
    row = proof.find(
        scene,
        proof.OrderArguments(asked.order_no, asked.phone_tail, product=asked.product),
        lambda order: order.state in _HAVE,
    )
    if isinstance(row, Evidence):
        facts = (*_rule(scene, None), *_hours(scene))
        return Evidence(
            scene.intent, facts, pages.cite(scene, ("quality",)), needs=(*row.needs, _PHOTO),
            refusals=row.refusals, handoff=True,
        )  # fmt: skip
    if meant.not_got(scene.text):  # where it was last seen, beside the person who looks for it
        seen = where_is_order(scene, proof.OrderArguments(row.record.order_no)).facts
        told = house.told(scene, ("delivery",), _SAYS_DELIVERED, of=row.record.order_no)
        return Evidence(scene.intent, (*seen, *told, *_hours(scene)), handoff=True)
    lines = chosen_lines(scene, row.record, asked.product)
    every = lines_fact(scene, row.record.order_no)
    needs: tuple[Need, ...] = (_PHOTO,)
    if len(lines) > 1 and not asked.product:
        needs = (Need("product", "请问是订单里的哪一件？", "Which item in the order is it?"), _PHOTO)
    covered = [f for line in lines for f in warranty.covered(scene, row, line)] if len(lines) == 1 else []
    facts = (state(scene, row, must=False), every, *_rule(scene, row), *covered, *_hours(scene))
    return Evidence(scene.intent, facts, pages.cite(scene, ("quality",)), needs=needs, handoff=True)


def _rule(scene: Scene, row: Row[Order] | None) -> Iterator[Fact]:
    """What the shop does, by its page on damage; and until when it wants to know of it."""
    no = row.record.order_no if row else ""
    if (row is None or row.record.received_at is None) and _NOT_SIGNED.search(scene.text):
        yield from house.told(scene, ("quality",), _AT_DOOR, of=no)
    said = house.find(scene, ("quality",), _REMEDY)
    if said is not None:
        yield house.fact(scene, said, of=no)
        hours_said = _HOURS.search(said.zh) or _HOURS.search(said.en)
        if row is not None and row.record.received_at is not None and hours_said is not None:
            until = row.record.received_at + timedelta(hours=int(hours_said[1] or hours_said[2]))
            at = say.moment(until, scene.now)
            if until >= scene.now:
                yield scene.fact(
                    "damaged.until", until, f"这一单到 {at.zh} 为止。", f"For this order, that means until {at.en}.", row,
                    *said.page.rows, about=no,
                )  # fmt: skip
            else:
                yield from house.told(scene, ("quality",), _LATER, of=no)
    if asks.POSTAGE.search(scene.text) or _WRONG_ONE.search(scene.text):
        yield from house.told(scene, ("return_right", "quality"), _BOTH_WAYS, of=no)


def _hours(scene: Scene) -> tuple[Fact, ...]:
    """When people answer need only be said where nobody does now."""
    found = tuple(hours(scene))
    open_now = any(f.name == "handoff.open_now" and f.value is True for f in found)
    return tuple(replace(f, must=False) for f in found) if open_now else found
