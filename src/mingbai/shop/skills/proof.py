"""Whose order is it? An order is seen by its proven customer, or by who says its number and the phone's last four.

A number that does not exist and a number that is somebody else's get the very same words: no one can find out by asking
which numbers exist. Nothing here guesses a number; where several orders fit, it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mingbai.shop.records.phones import ends
from mingbai.shop.search.document import Kind
from mingbai.shop.skills import articles, asks, pages, say
from mingbai.shop.skills.scene import Asker, Row, Scene
from mingbai.shop.skills.skill import said
from mingbai.values.errors import Text
from mingbai.values.records import Customer, InvoiceRequest, Line, Order, OrderState, Return
from mingbai.values.turn import Evidence, Need, Refusal

Fits = Callable[[Order], bool]
_A_NAME = 3  # characters of what may be an article's own name: 杯子 and 炉子 name a kind
_AS_GOOD = 0.06  # of two articles that search finds as good as the other, either may be meant
MOST_TAILS = 5  # different tails said in one conversation, beyond which it is guessing

NEED_TAIL = Need(
    "phone_tail",
    "请提供下单时收货手机号的后四位。",
    "Please give the last four digits of the phone number on the order.",
)
NEED_BOTH = Need(
    "order_no", "请提供订单号和收货手机号的后四位，我马上为您查。",
    "Please give the order number and the last four digits of the phone number on it, and I will look it up.",
)  # fmt: skip
NEEDS_PROOF = Refusal(
    "needs_proof", "查订单需要订单号和收货手机号的后四位，两项都对上才能查看。",
    "To look up an order I need its number together with the last four digits of the phone number on it.",
)  # fmt: skip
NOT_YOURS = Refusal(
    "not_yours", "没有查到与您提供的信息相符的订单，请核对订单号和收货手机号的后四位。",
    "I found no order that matches what you gave. Please check the order number and the phone's last four digits.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OrderArguments:
    """Which order; without a number it is the one in focus, or the customer's only one that fits."""

    order_no: str = said("订单号", "order number")
    phone_tail: str = said("收货手机号的后四位", "last four digits of the phone number on the order")
    tracking_no: str = said("快递单号", "tracking number")
    product: str = said("商品名或编号，用来认出是哪个订单", "name or number of an article in the order")


def find(scene: Scene, asked: OrderArguments, fits: Fits = lambda order: True) -> Row[Order] | Evidence:
    """The one order that is meant and may be seen; else an `Evidence` that refuses or asks."""
    asker = scene.asker
    if asked.phone_tail:
        asker = Asker(asker.role, asker.customer, (*asker.tails, asked.phone_tail))
    if asked.order_no:
        row = numbered(scene, asked.order_no)
        return row if row is not None and may_see(scene, row.record, asker) else _refused(scene, asker)
    if asked.tracking_no and (asker.customer or asker.role != "customer"):
        sent = scene.typed(scene.reader.orders_by_tracking_no(scene.shop, asked.tracking_no), Order)
        seen = [row for row in sent if may_see(scene, row.record, asker)]
        return seen[0] if seen else Evidence(scene.intent, refusals=(NOT_YOURS,), needs=(NEED_BOTH,))
    other = bool(scene.order and asker.customer and asks.OTHER_ORDER.search(scene.text))
    if scene.order and not other:
        row = scene.get(Order, scene.order)
        if (
            row is not None
            and may_see(scene, row.record, asker)
            and _is_meant(scene, row.record, asked.product)
        ):
            return row
        if not asker.customer:
            return _refused(scene, asker)
    if not asker.customer:
        return Evidence(scene.intent, needs=(NEED_BOTH,))
    return _own(scene, asked.product, fits)


def may_see(scene: Scene, order: Order, asker: Asker | None = None) -> bool:
    """The one place that decides it."""
    asker = asker or scene.asker
    if asker.role in ("staff", "owner"):
        return True
    if asker.customer and order.customer_id == asker.customer:
        return True
    tails = set(asker.tails)
    return 0 < len(tails) <= MOST_TAILS and not tails.isdisjoint(_ends(scene, order))


def _ends(scene: Scene, order: Order) -> set[str]:
    """The phone's last four and a virtual number's extension; of the customer where the order has no phone."""
    phone = order.phone
    if phone is None and order.customer_id:
        row = scene.get(Customer, order.customer_id)
        phone = row.record.phone if row else None
    return {end for end in ends(phone) if end and len(end) >= 4} if phone else set()


def numbered(scene: Scene, number: str) -> Row[Order] | None:
    """The order of a number, its own or that of a request for it; whether it may be seen is `may_see`'s."""
    for form in dict.fromkeys(
        (number, number.strip(), number.strip().upper(), "#" + number.strip().lstrip("#"))
    ):
        if form and (row := scene.get(Order, form)) is not None:
            return row
    returned = scene.get(Return, number.strip().upper())  # a request's number is as good as its order's
    invoiced = scene.get(InvoiceRequest, number.strip().upper())
    own = returned.record.order_no if returned else invoiced.record.order_no if invoiced else ""
    return scene.get(Order, own) if own else None


