"""Where a refund stands, what it came to and why, and when the money arrives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from mingbai.shop.skills import (
    articles,
    asks,
    conditions,
    excepted,
    house,
    pages,
    places,
    proof,
    return_rule,
    rights,
    say,
)
from mingbai.shop.skills.orders import stage, state
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.errors import Text
from mingbai.values.records import Line, Order, OrderState, Product, Return, ReturnState
from mingbai.values.turn import Evidence, Fact
from mingbai.zh import calendar

_OPEN = (ReturnState.REQUESTED, ReturnState.APPROVED, ReturnState.SENT_BACK, ReturnState.RECEIVED)
_ENDED = (ReturnState.REFUNDED, ReturnState.EXCHANGED, ReturnState.REJECTED, ReturnState.WITHDRAWN)
_INSPECTION = re.compile(r"验货（(\d+) 小时内）|inspection within (\d+) hours")
_WORKDAYS = re.compile(r"(\d+)\s*[–-]\s*(\d+) 个工作日内退款|within (\d+)[–-](\d+) working days after")
# What pages say of each step, in the words of the trade.
_REVIEWED = re.compile(r"小时内审核|审核[^。]{0,8}(?:小时|工作日)|(?i:we answer within|reviewed within)")
_SEND_BY = re.compile(r"同意后[^。]*寄|(?i:send it within \d+ days after)")
_AFTER_ARRIVAL = re.compile(
    r"收到[^。]*验货[^。]*退款|(?i:inspected? [^.]*(?:refund|arriv)|after the warehouse has received)"
)
_NEW_ONE = re.compile(r"寄出新|新的寄|(?i:send the new one|new one within)")
_ONLY_MONEY = re.compile(r"仅退款|(?i:refund only)")
_WAYS = (
    (
        re.compile(
            r"(?:海外|国外|境外|外国|台湾|香港|澳门|外币)[^，。]{0,6}(?:信用)?卡|(?i:(?:foreign|overseas|abroad|german|us|american)\b.{0,12}card)"
        ),
        re.compile(r"海外信用卡|(?i:cards from abroad)"),
    ),
    (re.compile(r"信用卡|(?i:credit card)"), re.compile(r"信用卡 ?\d|(?i:credit cards? \d)")),
    (re.compile(r"储蓄卡|借记卡|银行卡|(?i:debit|bank card)"), re.compile(r"储蓄卡|(?i:debit card)")),
    (re.compile(r"支付宝|微信|余额|(?i:alipay|wechat)"), re.compile(r"支付宝|微信|(?i:alipay)")),
)
_MONEY_THERE = re.compile(r"到账时间|(?i:until the money is there)")
_ACCOUNT = re.compile(
    r"(?:哪个|什么|别的|其他|另)[^，。]{0,4}(?:账户|账号|卡)|退到哪|退去哪|原路|换[^，。]{0,4}(?:账户|账号|卡)|(?:户头|停卡|销户|改汇|汇到)|(?i:which (?:card|account)|another (?:card|account)|how .* paid back)"
)
_SAME_WAY = re.compile(
    r"原路(?:返回|退回)[^。]*(?:账户|别的|不能)|(?i:never to another account|back the way they came)"
)
_SHIPPING_KEPT = re.compile(r"去程运费不退|已发货的[^。]*运费不退|(?i:not refunded for a no-reason return)")
_DOOR = re.compile(r"拒收[^。]*扣|(?i:refused parcels?[^.]*deduct|if there was no defect)")
_GIFT_CARD, _TO_CARD = (
    re.compile(r"礼品卡|购物卡|(?i:gift card|present card)"),
    re.compile(r"退回礼品卡|(?i:returns? to the card)"),
)
_BACK = re.compile(r"(?:取消|没发货|未发货)[^。]*退款|(?i:cancel\w*[^.]*(?:day|refund|way you paid))")
_NOTICE = re.compile(r"撤回通知后|(?i:days of your notice)")
_BALANCE_PAID = re.compile(
    r"尾款.{0,4}(?:都|已|付了|交了|付过|付完|付清)|(?:付|交)(?:了|完|清|过).{0,3}尾款|(?i:(?:paid|after) .{0,12}balance|balance .{0,8}paid)"
)
_NOT_PAID = re.compile(
    r"(?:不(?:想|打算|准备|愿|要)?|没|懒得|别)(?:再)?(?:付|交|给)|(?i:\b(?:not|won't|don't)\b.{0,12}pay)"
)
_DEPOSIT_BACK = re.compile(r"定金和尾款都退|(?i:both are refunded)")
_DEPOSIT_KEPT = re.compile(r"定金不退|(?i:deposit is (?:kept|not))")


def refund_status(scene: Scene, asked: proof.OrderArguments) -> Evidence:
    """Every request of the order with its state, amount and the next date."""
    waiting = [row for row in scene.own_orders() if _is_open(scene, row.record)]
    fits = _is_open if len(waiting) == 1 else _has_request  # the one that is on its way is meant
    row = proof.find(scene, asked, lambda order: fits(scene, order))
    if isinstance(row, Evidence):
        return row if row.refusals else _in_general(scene, row)
    order = row.record
    requests = sorted(scene.rows(Return, order_no=order.order_no), key=lambda r: r.record.return_no)
    facts = [fact for each in requests for fact in request(scene, order, each)]
    if not requests:
        facts += amount_back(scene, row) or _none(scene, row)
        facts += _would_be(scene, order)
    if (
        _names_both(scene, order)
        or asks.LESS.search(scene.text)
        or (asks.WHY.search(scene.text) and asks.POSTAGE.search(scene.text))
    ):
        facts += _why_less(scene, row, requests)
    if asks.DEPOSIT.search(scene.text):
        facts += deposit(scene, order)
    facts += _ways(scene, order)
    facts += [state(scene, row, must=not requests), *stage(scene, row)]
    return Evidence(
        scene.intent, tuple(dict.fromkeys(facts)), pages.cite(scene, ("refund",), f"{scene.text} 到账 时间")
    )


def _in_general(scene: Scene, asking: Evidence) -> Evidence:
    """Of no order in particular: how soon, by which way, what of a deposit, as the shop's page has it."""
    facts = [*_ways(scene, None), *conditions.told(scene, return_rule.asker_country(scene) or "CN")]
    if asks.DEPOSIT.search(scene.text):
        facts += deposit(scene)
    if not facts and asks.WHEN.search(scene.text):
        facts += house.told(scene, ("refund", "return_right"), _AFTER_ARRIVAL, _MONEY_THERE)
    if not facts:
        return asking
    mine = return_rule.MINE.search(scene.text)
    return replace(asking, facts=tuple(dict.fromkeys(facts)), needs=asking.needs if mine else ())


