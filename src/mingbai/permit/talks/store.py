"""The file of conversations: who has each is in clear, every word and picture sealed under the person's key.

Destroying the key makes all of it unreadable; `forget` then takes the sealed bytes away, too. A change gets the next number of
the whole file, so that who watches asks for what came after the last one seen.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from mingbai.permit.vault.vault import Erased
from mingbai.receipt.atomic import written
from mingbai.receipt.pages import Pages, connect
from mingbai.values.errors import NotFound, Text
from mingbai.values.json import JsonObject
from mingbai.values.talk import Notice, Picture, Said, Talk, TalkState, Who

TABLES = """
CREATE TABLE IF NOT EXISTS talk (
    id TEXT PRIMARY KEY, shop TEXT NOT NULL, holder TEXT NOT NULL, tag BLOB NOT NULL, head BLOB NOT NULL, state TEXT NOT NULL,
    since TEXT NOT NULL, reason TEXT NOT NULL, taken_by TEXT NOT NULL, lang TEXT NOT NULL, seq INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS message (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, talk TEXT NOT NULL REFERENCES talk (id), who TEXT NOT NULL, at TEXT NOT NULL,
    notice TEXT NOT NULL, by TEXT NOT NULL, sealed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS picture (
    id TEXT PRIMARY KEY, talk TEXT NOT NULL REFERENCES talk (id), type TEXT NOT NULL, sealed BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS of_talk ON message (talk, seq);
CREATE INDEX IF NOT EXISTS of_holder ON talk (holder, state);
CREATE INDEX IF NOT EXISTS in_line ON talk (shop, state, since);
CREATE INDEX IF NOT EXISTS of_person ON talk (tag);
"""
COLUMNS = "id, shop, holder, head, state, since, reason, taken_by, lang, seq"


class Seals(Protocol):
    """The vault, as this file sees it."""

    def seal(self, person: str, plain: bytes, about: bytes) -> bytes: ...

    def open(self, sealed: bytes, about: bytes) -> bytes: ...

    def tag(self, person: str) -> bytes: ...

    @property
    def pages(self) -> Pages: ...


class Talks:
    """Threads share one. A kill loses nothing that was said; a power cut may take the last moments."""

    def __init__(
        self, path: Path, vault: Seals, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._vault, self._now, self._lock = vault, now, Lock()
        vault.pages.ready(path)
        self._db = connect(vault.pages, path, check_same_thread=False)
        path.chmod(0o600)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("PRAGMA secure_delete=ON")
        self._db.executescript(TABLES)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def begin(self, shop: str, holder: str, customer: str = "", lang: str = "") -> Talk:
        """A new conversation with the machine."""
        talk = Talk(
            "k-" + secrets.token_hex(12), shop, holder, "desk", self._now(), 0, lang, customer=customer
        )
        head = self._sealed_head(talk)
        with self._lock, written(self._db):
            self._db.execute(
                "INSERT INTO talk VALUES (?, ?, ?, ?, ?, 'desk', ?, '', '', ?, 0)",
                (talk.id, shop, holder, self._vault.tag(talk.person), head, talk.since.isoformat(), lang),
            )
        return talk

    def of_holder(self, holder: str) -> Talk | None:
        """The session's conversation that is still open; none when its words were erased."""
        found = self._talks("holder = ? AND state != 'closed' ORDER BY rowid DESC LIMIT 1", (holder,))
        return next((talk for talk in found if not talk.erased), None)

    def get(self, talk_id: str) -> Talk:
        found = self._talks("id = ?", (talk_id,))
        if not found:
            raise NotFound(
                Text("没有这段对话。", "There is no such conversation."),
                Text("请刷新列表。", "Refresh the list."),
            )
        return found[0]

    def listed(self, shop: str, states: Iterable[TalkState], after: int = 0, many: int = 200) -> list[Talk]:
        """Who waits first, the longest first; then the latest. Without those of which nothing was said."""
        wanted = list(states)
        marks = ", ".join("?" * len(wanted))
        return self._talks(
            f"shop = ? AND state IN ({marks}) AND seq > ? ORDER BY state != 'waiting', CASE state WHEN 'waiting' THEN since END, "
            "seq DESC LIMIT ?",
            (shop, *wanted, after, many),
        )

    def line(self, talk: Talk) -> tuple[int, int]:
        """Its place among those who wait, from 1, and how many they are; place 0 when it does not wait."""
        with self._lock:
            row = self._db.execute(
                "SELECT count(*), coalesce(sum(since < ? OR (since = ? AND id <= ?)), 0) FROM talk WHERE shop = ? AND state = 'waiting'",
                (talk.since.isoformat(), talk.since.isoformat(), talk.id, talk.shop),
            ).fetchone()
        return (int(row[1]) if talk.state == "waiting" else 0), int(row[0])

    def newest(self) -> int:
        with self._lock:
            return int(self._db.execute("SELECT coalesce(max(seq), 0) FROM message").fetchone()[0])

    def say(
        self, talk: Talk, who: Who, text: str, *, extra: JsonObject | None = None, pictures: tuple[Picture, ...] = (),
        by: str = "",
    ) -> Said:  # fmt: skip
        return self._add(talk, who, text, "", extra, pictures, by)

    def move(self, talk: Talk, state: TalkState, *, reason: str = "", by: str = "") -> Talk:
        """Hand it to somebody else, with a notice in the conversation."""
        notices: dict[TalkState, Notice] = {
            "waiting": "waiting", "staff": "taken", "desk": "returned", "closed": "closed"
        }  # fmt: skip
        with self._lock, written(self._db):
            self._db.execute(
                "UPDATE talk SET state = ?, since = ?, reason = ?, taken_by = ? WHERE id = ?",
                (state, self._now().isoformat(), reason, by if state == "staff" else "", talk.id),
            )
        self._add(talk, "notice", "", notices[state], None, (), by)
        return self.get(talk.id)

    def focus(self, talk: Talk, order: str, item: str, lang: str) -> None:
        """What it is about now."""
        about = replace(talk, order=order or talk.order, item=item or talk.item)
        head = self._sealed_head(about)
        with self._lock, written(self._db):
            self._db.execute(
                "UPDATE talk SET head = ?, lang = ? WHERE id = ? AND head != x''",
                (head, lang or talk.lang, talk.id),
            )

    def messages(self, talk_id: str, after: int = 0) -> list[Said]:
        with self._lock:
            rows = self._db.execute(
                "SELECT seq, who, at, notice, by, sealed FROM message WHERE talk = ? AND seq > ? ORDER BY seq",
                (talk_id, after),
            ).fetchall()
        return [self._said(talk_id, *row) for row in rows]

    def tail(self, talk_id: str, most: int, step: int) -> list[Said]:
        """The latest `most` that were said, or up to `step` fewer: where it begins moves on by whole steps."""
        with self._lock:
            said = "FROM message WHERE talk = ? AND who != 'notice'"
            over = int(self._db.execute(f"SELECT count(*) {said}", (talk_id,)).fetchone()[0]) - most
            rows = self._db.execute(
                f"SELECT seq, who, at, notice, by, sealed {said} ORDER BY seq LIMIT -1 OFFSET ?",
                (talk_id, -(-over // step) * step if over > 0 else 0),
            ).fetchall()
        return [self._said(talk_id, *row) for row in rows]

    def last(self, talk_id: str) -> Said | None:
        """The latest that somebody said."""
        with self._lock:
            row = self._db.execute(
                "SELECT seq, who, at, notice, by, sealed FROM message WHERE talk = ? AND who != 'notice' ORDER BY seq DESC LIMIT 1",
                (talk_id,),
            ).fetchone()
        return None if row is None else self._said(talk_id, *row)

    def attach(self, talk: Talk, kind: str, data: bytes) -> Said:
        """A picture, as a message of the customer's without words."""
        picture = Picture("p-" + secrets.token_hex(12), kind, len(data))
        sealed = self._vault.seal(talk.person, data, b"picture " + picture.id.encode())
        with self._lock, written(self._db):
            self._must_live(talk)
            self._db.execute("INSERT INTO picture VALUES (?, ?, ?, ?)", (picture.id, talk.id, kind, sealed))
        return self.say(talk, "customer", "", pictures=(picture,))

    def picture(self, picture_id: str) -> tuple[str, str, bytes]:
        """Its conversation, type and bytes. Raises `NotFound`, `Erased`."""
        with self._lock:
            row = self._db.execute(
                "SELECT talk, type, sealed FROM picture WHERE id = ?", (picture_id,)
            ).fetchone()
        if row is None:
            raise NotFound(
                Text("没有这张图片。", "There is no such picture."),
                Text("请刷新对话。", "Refresh the conversation."),
            )
        return row[0], row[1], self._vault.open(row[2], b"picture " + picture_id.encode())

    def forget(self, person: str) -> dict[str, int]:
        """Take the sealed bytes of a person away, once the key is destroyed; how many of each there were."""
        return self.forget_tag(self._vault.tag(person))

    def forget_tag(self, tag: bytes) -> dict[str, int]:
        """As `forget`, for a visitor of whom only the vault's tag is known."""
        with self._lock, written(self._db):
            of = "talk IN (SELECT id FROM talk WHERE tag = ?)"
            pictures = self._db.execute(f"DELETE FROM picture WHERE {of}", (tag,)).rowcount
            messages = self._db.execute(
                f"UPDATE message SET sealed = x'' WHERE {of} AND sealed != x''", (tag,)
            ).rowcount
            talks = self._db.execute(
                "UPDATE talk SET head = x'', state = 'closed' WHERE tag = ? AND head != x''", (tag,)
            ).rowcount
        with self._lock:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return {"talks": talks, "messages": messages, "pictures": pictures}

    def of_person(self, person: str) -> list[Talk]:
        return self.of_tag(self._vault.tag(person))

    def of_tag(self, tag: bytes) -> list[Talk]:
        return self._talks("tag = ? ORDER BY seq", (tag,))

    def due(self, before: datetime) -> int:
        """Messages that were said before, and can still be read."""
        with self._lock:
            said = "SELECT count(*) FROM message WHERE at < ? AND sealed != x''"
            return int(self._db.execute(said, (before.astimezone(UTC).isoformat(),)).fetchone()[0])

    def expire(self, before: datetime) -> int:
        """Take them away, with the pictures of conversations that said nothing since; how many messages."""
        at = before.astimezone(UTC).isoformat()
        with self._lock, written(self._db):
            count = self._db.execute(
                "UPDATE message SET sealed = x'' WHERE at < ? AND sealed != x''", (at,)
            ).rowcount
            self._db.execute(
                "DELETE FROM picture WHERE talk NOT IN (SELECT talk FROM message WHERE sealed != x'')"
            )
        with self._lock:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return count

    def _add(
        self, talk: Talk, who: Who, text: str, notice: Notice, extra: JsonObject | None, pictures: tuple[Picture, ...],
        by: str,
    ) -> Said:  # fmt: skip
        if talk.erased and who != "notice":
            raise Erased
        at = self._now()
        plain = json.dumps(
            {"text": text, "extra": extra, "pictures": [[p.id, p.type, p.bytes] for p in pictures]}
        )
        about = b"message " + talk.id.encode()
        sealed = b"" if talk.erased else self._vault.seal(talk.person, plain.encode(), about)
        with self._lock, written(self._db):
            if sealed and who != "notice":
                self._must_live(talk)
            seq = self._db.execute(
                "INSERT INTO message (talk, who, at, notice, by, sealed) VALUES (?, ?, ?, ?, ?, ?)",
                (talk.id, who, at.isoformat(), notice, by, sealed),
            ).lastrowid
            self._db.execute("UPDATE talk SET seq = ? WHERE id = ?", (seq, talk.id))
        assert seq is not None
        return Said(seq, who, at, text, notice, pictures, extra, by)

    def _must_live(self, talk: Talk) -> None:
        """Who holds a talk may not know yet that its person was erased. What is said of them then must not be kept."""
        row = self._db.execute("SELECT head != x'' FROM talk WHERE id = ?", (talk.id,)).fetchone()
        if row is not None and not row[0]:
            raise Erased

    def _said(
        self, talk_id: str, seq: int, who: Who, at: str, notice: Notice, by: str, sealed: bytes
    ) -> Said:
        when = datetime.fromisoformat(at)
        try:
            if not sealed:
                raise Erased
            plain: dict[str, Any] = json.loads(self._vault.open(sealed, b"message " + talk_id.encode()))
        except Erased:
            return Said(seq, who, when, None, notice, by=by)
        pictures = tuple(Picture(*each) for each in plain["pictures"])
        return Said(seq, who, when, plain["text"], notice, pictures, plain["extra"], by)

    def _talks(self, where: str, values: tuple[object, ...]) -> list[Talk]:
        with self._lock:
            rows = self._db.execute(f"SELECT {COLUMNS} FROM talk WHERE {where}", values).fetchall()
        return [self._talk(*row) for row in rows]

    def _talk(
        self, talk_id: str, shop: str, holder: str, head: bytes, state: TalkState, since: str, reason: str, taken_by: str,
        lang: str, seq: int,
    ) -> Talk:  # fmt: skip
        talk = Talk(talk_id, shop, holder, state, datetime.fromisoformat(since), seq, lang, reason, taken_by)
        try:
            if not head:
                raise Erased
            customer, order, item = json.loads(self._vault.open(head, b"talk " + talk_id.encode()))
        except Erased:
            return replace(talk, erased=True)
        return replace(talk, customer=customer, order=order, item=item)

    def _sealed_head(self, talk: Talk) -> bytes:
        plain = json.dumps([talk.customer, talk.order, talk.item]).encode()
        return self._vault.seal(talk.person, plain, b"talk " + talk.id.encode())
