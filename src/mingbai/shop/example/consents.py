"""Who agreed that their chats may train the shop's assistant, from content/consents; and the words they were shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from mingbai.shop.example import content
from mingbai.shop.example.make import TODAY
from mingbai.shop.example.people import people

NOTICE = "training"


@dataclass(frozen=True, slots=True)
class Said:
    customer_id: str
    state: Literal["given", "refused", "withdrawn"]
    lang: str
    region: str
    at: datetime
    how: str


def notices() -> Iterator[tuple[str, str]]:
    """Language and text."""
    for lang in ("zh", "en"):
        yield lang, content.text("consents", f"{NOTICE}-{lang}.txt")


def said(today: date = TODAY) -> Iterator[Said]:
    """In the order of the file, which is that of time for each person."""
    for row in content.rows("consents", f"{NOTICE}.txt", cells=4):
        name, state, when, how = row.cells
        person = people()[name]
        day, clock = when.split()
        yield Said(
            person.customer_id, cast(Literal["given", "refused", "withdrawn"], state), person.lang,
            {"DE": "EU", "US": "US"}.get(person.country, person.country), content.at(today, int(day), clock), how,
        )  # fmt: skip
