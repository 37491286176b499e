"""The two servers that a bench compares: a bare llama.cpp child with the same plan, and the whole service in its own process."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from mingbai.engine.child import ChildPlan
from mingbai.engine.lanes import child_environment
from mingbai.engine.loopback import LoopbackTransport, free_port
from mingbai.engine.supervisor import Supervisor
from mingbai.engine.wire import Wire
from mingbai.values.json import JsonObject
from mingbai.values.settings import EngineSettings


@dataclass(frozen=True, slots=True)
class Chat:
    """One streamed chat as a caller saw it. Times in seconds from sending; tokens as the server counted them."""

    first: float
    total: float
    tokens: int
    text: str


@dataclass(frozen=True, slots=True)
class Rival:
    """A server under test: where chats are sent, and the names it needs."""

    name: str
    wire: Wire
    path: str
    extra: Mapping[str, object]

    async def chat(self, system: str, user: str, *, max_tokens: int) -> Chat:
        messages = [{"role": "system", "content": system}] if system else []
        body = {
            "messages": [*messages, {"role": "user", "content": user}],
            "max_tokens": max_tokens,
            "temperature": 0,
            "stream": True,
            "stream_options": {"include_usage": True},
            **self.extra,
        }
        started = time.perf_counter()
        first, tokens, text = 0.0, 0, ""
        async with aclosing(self.wire.stream(self.path, body, seconds=600)) as events:
            async for event in events:
                piece = _content(event)
                if piece and not first:
                    first = time.perf_counter() - started
                text += piece
                usage = event.get("usage")
                if isinstance(usage, Mapping):
                    tokens = cast(int, usage["completion_tokens"])
        return Chat(first, time.perf_counter() - started, tokens, text)


def _content(event: JsonObject) -> str:
    for choice in cast(list[JsonObject], event.get("choices") or []):
        content = cast(JsonObject, choice.get("delta") or {}).get("content")
        if isinstance(content, str):
            return content
    return ""


@asynccontextmanager
async def bare(weights: Path, settings: EngineSettings, native: str, save_dir: Path) -> AsyncIterator[Rival]:
    """llama.cpp's own server with the settings the service gives its child, asked through its own chat route."""
    plan = ChildPlan(
        weights=str(weights), port=0, secret="", parent_pid=0, native=native,
        threads=settings.threads or os.cpu_count() or 1, slots=settings.slots,
        context_per_slot=settings.context_per_slot, batch=settings.batch, kv_type=settings.kv_type,
        flash_attention=settings.flash_attention == "on", save_dir=str(save_dir),
    )  # fmt: skip
    supervisor = Supervisor(
        plan,
        start_timeout_seconds=settings.start_timeout_seconds,
        environment=child_environment(settings.spin_count),
    )
    supervisor.start()
    try:
        running = await supervisor.running(seconds=settings.start_timeout_seconds)
        yield Rival("bare", running.wire, "/v1/chat/completions", {"model": "any"})
    finally:
        await supervisor.stop()


@dataclass(slots=True)
class ServiceProcess:
    """The service as a merchant runs it: `mingbai run` in a process of its own."""

    process: asyncio.subprocess.Process
    port: int
    key: str


@asynccontextmanager
async def service(
    home: Path, model: str, build: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[ServiceProcess]:
    """Start it in `home`, wait until it is ready, and stop it at the end."""
    port = free_port()
    env = {**os.environ, "MINGBAI_HOME": str(home), "MINGBAI_ENGINE_BUILD": build, **(environment or {})}
    made = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "mingbai.cli", "keys", "create", "--scope", "owner", "--json",
        env=env, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    key = json.loads((await made.communicate())[0])["key"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "mingbai.cli", "run", "--port", str(port), "--model", model,
        env=env, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    wire = Wire(f"http://127.0.0.1:{port}", transport=LoopbackTransport())
    try:
        while await wire.get("/readyz", seconds=5) != 200:
            if process.returncode is not None:
                raise RuntimeError(f"mingbai run left with {process.returncode}")
            await asyncio.sleep(0.1)
        yield ServiceProcess(process, port, key)
    finally:
        await wire.close()
        if process.returncode is None:
            process.terminate()
            await process.wait()


@asynccontextmanager
async def ours(home: Path, model: str, build: str) -> AsyncIterator[Rival]:
    async with service(home, model, build) as running:
        wire = Wire(f"http://127.0.0.1:{running.port}", running.key, transport=LoopbackTransport())
        try:
            yield Rival("mingbai", wire, "/v1/chat/completions", {"model": model})
        finally:
            await wire.close()
