"""Once a day the service has trained anew what withdrawals took out: by a child that gives way, that is started again, and that is told of."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import time as clock
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

import pytest

from mingbai.cli import retrain
from mingbai.values.errors import SettingsError
from mingbai.values.settings import LearnSettings, Settings

NIGHT = datetime(2026, 11, 26, 2, 59, 30)


class House:
    """A home whose shop has a tainted adapter until a child says that it is done."""

    def __init__(self, home: Path, child: str) -> None:
        (home / "learn").mkdir()
        self.home, self.child = home, child
        self.noted: list[tuple[str, dict[str, object]]] = []
        self.slept: list[float] = []
        self.woken = asyncio.Event()
        self.job = retrain.Retraining(
            home, self.tainted, self.command, note=lambda event, **more: self.noted.append((event, more)),
            now=lambda: NIGHT, sleep=self.sleep,
        )  # fmt: skip

    def tainted(self) -> list[str]:
        return [] if (self.home / "done").exists() else ["tea"]

    def command(self, shop: str) -> Sequence[str]:
        return [sys.executable, "-c", self.child, shop]

    async def sleep(self, seconds: float) -> None:
        """The first night comes at once, the second never."""
        self.slept.append(seconds)
        if len(self.slept) > self.nights:
            self.woken.set()
            await asyncio.Event().wait()

    nights = 1

    async def a_night(self) -> None:
        keeping = asyncio.create_task(self.job.keep(time(3, 0)))
        async with asyncio.timeout(20):
            await self.woken.wait()
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


DONE = "import os, pathlib, sys; pathlib.Path(os.environ['MINGBAI_HOME'], 'done').write_text(sys.argv[1]); print('x')"


async def test_what_is_out_is_trained_anew_at_the_time_and_then_no_more(tmp_path):
    house = House(tmp_path, DONE)
    await house.a_night()
    assert house.slept == [
        30.0,
        30.0,
    ]  # until three; then until the next three, as the clock stands still here
    assert (tmp_path / "done").read_text() == "tea"
    done = retrain.last(tmp_path)
    assert done == retrain.Last("2026-11-26T02:59:30", 1, "2026-11-26T02:59:30", 0)
    assert house.noted == [
        ("retrain_begun", {"shop": "tea", "attempt": 1}),
        ("retrain_ended", {"shop": "tea", "code": 0}),
    ]
    assert (tmp_path / "learn" / "retrain.log").read_bytes() == b"x\n"
    assert oct((tmp_path / "learn" / "retrain.log").stat().st_mode)[-3:] == "600"
    again = House.__new__(House)
    again.__dict__.update(house.__dict__, noted=[], slept=[], woken=asyncio.Event())
    again.job = retrain.Retraining(
        tmp_path,
        house.tainted,
        house.command,
        note=lambda *a, **k: again.noted.append(a),
        now=lambda: NIGHT,
        sleep=again.sleep,
    )
    await again.a_night()
    assert again.noted == []


async def test_one_that_is_killed_is_started_again(tmp_path):
    child = (
        "import os, pathlib, signal\nhome = pathlib.Path(os.environ['MINGBAI_HOME'])\n"
        "if (home / 'first').exists(): (home / 'done').touch()\n"
        "else: (home / 'first').touch(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    house = House(tmp_path, child)
    house.nights = 2
    await house.a_night()
    assert house.slept[:2] == [30.0, retrain.AGAIN_SECONDS]
    assert [it[1].get("code") for it in house.noted] == [None, -9, None, 0]
    found = retrain.last(tmp_path)
    assert found is not None
    assert (found.tries, found.code) == (2, 0)


async def test_one_that_is_killed_every_time_is_given_up_until_the_next_night(tmp_path):
    house = House(tmp_path, "import os; os.kill(os.getpid(), 9)")
    house.nights = 1 + retrain.TRIES - 1
    await house.a_night()
    found = retrain.last(tmp_path)
    assert found is not None
    assert (found.tries, found.code) == (retrain.TRIES, -9)


async def test_what_the_gate_refused_is_not_tried_again_the_same_night(tmp_path):
    house = House(tmp_path, "raise SystemExit(1)")
    await house.a_night()
    assert len(house.noted) == 2
    found = retrain.last(tmp_path)
    assert found is not None
    assert found.code == 1


async def test_a_service_that_ends_takes_the_child_along_and_the_next_one_goes_on(tmp_path):
    running = "import os, pathlib, time; pathlib.Path(os.environ['MINGBAI_HOME'], 'pid').write_text(str(os.getpid())); time.sleep(60)"
    house = House(tmp_path, running)
    keeping = asyncio.create_task(house.job.keep(time(3, 0)))
    async with asyncio.timeout(20):
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            await asyncio.sleep(0.02)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
    left = retrain.last(tmp_path)
    assert left is not None
    assert left.code is None

    house.child, house.slept, house.nights = DONE, [], 1
    await house.a_night()
    assert house.slept[0] == retrain.FIRST_SECONDS
    found = retrain.last(tmp_path)
    assert found is not None
    assert found.code == 0


async def test_a_file_that_another_process_holds_costs_one_night_and_no_more(tmp_path):
    house = House(tmp_path, DONE)
    house.nights = 2
    held = [sqlite3.OperationalError("database is locked")]

    def tainted() -> list[str]:
        if held:
            raise held.pop()
        return House.tainted(house)

    house.job = retrain.Retraining(
        tmp_path, tainted, house.command, note=lambda event, **more: house.noted.append((event, more)),
        now=lambda: NIGHT, sleep=house.sleep,
    )  # fmt: skip
    await house.a_night()
    assert house.noted[0] == ("retrain_failed", {"error": "OperationalError"})
    assert house.noted[-1] == ("retrain_ended", {"shop": "tea", "code": 0})


async def test_a_service_without_training_comes_up_though_the_adapters_cannot_be_read(tmp_path, monkeypatch):
    monkeypatch.setattr("mingbai.learn.train.available", lambda: False)
    (tmp_path / "learn" / "adapters").mkdir(parents=True)
    (tmp_path / "learn" / "adapters" / "adapters.db").write_bytes(b"no database" * 100)
    async with retrain.retraining(Settings(home=tmp_path)):
        pass


SERVICE = """
import asyncio, sys
from datetime import time
from pathlib import Path
from mingbai.cli import retrain
child = "import sys, time, pathlib, os; from mingbai.cli.retrain import gently; gently(int(sys.argv[1])); " \
    "pathlib.Path(os.environ['MINGBAI_HOME'], 'pid').write_text(str(os.getpid())); time.sleep(60)"
