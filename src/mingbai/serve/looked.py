"""What the shop's people are shown of a person is entered in the register before they are: who, whose, which class, what for, when.

Once an hour for each of them, person and class, however often the page asks. Where it cannot be entered, nothing is shown.
Not covered: what a person of the shop's remembers, and what they read in the files themselves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Literal

from mingbai.serve.keys import Key
from mingbai.serve.page import Page

Data = Literal["conversation", "order", "consents"]


def at(page: Page, key: Key, persons: Iterable[str], data: Data, purpose: str = "service") -> None:
    """Blocks."""
    if page.register is not None:
        page.register.seen(persons, by=f"{key.scope.value}:{key.id}", data=data, purpose=purpose)


async def at_one(page: Page, key: Key, person: str, data: Data) -> None:
    await asyncio.to_thread(at, page, key, [person], data)


def at_orders(page: Page, key: Key, shop: str, numbers: Iterable[str]) -> None:
    """The rows of orders: their customers', or of nobody known the order's own."""
    if page.register is not None:
        found = (page.persons.person(shop, f"order:{number}") for number in numbers if number)
        at(page, key, [person for person in found if person], "order")
