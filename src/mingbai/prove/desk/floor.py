"""A shop that stands for one run: its rows, a desk over them, and the turns that the desk wrote down."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from mingbai.prove.desk.owners import Owners, of
from mingbai.shop.records.home import Records
from mingbai.turn.desk import Desk
from mingbai.turn.service import Seals
from mingbai.values.turn import Turn

# A home's folder → its rows and a desk over them.
Opens = Callable[[Path], tuple[Records, Desk]]


@dataclass(slots=True)
class Kept:
    """Seals as the service does, and keeps the turn for the graders, with the seconds that it took."""

    inner: Seals
    turns: dict[str, Turn] = field(default_factory=dict, repr=False)
    expected: dict[str, float] = field(default_factory=dict)

    def expect(self, turn: Turn) -> None:
        began = time.perf_counter()
        self.inner.expect(turn)
        self.expected[turn.turn_no] = time.perf_counter() - began

    def seal(self, turn: Turn) -> str:
        began = time.perf_counter()
        receipt = self.inner.seal(turn)
        took = ("expect", self.expected.pop(turn.turn_no, 0.0)), ("seal", time.perf_counter() - began)
        self.turns[turn.turn_no] = replace(turn, seconds=(*turn.seconds, *took))
        return receipt


@dataclass(frozen=True, slots=True)
class Floor:
    shop: str
    records: Records
    desk: Desk
    kept: Kept
    owners: Owners
    home: Path


@contextmanager
def standing(shop: str, home: Path, opens: Opens, owners: Owners | None = None) -> Iterator[Floor]:
    """A desk over the rows that lie in `home`."""
    records, desk = opens(home)
    kept = Kept(desk.service.receipts)
    desk.service = replace(desk.service, receipts=kept)
    with records:
        if owners is None:
            with records.reading() as reader:
                owners = of(reader, shop)
        yield Floor(shop, records, desk, kept, owners, home)


@contextmanager
def copied(pristine: Path, shop: str, opens: Opens, owners: Owners | None = None) -> Iterator[Floor]:
    """The shop in a home of its own, as it was before anybody asked: what is written there, nobody else sees.

    `pristine` must be closed: its database is copied as a file.
    """
    with TemporaryDirectory(prefix="mingbai-") as folder:
        home = Path(folder) / "home"
        shutil.copytree(
            pristine,
            home,
            symlinks=True,
            ignore=shutil.ignore_patterns("receipts", "run"),  # its keys open the rows
        )
        with standing(shop, home, opens, owners) as fresh:
            yield fresh
