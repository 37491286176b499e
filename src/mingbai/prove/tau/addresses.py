"""Which address a clause means."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mingbai.prove.tau.shop import Retail, Row

_US = re.compile(
    r"(?P<a>\d+ (?:[A-Z][\w ]+?)?(?:Street|St|Drive|Dr|Lane|Ln|Road|Rd|Avenue|Ave|Highway|Court|Way))\b\.?,?\s*(?P<b>(?:Suite|Apt|Unit) \w+)?,?\s*(?P<city>[A-Z][A-Za-z ]+?),\s*"
    r"(?P<state>[A-Z]{2}|[A-Z][a-z]+)?,?\s*(?P<zip>\d{5})"
)
_STATES = {"Texas": "TX", "New York": "NY", "California": "CA", "Florida": "FL", "Illinois": "IL"}
_CITIES = {
    "nyc": "New York",
    "la": "Los Angeles",
    "big apple": "New York",
    "washington dc": "Washington",
    "dc": "Washington",
    "sf": "San Francisco",
}


def place(shop: Retail, user: Row, orders: Sequence[Row], clause: str, whole: str) -> Row | None:
    """The address that is meant: written out, of an order that is named, of a city that the customer has, or the default."""
    if m := _US.search(clause) or _US.search(whole):
        state = m["state"] or ""
        city = m["city"].strip()
        state = _STATES.get(state, state) or next(
            (o["address"]["state"] for o in orders if o["address"]["zip"] == m["zip"]),
            "NY" if city == "New York" else "",
        )
        return {
            "address1": m["a"],
            "address2": m["b"] or "",
            "city": city,
            "country": "USA",
            "state": state,
            "zip": m["zip"],
        }
    source = re.search(r"(?i)same as (?:order )?(#?W\d{7})", clause)
    if source:
        number = source[1] if source[1].startswith("#") else f"#{source[1]}"
        return dict(shop.orders[number]["address"]) if number in shop.orders else None
    known = [user["address"], *(o["address"] for o in orders)]
    low = clause.casefold()
    towards = re.split(r"(?i)\bto (?:my|the|be)\b", low)[-1]
    for part in (towards, low):
        for address in known:
            names = [address["city"].casefold(), *(k for k, v in _CITIES.items() if v == address["city"])]
            if any(re.search(rf"\b{re.escape(name)}\b", part) for name in names):
                return dict(address)
    return dict(user["address"]) if re.search(r"(?i)\bdefault\b|\bprofile\b", clause) else None