def _would_be(scene: Scene, order: Order) -> Iterator[Fact]:
    """What a refund would be like of an order that has none: cancelled at once, or after the goods are back."""
    if order.state in (OrderState.UNPAID, OrderState.PAID):
        yield from house.told(scene, ("refund", "order_change"), _BACK, of=order.order_no)
    elif order.state in (OrderState.DELIVERED, OrderState.COMPLETED) and asks.WHEN.search(scene.text):
        if order.country in places.EU:
            yield from house.told(scene, ("return_right",), _NOTICE, country=order.country, of=order.order_no)
        else:
            yield from house.told(scene, ("refund", "return_right"), _AFTER_ARRIVAL, of=order.order_no)


def _is_open(scene: Scene, order: Order) -> bool:
    return any(row.record.state in _OPEN for row in scene.rows(Return, order_no=order.order_no))


def _has_request(scene: Scene, order: Order) -> bool:
    return bool(scene.rows(Return, order_no=order.order_no)) or (
        order.refunded is not None and order.refunded.minor > 0
    )


def deposit(scene: Scene, order: Order | None = None) -> tuple[Fact, ...]:
    """What becomes of a deposit when the balance is not paid, or when the goods go back after it was."""
    paid = _BALANCE_PAID.search(scene.text) and not _NOT_PAID.search(scene.text)
    about = _DEPOSIT_BACK if paid else _DEPOSIT_KEPT
    return house.told(scene, ("refund", "campaign"), about, of=order.order_no if order else "")


