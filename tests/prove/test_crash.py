"""What `mingbai prove crash` prints, and what it reads of processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

import pytest

from mingbai.prove import crash

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")


def test_the_slowest_kills_come_with_their_parts_slowest_first() -> None:
    kills = [crash.Kill(0.1, ready, 0.5, ready / 4) for ready in (1.0, 1.2, 4.0, 1.1, 3.6)]
    seen = crash.Crash(kills, Counter(whole=3, error=2, unclear=1))
    first, *slowest, chats, _, _ = seen.lines()
    assert "kills 5: ready again after median 1.20 s, slowest 4.00 s" in first
    assert [line.split()[0] for line in slowest] == ["4.00", "3.60", "1.20"]
    assert "1.00 s in the kernel" in slowest[0]
    assert "5 of 6" in chats


def test_what_is_kept_for_the_office_are_figures_alone() -> None:
    kills = [crash.Kill(0.1, ready, 0.5, 0.1) for ready in (1.0, 3.61234, 1.2)]
    assert crash.Crash(kills, Counter(whole=3, error=2), 1, 0.5).as_json() == {
        "kills": 3, "ready_seconds_median": 1.2, "ready_seconds_slowest": 3.612, "chats": 5, "endings": {"whole": 3, "error": 2},
        "retried": 1, "orphan_gone_seconds": 0.5,
    }  # fmt: skip


def test_a_child_is_seen_alive_computing_and_then_gone() -> None:
    busy = "import os\nwhile sum(os.times()[:2]) < .2: pass\nprint(flush=True)\ninput()"
    with subprocess.Popen(
        [sys.executable, "-c", busy], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert crash.alive(child.pid)
        assert child.pid in crash.children(os.getpid())
        assert sum(crash.computed(child.pid)) >= 0.15  # the kernel counts in hundredths
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert not crash.alive(child.pid)  # dead, though nobody has reaped it yet
