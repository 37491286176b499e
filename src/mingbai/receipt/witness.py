"""A witness: somebody else who signs a log's checkpoint only if it grew from the one seen last (C2SP tlog-witness).

Two witnesses with the same checkpoint have seen the same log: a shop cannot show one history to its customer and
another to a judge.
"""

from __future__ import annotations

import base64
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from mingbai.receipt import merkle, note
from mingbai.receipt.log import TileLog
from mingbai.receipt.note import BrokenNote, Signer, Verifier
from mingbai.values.errors import MingbaiError, Text

OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
SIZE_SEEN = re.compile(rb"(0|[1-9][0-9]{0,18})\s*")
MOST_PROOF_LINES = 63
MOST_BYTES = 64 * 1024
TABLE = "CREATE TABLE IF NOT EXISTS seen (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL)"

Post = Callable[[bytes], tuple[int, bytes]]  # the body of add-checkpoint → status and body of the reply


class NotWitnessed(MingbaiError):
    """The witness did not sign. `status` as tlog-witness gives it: 403 key, 404 origin, 409 size, 422 proof."""

    code = "not_witnessed"

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(
            Text(f"见证人没有签字（{status}）。", f"The witness has not signed ({status})."),
            Text(
                "如果日志没有被换过，请核对见证人登记的公钥；409 会自动重试。",
                "Unless the log was replaced, check the key that the witness has for it; 409 is tried again by itself.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: str = ""


class Witness:
    """Keeps, for each log it knows, the largest tree it has signed. Safe between processes."""

    def __init__(self, path: Path, signer: Signer, logs: Sequence[Verifier], now: Callable[[], int]) -> None:
        self._path, self._signer, self._now = path, signer, now
        self._logs = {verifier.name: [v for v in logs if v.name == verifier.name] for verifier in logs}
        with closing(self._open()) as db:
            db.execute(TABLE)

    def add_checkpoint(self, request: bytes) -> Reply:
        """tlog-witness, `POST /add-checkpoint`: the signature's line, or why not."""
        try:
            old, proof, checkpoint = _request(request)
            signed = note.read(checkpoint)
            head = note.read_checkpoint(signed.text)
        except (BrokenNote, UnicodeDecodeError):
            return Reply(400)
        known = self._logs.get(head.origin)
        if known is None:
            return Reply(404)
        if not any(signed.signed_by(verifier) is not None for verifier in known):
            return Reply(403)
        if old > head.size:
            return Reply(400)
        with closing(self._open()) as db:
            db.execute("BEGIN IMMEDIATE")
            row = db.execute("SELECT size, root FROM seen WHERE origin = ?", (head.origin,)).fetchone()
            size, root = row or (0, merkle.EMPTY_ROOT)
            if old != size:
                return Reply(409, f"{size}\n")
            # Nothing to prove about the empty tree; the same size must be the same tree.
            grew = not proof if size == 0 else merkle.extends(size, root, head.size, head.root, proof)
            if size == head.size and root != head.root:
                return Reply(409, f"{size}\n")
            if not grew:
                return Reply(422)
            db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", (head.origin, head.size, head.root))
            db.execute("COMMIT")
        return Reply(200, self._signer.sign(signed.text, at=self._now()))

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        db.execute("PRAGMA synchronous=FULL")
        return db


def ask(log: TileLog, post: Post, witness: Verifier, seen: int = 0, *, checkpoint: str = "") -> int:
    """Have the log's checkpoint signed by that witness, and keep it; the size signed. `seen`: what it saw last, a guess.
    `checkpoint`: not the newest one, but this, so that several witnesses sign the same.

    Raises `NotWitnessed`, `BrokenNote`.
    """
    checkpoint = checkpoint or log.checkpoint()
    text = note.read(checkpoint).text
    head = note.read_checkpoint(text)
    for _ in range(2):
        proof = log.consistency(seen, head.size) if 0 < seen <= head.size else ()
        lines = "".join(f"{base64.b64encode(p).decode()}\n" for p in proof)
        status, reply = post(f"old {seen}\n{lines}\n{checkpoint}".encode())
        size = SIZE_SEEN.fullmatch(reply)
        if status == 409 and size and int(size.group(1)) <= head.size and int(size.group(1)) != seen:
            seen = int(size.group(1))
            continue
        break
    if status != 200:
        raise NotWitnessed(status)
    try:
        signed = note.read(checkpoint + reply.decode())
    except UnicodeDecodeError:
        raise BrokenNote("signature lines") from None
    if signed.text != text or signed.signed_by(witness) is None:
        raise NotWitnessed(status)
    # Only that witness's line is kept, whatever else it wrote: a line nobody can check would spoil every bundle.
    own = next(s for s in signed.signatures if (s.name, s.key_id) == (witness.name, witness.key_id))
    log.cosign(checkpoint, str(own))
    return head.size


def _request(request: bytes) -> tuple[int, list[bytes], str]:
    if len(request) > MOST_BYTES:
        raise BrokenNote("request")
    above, blank, checkpoint = request.decode().partition("\n\n")
    first, *proof = above.split("\n")
    old = OLD.fullmatch(first)
    if not blank or old is None or len(proof) > MOST_PROOF_LINES:
        raise BrokenNote("request")
    hashes = [note.unbase64(line, "proof") for line in proof]
    if any(len(h) != merkle.HASH_BYTES for h in hashes):
        raise BrokenNote("proof")
    return int(old.group(1)), hashes, checkpoint
