"""What a receipt costs and whether the log holds: made and appended, proofs at a million entries, mutations, kills.

Runs in a folder that it is given and leaves nothing behind. pymerkle (GPL) is only ever run in a venv of its own.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from mingbai.prove.spread import quantile
from mingbai.receipt import merkle, note
from mingbai.receipt.body import House, ModelFacts
from mingbai.receipt.book import Receipts, Seals
from mingbai.receipt.bundle import Refuted, bundle, signed, verify
from mingbai.receipt.log import TileLog
from mingbai.receipt.note import BrokenNote, Signer
from mingbai.values.turn import (
    Admission,
    Evidence,
    Fact,
    Focus,
    Guess,
    Intent,
    Reply,
    Slots,
    Source,
    Turn,
    Understood,
    Verdict,
)

BATCH = 100
PEER = "pymerkle==7.0.0"
ACKNOWLEDGED = "ack"
ARITHMETIC = 20_000  # as long as a receipt here


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds."""

    p50: float
    p99: float

    @staticmethod
    def of(seconds: list[float]) -> Spread:
        return Spread(median(seconds) * 1000, quantile(seconds, 0.99) * 1000)


@dataclass(frozen=True, slots=True)
class Kills:
    kills: int
    acknowledged: int
    lost: int  # acknowledged, and not in the log afterwards
    forks: int  # a checkpoint seen before the kill that the log after it does not extend
    faults: int  # logs that did not compute to their checkpoint


def turn(number: int) -> Turn:
    """A turn as the desk seals it: an order with a parcel and five facts."""
    source = Source("order", "MB20251103-0042", "orders.csv", 12)
    facts = tuple(
        Fact(f"parcel.{i}", i, "运输中", "on its way", "MB20251103-0042", sources=(source,)) for i in range(5)
    )
    return Turn(
        f"t-{number:024x}", "tea", "我的快递到哪了？", datetime(2025, 11, 12, 2, tzinfo=UTC),
        Focus(customer="C10001", channel="web"), conversation_no="c-1", place="local",
        understood=Understood("zh-Hans", (Guess(Intent.WHERE_IS_ORDER, 0.98, "rule"),), Slots()),
        admission=Admission("customer", customer="C10001"),
        evidence=(Evidence(Intent.WHERE_IS_ORDER, facts),),
        reply=Reply("运输中，预计 11月14日前送达。", "zh-Hans", "model", (Verdict("figures", True),) * 6),
        seconds=(("understand", 0.01), ("ground", 0.02), ("answer", 1.2), ("first", 0.4)),
    )  # fmt: skip


def house() -> House:
    return House("bench", "ab" * 32, ModelFacts("qwen2.5-coder-1.5b-instruct", "cd" * 32, "Q4_K_M"))


def one_by_one(folder: Path, signer: Signer, vault: Seals, *, turns: int) -> tuple[Spread, Spread, Spread]:
    """As the path does: the key of a new visitor (every eighth turn) while the turn is understood; then made, signed,
    opening sealed, appended, checkpoint signed. What the second takes, the first, and beside them arithmetic of the same
    length, which waits for nothing but a core: its p99 is the machine's."""
    receipts = Receipts(TileLog(folder / "one.db", signer), folder / "openings.db", vault, house())
    took, expected, arithmetic = [], [], []
    for number in range(turns):
        one = turn(number)
        if number % 2:
            one = replace(
                one, admission=Admission("customer"), focus=Focus(), conversation_no=f"key.c-{number // 8}"
            )
        began = time.perf_counter()
        receipts.expect(one)
        ready = time.perf_counter()
        receipts.seal(one)
        took.append(time.perf_counter() - ready)
        if number % 8 == 1:
            expected.append(ready - began)
        began = time.perf_counter()
        sum(range(ARITHMETIC))
        arithmetic.append(time.perf_counter() - began)
    receipts.close()
    return Spread.of(took), Spread.of(expected), Spread.of(arithmetic)


