"""Erase a person who has said a hundred thousand things, beside others who have not: how long, and what is left.

Before: nothing of theirs lies in clear in any file of the home, and the shop reads all of it. Copies of the database and of
the receipts' contents are made, as a backup would be (the file of keys is not copied: it has a backup of its own, a short
one). Then they are erased, and every byte of the home is searched, the copies are opened with the keys that are left, and
receipts, proofs and everybody else's rows are looked at again.
"""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from mingbai.permit.rights import Rights
from mingbai.permit.vault.vault import Erased
from mingbai.prove.bench_receipts import turn
from mingbai.receipt.book import Receipts
from mingbai.receipt.bundle import verify
from mingbai.shop.records import sealing
from mingbai.shop.records.home import Records
from mingbai.shop.records.shape import SHAPES
from mingbai.shop.records.tables import TABLES
from mingbai.values.money import Money
from mingbai.values.records import (
    PERSONAL,
    Conversation,
    Customer,
    Line,
    Order,
    OrderState,
    Origin,
    Record,
    Review,
    Said,
    Shipment,
    ShipmentEvent,
    ShipmentState,
    Shop,
    Sourced,
)

SHOP, WHO, ORDERS = "erasure", "C00007", 4
SAID_IN_ONE, TURN_SAYS = 500, 2  # messages of a conversation; a turn is a question and an answer
CANARIES = {
    "name": "欧阳青禾", "phone": "13912345678", "address": "龙井路七号三单元", "email": "qinghe.ouyang@example.com",
    "remark": "请放在门口的紫色鞋柜里", "message": "青禾问过的第", "question": "青禾想问的快递", "receipt answer": "给青禾的回答",
    "review": "泡给青禾的奶奶喝",
}  # fmt: skip
PUBLIC = "天青釉手工茶壶"  # a product's title, which the search must find: else it would find nothing
AT = datetime(2025, 11, 3, 2, tzinfo=UTC)

# A home's records, receipts and rights, opened; called again to open the copy of a backup with the same keys.
Opens = Callable[[Path], AbstractContextManager[tuple[Records, Receipts, Rights]]]


@dataclass(frozen=True, slots=True)
class Report:
    messages: int
    others: int
    seconds: float
    in_clear_before: tuple[str, ...]  # canaries found in files before, which must be none
    found_after: tuple[str, ...]
    scanned_bytes: int
    control_found: bool  # the public text is found by the same search
    in_backup: int  # personal fields of theirs that the copy still yields
    openings_in_backup: int
    read_after: int  # personal fields of theirs that the shop still reads
    receipts: int
    receipts_broken: int
    log_faults: int
    others_changed: int
    certificate_verifies: bool
    row_us: float  # an order read by its number, opened
    opening_us: float  # of which opening what is personal in it

    @property
    def passed(self) -> bool:
        bad = (
            self.in_backup,
            self.openings_in_backup,
            self.read_after,
            self.receipts_broken,
            self.log_faults,
            self.others_changed,
        )
        return (
            not self.in_clear_before and not self.found_after and self.control_found and not any(bad) and self.certificate_verifies
        )  # fmt: skip

    def lines(self) -> Sequence[str]:
        return [
            f"messages of the person            {self.messages:>9,}   (other customers: {self.others:,})",
            f"erased in                         {self.seconds:>9.3f} s",
            f"in clear in files, before         {', '.join(self.in_clear_before) or 'nothing':>9}",
            f"found in {self.scanned_bytes / 1e6:,.0f} MB of files, after  {', '.join(self.found_after) or 'nothing':>9}   (control: {'found' if self.control_found else 'NOT FOUND'})",
            f"personal fields still read        {self.read_after:>9}",
            f"… from the backup made before     {self.in_backup:>9}   (contents of receipts: {self.openings_in_backup})",
            f"receipts that verify              {self.receipts - self.receipts_broken:>9,} of {self.receipts:,}; log faults {self.log_faults}",
            f"other customers' rows changed     {self.others_changed:>9}",
            f"an order read by its number       {self.row_us:>9.0f} µs, of which opening what is sealed {self.opening_us:.0f} µs",
            f"certificate verifies              {'yes' if self.certificate_verifies else 'NO':>9}",
        ]


