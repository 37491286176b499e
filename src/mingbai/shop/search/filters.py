"""Which documents of a segment a filter lets through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mingbai.shop.search.document import KINDS, Kind
from mingbai.shop.search.normal import folded
from mingbai.shop.search.query import Filters
from mingbai.shop.search.segment import Segment
from mingbai.values.money import Money

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]


def fitting(segment: Segment, filters: Filters, alive: Mask) -> Mask:
    import numpy as np

    fits = alive
    kind = segment.arrays["kind"]
    if filters.kinds:
        fits = fits & np.isin(kind, [KINDS.index(k) for k in filters.kinds])
    if filters.category:
        fits = fits & _in_category(segment, filters.category)
    bounds = [b for b in (filters.least, filters.most) if b is not None]
    if filters.in_stock or bounds:
        offers = np.ones(len(segment.arrays["offer_doc"]), np.bool_)
        if filters.in_stock:
            offers &= segment.arrays["offer_stock"]
        for bound in bounds:
            offers &= _priced(segment, bound, most=bound is filters.most)
        some = np.zeros(len(segment), np.bool_)
        some[segment.arrays["offer_doc"][offers]] = True
        fits = fits & some & (kind == KINDS.index(Kind.PRODUCT))
    return fits


def _priced(segment: Segment, bound: Money, *, most: bool) -> Mask:
    """An offer without a price in this currency does not fit: there is no rate here."""
    import numpy as np

    currencies = segment.meta["currencies"]
    if bound.currency not in currencies:
        return np.zeros(len(segment.arrays["offer_doc"]), np.bool_)
    price: Any = segment.arrays["offer_price"][:, currencies.index(bound.currency)]
    inside: Mask = (price >= 0) & ((price <= bound.minor) if most else (price >= bound.minor))
    return inside


def _in_category(segment: Segment, wanted: str) -> Mask:
    """`茶具` lets 茶具 and 茶具 > 茶壶 through, and so does a single step of the path: 茶壶."""
    import numpy as np

    asked = _path(wanted)
    chosen = [i for i, name in enumerate(segment.meta["categories"]) if _holds(_path(name), asked)]
    return np.isin(segment.arrays["category"], chosen)


def _path(category: str) -> list[str]:
    return [step.strip() for step in folded(category).replace("/", ">").split(">") if step.strip()]


def _holds(path: list[str], asked: list[str]) -> bool:
    return any(path[i : i + len(asked)] == asked for i in range(len(path) - len(asked) + 1))
