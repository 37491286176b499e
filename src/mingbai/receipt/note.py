"""Signed notes and checkpoints of a log, by C2SP (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature).

Read strictly: a note has one form, byte for byte. Another reading of the same signature would let one statement
stand in two places as two (trust: 41 of 65,147 altered notes passed a reader that stripped white space).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mingbai.receipt.merkle import HASH_BYTES
from mingbai.values.errors import BadInput, Text

LOG_KEY, WITNESS_KEY = 1, 4  # signature kinds: Ed25519, and Ed25519 with the time of seeing
DASH = "— "
NAME = re.compile(r"[^\s+]+")
SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
KEY_BYTES, TIME_BYTES = 32, 8
MOST_SIGNATURES = 64
MOST_ENTRIES = 2**63 - 1


class BrokenNote(BadInput):
    """What is there is no signed note in its one form. `what` names the part, never quotes it."""

    def __init__(self, what: str) -> None:
        super().__init__(
            Text(f"签名内容不合格式：{what}。", f"Not a signed note: {what}."),
            Text(
                "请重新取得原文件，不要编辑、不要转码。",
                "Fetch the original again; do not edit or re-encode it.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Verifier:
    """Whose signature, and by which key: `name+keyid+base64` in a keys file."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return (
            f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"
        )

    @staticmethod
    def parse(line: str) -> Verifier:
        parts = line.split("+", 2)
        if len(parts) != 3 or not NAME.fullmatch(parts[0]):
            raise BrokenNote("vkey")
        key = unbase64(parts[2], "vkey")
        if len(key) != 1 + KEY_BYTES or key[0] not in (LOG_KEY, WITNESS_KEY):
            raise BrokenNote("vkey")
        found = Verifier(parts[0], key[0], key[1:])
        if parts[1] != found.key_id.hex():
            raise BrokenNote("vkey")
        return found


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with the name that it signs by."""

    name: str
    kind: int
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        public = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return Verifier(self.name, self.kind, public)

    def sign(self, text: str, *, at: int = 0) -> str:
        """The signature's line under `text`; `at` is when a witness saw it, seconds of Unix time."""
        body = self.key.sign(_message(self.kind, text, at))
        if self.kind == WITNESS_KEY:
            body = at.to_bytes(TIME_BYTES, "big") + body
        return str(Signature(self.name, self.verifier.key_id, body))


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    key_id: bytes
    body: bytes

    def __str__(self) -> str:
        return f"{DASH}{self.name} {base64.b64encode(self.key_id + self.body).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    text: str  # ends in a newline
    signatures: tuple[Signature, ...]

    def signed_by(self, verifier: Verifier) -> int | None:
        """None: not by this key. Else the time a witness says it saw it, 0 for a log's own key."""
        for signature in self.signatures:
            if (signature.name, signature.key_id) != (verifier.name, verifier.key_id):
                continue
            at, body = 0, signature.body
            if verifier.kind == WITNESS_KEY:
                at, body = int.from_bytes(body[:TIME_BYTES], "big"), body[TIME_BYTES:]
            try:
                Ed25519PublicKey.from_public_bytes(verifier.public).verify(
                    body, _message(verifier.kind, self.text, at)
                )
            except InvalidSignature:
                return None
            return at
        return None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How large the log of that name was, and the root over all of it."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def write(text: str, signers: Iterable[Signer], *, at: int = 0) -> str:
    return f"{text}\n" + "".join(signer.sign(text, at=at) for signer in signers)


def read(note: str) -> Note:
    """Raises BrokenNote for anything but the one form."""
    if any(ord(sign) < 32 and sign != "\n" for sign in note):
        raise BrokenNote("control characters")
    text, blank, below = note.rpartition("\n\n")
    if not blank or not text:
        raise BrokenNote("no signatures")
    text += "\n"
    lines = below.split("\n")
    if lines.pop() != "" or not 1 <= len(lines) <= MOST_SIGNATURES:
        raise BrokenNote("signature lines")
    return Note(text, tuple(map(_signature, lines)))


def merged(newer: str, older: str) -> str:
    """`newer` with those signatures of `older` that it lacks, where both are of one text; in the one order."""
    this, that = read(newer), read(older)
    by_key = {
        (s.name, s.key_id): s
        for s in (*(that.signatures if this.text == that.text else ()), *this.signatures)
    }
    origin = this.text.partition("\n")[0]
    return f"{this.text}\n" + "".join(str(by_key[key]) for key in in_order(by_key, origin))


def in_order(keys: Iterable[tuple[str, bytes]], origin: str) -> list[tuple[str, bytes]]:
    """Names and key ids as their lines stand under a checkpoint in a bundle: the log's own, then by name and id."""
    return sorted(keys, key=lambda key: (key[0] != origin, *key))


def read_checkpoint(text: str) -> Checkpoint:
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0] or not SIZE.fullmatch(lines[1]):
        raise BrokenNote("checkpoint")
    root = unbase64(lines[2], "root")
    if len(root) != HASH_BYTES:
        raise BrokenNote("root")
    size = int(lines[1])
    if size > MOST_ENTRIES:
        raise BrokenNote("size")
    return Checkpoint(lines[0], size, root)


def unbase64(text: str, what: str) -> bytes:
    """Only the one text that encodes these bytes: no white space, no stray bits at the end. Raises BrokenNote."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BrokenNote(what) from None
    if base64.b64encode(found).decode() != text:
        raise BrokenNote(what)
    return found


def keys(lines: Sequence[str]) -> tuple[Verifier, ...]:
    return tuple(map(Verifier.parse, lines))


def _signature(line: str) -> Signature:
    if not line.startswith(DASH):
        raise BrokenNote("signature line")
    name, space, body = line[len(DASH) :].partition(" ")
    if not space or not NAME.fullmatch(name):
        raise BrokenNote("signature line")
    found = unbase64(body, "signature")
    if (
        len(found) <= 4
    ):  # of another length it is of another kind: an unknown key's, to be passed over (tlog-witness)
        raise BrokenNote("signature")
    return Signature(name, found[:4], found[4:])


def _message(kind: int, text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode() if kind == WITNESS_KEY else text.encode()
