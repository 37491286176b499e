"""A chunk of /chat/completions as a place streams it: parsed once, then read as events.

Lenient in what a place sends beyond our use, strict in what we use.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mingbai.engine.wire import refused
from mingbai.values.chat import (
    Alternative,
    CallArguments,
    CallStarted,
    Event,
    FinishReason,
    Piece,
    TokenLogprob,
    Usage,
)
from mingbai.values.json import JsonObject

Count = Annotated[int, Field(ge=0)]


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, allow_inf_nan=False, hide_input_in_errors=True)


class Function(Shape):
    name: str | None = None
    arguments: str | None = None


class Call(Shape):
    index: Count = 0
    id: str | None = None
    function: Function | None = None


class Delta(Shape):
    content: str | None = None
    tool_calls: list[Call] | None = None


class Shown(Shape):
    """A token and its probability; `bytes` are missing where a place does not send them."""

    token: str
    logprob: float
    raw: list[Annotated[int, Field(ge=0, le=255)]] | None = Field(None, alias="bytes")


class ShownToken(Shown):
    top_logprobs: list[Shown] | None = None


class Logprobs(Shape):
    content: list[ShownToken] | None = None


class Choice(Shape):
    delta: Delta | None = None
    logprobs: Logprobs | None = None
    finish_reason: str | None = None


class Details(Shape):
    cached_tokens: Count | None = None


class Tokens(Shape):
    prompt_tokens: Count | None = None
    completion_tokens: Count | None = None
    prompt_tokens_details: Details | None = None


class Chunk(Shape):
    choices: list[Choice] | None = None
    usage: Tokens | None = None

    @classmethod
    def of(cls, raw: JsonObject) -> Chunk:
        """Raises `PlaceFailed` where the shape is another."""
        try:
            return cls.model_validate(raw)
        except ValidationError as e:
            raise refused(200) from e


def reason_of(choice: Choice) -> FinishReason | None:
    match choice.finish_reason:
        case None:
            return None
        case "length":
            return "length"
        case "tool_calls" | "function_call":
            return "tool_calls"
        case _:
            return "stop"


def events_of(choice: Choice, started: set[int]) -> list[Event]:
    """The choice's events; `started` holds the calls begun so far, and is added to."""
    events: list[Event] = []
    if choice.delta is None:
        return events
    logprobs = _logprobs(choice)
    if choice.delta.content or logprobs:
        events.append(Piece(choice.delta.content or "", logprobs))
    for call in choice.delta.tool_calls or ():
        name, arguments = (call.function.name, call.function.arguments) if call.function else ("", "")
        if name and call.index not in started:  # some places repeat the name with every piece
            started.add(call.index)
            events.append(CallStarted(call.index, call.id or f"call_{call.index}", name))
        if arguments:
            if call.index not in started:
                raise refused(200)
            events.append(CallArguments(call.index, arguments))
    return events


def _logprobs(choice: Choice) -> tuple[TokenLogprob, ...]:
    tokens = choice.logprobs.content or () if choice.logprobs else ()
    return tuple(
        TokenLogprob(_alternative(t), tuple(_alternative(a) for a in t.top_logprobs or ())) for t in tokens
    )


def _alternative(shown: Shown) -> Alternative:
    raw = shown.token.encode() if shown.raw is None else bytes(shown.raw)
    return Alternative(shown.token, shown.logprob, raw)


def usage_of(chunk: Chunk) -> Usage | None:
    u = chunk.usage
    if u is None:
        return None
    cached = u.prompt_tokens_details.cached_tokens if u.prompt_tokens_details else 0
    return Usage(u.prompt_tokens or 0, cached or 0, u.completion_tokens or 0)
