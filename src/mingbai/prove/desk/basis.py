"""What an answer may rest on, read by the prover itself: the rows that its facts name with what belongs to them, the
shop's own row, the pages that were cited; and, apart from those, the words of the evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

from mingbai.prove.desk.figures import Figure, figures, number_of, plain
from mingbai.shop.records.home import Reader
from mingbai.shop.records.shape import BY_KIND
from mingbai.values.money import Money
from mingbai.values.records import (
    InvoiceRequest,
    Line,
    Order,
    PolicyDocument,
    Price,
    Product,
    Record,
    Return,
    Shipment,
    ShipmentEvent,
    Shop,
    Stock,
    Variant,
)
from mingbai.values.turn import Turn

MOST_SUMS = 40


@dataclass(slots=True)
class Basis:
    """Figures, and the text that codes and addresses must stand in."""

    days: set[str] = field(default_factory=set)
    clocks: set[str] = field(default_factory=set)
    money: set[tuple[Decimal, str]] = field(default_factory=set)
    numbers: set[tuple[str, str]] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)  # of fields that are numbers: any unit may follow
    text: str = ""

    def read(self, text: str, today: date | None = None) -> None:
        self.text += "\n" + _folded(text)
        for each in figures(text, today):
            match each.kind:
                case "day":
                    self.days.add(each.value)
                case "clock":
                    self.clocks.add(each.value)
                case "money":
                    amount, currency = each.value.split(" ")
                    self.money.add((Decimal(amount), currency))
                case "number":
                    self.numbers.add((each.value, each.unit))
                case "code" | "web":
                    pass

    def row(self, record: Record, zone: datetime) -> None:
        """Every field of a row."""
        for each in fields(record):
            self._value(getattr(record, each.name), zone)

    def _value(self, value: Any, zone: datetime) -> None:
        match value:
            case Money():
                self.money.add((value.major.normalize(), value.currency))
            case datetime():
                here = value.astimezone(zone.tzinfo)
                self.days.add(here.date().isoformat())
                self.clocks.add(f"{here.hour}:{here.minute:02d}")
            case date():
                self.days.add(value.isoformat())
            case bool() | None:
                pass
            case int():
                self.bare.add(str(value))
            case str():
                self.read(value)
            case tuple():
                for part in value:
                    self._value(part, zone)
            case _:
                pass

    def holds(self, each: Figure) -> bool:
        match each.kind:
            case "day":
                return _has_day(self.days, each.value)
            case "clock":
                return each.value in self.clocks
            case "money":
                amount, currency = each.value.split(" ")
                return (Decimal(amount).normalize(), currency) in {(a.normalize(), c) for a, c in self.money}
            case "code" | "web":
                return _folded(each.value) in self.text
            case "number":
                if (each.value, each.unit) in self.numbers or each.value in self.bare:
                    return True
                amounts = {number_of(str(amount)) for amount, _ in self.money}
                return not each.unit and (each.value in amounts or each.value in {n for n, _ in self.numbers})

    def derives(self, each: Figure, today: date) -> bool:
        """Does simple arithmetic of the rows give it: a sum or difference, so many days after, between two days, times?"""
        match each.kind:
            case "money":
                amount, currency = each.value.split(" ")
                return Decimal(amount) in self._sums(currency)
            case "day":
                steps = {
                    int(n) for n in self.bare | {n for n, _ in self.numbers} if n.isdigit() and int(n) <= 400
                }
                known = [_date(day) for day in self.days] + [today]
                days = {
                    (d + timedelta(days=s)).isoformat()
                    for d in known
                    if d
                    for n in steps | {0}
                    for s in (n, n + 1)
                }
                return _has_day(days, each.value)
            case "number":
                gaps = {str(abs((a - b).days)) for a, b in combinations(self._dates(today), 2)}
                return each.value in gaps
            case _:
                return False

    def _dates(self, today: date) -> list[date]:
        return [*[d for d in map(_date, sorted(self.days)) if d is not None][:MOST_SUMS], today]

    def _sums(self, currency: str) -> set[Decimal]:
        known = sorted(amount for amount, c in self.money if c == currency)[:MOST_SUMS]
        times = [Decimal(n) for n in self.bare if n.isdigit() and 0 < int(n) <= 100]
        sums = {a + b for a, b in combinations(known, 2)} | {abs(a - b) for a, b in combinations(known, 2)}
        sums |= {a * n for a in known for n in times} | {sum(known, Decimal())}
        return sums | {a * (100 - n) / 100 for a in known for n in times if n < 100}


def of_rows(reader: Reader, shop: str, turn: Turn) -> Basis:
    """From the rows that the turn's facts name, and what belongs to them."""
    basis = Basis()
    seen: set[tuple[str, str]] = set()
    named = [(s.kind, s.key) for e in turn.evidence for f in e.facts for s in f.sources]
    named += [(p.kind, p.key) for e in turn.evidence for p in e.passages]
    named += [
        ("order", v) for e in turn.evidence if e.proposal for k, v in e.proposal.arguments if k == "order_no"
    ]
    named += [("order", choice) for e in turn.evidence for n in e.needs for choice in n.choices]
    named.append(("shop", shop))
    for kind, key in named:
        for record in belonging(reader, shop, kind, key):
            mark = (type(record).__name__, repr(record)[:200] + str(hash(record)))
            if mark not in seen:
                seen.add(mark)
                basis.row(record, turn.now)
    return basis


