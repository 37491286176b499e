"""All rows of the example shop for a day. The same day gives the same rows: no clock, no network, no dice but our own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from mingbai.shop.example import (
    aftersales,
    catalogue,
    invoices,
    offers,
    orders,
    pages,
    parcels,
    people,
    reviews,
    sales,
    talks,
)
from mingbai.shop.example.prices import prices
from mingbai.values.records import Shipment, Sourced

# In the middle of 双11: deposits, balances, sale prices and price protection all at once.
TODAY = date(2025, 11, 12)
SHOP = "tea"


def rows(today: date = TODAY) -> Iterator[Sourced]:
    """Kind after kind, so that what a row refers to comes before it."""
    yield pages.shop(today)
    yield from catalogue.products()
    yield from catalogue.variants()
    history = prices(today)
    yield from history.rows
    yield from catalogue.stock(today)
    yield from offers.campaigns(today)
    yield from offers.coupons(today)
    yield from pages.policies(today)
    yield from people.customers(today)
    sold = sales.sales(today, history)
    back = aftersales.returns(sold, today)
    shipments: list[Shipment] = []
    for sale in sold:
        came_back = back.get(sale.order_no, [])
        yield from orders.order(sale, [record for record, _ in came_back], today)
        for row in parcels.parcels(sale, today):
            if isinstance(row.record, Shipment):
                shipments.append(row.record)
            yield row
        for record, origin in came_back:
            yield Sourced(record, origin)
    yield from invoices.invoices(sold, {no: [r for r, _ in found] for no, found in back.items()}, today)
    yield from reviews.reviews(sold, today)
    yield from talks.talks(sold, shipments, today)