def amount_back(scene: Scene, row: Row[Order]) -> list[Fact]:
    """What went back of an order without a request: a cancelled one."""
    order = row.record
    if order.refunded is None or not order.refunded.minor:
        return []
    on = say.moment(order.closed_at, scene.now) if order.closed_at else None
    back = say.money(order.refunded)
    zh = f"已退 {back}，原路退回" + (f"（{on.zh}）。" if on else "。")
    en = f"{back} was refunded the way you paid" + (f" ({on.en})." if on else ".")
    return [scene.fact("refund.amount", order.refunded, zh, en, row, about=order.order_no)]


def _none(scene: Scene, row: Row[Order]) -> list[Fact]:
    no = row.record.order_no
    if row.record.state is OrderState.CANCELLED and row.record.paid is None:
        zh, en = (
            f"订单 {no} 没有付过款，没有要退的。",
            f"Nothing was paid for order {no}, so nothing is refunded.",
        )
    else:
        zh = f"订单 {no} 没有退款或售后申请。"
        en = f"There is no refund or after-sales request for order {no}."
    return [scene.fact("refund.none", None, zh, en, row, about=no)]


def _ways(scene: Scene, order: Order | None) -> Iterator[Fact]:
    """By the way of paying that is named: how long until the money is there; and that it goes back the same way."""
    no = order.order_no if order else ""
    for said, there in _WAYS:
        if said.search(scene.text) and not _ACCOUNT.search(scene.text):
            yield from house.told(scene, ("refund",), there, of=no)
            break
    if _ACCOUNT.search(scene.text):
        yield from house.told(scene, ("refund",), _SAME_WAY, of=no)
    if _GIFT_CARD.search(scene.text):
        yield from house.told(scene, ("refund",), _TO_CARD, of=no)


def _names_both(scene: Scene, order: Order) -> bool:
    """Whether the message puts what was paid beside what came back."""
    sums = [m for m in (order.paid, order.refunded) if m is not None]
    said = {n.rstrip("0").rstrip(".") if "." in n else n for n in re.findall(r"\d+(?:\.\d+)?", scene.text)}
    return (
        len(sums) == 2
        and sums[0] != sums[1]
        and all(f"{m.major:f}".rstrip("0").rstrip(".") in said for m in sums)
    )


def _why_less(scene: Scene, row: Row[Order], requests: list[Row[Return]]) -> Iterator[Fact]:
    """Paid, and of that delivery; what is deducted and by which rule."""
    order, no = row.record, row.record.order_no
    if order.paid is None:
        return
    paid = say.money(order.paid)
    shipping = order.shipping if order.shipping and order.shipping.minor else None
    of_zh = f"，其中运费 {say.money(shipping)}" if shipping else ""
    of_en = f", of which {say.money(shipping)} for delivery" if shipping else ""
    back = order.refunded or next((r.record.amount for r in requests if r.record.amount), None)
    gap = order.paid - back if back is not None and back.currency == order.paid.currency else None
    less_zh = f"，差额 {say.money(gap)}" if gap and gap.minor > 0 else ""
    less_en = f"; the difference is {say.money(gap)}" if gap and gap.minor > 0 else ""
    yield scene.fact(
        "refund.paid", order.paid, f"订单实付 {paid}{of_zh}{less_zh}。", f"You paid {paid}{of_en}{less_en}.", row, about=no
    )  # fmt: skip
    if gap is None or gap.minor <= 0:
        return
    refused = "拒收" in order.close_reason + " ".join(r.record.reason for r in requests)
    if refused:
        yield from house.told(scene, ("order_change", "delivery"), _DOOR, of=no)
    elif shipping is not None and gap == shipping:
        yield from house.told(scene, ("refund", "return_right"), _SHIPPING_KEPT, of=no)
    else:
        lines = {r.record.line_no for r in requests} - {""}
        rest = [x for x in scene.rows(Line, order_no=no) if lines and x.record.line_no not in lines]
        if rest:
            names = articles.titles(scene, rest)
            yield scene.fact(
                "refund.kept", len(rest), f"没有申请退的商品不退款：{names.zh}。",
                f"Items you did not ask to return are not refunded: {names.en}.", *rest, about=no,
            )  # fmt: skip


