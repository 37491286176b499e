"""A receipt with all that shows it is in the log, in one file that anyone can verify offline.

A bundle has one form, byte for byte (RFC 8785): whatever is altered in it is refused, also where JSON would read the same.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mingbai.receipt import canonical, merkle, note
from mingbai.receipt.note import LOG_KEY, WITNESS_KEY, Signer, Verifier
from mingbai.values.errors import BadInput, Text
from mingbai.values.json import JsonObject

MEMBERS = {"checkpoint", "index", "path", "receipt", "v"}
MOST_BYTES = 256 * 1024
CONTEXT = b"mingbai-receipt-v1\n"  # a signature of a receipt is none of anything else


class Refuted(BadInput):
    """The bundle does not show what it says. `step` is where it broke: form, keys, signature, log, witness."""

    def __init__(self, step: str, zh: str, en: str) -> None:
        self.step = step
        super().__init__(
            Text(f"收据没有通过验证：{zh}。", f"The receipt does not verify: {en}."),
            Text(
                "请向开出收据的店铺重新索取，并保留这一份作为证据。",
                "Ask the shop that gave it for another, and keep this one as evidence.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Verified:
    receipt: JsonObject
    index: int
    size: int
    witnesses: tuple[tuple[str, int], ...]  # name, and the second at which it saw this log


def signed(receipt: JsonObject, signer: Signer) -> bytes:
    """The receipt's only form, with the log's name, the key and the signature in it: an entry of the log."""
    whole = {
        **receipt, "log": {"origin": signer.name}, "key": signer.verifier.key_id.hex(),
    }  # fmt: skip
    sig = signer.key.sign(CONTEXT + canonical.dumps(whole))
    return canonical.written({**whole, "sig": base64.b64encode(sig).decode()})


def bundle(entry: bytes, index: int, path: Sequence[bytes], checkpoint: str) -> bytes:
    return canonical.dumps({
        "v": 1, "receipt": json.loads(entry), "index": index,
        "path": [base64.b64encode(p).decode() for p in path], "checkpoint": checkpoint,
    })  # fmt: skip


def verify(data: bytes, keys: Sequence[Verifier]) -> Verified:
    """`keys`: the log's, and those of the witnesses that must have seen it, all of them. Raises Refuted, BrokenNote."""
    found = _parsed(data)
    receipt, index, path = found["receipt"], found["index"], found["path"]
    signed_note = note.read(found["checkpoint"])
    checkpoint = note.read_checkpoint(signed_note.text)
    logs = [k for k in keys if k.kind == LOG_KEY and k.name == checkpoint.origin]
    witnesses = [k for k in keys if k.kind == WITNESS_KEY]
    if not logs:
        raise Refuted("keys", "没有这个日志的公钥", "no key of this log is at hand")
    known = {(k.name, k.key_id) for k in (*logs, *witnesses)}
    names = [(s.name, s.key_id) for s in signed_note.signatures]
    if names != note.in_order(set(names), checkpoint.origin) or not known >= set(names):
        raise Refuted(
            "keys",
            "检查点上的签名不认识、重复或次序不对",
            "the checkpoint carries a signature of an unknown key, one twice, or in another order",
        )
    by_log = [signed_note.signed_by(k) for k in logs if (k.name, k.key_id) in names]
    if not by_log or None in by_log:  # also a bad line of another of its keys beside a good one
        raise Refuted("signature", "检查点不是这个日志签的", "the checkpoint is not signed by this log")
    seen = []
    for witness in witnesses:
        at = signed_note.signed_by(witness)
        if at is None:
            raise Refuted(
                "witness", f"见证人 {witness.name} 没有签", f"witness {witness.name} has not signed"
            )
        seen.append((witness.name, at))
    _check_signature(receipt, logs)
    if not merkle.includes(
        merkle.leaf_hash(canonical.dumps(receipt)), index, checkpoint.size, path, checkpoint.root
    ):
        raise Refuted("log", "它不在日志里", "it is not in the log")
    return Verified(receipt, index, checkpoint.size, tuple(seen))


def _parsed(data: bytes) -> dict[str, Any]:
    broken = Refuted("form", "格式不对，或被改动过", "its form is wrong, or it was altered")
    if len(data) > MOST_BYTES:
        raise broken
    try:
        found: dict[str, Any] = dict(canonical.loads(data))
    except (ValueError, RecursionError):
        raise broken from None
    if set(found) != MEMBERS or found["v"] != 1 or found["v"] is True:
        raise broken
    index, path = found["index"], found["path"]
    if (
        not isinstance(found["receipt"], dict)
        or not isinstance(found["checkpoint"], str)
        or not isinstance(index, int)
        or isinstance(index, bool)
        or not isinstance(path, list)
        or not all(isinstance(p, str) for p in path)
    ):
        raise broken
    found["path"] = [note.unbase64(p, "path") for p in path]
    return found


def _check_signature(receipt: dict[str, Any], logs: Sequence[Verifier]) -> None:
    sig, key, log = receipt.get("sig"), receipt.get("key"), receipt.get("log")
    by = [k for k in logs if k.key_id.hex() == key and log == {"origin": k.name}]
    if not by or not isinstance(sig, str):
        raise Refuted("signature", "收据没有这个日志的签名", "the receipt has no signature of this log")
    rest = {name: value for name, value in receipt.items() if name != "sig"}
    try:
        Ed25519PublicKey.from_public_bytes(by[0].public).verify(
            note.unbase64(sig, "sig"), CONTEXT + canonical.dumps(rest)
        )
    except InvalidSignature:
        raise Refuted(
            "signature", "收据的签名不对，内容被改动过", "its signature is wrong; the content was altered"
        ) from None
