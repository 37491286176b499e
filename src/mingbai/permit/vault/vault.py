"""A key per person, wrapped by the home's root key, in a small file of its own.

AES-256-GCM (NIST SP 800-38D). What is sealed names its key by a random id and nobody by name; the file of keys finds a
person by an HMAC of who they are. Destroying the key makes everything sealed by it unreadable, in old backups of the
data, too: so the file of keys needs a backup of its own with a short life, and the root key another place.
"""

from __future__ import annotations

import hmac
import os
import secrets
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mingbai.receipt.atomic import written
from mingbai.receipt.pages import IN_CLEAR, Encrypted, Pages
from mingbai.values.errors import BadInput, MingbaiError, Text

KEY_BYTES, NONCE_BYTES, ID_BYTES, LOOK_UP_BYTES = 32, 12, 8, 16
KEYS_KEPT = 16_384  # live keys held in memory; every visit has one
AT_ONCE = 500  # keys in one question
FORM = b"\x01"
HEAD = len(FORM) + ID_BYTES
# What the keys that find persons, and values of theirs, and that of the files' pages are wrapped for.
TAG, LOOK_UP, PAGES = b"tag", b"look-up", b"pages"
TABLE = """
CREATE TABLE IF NOT EXISTS key (
    id BLOB PRIMARY KEY, tag BLOB NOT NULL, wrapped BLOB, made TEXT NOT NULL DEFAULT (datetime('now')), destroyed TEXT);
CREATE TABLE IF NOT EXISTS tag (only INTEGER PRIMARY KEY CHECK (only = 0), wrapped BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS pages (only INTEGER PRIMARY KEY CHECK (only = 0), wrapped BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS look_up (only INTEGER PRIMARY KEY CHECK (only = 0), wrapped BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS one_live ON key (tag) WHERE wrapped IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_tag ON key (tag);
CREATE INDEX IF NOT EXISTS gone ON key (destroyed) WHERE destroyed IS NOT NULL;
"""


# Overwritten: a page that is only freed could still be read.
DESTROY = "UPDATE key SET wrapped = NULL, destroyed = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE wrapped IS NOT NULL AND "


class Erased(MingbaiError):
    """The key was destroyed, or only the head of what it sealed is left: the text is gone for good."""

    code = "erased"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "这段内容已删除，无法恢复。",
                "This text was erased; it cannot be read again.",
            ),
            Text("收据和证明仍可验证。", "Receipts and proofs can still be verified."),
        )


class Tampered(MingbaiError):
    """What was sealed, its key, or what it belongs to is not what it was."""

    code = "tampered"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "密封内容或密钥被改动过，或根密钥不对。",
                "Sealed text or its key was altered, or the root key is another.",
            ),
            Text("请检查根密钥文件，或从备份恢复。", "Check the root key's file, or restore a backup."),
        )


