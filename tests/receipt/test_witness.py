"""A witness signs what grew, and nothing else."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mingbai.receipt import note, witness
from mingbai.receipt.log import TileLog
from mingbai.receipt.note import LOG_KEY, Signer
from mingbai.receipt.witness import NotWitnessed, Witness


def grown(log, upto):
    log.append([(f"n{i}", f"entry {i}".encode()) for i in range(log.size(), upto)])


@pytest.fixture
def there(tmp_path, signer, witness_signer):
    return Witness(tmp_path / "seen.db", witness_signer, [signer.verifier], lambda: 1_763_000_000)


@pytest.fixture
def post(there):
    def posting(body):
        reply = there.add_checkpoint(body)
        return reply.status, reply.body.encode()

    return posting


def test_a_log_that_grows_is_signed_each_time(log, post, witness_signer):
    for size in (1, 2, 300, 300, 1000):
        grown(log, size)
        assert witness.ask(log, post, witness_signer.verifier, seen=1) == size
        kept = note.read(log.cosigned())
        assert note.read_checkpoint(kept.text).size == size
        assert kept.signed_by(witness_signer.verifier) == 1_763_000_000


def test_another_history_is_not_signed(log, post, signer, witness_signer, tmp_path):
    grown(log, 20)
    witness.ask(log, post, witness_signer.verifier)
    forked = TileLog(tmp_path / "forked.db", signer)
    forked.append([(f"n{i}", b"another history") for i in range(30)])
    with pytest.raises(NotWitnessed) as refused:
        witness.ask(forked, post, witness_signer.verifier, seen=20)
    assert refused.value.status == 422
    shorter = TileLog(tmp_path / "shorter.db", signer)
    shorter.append([(f"n{i}", b"rolled back") for i in range(20)])
    with pytest.raises(NotWitnessed) as refused:
        witness.ask(shorter, post, witness_signer.verifier, seen=20)
    assert refused.value.status == 409, "the same size with another root"
    forked.close()
    shorter.close()


def test_whose_log_and_whose_key(there, log, tmp_path):
    grown(log, 3)
    checkpoint = log.checkpoint()
    assert there.add_checkpoint(f"old 0\n\n{checkpoint}".encode()).status == 200
    assert there.add_checkpoint(f"old 0\n\n{checkpoint}".encode()).status == 409
    stranger = Signer(log.signer.name, LOG_KEY, Ed25519PrivateKey.generate())
    text = note.read(checkpoint).text
    assert there.add_checkpoint(f"old 3\n\n{note.write(text, [stranger])}".encode()).status == 403
    other = Signer("other.example/log", LOG_KEY, log.signer.key)
    foreign = text.replace(log.signer.name, other.name)
    assert there.add_checkpoint(f"old 3\n\n{note.write(foreign, [other])}".encode()).status == 404


@pytest.mark.parametrize(
    "body", [b"", b"old 0", b"old 00\n\nx", b"old 4\n\n", b"\xff\n\n", b"old 0\nAAAA\n\nx\n", b"old -1\n\nx", b"x" * 70_000]
)  # fmt: skip
def test_what_is_no_request(there, body):
    assert there.add_checkpoint(body).status == 400
