"""Where an order stands and what is in it: state, promise, lines, money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from mingbai.shop.skills import articles, house, pages, places, regions, say
from mingbai.shop.skills.meant_words import IF_UNPAID
from mingbai.shop.skills.parcels import parcel_facts, parcels
from mingbai.shop.skills.proof import OrderArguments, find
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.money import Money
from mingbai.values.records import Coupon, Line, Order, OrderState, Product, ShipmentState, Stock
from mingbai.values.turn import Evidence, Fact
from mingbai.zh import address_text, romanised

CUSTOM = re.compile(r"定制|刻字|(?i:custom|made to order|engraved)")
MADE = re.compile(
    r"(?:定制|刻字|打样|效果图)[^。]*发货|(?i:(?:custom|engraved|made to order|corporate)[^.]*(?:leave|dispatch|ship|days))"
)
_SAME_DAY = re.compile(r"\d+:\d+ ?前付款[^。；]*当天|(?i:paid (?:before|by) \d+:\d+[^.;]*(?:same|leave))")
_ASKS_LEFT = re.compile(
    r"(?:什么时候|啥时候|几时|何时|哪天|几号|今天|今晚|明天|多久)[^，。]{0,5}[发寄]|(?i:\b(?:when|(?:what|which) (?:day|date))\b.{0,40}\b(?:ship|dispatch|sen[dt]|leave|go(?:es)? out)|\b(?:ship|leave|sent|dispatched)\b.{0,12}\btoday\b)"
)
_ASKS_ARRIVAL = re.compile(
    r"(?:什么时候|啥时候|几时|何时|哪天|几号|几天|多久)[^，。]{0,6}(?:到|收到|送)|(?i:\b(?:when|how long|(?:what|which) (?:day|date))\b.{0,40}\b(?:arrive|get (?:here|to me)|receive|reach|deliver|come|be (?:here|with me)))"
)
# What a shop does when it sends too late.
_LATE = re.compile(r"超时[^。]*(?:补|赔|券|取消)|(?i:(?:later|late|not kept)[^.]*(?:coupon|voucher|cancel))")
# What was paid for an order, and what came off.
PAID_ASKED = re.compile(
    r"(?:付|掏|花)了?(?:你们)?(?:一共|总共)?多少|(?:一共|总共)(?:付|掏|花)|实付(?:多少|是多少|了多少)|用了(?:哪|什么|几)[^，。]{0,4}券|减掉?了?多少|优惠了多少"
    r"|(?i:\b(?:how much|what) (?:did|have) i (?:pay|paid|spen[dt])|\bi (?:paid|spent) (?:in total|altogether|in all)|\bwhich (?:coupons?|codes?|vouchers?) (?:did|went|have|was|were)\b|\b(?:how much|what) (?:exactly )?(?:was|were|got|did|have|has|am|is|do)\b.{0,24}\b(?:charged?|billed?)\b|\bhow much did (?:they|it|the coupons?) take off|\btotal (?:of|for) (?:my|the|this|that) order)"
)
_CLOSES = re.compile(r"不付款[^。]*关闭|自动关闭|(?i:closes? (?:automatically|by itself)|unpaid[^.]*clos)")
_OPEN = (OrderState.UNPAID, OrderState.PAID, OrderState.PART_SHIPPED, OrderState.SHIPPED)


def where_is_order(scene: Scene, asked: OrderArguments) -> Evidence:
    """All parcels of the order: carrier, number, last scan, promise, and what is wrong with them."""
    row = find(scene, asked, lambda order: order.state in _OPEN)
    if isinstance(row, Evidence):
        return row
    order = row.record
    if PAID_ASKED.search(scene.text) and not dict(order.extra).get("stage"):
        sums = [replace(fact, must=True) for fact in amounts(scene, row)]
        return Evidence(scene.intent, (state(scene, row, must=False), *sums, *coupons(scene, row)))
    sent = parcels(scene, order)
    facts = [state(scene, row), *stage(scene, row), *_towards(scene, row)]
    if order.state is OrderState.UNPAID and IF_UNPAID.search(scene.text):
        facts += house.told(scene, ("order_change",), _CLOSES, of=order.order_no)
    if order.state in (OrderState.PAID, OrderState.PART_SHIPPED):
        facts += _waiting(scene, row, {no for each in sent for no in each.row.record.lines})
    handoff = False
    for place, each in enumerate(sent, 1):
        found, needs_person = parcel_facts(scene, order, each, place if len(sent) > 1 else 0)
        facts += found
        handoff = handoff or needs_person
    if not sent and order.state in (OrderState.SHIPPED, OrderState.DELIVERED, OrderState.COMPLETED):
        facts += _dates(scene, row)
    facts.append(lines_fact(scene, order.order_no))
    return Evidence(scene.intent, facts=tuple(facts), handoff=handoff)


def order_status(scene: Scene, asked: OrderArguments) -> Evidence:
    """The order itself: state, articles, amounts and dates."""
    row = find(scene, asked)
    if isinstance(row, Evidence):
        return row
    facts = [state(scene, row), *stage(scene, row), lines_fact(scene, row.record.order_no, must=True)]
    facts += [*amounts(scene, row), *_dates(scene, row)]
    if row.record.state in (OrderState.PAID, OrderState.PART_SHIPPED):
        facts += _waiting(scene, row, set())
    return Evidence(scene.intent, facts=tuple(facts))


def state(scene: Scene, row: Row[Order], *, must: bool = True) -> Fact:
    """The order's state in one sentence. A state that the profile does not know is said in the platform's own word."""
    order = row.record
    words = say.ORDER_STATES.get(order.state)
    no = order.order_no
    if words is None:
        zh = f"订单 {no} 的状态是“{order.state_said or '未知'}”。"
        en = f'The state of order {no} is "{order.state_said or "unknown"}".'
    elif order.state is OrderState.UNPAID and order.total is not None and not _extra(order, "stage"):
        zh = f"订单 {no} 还没有付款，应付 {say.money(order.total)}。"
        en = f"Order {no} has not been paid yet; {say.money(order.total)} is due."
    elif order.state is OrderState.CANCELLED and order.close_reason:
        chinese = articles.is_chinese(order.close_reason)
        zh = f"订单 {no} 已取消，原因：{order.close_reason}。" if chinese else f"订单 {no} 已取消。"
        en = f"Order {no} was cancelled." if chinese else f"Order {no} was cancelled: {order.close_reason}."
    elif order.state is OrderState.PAID:
        zh, en = f"订单 {no} 已付款，还没有发货。", f"Order {no} is paid and has not been dispatched yet."
    elif order.state is OrderState.DELIVERED and order.received_at:
        at = say.moment(order.received_at, scene.now)
        zh, en = f"订单 {no} 已于 {at.zh} 签收。", f"Order {no} was delivered on {at.en}."
    elif order.state is OrderState.SHIPPED and _lost(scene, order):
        zh, en = f"订单 {no} 已发货。", f"Order {no} was dispatched."
    elif order.state is OrderState.COMPLETED:
        zh, en = f"订单 {no} 已完成。", f"Order {no} is completed."
    else:
        zh, en = f"订单 {no} {words.zh}。", f"Order {no} is {words.en}."
    return scene.fact("order.state", order.state.value, zh, en, row, about=no, must=must)


def _lost(scene: Scene, order: Order) -> bool:
    """Whether nothing of it is on its way any more, because it was lost or came back."""
    sent = parcels(scene, order)
    return bool(sent) and all(each.state in (ShipmentState.LOST, ShipmentState.RETURNED) for each in sent)


def stage(scene: Scene, row: Row[Order]) -> Iterator[Fact]:
    """A pre-sale: the deposit, and the balance with its last moment."""
    order = row.record
    if _extra(order, "stage") != "deposit":
        return
    deposit, balance, until = (_extra(order, k) for k in ("deposit", "balance", "balance_to"))
    if deposit and balance:
        due, paid = _money_said(balance), _money_said(deposit)
        end_zh = end_en = ""
        if until and (at := _moment_said(until)) is not None:
            said = say.moment(at, scene.now)
            end_zh, end_en = f"，请在 {said.zh} 前付清", f"; please pay it before {said.en}"
        yield scene.fact(
            "order.balance", due, f"定金 {say.money(paid)} 已付，尾款 {say.money(due)}{end_zh}。",
            f"The deposit of {say.money(paid)} is paid; the balance is {say.money(due)}{end_en}.",
            row, about=order.order_no,
        )  # fmt: skip


def _towards(scene: Scene, row: Row[Order]) -> Iterator[Fact]:
    """That it is going to the place which the customer names, where the order's address says so."""
    address = (row.record.address or "").casefold()
    if not address or row.record.state in (OrderState.CANCELLED, OrderState.REFUNDED):
        return
    for said in _places(scene.text):
        names = (said, (romanised.place(said.casefold()) or "").removesuffix("市"))  # Yichang is 宜昌
        name = next((each for each in names if len(each) > 1 and _stands(each, address)), "")
        if name:
            place = places.read(name)
            en = said if said.isascii() else place.en if place else name
            yield scene.fact(
                "order.to", name, f"寄往{name}。", f"It goes to {en}.", row, about=row.record.order_no
            )
            return


