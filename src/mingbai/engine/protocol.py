"""What every engine can do. Implemented by `LocalEngine`, `PlaceEngine` and `RehearsalEngine`; one contract suite runs over all."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Protocol

from mingbai.values.chat import (
    Answer,
    Ask,
    CallArguments,
    CallStarted,
    Event,
    Finished,
    Masked,
    Piece,
    TokenLogprob,
    ToolCall,
)
from mingbai.values.errors import EngineInterrupted, Text


class Engine(Protocol):
    """Answers asks. `place` names where the words come from; `attempts` is how often in all it may be asked for one
    answer that breaks off: 1 where asking costs money."""

    @property
    def place(self) -> str: ...

    @property
    def attempts(self) -> int: ...

    def generate(self, ask: Ask) -> AsyncGenerator[Event, None]:
        """The answer's events in order; exactly one `Finished`, last. `Masked`, if it comes, is the first.

        Raises `BadInput` (nothing will help but another ask), `Busy`, or an `EngineError`. Closing the generator
        cancels the work at the place.
        """
        ...


async def collect(engine: Engine, ask: Ask) -> Answer:
    """The whole answer. What an interrupted one released was not shown yet, so it is asked for again in the time left.

    One that broke off before it released anything is not: the engine itself has tried again.
    """
    end = time.monotonic() + ask.deadline_seconds
    attempt = 1
    while True:
        try:
            answer = await _fold(engine, ask)
        except EngineInterrupted as e:
            if not e.released or attempt == engine.attempts:
                raise
            attempt += 1
            ask = replace(ask, deadline_seconds=end - time.monotonic())
            continue
        spent = answer.finished.attempts + attempt - 1
        return replace(answer, finished=replace(answer.finished, attempts=spent))


async def _fold(engine: Engine, ask: Ask) -> Answer:
    text: list[str] = []
    logprobs: list[TokenLogprob] = []
    calls: dict[int, ToolCall] = {}
    finished: Finished | None = None
    async with aclosing(engine.generate(ask)) as events:
        async for event in events:
            match event:
                case Piece():
                    text.append(event.text)
                    logprobs += event.logprobs
                case CallStarted(index, call_id, name):
                    calls[index] = ToolCall(call_id, name, "")
                case CallArguments(index, more):
                    calls[index] = replace(calls[index], arguments=calls[index].arguments + more)
                case Finished():
                    finished = event
                case Masked():
                    pass  # `Finished.extra` says it again
    if finished is None:
        raise EngineInterrupted(
            Text("回答没有结束。", "The answer did not end."),
            Text("请再试一次。", "Please try again."),
            released=False,
        )
    return Answer("".join(text), tuple(calls.values()), tuple(logprobs), finished)