def batched(folder: Path, signer: Signer, vault: Seals, *, turns: int) -> float:
    """Receipts a second, made and appended a hundred at a time."""
    from mingbai.receipt import body

    log = TileLog(folder / "batched.db", signer)
    about, salt = house(), bytes(32)
    began = time.perf_counter()
    for first in range(0, turns, BATCH):
        rows = []
        for one in map(turn, range(first, first + BATCH)):
            rows.append((one.turn_no, signed(body.body(one, about, salt), signer)))
            vault.seal(body.person(one), json.dumps(body.opening(one, salt)).encode(), one.turn_no.encode())
        log.append(rows)
    rate = turns / (time.perf_counter() - began)
    log.close()
    return rate


def large(folder: Path, signer: Signer, *, entries: int, asks: int = 300) -> Mapping[str, Spread]:
    """Proofs, and their verification, in a log of that many entries."""
    log = TileLog(folder / "large.db", signer)
    for first in range(0, entries, 10_000):
        log.append([(str(i), i.to_bytes(8, "big") * 8) for i in range(first, min(entries, first + 10_000))])
    drawn = random.Random(0)
    included, consistent, verified = [], [], []
    head = note.read_checkpoint(note.read(log.checkpoint()).text)
    for _ in range(asks):
        index = drawn.randrange(entries)
        began = time.perf_counter()
        path = log.inclusion(index, entries)
        included.append(time.perf_counter() - began)
        leaf = merkle.leaf_hash(log.entry(index))
        began = time.perf_counter()
        good = merkle.includes(leaf, index, entries, path, head.root)
        verified.append(time.perf_counter() - began)
        old = drawn.randrange(1, entries)
        began = time.perf_counter()
        proof = log.consistency(old, entries)
        consistent.append(time.perf_counter() - began)
        if not good or not merkle.extends(old, log.root(old), entries, head.root, proof):
            raise AssertionError("a proof of our own does not verify")
    log.close()
    return {
        "inclusion": Spread.of(included),
        "consistency": Spread.of(consistent),
        "verify": Spread.of(verified),
    }


def mutated(folder: Path, signer: Signer, *, mutations: int, seed: int = 0) -> tuple[int, float]:
    """How many of altered bundles were accepted (0 is right), and the milliseconds to verify a good one."""
    log = TileLog(folder / "mutated.db", signer)
    entries = [
        (f"t-{i}", signed({"id": f"t-{i}", "v": 1, "kind": "answer", "note": "x" * 200}, signer))
        for i in range(300)
    ]
    log.append(entries)
    keys = [signer.verifier]
    good = [bundle(log.entry(i), i, log.inclusion(i, 300), log.checkpoint()) for i in (0, 7, 128, 255, 299)]
    began = time.perf_counter()
    for each in good * 40:
        verify(each, keys)
    one = (time.perf_counter() - began) / (len(good) * 40) * 1000
    drawn = random.Random(seed)
    accepted = 0
    for _ in range(mutations):
        original = drawn.choice(good)
        altered = mutation(drawn, original, drawn.choice(good))
        if altered == original or altered in good:
            continue
        try:
            verify(altered, keys)
            accepted += 1
        except (Refuted, BrokenNote):
            pass
    log.close()
    return accepted, one


def mutation(drawn: random.Random, whole: bytes, other: bytes) -> bytes:
    at = drawn.randrange(len(whole))
    match drawn.randrange(7):
        case 0:
            return whole[:at] + bytes([whole[at] ^ 1 << drawn.randrange(8)]) + whole[at + 1 :]
        case 1:
            return whole[:at] + whole[at + 1 :]
        case 2:
            return whole[:at] + bytes([drawn.randrange(256)]) + whole[at:]
        case 3:  # a piece of another good bundle in its place
            end = at + drawn.randrange(1, 90)
            return whole[:at] + other[at:end] + whole[end:]
        case 4:
            end = min(len(whole), at + drawn.randrange(1, 60))
            return whole[:at] + whole[at:end] * 2 + whole[end:]
        case 5:  # another letter of base64, which may stand for the same bytes
            letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
            return whole[:at] + bytes([drawn.choice(letters)]) + whole[at + 1 :]
        case _:
            return whole[:at] + drawn.choice([b" ", b"\\n", b"\n", b"\\u0041", b"\r", b"\x0b"]) + whole[at:]


