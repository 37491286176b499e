"""What an article costs: the price now, the list price beside it, until when, and what was paid for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mingbai.shop.skills import articles, coming, delivery, goods, pages, places, proof, say, stated
from mingbai.shop.skills.goods import Goods
from mingbai.shop.skills.scene import Row, Scene
from mingbai.shop.skills.skill import said
from mingbai.values.money import Money
from mingbai.values.records import Customer, Line, Order, Price, Variant
from mingbai.values.turn import Evidence, Fact

_CURRENCIES = {"DE": "EUR", "US": "USD", "CN": "CNY", "HK": "CNY", "MO": "CNY", "TW": "CNY"}
# A currency that a price is asked in, and no amount of it.
_SAID = {r"欧元|(?i:\bin (?:euros?|eur)\b)": "EUR", r"美元|美金|(?i:\bin (?:us )?(?:dollars?|usd)\b)": "USD",
         r"人民币|(?i:\bin (?:yuan|rmb|cny)\b)": "CNY"}  # fmt: skip
_AMOUNT = re.compile(r"\d\s*(?:欧元|美元|美金|人民币|(?i:euros?|eur|dollars?|usd|yuan|rmb|cny)\b)")
_MOST = 12  # variants told one by one
_WAS = re.compile(
    r"昨天|前[天两几]|上周|之前|原来|以前|涨|变贵|(?i:\bwas\b|\bbefore\b|\byesterday\b|\blast week\b|\bgone up\b|\bwent up\b)"
)
_UNTIL = re.compile(
    r"到几|到哪|什么时候|何时|几号|多久|结束|截止|为止|还能|(?i:until|when|how long|end|still)"
)

_ONE_SET = re.compile(
    r"[一整][套盒组提箱条打]|[只条件片支粒包]装|(?i:\b(?:a|the|one|per) (?:set|pack|box)\b)"
)


@dataclass(frozen=True, slots=True)
class PriceArguments:
    product: str = said("商品名、编号或 SKU", "the article's name, number or SKU")
    color: str = said("颜色", "colour")
    size: str = said("尺码或规格", "size or volume")
    quantity: int | None = said("件数", "how many", None)
    city: str = said("寄到哪里，用来算运费", "where to, for the delivery fee")
    order_no: str = said("订单号（问当时付了多少时）", "order number, when it is about what was paid")
    phone_tail: str = said("收货手机号的后四位", "last four digits of the phone number on the order")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page shows for a variant at a moment."""

    row: Row[Price]
    list_row: Row[Price]  # without a sale

    @property
    def on_sale(self) -> bool:
        return self.row.record.amount < self.list_row.record.amount


def at(rows: list[Row[Price]], currency: str, moment: datetime) -> Asked | None:
    """The lowest price that held then, as the page shows it; None when the variant was not sold in this currency."""
    held = [
        row for row in rows
        if row.record.amount.currency == currency and row.record.valid_from <= moment
        and (row.record.valid_to is None or moment < row.record.valid_to)
    ]  # fmt: skip
    if not held:
        return None
    lowest = min(held, key=lambda row: row.record.amount.minor)
    listed = [row for row in held if row.record.kind == "list"] or held
    return Asked(lowest, max(listed, key=lambda row: row.record.amount.minor))


def currency_of(scene: Scene) -> str:
    """That the message names; of the proven customer's country; of the one country that somebody unknown names; else of the shop."""
    if (said := _named_currency(scene)) is not None:
        return said
    row = scene.get(Customer, scene.asker.customer) if scene.asker.customer else None
    if row is None and not scene.order and len(named := set(places.named(scene.text))) == 1:
        return _CURRENCIES.get(next(iter(named)), scene.shop_row.record.currency)
    return _CURRENCIES.get(row.record.country if row else "", scene.shop_row.record.currency)


def _named_currency(scene: Scene) -> str | None:
    if _AMOUNT.search(scene.text):
        return None
    return next((currency for words, currency in _SAID.items() if re.search(words, scene.text)), None)