async def at_once(seconds): pass
def command(shop):
    line = retrain.command(shop)
    return [sys.executable, "-c", child, line[line.index("--parent") + 1]]
job = retrain.Retraining(Path(sys.argv[1]), lambda: ["tea"], command, note=lambda *a, **k: None, sleep=at_once)
asyncio.run(job.keep(time(3, 0)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a death signal is Linux's")
def test_a_service_that_is_killed_takes_the_child_along(tmp_path):
    (tmp_path / "learn").mkdir()
    service = subprocess.Popen([sys.executable, "-c", SERVICE, str(tmp_path)])
    pid = tmp_path / "pid"
    until = clock.monotonic() + 60
    while not (pid.exists() and pid.read_text()) and clock.monotonic() < until:
        clock.sleep(0.05)
    service.kill()
    service.wait()
    while clock.monotonic() < until:
        stat = Path("/proc") / pid.read_text() / "stat"
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        clock.sleep(0.05)
    os.kill(int(pid.read_text()), 9)
    raise AssertionError("the child lives on")


def test_a_child_whose_service_is_gone_already_does_nothing(tmp_path):
    line = retrain.command("tea")
    line[line.index("--parent") + 1] = "1" if os.getpid() != 1 else "2"
    done = subprocess.run(
        line, capture_output=True, text=True, check=False, env={**os.environ, "MINGBAI_HOME": str(tmp_path)}
    )
    assert (done.returncode, done.stderr.strip()) == (1, "the parent is gone")
    assert list(tmp_path.iterdir()) == []


def test_a_child_that_goes_gently_is_the_last_to_be_served():
    script = "from mingbai.cli.retrain import gently; gently(); import os; print(os.nice(0), os.sched_getscheduler(0) == os.SCHED_IDLE)"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["19", "True"]


@pytest.mark.parametrize(
    ("at", "now", "seconds"),
    [("03:00", "02:59:30", 30), ("03:00", "03:00:00", 86_400), ("00:00", "23:00:00", 3600)],
)
def test_the_next_time_that_it_is_so_late(at, now, seconds):
    hour, minute = map(int, at.split(":"))
    assert retrain.seconds_until(time(hour, minute), datetime.fromisoformat(f"2026-11-26T{now}")) == seconds


@pytest.mark.parametrize("said", ["3:00", "24:00", "03:60", "at night", "03:00 "])
def test_what_is_no_time_of_day_is_told(said):
    with pytest.raises(SettingsError, match="retrain"):
        retrain.daily(Settings(learn=LearnSettings(retrain=said)))


def test_people_are_told_when_and_what_came_of_it(tmp_path):
    settings = Settings(home=tmp_path)
    assert "03:00" in retrain.line(settings)
    (tmp_path / "learn").mkdir()
    for said, wanted in ((None, "not ended"), (0, "✓ 0"), (1, "✗ 1")):
        told = {"begun": "2026-11-26T03:00:00", "tries": 1, "ended": "2026-11-26T03:07:00", "code": said}
        (tmp_path / "learn" / "retrain.json").write_text(json.dumps(told))
        assert wanted in retrain.line(settings)
    never = replace(settings, learn=LearnSettings(retrain=""))
    assert "not by the clock" in retrain.line(never)
    assert retrain.daily(never) is None
    (tmp_path / "learn" / "retrain.json").write_text("{")
    assert retrain.last(tmp_path) is None
