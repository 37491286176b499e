"""The shop's own warranty: of an article, and until when for one that was bought."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from mingbai.shop.skills import (
    articles,
    asks,
    defects,
    excepted,
    goods,
    house,
    pages,
    proof,
    return_rule,
    returns,
    rights,
    say,
)
from mingbai.shop.skills.lines import chosen_lines
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Line, Order, Product
from mingbai.values.turn import Evidence, Fact

_REPAIR = re.compile(r"(?:寄修|维修|保修期内)[^。]*运费|(?i:repairs? under warranty)")
_COVERS = re.compile(
    r"保什么|包什么|保哪些|管不管|算不算|保不保|不保温|漏|断|掉|(?i:\bcovers?\b|\bincluded?\b|\bwhat .{0,12}warranty)"
)
_BY_LAW = {
    "DE": re.compile(r"德国[^。]*(?:法定|两年)|(?i:germany[^.]*(?:statutory|guarantee))"),
    "US": re.compile(r"美国[^。]*保修|(?i:united states[^.]*year)"),
}
_MOST = 4  # articles of one name whose warranties are told
_MOST_KINDS = 3
_AFTER = re.compile(r"过了保修期|(?i:after the term)")


def warranty(scene: Scene, asked: proof.OrderArguments) -> Evidence:
    """With an order: each article's last day. Without one: how long, from delivery."""
    if (
        asked.order_no
        or asked.tracking_no
        or scene.order
        or (scene.asker.customer and not asked.product and not scene.item)
    ):
        row = proof.find(scene, asked, lambda order: order.received_at is not None)
        if isinstance(row, Evidence):
            return row
        lines = chosen_lines(scene, row.record, asked.product)
        facts = [fact for line in lines for fact in _line(scene, row, line)]
        return Evidence(scene.intent, tuple(facts), pages.cite(scene, ("warranty",)))
    any_of = goods.find_any(scene, goods.ItemArguments(asked.product))
    faulty = rights.is_faulty(scene.text, scene.fault)
    rights_first = _by_the_day(scene, goods.rows_of(any_of, asked.product)) if faulty else ()
    if isinstance(any_of, goods.Several):
        one_term = _is_one_term(any_of)
        each = tuple(_product(scene, row, row.record.product_no) for row in any_of.rows) if one_term else ()
        kinds = tuple(_kinds(scene, asked.product, any_of.rows))
        if each or kinds:
            asks_repair = asks.POSTAGE.search(scene.text) or asks.WHEN.search(scene.text)
            repair = house.told(scene, ("warranty",), _REPAIR) if asks_repair else ()
            told_of_all = (*rights_first, *each, *kinds, *repair)
            return Evidence(scene.intent, told_of_all, pages.cite(scene, ("warranty",)))
    found = goods.ask(scene, any_of) if isinstance(any_of, goods.Several) else any_of
    if isinstance(found, Evidence):
        topics = (
            ("quality", "warranty")
            if rights.is_faulty(scene.text, scene.fault) or "三包" in scene.text
            else ("warranty",)
        )
        cited = tuple(p for topic in topics for p in pages.cite(scene, (topic,)))
        return Evidence(scene.intent, passages=cited, needs=() if cited else found.needs)
    fact = _product(scene, found.product, found.about)
    told = (
        row
        for row in _covers(scene, found.product)
        if _COVERS.search(scene.text) or rights.is_faulty(scene.text, scene.fault)
    )
    return Evidence(
        scene.intent,
        (*rights_first, fact, *told),
        pages.cite(scene, ("warranty",), f"{scene.text} {found.zh} {found.product.record.category}"),
    )


def _is_one_term(several: goods.Several) -> bool:
    """Whether a few articles of one name have the same warranty, so that nobody has to be asked which."""
    terms = {row.record.warranty_days for row in several.rows}
    return len(several.rows) <= _MOST and len(terms) == 1 and bool(next(iter(terms)))


def _by_the_day(scene: Scene, rows: tuple[Row[Product], ...]) -> tuple[Fact, ...]:
    """What the law at home gives for electric goods that fail, by the day."""
    at_home = return_rule.asker_country(scene) in (*excepted.HOME, "")
    electric = bool(rows) and all(defects.is_sanbao(row.record) for row in rows)
    return tuple(defects.in_general(scene, rows)) if at_home and electric else ()


def covered(scene: Scene, row: Row[Order], line: Row[Line]) -> Iterator[Fact]:
    """What the shop's table says the warranty covers of this article, while it runs."""
    product = scene.get(Product, line.record.product_no) if line.record.product_no else None
    received = returns.received_on(scene, row.record)
    days = product.record.warranty_days if product else None
    if product is None or not days or received is None or scene.today > received + timedelta(days=days):
        return
    yield from _covers(scene, product, row.record.order_no)


def _covers(scene: Scene, product: Row[Product], of: str = "") -> Iterator[Fact]:
    """The row of the shop's table that speaks of the article: what is covered and what is not."""
    zh_name, en_name = product.record.title_zh, product.record.title_en
    for page in pages.pages(scene, "warranty"):
        for zh, en in pages.paired_rows(page):
            if len(zh) > 2 and _speaks_of(f"{zh[0]}、{en[0]}", product.record):
                yield scene.fact(
                    "warranty.covers", zh[2], f"《{zh_name or en_name}》保修 {zh[1]}：{zh[2].rstrip('。')}。",
                    f"{en_name or zh_name}, warranty {en[1]}: {en[2].rstrip('.')}.", product, *page.rows, about=of,
                )  # fmt: skip
                return


