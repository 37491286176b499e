"""Versions of one article beside each other by price: 油滴 and 兔毫, 150 and 220 ml; and packs by the same amount, three of 15
bags beside one of 45.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mingbai.shop.skills import goods, options, price, say
from mingbai.shop.skills.goods import Goods, ItemArguments
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.money import Money
from mingbai.values.records import Price, Variant
from mingbai.values.turn import Fact

_PART = re.compile(
    r"[，,、；;。?？！!\n]|和|跟|与|还是|比|(?i:\bvs\.?\b|\bversus\b|\bor\b|\band\b|\bthan\b|\bwith\b)"
)
# What a pack holds: 15 包, 7饼, 45 bags, 357 g.
_HOLDS = re.compile(r"(\d+(?:\.\d+)?)\s*(包|饼|片|袋|个|只|条|张|支|对|盒|g|克|kg)")
_VALUE = re.compile(
    r"合算|划算|实惠|省|单买|散买|[两三四五六七八九十\d](?:包|盒|个|饼|回|份|次|罐)[^，。]{0,8}(?:便宜|贵)|(?i:\bbetter (?:value|deal)\b|\bsav(?:e|ing)\b|\bcheaper\b|\b\d+ ?x\b)"
)


@dataclass(frozen=True, slots=True)
class _Side:
    """Versions of one price."""

    variants: tuple[Row[Variant], ...]
    row: Row[Price]

    @property
    def amount(self) -> Money:
        return self.row.record.amount

    @property
    def zh(self) -> str:
        return "、".join(goods.variant_zh(v) for v in self.variants)

    @property
    def en(self) -> str:
        return "; ".join(goods.variant_en(v) for v in self.variants)


def compared(scene: Scene, asked: ItemArguments) -> Iterator[Fact]:
    """The two versions that the message names, or the two that there are; nothing where it is not clear which."""
    found = goods.find(scene, ItemArguments() if scene.item else ItemArguments(asked.product))
    if not isinstance(found, Goods) or len(found.every) < 2:
        return
    currency = price.currency_of(scene)
    named = _named(found, scene.text)
    sides = [s for rows in named if (s := _side(scene, rows, currency)) is not None]
    if len(named) != len(sides) or len(sides) != 2:
        return
    first, other = sides
    for side in sides:
        yield scene.fact(
            "price.now", side.amount, f"《{found.zh}》{side.zh}：{say.money(side.amount)}。", f"{found.en}, {side.en}: {say.money(side.amount)}.",
            side.row, about=found.product.record.product_no,
        )  # fmt: skip
    if _VALUE.search(scene.text) and _times(sides):
        yield from _by_amount(scene, found, sides)
    elif not _VALUE.search(scene.text) or not all(_holds(s.variants[0].record)[0] for s in sides):
        yield from _apart(scene, found, first, other)
    else:
        yield from _by_unit(scene, found, sides)


def _named(found: Goods, text: str) -> list[tuple[Row[Variant], ...]]:
    """The versions that parts of the message say, each once; where it says none apart, those of each price that are left."""
    out: list[tuple[Row[Variant], ...]] = []
    whole = options.by_text(found.every, text)
    for part in _PART.split(text):
        rows = options.by_text(found.every, part) if part.strip() else found.every
        within = tuple(v for v in rows if v in whole) or rows
        if len(rows) < len(found.every) and within not in out:
            out.append(within)
    if len(out) == 2 and not {v.record.sku for v in out[0]} & {v.record.sku for v in out[1]}:
        return out
    rest = whole if len(whole) > 1 else found.every
    return [(v,) for v in rest] if len(rest) == 2 else out


def _side(scene: Scene, rows: Sequence[Row[Variant]], currency: str) -> _Side | None:
    rows = _as_looked_at(scene, rows)
    seen = [
        (v, a.row) for v in rows if (a := price.at(scene.rows(Price, sku=v.record.sku), currency, scene.now))
    ]
    if len({row.record.amount for _, row in seen}) != 1:
        return None
    return _Side(tuple(v for v, _ in seen), seen[0][1])


def _as_looked_at(scene: Scene, rows: Sequence[Row[Variant]]) -> Sequence[Row[Variant]]:
    """Of several those that are most like the one in focus: 150 ml beside 150 ml."""
    own = scene.get(Variant, scene.item) if scene.item else None
    if own is None or len(rows) < 2:
        return rows
    wanted = set(own.record.options)
    most = max(len(wanted & set(v.record.options)) for v in rows)
    return [v for v in rows if len(wanted & set(v.record.options)) == most]


def _apart(scene: Scene, found: Goods, first: _Side, other: _Side) -> Iterator[Fact]:
    low, high = sorted((first, other), key=lambda s: s.amount.minor)
    if low.amount == high.amount:
        yield scene.fact(
            "price.same", True, "两种价格一样。", "Both cost the same.", low.row, high.row, about=found.product.record.product_no
        )  # fmt: skip
        return
    less = high.amount - low.amount
    yield scene.fact(
        "price.difference", less, f"{low.zh}便宜 {say.money(less)}。", f"{low.en} is {say.money(less)} cheaper.", low.row, high.row,
        about=found.product.record.product_no,
    )  # fmt: skip


def _by_unit(scene: Scene, found: Goods, sides: Sequence[_Side]) -> Iterator[Fact]:
    """What the larger pack's amount costs in the smaller one, where that is no whole number of packs."""
    small, large = sorted(sides, key=lambda s: _holds(s.variants[0].record)[0])
    (less, unit), (more, _) = (_holds(s.variants[0].record) for s in (small, large))
    loose = Money(round(small.amount.minor * more / less), small.amount.currency)
    low = large if large.amount < loose else small
    yield scene.fact(
        "price.by_unit", loose, f"按同样 {more:g} {unit} 算，{small.zh}约 {say.money(loose)}，{large.zh} {say.money(large.amount)}：{low.zh}更划算。",
        f"For the same {more:g} {unit}, {small.en} comes to about {say.money(loose)}, {large.en} to {say.money(large.amount)}: {low.en} is the better value.",
        small.row, large.row, about=found.product.record.product_no,
    )  # fmt: skip


