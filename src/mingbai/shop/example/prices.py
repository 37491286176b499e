"""What every article costs and has cost: the list price with what it was before, and sale prices for a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from mingbai.shop.example import content, offers
from mingbai.shop.example.catalogue import CURRENCIES, Article, articles
from mingbai.values.money import Money
from mingbai.values.records import Origin, Price, Sourced

OPENED_DAYS_AGO = 800  # the day the shop opened: no price is older
_FILE = "prices.toml"


@dataclass(frozen=True, slots=True)
class Prices:
    """All price rows of a day, and what was asked at a moment."""

    rows: tuple[Sourced, ...]
    by_sku: dict[tuple[str, str], list[Price]]  # SKU and currency

    def at(self, sku: str, currency: str, moment: datetime) -> Money:
        """What the page showed: the lowest price that held then. KeyError if it is not sold in this currency."""
        held = [
            price.amount
            for price in self.by_sku[sku, currency]
            if price.valid_from <= moment and (price.valid_to is None or moment < price.valid_to)
        ]
        return min(held)


def prices(today: date) -> Prices:
    rows = [row for article in articles().values() for row in _of(article, today)]
    by_sku: dict[tuple[str, str], list[Price]] = {}
    for row in rows:
        if isinstance(row.record, Price):
            by_sku.setdefault((row.record.sku, row.record.amount.currency), []).append(row.record)
    return Prices(tuple(rows), by_sku)


def _of(article: Article, today: date) -> Iterator[Sourced]:
    changes = [change for change in _changes() if article.sku.startswith(change[0])]
    for place, currency in enumerate(CURRENCIES):
        if currency not in article.list_price:
            continue
        since = content.at(today, -OPENED_DAYS_AGO)
        for _, kind, when, amounts, origin in changes:
            if kind == "was" and amounts[place] != "-":
                until = content.at(today, int(when))
                was = Money.of(amounts[place], currency)
                yield Sourced(Price(article.sku, was, since, until, "list"), origin)
                since = until
        yield Sourced(Price(article.sku, article.list_price[currency], since, None, "list"), article.line)
        for _, kind, when, amounts, origin in changes:
            if kind == "sale" and amounts[place] != "-":
                lower = Money.of(amounts[place], currency)
                for starts, ends in _times(when, today):
                    yield Sourced(Price(article.sku, lower, starts, ends, "sale"), origin)


def _times(when: str, today: date) -> Iterator[tuple[datetime, datetime]]:
    if ".." in when:
        first, _, last = when.partition("..")
        yield content.at(today, int(first)), content.at(today, int(last), "23:59")
    else:
        yield from (offers.sale_of(campaign) for campaign in offers.every(today, when))


def _changes() -> Iterator[tuple[str, str, str, list[str], Origin]]:
    first = content.line_of('changes = """', _FILE) + 1
    for number, line in enumerate(content.table(_FILE)["changes"].splitlines(), first):
        sku, kind, when, amounts = (cell.strip() for cell in line.split(" | "))
        yield sku, kind, when, amounts.split(" / "), Origin(_FILE, number)
