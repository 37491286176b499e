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
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mingbai.receipt.atomic import written
from mingbai.values.errors import MingbaiError, Text

KEY_BYTES, NONCE_BYTES, ID_BYTES = 32, 12, 8
KEYS_KEPT = 4096  # live keys held in memory; every visit has one
FORM = b"\x01"
TAG = b"tag"  # what the key that finds persons is wrapped for
TABLE = """
CREATE TABLE IF NOT EXISTS key (
    id BLOB PRIMARY KEY, tag BLOB NOT NULL, wrapped BLOB, made TEXT NOT NULL DEFAULT (datetime('now')), destroyed TEXT);
CREATE TABLE IF NOT EXISTS tag (only INTEGER PRIMARY KEY CHECK (only = 0), wrapped BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS one_live ON key (tag) WHERE wrapped IS NOT NULL;
"""


class Erased(MingbaiError):
    """The key was destroyed: the text is gone for good."""

    code = "erased"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "这段内容的密钥已销毁，内容无法恢复。",
                "The key of this text was destroyed; it cannot be read again.",
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

    def __init__(self, path: Path, root: bytes) -> None:
        self._wrap = _wrapping(root)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = Lock()
        self._known: OrderedDict[bytes, tuple[bytes, AESGCM]] = OrderedDict()  # tag → live key
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
        except Tampered:
            self._db.close()
            raise

    def close(self) -> None:
        with self._lock:
            self._db.close()
            self._known.clear()

    def seal(self, person: str, plain: bytes, about: bytes) -> bytes:
        """`about` names what the text belongs to; it can be opened only with the same."""
        key_id, key = self._live(person)
        nonce = secrets.token_bytes(NONCE_BYTES)
        return FORM + key_id + nonce + key.encrypt(nonce, plain, key_id + about)

    def open(self, sealed: bytes, about: bytes) -> bytes:
        """Raises `Erased` when the person's key is gone, `Tampered` when anything was altered."""
        head = len(FORM) + ID_BYTES
        if len(sealed) < head + NONCE_BYTES or sealed[:1] != FORM:
            raise Tampered
        key_id, nonce, body = sealed[1:head], sealed[head : head + NONCE_BYTES], sealed[head + NONCE_BYTES :]
        try:
            return self._by_id(key_id).decrypt(nonce, body, key_id + about)
        except InvalidTag:
            raise Tampered from None

    def destroy(self, person: str) -> int:
        """How many keys of this person were destroyed. What they sealed cannot be read by anybody after this returns."""
        tag = self.tag(person)
        with self._lock, written(self._db):
            # Overwritten first: a page that is only freed could still be read.
            gone = self._db.execute(
                "UPDATE key SET wrapped = NULL, destroyed = datetime('now') WHERE tag = ? AND wrapped IS NOT NULL",
                (tag,),
            ).rowcount
            self._known.pop(tag, None)
        return gone

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
            self._wrap = fresh
        return len(rows)

    def _live(self, person: str) -> tuple[bytes, AESGCM]:
        tag = self.tag(person)
        with self._lock:
            known = self._known.get(tag)
            if (
                known is not None
                and self._db.execute(
                    "SELECT wrapped IS NOT NULL FROM key WHERE id = ?", (known[0],)
                ).fetchone()[0]
            ):
                self._known.move_to_end(tag)
                return known
            with written(self._db):
                row = self._db.execute(
                    "SELECT id, wrapped FROM key WHERE tag = ? AND wrapped IS NOT NULL", (tag,)
                ).fetchone()
                if row is None:
                    # Another process may have changed the root key: what the old one wraps, nobody could unwrap.
                    self._unwrapped(self._db.execute("SELECT wrapped FROM tag").fetchone()[0], TAG)
                    key_id, key = secrets.token_bytes(ID_BYTES), secrets.token_bytes(KEY_BYTES)
                    self._db.execute(
                        "INSERT INTO key (id, tag, wrapped) VALUES (?, ?, ?)",
                        (key_id, tag, _wrapped(self._wrap, key, key_id + tag)),
                    )
                else:
                    key_id, key = row[0], self._unwrapped(row[1], row[0] + tag)
            self._known[tag] = key_id, AESGCM(key)
            if len(self._known) > KEYS_KEPT:
                self._known.popitem(last=False)
            return self._known[tag]

    def _by_id(self, key_id: bytes) -> AESGCM:
        with self._lock:
            row = self._db.execute("SELECT tag, wrapped FROM key WHERE id = ?", (key_id,)).fetchone()
            if row is None or row[1] is None:
                raise Erased
            return AESGCM(self._unwrapped(row[1], key_id + row[0]))

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


def _wrapping(root: bytes) -> AESGCM:
    if len(root) != KEY_BYTES:
        raise ValueError("a root key has 32 bytes")
    return AESGCM(hmac.digest(root, b"mingbai vault wrap", "sha256"))


def _wrapped(by: AESGCM, key: bytes, about: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + by.encrypt(nonce, key, about)
