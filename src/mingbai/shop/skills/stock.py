"""Is it to be had: per variant and warehouse, with the restock or pre-sale day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.shop.skills import browse, goods, places, price, say
from mingbai.shop.skills.goods import Goods, ItemArguments
from mingbai.shop.skills.scene import Row, Scene
from mingbai.shop.skills.shelves import on_hand
from mingbai.values.records import Customer, Stock, Variant
from mingbai.values.turn import Evidence, Fact

_MOST = 12
_NAMES = {
    "hangzhou": ("杭州仓", "Hangzhou"),
    "frankfurt": ("法兰克福仓", "Frankfurt"),
    "los_angeles": ("洛杉矶仓", "Los Angeles"),
}


def stock(scene: Scene, asked: ItemArguments) -> Evidence:
    """What is there, what comes when. Without a color or size, every variant is told."""
    if browse.budget_said(scene) and (offers := tuple(browse.offers(scene, asked.product))):
        return Evidence(scene.intent, facts=offers)
    found = goods.find(scene, asked)
    if isinstance(found, Evidence):
        return found
    return Evidence(scene.intent, facts=tuple(of_goods(scene, found)))


def of_goods(scene: Scene, found: Goods) -> Iterator[Fact]:
    if found.lacking:
        yield price.lacking(scene, found)
    if not found.product.record.listed:
        yield scene.fact(
            "stock.not_listed", False, f"《{found.zh}》已经下架。", f"{found.en} is no longer sold.", found.product,
            about=found.about,
        )  # fmt: skip
        return
    if len(found.variants) == 1:
        yield from _single(scene, found, found.variants[0])
        return
    home = _country(scene)
    there: list[str] = []
    there_en: list[str] = []
    missing: list[str] = []
    missing_en: list[str] = []
    rows: list[Row[Stock]] = []
    for variant in found.variants[:_MOST]:
        shelves = _shelves(scene, variant, home)
        rows += shelves
        if on_hand(shelves):
            there.append(goods.variant_zh(variant))
            there_en.append(goods.variant_en(variant))
        else:
            when_zh, when_en = _when(scene, shelves)
            missing.append(goods.variant_zh(variant) + (f"（{when_zh}）" if when_zh else ""))
            missing_en.append(goods.variant_en(variant) + (f" ({when_en})" if when_en else ""))
    about = found.product.record.product_no
    if there:
        yield scene.fact(
            "stock.available", len(there), f"《{found.zh}》有货：{'、'.join(there)}。",
            f"{found.en}, in stock: {'; '.join(there_en)}.", *rows, about=about,
        )  # fmt: skip
    if missing:
        yield scene.fact(
            "stock.out", len(missing), f"《{found.zh}》现在缺货：{'、'.join(missing)}。",
            f"{found.en}, out of stock: {'; '.join(missing_en)}.", *rows, about=about,
        )  # fmt: skip


def _single(scene: Scene, found: Goods, variant: Row[Variant]) -> Iterator[Fact]:
    home, sku = _country(scene), variant.record.sku
    named = _said(scene)
    every = scene.rows(Stock, sku=sku)
    shelves = _shelves(scene, variant, home)
    name_zh, name_en = (
        f"《{found.zh}》{goods.variant_zh(variant)}",
        f"{found.en}, {goods.variant_en(variant)},",
    )
    if not every:
        yield scene.fact(
            "stock.unknown", None, f"{name_zh}的库存没有记录。", f"We have no stock record for {name_en.rstrip(',')}.",
            variant, about=sku,
        )  # fmt: skip
        return
    if named and not any(_serves(s.record.warehouse, named) for s in every):
        place = places.country_name(named)
        yield scene.fact(
            "stock.not_there", False, f"{name_zh}在{place.zh}没有货。", f"{name_en} is not in stock for {place.en}.",
            variant, *every, about=sku,
        )  # fmt: skip
        return
    count = sum(s.record.on_hand or 0 for s in shelves)
    if named and not on_hand(shelves):
        where_zh, where_en = warehouse(shelves[0].record.warehouse)
        yield scene.fact(
            "stock.out", 0, f"{name_zh}{where_zh}现在没有货（缺货）。", f"{name_en} is not in stock at {where_en} now.",
            variant, *shelves, about=sku,
        )  # fmt: skip
        yield from _dates(scene, shelves, sku)
        return
    if on_hand(shelves):
        counted = all(s.record.on_hand is not None for s in shelves)
        more_zh, more_en = (f"，现有 {count} 件", f": {count} pieces") if counted else ("", "")
        yield scene.fact(
            "stock.available", count if counted else True, f"{name_zh}有货{more_zh}。", f"{name_en} is in stock{more_en}.",
            variant, *shelves, about=sku,
        )  # fmt: skip
    else:
        yield scene.fact(
            "stock.out",
            0,
            f"{name_zh}现在缺货。",
            f"{name_en} is out of stock now.",
            variant,
            *shelves,
            about=sku,
        )
        yield from _dates(scene, shelves, sku)
    for other in every:
        if other not in shelves:
            yield _elsewhere(scene, other, sku)


def _dates(scene: Scene, shelves: list[Row[Stock]], sku: str) -> Iterator[Fact]:
    restock = [
        (s.record.restock_on, s)
        for s in shelves
        if s.record.restock_on and s.record.restock_on >= scene.today
    ]
    presale = [
        (s.record.presale_ships_on, s)
        for s in shelves
        if s.record.presale_ships_on and s.record.presale_ships_on >= scene.today
    ]
    if presale:
        on, row = min(presale, key=lambda pair: pair[0])
        said = say.day(on, scene.now)
        yield scene.fact(
            "stock.presale",
            on,
            f"可以预订，{said.zh}发货。",
            f"You can pre-order it; it leaves on {said.en}.",
            row,
            about=sku,
        )
    elif restock:
        on, row = min(restock, key=lambda pair: pair[0])
        said = say.day(on, scene.now)
        yield scene.fact(
            "stock.restock", on, f"预计 {said.zh}补货。", f"It is expected back on {said.en}.", row, about=sku
        )
    else:
        yield scene.fact(
            "stock.no_date",
            None,
            "补货时间还没有确定。",
            "We do not have a restock date yet.",
            *shelves,
            about=sku,
        )


def _elsewhere(scene: Scene, row: Row[Stock], sku: str) -> Fact:
    zh, en = warehouse(row.record.warehouse)
    there = on_hand([row])
    when_zh, when_en = ("", "") if there else _when(scene, [row])
    tail_zh = "有货" if there else "缺货" + (f"，{when_zh}" if when_zh else "")
    tail_en = "in stock" if there else "out of stock" + (f", {when_en}" if when_en else "")
    return scene.fact(
        "stock.elsewhere",
        row.record.on_hand,
        f"{zh}：{tail_zh}。",
        f"{en}: {tail_en}.",
        row,
        about=sku,
        must=False,
    )


def _when(scene: Scene, shelves: list[Row[Stock]]) -> tuple[str, str]:
    presale = [s.record.presale_ships_on for s in shelves if s.record.presale_ships_on]
    restock = [s.record.restock_on for s in shelves if s.record.restock_on]
    if presale:
        on = say.day(min(presale), scene.now)
        return f"预售，{on.zh}发货", f"pre-sale, leaves on {on.en}"
    if restock:
        on = say.day(min(restock), scene.now)
        return f"{on.zh}补货", f"back on {on.en}"
    return "", ""


def is_there(scene: Scene, variant: Row[Variant]) -> bool:
    """Whether it can be sent now from where the asker is served."""
    return on_hand(_shelves(scene, variant, _country(scene)))


def _shelves(scene: Scene, variant: Row[Variant], country: str) -> list[Row[Stock]]:
    """The shelves that serve this country; those of an unnamed place serve everybody."""
    rows = scene.rows(Stock, sku=variant.record.sku)
    near = [row for row in rows if _serves(row.record.warehouse, country)]
    return near or rows


def _serves(name: str, country: str) -> bool:
    where = places.read(name.replace("_", " ")) if name else None
    return (
        where is None or where.country == country or (where.country == "CN" and country in ("HK", "MO", "TW"))
    )


def _said(scene: Scene) -> str:
    """The country that the message names: 德国有货吗, for Germany, US warehouse."""
    for code, (name, others) in places.COUNTRIES.items():
        for word in (name.zh, name.en.removeprefix("the "), *others):
            if not word.isascii():
                found = word in scene.text
            elif len(word) < 3:  # US, not us
                found = bool(re.search(rf"\b(?:{word.upper()}\b|(?:in|to|for|the) {word}\b)", scene.text))
            else:
                found = bool(re.search(rf"\b{re.escape(word)}\b", scene.text, re.IGNORECASE))
            if found:
                return code
    return ""


def _country(scene: Scene) -> str:
    if named := _said(scene):
        return named
    row = scene.get(Customer, scene.asker.customer) if scene.asker.customer else None
    return (row.record.country if row else "") or scene.shop_row.record.country


def warehouse(name: str) -> tuple[str, str]:
    return _NAMES.get(name, (name or "仓库", name or "the warehouse"))
