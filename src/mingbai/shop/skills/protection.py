"""Price protection: the days of the campaign or the shop's page, and the difference between price rows, per line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from mingbai.shop.skills import articles, house, pages, points, price, say
from mingbai.shop.skills.lines import chosen_lines
from mingbai.shop.skills.proof import OrderArguments, find
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.money import Money
from mingbai.values.records import Campaign, Line, Order, OrderState, Price, Product
from mingbai.values.turn import Evidence, Fact

_TOPIC = ("price_protection",)
# The price of another shop, and the page's word on it.
_OTHER_SHOP = re.compile(
    r"(?:别|其他|其它|另外?一?|隔壁|人)家|(?:别的|其他|其它|另一个|另外的?)(?:店|平台|网站|地方|商家|卖家)|隔壁|京东|淘宝|天猫|拼多多|抖音|唯品|亚马逊|小红书"
    r"|(?i:\b(?:amazon|ebay|temu|aliexpress|taobao|tmall|jd|pinduoduo|etsy|walmart)\b|\belsewhere\b|\bcompetitors?\b|\b(?:other|another|different) (?:shop|store|site|seller|website|platform|place)s?\b)"
)
_NOT_OTHERS = re.compile(r"别的店|其他店|别的平台|其他平台|(?i:other (?:shops|stores|platforms|sellers))")
_DAYS = re.compile(r"(\d+)\s*(?:天内|天|days)")


def price_protection(scene: Scene, asked: OrderArguments) -> Evidence:
    """For an order: is it still protected, and by how much each line became cheaper. Without one: the rule."""
    if _OTHER_SHOP.search(scene.text) and (told := house.told(scene, _TOPIC, _NOT_OTHERS)):
        return Evidence(scene.intent, facts=(*told, *_rule(scene)))
    row = find(scene, asked, lambda order: order.paid_at is not None)
    cited = pages.cite(scene, ("price_protection",), f"{scene.text} 申请 差价")
    if isinstance(row, Evidence):
        if row.refusals or scene.asker.customer or not cited:
            told = tuple(points.answering(scene, _TOPIC, "protection.point", most=2))
            return replace(row, facts=(*row.facts, *told)) if told and not row.refusals else row
        rule = tuple(_rule(scene))
        told = tuple(points.answering(scene, _TOPIC, "protection.point", but=[f.zh for f in rule], most=2))
        return Evidence(scene.intent, (*rule, *told), cited, needs=row.needs)
    order = row.record
    if order.paid_at is None or order.state in (OrderState.CANCELLED, OrderState.REFUNDED):
        fact = scene.fact(
            "order.no_protection", None, f"订单 {order.order_no} 没有付款或已经退款，不参加价保。",
            f"Order {order.order_no} is unpaid or refunded; price protection does not apply.", row, about=order.order_no,
        )  # fmt: skip
        return Evidence(scene.intent, facts=(fact,), passages=cited)
    days, source = protected_days(scene, order)
    if days is None:
        return Evidence(scene.intent, passages=cited)
    last = say.local(order.paid_at, scene.now).date() + timedelta(days=days)
    facts = [_period(scene, row, days, last, source)]
    if scene.today <= last:
        lines = [_line(scene, order, line) for line in chosen_lines(scene, order, asked.product)]
        facts += [fact for fact in lines if fact is not None]
        due = [
            fact.value
            for fact in facts
            if fact.name == "order.price_difference" and isinstance(fact.value, Money)
        ]
        if len(due) > 1:
            total = Money(sum(d.minor for d in due), due[0].currency)
            facts.append(
                scene.fact(
                    "order.price_difference_total", total, f"差价合计 {say.money(total)}。", f"Together {say.money(total)}.", row,
                    about=order.order_no,
                )
            )  # fmt: skip
    known = [p.zh for p in _days_points(scene)]
    facts += points.answering(scene, _TOPIC, "protection.point", but=known)
    return Evidence(scene.intent, tuple(facts), cited)


def _days_points(scene: Scene) -> list[pages.Point]:
    """The points with the days, which an order's own period says already."""
    every = [p for page in pages.pages(scene, "price_protection") for p in pages.points(page)]
    return [p for p in every if _DAYS.search(p.zh)][:1]


def protected_days(scene: Scene, order: Order) -> tuple[int | None, tuple[Row[Campaign] | None, ...]]:
    """Of the campaign in which the order was made; else what the shop's page says first."""
    made = order.created_at or order.paid_at
    for row in scene.rows(Campaign):
        c = row.record
        if (
            made
            and c.price_protection_days
            and c.starts_at
            and c.ends_at
            and c.starts_at <= made <= c.ends_at
            and _is_for(scene, c, order)
        ):
            return c.price_protection_days, (row,)
    days = shop_days(scene)
    return days, ()