# ---- one request


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
    if r.reason and r.state is ReturnState.REJECTED:
        yield scene.fact(
            "refund.reason", r.reason, f"申请的原因：{r.reason.rstrip('。')}。", f'The reason given with it: "{r.reason}".', row,
            about=no, must=bool(asks.WHY.search(scene.text) or asks.REFUSED.search(scene.text)),
        )  # fmt: skip
    if line and r.state is ReturnState.REJECTED and (ex := excepted.of_line(scene, line, _home(order))):
        product = scene.get(Product, line.record.product_no)
        yield excepted.fact(
            scene, name.zh, name.en, ex, no, must=True, product=product.record if product else None
        )
    if r.amount is not None and r.kind != "exchange":
        gone = r.state is ReturnState.REFUNDED
        amount = say.money(r.amount)
        yield scene.fact(
            "refund.amount", r.amount, f"已退 {amount}。" if gone else f"退款金额 {amount}。",
            f"{amount} was refunded." if gone else f"The amount is {amount}.", row, about=no,
            must=r.state not in (ReturnState.REJECTED, ReturnState.WITHDRAWN),
        )  # fmt: skip
    yield from _when(scene, order, row)
    yield from _postage(scene, order, row)


def _when(scene: Scene, order: Order, row: Row[Return]) -> Iterator[Fact]:
    """The next step of a request, with its date where one can be reckoned."""
    r, no = row.record, order.order_no
    if r.state is ReturnState.REFUNDED and r.refunded_at is not None:
        at = say.moment(r.refunded_at, scene.now)
        yield scene.fact(
            "refund.at", r.refunded_at, f"{at.zh} 原路退出，到账时间看付款方式。",
            f"It went back to your original payment method on {at.en}; how soon it arrives depends on that method.", row, about=no,
        )  # fmt: skip
        if not any(said.search(scene.text) for said, _ in _WAYS):
            yield from house.told(scene, ("refund",), _MONEY_THERE, of=no)
    elif r.state is ReturnState.REQUESTED:
        yield from house.told(scene, ("return_right", "refund"), _REVIEWED, country=_home(order), of=no)
        if r.kind == "refund_only":
            yield from house.told(scene, ("refund",), _ONLY_MONEY, of=no)
    elif r.state is ReturnState.APPROVED and r.kind == "refund_only":
        yield from house.told(scene, ("refund",), _ONLY_MONEY, of=no)
    elif r.state is ReturnState.APPROVED:
        yield from _where_to(scene, order)
        yield from house.told(scene, ("return_right",), _SEND_BY, country=_home(order), of=no)
        if r.kind == "return" and asks.WHEN.search(scene.text):
            yield from house.told(scene, ("refund", "return_right"), _AFTER_ARRIVAL, of=no)
        if r.kind == "exchange":
            yield from house.told(scene, ("exchange",), _NEW_ONE, of=no)
    elif r.state in (ReturnState.SENT_BACK, ReturnState.RECEIVED) and r.kind == "exchange":
        yield from house.told(scene, ("exchange",), _NEW_ONE, of=no)
        yield from _way_back(scene, row, no)
    elif r.state is ReturnState.RECEIVED and r.received_at is not None:
        yield from _received(scene, order, row)
    elif r.state is ReturnState.SENT_BACK:
        yield from _on_its_way(scene, order, row)
        yield from _way_back(scene, row, no)


