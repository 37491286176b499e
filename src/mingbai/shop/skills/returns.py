"""May it go back, until when, and who pays the way: per order and article, with the rule and its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from mingbai.shop.skills import (
    articles,
    asks,
    conditions,
    defects,
    excepted,
    house,
    pages,
    places,
    proof,
    return_rule,
    rights,
    say,
)
from mingbai.shop.skills.lines import chosen_lines
from mingbai.shop.skills.orders import stage
from mingbai.shop.skills.parcels import all_received
from mingbai.shop.skills.proof import OrderArguments
from mingbai.shop.skills.refunds import amount_back, deposit, request
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import (
    Line,
    Order,
    OrderState,
    Product,
    Return,
    ReturnState,
)
from mingbai.values.turn import Evidence, Fact, Passage

_RULE_ASKED = re.compile(
    r"支持|政策|规则|规定|一般|能不能退|可以退吗|几天内|(?i:policy|do you (?:accept|offer|take)|can i return|how many days)"
)
_NOT_SENT = (OrderState.UNPAID, OrderState.PAID)
_BACK_SAME_DAY = re.compile(
    r"(?:取消|没发货|未发货)[^。]*退款|(?i:cancel\w*[^.]*(?:day|refund|way you paid))"
)
_DOOR = re.compile(r"拒收[^。]*(?:扣|退|运费)|(?i:refused parcels?)")
_STEPS = re.compile(r"申请退货|怎么撤回|(?i:ask for the return|withdraw from contract|how: )")
_SEND_BY = re.compile(r"(?:同意|撤回)后[^。]*寄|(?i:send (?:it|the goods)[^.]*within \d+ days)")
_THRESHOLD = re.compile(r"达不到[^。]*(?:差额|扣)|(?i:no longer reaches)")
_SHIPPING_KEPT = re.compile(r"去程运费不退|已发货的[^。]*运费不退|(?i:not refunded for a no-reason return)")
OPEN_RETURN = (ReturnState.REQUESTED, ReturnState.APPROVED, ReturnState.SENT_BACK, ReturnState.RECEIVED)


def return_right(scene: Scene, asked: OrderArguments) -> Evidence:
    """For an order: each clock with its last day. Without one: the rule, for the article if one is named."""
    if _is_general(scene, asked):
        return return_rule.general(scene, asked)
    row = proof.find(scene, asked, lambda order: order.received_at is not None)
    if isinstance(row, Evidence):
        if scene.asker.customer and not row.refusals and asks.WHERE_TO.search(scene.text):
            return return_rule.general(scene, asked)  # the address is one for all of a country's orders
        if row.refusals or scene.asker.customer:
            return row
        return return_rule.general(scene, asked)
    return Evidence(
        scene.intent,
        tuple(_of_order(scene, row, asked.product)),
        _cited(scene, country_of(row.record)),
    )


def _cited(scene: Scene, country: str) -> tuple[Passage, ...]:
    """The page on defects for a fault, else the one on returns of the country."""
    faulty = pages.cite(scene, ("quality",)) if rights.is_faulty(scene.text, scene.fault) else ()
    return faulty or pages.cite(scene, ("return_right",), country=country)


def _is_general(scene: Scene, asked: OrderArguments) -> bool:
    if asked.order_no or asked.tracking_no:
        return False
    if not scene.asker.customer and not scene.order:
        return True
    if scene.order and not asked.product and not scene.item:
        return False
    return (
        bool(_RULE_ASKED.search(scene.text)) and not return_rule.MINE.search(scene.text) and not scene.order
    )


# ---- an order


def _of_order(scene: Scene, row: Row[Order], product: str) -> Iterator[Fact]:
    order = row.record
    country = country_of(order)
    lines = chosen_lines(scene, order, product)
    faulty = rights.is_faulty(scene.text, scene.fault)
    yield from _open_returns(scene, order)
    if dict(order.extra).get("stage") and (asks.DEPOSIT.search(scene.text) or order.state in _NOT_SENT):
        yield from stage(scene, row)
        yield from deposit(scene, order)
    received = received_on(scene, order)
    if order.state in (OrderState.CANCELLED, OrderState.REFUNDED):
        yield _not_received(scene, row)
        yield from amount_back(scene, row)
        return
    if received is None:
        yield _not_received(scene, row)
        if order.state is OrderState.UNPAID:
            return
        if order.state is OrderState.PAID:
            yield from house.told(scene, ("refund", "order_change"), _BACK_SAME_DAY, of=order.order_no)
        if asks.REFUSING.search(scene.text) and country == "CN":
            yield from house.told(scene, ("order_change", "delivery"), _DOOR, of=order.order_no)
    done = conditions.told(scene, country, order.order_no)
    yield from done
    if country in places.EU:
        yield from _withdrawal(scene, row, lines, received, must=not faulty)
    elif country in excepted.HOME:
        spoiled = conditions.spoiled(done)
        yield from _seven_days(scene, row, lines, received, must=not faulty and not spoiled)
    else:
        name = places.country_name(country)
        yield scene.fact(
            "return.no_rule", None, f"没有查到寄往{name.zh}的订单的无理由退货规则，可以请人工确认。",
            f"I found no rule for returns without a reason to {name.en}; a person can confirm it for you.", row, about=order.order_no,
        )  # fmt: skip
    over = received is not None and _is_over(scene, country, received)
    yield from defects.quality(scene, row, lines, received, must=faulty, also=over)
    yield from _worth(scene, order, lines)
    yield from _how(scene, order)


def _is_over(scene: Scene, country: str, received: date) -> bool:
    return country in excepted.HOME and scene.today > rights.last_day(received, rights.NO_REASON_DAYS)


def _worth(scene: Scene, order: Order, lines: list[Row[Line]]) -> Iterator[Fact]:
    """What would be refunded, where that is asked: what was paid for each article."""
    if not asks.AMOUNT.search(scene.text) or order.state in _NOT_SENT:
        return
    for line in lines:
        if (paid := line.record.paid) is not None:
            name = articles.title(scene, line.record)
            yield scene.fact(
                "return.worth", paid, f"《{name.zh}》实付 {say.money(paid)}，退货按实付退。",
                f"You paid {say.money(paid)} for {name.en}; a return refunds what was paid.", line, about=order.order_no,
            )  # fmt: skip
    if order.coupon_codes and len(lines) < len(scene.rows(Line, order_no=order.order_no)):
        yield from house.told(scene, ("return_right", "coupon"), _THRESHOLD, of=order.order_no)


def _how(scene: Scene, order: Order) -> Iterator[Fact]:
    """The steps and the address, where they are asked."""
    if order.state in _NOT_SENT:
        return
    country = country_of(order)
    page = "CN" if country in excepted.HOME else country
    if asks.WHERE_TO.search(scene.text) and (to := return_rule.address(scene, country, order.order_no)):
        yield to
        yield from house.told(scene, ("return_right",), _SEND_BY, country=page, of=order.order_no)
    elif asks.HOW.search(scene.text):
        yield from house.told(scene, ("return_right",), _STEPS, _SEND_BY, country=page, of=order.order_no)


def received_on(scene: Scene, order: Order) -> date | None:
    """The day the (last) parcel was signed for, on the shop's clock; None while something is still on its way."""
    if order.received_at is None or not all_received(scene, order):
        return None
    return say.local(order.received_at, scene.now).date()