def _kinds(scene: Scene, word: str, rows: Iterable[Row[Product]]) -> Iterator[Fact]:
    """Of a kind of goods (水壶, kettle): the rows of the shop's table that name it, else those of its articles."""
    every = [
        (zh, en, page)
        for page in pages.pages(scene, "warranty")
        for zh, en in pages.paired_rows(page)
        if len(zh) > 2
    ]
    low = word.casefold().strip().removesuffix("子")
    named = [row for row in every if low and (low in row[0][0].casefold() or _names(low, row[1][0]))]
    of_rows = [
        row for row in every if any(_speaks_of(f"{row[0][0]}、{row[1][0]}", each.record) for each in rows)
    ]
    for zh, en, page in (named or of_rows)[:_MOST_KINDS]:
        yield scene.fact(
            "warranty.covers", zh[2], f"{zh[0]}：保修 {zh[1]}，{zh[2].rstrip('。')}。", f"{en[0][:1].upper()}{en[0][1:]}: warranty {en[1]}, {en[2].rstrip('.')}.",
            *page.rows,
        )  # fmt: skip


def _names(word: str, cell: str) -> bool:
    """Each word of it, whether one or many, and a compound by its head: Yixing teapot, a row of Yixing pots."""
    said, written = (
        {w.rstrip("s") for w in re.findall(r"[a-z]{2,}", text.casefold())} for text in (word, cell)
    )
    return bool(said) and all(any(w.endswith(it) for it in written) for w in said)


def _speaks_of(cell: str, product: Product) -> bool:
    parts = [p.strip() for p in re.split(r"[、，,/]", cell) if len(p.strip()) > 1]
    own = f"{product.title_zh} {product.category} {' '.join(product.tags)} {product.title_en}".casefold()
    return any(p.casefold().rstrip("s") in own for p in parts)


def length(days: int) -> tuple[str, str]:
    if days % 365 == 0:
        years = days // 365
        return f"{years} 年", f"{years} year{'s' if years > 1 else ''}"
    return f"{days} 天", f"{days} days"


def _product(scene: Scene, row: Row[Product], about: str) -> Fact:
    p = row.record
    zh, en = p.title_zh or p.title_en, p.title_en or p.title_zh
    if not p.warranty_days:
        return scene.fact(
            "product.warranty", 0, f"《{zh}》没有保修期，质量问题按质量问题的规则处理。",
            f"{en} has no warranty period; faults are covered by the rules for faulty goods.", row, about=about,
        )  # fmt: skip
    span_zh, span_en = length(p.warranty_days)
    return scene.fact(
        "product.warranty", p.warranty_days, f"《{zh}》保修 {span_zh}，从签收日算起，凭订单号。",
        f"{en} has a warranty of {span_en} from delivery; your order number is all you need.", row, about=about,
    )  # fmt: skip


def _line(scene: Scene, row: Row[Order], line: Row[Line]) -> Iterator[Fact]:
    order = row.record
    product = scene.get(Product, line.record.product_no) if line.record.product_no else None
    if product is None:
        return
    days = product.record.warranty_days
    received = returns.received_on(scene, order)
    name = articles.title(scene, line.record)
    if not days or received is None:
        fact = _product(scene, product, "")
        yield scene.fact("order.warranty", days or 0, fact.zh, fact.en, product, line, about=order.order_no)
        return
    last = received + timedelta(days=days)
    on, got = say.day(last, scene.now), say.day(received, scene.now)
    span_zh, span_en = length(days)
    open_zh, open_en = (
        ("还在保修期内", "still covered") if scene.today <= last else ("已经过了保修期", "no longer covered")
    )
    yield scene.fact(
        "order.warranty_until", last, f"《{name.zh}》{got.zh}签收，保修 {span_zh}，到 {on.zh}，{open_zh}。",
        f"{name.en} was delivered on {got.en}; its warranty of {span_en} runs until {on.en}: {open_en}.", row, line, product,
        about=order.order_no,
    )  # fmt: skip
    if _COVERS.search(scene.text) or rights.is_faulty(scene.text, scene.fault):
        yield from covered(scene, row, line)
    if (land := order.country) in _BY_LAW:
        yield from house.told(scene, ("warranty",), _BY_LAW[land], of=order.order_no)
    if scene.today > last:
        yield from house.told(scene, ("warranty",), _AFTER, of=order.order_no)
    elif asks.POSTAGE.search(scene.text):
        yield from house.told(scene, ("warranty",), _REPAIR, of=order.order_no)
    if defects.is_sanbao(product.record) and (order.country or "CN") == "CN":
        exchange = rights.last_day(received, rights.EXCHANGE_DAYS)
        if scene.today > exchange and scene.today <= last:
            b = say.day(exchange, scene.now)
            yield scene.fact(
                "order.sanbao_until", exchange, f"三包换货期到 {b.zh}，已经过了；性能故障现在免费修理。",
                f"The time for an exchange ended on {b.en}; a fault is now repaired free of charge.", row, line, product,
                about=order.order_no, rule=rights.SANBAO,
            )  # fmt: skip
        if scene.today <= exchange:
            b = say.day(exchange, scene.now)
            yield scene.fact(
                "order.sanbao_until", exchange, f"三包：{b.zh}前性能故障可以换货或修理。",
                f"Statutory cover: until {b.en} it can be exchanged or repaired if it fails.", row, line, product,
                about=order.order_no, rule=rights.SANBAO,
            )  # fmt: skip