def _stands(name: str, address: str) -> bool:
    """A word of its own where it is written in Latin letters: Any is not in Germany."""
    low = name.casefold()
    return re.search(rf"\b{re.escape(low)}\b", address) is not None if low.isascii() else low in address


def _places(text: str) -> Iterator[str]:
    for found in address_text.find_places(text):
        yield found.divisions[0].short()
    yield from re.findall(r"\b[A-Z][a-z]{2,}(?: [A-Z][a-z]+){0,2}", text)


def _waiting(scene: Scene, row: Row[Order], sent: set[str]) -> Iterator[Fact]:
    """What has not left yet: the promise, if it is broken, and goods that wait for a pre-sale or restock day."""
    order = row.record
    no = order.order_no
    if order.ship_by is not None:
        at = say.moment(order.ship_by, scene.now)
        late = order.ship_by < scene.now
        zh = (
            f"承诺最晚 {at.zh} 发货。"
            if not late
            else f"承诺的发货时间 {at.zh} 已经过了，抱歉；可以让人工去催，也可以申请取消。"
        )
        en = (
            f"We promised to dispatch it by {at.en}."
            if not late
            else f"The promised time of dispatch, {at.en}, has passed; we are sorry. A person can chase it, or you may ask to cancel."
        )
        yield scene.fact("order.late" if late else "order.ship_by", order.ship_by, zh, en, row, about=no)
        if late:
            yield from house.told(scene, ("delivery",), _LATE, of=no)
    custom = [line for line in scene.rows(Line, order_no=no) if made_to_order(scene, line)]
    for line in custom[:1]:
        yield from _made(scene, line)
    if order.state is OrderState.PAID and not custom:
        in_time = order.ship_by is None or order.ship_by >= scene.now
        if _ASKS_LEFT.search(scene.text) and in_time and order.country in ("", *regions.HOME):
            yield from house.told(scene, ("delivery",), _SAME_DAY, of=no)
        if _ASKS_ARRIVAL.search(scene.text) and (place := regions.recipient(order)) is not None:
            yield from regions.days(scene, place, no)
    for line in scene.rows(Line, order_no=no):
        if line.record.line_no in sent or not line.record.sku:
            continue
        for stock in scene.rows(Stock, sku=line.record.sku):
            if (
                (on := stock.record.presale_ships_on) is not None
                and on > scene.today
                and not stock.record.available
            ):
                said = say.day(on, scene.now)
                title = articles.title(scene, line.record)
                yield scene.fact(
                    "order.presale", on, f"《{title.zh}》是预售商品，{said.zh}发货。",
                    f"{title.en} is a pre-sale item and leaves on {said.en}.", line, stock, about=no,
                )  # fmt: skip
                break
    if order.state is OrderState.PART_SHIPPED and sent:
        rest = [line for line in scene.rows(Line, order_no=no) if line.record.line_no not in sent]
        if rest:
            names = articles.titles(scene, rest)
            yield scene.fact(
                "order.not_sent", len(rest), f"还没有发出的：{names.zh}。", f"Not dispatched yet: {names.en}.",
                *rest, about=no,
            )  # fmt: skip


