"""The browser's verifier and ours agree: on every tree up to 256 entries, on good bundles, and on what is altered."""

from __future__ import annotations

import base64
import json
import random
import subprocess
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mingbai.prove.bench_receipts import mutation
from mingbai.receipt import merkle, note
from mingbai.receipt.bundle import Refuted, bundle, signed, verify
from mingbai.receipt.note import LOG_KEY, BrokenNote, Signer
from mingbai.receipt.witness import Witness, ask

pytestmark = pytest.mark.slow  # node
WEB = Path(__file__).parents[2] / "web"


def b64(data):
    return base64.b64encode(data).decode()


@pytest.fixture(scope="module")
def says(tmp_path_factory):
    """What the browser's verifier says of each case."""
    built = tmp_path_factory.mktemp("web") / "verify.mjs"
    subprocess.run(
        ["node_modules/.bin/esbuild", "src/verify.ts", "--bundle", "--format=esm", f"--outfile={built}", "--log-level=error"],
        cwd=WEB, check=True,
    )  # fmt: skip

    def saying(cases):
        done = subprocess.run(
            ["node", str(Path(__file__).with_name("independent.mjs")), str(built)],
            input="\n".join(map(json.dumps, cases)), capture_output=True, text=True, check=True,
        )  # fmt: skip
        return [json.loads(line) for line in done.stdout.splitlines()]

    return saying


def test_its_types_hold():
    subprocess.run(["node_modules/.bin/tsc", "--noEmit"], cwd=WEB, check=True)
    assert len((WEB / "src" / "verify.ts").read_text().splitlines()) <= 300


def test_every_pair_up_to_256(says):
    entries = [b"entry %d" % i for i in range(256)]
    leaves = [merkle.leaf_hash(e) for e in entries]

    @cache
    def fetch(level, at):
        return merkle.fold(leaves[at << level : (at + 1) << level])

    cases = []
    for size in range(1, 257):
        root = b64(merkle.root(fetch, size))
        for first in range(size):
            path = [b64(p) for p in merkle.inclusion(fetch, first, size)]
            cases.append(
                {"leaf": b64(entries[first]), "index": first, "size": size, "path": path, "root": root}
            )
            old = first + 1
            path = [b64(p) for p in merkle.consistency(fetch, old, size)]
            cases.append(
                {
                    "old": old,
                    "oldRoot": b64(merkle.root(fetch, old)),
                    "size": size,
                    "path": path,
                    "root": root,
                }
            )
    assert len(cases) == 2 * 256 * 257 // 2
    assert set(says(cases)) == {True}
    wrong = [{**case, "root": b64(bytes(32))} for case in random.Random(1).sample(cases, 500)]
    assert set(says(wrong)) == {False}


def test_bundles_good_and_altered(says, log, signer, witness_signer, tmp_path):
    made = [
        (f"t-{i}", signed({"id": f"t-{i}", "v": 1, "said": "运输中 \u0001\u007f\U0001f375"}, signer))
        for i in range(200)
    ]
    log.append(made)
    there = Witness(tmp_path / "seen.db", witness_signer, [signer.verifier], lambda: 1_763_000_000)

    def post(body):
        reply = there.add_checkpoint(body)
        return reply.status, reply.body.encode()

    ask(log, post, witness_signer.verifier)
    good = [bundle(log.entry(i), i, log.inclusion(i, 200), log.cosigned()) for i in (0, 63, 64, 199)]
    plain = bundle(log.entry(5), 5, log.inclusion(5, 200), log.checkpoint())
    drawn = random.Random(2)
    altered = [mutation(drawn, drawn.choice(good), drawn.choice(good)) for _ in range(3000)]
    junk = [
        b"",
        b"[" * 100_000,
        b'{"v":1}',
        b"\xef\xbb\xbf" + good[0],
        b"\xff",
        plain.replace(b'"path":[', b'"path":["' + b"A" * 200_000 + b'",'),
    ]
    old = Signer(signer.name, LOG_KEY, Ed25519PrivateKey.generate())
    spoilt = note.Signature(old.name, old.verifier.key_id, bytes(64))
    junk.append(
        bundle(
            log.entry(0), 0, log.inclusion(0, 200), note.merged(log.cosigned() + str(spoilt), log.cosigned())
        )
    )
    text, log_line, witness_line = log.cosigned().partition("\n\n")[0], *log.cosigned().split("\n")[-3:-1]
    swapped = f"{text}\n\n{witness_line}\n{log_line}\n"
    junk.append(bundle(log.entry(0), 0, log.inclusion(0, 200), swapped))
    keys = [signer.verifier, old.verifier, witness_signer.verifier]
    cases = [*good, plain, *altered, *junk]
    theirs = says([{"keys": [str(k) for k in keys]}, *({"bundle": b64(c)} for c in cases)])[1:]

    def ours(data):
        try:
            found = verify(data, keys)
        except BrokenNote:
            return "form"
        except Refuted as refuted:
            return refuted.step
        seen = [{"name": n, "at": at} for n, at in found.witnesses]
        return {"id": found.receipt["id"], "index": found.index, "size": found.size, "witnesses": seen}

    assert theirs[0] == {
        "id": "t-0", "index": 0, "size": 200, "witnesses": [{"name": "witness.example", "at": 1_763_000_000}],
    }  # fmt: skip
    assert theirs[4] == "witness"
    for case, said in zip(cases, theirs, strict=True):
        mine = ours(case)
        if isinstance(mine, dict) or isinstance(said, dict):
            assert (case in good, said) == (True, mine)
        else:
            assert case not in good
    alike = sum(said == ours(case) for case, said in zip(cases, theirs, strict=True))
    assert alike >= 0.99 * len(cases), "they also say the same of where it broke"


def test_a_key_that_is_none(says, signer):
    with pytest.raises(BrokenNote):
        note.keys([str(signer.verifier)[:-4]])
    assert says([{"keys": [str(signer.verifier)[:-4]]}, {"bundle": ""}])[1] == "keys"
