"""What every engine can do. Implemented by `LocalEngine`, `PlaceEngine` and `RehearsalEngine`; one contract suite runs over all."""

from __future__ import annotations

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
    Piece,
    TokenLogprob,
    ToolCall,
)
from mingbai.values.errors import EngineInterrupted, Text


class Engine(Protocol):
    """Answers asks. `place` names where the words come from."""

    @property
    def place(self) -> str: ...

    def generate(self, ask: Ask) -> AsyncGenerator[Event, None]:
        """The answer's events in order; exactly one `Finished`, last.

        Raises `BadInput` (nothing will help but another ask), `Busy`, or an `EngineError`. Closing the generator
        cancels the work at the place.
        """
        ...


async def collect(engine: Engine, ask: Ask, *, attempts: int = 3) -> Answer:
    """The whole answer. As nothing was shown yet, an interrupted answer is asked for again, `attempts` times in all."""
    for attempt in range(1, attempts + 1):
        try:
            answer = await _fold(engine, ask)
        except EngineInterrupted:
            if attempt == attempts:
                raise
            continue
        spent = answer.finished.attempts + attempt - 1
        return replace(answer, finished=replace(answer.finished, attempts=spent))
    raise AssertionError("attempts is at least 1")


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
    if finished is None:
        raise EngineInterrupted(
            Text("回答没有结束。", "The answer did not end."),
            Text("请再试一次。", "Please try again."),
            released=False,
        )
    return Answer("".join(text), tuple(calls.values()), tuple(logprobs), finished)