def _made(scene: Scene, line: Row[Line]) -> Iterator[Fact]:
    """How long the shop takes to make what is made to order: the sentence that is nearest to the article."""
    product = scene.get(Product, line.record.product_no)
    own = pages.grams(f"{line.record.title} {product.record.category if product else ''}")
    found = [s for s in house.sentences(scene, ("delivery",)) if MADE.search(s.zh) or MADE.search(s.en)]
    if found:
        best = max(found, key=lambda s: len(own & (pages.grams(s.zh) | pages.grams(s.en))))
        yield house.fact(scene, best, of=line.record.order_no)


def made_to_order(scene: Scene, line: Row[Line]) -> bool:
    product = scene.get(Product, line.record.product_no) if line.record.product_no else None
    if CUSTOM.search(line.record.options):  # 款式:刻字
        return True
    if product is None or product.record.no_reason_return:
        return False
    p = product.record
    return bool(CUSTOM.search(" ".join((p.category, p.title_zh, p.title_en, *p.tags))))


def lines_fact(scene: Scene, order_no: str, *, must: bool = False) -> Fact:
    """What was ordered, in the words of the order."""
    rows = scene.rows(Line, order_no=order_no)
    named = [
        (articles.title(scene, row.record), articles.options(scene, row.record), row.record.quantity)
        for row in rows
    ]
    if not rows:
        return scene.fact(
            "order.lines",
            0,
            "订单里没有商品明细。",
            "The order has no list of items.",
            about=order_no,
            must=False,
        )
    zh = "；".join(f"{name.zh}{options.zh} × {count}" for name, options, count in named)
    en = "; ".join(f"{name.en}{options.en} × {count}" for name, options, count in named)
    return scene.fact(
        "order.lines",
        len(rows),
        f"订单里的商品：{zh}。",
        f"Items in the order: {en}.",
        *rows,
        about=order_no,
        must=must,
    )