def _times(sides: Sequence[_Side]) -> int:
    """How many of the smaller pack are one of the larger; 0 where that is no whole number."""
    held = [_holds(s.variants[0].record) for s in sides]
    if not all(amount for amount, _ in held) or held[0][1] != held[1][1]:
        return 0
    small, large = sorted(amount for amount, _ in held)
    many = large / small
    return int(many) if many > 1 and many == int(many) else 0


def _holds(variant: Variant) -> tuple[float, str]:
    said = " ".join([*(value for _, value in variant.options), variant.title_zh])
    found = _HOLDS.search(said)
    return (float(found[1]), found[2]) if found else (0.0, "")


def _by_amount(scene: Scene, found: Goods, sides: Sequence[_Side]) -> Iterator[Fact]:
    """The same amount in small packs and in one large one."""
    small, large = sorted(sides, key=lambda s: _holds(s.variants[0].record)[0])
    many = _times(sides)
    loose = small.amount * many
    about = found.product.record.product_no
    yield scene.fact(
        "price.loose", loose, f"{many} 份{small.zh}共 {say.money(loose)}。", f"Bought as {small.en}, {many} of them come to {say.money(loose)}.", small.row, about=about
    )  # fmt: skip
    if loose == large.amount:
        yield scene.fact(
            "price.same", True, "算下来一样。", "It comes to the same.", small.row, large.row, about=about
        )
        return
    low, less = (large, loose - large.amount) if large.amount < loose else (small, large.amount - loose)
    yield scene.fact(
        "price.difference", less, f"买{low.zh}更划算，便宜 {say.money(less)}。", f"{low.en} is the better value, {say.money(less)} cheaper.",
        small.row, large.row, about=about,
    )  # fmt: skip
