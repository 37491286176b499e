"""Which variants of an article have the options that were said: word for word, within a word, or stated in the message. Pure."""

from __future__ import annotations

import re

from mingbai.shop.skills import stated
from mingbai.shop.skills.scene import Row
from mingbai.values.records import Product, Variant

COLOR_NAMES = ("颜色", "釉色", "泥料", "花色", "color", "colour")
SIZE_NAMES = ("尺码", "尺寸", "size")
_COLORS_EN = {
    "red": "红", "blue": "蓝", "green": "绿", "white": "白", "black": "黑", "grey": "灰", "gray": "灰", "pink": "粉", "yellow": "黄",
    "purple": "紫", "brown": "棕", "orange": "橙", "silver": "银", "gold": "金", "beige": "米",
}  # fmt: skip


def is_of_name(product: Row[Product], words: str) -> bool:
    """Whether the word stands in what the article is called, so that nobody wishes for it as an option."""
    named = stated.form(f"{product.record.title_zh} {product.record.title_en}").replace("-", " ")
    asked = stated.form(words).replace("-", " ")
    return re.search(rf"\b{re.escape(asked)}\b", named) is not None if asked.isascii() else asked in named


def having(rows: tuple[Row[Variant], ...], words: str, names: tuple[str, ...]) -> tuple[Row[Variant], ...]:
    """Variants one of whose options is what was said: word for word, else the word within it (红色 for 朱红)."""
    asked = plain(words)
    root = _COLORS_EN.get(asked, asked.removesuffix("色") if len(asked) > 1 else asked)
    same, near = [], []
    for row in rows:
        values = [plain(v) for n, v in row.record.options if not names or n.casefold() in names]
        if names == COLOR_NAMES or not names:
            values += [plain(part) for part in row.record.title_en.split(",")]
        if asked in values or asked in [v.removesuffix("色") for v in values] or f"{asked}色" in values:
            same.append(row)
        elif (len(root) > 0 and not root.isascii() and any(root in v for v in values)) or (
            root.isascii() and len(root) > 3 and any(root in v for v in values)
        ):
            near.append(row)
    return tuple(same or near)


def says_other(rows: tuple[Row[Variant], ...], names: tuple[str, ...], words: str, text: str) -> bool:
    """Whether the text states an option of such a name, or of that which has the value that was said before: and the 220?"""
    said = plain(words)
    own = {n.casefold() for row in rows for n, v in row.record.options if plain(v) == said}
    return any(
        stated.states(text, v, n)
        for row in rows
        for n, v in row.record.options
        if n.casefold() in names or n.casefold() in own
    )


def by_text(rows: tuple[Row[Variant], ...], text: str) -> tuple[Row[Variant], ...]:
    """Options that stand in the message itself: 150ml, 墨绿, 两条."""
    for name in dict.fromkeys(n for row in rows for n, _ in row.record.options):
        values = {dict(row.record.options).get(name, "") for row in rows}
        named = {v for v in values if v and stated.states(text, v, name)}
        named = {v for v in named if not any(v != w and plain(v) in plain(w) for w in named)}
        if named and len(values) > 1:
            rows = tuple(row for row in rows if dict(row.record.options).get(name) in named)
    if len(rows) > 1:
        most = max(stated.count(text, row.record) for row in rows)
        rows = tuple(row for row in rows if stated.count(text, row.record) == most) if most else rows
    return rows


def like(
    rows: tuple[Row[Variant], ...], focus: Row[Variant], *, color: bool, size: bool
) -> tuple[Row[Variant], ...]:
    """The variants that keep the other options of the one in focus: 换成红色 keeps the volume. `color`, `size`: which is another."""
    kept = dict(focus.record.options)
    if color:
        kept = {n: v for n, v in kept.items() if n.casefold() not in COLOR_NAMES}
    if size:
        kept = {n: v for n, v in kept.items() if n.casefold() not in SIZE_NAMES}
    same = tuple(row for row in rows if all(dict(row.record.options).get(n) == v for n, v in kept.items()))
    return same or rows


def plain(text: str) -> str:
    """Without blanks and hyphens, units by their letters: oil-spot is Oil spot, 150毫升 is 150 ml."""
    return re.sub(r"[\s-]+", "", stated.form(text))