def amounts(scene: Scene, row: Row[Order]) -> Iterator[Fact]:
    order = row.record
    no = order.order_no
    if order.paid is not None:
        paid = say.money(order.paid)
        yield scene.fact("order.paid", order.paid, f"实付 {paid}。", f"You paid {paid}.", row, about=no)
    for name, amount, zh, en in (
        ("order.goods", order.goods, "商品金额", "Goods"), ("order.discount", order.discount, "优惠", "Discount"),
        ("order.shipping", order.shipping, "运费", "Shipping"), ("order.refunded", order.refunded, "已退", "Refunded"),
    ):  # fmt: skip
        if amount is not None and (amount.minor or name == "order.goods"):
            yield scene.fact(
                name,
                amount,
                f"{zh} {say.money(amount)}。",
                f"{en}: {say.money(amount)}.",
                row,
                about=no,
                must=False,
            )


def coupons(scene: Scene, row: Row[Order]) -> Iterator[Fact]:
    """Which coupons the order used."""
    order = row.record
    found = [scene.get(Coupon, code) for code in order.coupon_codes]
    names = [f.record for f in found if f is not None]
    if names:
        zh = "、".join(f"“{c.name_zh or c.code}”" for c in names)
        en = ", ".join(f'"{c.name_en or c.code}"' for c in names)
        yield scene.fact(
            "order.coupons",
            len(names),
            f"这一单用了：{zh}。",
            f"The order used: {en}.",
            row,
            *found,
            about=order.order_no,
        )


def _dates(scene: Scene, row: Row[Order]) -> Iterator[Fact]:
    order = row.record
    for name, at, zh, en in (
        ("order.created_at", order.created_at, "下单", "Ordered"), ("order.paid_at", order.paid_at, "付款", "Paid"),
        ("order.shipped_at", order.shipped_at, "发货", "Dispatched"), ("order.received_at", order.received_at, "签收", "Delivered"),
    ):  # fmt: skip
        if at is not None:
            said = say.moment(at, scene.now)
            must = name == "order.received_at" and order.state is OrderState.COMPLETED
            yield scene.fact(
                name, at, f"{said.zh} {zh}。", f"{en} on {said.en}.", row, about=order.order_no, must=must
            )


def _extra(order: Order, name: str) -> str:
    return dict(order.extra).get(name, "")


def _money_said(text: str) -> Money:
    amount, _, currency = text.partition(" ")
    return Money.of(amount, currency)


def _moment_said(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
