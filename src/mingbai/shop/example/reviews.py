"""Reviews from content/reviews: `product or SKU | stars | text | the shop's reply | days ago`.

A review is put to somebody who bought that very thing where there is one; the others stay without a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from mingbai.shop.example import content
from mingbai.shop.example.catalogue import articles
from mingbai.shop.example.dice import Dice
from mingbai.shop.example.plans import now
from mingbai.shop.example.sales import Sale
from mingbai.values.records import OrderState, Review, Sourced

_FILES = (("zh.txt", "zh"), ("hant.txt", "zh-Hant"), ("en.txt", "en"))
_SEASON = {"T046": 200, "T054": 55}  # what can only have been bought lately, in days


def reviews(sold: Sequence[Sale], today: date) -> Iterator[Sourced]:
    number = 0
    written: set[tuple[str, str]] = set()  # an order and a product have one review
    for file, lang in _FILES:
        for row in content.rows("reviews", file, cells=5):
            said, stars, text, reply, days = row.cells
            number += 1
            dice = Dice(f"review {text}")
            product_no, sku = said[:4], said if said in articles() else ""
            ago = int(days) if days else dice.between(8, _SEASON.get(product_no, 330))
            at = content.at(today, -ago, f"{dice.between(8, 23):02d}:{dice.between(0, 59):02d}")
            customer = None
            for sale in () if days else sold:
                if _could(sale, product_no, sku, lang) and (sale.order_no, product_no) not in written:
                    assert sale.plan.arrives is not None
                    at = min(
                        sale.plan.arrives + timedelta(hours=dice.between(4, 90)),
                        now(today) - timedelta(minutes=50),
                    )
                    customer = sale.plan.person.customer_id
                    written.add((sale.order_no, product_no))
                    break
            yield Sourced(
                Review(
                    review_no=f"V{number:05d}",
                    product_no=product_no,
                    text=text,
                    rating=int(stars),
                    sku=sku,
                    lang=lang,
                    at=at,
                    customer_id=customer,
                    reply=reply,
                ),
                row.origin,
            )


def _could(sale: Sale, product_no: str, sku: str, lang: str) -> bool:
    """Whether this buyer had the thing in hand and writes like this."""
    plan = sale.plan
    if plan.state not in (OrderState.COMPLETED, OrderState.DELIVERED) or plan.arrives is None or plan.story:
        return False
    writes = {"HK": "zh-Hant", "MO": "zh-Hant", "TW": "zh-Hant"}.get(plan.person.country, plan.person.lang)
    return writes == lang and any(it == sku if sku else it.startswith(product_no) for it, _ in plan.items)
