"""Signed notes: one form, byte for byte, and no other is read."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from mingbai.receipt import note
from mingbai.receipt.note import LOG_KEY, WITNESS_KEY, BrokenNote, Checkpoint, Signer, Verifier

# The example of c2sp.org/signed-note is Go's sumdb test key: PeterNeumann.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def signer(name="mingbai.example/answers", kind=LOG_KEY, seed=1):
    return Signer(name, kind, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


def test_a_note_of_another_program():
    verifier = Verifier.parse(PETER)
    assert str(verifier) == PETER
    assert note.read(PETER_NOTE).signed_by(verifier) == 0
    assert note.read(PETER_NOTE.replace("answer", "Answer")).signed_by(verifier) is None


def test_a_checkpoint_with_a_witness():
    text = str(Checkpoint("mingbai.example/answers", 12, bytes(32)))
    log, witness = signer(), signer("witness.example", WITNESS_KEY, 2)
    whole = note.write(text, [log]) + witness.sign(text, at=1_700_000_000)
    found = note.read(whole)
    assert note.read_checkpoint(found.text) == Checkpoint("mingbai.example/answers", 12, bytes(32))
    assert found.signed_by(log.verifier) == 0
    assert found.signed_by(witness.verifier) == 1_700_000_000
    assert found.signed_by(signer(seed=3).verifier) is None, "the same name, another key"


@pytest.mark.parametrize(
    "broken",
    [
        "", "\n", "text\n", "text\n\n", "text\n\nno dash\n", "text\n\n— name\n", "text\n\n— name AAAA\n",
        PETER_NOTE[:-1], PETER_NOTE + "\n", PETER_NOTE.replace("\n— ", "\n - "), PETER_NOTE.replace("JnAM=", "JnAN="),
        PETER_NOTE.replace("PeterNeumann x", "PeterNeumann  x"), PETER_NOTE.replace("problem,", "problem,\x0b"),
        PETER_NOTE.replace("AM=\n", "AM= \n"), PETER_NOTE.replace("AM=\n", "AM=\r\n"),
    ],
)  # fmt: skip
def test_what_is_no_note(broken):
    with pytest.raises(BrokenNote) as error:
        note.read(broken)
    assert "cryptography" not in str(error.value), "what it says is not quoted"


@pytest.mark.parametrize(
    "broken",
    ["", "o\n1\n", "o\n01\n" + "A" * 43 + "=\n", "o\n-1\n" + "A" * 43 + "=\n", "o\n1\nAAAA\n",
     "o\n1\n" + "A" * 43 + "=\nmore\n", "\n1\n" + "A" * 43 + "=\n", "o\n1\n" + "A" * 42 + "B=\n", "o\n１\n" + "A" * 43 + "=\n"],
)  # fmt: skip
def test_what_is_no_checkpoint(broken):
    with pytest.raises(BrokenNote):
        note.read_checkpoint(broken)


@pytest.mark.parametrize(
    "line", ["", "a", "a+b", "a+00000000+AAAA", PETER.replace("c74f", "c74e"), PETER + "=", PETER[:-1]]
)
def test_what_is_no_key(line):
    with pytest.raises(BrokenNote):
        Verifier.parse(line)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    try:
        found = note.read(text)
    except BrokenNote:
        return
    assert found.text.endswith("\n")
