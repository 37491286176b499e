"""The engine on this machine: llama.cpp with verified weights, a shared lane for everyone and a replay lane on demand."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import cast

from mingbai.engine.child import ChildPlan
from mingbai.engine.constrain import loosened, usable
from mingbai.engine.converse import converse
from mingbai.engine.lane import Lane, interrupted
from mingbai.engine.prefixes import PrefixStore
from mingbai.engine.stats import Stats
from mingbai.engine.supervisor import State, Supervisor
from mingbai.models.template import Prompt, Template
from mingbai.models.tokens import Tokeniser
from mingbai.values.chat import Ask, Event, Finished, Tool
from mingbai.values.errors import ContextExceeded, EngineInterrupted, Text
from mingbai.values.json import JsonObject
from mingbai.values.settings import EngineSettings

LONG_TEXT = 20_000  # characters above which tokenising leaves the event loop


class LocalEngine:
    """`start` before the first ask, `stop` at the end. Weights must have been verified by the caller."""

    place = "local"

    def __init__(
        self, weights: Path, settings: EngineSettings, *, native: str = "", run_dir: Path | None = None
    ) -> None:
        self._weights = weights
        self._settings = settings
        self._native = native
        self._dir = Path(tempfile.mkdtemp(prefix="engine-", dir=run_dir))
        self.stats = Stats()
        self._template: asyncio.Task[Template] | None = None
        self.shared = self._lane("shared", slots=settings.slots, exact=False)
        self._replay: Lane | None = None
        self._replay_end: asyncio.TimerHandle | None = None
        self._replay_asks = 0
        self._stopping: set[asyncio.Task[None]] = set()

    @property
    def weights(self) -> Path:
        return self._weights

    @property
    def attempts(self) -> int:
        return self._settings.retries + 1

    @property
    def state(self) -> State:
        return self.shared.supervisor.state

    def start(self) -> None:
        """Begin to load; returns at once."""
        self._template = asyncio.create_task(asyncio.to_thread(self._load_template))
        self.shared.supervisor.start()

    async def ready(self, *, seconds: float) -> None:
        """Returns when the first ask would be answered at once. Raises `EngineUnavailable`."""
        await self.shared.supervisor.running(seconds=seconds)
        await self._loaded()

    async def stop(self) -> None:
        """End the children and delete saved states."""
        await self.shared.supervisor.stop()
        if self._replay is not None:
            await self._replay.supervisor.stop()
        await asyncio.gather(*self._stopping)
        if self._template is not None:
            await asyncio.gather(self._template, return_exceptions=True)
        await asyncio.to_thread(shutil.rmtree, self._dir, ignore_errors=True)

    async def generate(self, ask: Ask) -> AsyncGenerator[Event, None]:
        """See `Engine.generate`. An answer of which nothing was released yet survives the death of the child."""
        deadline = time.monotonic() + ask.deadline_seconds
        ask = _constrainable(ask)
        prompt, template = await self._rendered(ask)
        room = self._settings.context_per_slot - len(prompt.tokens)
        if room < 1:
            raise _too_long(len(prompt.tokens), self._settings.context_per_slot)
        if ask.sampling.max_tokens is not None:
            room = min(room, ask.sampling.max_tokens)
        lane = self.shared if ask.lane == "shared" else self._replay_lane()
        attempt = 1
        try:
            while True:
                released = False
                try:
                    async with (
                        lane.lease(ask.key, prompt, deadline) as lease,
                        aclosing(converse(ask, prompt, lease, template, room)) as events,
                    ):
                        async for event in events:
                            released = True
                            if isinstance(event, Finished):
                                event = replace(event, place=self.place, attempts=attempt)
                            yield event
                    return
                except EngineInterrupted as e:
                    if released or attempt == self.attempts:
                        raise interrupted(released=released) from e
                    attempt += 1
                    self.stats.retries += 1
        finally:
            if lane is not self.shared:
                self._replay_done()

    async def count_tokens(self, text: str) -> int:
        return len((await self._loaded()).tokeniser.encode(text))

    def _load_template(self) -> Template:
        return Template(Tokeniser.of(self._weights))

    async def _loaded(self) -> Template:
        assert self._template is not None, "start() comes first"
        return await asyncio.shield(self._template)

    async def _rendered(self, ask: Ask) -> tuple[Prompt, Template]:
        template = await self._loaded()
        # With `none` the tools are not shown: these weights write a call as soon as they see one described.
        tools = ask.tools if ask.tool_choice.mode != "none" else ()
        size = sum(len(m.content) for m in ask.messages)
        if size > LONG_TEXT:
            return await asyncio.to_thread(template.render, ask.messages, tools), template
        return template.render(ask.messages, tools), template

    def _lane(self, name: str, *, slots: int, exact: bool) -> Lane:
        s = self._settings
        folder = self._dir / name
        folder.mkdir(mode=0o700)
        plan = ChildPlan(
            weights=str(self._weights), port=0, secret="", parent_pid=0, native=self._native,
            threads=s.threads or os.cpu_count() or 1, slots=slots, context_per_slot=s.context_per_slot,
            batch=s.batch, kv_type=s.kv_type, flash_attention=s.flash_attention == "on", save_dir=str(folder),
        )  # fmt: skip
        supervisor = Supervisor(
            plan,
            start_timeout_seconds=s.start_timeout_seconds,
            environment=child_environment(s.spin_count),
            on_replaced=self._count_replacement,
        )
        prefixes = PrefixStore(folder, s.prefix_cache_mib * 1024 * 1024)
        return Lane(
            supervisor, prefixes, slots=slots, queue_bound=s.queue_bound,
            prefix_min_tokens=s.prefix_min_tokens, exact=exact, stats=self.stats,
        )  # fmt: skip

    def _count_replacement(self) -> None:
        self.stats.replacements += 1

    def _replay_lane(self) -> Lane:
        """The replay lane, started when first asked for; it costs a second copy of the repacked weights."""
        if self._replay_end is not None:
            self._replay_end.cancel()
            self._replay_end = None
        if self._replay is None:
            self._replay = self._lane(f"replay-{time.monotonic_ns()}", slots=1, exact=True)
            self._replay.supervisor.start()
        self._replay_asks += 1
        return self._replay

    def _replay_done(self) -> None:
        self._replay_asks -= 1
        if self._replay_asks == 0:
            loop = asyncio.get_running_loop()
            self._replay_end = loop.call_later(self._settings.replay_idle_seconds, self._end_replay)

    def _end_replay(self) -> None:
        lane, self._replay = self._replay, None
        if lane is not None:
            task = asyncio.create_task(lane.supervisor.stop())
            self._stopping.add(task)
            task.add_done_callback(self._stopping.discard)


def _constrainable(ask: Ask) -> Ask:
    """The ask with schemas that the engine will really hold to. Raises `BadInput`."""
    schema = None if ask.schema is None else usable(ask.schema, "response_format")
    tools = tuple(replace(tool, parameters=usable(_as_promised(tool), "tools")) for tool in ask.tools)
    return replace(ask, schema=schema, tools=tools)


def _as_promised(tool: Tool) -> JsonObject:
    return tool.parameters if tool.strict else cast(JsonObject, loosened(tool.parameters))


def child_environment(spin_count: int) -> dict[str, str]:
    """How OpenMP's threads wait for each other (libgomp), and huge pages for the weights (glibc; 3 % of decode)."""
    spin = {"GOMP_SPINCOUNT": str(spin_count)} if spin_count else {"OMP_WAIT_POLICY": "passive"}
    return {**spin, "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


def _too_long(tokens: int, context: int) -> ContextExceeded:
    return ContextExceeded(
        Text(
            f"消息有 {tokens} 个 token，超过了上下文的 {context} 个。",
            f"The messages have {tokens} tokens, more than the context's {context}.",
        ),
        Text(
            "请缩短消息，或在 mingbai.toml 里加大 engine.context_per_slot。",
            "Shorten the messages, or raise engine.context_per_slot in mingbai.toml.",
        ),
        param="messages",
    )