def run(
    folder: Path, opens: Opens, *, messages: int = 100_000, others: int = 2_000, turns: int = 5_000
) -> Report:
    """`messages` are theirs, of which two for each of `turns`; the rest were imported."""
    home, copy = folder / "home", folder / "copy"
    with opens(home) as (records, receipts, rights):
        _fill(records, receipts, messages - TURN_SAYS * turns, others, turns)
        before = _others(records)
        row_us, opening_us = _costs(records, rights)
        in_clear = _found(home)
        assert _personal(records), "nothing to erase"
    # A backup of the data: everything but the keys.
    shutil.copytree(home, copy, ignore=shutil.ignore_patterns("vault", "secrets"))
    with opens(home) as (records, receipts, rights):
        rights.search_now(SHOP)
        began = time.perf_counter()
        done = rights.erase(SHOP, WHO, by="prove")
        seconds = time.perf_counter() - began
        after, control, size = (
            _found(home),
            bool(_found(home, {"public": PUBLIC})),
            sum(p.stat().st_size for p in _files(home)),
        )
        read_after = _personal(records)
        broken = sum(not _verifies(receipts, f"t-{n:024x}") for n in range(turns))
        certificate = verify(done.certificate, receipts.keys()).receipt["id"] == done.id
        faults = len(receipts.log.faults(receipts.keys()))
        changed = sum(one != two for one, two in zip(before, _others(records), strict=True))
    for kept in ("vault", "secrets"):
        shutil.copytree(home / kept, copy / kept)
    with opens(copy) as (records, receipts, rights):
        in_backup = _personal(records)
        opened = sum(_opens(receipts, f"t-{n:024x}") for n in range(0, turns, max(1, turns // 500)))
    return Report(
        messages, others, seconds, in_clear, after, size, control, in_backup, opened, read_after, turns, broken, faults, changed,
        certificate, row_us, opening_us,
    )  # fmt: skip


def _fill(records: Records, receipts: Receipts, said: int, others: int, turns: int) -> None:
    records.take(SHOP, [_sourced(r) for r in _rows(said, others)])
    for number in range(turns):
        one = turn(number)
        assert one.reply is not None
        receipts.seal(
            replace(
                one, shop=SHOP, text=f"{CANARIES['question']} {number}", focus=replace(one.focus, customer=WHO),
                admission=replace(one.admission, customer=WHO) if one.admission else None,
                reply=replace(one.reply, text=f"{CANARIES['receipt answer']} {number}"),
            )
        )  # fmt: skip


def _rows(said: int, others: int) -> Iterator[Record]:
    yield Shop(SHOP, "删除的店", "Erasure")
    yield Customer(WHO, CANARIES["name"], CANARIES["phone"], CANARIES["email"], CANARIES["address"])
    for n in range(ORDERS):
        yield Order(
            f"E{n}", state=OrderState.COMPLETED, customer_id=WHO, total=Money(26800, "CNY"), created_at=AT,
            recipient=CANARIES["name"], phone=CANARIES["phone"], address=CANARIES["address"], buyer_note=CANARIES["remark"],
        )  # fmt: skip
        yield Line(f"E{n}", "1", PUBLIC, extra=(("刻字", CANARIES["name"]),))
        yield Shipment(f"E{n}", f"SF{n}", "顺丰")
        yield ShipmentEvent(
            f"SF{n}", 1, AT, ShipmentState.DELIVERED, CANARIES["address"], f"签收人：{CANARIES['name']}"
        )
    yield Review("R7", "P1", CANARIES["review"], 5, customer_id=WHO)
    for n in range(others):
        yield Customer(f"O{n}", f"客人{n}", f"137{n:08}")
        yield Order(
            f"O{n}",
            state=OrderState.SHIPPED,
            customer_id=f"O{n}",
            recipient=f"客人{n}",
            phone=f"137{n:08}",
            created_at=AT,
        )
    for c in range(-(-said // SAID_IN_ONE)):
        yield Conversation(f"T{c}", "web", WHO)
        for n in range(min(SAID_IN_ONE, said - c * SAID_IN_ONE)):
            yield Said(
                f"T{c}",
                n + 1,
                "customer",
                AT + timedelta(seconds=n),
                f"{CANARIES['message']} {n} 句话，电话 {CANARIES['phone']}",
            )


def _sourced(record: Record) -> Sourced:
    return Sourced(record, Origin("erasure.jsonl", 1))


def _costs(records: Records, rights: Rights) -> tuple[float, float]:
    """Microseconds, medians of a thousand."""
    number = "O1"
    with records.connected() as connection:
        query = select(TABLES[Order].c.sealed).where(
            TABLES[Order].c.order_no == number, TABLES[Order].c.shop == SHOP
        )
        sealed = bytes(connection.execute(query).scalar_one())
    shape = SHAPES[Order]
    about = sealing.about(SHOP, shape, [number if name == "order_no" else None for name in shape.columns])
    rows, opens = [], []
    with records.reading() as reader:
        for _ in range(1000):
            began = time.perf_counter()
            reader.get(SHOP, Order, number)
            middle = time.perf_counter()
            rights.vault.open(sealed, about)
            rows.append(middle - began)
            opens.append(time.perf_counter() - middle)
    return statistics.median(rows) * 1e6, statistics.median(opens) * 1e6


def _personal(records: Records) -> int:
    """Personal fields of theirs that can be read, messages counted in one conversation of ten."""
    rows: list[Record] = [r.record for r in records.rows(SHOP, Customer)]
    rows += [r.record for n in range(ORDERS) if (r := records.get(SHOP, Order, f"E{n}"))]
    rows += [r.record for n in range(ORDERS) for r in records.rows(SHOP, Line, order_no=f"E{n}")]
    rows += [r.record for n in range(ORDERS) for r in records.rows(SHOP, ShipmentEvent, tracking_no=f"SF{n}")]
    rows += [r.record for r in records.rows(SHOP, Review)]
    for one in list(records.rows(SHOP, Conversation))[::10]:
        assert isinstance(one.record, Conversation)
        rows += [r.record for r in records.rows(SHOP, Said, conversation_no=one.record.conversation_no)]
    said = "\n".join(
        str(getattr(row, field)) for row in rows for _, field, _ in PERSONAL if hasattr(row, field)
    )
    return sum(said.count(canary) for canary in CANARIES.values())


def _others(records: Records) -> list[Record]:
    found = [r.record for r in records.rows(SHOP, Order)] + [r.record for r in records.rows(SHOP, Customer)]
    return [r for r in found if getattr(r, "order_no", getattr(r, "customer_id", "")).startswith("O")]


def _verifies(receipts: Receipts, name: str) -> bool:
    return verify(receipts.bundle(name), receipts.keys()).receipt["id"] == name


def _opens(receipts: Receipts, name: str) -> bool:
    try:
        receipts.opening(name)
    except Erased:
        return False
    return True


def _files(home: Path) -> list[Path]:
    return [p for p in home.rglob("*") if p.is_file()]


def _found(home: Path, wanted: dict[str, str] | None = None) -> tuple[str, ...]:
    """Which of the texts lie in the home's files, in UTF-8, UTF-16, GBK or as JSON escapes them."""
    forms = {
        name: [text.encode(), text.encode("utf-16-le"), text.encode("gbk"), ascii(text)[1:-1].encode()]
        for name, text in (CANARIES if wanted is None else wanted).items()
    }
    found = set()
    for path in _files(home):
        data = path.read_bytes()
        found |= {name for name, texts in forms.items() if any(text in data for text in texts)}
    return tuple(sorted(found))
