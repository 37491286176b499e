"""The shop's rule beside a question back: who is asked which order is meant hears at once what holds for all of them.

Only where nothing else is told and nothing was refused. A page that says nothing of the matter adds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from mingbai.shop.skills import asks, house, modify, proof, return_rule, sentences, too_late
from mingbai.shop.skills.scene import Scene
from mingbai.values.records import OrderState
from mingbai.values.turn import Evidence, Fact, Intent

_ADDRESS = re.compile(
    r"发货前[^。]*改地址|改地址[^。]*发货前|(?i:address[^.]*(?:until|before) (?:it is )?dispatch|(?:until|before) dispatch[^.]*address)"
)
_CANCEL_BACK = re.compile(r"(?:取消|没发货|未发货)[^。]*退款|(?i:cancel\w*[^.]*(?:day|refund|way you paid))")
_EXCHANGE = re.compile(
    r"(?:天内|以内)[^。]*可以?换|(?i:within \d+ days[^.]*exchange|exchange[^.]*within \d+ days)"
)
_AFTER_ARRIVAL = re.compile(
    r"收到[^。]*验货[^。]*退款|(?i:inspected? [^.]*(?:refund|arriv)|after the warehouse has received)"
)
_PAID = re.compile(r"已付款|未发货|待发货|^(?i:paid)")
_WAY = re.compile(r"改成|改为|换成|换个|颜色|尺码|规格|[\u4e00-\u9fff]色|(?i:\bcolou?r|\bsize|\bvariant)")
_OF_RETURNS = (
    "return.no_reason",
    "return.postage",
    "return.withdrawal",
    "return.address",
    "product.no_return",
    "product.no_reason",
)


def beside(scene: Scene, found: Evidence) -> Evidence:
    """The evidence with the rule, where it only asks for an order's number or which of several is meant."""
    only_asks = found.needs and all(n.slot in ("order_no", "phone_tail") for n in found.needs)
    if not only_asks or found.refusals or found.proposal or any(f.must for f in found.facts):
        return found
    tell = _RULES.get(found.intent)
    told = tell(replace(scene, intent=found.intent)) if tell else ()
    return replace(found, facts=(*told, *found.facts), passages=()) if told else found


def _cancel(scene: Scene) -> tuple[Fact, ...]:
    return house.told(scene, ("refund", "order_change"), _CANCEL_BACK)


def _change_address(scene: Scene) -> tuple[Fact, ...]:
    return house.told(scene, ("delivery", "order_change"), _ADDRESS)


def _modify(scene: Scene) -> tuple[Fact, ...]:
    if modify.NOTE.search(scene.text):
        return house.told(
            scene,
            ("order_change", "gift"),
            modify.NOTE_RULE,
            modify.CARD if modify.OF_A_CARD.search(scene.text) else modify.NOTE_RULE,
        )
    if modify.OF_PARCELS.search(scene.text):
        return too_late.in_state(scene, OrderState.PAID, too_late.MERGE)
    return too_late.in_state(scene, OrderState.PAID, too_late.VARIANT) if _WAY.search(scene.text) else ()


def _exchange(scene: Scene) -> tuple[Fact, ...]:
    return house.told(scene, ("exchange",), _EXCHANGE)


def _refund(scene: Scene) -> tuple[Fact, ...]:
    return (
        house.told(scene, ("refund", "return_right"), _AFTER_ARRIVAL) if asks.WHEN.search(scene.text) else ()
    )


def _return(scene: Scene) -> tuple[Fact, ...]:
    """Only where something is asked: 我要退货 wants no lecture before it has begun."""
    side = (asks.POSTAGE, asks.WHERE_TO, asks.WHEN, return_rule.POLICY)
    if not (sentences.asks(scene.text) and any(it.search(scene.text) for it in side)):
        return ()
    facts = return_rule.general(scene, proof.OrderArguments()).facts
    return tuple(f for f in facts if f.must and f.name in _OF_RETURNS)


_RULES: dict[Intent, Callable[[Scene], tuple[Fact, ...]]] = {
    Intent.CANCEL_ORDER: _cancel,
    Intent.CHANGE_ADDRESS: _change_address,
    Intent.MODIFY_ORDER: _modify,
    Intent.EXCHANGE: _exchange,
    Intent.REFUND_STATUS: _refund,
    Intent.RETURN_RIGHT: _return,
    Intent.START_RETURN: _return,
}