def _is_for(scene: Scene, campaign: Campaign, order: Order) -> bool:
    """A campaign that says 海外 is not for orders at home, and one with deposits is at home."""
    abroad = "海外" in campaign.name_zh
    home = (order.country or "CN") in ("CN", "HK", "MO", "TW")
    return abroad != home


def shop_days(scene: Scene) -> int | None:
    for page in pages.pages(scene, "price_protection"):
        for point in pages.points(page):
            if hit := _DAYS.search(point.zh):
                return int(hit[1])
    facts = dict(scene.shop_row.record.facts)
    hit = _DAYS.search(facts.get("价保天数", "") or facts.get("price protection", ""))
    return int(hit[1]) if hit else None


def _rule(scene: Scene) -> Iterator[Fact]:
    for page in pages.pages(scene, "price_protection"):
        for point in (
            pages.points(page)[1:2]
            if len(pages.points(page)) > 1 and not _DAYS.search(pages.points(page)[0].zh)
            else pages.points(page)[:1]
        ):
            yield scene.fact("protection.rule", shop_days(scene), point.zh, point.en, *page.rows)


def _period(
    scene: Scene, row: Row[Order], days: int, last: date, source: tuple[Row[Campaign] | None, ...]
) -> Fact:
    order = row.record
    on = say.day(last, scene.now)
    campaign = next((c.record for c in source if c), None)
    why_zh = f"（{campaign.name_zh}订单）" if campaign else ""
    why_en = f" ({campaign.name_en} order)" if campaign else ""
    if scene.today <= last:
        zh = f"订单 {order.order_no} 付款后价保 {days} 天{why_zh}，到 {on.zh}，还在期限内。"
        en = f"Order {order.order_no} has {days} days of price protection after payment{why_en}, until {on.en}: still open."
    else:
        zh = f"订单 {order.order_no} 付款后价保 {days} 天{why_zh}，到 {on.zh}，已经过了。"
        en = f"Order {order.order_no} had {days} days of price protection after payment{why_en}, until {on.en}: over."
    return scene.fact("order.protected_until", last, zh, en, row, *source, about=order.order_no)


def _line(scene: Scene, order: Order, row: Row[Line]) -> Fact | None:
    """Unit price paid less the page's price now, times the quantity; discounts and coupons do not count."""
    line = row.record
    if line.unit_price is None or not line.sku:
        return None
    no, name = order.order_no, articles.title(scene, line)
    product = scene.get(Product, line.product_no) if line.product_no else None
    if product is not None and _excluded(scene, product.record):
        return scene.fact(
            "order.no_protection",
            None,
            f"《{name.zh}》不参加价保。",
            f"{name.en} is not covered by price protection.",
            row,
            product,
            about=no,
        )
    if line.refunded is not None and line.refunded.minor:
        return scene.fact(
            "order.no_protection",
            None,
            f"《{name.zh}》已退款，不参加价保。",
            f"{name.en} has been refunded, so it is not covered.",
            row,
            about=no,
        )
    now = price.at(scene.rows(Price, sku=line.sku), line.unit_price.currency, scene.now)
    if now is None:
        return scene.fact(
            "order.no_price", None, f"《{name.zh}》现在没有页面价，有货有价时再比。", f"{name.en} has no price on the page now; we compare it once it has one.",
            row, about=no,
        )  # fmt: skip
    amount = now.row.record.amount
    if amount.minor >= line.unit_price.minor:
        return scene.fact(
            "order.no_drop", amount, f"《{name.zh}》当时单价 {say.money(line.unit_price)}，现在页面价 {say.money(amount)}，没有降价，没有差价可退。",
            f"{name.en}: {say.money(line.unit_price)} then, {say.money(amount)} on the page now; the price has not dropped, so there is nothing to refund.", row, now.row, about=no,
        )  # fmt: skip
    difference = (line.unit_price - amount) * line.quantity
    times = f" × {line.quantity}" if line.quantity > 1 else ""
    return scene.fact(
        "order.price_difference", difference,
        f"《{name.zh}》当时单价 {say.money(line.unit_price)}，现在页面价 {say.money(amount)}，差价 {say.money(line.unit_price - amount)}{times}，可退 {say.money(difference)}。",
        f"{name.en}: {say.money(line.unit_price)} then, {say.money(amount)} on the page now; the difference is {say.money(line.unit_price - amount)}{times}, so {say.money(difference)} can be refunded.",
        row, now.row, about=no,
    )  # fmt: skip


def _excluded(scene: Scene, product: Product) -> bool:
    """Whether the page's list of exclusions (不参加 …) names the article's category or a tag, word for word."""
    words = {w for part in product.category.split(" > ") for w in (part,)} | set(product.tags)
    for page in pages.pages(scene, "price_protection"):
        for point in pages.points(page):
            for sentence in re.split(r"[；;。]", point.zh):
                if "不参加" in sentence:
                    named = set(re.split(r"[、，,\s]+", sentence.replace("不参加", "")))
                    if named & words:
                        return True
    return False