def _refused(scene: Scene, asker: Asker) -> Evidence:
    """By what was said alone, never by what was found."""
    why = NOT_YOURS if asker.tails or asker.customer else NEEDS_PROOF
    return Evidence(scene.intent, refusals=(why,), needs=(NEED_TAIL,))


def _own(scene: Scene, product: str, fits: Fits) -> Row[Order] | Evidence:
    """Among the proven customer's orders: the only one that fits, else the latest three to choose from."""
    every = scene.own_orders()
    if asks.OTHER_ORDER.search(scene.text):
        every = [row for row in every if row.record.order_no != scene.order] or every
    if asks.UNPAID.search(scene.text):
        every = [row for row in every if row.record.state is OrderState.UNPAID] or every
    with_it = _holding(scene, [row.record for row in every], product) if product else frozenset()
    if with_it:
        every = [row for row in every if row.record.order_no in with_it]
    elif not product:
        every = _spoken_of(scene, every)
    rows = [row for row in every if fits(row.record)] or every
    if scene.dates and (then := [row for row in rows if _made_on(scene, row.record)]):
        rows = then
    if len(rows) == 1:
        return rows[0]
    if not rows:
        fact = scene.fact("order.none", None, "您的账号下没有订单。", "There is no order under your account.")
        return Evidence(scene.intent, facts=(fact,), needs=(NEED_BOTH,))
    latest = rows[:3]
    if scene.nth is not None and scene.nth < len(latest):
        return latest[scene.nth]
    lacks_zh, lacks_en = (
        (f"您的订单里没有找到“{product}”。", f'I found no "{product}" in your orders. ')
        if product and not with_it
        else ("", "")
    )
    named = [_named(scene, row.record) for row in latest]
    return Evidence(
        scene.intent,
        needs=(
            Need(
                "order_no",
                f"{lacks_zh}您有几个订单，请问是哪一个：{'；'.join(zh for zh, _ in named)}？",
                f"{lacks_en}You have several orders. Which one is it: {'; '.join(en for _, en in named)}?",
                tuple(row.record.order_no for row in latest),
            ),
        ),
    )


def _spoken_of(scene: Scene, rows: list[Row[Order]]) -> list[Row[Order]]:
    """Of several orders those whose articles the message's own words name, where it names some and not others."""
    said = pages.grams(scene.text)
    scores = []
    for row in rows:
        lines = scene.rows(Line, order_no=row.record.order_no)
        titles = [articles.title(scene, line.record) for line in lines]
        scores.append(max((len(said & pages.grams(f"{t.zh} {t.en}")) for t in titles), default=0))
    best = max(scores, default=0)
    return [row for row, n in zip(rows, scores, strict=True) if n == best] if best else rows


def _is_meant(scene: Scene, order: Order, product: str) -> bool:
    """Whether the order in focus is the one: unless an article is spoken of that only another order's own words name."""
    if not product or holds(scene, order, product):
        return True
    others = [row.record for row in scene.own_orders()]
    return len(product) < _A_NAME or not _worded(scene, others, product)


def _made_on(scene: Scene, order: Order) -> bool:
    return order.created_at is not None and say.local(order.created_at, scene.now).date() in scene.dates


def holds(scene: Scene, order: Order, product: str) -> bool:
    """Whether an article of the order is the one that is named: by number, by words of its title, or as search knows it."""
    return bool(_holding(scene, [order], product))


def _holding(scene: Scene, orders: Sequence[Order], product: str) -> frozenset[str]:
    """The numbers of those orders that hold the article. Search is asked only where no order's own words say so."""
    lines = [line.record for order in orders for line in scene.rows(Line, order_no=order.order_no)]
    if (worded := _worded(scene, orders, product)) or not lines:
        return worded
    hits = scene.find(product, Kind.PRODUCT, 4)
    as_good = {hit.key for hit in hits if hits[0].score - hit.score < _AS_GOOD}
    return frozenset(line.order_no for line in lines if line.product_no in as_good)


def _worded(scene: Scene, orders: Sequence[Order], product: str) -> frozenset[str]:
    """Those whose lines bear the number or the word: 杯子 is 杯 in a title."""
    wanted = product.casefold()
    stem = wanted.removesuffix("子") if len(wanted) > 1 else wanted
    return frozenset(
        line.record.order_no
        for order in orders
        for line in scene.rows(Line, order_no=order.order_no)
        if wanted in (line.record.sku.casefold(), line.record.product_no.casefold())
        or stem in line.record.title.casefold()
    )


def _named(scene: Scene, order: Order) -> tuple[str, str]:
    lines = scene.rows(Line, order_no=order.order_no)
    title = articles.title(scene, lines[0].record) if lines else Text("", "")
    on = say.day(say.local(order.created_at, scene.now).date(), scene.now) if order.created_at else None
    more_zh = f" 等 {len(lines)} 件" if len(lines) > 1 else ""
    more_en = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    zh = "，".join(x for x in (on.zh if on else "", title.zh + more_zh) if x)
    en = ", ".join(x for x in (on.en if on else "", title.en + more_en) if x)
    return (f"{order.order_no}（{zh}）" if zh else order.order_no), (
        f"{order.order_no} ({en})" if en else order.order_no
    )
