"""What an order's line is called in each language: its own title, and the product's where the line's is in the other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.errors import Text
from mingbai.values.records import Line, Product, Variant

_HAN = re.compile(r"[一-龥]")


def is_chinese(text: str) -> bool:
    return bool(_HAN.search(text))


def title(scene: Scene, line: Line) -> Text:
    """The line's own title where it is in that language; it is what the customer saw."""
    product = scene.get(Product, line.product_no) if line.product_no else None
    zh, en = (product.record.title_zh, product.record.title_en) if product else ("", "")
    own = line.title or zh or en or line.sku or line.line_no
    return Text(own if is_chinese(own) or not zh else zh, own if not is_chinese(own) or not en else en)


def titles(scene: Scene, rows: Sequence[Row[Line]]) -> Text:
    found = [title(scene, row.record) for row in rows]
    return Text("、".join(t.zh for t in found), ", ".join(t.en for t in found))


def options(scene: Scene, line: Line) -> Text:
    """（青花，150ml） / (Blue and white, 150 ml), empty where nothing is known."""
    values = [pair.partition(":")[2] or pair for pair in line.options.split(";") if pair]
    zh = f"（{'，'.join(values)}）" if values else ""
    variant = scene.get(Variant, line.sku) if line.sku else None
    en = variant.record.title_en if variant and variant.record.title_en else ", ".join(values)
    return Text(zh, f" ({en})" if en else "")


def named(scene: Scene, line: Line) -> Text:
    """Title and options, to tell lines apart."""
    what, which = title(scene, line), options(scene, line)
    return Text(f"{what.zh}{which.zh}", f"{what.en}{which.en}")
