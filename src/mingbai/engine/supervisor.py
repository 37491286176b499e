"""Keeps one engine child alive: starting → ready ⇄ serving → draining, or failed.

A child that does not come up is not tried again for ever: it will fail the same way, so its last lines are kept
for `mingbai doctor` and the log of the operator. A child that dies after it was ready is replaced at once. What the
child prints stays in memory, a bounded tail of it.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from mingbai.engine.child import ChildPlan
from mingbai.engine.loopback import LoopbackTransport, free_port
from mingbai.engine.wire import Wire
from mingbai.values.errors import EngineUnavailable, Text

POLL_SECONDS = 0.02
TAIL_LINES = 40
FAILED_STARTS = 2  # of a replacement, in a row; a first start gets one try


class State(StrEnum):
    STARTING = "starting"
    READY = "ready"
    SERVING = "serving"
    DRAINING = "draining"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Running:
    """A child that answered /health. `life` counts children: after a replacement it is another number."""

    wire: Wire
    life: int
    pid: int


class Supervisor:
    """One child's life. `start` once, `running` before each use, `stop` at the end."""

    def __init__(
        self,
        plan: ChildPlan,
        *,
        start_timeout_seconds: float,
        environment: dict[str, str] | None = None,
        command: tuple[str, ...] = (sys.executable, "-m", "mingbai.engine.child"),
        on_replaced: Callable[[], None] = lambda: None,
    ) -> None:
        self._plan = plan
        self._start_timeout = start_timeout_seconds
        self._environment = environment or {}
        self._command = command
        self._on_replaced = on_replaced
        self._running: Running | None = None
        self._changed = asyncio.Condition()
        self._watch: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._draining = False
        self._failed = False
        self.in_flight = 0
        self.lives = 0

    @property
    def state(self) -> State:
        if self._failed:
            return State.FAILED
        if self._draining:
            return State.DRAINING
        if self._running is None:
            return State.STARTING
        return State.SERVING if self.in_flight else State.READY

    @property
    def last_lines(self) -> list[str]:
        """What the child printed last; for the operator, never for a caller."""
        return list(self._tail)

    @property
    def pid(self) -> int | None:
        return self._running.pid if self._running else None

    def start(self) -> None:
        """Begin; returns at once. `running` waits for the child to be ready."""
        self._watch = asyncio.create_task(self._keep_alive(), name="engine-supervisor")

    async def running(self, *, seconds: float) -> Running:
        """The child that is up now, waiting for one if need be. Raises `EngineUnavailable`."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(
                    lambda: self._running is not None or self._failed or self._draining
                )
        except TimeoutError as e:
            raise _not_ready() from e
        if self._running is None or self._draining:
            raise _failed(self._plan.native) if self._failed else _not_ready()
        return self._running

    async def gone(self, life: int) -> None:
        """Returns once the child of that life is known to have ended; for telling a death from a broken wire."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._running is None or self._running.life != life)

    async def stop(self) -> None:
        """End the child and wait until it is gone."""
        async with self._changed:
            self._draining = True
            self._changed.notify_all()
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        await self._end_process()

    async def _keep_alive(self) -> None:
        """Bring children up one after the other; however this ends, nobody waits for a child that will not come."""
        try:
            await self._one_after_another()
        finally:
            await self._announce(None, failed=not self._draining)

    async def _one_after_another(self) -> None:
        failures = 0
        while True:
            up = await self._bring_up()
            if up is None:
                failures += 1
                if self.lives == 0 or failures >= FAILED_STARTS:
                    return
                continue
            failures = 0
            self.lives += 1
            if self.lives > 1:
                self._on_replaced()
            await self._announce(up)
            assert self._process is not None
            await self._process.wait()
            await self._announce(None)
            await up.wire.close()

    async def _announce(self, running: Running | None, *, failed: bool = False) -> None:
        async with self._changed:
            self._running = running
            self._failed = failed
            self._changed.notify_all()

    async def _bring_up(self) -> Running | None:
        """Spawn and wait for health; None if it left or took too long."""
        plan = replace(self._plan, port=free_port(), secret=secrets.token_urlsafe(32), parent_pid=os.getpid())
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, **self._environment},
        )
        self._process = process
        assert process.stdin is not None
        assert process.stdout is not None
        reader = asyncio.create_task(self._keep_tail(process.stdout))
        try:
            process.stdin.write(plan.line())
            await process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            pass  # it left at once; the wait below says so
        wire = Wire(f"http://127.0.0.1:{plan.port}", plan.secret, transport=LoopbackTransport())
        try:
            async with asyncio.timeout(self._start_timeout):
                while process.returncode is None:
                    if await wire.get("/health", seconds=5) == 200:
                        return Running(wire, self.lives + 1, process.pid)
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            self._tail.append(f"not ready after {self._start_timeout:.0f} s")
        await wire.close()
        await self._end_process()
        await reader
        return None

    async def _keep_tail(self, stream: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await stream.readline()
            except ValueError:
                continue  # a line over the reader's limit: dropped
            if not line:
                return
            self._tail.append(line.decode(errors="replace").rstrip())

    async def _end_process(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.kill()  # nothing of value lives in the child; our own store has what is kept
        await process.wait()


def _not_ready() -> EngineUnavailable:
    return EngineUnavailable(
        Text("模型还没有准备好。", "The model is not ready yet."),
        Text("请几秒后再试；/readyz 会显示状态。", "Try again in a few seconds; /readyz shows its state."),
    )


def _failed(native: str) -> EngineUnavailable:
    hint = "engine.build" if native else "mingbai doctor"
    return EngineUnavailable(
        Text("模型没能启动。", "The model could not be started."),
        Text(f"请运行 mingbai doctor 看原因（{hint}）。", f"Run mingbai doctor for the reason ({hint})."),
    )
