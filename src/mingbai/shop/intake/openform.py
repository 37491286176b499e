"""Our own export, read back: `order.jsonl` or `order.csv` and so on for every kind; what it says replaces what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from mingbai.shop.intake.delimited import SEPARATORS, grid
from mingbai.shop.intake.encoding import Decoded
from mingbai.shop.intake.jsonrows import tree
from mingbai.shop.intake.plan import Bundle, Fault
from mingbai.shop.intake.profile import TYPES
from mingbai.shop.intake.readings import RANKS
from mingbai.shop.intake.rows import Row
from mingbai.shop.records.csvform import from_cells, header
from mingbai.shop.records.jsonform import from_json
from mingbai.values.errors import BadInput, Text
from mingbai.values.records import Line, Order, Origin, Record, Shipment, Shop, Sourced

NAME = "mingbai-open"
TITLE = Text("明白的导出", "Mingbai's export")
_MEND = Text("改回导出时的样子，或重新导出。", "Put it back as it was exported, or export it again.")
_OBJECT = Text("这一行不是 JSON 对象", "this line is no JSON object")


@dataclass(slots=True)
class OpenReading:
    file: str
    kind: str
    how: Text
    rows: Callable[[], Iterator[Row[Any]]]
    read: Callable[[Any], Record]
    shop: str = ""  # the shop it is taken into, which a row of the kind shop then is about
    sheet: str = ""
    profile: str = NAME
    title: Text = TITLE

    @property
    def rank(self) -> int:
        return RANKS[self.kind]

    @property
    def about_orders(self) -> bool:
        return self.kind in ("order", "line", "shipment")

    def size(self) -> int:
        return sum(1 for _ in self.rows())

    def bundles(self) -> Iterator[Bundle]:
        for row in self.rows():
            lines = (row.line,)
            if row.fault:
                yield Bundle("", lines, faults=(Fault(row.line, row.fault, _MEND),))
                continue
            try:
                record = self.read(row.body)
            except BadInput as error:
                yield Bundle(_order_said(row.body), lines, faults=(Fault(row.line, error.what, error.mend),))
                continue
            if isinstance(record, Shop) and self.shop:
                record = replace(record, shop=self.shop)
            key = record.order_no if isinstance(record, Order | Line | Shipment) else ""
            yield Bundle(key, lines, (Sourced(record, Origin(self.file, row.line)),))

    def notes(self) -> list[tuple[Text, int, int]]:
        return []

    def left(self) -> tuple[str, ...]:
        return ()


def opened(name: str, decoded: Decoded) -> OpenReading | None:
    """None when the file is not of our export: by its name, and by its first row."""
    path = PurePath(name)
    kind = path.stem
    if kind not in TYPES:
        return None
    if path.suffix in (".jsonl", ".ndjson"):
        return _lines(name, kind, decoded)
    if path.suffix == ".csv":
        return _cells(name, kind, decoded)
    return None


def _lines(name: str, kind: str, decoded: Decoded) -> OpenReading | None:
    objects = tree(name, decoded, numbers=True)
    first = next(objects.rows(), None)
    if first is None or not isinstance(first.body, dict) or not first.body.keys() & set(header(kind)):
        return None

    def read(body: Any) -> Record:
        if not isinstance(body, dict):
            raise BadInput(_OBJECT, _MEND)
        return from_json(kind, body)

    return OpenReading(name, kind, objects.how, objects.rows, read)


def _cells(name: str, kind: str, decoded: Decoded) -> OpenReading | None:
    line = decoded.text.split("\n", 1)[0].rstrip("\r")
    fitting = (sign for sign in SEPARATORS if set(line.split(sign)) <= set(header(kind)))
    table = grid(
        name, decoded, tidy=False, separator=next(fitting, "")
    )  # tabs in cells say nothing beside it
    first = next(table.rows(), None)
    names = [] if first is None else list(first.body)
    if not names or not set(names) <= set(header(kind)):
        return None

    def rows() -> Iterator[Row[dict[str, str]]]:
        for row in table.rows():
            if row is first or row.line == 1 or (not any(row.body) and not row.fault):
                continue
            fault = row.fault
            if fault is None and len(row.body) != len(names):
                fault = Text(
                    f"有 {len(row.body)} 格，表头有 {len(names)} 列",
                    f"it has {len(row.body)} cells, the header {len(names)}",
                )
            yield Row(row.line, dict(zip(names, row.body, strict=False)), fault)

    return OpenReading(name, kind, table.how, rows, lambda cells: from_cells(kind, cells))


def _order_said(body: object) -> str:
    """Which order a row that could not be read is about, as far as it says."""
    said = body.get("order_no") if isinstance(body, Mapping) else None
    return said if isinstance(said, str) else ""
