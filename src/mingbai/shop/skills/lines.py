"""Which lines of an order are meant: by number, by title, as search knows the article, or by the message's own words."""

from __future__ import annotations

from mingbai.shop.skills import articles, asks, goods, pages, stated
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Line, Order, Product, Variant
from mingbai.values.turn import Evidence


def chosen_lines(scene: Scene, order: Order, product: str) -> list[Row[Line]]:
    """The lines that the named article is; all of them when none is named or none fits."""
    lines = scene.rows(Line, order_no=order.order_no)
    wanted = product or scene.item
    if len(lines) == 1:
        return lines
    if not wanted:
        return worded(scene, lines)
    low = wanted.casefold()
    exact = [
        line
        for line in lines
        if low in (line.record.sku.casefold(), line.record.product_no.casefold())
        or line.record.line_no in low.split(",")
    ]
    if exact:
        return exact
    if (near := [line for line in lines if _stem(low) in line.record.title.casefold()]) or not product:
        return near or worded(scene, lines)
    found = goods.find(scene, goods.ItemArguments(product))
    if not isinstance(found, Evidence):
        its = [line for line in lines if line.record.product_no == found.product.record.product_no]
        return its or worded(scene, lines)
    return worded(scene, lines)


def worded(scene: Scene, lines: list[Row[Line]]) -> list[Row[Line]]:
    """The lines whose own words the message says more of than of the others'; all where it says none, or wants the whole."""
    if asks.WHOLE.search(scene.text):
        return lines
    said = pages.grams(stated.form(scene.text))
    counts = [len(said & _words(scene, line.record)) for line in lines]
    most = max(counts, default=0)
    return [line for line, n in zip(lines, counts, strict=True) if n == most] if most else lines


def by_option(scene: Scene, lines: list[Row[Line]], wished: tuple[str, ...]) -> list[Row[Line]]:
    """Of several lines those that were bought in the option which the message states beside what it wishes: L的换成S."""
    if len(lines) < 2:
        return lines
    wanted = {stated.form(w) for w in wished if w}

    def said(line: Row[Line]) -> int:
        own = scene.get(Variant, line.record.sku) if line.record.sku else None
        options = own.record.options if own is not None else ()
        return sum(
            stated.states(scene.text, value, name) and stated.form(value) not in wanted
            for name, value in options
        )

    counts = [said(line) for line in lines]
    most = max(counts)
    return [line for line, n in zip(lines, counts, strict=True) if n == most] if most else lines


def _stem(word: str) -> str:
    """杯子 is 杯 in a title."""
    return word.removesuffix("子") if len(word) > 1 else word


def _words(scene: Scene, line: Line) -> set[str]:
    title, options = articles.title(scene, line), articles.options(scene, line)
    product = scene.get(Product, line.product_no) if line.product_no else None
    kind = product.record.category.rpartition(" > ")[2] if product else ""
    top = product.record.category.partition(" > ")[0] if product else ""
    variant = scene.get(Variant, line.sku) if line.sku else None
    parts = " ".join(v for _, v in stated.values(variant.record)) if variant else ""
    return pages.grams(stated.form(f"{title.zh} {title.en} {options.zh} {kind} {top} {parts}"))
