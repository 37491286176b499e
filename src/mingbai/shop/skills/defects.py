"""The rights of who got defective goods: seven days to return, and of listed electric goods the days of 三包."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from mingbai.shop.skills import articles, excepted, pages, rights, say
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Line, Order, Product
from mingbai.values.turn import Fact

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


def is_sanbao(product: Product) -> bool:
    """Electric goods with a warranty: what the lists of 三包 hold of a teaware shop."""
    return (bool(product.warranty_days) and product.category.casefold().startswith(_SANBAO_CATEGORIES)) or (
        bool(product.warranty_days) and "电子秤" in product.category
    )
