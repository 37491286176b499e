"""`mingbai prove crash`: kill -9 of the engine child under load, many times; then of the service itself.

Every caller must get a whole answer or one clear error, none may hang, and the service must be ready again soon.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from mingbai.prove.rivals import ServiceProcess, service
from mingbai.values.json import JsonObject

CALLERS = 6
HANG_SECONDS = 60.0
SLOWEST = 3  # kills whose parts are shown


@dataclass(frozen=True, slots=True)
class Kill:
    """Seconds from a kill until another child was there and until /readyz said ready, and what that child computed till then.

    Its seconds in the kernel are memory being handed out. On a virtual machine whose host takes freed memory back they vary
    tenfold, and a slow kill is one where they were many (docs/decisions.md).
    """

    spawned: float
    ready: float
    user: float
    kernel: float

    def line(self) -> str:
        return (
            f"  {self.ready:.2f} s: another child after {self.spawned:.2f} s; "
            f"until ready it computed {self.user:.2f} s and was {self.kernel:.2f} s in the kernel"
        )


@dataclass(slots=True)
class Crash:
    """What followed each kill, and how each chat ended for its caller."""

    kills: list[Kill] = field(default_factory=list)
    endings: Counter[str] = field(default_factory=Counter)
    retried: int = 0
    orphan_gone_seconds: float = -1.0

    def as_json(self) -> JsonObject:
        ready = sorted(kill.ready for kill in self.kills)
        return {
            "kills": len(ready),
            "ready_seconds_median": round(statistics.median(ready), 3),
            "ready_seconds_slowest": round(ready[-1], 3),
            "chats": self.endings.total(),
            "endings": dict(self.endings),
            "retried": self.retried,
            "orphan_gone_seconds": round(self.orphan_gone_seconds, 3),
        }

    def lines(self) -> list[str]:
        slowest = sorted(self.kills, key=lambda kill: -kill.ready)
        median = statistics.median(kill.ready for kill in self.kills)
        good = self.endings["whole"] + self.endings["error"]
        return [
            f"kills {len(slowest)}: ready again after median {median:.2f} s, slowest {slowest[0].ready:.2f} s (goal 3)",
            *(kill.line() for kill in slowest[:SLOWEST]),
            f"chats {self.endings.total()}: {dict(self.endings)}; whole or one clear error {good} of {self.endings.total()}",
            f"answers that were asked for again unseen by the caller: {self.retried}",
            f"kill -9 of the service: its child was gone after {self.orphan_gone_seconds:.2f} s",
        ]


def children(pid: int) -> list[int]:
    """Process ids of the direct children (Linux)."""
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid: int) -> bool:
    """True while the process runs; one that only waits to be reaped does not."""
    try:
        return _stat(pid)[0] != "Z"
    except FileNotFoundError:
        return False


def computed(pid: int) -> tuple[float, float]:
    """Seconds that the process computed so far, in its own code and in the kernel (Linux)."""
    of, ticks = _stat(pid), os.sysconf("SC_CLK_TCK")
    return int(of[11]) / ticks, int(of[12]) / ticks


def _stat(pid: int) -> list[str]:
    """From the state on; the name before it may hold spaces and brackets."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


async def crash(home: Path, model: str, build: str, kills: int) -> Crash:
    """About two seconds a kill on the 0.5B. Linux only."""
    seen = Crash()
    async with service(home, model, build) as running:
        over = asyncio.Event()
        callers = [asyncio.create_task(_call(running, n, seen, over, model)) for n in range(CALLERS)]
        draw = random.Random(9)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{running.port}") as client:
            for _ in range(kills):
                await asyncio.sleep(draw.uniform(0.1, 1.5))
                seen.kills.append(await _killed(client, running.process.pid))
        over.set()
        await asyncio.gather(*callers)
        (child,) = children(running.process.pid)
        running.process.kill()
        killed = time.monotonic()
        while alive(child) and time.monotonic() - killed < 30:
            await asyncio.sleep(0.01)
        seen.orphan_gone_seconds = time.monotonic() - killed
    return seen


async def _killed(client: httpx.AsyncClient, service_pid: int) -> Kill:
    """Kill the child and wait for the next. Until there is another, /readyz may still speak of the dead one."""
    (child,) = children(service_pid)
    os.kill(child, signal.SIGKILL)
    killed = time.monotonic()
    while set(children(service_pid)) <= {child}:
        await asyncio.sleep(0.02)
    spawned = time.monotonic() - killed
    while (await client.get("/readyz", timeout=10)).status_code != 200:
        await asyncio.sleep(0.02)
    ready = time.monotonic() - killed
    (up,) = children(service_pid)
    return Kill(spawned, ready, *computed(up))


async def _call(running: ServiceProcess, n: int, seen: Crash, over: asyncio.Event, model: str) -> None:
    headers = {"Authorization": f"Bearer {running.key}"}
    draw = random.Random(n)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{running.port}/v1", headers=headers) as client:
        while not over.is_set():
            body: dict[str, object] = {
                "model": model,
                "messages": [{"role": "user", "content": f"请介绍第{draw.randrange(999)}号茶壶"}],
                "max_tokens": draw.choice((8, 24, 64)),
                "stream": draw.random() < 0.5,
            }
            try:
                async with asyncio.timeout(HANG_SECONDS):
                    ending = await (_streamed if body["stream"] else _whole)(client, body, seen)
            except TimeoutError:
                ending = "hang"
            except httpx.TransportError:
                ending = "broken"
            seen.endings[ending] += 1


async def _whole(client: httpx.AsyncClient, body: dict[str, object], seen: Crash) -> str:
    reply = (await client.post("/chat/completions", json=body, timeout=HANG_SECONDS)).json()
    if "error" in reply:
        return "error" if reply["error"]["zh"] and reply["error"]["en"] else "unclear"
    seen.retried += reply["mingbai"]["attempts"] > 1
    return "whole" if reply["choices"][0]["finish_reason"] in ("stop", "length") else "unclear"


async def _streamed(client: httpx.AsyncClient, body: dict[str, object], seen: Crash) -> str:
    finished = done = errors = 0
    async with client.stream("POST", "/chat/completions", json=body, timeout=HANG_SECONDS) as reply:
        if reply.status_code != 200:
            return "error" if "zh" in json.loads(await reply.aread())["error"] else "unclear"
        async for line in reply.aiter_lines():
            if line == "data: [DONE]":
                done += 1
            elif line.startswith("data: "):
                event = json.loads(line[6:])
                errors += "error" in event
                finished += any(c["finish_reason"] for c in event.get("choices", []))
                seen.retried += event.get("mingbai", {}).get("attempts", 1) > 1
    if errors:
        return "error" if (errors, finished, done) == (1, 0, 0) else "unclear"
    return "whole" if (finished, done) == (1, 1) else "unclear"
