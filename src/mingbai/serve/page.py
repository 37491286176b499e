"""What the page's routes are given: everything that the counter, the desk and the office stand on, put together by the CLI."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from mingbai.permit.consent import Consents
from mingbai.permit.policy.decide import PlaceTerms, Policy
from mingbai.permit.register import Register
from mingbai.receipt.book import Receipts
from mingbai.serve.files import Files
from mingbai.serve.sessions import Sessions
from mingbai.shop.intake.dropped import Dropped
from mingbai.shop.owned import Owned
from mingbai.shop.records.home import Records
from mingbai.shop.records.person_rows import PersonRows
from mingbai.shop.search.search import Search
from mingbai.shop.skills.by_hand import ByHand
from mingbai.shop.skills.limits import Limits
from mingbai.shop.style import Style
from mingbai.turn.counter import Bell, Counter
from mingbai.values.json import JsonObject
from mingbai.values.places import Place


class People(Protocol):
    """The rights of persons. Both block."""

    def export(self, shop: str, customer: str) -> JsonObject:
        """All that is kept of this customer."""
        ...

    def erase(self, shop: str, customer: str) -> JsonObject:
        """The certificate, once it cannot be read again."""
        ...


@dataclass(slots=True)
class Page:
    """`places` and `terms` are of places.toml and this machine; `reports` the folder of what `prove` wrote."""

    files: Files
    sessions: Sessions
    counter: Counter
    records: Records
    search: Search
    by_hand: ByHand
    imports: Dropped
    limits: Owned[Limits]
    style: Owned[Style]
    consents: Consents
    policy: Policy
    terms: Sequence[PlaceTerms]
    places: Sequence[Place]
    reports: Path
    receipts: Receipts | None = None
    people: People | None = None
    register: Register | None = None  # None: who sees what is not entered, as in tests
    imported: Bell = field(default_factory=Bell)

    def shop_of(self, asked: str) -> str:
        """The shop of a key, or the only one there is. Blocks; raises `BadInput` where that is not clear."""
        return self.records.the_shop(asked or None)

    @property
    def persons(self) -> PersonRows:
        return PersonRows(self.records)

    def close(self) -> None:
        self.imports.close()
        self.sessions.close()