def killed(folder: Path, *, kills: int, seed: int = 0) -> Kills:
    """kill -9 of a process that appends, again and again on one log; every entry that it acknowledged must be there."""
    folder.mkdir(exist_ok=True)
    drawn, key = random.Random(seed), folder / "key"
    key.write_bytes(bytes([7]) * 32)
    signer = signer_of(key)
    acknowledged, lost, forks, faults = 0, 0, 0, 0
    path = folder / "killed.db"
    before: note.Checkpoint | None = None
    for number in range(kills):
        child = subprocess.Popen(
            [sys.executable, "-m", "mingbai.prove.bench_receipts", str(path), str(key), str(number)],
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        child.stdout.readline()  # it appends
        time.sleep(drawn.uniform(0.0, 0.05))
        child.send_signal(signal.SIGKILL)
        said = [line.split() for line in child.stdout.read().split(b"\n")[:-1]]  # the last may be cut
        child.wait()
        log = TileLog(path, signer)
        size = log.size()
        for name, at in ((line[1].decode(), int(line[2])) for line in said if len(line) == 3):
            acknowledged += 1
            lost += at >= size or log.find(name) != at
        head = note.read_checkpoint(note.read(log.checkpoint()).text)
        if before is not None and before.size:
            proof = log.consistency(before.size, head.size) if before.size <= head.size else ()
            forks += not merkle.extends(before.size, before.root, head.size, head.root, proof)
        before = head
        if number % 50 == kills % 50 or number == kills - 1:
            faults += bool(log.faults())
        log.close()
    return Kills(kills, acknowledged, lost, forks, faults)


def signer_of(key: Path) -> Signer:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Signer(
        "bench.example/answers", note.LOG_KEY, Ed25519PrivateKey.from_private_bytes(key.read_bytes())
    )


def _append_for_ever(path: Path, key: Path, run: str) -> None:
    log = TileLog(path, signer_of(key))
    print("ready", flush=True)
    for number in _count():
        names = [f"{run}-{number}-{i}" for i in range(1 + number % 5)]
        for name, at in zip(names, log.append([(n, n.encode() * 40) for n in names]), strict=True):
            print(ACKNOWLEDGED, name, at)
        sys.stdout.flush()


def _count() -> Iterator[int]:
    number = 0
    while True:
        yield number
        number += 1


def peer(folder: Path, *, entries: int, asks: int = 20) -> Mapping[str, float] | None:
    """pymerkle on SQLite, in a venv of its own: the same figures, milliseconds and entries a second; None without it."""
    python = folder / "peer" / "bin" / "python"
    if not python.exists():
        for command in (
            (sys.executable, "-m", "venv", str(folder / "peer")),
            (str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", PEER),
        ):
            if subprocess.run(command, capture_output=True, check=False).returncode:
                return None
    done = subprocess.run(
        (str(python), "-c", PEER_CHILD, str(folder / "peer.db"), str(entries), str(asks)),
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        return None
    found: dict[str, float] = json.loads(done.stdout)
    return found


PEER_CHILD = """
import json, random, sys, time
from statistics import median
from pymerkle import SqliteTree, verify_inclusion
path, entries, asks = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with SqliteTree(path) as tree:
    began = time.perf_counter()
    for i in range(200): tree.append_entry(i.to_bytes(8, "big") * 160)
    one = (time.perf_counter() - began) / 200
    began = time.perf_counter()
    tree.append_entries([i.to_bytes(8, "big") * 8 for i in range(entries - 200)], chunksize=1000)
    bulk = (entries - 200) / (time.perf_counter() - began)
    size, took, checked = tree.get_size(), [], []
    for _ in range(asks):
        index = random.randrange(1, size + 1)
        began = time.perf_counter(); proof = tree.prove_inclusion(index, size); took.append(time.perf_counter() - began)
        leaf, root = tree.get_leaf(index), tree.get_state(size)
        began = time.perf_counter(); verify_inclusion(leaf, root, proof); checked.append(time.perf_counter() - began)
print(json.dumps({"one_ms": one * 1000, "bulk": bulk, "inclusion_ms": median(took) * 1000, "verify_ms": median(checked) * 1000, "size": size}))
"""

if __name__ == "__main__":
    _append_for_ever(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
