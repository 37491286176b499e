"""The log's private keys in files that only their owner can read, and the public ones for everybody.

A new key does not end the old one: its public line stays, so that what it signed can still be verified.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from mingbai.receipt.note import LOG_KEY, Signer, Verifier
from mingbai.values.errors import BadInput, Text

RAW_BYTES = 32


def signer(folder: Path, stream: str, kind: int = LOG_KEY) -> Signer:
    """The newest key of this home, made when there is none, under the name of one of its logs."""
    files = _files(folder, kind)
    if not files:
        with suppress(FileExistsError):  # another process was first: its key is the key
            _made(folder, kind, 1)
        files = _files(folder, kind)
    return _read(files[-1], _name(files[0], stream, kind), kind)


def rotate(folder: Path, stream: str, kind: int = LOG_KEY) -> Signer:
    """A new key that signs from now on. Entries and checkpoints before it keep the old key's signatures."""
    while True:
        files = _files(folder, kind)
        number = int(files[-1].stem.partition("-")[2]) + 1 if files else 1
        try:
            key = _made(folder, kind, number)
        except FileExistsError:
            continue
        return Signer(_name(_files(folder, kind)[0], stream, kind), kind, key)


def public(folder: Path, stream: str, kind: int = LOG_KEY) -> tuple[Verifier, ...]:
    """Every key that ever signed that log here, oldest first."""
    files = _files(folder, kind)
    return tuple(_read(path, _name(files[0], stream, kind), kind).verifier for path in files)


def _made(folder: Path, kind: int, number: int) -> Ed25519PrivateKey:
    """Whole and on the disk before it has its name: nobody finds half a key. Raises FileExistsError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    fresh = folder / f".{secrets.token_hex(8)}"
    file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(file, key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
        os.fsync(file)
        os.link(fresh, folder / f"{kind}-{number:04}.key")
    finally:
        os.close(file)
        fresh.unlink()
    names = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(names)
    finally:
        os.close(names)
    return key


def _name(first: Path, stream: str, kind: int) -> str:
    """A log is named after the first key of its home, so that no two homes have logs of one name."""
    public_key = _read(first, stream, kind).key.public_key()
    digest = hashlib.sha256(public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()
    return f"mingbai/{digest[:16]}/{stream}"


def _files(folder: Path, kind: int) -> list[Path]:
    return sorted(folder.glob(f"{kind}-*.key"))


def _read(path: Path, name: str, kind: int) -> Signer:
    raw = path.read_bytes()
    if len(raw) != RAW_BYTES:
        raise BadInput(
            Text(f"签名密钥文件坏了：{path.name}。", f"The signing key's file is broken: {path.name}."),
            Text("请从备份恢复它。", "Restore it from a backup."),
        )
    return Signer(name, kind, Ed25519PrivateKey.from_private_bytes(raw))
