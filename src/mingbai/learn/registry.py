"""The adapters of a home: which serves whom, which rows each has seen, and which may serve no more.

Who picks an adapter for an ask asks `serving`, which looks at the consent ledger first: an adapter that saw a row of somebody
who took it back is tainted before the ask that finds it so is answered, and so is every adapter that was made from it.

A shard (`shards`) is an adapter of its own whose parent is the common one: its task is the parent's with a dot and more. It serves
beside its parent, as long as that one does, and one that is tainted takes no other with it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol, TypeAlias, cast

from mingbai.learn import workplace
from mingbai.learn.rows import Agreed, Row
from mingbai.learn.select import PURPOSE
from mingbai.permit.consent import Purpose
from mingbai.receipt.atomic import written
from mingbai.values.errors import BadInput, NotFound, Text
from mingbai.values.json import JsonObject

# refused: the gate did not admit it. standby: admitted, not serving. tainted: saw what it may not have seen. retired: another
# one stands in its place.
State: TypeAlias = Literal["refused", "standby", "live", "tainted", "retired"]
TABLES = """
CREATE TABLE IF NOT EXISTS adapter (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, shop TEXT NOT NULL, task TEXT NOT NULL,
    state TEXT NOT NULL, share INTEGER NOT NULL DEFAULT 0, served INTEGER NOT NULL DEFAULT 0, parent TEXT NOT NULL,
    base TEXT NOT NULL, base_sha256 TEXT NOT NULL, dataset TEXT NOT NULL, sha256 TEXT NOT NULL, entry INTEGER NOT NULL,
    made TEXT NOT NULL, changed TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS used (
    adapter TEXT NOT NULL REFERENCES adapter (id), row TEXT NOT NULL, ground TEXT NOT NULL, subject BLOB, consent INTEGER,
    PRIMARY KEY (adapter, row)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_subject ON used (subject) WHERE subject IS NOT NULL;
CREATE TABLE IF NOT EXISTS looked (only INTEGER PRIMARY KEY CHECK (only = 0), seq INTEGER NOT NULL);
"""
COLUMNS = "id, shop, task, state, share, parent, base, base_sha256, dataset, sha256, entry, made, changed"
TAINT = """
WITH RECURSIVE seen (id) AS (
    SELECT DISTINCT adapter FROM used WHERE subject = ? AND consent < ?
    UNION SELECT adapter.id FROM adapter JOIN seen ON adapter.parent = seen.id)
UPDATE adapter SET state = 'tainted', changed = ? WHERE id IN (SELECT id FROM seen) AND state IN ('live', 'standby')
RETURNING id
"""

# Its shards serve with it: of each name the newest, where none is live.
SHARDS = """
UPDATE adapter SET state = 'live', share = 100, served = ?, changed = ? WHERE seq IN (
    SELECT max(it.seq) FROM adapter it JOIN adapter main ON main.id = it.parent AND main.shop = it.shop
    WHERE main.id = ? AND main.state = 'live' AND substr(it.task, 1, length(main.task) + 1) = main.task || '.'
    AND it.state = 'standby' AND NOT EXISTS (
        SELECT 1 FROM adapter other WHERE other.shop = it.shop AND other.task = it.task AND other.state = 'live')
    GROUP BY it.task)
"""
# What the owner lets serve from here on is not what a tainted one's successor would take over.
CHOSEN = "UPDATE adapter SET share = 0 WHERE shop = ? AND task = ? AND state = 'tainted'"


class Ledger(Protocol):
    """The consent ledger, as this file sees it."""

    def newest_seq(self) -> int: ...

    def ended(self, purpose: Purpose, after: int) -> list[tuple[bytes, int]]: ...


@dataclass(frozen=True, slots=True)
class Adapter:
    """`share`: of how many in a hundred conversations it answers; a tainted one: answered until then, 0 if it did not serve, or if the
    owner chose another way since. `entry`: of its manifest in the `builds` log."""

    id: str
    shop: str
    task: str
    state: State
    share: int
    parent: str
    base: str
    base_sha256: str
    dataset: str
    sha256: str
    entry: int
    made: datetime = field(default_factory=lambda: datetime.now(UTC))
    changed: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def served_as(self) -> str:
        """The name under which the engine has it."""
        return f"{self.shop}/{self.task}"

    def as_json(self) -> JsonObject:
        return {
            "id": self.id, "shop": self.shop, "task": self.task, "state": self.state, "share": self.share,
            "parent": self.parent, "base": self.base, "base_sha256": self.base_sha256, "dataset": self.dataset,
            "sha256": self.sha256, "entry": self.entry, "made": self.made.isoformat(),
            "changed": self.changed.isoformat(),
        }  # fmt: skip


class House(Protocol):
    """The list that the engine serves from (`models.adapters`), as this file sees it."""

    def admit(self, name: str, file: Path, base_sha256: str, over: str = "") -> object: ...

    def take_out(self, name: str) -> object: ...

    def forget(self, sha256: str) -> object: ...


class Registry:
    """`folder` holds `adapters.db` and the adapters' files. Safe between processes: each question opens the file anew."""

    def __init__(
        self, folder: Path, ledger: Ledger, house: House, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:  # fmt: skip
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder, self._ledger, self._house, self._now = folder, ledger, house, now
        with self._opened() as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.executescript(TABLES)
        self._path.chmod(0o600)

    @property
    def _path(self) -> Path:
        return self.folder / "adapters.db"

    def file(self, adapter: Adapter) -> Path:
        return self.folder / adapter.id / "adapter.gguf"

    def manifest(self, adapter: Adapter) -> Path:
        return self.folder / adapter.id / "manifest.json"

    def add(self, adapter: Adapter, rows: Sequence[Row]) -> None:
        """With the rows it was trained on, consents that ended while it was trained included. Its file comes after it: what nobody knows of, no
        withdrawal would delete."""
        used = [
            (adapter.id, row.id, str(row.ground), bytes.fromhex(row.ground.subject), row.ground.consent)
            if isinstance(row.ground, Agreed)
            else (adapter.id, row.id, str(row.ground), None, None)
            for row in rows
        ]
        with self._opened() as db, written(db):
            db.execute(
                "INSERT INTO adapter (id, shop, task, state, share, parent, base, base_sha256, dataset, sha256, entry, made, "
                "changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (adapter.id, adapter.shop, adapter.task, adapter.state, adapter.share, adapter.parent, adapter.base,
                 adapter.base_sha256, adapter.dataset, adapter.sha256, adapter.entry, adapter.made.isoformat(),
                 adapter.changed.isoformat()),
            )  # fmt: skip
            db.executemany("INSERT INTO used VALUES (?, ?, ?, ?, ?)", used)
            db.execute("DELETE FROM looked")  # the whole ledger is looked at again, for this adapter's sake

    def serve(self, adapter_id: str, share: int = 100) -> Adapter:
        """In place of any other of its shop and task; with a share under 100 beside the untuned model."""
        self.look()
        found = self.get(adapter_id)
        if found.state not in ("standby", "live"):
            raise BadInput(
                Text(f"{found.id} 是 {found.state}，不能上线。", f"{found.id} is {found.state}: it may not serve."),
                Text("用 mingbai learn run 另训一个。", "Train another with mingbai learn run."),
            )  # fmt: skip
        with self._opened() as db:
            last = int(db.execute("SELECT coalesce(max(served), 0) FROM adapter").fetchone()[0])
        if not self.file(found).exists():
            raise NotFound(
                Text(f"{found.id} 的文件不见了。", f"The file of {found.id} is gone."),
                Text("用 mingbai learn run 另训一个。", "Train another with mingbai learn run."),
            )
        self._swap(found.shop, found.task, found.id, share, last + 1)
        return self.get(adapter_id)

    def replace(self, adapter_id: str, of: Sequence[str]) -> Adapter:
        """It takes the place of tainted ones, which retire: it serves as the one of them did that was live, unless another serves by
        now or the owner chose none since. Else it stands by. One that is tainted itself by now takes nobody's place."""
        self.look()
        found, before = self.get(adapter_id), [self.get(it) for it in of]
        if found.state == "tainted":
            return found
        share = max((it.share for it in before if it.state == "tainted"), default=0)
        taken = self._rows("shop = ? AND task = ? AND state = 'live'", (found.shop, found.task))
        if share and not taken:
            found = self.serve(adapter_id, share)
        for it in before:
            self.retire(it.id)
        return found

    def retire_others(self, of: Adapter) -> None:
        """The tainted ones of its shop and task: the owner had this one made since, and they are not trained anew."""
        tainted = "shop = ? AND task = ? AND state = 'tainted' AND id != ?"
        for it in self._rows(tainted, (of.shop, of.task, of.id)):
            self.retire(it.id)

    def rollback(self, shop: str, task: str) -> Adapter | None:
        """The one that served before this serves again; None: there is none, and the untuned model answers."""
        self.look()
        with self._opened() as db:
            before = db.execute(
                "SELECT id, served FROM adapter WHERE shop = ? AND task = ? AND state = 'standby' AND served > 0 AND served < "
                "(SELECT coalesce(max(served), 0) FROM adapter WHERE shop = ? AND task = ? AND state = 'live') "
                "ORDER BY served DESC LIMIT 1",
                (shop, task, shop, task),
            ).fetchone()
        # It keeps its place in the order, so that another step back does not lead forward again.
        self._swap(shop, task, *((before[0], 100, before[1]) if before else ("", 0, 0)))
        return self.get(before[0]) if before else None

    def _swap(self, shop: str, task: str, adapter_id: str, share: int, served: int) -> None:
        at = self._now().isoformat()
        with self._opened() as db, written(db):
            db.execute(
                "UPDATE adapter SET state = 'standby', share = 0, changed = ? WHERE shop = ? AND task = ? AND state = 'live'",
                (at, shop, task),
            )
            db.execute(
                "UPDATE adapter SET state = 'live', share = ?, served = ?, changed = ? WHERE id = ? AND state = 'standby'",
                (share, served, at, adapter_id),
            )
            db.execute(SHARDS, (served, at, adapter_id))
            db.execute(CHOSEN, (shop, task))
        self._put(shop, task)

    def _put(self, shop: str, task: str) -> None:
        """What serves by this file is what the engine may load. One whose file is gone serves nobody, and keeps no other in."""
        main = task.partition(".")[0]
        live = [
            it
            for it in self._rows("shop = ? AND task = ? AND state = 'live'", (shop, main))
            if self.file(it).exists()
        ]
        shards = self._rows("shop = ? AND substr(task, 1, ?) = ?", (shop, len(main) + 1, f"{main}."))
        beside = [
            it
            for it in shards
            if live and it.state == "live" and it.parent == live[0].id and self.file(it).exists()
        ]
        known = {f"{shop}/{main}", *(it.served_as for it in shards)}
        for name in sorted(known - {it.served_as for it in (*live, *beside)}):
            self._house.take_out(name)
        for it in live:
            self._house.admit(it.served_as, self.file(it), it.base_sha256)
        for it in beside:
            self._house.admit(it.served_as, self.file(it), it.base_sha256, live[0].sha256)

    def serving(self, shop: str, task: str = "intent", conversation: str = "") -> Adapter | None:
        """The one that answers this conversation now; None: the untuned model. Blocks for about a millisecond."""
        self.look()
        with self._opened() as db:
            row = db.execute(
                f"SELECT {COLUMNS} FROM adapter WHERE shop = ? AND task = ? AND state = 'live'", (shop, task)
            ).fetchone()
        found = None if row is None else _adapter(*row)
        return found if found is not None and _falls(conversation) < found.share else None

    def look(self) -> list[str]:
        """Taint what saw a row of somebody who agrees no more, and delete its file; the ids of those that were not tainted
        before."""
        newest = self._ledger.newest_seq()
        with self._opened() as db:
            row = db.execute("SELECT seq FROM looked").fetchone()
            if row is not None and row[0] >= newest:
                return []
            tainted: list[str] = []
            at = self._now().isoformat()
            with written(db):
                ended = self._ledger.ended(PURPOSE, row[0] if row else 0)
                for subject, seq in ended:
                    tainted += [found[0] for found in db.execute(TAINT, (subject, seq, at)).fetchall()]
            served = db.execute("SELECT DISTINCT shop, task FROM adapter WHERE served > 0").fetchall()
        if ended:
            workplace.put_out(self.folder, {subject.hex(): seq for subject, seq in ended})
        for shop, task in {(shop, task.partition(".")[0]) for shop, task in served}:
            self._put(shop, task)
        for gone in self._rows("state = 'tainted'", ()):
            self._delete(gone)
        with self._opened() as db, written(db):  # last: after a kill before this, all of it is done again
            db.execute("INSERT OR REPLACE INTO looked VALUES (0, ?)", (newest,))
        return tainted

    def retire(self, adapter_id: str) -> None:
        """Another stands in its place."""
        found = self.get(adapter_id)
        with self._opened() as db, written(db):
            db.execute(
                "UPDATE adapter SET state = 'retired', share = 0, changed = ? WHERE id = ?",
                (self._now().isoformat(), adapter_id),
            )
        self._delete(found)

    def _delete(self, adapter: Adapter) -> None:
        """What it learned goes; its manifest and what it had seen stay."""
        self.file(adapter).unlink(missing_ok=True)
        self._house.forget(adapter.sha256)

    def get(self, adapter_id: str) -> Adapter:
        found = self._rows("id = ?", (adapter_id,))
        if not found:
            raise NotFound(
                Text(f"没有适配器 {adapter_id}。", f"There is no adapter {adapter_id}."),
                Text("看 mingbai learn adapters。", "See mingbai learn adapters."),
            )
        return found[0]

    def all(self, shop: str = "") -> list[Adapter]:
        """Newest first."""
        self.look()
        return self._rows("? IN ('', shop) ORDER BY seq DESC", (shop,))

    def beside(self, adapter_id: str) -> list[Adapter]:
        """The shards that serve beside it, by their names."""
        return self._rows("parent = ? AND state = 'live' ORDER BY task", (adapter_id,))

    def tainted(self, shop: str = "") -> list[Adapter]:
        return [found for found in self.all(shop) if found.state == "tainted"]

    def grounds(self, adapter_id: str) -> dict[str, int]:
        """By what right it was trained, and how many rows by each."""
        with self._opened() as db:
            rows = db.execute(
                "SELECT ground, count(*) FROM used WHERE adapter = ? GROUP BY ground ORDER BY ground", (adapter_id,)
            )  # fmt: skip
            return {str(ground): int(many) for ground, many in rows}

    def _rows(self, where: str, values: tuple[object, ...]) -> list[Adapter]:
        with self._opened() as db:
            return [
                _adapter(*row)
                for row in db.execute(f"SELECT {COLUMNS} FROM adapter WHERE {where}", values).fetchall()
            ]

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=30, isolation_level=None)) as db:
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA foreign_keys=ON")
            yield db


def _falls(conversation: str) -> int:
    """A conversation stays with the same one: 0 to 99."""
    return int.from_bytes(hashlib.sha256(f"share {conversation}".encode()).digest()[:4]) % 100


def _adapter(*row: object) -> Adapter:
    *said, made, changed = row
    state = cast(State, said[3])
    return Adapter(
        str(said[0]), str(said[1]), str(said[2]), state, int(str(said[4])), str(said[5]), str(said[6]), str(said[7]),
        str(said[8]), str(said[9]), int(str(said[10])), datetime.fromisoformat(str(made)), datetime.fromisoformat(str(changed)),
    )  # fmt: skip
