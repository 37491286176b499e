from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mingbai.receipt.log import TileLog
from mingbai.receipt.note import LOG_KEY, WITNESS_KEY, Signer

NAME = "mingbai.example/answers"


def key(seed: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


@pytest.fixture
def signer():
    return Signer(NAME, LOG_KEY, key(1))


@pytest.fixture
def witness_signer():
    return Signer("witness.example", WITNESS_KEY, key(2))


@pytest.fixture
def log(tmp_path, signer):
    made = TileLog(tmp_path / "log.db", signer)
    yield made
    made.close()
