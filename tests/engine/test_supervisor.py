"""A child is started, watched, replaced and ended; none is left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import stand_in
from stand_in import PLAN

from mingbai.engine.supervisor import TAIL_LINES, State, Supervisor
from mingbai.values.errors import EngineUnavailable
from standing import until

SERVICE = f"""
import asyncio, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from stand_in import PLAN
from mingbai.engine.supervisor import Supervisor

async def main():
    supervisor = Supervisor(PLAN, start_timeout_seconds=10, command=(sys.executable, {stand_in.__file__!r}, "ready"))
    supervisor.start()
    print((await supervisor.running(seconds=10)).pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def lives(pid: int) -> bool:
    """True while the process runs; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


Supervising = Callable[..., Supervisor]


@pytest.fixture
async def supervising() -> AsyncIterator[Supervising]:
    """Starts a supervisor of a stand-in; ends it after the test."""
    made: list[Supervisor] = []

    def starting(*how: str, seconds: float = 10, **more: object) -> Supervisor:
        command = (sys.executable, stand_in.__file__, *how)
        made.append(Supervisor(PLAN, start_timeout_seconds=seconds, command=command, **more))
        made[-1].start()
        return made[-1]

    yield starting
    for supervisor in made:
        await supervisor.stop()


async def test_ready_serving_and_stopped(supervising):
    supervisor = supervising("ready", environment={"OMP_WAIT_POLICY": "passive"})
    assert supervisor.state is State.STARTING
    running = await supervisor.running(seconds=10)
    assert (supervisor.state, running.life, supervisor.pid) == (State.READY, 1, running.pid)
    assert lives(running.pid)
    supervisor.in_flight += 1
    assert supervisor.state is State.SERVING
    assert supervisor.last_lines == ["waiting policy passive"]
    await supervisor.stop()
    assert supervisor.state is State.DRAINING
    assert not lives(running.pid)
    with pytest.raises(EngineUnavailable):
        await supervisor.running(seconds=1)


async def test_a_killed_child_is_replaced(supervising):
    replaced: list[int] = []
    supervisor = supervising("ready", on_replaced=lambda: replaced.append(1))
    first = await supervisor.running(seconds=10)
    os.kill(first.pid, signal.SIGKILL)
    await asyncio.wait_for(supervisor.gone(first.life), 5)
    second = await supervisor.running(seconds=10)
    assert (first.life, second.life) == (1, 2)
    assert second.pid != first.pid
    assert lives(second.pid)
    assert not lives(first.pid)
    assert replaced == [1]
    assert await second.wire.get("/health", seconds=1) == 200


async def test_a_first_start_that_fails_is_not_tried_again(supervising):
    supervisor = supervising("fails")
    with pytest.raises(EngineUnavailable) as failed:
        await supervisor.running(seconds=10)
    assert supervisor.state is State.FAILED
    assert supervisor.last_lines == ["cannot load qwen.gguf 无法读取"]
    assert "mingbai doctor" in failed.value.mend.zh
    assert "qwen.gguf" not in str(failed.value), "what the child prints is for the operator"


async def test_a_replacement_that_fails_twice_is_given_up(supervising, tmp_path):
    supervisor = supervising("once", str(tmp_path / "marker"))
    first = await supervisor.running(seconds=10)
    os.kill(first.pid, signal.SIGKILL)
    await asyncio.wait_for(supervisor.gone(first.life), 5)
    with pytest.raises(EngineUnavailable):
        await supervisor.running(seconds=10)
    assert supervisor.state is State.FAILED
    assert [line for line in supervisor.last_lines if "cannot load" in line] == [
        "cannot load qwen.gguf 无法读取"
    ] * 2


async def test_a_child_that_never_answers_is_ended(supervising):
    supervisor = supervising("silent", seconds=0.5)
    with pytest.raises(EngineUnavailable):
        await supervisor.running(seconds=10)
    assert supervisor.state is State.FAILED
    assert "not ready after" in supervisor.last_lines[-1]
    assert supervisor._process is not None
    assert not lives(supervisor._process.pid)


async def test_waiting_for_a_start_has_an_end(supervising):
    supervisor = supervising("silent")
    with pytest.raises(EngineUnavailable):
        await supervisor.running(seconds=0.05)
    assert supervisor.state is State.STARTING


async def test_stopped_while_starting(supervising):
    supervisor = supervising("silent")
    await until(lambda: supervisor._process is not None)
    assert supervisor._process is not None
    waiting = asyncio.create_task(supervisor.running(seconds=10))
    await asyncio.sleep(0)
    await supervisor.stop()
    assert not lives(supervisor._process.pid)
    with pytest.raises(EngineUnavailable):
        await waiting


async def test_only_a_tail_of_what_it_prints_is_kept(supervising):
    supervisor = supervising("chatty")
    await supervisor.running(seconds=10)
    lines = supervisor.last_lines
    assert len(lines) == TAIL_LINES
    assert lines[-2] == "line 99"
    assert max(map(len, lines)) < 100


async def test_a_killed_service_leaves_no_orphan():
    service = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVICE, stdout=asyncio.subprocess.PIPE
    )
    assert service.stdout is not None
    child = int(await asyncio.wait_for(service.stdout.readline(), 10))
    assert lives(child)
    service.kill()
    await service.wait()
    await until(lambda: not lives(child), seconds=2)