def _received(scene: Scene, order: Order, row: Row[Return]) -> Iterator[Fact]:
    r, no = row.record, order.order_no
    assert r.received_at is not None
    at = say.moment(r.received_at, scene.now)
    yield scene.fact(
        "refund.received_at", r.received_at, f"仓库 {at.zh} 收到退货。", f"Our warehouse received it on {at.en}.", row,
        about=no, must=False,
    )  # fmt: skip
    last = say.local(r.received_at, scene.now).date() + timedelta(days=7)
    due, page = _due(scene, r)
    yield from house.told(scene, ("refund", "return_right"), _AFTER_ARRIVAL, of=no)
    if due is not None and due >= scene.today:
        on = say.day(due, scene.now)
        yield scene.fact(
            "refund.due", due, f"验货后退款，最晚 {on.zh}退出。", f"It will be inspected and refunded by {on.en} at the latest.",
            row, *(page.rows if page else ()), about=no, rule=rights.REFUND_7,
        )  # fmt: skip
    elif order.country in ("", "CN"):
        on = say.day(last, scene.now)
        late = scene.today > last
        zh = f"按规定应在 {on.zh}前退款" + ("，现在已经超过了，抱歉，可以请人工马上处理。" if late else "。")
        en = f"It has to be refunded by {on.en}" + (
            "; that has passed, we are sorry, a person can see to it now." if late else "."
        )
        yield scene.fact("refund.due", last, zh, en, row, about=no, rule=rights.REFUND_7)


def _on_its_way(scene: Scene, order: Order, row: Row[Return]) -> Iterator[Fact]:
    """Sent back, not there yet: from when the money is due. In the EU it is the notice that counts."""
    r, no = row.record, order.order_no
    if order.country in places.EU and r.requested_at is not None:
        due = say.local(r.requested_at, scene.now).date() + timedelta(days=rights.WITHDRAWAL_DAYS)
        on = say.day(due, scene.now)
        yield scene.fact(
            "refund.due", due, f"从收到您撤回通知起 14 天内退款，即 {on.zh}前；可以等收到退货或寄出凭证再退。",
            f"It will be refunded within 14 days of your notice, by {on.en}; we may wait for the goods or proof that you sent them.",
            row, about=no, rule=rights.EU_WITHDRAWAL,
        )  # fmt: skip
        return
    yield from house.told(scene, ("refund", "return_right"), _AFTER_ARRIVAL, of=no)


def _way_back(scene: Scene, row: Row[Return], no: str) -> Iterator[Fact]:
    if (number := row.record.tracking_no) != "":
        yield scene.fact(
            "refund.tracking_no", number, f"寄回的运单号 {number}。", f"The tracking number of your return is {number}.", row,
            about=no, must=False,
        )  # fmt: skip


def _postage(scene: Scene, order: Order, row: Row[Return]) -> Iterator[Fact]:
    """Who pays the way back of a request, as it was agreed."""
    r = row.record
    words = {
        "seller": ("运费由我们承担。", "We pay the postage."),
        "insurer": (
            "寄回的运费先由您付，有运费险，赔付以保险公司为准。",
            "You pay the return postage first; how much the freight insurance covers is up to the insurer.",
        ),
        "buyer": ("寄回的运费由您承担。", "You pay the return postage."),
    }.get(r.postage_by)
    if words is None or r.kind == "refund_only" or r.state in _ENDED:
        return
    must = bool(asks.POSTAGE.search(scene.text)) or r.state is ReturnState.APPROVED
    yield scene.fact("refund.postage", r.postage_by, *words, row, about=order.order_no, must=must)


def _home(order: Order) -> str:
    """The country whose page on returns holds."""
    return order.country if order.country and order.country not in ("HK", "MO", "TW") else "CN"


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
