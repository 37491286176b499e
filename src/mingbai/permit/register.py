"""The register of requests and disclosures: who asked for whose data, by what right, what was done. Rows are only added.

Requests of persons (access, export, erasure, rectification), and disclosures to staff and authorities, also those that were
refused. A person stands in it as an HMAC that only this home can make. `note` is for
what must be said in words; where it is of a person it lies under their key, and goes with it. Each row carries the digest
of the row before it, so that one taken out is missed.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from mingbai.permit.vault.vault import Erased, Vault
from mingbai.receipt.atomic import written
from mingbai.receipt.pages import connect
from mingbai.values.errors import BadInput, Text

Kind: TypeAlias = Literal["access", "export", "erase", "rectify", "disclosure", "retention"]
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
        self._path, self._vault = path, vault
        vault.pages.ready(path)
        with self._opened() as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.executescript(TABLES)
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
        with self._opened() as db, written(db):
            last = db.execute(f"SELECT {COLUMNS} FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
            values = (at_text, kind, subject, by, right, outcome, sealed, _digest(last))
            marks = ", ".join("?" * len(values))
            return int(
                db.execute(
                    f"INSERT INTO entry ({COLUMNS.removeprefix('seq, ')}) VALUES ({marks})", values
                ).lastrowid
                or 0
            )

    def of(self, person: str) -> list[Entry]:
        """What was asked and disclosed of one person, oldest first: they have a right to know."""
        return self._entries("WHERE subject = ?", (self._vault.tag(person),))

    def all(self) -> list[Entry]:
        return self._entries("", ())

    def faults(self) -> list[int]:
        """Entries whose predecessor is not the one that they were written after."""
        with self._opened() as db:
            rows = db.execute(f"SELECT {COLUMNS} FROM entry ORDER BY seq").fetchall()
        return [
            row[0] for before, row in zip([None, *rows], rows, strict=False) if row[-1] != _digest(before)
        ]

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


def _digest(row: tuple[Any, ...] | None) -> str:
    if row is None:
        return ""
    said = [part.hex() if isinstance(part, bytes) else part for part in row]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