def price(scene: Scene, asked: PriceArguments) -> Evidence:
    """The price now; with an order, what was paid; with a question for it, the delivery fee."""
    if asked.order_no or (not asked.product and _paid_words(scene.text) and _looks_at_order(scene)):
        return paid(scene, proof.OrderArguments(asked.order_no, asked.phone_tail, product=asked.product))
    place = places.read(asked.city) if asked.city else None
    fees = tuple(delivery.fee(scene, place)) if delivery.ASKS_FEE.search(scene.text) else ()
    if place is not None and not asked.product and not fees:
        fees = tuple(delivery.fee(scene, place))
    if fees and not asked.product:
        return Evidence(scene.intent, facts=fees)
    if not asked.product and not scene.item and (cited := pages.unanswered(scene)):
        return Evidence(scene.intent, passages=cited)
    found = goods.find(scene, goods.ItemArguments(asked.product, asked.color, asked.size))
    if isinstance(found, Evidence):
        return found
    facts = [*now(scene, found), *coming.prices(scene, found, currency_of(scene)), *fees]
    if asked.quantity and asked.quantity > 1 and not is_of_so_many(scene, found, asked.quantity):
        facts += _times(scene, facts, asked.quantity)
    return Evidence(scene.intent, facts=tuple(facts))


def _looks_at_order(scene: Scene) -> bool:
    """Whether an order is in focus, and no article beside it that it does not hold."""
    if not scene.order:
        return False
    return not scene.item or any(
        scene.item in (row.record.product_no, row.record.sku)
        for row in scene.rows(Line, order_no=scene.order)
    )


def is_of_so_many(scene: Scene, found: Goods, count: int) -> bool:
    """Whether so many make the one set that is asked for, as its title says: 那六个小杯子一套, of 六只装."""
    return bool(_ONE_SET.search(scene.text)) and any(
        stated.pieces(v.record, found.product.record) == count for v in found.variants
    )


def _times(scene: Scene, facts: list[Fact], count: int) -> Iterator[Fact]:
    """So many of it, where the price is one."""
    prices = [fact for fact in facts if fact.name == "price.now" and isinstance(fact.value, Money)]
    if len(prices) == 1 and isinstance(prices[0].value, Money):
        total = prices[0].value * count
        yield Fact(
            "price.total", total, f"{count} 件共 {say.money(total)}（没算优惠券）。", f"{count} of them: {say.money(total)}, before coupons.",
            prices[0].about, True, prices[0].sources, None, scene.now,
        )  # fmt: skip


def _paid_words(text: str) -> bool:
    return any(w in text for w in ("买的时候", "当时", "实付", "付了", "花了")) or "paid" in text.casefold()


