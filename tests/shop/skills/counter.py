"""A shop's counter for tests: rows in, a message with what was understood, and the evidence that comes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from mingbai.cli import assemble
from mingbai.shop.example import make
from mingbai.shop.ground import Grounder
from mingbai.shop.records.home import Records
from mingbai.shop.search.encoder import NoEncoder
from mingbai.shop.search.search import Search
from mingbai.shop.skills.limits import Limits
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
    Variant,
)  # fmt: skip
from mingbai.values.settings import Settings
from mingbai.values.turn import (
    Admission,
    Evidence,
    Fact,
    Focus,
    Guess,
    Intent,
    Lang,
    Memory,
    Slots,
    Turn,
    Understood,
)  # fmt: skip

CST = timezone(timedelta(hours=8))
NOW = datetime(2025, 11, 12, 10, 0, tzinfo=CST)


NEW = Memory()
OPENED = datetime(2025, 1, 1, tzinfo=CST)


def at(month: int, day: int, hour: int = 12, year: int = 2025) -> datetime:
    return datetime(year, month, day, hour, tzinfo=CST)


@dataclass
class Counter:
    records: Records
    grounder: Grounder
    shop: str
    now: datetime = NOW
    lang: Lang = "zh-Hans"
    said: Slots = field(default_factory=Slots)

    def turn(
        self, text: str, *intents: str, customer: str = "", order: str = "", item: str = "", memory: Memory = NEW,
        confirms: bool | None = None, handoff: bool = False, unsure: bool = False, by: str = "rule", lang: Lang | None = None,
        role: str = "customer", skills: frozenset[str] | None = None, **slots: Any,
    ) -> Turn:  # fmt: skip
        said = Slots(**{k: v if isinstance(v, tuple) else (v,) for k, v in slots.items()})
        guesses = tuple(Guess(Intent(intent), 0.9, by) for intent in intents)  # type: ignore[arg-type]
        understood = Understood(lang or self.lang, guesses, said, handoff, unsure, confirms)
        return Turn(
            "t1", self.shop, text, self.now, Focus(customer, order, item), memory, understood=understood,
            admission=Admission(role, customer, skills),  # type: ignore[arg-type]
        )  # fmt: skip

    def ask(self, text: str, *intents: str, **more: Any) -> Evidence:
        """The evidence of the one intent."""
        (found,) = self.every(text, *intents, **more)
        return found

    def every(self, text: str, *intents: str, **more: Any) -> tuple[Evidence, ...]:
        return self.grounder.ground(self.turn(text, *intents, **more))

    def own(self, order_no: str, text: str, intent: str, **more: Any) -> Evidence:
        """Asked by the order's proven customer, who looks at it."""
        order = self.order(order_no)
        return self.ask(text, intent, customer=order.customer_id, order=order_no, **more)

    def order(self, order_no: str) -> Order:
        found = self.records.get(self.shop, Order, order_no)
        assert found is not None
        assert isinstance(found.record, Order)
        return found.record

    def all(self, kind: type[Any]) -> list[Any]:
        return [row.record for row in self.records.rows(self.shop, kind)]

    def take(self, *records: Record) -> None:
        self.records.take(self.shop, [Sourced(r, Origin("test.csv", n)) for n, r in enumerate(records, 1)])


@contextmanager
def counter_of(
    home: Path, records: Sequence[Record], shop: str = "tiny", limits: Limits | None = None
) -> Iterator[Counter]:
    with assemble.records(Settings(home=home)) as opened:
        made = Counter(opened, Grounder(opened, Search(home, opened, NoEncoder()), limits=limits), shop)
        made.take(Shop(shop, "小店", "Tiny Shop"), *records)
        yield made


@contextmanager
def tea_counter(home: Path) -> Iterator[Counter]:
    with assemble.records(Settings(home=home)) as opened:
        opened.take(make.SHOP, list(make.rows()))
        yield Counter(opened, Grounder(opened, Search(home, opened, NoEncoder())), make.SHOP)


def facts(found: Evidence) -> dict[str, Fact]:
    """By name; the first of a name counts."""
    out: dict[str, Fact] = {}
    for fact in found.facts:
        out.setdefault(fact.name, fact)
    return out


def words(found: Evidence) -> str:
    """All that the evidence says, in both languages."""
    said = [f"{f.zh} {f.en} {f.value}" for f in found.facts] + [p.text for p in found.passages]
    said += [f"{r.zh} {r.en}" for r in found.refusals] + [f"{n.zh} {n.en} {n.choices}" for n in found.needs]
    said += [f"{p.zh} {p.en}" for p in (found.proposal, found.done) if p is not None]
    return "\n".join(said)


def remembered(found: Evidence, **more: Any) -> Memory:
    """What the conversation keeps of a turn, as the path does it."""
    about = [f.about for f in found.facts if f.about]
    kept = Memory(
        intent=found.intent, proposal=found.proposal, need=found.needs[0].slot if found.needs else "",
        order=next((a for a, f in zip(about, found.facts, strict=False) if f.name.startswith("order")), ""),
    )  # fmt: skip
    return replace(kept, **more)


# ---- rows of a tiny shop


def order(number: str, **more: Any) -> Order:
    given = {
        "state": OrderState.DELIVERED, "customer_id": "C1", "total": Money(10000, "CNY"), "paid": Money(10000, "CNY"),
        "created_at": at(11, 1), "paid_at": at(11, 1), "received_at": at(11, 5), "country": "CN", "phone": "13812342807",
        "address": "浙江省 杭州市 西湖区 文三路 1 号 2 幢 301",
    }  # fmt: skip
    return Order(number, **{**given, **more})


def line(order_no: str, number: str = "1", sku: str = "P1-R", **more: Any) -> Line:
    given = {
        "title": "小茶杯", "product_no": sku.partition("-")[0], "unit_price": Money(10000, "CNY"),
        "paid": Money(10000, "CNY"), "options": "颜色:红",
    }  # fmt: skip
    return Line(order_no, number, sku=sku, **{**given, **more})


def product(number: str = "P1", **more: Any) -> Product:
    return Product(
        number, **{"title_zh": "小茶杯", "title_en": "Small Cup", "category": "茶具 > 茶杯", **more}
    )


def variant(sku: str = "P1-R", **more: Any) -> Variant:
    given = {
        "product_no": sku.partition("-")[0],
        "title_zh": "红",
        "title_en": "Red",
        "options": (("颜色", "红"),),
    }
    return Variant(sku, **{**given, **more})


def price(
    sku: str, fen: int, since: datetime = OPENED, until: datetime | None = None, kind: str = "list"
) -> Price:
    return Price(sku, Money(fen, "CNY"), since, until, kind)
