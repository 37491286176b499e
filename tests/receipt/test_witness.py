"""A witness signs what grew, and nothing else."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mingbai.receipt import note, witness
from mingbai.receipt.log import TileLog
from mingbai.receipt.note import LOG_KEY, WITNESS_KEY, BrokenNote, Signer
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


def posting(there):
    def post(body):
        reply = there.add_checkpoint(body)
        return reply.status, reply.body.encode()

    return post


def test_two_witnesses_sign_one_checkpoint(log, there, post, signer, witness_signer, tmp_path):
    second = Signer("second.example", WITNESS_KEY, Ed25519PrivateKey.generate())
    other = Witness(tmp_path / "second.db", second, [signer.verifier], lambda: 5)
    grown(log, 10)
    checkpoint = log.checkpoint()
    assert witness.ask(log, post, witness_signer.verifier) == 10
    grown(log, 12)
    assert witness.ask(log, posting(other), second.verifier, checkpoint=checkpoint) == 10
    witness.ask(log, posting(other), second.verifier, checkpoint=checkpoint)  # again: nothing is doubled
    keys = [signer.verifier, witness_signer.verifier, second.verifier]
    kept = note.read(log.cosigned())
    assert [kept.signed_by(key) for key in keys] == [0, 1_763_000_000, 5]
    assert len(kept.signatures) == 3


def test_a_signature_of_another_kind_is_passed_over(there, log):
    grown(log, 3)
    other = note.Signature("other.example", b"1234", bytes(2420))  # ML-DSA-44
    assert there.add_checkpoint(f"old 0\n\n{log.checkpoint()}{other}".encode()).status == 200


def test_what_else_a_witness_writes_is_not_kept(log, post, signer, witness_signer):
    grown(log, 3)
    stranger = Signer("stranger.example", WITNESS_KEY, Ed25519PrivateKey.generate())

    def chatty(body):
        status, reply = post(body)
        mldsa = str(note.Signature("witness.example", b"1234", bytes(2420))).encode()
        return status, stranger.sign(note.read(log.checkpoint()).text, at=1).encode() + mldsa + reply

    witness.ask(log, chatty, witness_signer.verifier)
    assert [s.name for s in note.read(log.cosigned()).signatures] == [signer.name, "witness.example"]


@pytest.mark.parametrize(
    "reply", [(409, b"9" * 6000), (409, "３".encode()), (200, b"\xff"), (200, b""), (500, b"")]
)
def test_a_witness_that_talks_nonsense(log, witness_signer, reply):
    grown(log, 3)
    with pytest.raises((NotWitnessed, BrokenNote)):
        witness.ask(log, lambda _: reply, witness_signer.verifier)
    assert log.cosigned() == ""


def test_a_log_that_says_it_is_larger_than_any(there, signer):
    text = f"{signer.name}\n{2**63}\n{'A' * 43}=\n"
    assert there.add_checkpoint(f"old 0\n\n{note.write(text, [signer])}".encode()).status == 400