def now(scene: Scene, found: Goods) -> Iterator[Fact]:
    """Prices now of the variants that are meant, the dearest told apart from the cheapest. Where none was ever asked in
    the shop's own currency, which may be a guess, who named no currency is told those in another one."""
    wanted = currency_of(scene)
    if found.lacking:
        yield lacking(scene, found)
    rows = [(variant, scene.rows(Price, sku=variant.record.sku)) for variant in found.variants[:_MOST]]
    others = {price.record.amount.currency for _, each in rows for price in each}
    others = set() if wanted in others else others
    seen: list[tuple[Row[Variant], Asked]] = []
    for currency in (wanted, *(sorted(others) if _named_currency(scene) is None else ())):
        seen = [(v, asked) for v, each in rows if (asked := at(each, currency, scene.now)) is not None]
        if seen:
            break
    if not seen:
        prices = [
            a.row
            for other in sorted(others)
            for _, each in rows
            if (a := at(each, other, scene.now)) is not None
        ]
        have = " / ".join(dict.fromkeys(say.money(it.record.amount) for it in prices))
        yield scene.fact(
            "price.unknown", None,
            f"《{found.zh}》没有 {wanted} 的价格，现在卖 {have}。" if have else f"《{found.zh}》没有查到现在的价格。",
            f"I found no price of {found.en} in {wanted}; it is {have} now." if have else f"I found no current price for {found.en}.",
            found.product, *prices, about=found.about,
        )  # fmt: skip
        return
    if len(seen) == 1:
        yield from _single(scene, found, *seen[0])
        return
    for amount in dict.fromkeys(asked.row.record.amount for _, asked in seen):
        same = [(v, a) for v, a in seen if a.row.record.amount == amount]
        names_zh = "、".join(goods.variant_zh(v) for v, _ in same)
        names_en = "; ".join(goods.variant_en(v) for v, _ in same)
        before = {a.list_row.record.amount for _, a in same if a.on_sale}
        was_zh = (
            f"（活动价，平时 {say.money(next(iter(before)))}）"
            if len(before) == 1 and len(same) == 1
            else "（活动价）"
            if before
            else ""
        )
        was_en = (
            f" (sale; usually {say.money(next(iter(before)))})"
            if len(before) == 1 and len(same) == 1
            else " (sale)"
            if before
            else ""
        )
        yield scene.fact(
            "price.now", amount, f"《{found.zh}》{names_zh}：{say.money(amount)}{was_zh}。",
            f"{found.en}, {names_en}: {say.money(amount)}{was_en}.", *(a.row for _, a in same),
            about=found.product.record.product_no,
        )  # fmt: skip
    yield from _each_elsewhere(scene, found, [variant for variant, _ in seen], currency)
    ends = {a.row.record.valid_to for _, a in seen if a.on_sale and a.row.record.valid_to}
    if len(ends) == 1:
        until = ends.pop()
        assert until is not None
        end = say.moment(until, scene.now)
        yield scene.fact(
            "price.until", until, f"活动价到 {end.zh}。", f"Sale prices end on {end.en}.",
            *(a.row for _, a in seen if a.on_sale), about=found.product.record.product_no, must=bool(_UNTIL.search(scene.text)),
        )  # fmt: skip


def _single(scene: Scene, found: Goods, variant: Row[Variant], asked: Asked) -> Iterator[Fact]:
    amount = asked.row.record.amount
    name_zh, name_en = goods.variant_zh(variant), goods.variant_en(variant)
    yield scene.fact(
        "price.now", amount, f"《{found.zh}》{name_zh}现在 {say.money(amount)}。",
        f"{found.en}, {name_en}, costs {say.money(amount)} now.", asked.row, about=variant.record.sku,
    )  # fmt: skip
    if asked.on_sale:
        until = asked.row.record.valid_to
        usual = asked.list_row.record.amount
        end = say.moment(until, scene.now) if until else None
        yield scene.fact(
            "price.usual", usual, f"这是活动价，平时 {say.money(usual)}" + (f"，活动到 {end.zh}。" if end else "。"),
            f"That is a sale price; it is usually {say.money(usual)}" + (f". The sale ends on {end.en}." if end else "."),
            asked.row, asked.list_row, about=variant.record.sku,
        )  # fmt: skip
    yield from _elsewhere(scene, variant, amount.currency)
    yield from _history(scene, variant, amount)


def _elsewhere(scene: Scene, variant: Row[Variant], currency: str) -> Iterator[Fact]:
    """Prices in other currencies, for who asks in English and is not known."""
    if scene.asker.customer or scene.says_zh:
        return
    rows = scene.rows(Price, sku=variant.record.sku)
    others = {row.record.amount.currency for row in rows} - {currency}
    amounts = [asked.row.record.amount for c in sorted(others) if (asked := at(rows, c, scene.now))]
    if amounts:
        said_zh = "、".join(say.money(a) for a in amounts)
        said_en = " or ".join(say.money(a) for a in amounts)
        yield scene.fact(
            "price.abroad", amounts[0], f"海外页面价：{said_zh}。", f"On our pages abroad: {said_en}.", variant,
            about=variant.record.sku, must=False,
        )  # fmt: skip


