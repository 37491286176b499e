"""The register of requests and disclosures: who asked for whose data, by what right, what was done. Rows are only added.

Requests of persons (access, export, erasure, rectification), and disclosures to staff and authorities, also those that were
refused. A person stands in it as an HMAC that only this home can make. `note` is for
what must be said in words; where it is of a person it lies under their key, and goes with it. Each row carries the digest
of the row before it, so that one taken out is missed; the last row's stands in a file beside it, with a MAC under the vault's
key, so that rows taken off the end are missed, too. Not covered: who puts back old copies of both files, or
takes both away.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Literal, TypeAlias, get_args

from mingbai.permit.vault.vault import Erased, Vault
from mingbai.receipt.atomic import written
from mingbai.receipt.pages import connect
from mingbai.values.errors import BadInput, Text

Kind: TypeAlias = Literal["access", "export", "erase", "rectify", "disclosure", "view", "retention"]
KINDS = get_args(Kind)
TABLES = """
CREATE TABLE IF NOT EXISTS entry (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, kind TEXT NOT NULL, subject BLOB, by TEXT NOT NULL,
    right TEXT NOT NULL, outcome TEXT NOT NULL, note BLOB, before TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS of_whom ON entry (subject, seq);
CREATE TRIGGER IF NOT EXISTS entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS entry_is_kept BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'append-only'); END;
"""
COLUMNS = "seq, at, kind, subject, by, right, outcome, note, before"


@dataclass(frozen=True, slots=True)
class Entry:
    """`by`: a role, a key's id or an office (`owner`, `key:k-3`, `杭州市公安局`), never a customer's name. `right`: the law or
    the warrant. `note` "" when there was none, and when its person was erased."""

    seq: int
    at: datetime
    kind: Kind
    by: str
    right: str
    outcome: str
    note: str = field(repr=False)


class Register:
    """Safe between processes."""

    def __init__(self, path: Path, vault: Vault) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = Lock()
        self._path, self._vault = path, vault
        self._head_path = path.with_suffix(".head")
        self._seen: set[tuple[str, bytes, str, str]] = set()  # of this hour: who, whose, what, when
        vault.pages.ready(path)
        with self._opened() as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.executescript(TABLES)
            # A new register has its head from the start; from then on one that is missing is a fault.
            if not db.execute(_BEGUN).fetchone()[0]:
                with written(db):
                    self._headed(db, first=True)
                    db.execute("PRAGMA user_version=1")
        path.chmod(0o600)

    def add(
        self, kind: Kind, person: str | None, *, by: str, right: str, outcome: str, note: str = "", at: datetime | None = None
    ) -> int:  # fmt: skip
        """The entry's number. `person` None: nobody in particular."""
        if kind not in KINDS or not by or not right or not outcome:
            raise BadInput(
                Text(
                    "登记要写明种类、谁要的、依据和结果。",
                    "An entry needs its kind, who asked, by what right, and the outcome.",
                ),
                Text(f"种类：{'、'.join(KINDS)}。", f"Kinds: {', '.join(KINDS)}."),
            )
        at_text = (at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
        subject = self._vault.tag(person) if person else None
        plain = note.encode()
        sealed = (
            b"\x01" + self._vault.seal(person, plain, b"register") if note and person else b"\x00" + plain
        )
        with self._opened() as db:
            with written(db):
                number = _put(db, (at_text, kind, subject, by, right, outcome, sealed))
            self._headed(db)
        return number

    def seen(
        self, persons: Iterable[str], *, by: str, data: str, purpose: str, at: datetime | None = None
    ) -> int:
        """Enter that somebody of the shop's was shown these persons' data of that class: once an hour for each, whoever asks
        and however often. How many entries that made. Call it before they are shown."""
        now = (at or datetime.now(UTC)).astimezone(UTC)
        hour = now.isoformat(timespec="hours")
        tags = {self._vault.tag(person) for person in persons}
        with self._lock:
            new = {tag for tag in tags if (by, tag, data, hour) not in self._seen}
        if not new:
            return 0
        made = 0
        since = now.replace(minute=0, second=0, microsecond=0).isoformat(timespec="seconds")
        with self._opened() as db:
            with written(db):
                for tag in sorted(new):
                    said = (tag, "view", by, f"purpose:{purpose}", f"shown:{data}", since)
                    if db.execute(_SEEN, said).fetchone() is None:
                        at_text = now.isoformat(timespec="seconds")
                        _put(db, (at_text, "view", tag, by, f"purpose:{purpose}", f"shown:{data}", b"\x00"))
                        made += 1
            if made:
                self._headed(db)
        with self._lock:
            self._seen = {it for it in self._seen if it[3] == hour} | {(by, tag, data, hour) for tag in new}
        return made

    def of(self, person: str) -> list[Entry]:
        """What was asked and disclosed of one person, oldest first: they have a right to know."""
        return self._entries("WHERE subject = ?", (self._vault.tag(person),))

    def all(self) -> list[Entry]:
        return self._entries("", ())

    def faults(self) -> list[int]:
        """Entries whose predecessor is not the one that they were written after; and the last, where it is not what the head
        says, or gone (0: the head itself is)."""
        head = self._head()
        with self._opened() as db:
            rows = db.execute(f"SELECT {COLUMNS} FROM entry ORDER BY seq").fetchall()
        wrong = [
            row[0] for before, row in zip([None, *rows], rows, strict=False) if row[-1] != _digest(before)
        ]
        if head is None:
            return [*wrong, 0]
        number, digest = head
        there = {row[0]: row for row in rows}
        if number and _digest(there.get(number)) != digest:
            wrong.append(number)
        return sorted(set(wrong))

    def _headed(self, db: sqlite3.Connection, *, first: bool = False) -> None:
        """The last entry's number and digest beside the file. After the commit: a kill in between leaves it one behind, and
        never one ahead. A head that is gone, or not ours, stays a fault: a fresh one would hide what was taken."""
        with self._head_path.with_suffix(".lock").open("a") as held:  # two processes: the later entry's stays
            fcntl.flock(held, fcntl.LOCK_EX)
            last = db.execute(f"SELECT {COLUMNS} FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
            number, digest = (last[0] if last else 0), _digest(last)
            known = self._head()
            if (known is None and not first) or (known is not None and known[0] >= number):
                return
            if known is not None and known[0]:
                row = db.execute(f"SELECT {COLUMNS} FROM entry WHERE seq = ?", (known[0],)).fetchone()
                if _digest(row) != known[1]:
                    return  # what it names is gone: it stays, and says so
            fresh = self._head_path.with_suffix(".new")
            with open(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
                file.write(f"{number} {digest or '-'} {self._mac(number, digest)}\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, self._head_path)

    def _head(self) -> tuple[int, str] | None:
        """None where there is none, or one that somebody else wrote."""
        try:
            number, digest, mac = self._head_path.read_text().split()
            digest = digest.removeprefix("-")
            return (int(number), digest) if hmac.compare_digest(mac, self._mac(int(number), digest)) else None
        except (FileNotFoundError, ValueError):
            return None

    def _mac(self, number: int, digest: str) -> str:
        return self._vault.tag(f"register head\n{number}\n{digest}").hex()

    def _entries(self, where: str, values: tuple[Any, ...]) -> list[Entry]:
        with self._opened() as db:
            rows = db.execute(f"SELECT {COLUMNS} FROM entry {where} ORDER BY seq", values).fetchall()
        return [
            Entry(seq, datetime.fromisoformat(at), kind, by, right, outcome, self._note(note))
            for seq, at, kind, _, by, right, outcome, note, _ in rows
        ]

    def _note(self, note: bytes) -> str:
        if note[:1] == b"\x00":
            return note[1:].decode()
        try:
            return self._vault.open(note[1:], b"register").decode()
        except Erased:
            return ""

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(connect(self._vault.pages, self._path)) as db:
            db.execute("PRAGMA synchronous=FULL")
            yield db


_BEGUN = "SELECT (SELECT user_version FROM pragma_user_version) OR EXISTS (SELECT 1 FROM entry)"
_SEEN = "SELECT 1 FROM entry WHERE subject = ? AND kind = ? AND by = ? AND right = ? AND outcome = ? AND at >= ? LIMIT 1"


def _put(db: sqlite3.Connection, values: tuple[Any, ...]) -> int:
    last = db.execute(f"SELECT {COLUMNS} FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
    values = (*values, _digest(last))
    marks = ", ".join("?" * len(values))
    said = f"INSERT INTO entry ({COLUMNS.removeprefix('seq, ')}) VALUES ({marks})"
    return int(db.execute(said, values).lastrowid or 0)


def _digest(row: tuple[Any, ...] | None) -> str:
    if row is None:
        return ""
    said = [part.hex() if isinstance(part, bytes) else part for part in row]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
