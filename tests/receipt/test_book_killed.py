"""What was acknowledged survives kill -9, the sealed opening beside the entry of the log."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from mingbai.permit.vault.vault import Vault
from mingbai.prove import bench_receipts as bench
from mingbai.receipt.book import Receipts
from mingbai.receipt.log import TileLog

CHILD = """
import sys
from dataclasses import replace
from pathlib import Path
from mingbai.permit.vault.vault import Vault
from mingbai.prove import bench_receipts as bench
from mingbai.receipt.book import Receipts
from mingbai.receipt.log import TileLog
from mingbai.values.turn import Admission, Focus

folder, run = Path(sys.argv[1]), int(sys.argv[2])
book = Receipts(TileLog(folder / "a.db", bench.signer_of(folder / "key")), folder / "o.db", Vault(folder / "p.db", bytes(32)), bench.house())
print("ready", flush=True)
for number in range(1_000_000):
    one = replace(bench.turn(run * 1_000_000 + number), admission=Admission("customer"), focus=Focus(), conversation_no=f"k.{run}-{number // 3}")
    book.expect(one)
    print("ack", book.seal(one), flush=True)
"""


@contextmanager
def opened(folder: Path) -> Iterator[Receipts]:
    with closing(Vault(folder / "p.db", bytes(32))) as vault:
        log = TileLog(folder / "a.db", bench.signer_of(folder / "key"))
        with closing(Receipts(log, folder / "o.db", vault, bench.house())) as book:
            yield book


@pytest.mark.slow  # a process for each kill
def test_every_acknowledged_receipt_opens_after_kill_9(tmp_path):
    (tmp_path / "key").write_bytes(bytes([9]) * 32)
    drawn, acknowledged = random.Random(1), 0
    for run in range(8):
        command = [sys.executable, "-c", CHILD, str(tmp_path), str(run)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
            time.sleep(drawn.uniform(0.05, 0.4))
            child.send_signal(signal.SIGKILL)
            said = child.stdout.read().split(b"\n")[:-1]  # the last may be cut
        with opened(tmp_path) as book:
            for line in said:
                receipt = line.split()[1].decode()
                assert book.get(receipt)["id"] == receipt
                assert book.opening(receipt)["question"] == bench.turn(0).text
                acknowledged += 1
            assert book.log.faults() == []
    assert acknowledged > 50
