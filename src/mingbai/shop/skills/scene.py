"""What a skill is given: one state of the shop's rows, the shop's clock, and who asks. And how it makes facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar, cast

from mingbai.shop.records.home import Reader
from mingbai.shop.records.shape import SHAPES
from mingbai.shop.search.document import Kind
from mingbai.shop.search.query import Hit
from mingbai.shop.skills.limits import Limits
from mingbai.values.records import KINDS, Order, Record, Shop, Sourced
from mingbai.values.turn import Fact, Intent, Lang, Rule, Source, Value

R = TypeVar("R", bound=Record)


def nothing(words: str, kind: Kind, many: int) -> tuple[Hit, ...]:
    return ()


def unlike(question: str, texts: Sequence[str]) -> Sequence[float]:
    return [0.0] * len(texts)


# (words, kind of document, how many) → hits, best first; empty when nothing fits.
Find = Callable[[str, Kind, int], tuple[Hit, ...]]
# (question, texts) → how alike in meaning each is to it, -1 to 1; all 0 without an encoder.
Like = Callable[[str, Sequence[str]], Sequence[float]]

_KEYS = {record: (kind, key) for kind, record, key in KINDS}


@dataclass(frozen=True, slots=True)
class Row(Generic[R]):
    """A record with the row it was read from."""

    record: R
    source: Source


@dataclass(frozen=True, slots=True)
class Asker:
    """`customer` is proven. `tails` are the phone tails said in this conversation: they prove an order's number."""

    role: Literal["customer", "staff", "owner"] = "customer"
    customer: str = ""
    tails: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Scene:
    """`order` and `item` are in focus: of the channel, or of the conversation so far. `text` is the message in Simplified
    characters, what skills match their words on; `written` is the same as it was written, to take down or quote back."""

    reader: Reader
    find: Find
    shop: str
    now: datetime
    asker: Asker
    intent: Intent = Intent.OFF_TOPIC
    lang: Lang = "zh-Hans"
    text: str = field(default="", repr=False)
    written: str = field(default="", repr=False)
    order: str = ""
    item: str = ""
    dates: tuple[date, ...] = ()
    nth: int | None = None  # of the choices that were offered before: 第二个 is 1
    limits: Limits = field(default_factory=Limits)
    before: str = field(default="", repr=False)  # what was asked before, where this message goes on with it
    fault: str = field(
        default="", repr=False
    )  # what the customer said before of a fault in what is spoken of
    near: Find = nothing  # as `find`, with what is nearest where nothing fits well: for those who look at it themselves
    like: Like = unlike

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def says_zh(self) -> bool:
        return self.lang != "en"

    def rows(self, record: type[R], **equal: str | int | bool) -> list[Row[R]]:
        return [_row(found, record) for found in self.reader.rows(self.shop, _any(record), **equal)]

    def get(self, record: type[R], *key: str | int | datetime) -> Row[R] | None:
        found = self.reader.get(self.shop, _any(record), *key)
        return None if found is None else _row(found, record)

    def typed(self, found: Iterable[Sourced], record: type[R]) -> list[Row[R]]:
        return [_row(each, record) for each in found]

    def own_orders(self) -> list[Row[Order]]:
        """Of the proven customer, the latest first."""
        if not self.asker.customer:
            return []
        rows = self.typed(self.reader.orders_by_customer(self.shop, self.asker.customer), Order)
        return sorted(rows, key=lambda row: _when(row.record), reverse=True)

    @property
    def shop_row(self) -> Row[Shop]:
        return self.get(Shop, self.shop) or Row(Shop(self.shop, self.shop), Source("shop", self.shop))

    def fact(
        self, name: str, value: Value, zh: str, en: str, *of: Row[Any] | None,
        about: str = "", must: bool = True, rule: Rule | None = None,
    ) -> Fact:  # fmt: skip
        """A fact with the rows it was read from."""
        sources = tuple(dict.fromkeys(row.source for row in of if row is not None))
        return Fact(name, value, zh, en, about, must, sources, rule, self.now)


def _row(found: Sourced, record: type[R]) -> Row[R]:
    assert isinstance(found.record, record)
    kind, key = _KEYS[_any(record)]
    shape = SHAPES[_any(record)]
    named = "/".join(shape.key_of(shape.values(found.record))) if key else ""
    return Row(found.record, Source(kind, named, found.origin.file, found.origin.line))


def _any(record: type[R]) -> type[Record]:
    """The same class; mypy does not see that a variable bound by a union is one of it."""
    return cast("type[Record]", record)


def _when(order: Order) -> tuple[float, str]:
    return (order.created_at.timestamp() if order.created_at else 0.0, order.order_no)
