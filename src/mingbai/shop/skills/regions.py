"""How long delivery takes to a place, by the shop's own table: each row that covers it, with where it is sent from."""

from __future__ import annotations

from collections.abc import Iterator

from mingbai.shop.skills import pages, places
from mingbai.shop.skills.places import Place
from mingbai.shop.skills.scene import Scene
from mingbai.values.records import Order
from mingbai.values.turn import Fact

HOME = ("CN", "HK", "MO", "TW")
Pair = tuple[tuple[str, ...], tuple[str, ...]]


def recipient(order: Order) -> Place | None:
    """Where an order goes."""
    if order.country and order.country not in HOME:
        name = places.country_name(order.country)
        return Place(order.country, name.zh, name.en)
    return places.in_china(order.address) if order.address else None


def is_for(order: Order, place: Place) -> bool:
    """Whether the order goes to the place that is named."""
    if (
        place.country != (order.country or "CN")
        and places.OUTSIDE_CUSTOMS.get(place.province) != order.country
    ):
        return False
    if order.country not in ("", "CN"):
        return True
    there = recipient(order)
    return there is not None and bool(place.province) and there.province == place.province


def rows(scene: Scene, place: Place) -> tuple[pages.Page | None, list[Pair]]:
    """The first page on delivery and its rows for the place; of a home province that none names, those of the rest."""
    found: list[Pair] = []
    first: pages.Page | None = None
    for page in pages.pages(scene, "delivery"):
        every = pages.paired_rows(page)
        first = first or (page if every else None)
        found = [pair for pair in every if any(places.covers(cell, place) for cell in pair[0][:-1])]
        if not found and place.mainland and place.province:
            found = [pair for pair in every if any(places.is_rest(cell) for cell in pair[0][:-1])]
        if found:
            return page, found
    return first, found


def days(scene: Scene, place: Place, about: str = "") -> Iterator[Fact]:
    page, found = rows(scene, place)
    for number, (zh, en) in enumerate(found):
        origin_zh = f"从{zh[0]}发" if len(zh) > 2 else "寄"
        origin_en = f"from {en[0]} " if len(en) > 2 else ""
        yield scene.fact(
            "delivery.days", zh[-1], f"{origin_zh}到{place.zh}：{zh[-1].rstrip('。')}。",
            f"Delivery {origin_en}to {place.en}: {en[-1].rstrip('.')}.", *(page.rows if page else ()), about=about,
            must=number == 0,
        )  # fmt: skip