class Vault:
    """Threads share one. `root` is 32 bytes; see `root_key`."""

    def __init__(self, path: Path, root: bytes, *, encrypt_pages: bool = False) -> None:
        self._wrap = _wrapping(root)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = Lock()
        # Live keys, by whose they are and by id; forgotten whenever somebody else has written the file.
        self._known: dict[bytes, tuple[bytes, AESGCM]] = {}
        self._by_ids: dict[bytes, AESGCM] = {}
        self._version = -1
        self._look_up: bytes | None = None
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        path.chmod(0o600)
        # No journal beside the file may keep a wrapped key that was destroyed, nor may a free page.
        self._db.execute("PRAGMA journal_mode=DELETE")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("PRAGMA secure_delete=ON")
        self._db.executescript(TABLE)
        try:
            with written(self._db):
                row = self._db.execute("SELECT wrapped FROM tag").fetchone()
                if row is None:
                    self._tag_key = secrets.token_bytes(KEY_BYTES)
                    self._db.execute(
                        "INSERT INTO tag VALUES (0, ?)", (_wrapped(self._wrap, self._tag_key, TAG),)
                    )
                else:
                    self._tag_key = self._unwrapped(row[0], TAG)
                row = self._db.execute("SELECT wrapped FROM look_up").fetchone()
                if row is None:
                    fresh = _wrapped(self._wrap, secrets.token_bytes(KEY_BYTES), LOOK_UP)
                    self._db.execute("INSERT INTO look_up VALUES (0, ?)", (fresh,))
                pages_key = self._pages_key() if encrypt_pages else b""
            # How files of the home that hold persons' rows and texts are opened. This one holds wrapped keys alone.
            self.pages: Pages = Encrypted(_by_name(pages_key)) if encrypt_pages else IN_CLEAR
        except (Tampered, BadInput):
            self._db.close()
            raise

    def close(self) -> None:
        with self._lock:
            self._db.close()
            self._forget()

    def seal(self, person: str, plain: bytes, about: bytes) -> bytes:
        """`about` names what the text belongs to; it can be opened only with the same."""
        return self.seal_many([(person, plain, about)])[0]

    def seal_many(self, many: Sequence[tuple[str, bytes, bytes]]) -> list[bytes]:
        """Of each (person, plain, about). However many persons are new, the disk is waited for once."""
        keys = self._live({person for person, _, _ in many})
        out = []
        for person, plain, about in many:
            key_id, key = keys[person]
            nonce = os.urandom(NONCE_BYTES)
            out.append(FORM + key_id + nonce + key.encrypt(nonce, plain, key_id + about))
        return out

    def open(self, sealed: bytes, about: bytes) -> bytes:
        """Raises `Erased` when the person's key is gone, `Tampered` when anything was altered."""
        plain = self.open_many([(sealed, about)])[0]
        if plain is None:
            raise Erased
        return plain

    def open_many(self, many: Sequence[tuple[bytes, bytes]]) -> list[bytes | None]:
        """Of each (sealed, about); None where the person's key is gone. Raises `Tampered`."""
        if any(len(sealed) < HEAD or sealed[:1] != FORM for sealed, _ in many):
            raise Tampered
        keys = self._held({key_of(sealed) for sealed, _ in many})
        out: list[bytes | None] = []
        for sealed, about in many:
            key = keys.get(key_of(sealed)) if len(sealed) > HEAD else None
            try:
                body = sealed[HEAD + NONCE_BYTES :]
                nonce = sealed[HEAD : HEAD + NONCE_BYTES]
                out.append(key.decrypt(nonce, body, key_of(sealed) + about) if key else None)
            except (InvalidTag, ValueError):
                raise Tampered from None
        return out

    def derived(self, person: str, what: bytes) -> bytes:
        """A secret of this person's for another use, the same until their key is destroyed, and gone with it."""
        self._live({person})
        with self._lock:
            row = self._db.execute(
                "SELECT id, tag, wrapped FROM key WHERE tag = ? AND wrapped IS NOT NULL", (self.tag(person),)
            ).fetchone()
            if row is None:
                raise Erased
            return hmac.digest(self._unwrapped(row[2], row[0] + row[1]), b"derived " + what, "sha256")

    def look_up(self, what: str, value: str) -> bytes:
        """What stands in a column instead of `value`, so that rows can be found by it: the same for the same."""
        with self._lock:
            self._refresh()
            if self._look_up is None:
                self._look_up = self._unwrapped(
                    self._db.execute("SELECT wrapped FROM look_up").fetchone()[0], LOOK_UP
                )
            key = self._look_up
        said = f"{what}\n{value}".encode("utf-8", "surrogatepass")
        return hmac.digest(key, said, "sha256")[:LOOK_UP_BYTES]

    def renew_look_up(self) -> None:
        """A new key for `look_up`: what stands in copies of columns made before finds nothing, and cannot be guessed at.
        Whoever keeps such columns must write them anew, at once."""
        with self._lock, written(self._db):
            fresh = _wrapped(self._wrap, secrets.token_bytes(KEY_BYTES), LOOK_UP)
            self._db.execute("UPDATE look_up SET wrapped = ?", (fresh,))
            self._look_up = None

    def _pages_key(self) -> bytes:
        row = self._db.execute("SELECT wrapped FROM pages").fetchone()
        if row is not None:
            return self._unwrapped(row[0], PAGES)
        made = secrets.token_bytes(KEY_BYTES)
        self._db.execute("INSERT INTO pages VALUES (0, ?)", (_wrapped(self._wrap, made, PAGES),))
        return made

    def destroy(self, *persons: str) -> int:
        """How many keys of these persons were destroyed. What they sealed cannot be read by anybody after this returns."""
        with self._lock, written(self._db):
            gone = self._db.executemany(DESTROY + "tag = ?", [(self.tag(p),) for p in persons]).rowcount
            self._forget()
        return max(gone, 0)

    def destroy_ids(self, ids: Collection[bytes]) -> int:
        """As `destroy`, for keys whose person is not known by name."""
        with self._lock, written(self._db):
            gone = self._db.executemany(DESTROY + "id = ?", [(key_id,) for key_id in ids]).rowcount
            self._forget()
        return max(gone, 0)

    def ids(self, *persons: str) -> list[bytes]:
        """The ids of all keys that these persons ever had: how what they sealed begins (see `key_of`)."""
        tags = [self.tag(person) for person in persons]
        with self._lock:
            return [
                row[0]
                for some in _parts(tags)
                for row in self._db.execute(f"SELECT id FROM key WHERE tag IN ({_marks(some)})", some)
            ]

    def tags(self, ids: Collection[bytes]) -> list[bytes]:
        """Whose these keys were."""
        with self._lock:
            return [
                row[0]
                for some in _parts(list(ids))
                for row in self._db.execute(
                    f"SELECT DISTINCT tag FROM key WHERE id IN ({_marks(some)})", some
                )
            ]

    def live(self, ids: Collection[bytes]) -> set[bytes]:
        """Those of these keys that have not been destroyed."""
        return set(self._held(ids))

    def erased(self, persons: Sequence[str]) -> set[str]:
        """Those whose key was destroyed, and who have no other since."""
        tags = {self.tag(person): person for person in persons}
        with self._lock:
            return {
                tags[row[0]]
                for some in _parts(list(tags))
                for row in self._db.execute(
                    f"SELECT tag FROM key WHERE tag IN ({_marks(some)}) GROUP BY tag HAVING count(wrapped) = 0",
                    some,
                )
            }

    def erasures(self) -> int:
        """How many keys were ever destroyed: who remembers things looks again when it has grown."""
        with self._lock:
            return int(self._db.execute("SELECT count(*) FROM key WHERE destroyed IS NOT NULL").fetchone()[0])

    def destroyed_since(self, person: str, since: datetime) -> bool:
        """Whether this person was erased after `since`: what was remembered of them before must be forgotten."""
        at = since.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        with self._lock:
            return bool(
                self._db.execute(
                    "SELECT 1 FROM key WHERE tag = ? AND destroyed >= ? LIMIT 1", (self.tag(person), at)
                ).fetchone()
            )

    def holds(self, person: str) -> bool:
        with self._lock:
            return bool(
                self._db.execute(
                    "SELECT 1 FROM key WHERE tag = ? AND wrapped IS NOT NULL", (self.tag(person),)
                ).fetchone()
            )

    def rewrap(self, root: bytes) -> int:
        """Wrap every live key anew, for another root key; how many. Other processes must open the vault again."""
        fresh = _wrapping(root)
        with self._lock:
            with written(self._db):
                rows = self._db.execute(
                    "SELECT id, tag, wrapped FROM key WHERE wrapped IS NOT NULL"
                ).fetchall()
                for key_id, tag, wrapped in rows:
                    self._db.execute(
                        "UPDATE key SET wrapped = ? WHERE id = ?",
                        (_wrapped(fresh, self._unwrapped(wrapped, key_id + tag), key_id + tag), key_id),
                    )
                self._db.execute("UPDATE tag SET wrapped = ?", (_wrapped(fresh, self._tag_key, TAG),))
                finding = self._unwrapped(
                    self._db.execute("SELECT wrapped FROM look_up").fetchone()[0], LOOK_UP
                )
                self._db.execute("UPDATE look_up SET wrapped = ?", (_wrapped(fresh, finding, LOOK_UP),))
                if (row := self._db.execute("SELECT wrapped FROM pages").fetchone()) is not None:
                    kept = _wrapped(fresh, self._unwrapped(row[0], PAGES), PAGES)
                    self._db.execute("UPDATE pages SET wrapped = ?", (kept,))
            self._wrap = fresh
        return len(rows)

    def _live(self, persons: Collection[str]) -> dict[str, tuple[bytes, AESGCM]]:
        """Their keys, made where there are none."""
        tags = {person: self.tag(person) for person in persons}
        with self._lock:
            self._refresh()
            if missing := [tag for tag in tags.values() if tag not in self._known]:
                with written(self._db):
                    self._make(missing)
            return {person: self._known[tag] for person, tag in tags.items()}

    def _make(self, tags: list[bytes]) -> None:
        found: dict[bytes, tuple[bytes, bytes]] = {}
        for some in _parts(tags):
            query = f"SELECT tag, id, wrapped FROM key WHERE wrapped IS NOT NULL AND tag IN ({_marks(some)})"
            found |= {tag: (key_id, wrapped) for tag, key_id, wrapped in self._db.execute(query, some)}
        fresh = [tag for tag in tags if tag not in found]
        if fresh:
            # Another process may have changed the root key: what the old one wraps, nobody could unwrap.
            self._unwrapped(self._db.execute("SELECT wrapped FROM tag").fetchone()[0], TAG)
        made = {tag: (secrets.token_bytes(ID_BYTES), secrets.token_bytes(KEY_BYTES)) for tag in fresh}
        self._db.executemany(
            "INSERT INTO key (id, tag, wrapped) VALUES (?, ?, ?)",
            [(key_id, tag, _wrapped(self._wrap, key, key_id + tag)) for tag, (key_id, key) in made.items()],
        )
        for tag in tags:
            key_id, key = (
                made[tag]
                if tag in made
                else (found[tag][0], self._unwrapped(found[tag][1], found[tag][0] + tag))
            )
            self._known[tag] = key_id, AESGCM(key)
            self._by_ids[key_id] = self._known[tag][1]

    def _held(self, ids: Collection[bytes]) -> dict[bytes, AESGCM]:
        """The keys of these ids that still live."""
        with self._lock:
            self._refresh()
            for some in _parts([key_id for key_id in ids if key_id not in self._by_ids]):
                query = (
                    f"SELECT id, tag, wrapped FROM key WHERE wrapped IS NOT NULL AND id IN ({_marks(some)})"
                )
                for key_id, tag, wrapped in self._db.execute(query, some):
                    self._by_ids[key_id] = AESGCM(self._unwrapped(wrapped, key_id + tag))
            return {key_id: self._by_ids[key_id] for key_id in ids if key_id in self._by_ids}

    def _refresh(self) -> None:
        """Forget what may have been destroyed by another process, and what is too much to keep."""
        version = self._db.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self._version = version
            self._forget()
        if max(len(self._known), len(self._by_ids)) >= KEYS_KEPT:
            self._forget()

    def _forget(self) -> None:
        self._known.clear()
        self._by_ids.clear()
        self._look_up = None

    def _unwrapped(self, wrapped: bytes, about: bytes) -> bytes:
        try:
            return self._wrap.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], about)
        except InvalidTag:
            raise Tampered from None

    def tag(self, person: str) -> bytes:
        """What finds a person where no name may stand; nobody without the root key can make it."""
        return hmac.digest(self._tag_key, person.encode("utf-8", "surrogatepass"), "sha256")


