"""The engine on this machine: llama.cpp with verified weights, a shared lane for everyone and a replay lane on demand."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

from mingbai.engine.constrain import loosened, usable
from mingbai.engine.converse import converse
from mingbai.engine.lane import Lane, interrupted
from mingbai.engine.lanes import Lanes, Serving
from mingbai.engine.stats import Stats
from mingbai.engine.supervisor import State
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
        self,
        weights: Path,
        settings: EngineSettings,
        *,
        native: str = "",
        run_dir: Path | None = None,
        serving: Serving | None = None,
    ) -> None:
        """`serving` reads which adapters serve over these weights; it is called four times a second, off the event loop."""
        self._weights = weights
        self._settings = settings
        self._dir = Path(tempfile.mkdtemp(prefix="engine-", dir=run_dir))
        self.stats = Stats()
        self._template: asyncio.Task[Template] | None = None
        self._lanes = Lanes(
            weights, settings, native=native, folder=self._dir, stats=self.stats, serving=serving
        )

    @property
    def shared(self) -> Lane:
        """The lane that new asks go to; another one after other adapters were loaded."""
        return self._lanes.shared

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
        self._lanes.start()

    async def ready(self, *, seconds: float) -> None:
        """Returns when the first ask would be answered at once, by the adapters that serve. Raises `EngineUnavailable`."""
        await self._lanes.ready(seconds=seconds)
        await self._loaded()

    async def stop(self) -> None:
        """End the children and delete saved states."""
        await self._lanes.stop()
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
        replay = self._lanes.replay() if ask.lane == "replay" else None
        attempt = 1
        try:
            while True:
                released = False
                lane = replay.lane if replay is not None else self.shared
                wanted = partial(self._lanes.digest, ask.adapter, lane)
                try:
                    async with (
                        lane.lease(ask.key, prompt, deadline, wanted) as lease,
                        aclosing(converse(ask, prompt, lease, template, room)) as events,
                    ):
                        async for event in events:
                            released = True
                            if isinstance(event, Finished):
                                event = replace(
                                    event, place=self.place, attempts=attempt, adapter=lease.adapter
                                )
                            yield event
                    return
                except EngineInterrupted as e:
                    if released or attempt == self.attempts:
                        raise interrupted(released=released) from e
                    attempt += 1
                    self.stats.retries += 1
        finally:
            if replay is not None:
                self._lanes.replayed(replay)

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


def _constrainable(ask: Ask) -> Ask:
    """The ask with schemas that the engine will really hold to. Raises `BadInput`."""
    schema = None if ask.schema is None else usable(ask.schema, "response_format")
    tools = tuple(replace(tool, parameters=usable(_as_promised(tool), "tools")) for tool in ask.tools)
    return replace(ask, schema=schema, tools=tools)


def _as_promised(tool: Tool) -> JsonObject:
    return tool.parameters if tool.strict else cast(JsonObject, loosened(tool.parameters))


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