def country_of(order: Order) -> str:
    return order.country or "CN"


def _not_received(scene: Scene, row: Row[Order]) -> Fact:
    order = row.record
    if order.state is OrderState.UNPAID:
        zh, en = (
            "这个订单还没有付清，不想要可以取消，没有货要退。",
            "The order is not paid in full; you can cancel it, there is nothing to send back.",
        )
    elif order.state is OrderState.PAID:
        zh, en = (
            "这个订单还没有发货，不想要可以直接申请取消。",
            "The order has not been dispatched; you can ask to cancel it instead.",
        )
    elif order.state in (OrderState.CANCELLED, OrderState.REFUNDED):
        cancelled = order.state is OrderState.CANCELLED
        zh = f"订单 {order.order_no} {'已取消' if cancelled else '已退款'}，不用再申请退货。"
        en = f"Order {order.order_no} was {'cancelled' if cancelled else 'refunded'} already; nothing is left to return."
    elif order.state in (OrderState.DELIVERED, OrderState.COMPLETED) and order.received_at is None:
        zh, en = (
            "订单里没有签收时间，期限要由人工核对。",
            "The order has no delivery time on record; one of our team has to check the days.",
        )
    else:
        zh, en = (
            "包裹还没有全部签收，期限从签收以后算起。",
            "Not everything has been signed for yet; the days are counted from then.",
        )
    return scene.fact("return.not_received", order.state.value, zh, en, row, about=order.order_no)