def _each_elsewhere(
    scene: Scene, found: Goods, variants: list[Row[Variant]], currency: str
) -> Iterator[Fact]:
    """The same of several variants, as the span of what they cost in each other currency."""
    if scene.asker.customer or scene.says_zh:
        return
    prices = {v.record.sku: scene.rows(Price, sku=v.record.sku) for v in variants}
    others = {row.record.amount.currency for rows in prices.values() for row in rows} - {currency}
    spans = []
    for other in sorted(others):
        amounts = sorted(
            {a.row.record.amount for rows in prices.values() if (a := at(rows, other, scene.now))},
            key=lambda amount: amount.minor,
        )
        spans += [" / ".join(say.money(amount) for amount in amounts)] if amounts else []
    if spans:
        yield scene.fact(
            "price.abroad_each", None, f"海外页面价：{'、'.join(spans)}。", f"On our pages abroad: {' or '.join(spans)}.",
            *variants, about=found.product.record.product_no, must=False,
        )  # fmt: skip


def _history(scene: Scene, variant: Row[Variant], amount: Money) -> Iterator[Fact]:
    """The list price before this one, with its last day."""
    rows = [
        row for row in scene.rows(Price, sku=variant.record.sku)
        if row.record.kind == "list" and row.record.amount.currency == amount.currency
        and row.record.valid_to is not None and row.record.valid_to <= scene.now
    ]  # fmt: skip
    if rows:
        last = max(rows, key=lambda row: row.record.valid_to or scene.now)
        assert last.record.valid_to is not None
        on = say.day(say.local(last.record.valid_to, scene.now).date(), scene.now)
        before = last.record.amount
        yield scene.fact(
            "price.before", before, f"{on.zh}以前的页面价是 {say.money(before)}。",
            f"Before {on.en} it was {say.money(before)}.", last, about=variant.record.sku, must=bool(_WAS.search(scene.text)),
        )  # fmt: skip


def paid(scene: Scene, asked: proof.OrderArguments) -> Evidence:
    """What was paid in an order, line by line."""
    row = proof.find(scene, asked)
    if isinstance(row, Evidence):
        return row
    order = row.record
    facts = []
    if order.paid is not None:
        facts.append(
            scene.fact(
                "order.paid", order.paid, f"订单 {order.order_no} 实付 {say.money(order.paid)}。",
                f"You paid {say.money(order.paid)} for order {order.order_no}.", row, about=order.order_no,
            )
        )  # fmt: skip
    facts += [
        fact for line in scene.rows(Line, order_no=order.order_no) if (fact := _line(scene, order, line))
    ]
    return Evidence(scene.intent, facts=tuple(facts))


def _line(scene: Scene, order: Order, row: Row[Line]) -> Fact | None:
    line = row.record
    if line.unit_price is None:
        return None
    name = articles.title(scene, line)
    shared = (
        f"，优惠后实付 {say.money(line.paid)}"
        if line.paid is not None and line.paid != line.unit_price * line.quantity
        else ""
    )
    shared_en = f", {say.money(line.paid)} after discounts" if shared and line.paid else ""
    return scene.fact(
        "order.unit_price", line.unit_price, f"《{name.zh}》单价 {say.money(line.unit_price)} × {line.quantity}{shared}。",
        f"{name.en}: {say.money(line.unit_price)} × {line.quantity}{shared_en}.", row, about=order.order_no,
    )  # fmt: skip


def lacking(scene: Scene, found: Goods) -> Fact:
    """That the article is not made in what was asked for, and in what it is."""
    zh = "、".join(dict.fromkeys(goods.variant_zh(v) for v in found.every[:_MOST]))
    en = "; ".join(dict.fromkeys(goods.variant_en(v) for v in found.every[:_MOST]))
    return scene.fact(
        "variant.lacking", found.lacking, f"《{found.zh}》没有“{found.lacking}”，现有：{zh}。",
        f'{found.en} does not come in "{found.lacking}"; it comes in {en}.', found.product, *found.every[:_MOST],
        about=found.product.record.product_no,
    )  # fmt: skip
