"""Once a day the service has trained anew what withdrawals took out: by a child that gives way, that is started again, and that is told of."""

from __future__ import annotations

import asyncio
import json
import os
import sys
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


def test_a_child_that_goes_gently_is_the_last_to_be_served():
    script = "from mingbai.cli.retrain import gently; gently(); import os; print(os.nice(0), os.sched_getscheduler(0) == os.SCHED_IDLE)"
    import subprocess

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