def _seven_days(
    scene: Scene, row: Row[Order], lines: list[Row[Line]], received: date | None, *, must: bool
) -> Iterator[Fact]:
    order = row.record
    no = order.order_no
    barred = {line.record.line_no: ex for line in lines if (ex := excepted.of_line(scene, line, "CN"))}
    may = len(barred) < len(lines) or _may_unopened(scene, lines, barred)
    if received is not None and may:
        last = rights.last_day(received, rights.NO_REASON_DAYS)
        on = say.day(received, scene.now)
        zh, en = defects.clock(scene, last)
        yield scene.fact(
            "return.no_reason_until", last, f"订单 {no} {on.zh}签收，七天无理由退货{zh}。",
            f"Order {no} was signed for on {on.en}; the 7-day no-reason return is {en}." if scene.today <= last
            else f"Order {no} was signed for on {on.en}; of the 7-day no-reason return {en}.",
            row, about=no, must=must, rule=rights.ART_25,
        )  # fmt: skip
    elif received is None and len(barred) < len(lines):
        yield scene.fact(
            "return.no_reason", rights.NO_REASON_DAYS, "签收次日起 7 天内，商品完好可以无理由退货。",
            "Within 7 days, counted from the day after delivery, intact goods can be returned without a reason.",
            row, about=no, must=must, rule=rights.COUNTING,
        )  # fmt: skip
    yield from _excepted(scene, no, lines, barred, must=must)
    if received is None or scene.today <= rights.last_day(received, rights.NO_REASON_DAYS):
        yield from _postage(scene, row, must=must and may and order.state is not OrderState.PAID)


def _may_unopened(scene: Scene, lines: list[Row[Line]], barred: dict[str, pages.Point]) -> bool:
    """Whether what is excepted is so only once opened, and the message does not say that it was."""
    if excepted.OPENED.search(scene.text):
        return False
    products = {line.record.line_no: scene.get(Product, line.record.product_no) for line in lines}
    return any(
        (product := products.get(no)) is not None and excepted.is_on_condition(point, product.record)
        for no, point in barred.items()
    )


def _excepted(
    scene: Scene, no: str, lines: list[Row[Line]], barred: dict[str, pages.Point], *, must: bool
) -> Iterator[Fact]:
    """What is excepted; and of what is excepted only once opened, that it was not."""
    for line in lines:
        product = scene.get(Product, line.record.product_no) if line.record.product_no else None
        name = articles.title(scene, line.record)
        if (ex := barred.get(line.record.line_no)) is not None:
            of = product.record if product else None
            yield excepted.fact(scene, name.zh, name.en, ex, no, must=must, product=of)
        elif product is not None and not product.record.no_reason_return:
            yield scene.fact(
                "return.unopened", True, f"《{name.zh}》没拆封、没使用的可以退，拆封以后不退。",
                f"{name.en} can be returned while it is unopened and unused, not once it was opened.", line, product,
                about=no, must=must, rule=rights.ART_25,
            )  # fmt: skip


