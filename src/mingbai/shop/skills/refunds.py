"""Where a refund stands and when the money arrives; a new request for a return or an exchange."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mingbai.shop.skills import articles, goods, pages, proof, returns, rights, say, stock
from mingbai.shop.skills.change import target
from mingbai.shop.skills.orders import lines_fact, stage, state
from mingbai.shop.skills.scene import Row, Scene
from mingbai.shop.skills.skill import Plan, said
from mingbai.shop.skills.writes import change, plan, refused
from mingbai.values.errors import Text
from mingbai.values.money import Money
from mingbai.values.records import Line, Order, OrderState, Return, ReturnState
from mingbai.values.turn import Evidence, Fact, Intent, Need
from mingbai.zh import calendar

_WHOLE = re.compile(r"整单|全部|全退|都退|一起退|所有|(?i:whole order|everything|all of (?:it|them))")
_INSPECTION = re.compile(r"验货（(\d+) 小时内）|inspection within (\d+) hours")
_WORKDAYS = re.compile(r"(\d+)\s*[–-]\s*(\d+) 个工作日内退款|within (\d+)[–-](\d+) working days after")


def refund_status(scene: Scene, asked: proof.OrderArguments) -> Evidence:
    """Every request of the order with its state, amount and the next date."""
    row = proof.find(scene, asked, lambda order: _has_request(scene, order))
    if isinstance(row, Evidence):
        return row
    order = row.record
    requests = sorted(scene.rows(Return, order_no=order.order_no), key=lambda r: r.record.return_no)
    facts = [fact for each in requests for fact in _request(scene, order, each)]
    if not requests:
        facts += _without_request(scene, row)
    facts += [state(scene, row, must=not requests), *stage(scene, row)]
    return Evidence(scene.intent, tuple(facts), pages.cite(scene, ("refund",), f"{scene.text} 到账 时间"))


def _has_request(scene: Scene, order: Order) -> bool:
    return bool(scene.rows(Return, order_no=order.order_no)) or (
        order.refunded is not None and order.refunded.minor > 0
    )


def _without_request(scene: Scene, row: Row[Order]) -> Iterator[Fact]:
    order = row.record
    if order.refunded is not None and order.refunded.minor:
        on = say.moment(order.closed_at, scene.now) if order.closed_at else None
        yield scene.fact(
            "refund.amount", order.refunded, f"已退 {say.money(order.refunded)}，原路退回" + (f"（{on.zh}）。" if on else "。"),
            f"{say.money(order.refunded)} was refunded the way you paid" + (f" ({on.en})." if on else "."), row, about=order.order_no,
        )  # fmt: skip
    else:
        yield scene.fact(
            "refund.none", None, f"订单 {order.order_no} 没有退款或售后申请。", f"There is no refund or after-sales request for order {order.order_no}.",
            row, about=order.order_no,
        )  # fmt: skip


def _request(scene: Scene, order: Order, row: Row[Return]) -> Iterator[Fact]:
    r, no = row.record, order.order_no
    words = say.RETURN_STATES[r.state]
    kind = say.RETURN_KINDS.get(r.kind, Text(r.kind, r.kind))
    line = next((x for x in scene.rows(Line, order_no=no) if x.record.line_no == r.line_no), None)
    name = articles.title(scene, line.record) if line else Text("", "")
    what_zh = f"《{name.zh}》" if line else ""
    what_en = f" of {name.en}" if line else ""
    yield scene.fact(
        "refund.state", r.state.value, f"订单 {no} 的{kind.zh}申请 {r.return_no}{what_zh}：{words.zh}。",
        f"Request {r.return_no} ({kind.en}{what_en}, order {no}): {words.en}.", row, about=no,
    )  # fmt: skip
    if r.amount is not None and r.kind != "exchange":
        zh = (
            f"已退 {say.money(r.amount)}。"
            if r.state is ReturnState.REFUNDED
            else f"退款金额 {say.money(r.amount)}。"
        )
        en = (
            f"{say.money(r.amount)} was refunded."
            if r.state is ReturnState.REFUNDED
            else f"The amount is {say.money(r.amount)}."
        )
        yield scene.fact(
            "refund.amount",
            r.amount,
            zh,
            en,
            row,
            about=no,
            must=r.state not in (ReturnState.REJECTED, ReturnState.WITHDRAWN),
        )
    yield from _when(scene, order, row)


def _when(scene: Scene, order: Order, row: Row[Return]) -> Iterator[Fact]:
    r, no = row.record, order.order_no
    if r.state is ReturnState.REFUNDED and r.refunded_at is not None:
        at = say.moment(r.refunded_at, scene.now)
        yield scene.fact(
            "refund.at",
            r.refunded_at,
            f"{at.zh} 原路退出，到账时间看付款方式。",
            f"It was sent back the way you paid on {at.en}; when it arrives depends on that.",
            row,
            about=no,
        )
    elif r.state is ReturnState.RECEIVED and r.received_at is not None and r.kind != "exchange":
        at = say.moment(r.received_at, scene.now)
        yield scene.fact(
            "refund.received_at",
            r.received_at,
            f"仓库 {at.zh} 收到退货。",
            f"Our warehouse received it on {at.en}.",
            row,
            about=no,
            must=False,
        )
        last = say.local(r.received_at, scene.now).date() + timedelta(days=7)
        due, page = _due(scene, r)
        if due is not None and due >= scene.today:
            on = say.day(due, scene.now)
            yield scene.fact(
                "refund.due",
                due,
                f"验货后退款，最晚 {on.zh}退出。",
                f"It is inspected and refunded by {on.en} at the latest.",
                row,
                *(page.rows if page else ()),
                about=no,
                rule=rights.REFUND_7,
            )
        elif order.country in ("", "CN"):
            on = say.day(last, scene.now)
            late = scene.today > last
            zh = f"按规定应在 {on.zh}前退款" + (
                "，现在已经超过了，抱歉，可以请人工马上处理。" if late else "。"
            )
            en = f"It has to be refunded by {on.en}" + (
                "; that has passed, we are sorry, a person can see to it now." if late else "."
            )
            yield scene.fact("refund.due", last, zh, en, row, about=no, rule=rights.REFUND_7)
    elif r.state is ReturnState.APPROVED and r.kind != "refund_only":
        yield from _where_to(scene, order)
    elif r.state is ReturnState.SENT_BACK and r.tracking_no:
        yield scene.fact(
            "refund.tracking_no",
            r.tracking_no,
            f"寄回的运单号 {r.tracking_no}。",
            f"The way back has tracking number {r.tracking_no}.",
            row,
            about=no,
            must=False,
        )


def _due(scene: Scene, r: Return) -> tuple[date | None, pages.Page | None]:
    """Inspection and working days as the shop's page on refunds has them; never after the law's seven days."""
    assert r.received_at is not None
    start = say.local(r.received_at, scene.now)
    for page in pages.pages(scene, "refund"):
        text = " ".join(row.record.text for row in page.rows)
        hours, days = _INSPECTION.search(text), _WORKDAYS.search(text)
        if hours and days:
            inspected = start + timedelta(hours=int(hours[1] or hours[2]))
            due = calendar.add_workdays(inspected.date(), int(days[2] or days[4]))
            return min(due, start.date() + timedelta(days=7)), page
    return None, None


def _where_to(scene: Scene, order: Order) -> Iterator[Fact]:
    found = returns.address(scene, order.country, order.order_no)
    if found is not None:
        yield found


# ---- new requests


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
        return Evidence(scene.intent, tuple(f for r in open_now for f in _request(scene, order, r)))
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
    if len(lines) > 1 and not _WHOLE.search(f"{scene.text}{asked.reason}"):
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
        for f in (returns.address(scene, "DE" if abroad else "CN"),)
        if f and returns.ASKS_ADDRESS.search(scene.text)
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
    over = [
        f
        for f in facts
        if f.name in ("return.no_reason_until", "return.withdrawal_until")
        and isinstance(f.value, date)
        and f.value < scene.today
    ]
    none = [f for f in facts if f.name == "return.no_rule"]
    if not (barred or over or none):
        return None
    kept = tuple(f for f in facts if f.must)
    return refused(
        scene, "按规则现在不能申请无理由退换；如果是质量问题请告诉我，也可以转人工。",
        "By the rules it cannot be returned without a reason now; tell me if it is defective, or ask for a person.",
        Evidence(scene.intent, facts=kept),
    )  # fmt: skip


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
