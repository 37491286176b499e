"""Where a refund stands, and when the money arrives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from mingbai.shop.skills import articles, pages, proof, return_rule, rights, say
from mingbai.shop.skills.orders import stage, state
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.errors import Text
from mingbai.values.records import Line, Order, Return, ReturnState
from mingbai.values.turn import Evidence, Fact
from mingbai.zh import calendar

_OPEN = (ReturnState.REQUESTED, ReturnState.APPROVED, ReturnState.SENT_BACK, ReturnState.RECEIVED)
_INSPECTION = re.compile(r"验货（(\d+) 小时内）|inspection within (\d+) hours")
_WORKDAYS = re.compile(r"(\d+)\s*[–-]\s*(\d+) 个工作日内退款|within (\d+)[–-](\d+) working days after")


def refund_status(scene: Scene, asked: proof.OrderArguments) -> Evidence:
    """Every request of the order with its state, amount and the next date."""
    waiting = [row for row in scene.own_orders() if _is_open(scene, row.record)]
    fits = _is_open if len(waiting) == 1 else _has_request  # the one that is on its way is meant
    row = proof.find(scene, asked, lambda order: fits(scene, order))
    if isinstance(row, Evidence):
        return row
    order = row.record
    requests = sorted(scene.rows(Return, order_no=order.order_no), key=lambda r: r.record.return_no)
    facts = [fact for each in requests for fact in request(scene, order, each)]
    if not requests:
        facts += _without_request(scene, row)
    facts += [state(scene, row, must=not requests), *stage(scene, row)]
    return Evidence(scene.intent, tuple(facts), pages.cite(scene, ("refund",), f"{scene.text} 到账 时间"))


def _is_open(scene: Scene, order: Order) -> bool:
    return any(row.record.state in _OPEN for row in scene.rows(Return, order_no=order.order_no))


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


def request(scene: Scene, order: Order, row: Row[Return]) -> Iterator[Fact]:
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
    if r.state is ReturnState.REJECTED and r.reason:
        yield scene.fact(
            "refund.reason", r.reason, f"申请的原因：{r.reason.rstrip('。')}。", f'The reason given with it: "{r.reason}".', row,
            about=no, must=False,
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
    found = return_rule.address(scene, order.country, order.order_no)
    if found is not None:
        yield found
