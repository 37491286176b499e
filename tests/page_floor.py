"""The page's floor for tests: a tiny shop with two orders, and a desk that tells where an order is or hands over."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from mingbai.cli import floor
from mingbai.permit.admit import Permit
from mingbai.receipt.book import Receipts
from mingbai.serve.keys import KeyStore
from mingbai.serve.page import Page
from mingbai.shop.records.home import Records
from mingbai.shop.search.encoder import NoEncoder
from mingbai.shop.search.search import Search
from mingbai.turn.desk import Desk
from mingbai.turn.release import release
from mingbai.turn.service import Service
from mingbai.values.money import Money
from mingbai.values.records import (
    Line,
    Order,
    OrderState,
    Origin,
    Price,
    Product,
    Record,
    Shop,
    Sourced,
    Stock,
    Variant,
)
from mingbai.values.settings import Settings
from mingbai.values.turn import Evidence, Fact, Guess, Intent, Slots, Source, Turn, Understood

CST = timezone(timedelta(hours=8))
NOW = datetime(2025, 11, 12, 10, tzinfo=CST)
SHOP = "tea"
FACT = Fact(
    "order.state", "shipped", "订单 1001 已发货。", "Order 1001 is dispatched.", about="1001",
    sources=(Source("order", "1001", "orders.csv", 7),),
)  # fmt: skip
ROWS: list[Record] = [
    Shop(
        SHOP, "明白茶具", "Mingbai Tea", hours_zh="9:00–22:00", hours_en="9:00–22:00",
        facts=(("clock", NOW.isoformat()),),
    ),
    Product("G1", "青花盖碗", "Blue gaiwan", "茶具 > 盖碗"),
    Variant("G1-A", "G1"),
    Price("G1-A", Money(6800, "CNY"), NOW - timedelta(days=90)),
    Stock("G1-A", "", 5),
    Order(
        "1001", state=OrderState.PAID, customer_id="C1", total=Money(6800, "CNY"), paid=Money(6800, "CNY"),
        created_at=NOW - timedelta(days=1), paid_at=NOW - timedelta(days=1), phone="13800002807", recipient="王秀英",
        address="浙江省杭州市西湖区灵隐街道龙井路1号", country="CN",
    ),
    Line("1001", "1", sku="G1-A", title="青花盖碗", quantity=1),
]  # fmt: skip


class Hears:
    def load(self) -> None:
        pass

    async def understand(self, turn: Turn) -> Understood:
        return Understood("zh-Hans", (Guess(Intent.WHERE_IS_ORDER, 0.97, "rule"),), Slots())


class Reads:
    """Tells the one fact; hands over at the word for it."""

    def ground(self, turn: Turn) -> tuple[Evidence, ...]:
        return (Evidence(Intent.WHERE_IS_ORDER, (FACT,), handoff="人工" in turn.text),)


def floor_of(home: Path, keys: KeyStore, receipts: Receipts) -> Page:
    settings = Settings(home=home)
    records = Records.open(home / "shop.db")
    records.take(SHOP, [Sourced(row, Origin("tiny.csv", n)) for n, row in enumerate(ROWS, 1)])
    finder = Search(home, records, NoEncoder())
    service = Service(Hears(), Permit.default(), Reads(), release, None, "local", receipts)
    desk = Desk(service, lambda _: (SHOP, NOW))
    desk.load()
    return floor.page(
        settings, records, desk, keys, finder=finder, bounds=floor.limits(settings), receipts=receipts
    )
