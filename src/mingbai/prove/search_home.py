"""A home made for one run: rows taken in, indexed, read by the second encoder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from mingbai.shop.records.home import Records
from mingbai.shop.search import deep, encoder
from mingbai.shop.search.search import Search
from mingbai.values.records import Sourced

ROWS_AT_ONCE = 5000


@contextmanager
def standing(
    shop: str, rows: Iterable[Sourced], *, deep_seconds: float, progress: Callable[[int, int], None]
) -> Iterator[Search]:
    """Search over the rows, fresh; `deep_seconds` 0 leaves the second encoder out."""
    with TemporaryDirectory(prefix="mingbai-") as folder, Records.open(Path(folder) / "shop.db") as records:
        for some in in_batches(rows, ROWS_AT_ONCE):
            records.take(shop, some)
        second = deep.default() if deep_seconds else None
        search = Search(Path(folder), records, encoder.default(), deep=second)
        search.refresh(shop)
        if second is not None:
            search.deepen(shop, seconds=deep_seconds, progress=progress)
        yield search


def in_batches(rows: Iterable[Sourced], size: int) -> Iterator[list[Sourced]]:
    some: list[Sourced] = []
    for row in rows:
        some.append(row)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some
