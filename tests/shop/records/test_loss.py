"""Killed at any moment, or out of disk: nothing acknowledged is lost, nothing is there by half."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time

import pytest
from made_up import many, order, rows
from sqlalchemy import event

from mingbai.shop.records.home import Records
from mingbai.values.errors import StorageError
from mingbai.values.records import Line, Order

BATCH = 200

# Takes batch after batch; prints a batch's number when `take` has returned.
CHILD = """
import sys
sys.path[:0] = [sys.argv[2]]
from made_up import order, rows
from mingbai.shop.records.home import Records
from mingbai.values.records import Line
records = Records.open(sys.argv[1])
print("ready", flush=True)
for batch in range(100_000):
    orders = [order(f"{batch}-{n}") for n in range(BATCH)]
    lines = [Line(f"{batch}-{n}", "1", title="茶" * 300) for n in range(BATCH)]
    records.take("tea", rows(*orders, *lines))
    print(batch, flush=True)
""".replace("BATCH", str(BATCH))


@pytest.mark.slow  # child processes: about a second for each kill
@pytest.mark.parametrize("seed", range(4))
def test_kill_9_loses_nothing_that_was_acknowledged(address, seed):
    here = __file__.rpartition("/")[0]
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, address, here], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        for _ in range(2 + seed):
            child.stdout.readline()
        time.sleep(random.Random(seed).uniform(0, 0.08))
        child.send_signal(signal.SIGKILL)
        said = child.stdout.read().split()
    assert child.returncode == -signal.SIGKILL
    acknowledged = max([1 + seed, *map(int, said)])
    with Records.open(address) as records:
        orders = {row.record.order_no for row in records.rows("tea", Order)}
        lines = {row.record.order_no for row in records.rows("tea", Line)}
        batches = {int(number.partition("-")[0]) for number in orders}
        assert batches in ({*range(acknowledged + 1)}, {*range(acknowledged + 2)})
        assert orders == lines == {f"{batch}-{n}" for batch in batches for n in range(BATCH)}
        assert len(list(records.changes("tea"))) == 2 * len(orders)
        assert records.take("tea", rows(order("after")))[0].verdict == "taken"


def test_a_full_disk_changes_nothing(tmp_path):
    with Records.open(tmp_path / "shop.db") as records:
        records.take("tea", rows(order("1")))
        records.close()
        event.listen(
            records._engine,
            "connect",
            lambda connection, _: connection.execute("PRAGMA max_page_count = 400"),
        )
        with pytest.raises(StorageError, match="磁盘已满"):
            records.take("tea", many(5000, 0))
        assert [row.record for row in records.rows("tea", Order)] == [order("1")]
        assert records.last_seq("tea") == 1
        assert records.take("tea", rows(order("2")))[0].verdict == "taken"