def root_key(path: Path) -> bytes:
    """The home's root key: 32 bytes in a file that only its owner can read, made at the first call."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        # Whole before it has its name, and the first of two makers wins.
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(file, secrets.token_bytes(KEY_BYTES))
            os.fsync(file)
        finally:
            os.close(file)
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
        names = os.open(path.parent, os.O_RDONLY)  # its name, too, before anything is sealed by it
        try:
            os.fsync(names)
        finally:
            os.close(names)
    found = path.read_bytes()
    if len(found) != KEY_BYTES:
        raise Tampered
    return found


def key_of(sealed: bytes) -> bytes:
    """The id of the key that this was sealed by."""
    return sealed[len(FORM) : HEAD]


def _parts(items: list[bytes]) -> Iterator[list[bytes]]:
    for at in range(0, len(items), AT_ONCE):
        yield items[at : at + AT_ONCE]


def _marks(items: list[bytes]) -> str:
    return ", ".join("?" * len(items))


def _by_name(key: bytes) -> Callable[[str], bytes]:
    """A key for each file of the home."""
    return lambda name: hmac.digest(key, b"mingbai pages " + name.encode(), "sha256")


def _wrapping(root: bytes) -> AESGCM:
    if len(root) != KEY_BYTES:
        raise ValueError("a root key has 32 bytes")
    return AESGCM(hmac.digest(root, b"mingbai vault wrap", "sha256"))


def _wrapped(by: AESGCM, key: bytes, about: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + by.encrypt(nonce, key, about)
