"""A request for a return or an exchange: within the clocks, once, and looked at when the goods are back."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date

from mingbai.shop.skills import articles, goods, pages, proof, return_rule, returns, rights, say, stock
from mingbai.shop.skills.change import having, target
from mingbai.shop.skills.orders import lines_fact, state
from mingbai.shop.skills.refunds import request
from mingbai.shop.skills.scene import Row, Scene
from mingbai.shop.skills.skill import Plan, said
from mingbai.shop.skills.writes import change, plan, refused
from mingbai.values.errors import Text
from mingbai.values.money import Money
from mingbai.values.records import Line, Order, OrderState, Return, ReturnState
from mingbai.values.turn import Evidence, Fact, Intent, Need

_WHOLE = re.compile(r"整单|全部|全退|都退|一起退|所有|(?i:whole order|everything|all of (?:it|them))")


@dataclass(frozen=True, slots=True)
class ReturnArguments:
    order_no: str = said("订单号", "order number")
    phone_tail: str = said("收货手机号的后四位", "last four digits of the phone number on the order")
    product: str = said("退订单里的哪一件", "which article of the order")
    color: str = said("换成什么颜色（换货时）", "the new colour, for an exchange")
    size: str = said("换成什么尺码（换货时）", "the new size, for an exchange")
    reason: str = said("原因", "the reason")


def start_return(scene: Scene, asked: ReturnArguments) -> Plan | Evidence:
    """A request for a return, within the clocks. It is a request: the goods are looked at when they are back."""
    ready = _ready(scene, asked)
    if isinstance(ready, Evidence):
        return ready
    row, lines = ready
    order = row.record
    faulty = bool(rights.QUALITY.search(asked.reason))
    if not faulty and (no := _not_now(scene, row, lines)) is not None:
        return no
    whole = len(lines) > 1
    amount = _worth(lines)
    names = articles.titles(scene, lines)
    payer = "seller" if faulty else "insurer" if order.freight_insurance else "buyer"
    exact = ReturnArguments(
        order.order_no, "", "" if whole else lines[0].record.line_no, "", "", _reason(asked.reason)
    )
    rows = [_new(scene, order, line, exact, "return", payer) for line in lines]
    post_zh = {
        "seller": "运费由我们承担",
        "insurer": "寄回运费先由您付，有运费险，赔付以保险公司为准",
        "buyer": "寄回运费由您承担",
    }[payer]
    post_en = {
        "seller": "we pay the postage",
        "insurer": "you pay the way back first; the insurer decides what its cover pays",
        "buyer": "you pay the way back",
    }[payer]
    money_zh = f"，预计退 {say.money(amount)}" if amount else ""
    money_en = f", about {say.money(amount)} would be refunded" if amount else ""
    return plan(
        scene, "start_return", exact,
        Text(f"要为订单 {order.order_no} 的《{names.zh}》申请退货{money_zh}，{post_zh}。", f"A return of {names.en} in order {order.order_no} would be requested{money_en}; {post_en}."),
        Text(f"退货申请已提交，申请号 {'、'.join(r.return_no for r in rows)}。", f"The return is requested; its number is {', '.join(r.return_no for r in rows)}."),
        *(change(r) for r in rows), order_no=order.order_no, amount=amount,
    )  # fmt: skip


def exchange(scene: Scene, asked: ReturnArguments) -> Plan | Evidence:
    """Another variant of the same article, in stock, within seven days."""
    ready = _ready(scene, asked)
    if isinstance(ready, Evidence):
        return ready
    row, lines = ready
    order = row.record
    if order.country not in ("CN", "HK", "MO", "TW", ""):
        cited = pages.cite(scene, ("exchange",), "德国 美国 不直接换货 Germany United States")
        return refused(
            scene,
            "这个国家的订单不直接换货，请退货后重新下单。",
            "Orders from abroad are not exchanged directly; please return and order again.",
            Evidence(scene.intent, facts=(state(scene, row, must=False),), passages=cited),
        )
    faulty = bool(rights.QUALITY.search(asked.reason))
    if not faulty and (no := _not_now(scene, row, lines)) is not None:
        return no
    if len(lines) != 1:
        return _which_line(scene, row, lines)
    line = lines[0]
    if not (asked.color or asked.size) and not faulty:
        need = Need("size", "请问要换成什么颜色或尺码？", "Which colour or size would you like instead?")
        return Evidence(
            scene.intent,
            facts=(lines_fact(scene, order.order_no),),
            needs=(need,),
            passages=pages.cite(scene, ("exchange",)),
        )
    wish_zh, wish_en = "同款", "the same"
    if asked.color or asked.size:
        found = target(scene, line, asked.color, asked.size)
        if found is None or found.lacking or len(found.variants) != 1:
            facts = tuple(stock.of_goods(scene, found)) if found else ()
            return Evidence(
                scene.intent, facts=facts or (lines_fact(scene, order.order_no),), handoff=found is None
            )
        there = list(stock.of_goods(scene, found))
        if not any(f.name == "stock.available" for f in there):
            return refused(
                scene,
                "要换的规格现在没有货，可以等补货，也可以退货。",
                "What you want instead is out of stock: wait for it, or return.",
                Evidence(scene.intent, facts=tuple(there)),
            )
        wish_zh, wish_en = goods.variant_zh(found.variants[0]), goods.variant_en(found.variants[0])
    payer = "seller" if faulty else "insurer" if order.freight_insurance else "buyer"
    name = articles.title(scene, line.record)
    reason = _reason(f"换{wish_zh}：{asked.reason}")
    exact = ReturnArguments(
        order.order_no, "", line.record.line_no, asked.color, asked.size, _reason(asked.reason)
    )
    made = replace(_new(scene, order, line, exact, "exchange", payer), reason=reason, amount=None)
    post_zh = {
        "seller": "来回运费由我们承担",
        "insurer": "寄回运费先由您付，有运费险，赔付以保险公司为准",
        "buyer": "寄回运费由您承担",
    }[payer]
    post_en = {
        "seller": "we pay both ways",
        "insurer": "you pay the way back first; the insurer decides what its cover pays",
        "buyer": "you pay the way back",
    }[payer]
    return plan(
        scene, "exchange", exact,
        Text(f"要为订单 {order.order_no} 的《{name.zh}》申请换成{wish_zh}，{post_zh}。", f"An exchange of {name.en} in order {order.order_no} for {wish_en} would be requested; {post_en}."),
        Text(f"换货申请已提交，申请号 {made.return_no}。", f"The exchange is requested; its number is {made.return_no}."),
        change(made), order_no=order.order_no,
    )  # fmt: skip


def _ready(scene: Scene, asked: ReturnArguments) -> tuple[Row[Order], list[Row[Line]]] | Evidence:
    """A delivered order without an open request, and the lines that are meant."""
    row = proof.find(
        scene,
        proof.OrderArguments(asked.order_no, asked.phone_tail, product=asked.product),
        lambda o: o.received_at is not None,
    )
    if isinstance(row, Evidence):
        return row if row.refusals else _how(scene, row)
    order = row.record
    lines = returns.chosen_lines(scene, order, asked.product)
    open_now = [
        r
        for r in scene.rows(Return, order_no=order.order_no)
        if r.record.state in returns.OPEN_RETURN
        and r.record.line_no in ("", *(x.record.line_no for x in lines))
    ]
    if open_now:
        return Evidence(scene.intent, tuple(f for r in open_now for f in request(scene, order, r)))
    if order.state not in (OrderState.DELIVERED, OrderState.COMPLETED) or order.received_at is None:
        asked_order = proof.OrderArguments(order.order_no)
        facts = (
            state(scene, row),
            *(f for f in returns.return_right(scene, asked_order).facts if f.name == "return.not_received"),
        )
        return refused(
            scene,
            "现在还不能申请退换。",
            "A return or exchange cannot be requested yet.",
            Evidence(scene.intent, facts=facts),
        )
    if not lines:  # the files told no articles of it: a person knows which it is
        return Evidence(scene.intent, facts=(state(scene, row),), handoff=True)
    if len(lines) > 1 and scene.intent is Intent.EXCHANGE and (asked.color or asked.size):
        lines = having(scene, lines, asked.color, asked.size) or lines
    if len(lines) > 1 and not _WHOLE.search(f"{scene.text}{asked.reason}"):
        no = None if rights.QUALITY.search(asked.reason) else _not_now(scene, row, lines)
        if no is not None and _over(scene, no.facts):
            return no  # too late for every article: it is not asked which
        return _which_line(scene, row, lines)
    return row, lines


def _how(scene: Scene, asking: Evidence) -> Evidence:
    """Until the order is known: how it is done, by the page of the country that is spoken of."""
    text = scene.text.casefold()
    abroad = any(w in text for w in ("德国", "欧盟", "撤回", "germany", "withdraw", " eu "))
    if scene.asker.customer or asking.facts:
        return asking
    facts = tuple(
        f
        for f in (return_rule.address(scene, "DE" if abroad else "CN"),)
        if f and return_rule.ASKS_ADDRESS.search(scene.text)
    )
    topic = "exchange" if scene.intent is Intent.EXCHANGE else "return_right"
    return replace(
        asking, facts=facts, passages=pages.cite(scene, (topic,), country="DE" if abroad else "CN")
    )


def _which_line(scene: Scene, row: Row[Order], lines: list[Row[Line]]) -> Evidence:
    named = articles.titles(scene, lines)
    titles = [articles.title(scene, line.record) for line in lines]
    names = tuple(t.zh if scene.says_zh else t.en for t in titles)
    need = Need(
        "product",
        f"请问是哪一件：{named.zh}，还是整单？",
        f"Which article: {named.en}, or the whole order?",
        names,
    )
    return Evidence(scene.intent, facts=(state(scene, row, must=False),), needs=(need,))


def _not_now(scene: Scene, row: Row[Order], lines: list[Row[Line]]) -> Evidence | None:
    """The clock is over or the article excepted: the rule is said, and a person may still look (PIPL art. 24)."""
    evidence = returns.return_right(
        scene,
        proof.OrderArguments(row.record.order_no, product=lines[0].record.line_no if len(lines) == 1 else ""),
    )
    facts = evidence.facts
    barred = [f for f in facts if f.name == "return.exception"]
    over = _over(scene, facts)
    none = [f for f in facts if f.name == "return.no_rule"]
    if not (barred or over or none):
        return None
    kept = tuple(f for f in facts if f.must)
    return refused(
        scene, "按规则现在不能申请无理由退换；如果是质量问题请告诉我，也可以转人工。",
        "By the rules it cannot be returned without a reason now; tell me if it is defective, or ask for a person.",
        Evidence(scene.intent, facts=kept),
    )  # fmt: skip


def _over(scene: Scene, facts: tuple[Fact, ...]) -> list[Fact]:
    """The clocks that have run out."""
    return [
        f
        for f in facts
        if f.name in ("return.no_reason_until", "return.withdrawal_until")
        and isinstance(f.value, date)
        and f.value < scene.today
    ]


def _worth(lines: list[Row[Line]]) -> Money | None:
    paid = [
        line.record.paid
        or (line.record.unit_price * line.record.quantity if line.record.unit_price else None)
        for line in lines
    ]
    known = [p for p in paid if p is not None]
    return (
        Money(sum(p.minor for p in known), known[0].currency) if known and len(known) == len(lines) else None
    )


def _reason(text: str) -> str:
    return text.strip()[:200]


def _new(
    scene: Scene, order: Order, line: Row[Line], exact: ReturnArguments, kind: str, payer: str
) -> Return:
    """Its number comes from what is asked and what was asked before, so that planning it again gives the same one."""
    before = len(scene.rows(Return, order_no=order.order_no))
    seed = f"{scene.shop} {order.order_no} {line.record.line_no} {kind} {before}"
    digits = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4]) % 10**6
    on = say.local(scene.now, scene.now)
    return Return(
        return_no=f"R{on:%Y%m%d}-{digits:06d}", order_no=order.order_no, kind=kind, state=ReturnState.REQUESTED,
        line_no=line.record.line_no, reason=exact.reason, quantity=line.record.quantity,
        amount=_worth([line]), postage_by=payer, requested_at=scene.now,
    )  # fmt: skip
