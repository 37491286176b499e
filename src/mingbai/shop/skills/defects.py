"""The rights of who got defective goods: seven days to return, and of listed electric goods the days of 三包."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from mingbai.shop.skills import articles, excepted, pages, rights, say
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Line, Order, Product
from mingbai.values.turn import Fact
from mingbai.zh import numerals

_SANBAO_CATEGORIES = ("电器", "electric")


def clock(scene: Scene, last: date) -> tuple[str, str]:
    said = say.day(last, scene.now)
    if scene.today <= last:
        left = (last - scene.today).days
        more_zh = "今天" if left == 0 else f"还有 {left} 天"
        more_en = "that is today" if left == 0 else f"{left} day{'s' if left > 1 else ''} left"
        return (
            f"还在期限内，最后一天是 {said.zh}（{more_zh}）",
            f"still open, the last day is {said.en} ({more_en})",
        )
    return f"最后一天是 {said.zh}，已经过了", f"the last day was {said.en}, which has passed"


def quality(
    scene: Scene, row: Row[Order], lines: list[Row[Line]], received: date | None, *, must: bool, also: bool
) -> Iterator[Fact]:
    """`must`: a fault is spoken of. `also`: what is left when the days without a reason are over."""
    order = row.record
    no = order.order_no
    if (order.country or "CN") not in excepted.HOME:
        cited = pages.cite(scene, ("quality", "warranty"))
        if must and cited:
            yield scene.fact(
                "return.quality", None, "质量问题可以要求修理、更换或退款，运费由我们承担，由人工核实后处理。",
                "A faulty item is repaired, exchanged or refunded at our cost; one of our team checks it.", row, about=no,
            )  # fmt: skip
        return
    if received is None:
        if must:
            yield scene.fact(
                "return.quality", None, "质量问题、破损、发错：来回运费由我们承担。",
                "If goods are faulty, broken or wrong, we pay the postage both ways.", row, about=no, rule=rights.ART_24,
            )  # fmt: skip
        return
    last = rights.last_day(received, rights.QUALITY_DAYS)
    zh, en = clock(scene, last)
    yield scene.fact(
        "return.quality_until", last, f"质量问题退货（签收起 7 天）{zh}；过了 7 天的，符合法定条件仍可退，否则换或修。来回运费由我们承担。",
        f"Return for a defect (7 days): {en}; later it is returned if the law's conditions are met, otherwise exchanged or repaired. We pay both ways.",
        row, about=no, must=must or also, rule=rights.ART_24,
    )  # fmt: skip
    for line in lines:
        product = scene.get(Product, line.record.product_no) if line.record.product_no else None
        if product is not None and is_sanbao(product.record):
            exchange = rights.last_day(received, rights.EXCHANGE_DAYS)
            a, b = say.day(last, scene.now), say.day(exchange, scene.now)
            name = articles.title(scene, line.record)
            open_now = (
                "现在可以退、换或修"
                if scene.today <= last
                else "现在可以换或修"
                if scene.today <= exchange
                else "现在按保修处理"
            )
            open_en = (
                "now: return, exchange or repair" if scene.today <= last
                else "now: exchange or repair" if scene.today <= exchange else "now: under the warranty"
            )  # fmt: skip
            yield scene.fact(
                "return.sanbao_until", exchange, f"《{name.zh}》三包：性能故障 {a.zh}前可退换修，{b.zh}前可换修；{open_now}。",
                f"{name.en}, statutory cover: return, exchange or repair until {a.en}, exchange or repair until {b.en}; {open_en}.",
                line, product, about=no, must=must, rule=rights.SANBAO,
            )  # fmt: skip


# How long somebody has had it: 买了8天, 第十天, on day 10, after 9 days.
_DAYS = re.compile(
    r"(?:第|[买用]了?|收到|到手|签收|拿到|过了|才)[^，。？]{0,4}?(\d{1,3}|[一二两三四五六七八九十]{1,3})\s?(?:来|多)?天"
    r"|(?i:\b(?:on )?day (\d{1,3})\b|\b(\d{1,3}) days? (?:after|ago|old|later|in)\b|\bafter (\d{1,3}) days?\b)"
)


def in_general(scene: Scene, rows: Sequence[Row[Product]]) -> Iterator[Fact]:
    """Of no order: what may be asked for a fault of these articles, by the day that is spoken of."""
    source = rows[0] if len(rows) == 1 else None
    if not rows or not all(is_sanbao(row.record) for row in rows):
        yield scene.fact(
            "return.quality", rights.QUALITY_DAYS,
            "质量问题：签收起 7 天内可以退货；过了 7 天的，符合法定条件仍可退，否则换或修。来回运费由我们承担。",
            "For a defect: return within 7 days of delivery; later it is returned if the law's conditions are met, otherwise exchanged or repaired. We pay both ways.",
            source, rule=rights.ART_24,
        )  # fmt: skip
        return
    yield scene.fact(
        "return.sanbao", rights.EXCHANGE_DAYS,
        "电器有故障（三包）：签收起 7 天内可以退货、换货或修理，第 8–15 天可以换货或修理，之后保修期内免费修理，运费由我们承担。",
        "In China, electric goods that fail: within 7 days of delivery return, exchange or repair; on days 8–15 exchange or repair; after that repair free of charge under the warranty. We pay the postage.",
        source, rule=rights.SANBAO,
    )  # fmt: skip
    hit = _DAYS.search(scene.text)
    said = next((group for group in hit.groups() if group), "") if hit else ""
    read = numerals.parse(said) if said else None
    number = int(read.low) if read is not None else 0
    if number:
        zh, en = (
            ("可以退货、换货或修理", "it can be returned, exchanged or repaired") if number <= rights.QUALITY_DAYS
            else ("可以换货或修理", "it can be exchanged or repaired") if number <= rights.EXCHANGE_DAYS
            else ("按保修免费修理", "it is repaired free of charge under the warranty")
        )  # fmt: skip
        yield scene.fact(
            "return.sanbao_day",
            number,
            f"签收第 {number} 天{zh}。",
            f"On day {number} {en}.",
            source,
            rule=rights.SANBAO,
        )


def is_sanbao(product: Product) -> bool:
    """Electric goods with a warranty: what the lists of 三包 hold of a teaware shop."""
    return (bool(product.warranty_days) and product.category.casefold().startswith(_SANBAO_CATEGORIES)) or (
        bool(product.warranty_days) and "电子秤" in product.category
    )
