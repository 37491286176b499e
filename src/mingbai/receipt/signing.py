"""The log's private keys in files that only their owner can read, and the public ones for everybody.

A new key does not end the old one: its public line stays, so that what it signed can still be verified.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mingbai.receipt.note import Signer, Verifier
from mingbai.values.errors import BadInput, Text

RAW_BYTES = 32


def signer(folder: Path, name: str, kind: int) -> Signer:
    """The newest key under that name; made when there is none."""
    files = _files(folder, kind)
    return _read(files[-1], name, kind) if files else rotate(folder, name, kind)


def rotate(folder: Path, name: str, kind: int) -> Signer:
    """A new key that signs from now on."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    path = folder / f"{kind}-{len(_files(folder, kind)) + 1:04}.key"
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(file, key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
        os.fsync(file)
    finally:
        os.close(file)
    return Signer(name, kind, key)


def public(folder: Path, name: str, kind: int) -> tuple[Verifier, ...]:
    """Every key that ever signed under that name here, oldest first."""
    return tuple(_read(path, name, kind).verifier for path in _files(folder, kind))


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
