"""Products, variants and stock from content/products. Prices and their history are in `prices`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from mingbai.shop.example import content
from mingbai.values.money import Money
from mingbai.values.records import Origin, Pairs, Product, Sourced, Stock, Variant
from mingbai.zh.checks import mod10

CURRENCIES = ("CNY", "EUR", "USD")
WAREHOUSES = ("hangzhou", "frankfurt", "los_angeles")

# What is told apart by a word of its category; English beside it for `category` in English.
CATEGORIES = {
    "茶具 > 盖碗": "Teaware > Gaiwans", "茶具 > 茶壶 > 紫砂壶": "Teaware > Teapots > Yixing",
    "茶具 > 茶壶 > 瓷壶": "Teaware > Teapots > Porcelain", "茶具 > 茶壶 > 玻璃壶": "Teaware > Teapots > Glass",
    "茶具 > 茶壶 > 陶壶": "Teaware > Teapots > Stoneware", "茶具 > 茶壶 > 铁壶": "Teaware > Teapots > Cast iron",
    "茶具 > 茶杯": "Teaware > Cups", "茶具 > 公道杯": "Teaware > Pitchers", "茶具 > 马克杯": "Teaware > Mugs",
    "茶具 > 泡茶杯": "Teaware > Infusers", "茶具 > 茶盘": "Teaware > Tea trays", "茶具 > 套装": "Teaware > Sets",
    "定制 > 刻字": "Custom > Engraved", "电器 > 电热水壶": "Electric > Kettles", "电器 > 养生壶": "Electric > Health kettles",
    "电器 > 电陶炉": "Electric > Ceramic hobs", "保温 > 保温杯": "Thermos > Bottles", "保温 > 焖茶壶": "Thermos > Steeping pots",
    "旅行 > 快客杯": "Travel > Nesting sets", "旅行 > 旅行套装": "Travel > Travel sets", "旅行 > 户外": "Travel > Outdoor",
    "布艺 > 茶巾": "Cloth > Tea towels", "布艺 > 茶席": "Cloth > Tea mats", "服装 > 围裙": "Garments > Aprons",
    "服装 > 茶服": "Garments > Tea garments", "茶叶 > 绿茶": "Tea > Green tea", "茶叶 > 乌龙茶": "Tea > Oolong",
    "茶叶 > 普洱茶": "Tea > Pu'er", "茶叶 > 白茶": "Tea > White tea", "茶叶 > 花茶": "Tea > Scented tea",
    "茶叶 > 红茶": "Tea > Black tea", "茶叶 > 抹茶": "Tea > Matcha", "礼盒 > 节庆": "Gift boxes > Festive",
    "礼盒 > 商务": "Gift boxes > Corporate", "礼品卡": "Gift cards", "香 > 香炉": "Incense > Burners",
    "香 > 线香": "Incense > Sticks", "香 > 塔香": "Incense > Cones", "配件 > 茶宠": "Accessories > Tea pets",
    "配件 > 茶道组": "Accessories > Tool sets", "配件 > 养壶笔": "Accessories > Brushes",
    "配件 > 茶叶罐": "Accessories > Canisters", "配件 > 过滤": "Accessories > Strainers", "配件 > 茶刀": "Accessories > Pu'er knives",
    "配件 > 壶承": "Accessories > Pot rests", "配件 > 杯垫": "Accessories > Coasters", "配件 > 电子秤": "Accessories > Scales",
    "配件 > 耗材": "Accessories > Spare parts",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one warehouse holds of an article."""

    on_hand: int
    restock_in_days: int | None = None
    presale_in_days: int | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A variant with its product, list price today and shelves."""

    product: Product
    variant: Variant
    list_price: dict[str, Money]  # by currency; one that is missing is not sold there
    shelves: dict[str, Shelf]  # by warehouse; one that is missing does not keep it
    product_line: Origin
    line: Origin

    @property
    def sku(self) -> str:
        return self.variant.sku


@cache
def articles() -> dict[str, Article]:
    """Every article by SKU, in the order of the files."""
    return {article.sku: article for file in content.names("products") for article in _file(file)}


def products() -> Iterator[Sourced]:
    seen: set[str] = set()
    for article in articles().values():
        if article.product.product_no not in seen:
            seen.add(article.product.product_no)
            yield Sourced(article.product, article.product_line)


def variants() -> Iterator[Sourced]:
    for article in articles().values():
        yield Sourced(article.variant, article.line)


def stock(today: date) -> Iterator[Sourced]:
    def in_days(days: int | None) -> date | None:
        return None if days is None else today + timedelta(days=days)

    for article in articles().values():
        for warehouse, shelf in article.shelves.items():
            row = Stock(
                sku=article.sku,
                warehouse=warehouse,
                on_hand=shelf.on_hand,
                available=shelf.on_hand > 0,
                restock_on=in_days(shelf.restock_in_days),
                presale_ships_on=in_days(shelf.presale_in_days),
            )
            yield Sourced(row, article.line)


def _file(name: str) -> Iterator[Article]:
    lines = content.text("products", name).splitlines()
    for raw in content.table("products", name)["product"]:
        start = lines.index(f'no = "{raw["no"]}"')
        product = _product(raw)
        for place, cells in enumerate(content.bars(raw["variants"], 7), 1):
            row = next(n for n in range(start, len(lines)) if lines[n].startswith(cells[0] + " | "))
            yield _article(product, place, cells, Origin(name, start), Origin(name, row + 1))


def _product(raw: dict[str, Any]) -> Product:
    return Product(
        product_no=raw["no"],
        title_zh=raw["title_zh"],
        title_en=raw["title_en"],
        category=raw["category"],
        description_zh=raw["zh"].strip(),
        description_en=raw["en"].strip(),
        brand="明白",
        attributes=(
            *content.both(raw["facts"]),
            *_sizes(raw.get("sizes", "")),
            ("category", CATEGORIES[raw["category"]]),
        ),
        tags=tuple(raw["tags"]),
        warranty_days=raw.get("warranty_days"),
        no_reason_return=raw.get("no_reason_return", True),
    )


def _sizes(block: str) -> Pairs:
    """The size chart as attributes a person and a program can read: 尺码 M = 身高 160-168 cm，体重 50-60 kg …"""
    pairs: list[tuple[str, str]] = []
    for size, height, weight, chest, length in content.bars(block, 5):
        pairs.append(
            (f"尺码 {size}", f"身高 {height} cm，体重 {weight} kg，胸围 {chest} cm，衣长 {length} cm")
        )
        pairs.append(
            (f"size {size}", f"height {height} cm, weight {weight} kg, chest {chest} cm, length {length} cm")
        )
    return tuple(pairs)


def _article(
    product: Product, place: int, cells: tuple[str, ...], product_line: Origin, line: Origin
) -> Article:
    suffix, zh, en, options, grams, prices, held = cells
    sku = f"{product.product_no}-{suffix}"
    variant = Variant(
        sku=sku,
        product_no=product.product_no,
        title_zh=zh,
        title_en=en,
        options=tuple((name, value) for name, _, value in (o.partition("=") for o in options.split("; "))),
        barcode=_barcode(product.product_no, place),
        weight_grams=int(grams),
    )
    amounts = zip(CURRENCIES, prices.split(" / "), strict=True)
    shelves = zip(WAREHOUSES, held.split(), strict=True)
    return Article(
        product=product,
        variant=variant,
        list_price={currency: Money.of(amount, currency) for currency, amount in amounts if amount != "-"},
        shelves={warehouse: _shelf(said) for warehouse, said in shelves if said != "-"},
        product_line=product_line,
        line=line,
    )


def _shelf(said: str) -> Shelf:
    """`86`; `0+9` sold out, restocked in 9 days; `0p20` pre-sale that ships in 20 days."""
    if "+" in said:
        return Shelf(0, restock_in_days=int(said.partition("+")[2]))
    if "p" in said:
        return Shelf(0, presale_in_days=int(said.partition("p")[2]))
    return Shelf(int(said))


def _barcode(product_no: str, place: int) -> str:
    """EAN-13 of the range 20 that GS1 keeps for use inside a shop, so that it is nobody's."""
    digits = f"20{int(product_no[1:]):05d}{place:05d}"
    return digits + mod10(digits, 3, 1)