def belonging(reader: Reader, shop: str, kind: str, key: str) -> Iterator[Record]:
    """The row and the rows about the same order or article."""
    shape = BY_KIND.get(kind)
    if shape is None:
        return
    if kind == "policy":
        yield from _records(reader.rows(shop, PolicyDocument, document_no=key.split("/")[0]))
        return
    parts = key.split("/") if len(shape.key) > 1 else [key]
    found = reader.get(shop, shape.record, *parts) if len(parts) == len(shape.key) else None
    if found is None:
        return
    yield found.record
    if number := getattr(found.record, "order_no", ""):
        if not isinstance(found.record, Order):
            order = reader.get(shop, Order, number)
            yield from [order.record] if order else []
        for other in (Line, Shipment, Return, InvoiceRequest):
            for record in _records(reader.rows(shop, other, order_no=number)):
                yield record
                if isinstance(record, Shipment):
                    yield from _records(reader.rows(shop, ShipmentEvent, tracking_no=record.tracking_no))
    if number := getattr(found.record, "product_no", ""):
        product = reader.get(shop, Product, number)
        yield from [product.record] if product else []
        for variant in _records(reader.rows(shop, Variant, product_no=number)):
            yield variant
            assert isinstance(variant, Variant)
            yield from _records(reader.rows(shop, Price, sku=variant.sku))
            yield from _records(reader.rows(shop, Stock, sku=variant.sku))


def of_words(turn: Turn) -> Basis:
    """What the evidence itself says, in both languages, with its values and its rules."""
    basis = Basis()
    for e in turn.evidence:
        for fact in e.facts:
            basis.read(f"{fact.zh}\n{fact.en}", turn.now.date())
            basis._value(fact.value, turn.now)
            if fact.rule:
                basis.read(f"{fact.rule.zh}\n{fact.rule.en}")
        for said in (*e.refusals, *e.needs, *(x for x in (e.proposal, e.done) if x is not None)):
            basis.read(f"{said.zh}\n{said.en}", turn.now.date())
        for need in e.needs:
            basis.read("\n".join(need.choices))
        for passage in e.passages:
            basis.read(f"{passage.title}\n{passage.text}")
    return basis


def of_texts(texts: Iterable[str], today: date) -> Basis:
    """For a peer: what stood in its prompt or came back from its tools."""
    basis = Basis()
    for text in texts:
        basis.read(text, today)
    return basis


def _records(rows: Iterable[Any]) -> list[Record]:
    return [row.record for row in rows]


def _folded(text: str) -> str:
    return "".join(plain(text).casefold().split())


def _has_day(days: set[str] | Sequence[str], day: str) -> bool:
    if day in days:
        return True
    if day.startswith("0000"):
        return any(known[4:] == day[4:] for known in days)
    return "0000" + day[4:] in days  # a page says 11月11日, the answer the year with it


def _date(day: str) -> date | None:
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None


__all__ = ["Basis", "Shop", "belonging", "of_rows", "of_texts", "of_words"]
