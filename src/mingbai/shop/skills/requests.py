"""What a request for a return and one for an exchange share: the order and lines that are meant, the clocks, the row."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date

from mingbai.shop.skills import articles, asks, house, pages, proof, return_rule, returns, rights, say
from mingbai.shop.skills.lines import chosen_lines
from mingbai.shop.skills.orders import state
from mingbai.shop.skills.refunds import request
from mingbai.shop.skills.scene import Row, Scene
from mingbai.shop.skills.skill import said
from mingbai.shop.skills.too_late import refusing
from mingbai.shop.skills.writes import refused
from mingbai.values.money import Money
from mingbai.values.records import Line, Order, OrderState, Return, ReturnState
from mingbai.values.turn import Evidence, Fact, Need

_SENT = (OrderState.SHIPPED, OrderState.PART_SHIPPED)
# A request that was refused before is asked after, not made anew.
_CLOCKS = ("return.no_reason_until", "return.withdrawal_until")
_OF_A_FAULT = ("return.quality_until", "return.quality", "return.sanbao_until")
_ABROAD = re.compile(r"德国|欧盟|撤回|(?i:germany|withdraw|\beu\b)")


@dataclass(frozen=True, slots=True)
class ReturnArguments:
    order_no: str = said("订单号", "order number")
    phone_tail: str = said("收货手机号的后四位", "last four digits of the phone number on the order")
    product: str = said("退订单里的哪一件", "which article of the order")
    color: str = said("换成什么颜色（换货时）", "the new colour, for an exchange")
    size: str = said("换成什么尺码（换货时）", "the new size, for an exchange")
    reason: str = said("原因", "the reason")


@dataclass(frozen=True, slots=True)
class Ready:
    """A delivered order without an open request, and the lines that are meant; `several`: it is to be asked which."""

    row: Row[Order]
    lines: list[Row[Line]]
    several: bool = False

    @property
    def order(self) -> Order:
        return self.row.record


def ready(scene: Scene, asked: ReturnArguments, topic: str) -> Ready | Evidence:
    row = proof.find(
        scene,
        proof.OrderArguments(asked.order_no, asked.phone_tail, product=asked.product),
        lambda o: o.received_at is not None,
    )
    if isinstance(row, Evidence):
        return row if row.refusals else _how(scene, row, asked, topic)
    order = row.record
    lines = chosen_lines(scene, order, asked.product)
    before = _requests(scene, order, lines)
    open_now = [r for r in before if r.record.state in returns.OPEN_RETURN]
    refused_now = [r for r in before if r.record.state is ReturnState.REJECTED]
    if open_now:
        return Evidence(scene.intent, tuple(f for r in open_now for f in request(scene, order, r)))
    if refused_now and asks.REFUSED.search(scene.text):
        rule = returns.return_right(scene, proof.OrderArguments(order.order_no)).facts
        told = [f for r in refused_now for f in request(scene, order, r)]
        return Evidence(scene.intent, (*told, *(f for f in rule if f.must)))
    if order.state not in (OrderState.DELIVERED, OrderState.COMPLETED) or order.received_at is None:
        return _not_there(scene, row)
    if not lines:  # the files told no articles of it: a person knows which it is
        return Evidence(scene.intent, facts=(state(scene, row),), handoff=True)
    several = len(lines) > 1 and not asks.WHOLE.search(f"{scene.text}{asked.reason}")
    return Ready(row, lines, several)


def _requests(scene: Scene, order: Order, lines: list[Row[Line]]) -> list[Row[Return]]:
    of = ("", *(line.record.line_no for line in lines))
    return [r for r in scene.rows(Return, order_no=order.order_no) if r.record.line_no in of]


def _not_there(scene: Scene, row: Row[Order]) -> Evidence:
    """Nothing to send back yet: cancel it, or refuse the parcel at the door."""
    order = row.record
    right = returns.return_right(scene, proof.OrderArguments(order.order_no)).facts
    kept = ("return.not_received", "refund.amount", "page.refund", "page.order_change", "order.balance")
    facts = [state(scene, row), *(f for f in right if f.name in kept)]
    if order.state in _SENT:
        facts += [f for f in right if f.name in ("return.no_reason", "return.withdrawal")]
        facts += refusing(scene, order)
    return refused(
        scene,
        "现在还不能申请退换。",
        "A return or exchange cannot be requested yet.",
        Evidence(scene.intent, facts=tuple(dict.fromkeys(facts))),
    )


def _how(scene: Scene, asking: Evidence, asked: ReturnArguments, topic: str) -> Evidence:
    """Until the order is known: how it is done, by the page of the country that is spoken of."""
    abroad = bool(_ABROAD.search(scene.text))
    if scene.asker.customer or asking.facts:
        return asking
    facts = tuple(
        f
        for f in (return_rule.address(scene, "DE" if abroad else "CN"),)
        if f and asks.WHERE_TO.search(scene.text)
    )
    if asked.product:  # its right is told beside this, and not the page as a whole
        return replace(asking, facts=facts)
    return replace(
        asking, facts=facts, passages=pages.cite(scene, (topic,), country="DE" if abroad else "CN")
    )


def which_line(scene: Scene, found: Ready) -> Evidence:
    titles = [articles.named(scene, line.record) for line in found.lines]
    names = tuple(t.zh if scene.says_zh else t.en for t in titles)
    need = Need(
        "product",
        f"请问是哪一件：{'、'.join(t.zh for t in titles)}，还是整单？",
        f"Which item: {', '.join(t.en for t in titles)}, or the whole order?",
        names,
    )
    facts = (state(scene, found.row, must=False), *clocks(scene, found))
    return Evidence(scene.intent, facts=facts, needs=(need,))


def _right(scene: Scene, found: Ready) -> tuple[Fact, ...]:
    one = found.lines[0].record.line_no if len(found.lines) == 1 else ""
    return returns.return_right(scene, proof.OrderArguments(found.order.order_no, product=one)).facts


def clocks(scene: Scene, found: Ready) -> list[Fact]:
    """Until when it may be asked for, and of a fault who pays, with the rule."""
    wanted = _OF_A_FAULT if rights.is_faulty(scene.text, scene.fault) else _CLOCKS
    return [f for f in _right(scene, found) if f.name in wanted]


def not_now(scene: Scene, found: Ready) -> Evidence | None:
    """The clock is over or the article excepted: the rule is said, and a person may still look (PIPL art. 24)."""
    facts = _right(scene, found)
    barred = [f for f in facts if f.name == "return.exception"]
    none = [f for f in facts if f.name == "return.no_rule"]
    if not (barred or over(scene, facts) or none):
        return None
    kept = tuple(f for f in facts if f.must and f.name != "return.postage")
    return refused(
        scene, "按规则现在不能申请无理由退换；如果是质量问题请告诉我，也可以转人工。",
        "Under the rules it can no longer be returned without a reason; tell me if it is faulty, or ask for a person.",
        Evidence(scene.intent, facts=kept),
    )  # fmt: skip


def over(scene: Scene, facts: tuple[Fact, ...]) -> list[Fact]:
    """The clocks that have run out."""
    return [f for f in facts if f.name in _CLOCKS and isinstance(f.value, date) and f.value < scene.today]


def payer(scene: Scene, order: Order, reason: str) -> str:
    """Who pays the way back: seller for a fault, else the insurer or the buyer."""
    if rights.is_fault(reason):
        return "seller"
    return "insurer" if order.freight_insurance else "buyer"


def worth(lines: list[Row[Line]]) -> Money | None:
    paid = [
        line.record.paid
        or (line.record.unit_price * line.record.quantity if line.record.unit_price else None)
        for line in lines
    ]
    known = [p for p in paid if p is not None]
    return (
        Money(sum(p.minor for p in known), known[0].currency) if known and len(known) == len(lines) else None
    )


def line_numbers(scene: Scene, found: Ready) -> str:
    """The lines that are meant, so that planning again means the same; "" for all of the order."""
    every = scene.rows(Line, order_no=found.order.order_no)
    return "" if 1 < len(found.lines) == len(every) else ",".join(x.record.line_no for x in found.lines)


def reason(text: str) -> str:
    return text.strip()[:200]


def made(scene: Scene, order: Order, line: Row[Line], kind: str, by: str, why: str) -> Return:
    """Its number comes from what is asked and what was asked before, so that planning it again gives the same one."""
    before = len(scene.rows(Return, order_no=order.order_no))
    seed = f"{scene.shop} {order.order_no} {line.record.line_no} {kind} {before}"
    digits = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4]) % 10**6
    on = say.local(scene.now, scene.now)
    return Return(
        return_no=f"R{on:%Y%m%d}-{digits:06d}", order_no=order.order_no, kind=kind, state=ReturnState.REQUESTED,
        line_no=line.record.line_no, reason=why, quantity=line.record.quantity,
        amount=worth([line]) if kind != "exchange" else None, postage_by=by, requested_at=scene.now,
    )  # fmt: skip


_AFTER = re.compile(r"小时内审核|审核[^。]{0,8}(?:小时|工作日)|(?i:we answer within)")
_SEND_BY = re.compile(r"(?:同意|撤回)后[^。]*寄|(?i:send (?:it|the goods)[^.]*within \d+ days)")


def next_steps(scene: Scene, order: Order) -> tuple[Fact, ...]:
    """What comes after the request: the answer, and until when it has to be sent."""
    country = order.country if order.country and order.country not in ("HK", "MO", "TW") else "CN"
    return house.told(scene, ("return_right",), _AFTER, _SEND_BY, country=country, of=order.order_no)