def _postage(scene: Scene, row: Row[Order], *, must: bool) -> Iterator[Fact]:
    order = row.record
    if order.freight_insurance:
        zh = "无理由退货先由您付寄回的运费，订单有运费险，赔付金额以保险公司为准。"
        en = "For a no-reason return you pay the way back first; the order has freight insurance, and what it pays is the insurer's decision."
        value = "insurer"
    else:
        zh, en = "无理由退货，寄回的运费由您承担。", "For a no-reason return you pay the return postage."
        value = "buyer"
    yield scene.fact(
        "return.postage", value, zh, en, row, about=order.order_no, must=must, rule=rights.ART_25
    )
    if asks.POSTAGE.search(scene.text) and order.shipping is not None and order.shipping.minor:
        yield from house.told(scene, ("refund", "return_right"), _SHIPPING_KEPT, of=order.order_no)


def _withdrawal(
    scene: Scene, row: Row[Order], lines: list[Row[Line]], received: date | None, *, must: bool
) -> Iterator[Fact]:
    order = row.record
    no, country = order.order_no, order.country
    barred = {line.record.line_no: ex for line in lines if (ex := excepted.of_line(scene, line, country))}
    if received is not None and len(barred) < len(lines):
        last = rights.withdrawal_last_day(received, country)
        on = say.day(received, scene.now)
        zh, en = defects.clock(scene, last)
        if asks.FROM_WHICH.search(scene.text):
            yield scene.fact(
                "return.counted_from", received, f"分几个包裹的，从收到最后一个包裹那天起算：{on.zh}。",
                f"With several parcels the days run from the last one: {on.en}.", row, about=no, rule=rights.EU_WITHDRAWAL,
            )  # fmt: skip
        plain = rights.last_day(received, rights.WITHDRAWAL_DAYS)
        if plain != last:
            said = say.day(plain, scene.now)
            zh, en = (
                f"{zh}，第 14 天 {said.zh}不是工作日，所以顺延",
                f"{en}; day 14, {said.en}, is no working day, so it is extended",
            )
        yield scene.fact(
            "return.withdrawal_until", last, f"订单 {no} {on.zh}签收，欧盟 14 天撤回权{zh}。",
            f"Order {no} was delivered on {on.en}; the 14-day right of withdrawal is {en}." if scene.today <= last
            else f"Order {no} was delivered on {on.en}; of the 14-day right of withdrawal {en}.",
            row, about=no, must=must, rule=rights.EU_WITHDRAWAL,
        )  # fmt: skip
    elif received is None:
        yield scene.fact(
            "return.withdrawal", rights.WITHDRAWAL_DAYS, "收到（最后一个包裹）起 14 天内可以撤回合同，不用说理由。",
            "Within 14 days of receiving the (last) parcel you may withdraw without a reason.", row,
            about=no, must=must, rule=rights.EU_WITHDRAWAL,
        )  # fmt: skip
    yield from _excepted(scene, no, lines, barred, must=must)
    yield scene.fact(
        "return.postage", "buyer", "寄回的运费由您承担。", "You pay the cost of sending it back.", row, about=no,
        must=must, rule=rights.EU_WITHDRAWAL,
    )  # fmt: skip


def _open_returns(scene: Scene, order: Order) -> Iterator[Fact]:
    for row in scene.rows(Return, order_no=order.order_no):
        asked_why = row.record.state is ReturnState.REJECTED and (
            asks.REFUSED.search(scene.text) or asks.WHY.search(scene.text)
        )
        if asked_why:
            yield from request(scene, order, row)
        if row.record.state in OPEN_RETURN:
            words, kind = say.RETURN_STATES[row.record.state], say.RETURN_KINDS.get(row.record.kind)
            yield scene.fact(
                "return.open", row.record.state.value,
                f"已经有一个售后申请 {row.record.return_no}（{kind.zh if kind else row.record.kind}），{words.zh}。",
                f"There is already a request {row.record.return_no} ({kind.en if kind else row.record.kind}), {words.en}.",
                row, about=order.order_no,
            )  # fmt: skip
