"""An engine that counts what another reads and writes."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from mingbai.engine.protocol import Engine
from mingbai.values.chat import Ask, Event, Finished


@dataclass(slots=True)
class Counting:
    inner: Engine
    asks: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    written_tokens: int = 0

    @property
    def place(self) -> str:
        return self.inner.place

    @property
    def attempts(self) -> int:
        return self.inner.attempts

    async def generate(self, ask: Ask) -> AsyncGenerator[Event, None]:
        self.asks += 1
        async with aclosing(self.inner.generate(ask)) as events:
            async for event in events:
                if isinstance(event, Finished):
                    self.prompt_tokens += event.usage.prompt_tokens
                    self.cached_tokens += event.usage.cached_tokens
                    self.written_tokens += event.usage.completion_tokens
                yield event
