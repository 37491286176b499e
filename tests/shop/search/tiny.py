"""A tiny shop for the tests of search: a few rows that say everything."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from mingbai.shop.records.home import Records
from mingbai.shop.search.encoder import Encoder, NoEncoder
from mingbai.shop.search.query import Answer, Filters, Query
from mingbai.shop.search.search import Search
from mingbai.values.money import Money
from mingbai.values.records import (
    Order,
    Origin,
    PolicyDocument,
    Price,
    Product,
    Record,
    Review,
    Shipment,
    Sourced,
    Stock,
    Variant,
)

SHOP = "tiny"
SINCE = datetime(2025, 1, 1, tzinfo=UTC)
ORIGIN = Origin("tiny.csv", 1)


def product(
    number: str, zh: str, en: str = "", *, yuan: int = 100, stock: int = 5, category: str = "茶具"
) -> list[Record]:
    """A product with one variant, its price and its stock."""
    sku = f"{number}-A"
    return [
        Product(number, zh, en, category),
        Variant(sku, number, barcode=f"69{number[1:]:0>11}"),
        Price(sku, Money(yuan * 100, "CNY"), SINCE),
        Stock(sku, "", stock),
    ]


ROWS: list[Record] = [
    *product("T1", "宜兴紫砂壶 200ml", "Yixing clay teapot, 200 ml", yuan=398, category="茶具 > 茶壶"),
    *product("T2", "青花盖碗", "Blue-and-white gaiwan", yuan=68, category="茶具 > 盖碗"),
    *product(
        "T3",
        "加厚玻璃公道杯 300 ml",
        "Thick glass fairness pitcher",
        yuan=39,
        stock=0,
        category="茶具 > 公道杯",
    ),
    *product("T4", "10000mAh 充电宝", "Power bank, 10000 mAh", yuan=99, category="数码"),
    *product("T5", "办公室带盖马克杯", "Office mug with lid", yuan=45, category="茶具 > 马克杯"),
    *product("T6", "明前西湖龙井 250g", "Longjing green tea, 250 g", yuan=260, category="茶叶 > 绿茶"),
    PolicyDocument(
        "returns", "zh", "七天无理由退货", "## 运费\n寄回的运费由买家承担。\n## 期限\n签收后七天。"
    ),
    PolicyDocument(
        "returns", "en", "Returns within seven days", "Send it back within seven days of delivery."
    ),
    PolicyDocument("invoices", "zh", "怎么开发票", "确认收货后申请，二十四小时内开出电子发票。"),
    Review("R1", "T1", "壶嘴出水很利索，一点不滴，泡岩茶正好。", 5),
    Order("MB20251103-0042", phone="13800001234"),
    Shipment("MB20251103-0042", "SF1234567890123"),
]


def sourced(rows: list[Record]) -> list[Sourced]:
    return [Sourced(row, ORIGIN) for row in rows]


def stand(
    home: Path, rows: list[Record] | None = None, encoder: Encoder | None = None, *, shop: str = SHOP
) -> Search:
    """Search over the rows, by words alone unless an encoder is given. Its records are `search.records`."""
    home.mkdir(parents=True, exist_ok=True)
    records = Records.open(home / "shop.db")
    records.take(shop, sourced(ROWS if rows is None else rows))
    return Search(home, records, encoder or NoEncoder())


def ask(
    search: Search, text: str, filters: Filters | None = None, *, shop: str = SHOP, limit: int = 10
) -> Answer:
    return search.ask(shop, Query(text, filters or Filters(), limit))


def found(
    search: Search, text: str, filters: Filters | None = None, *, shop: str = SHOP, limit: int = 10
) -> list[str]:
    return [hit.key for hit in ask(search, text, filters, shop=shop, limit=limit).hits]
