"""Events of an engine as OpenAI's chat completion, whole or streamed, measured and logged on the way."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from mingbai.engine.protocol import Engine
from mingbai.serve.logs import log
from mingbai.serve.metrics import Metrics
from mingbai.values.chat import (
    Alternative,
    Answer,
    Ask,
    CallArguments,
    CallStarted,
    Event,
    Finished,
    Masked,
    Piece,
    TokenLogprob,
    Usage,
)


@dataclass(slots=True)
class Reply:
    """One request on its way: its id, and what is measured of it."""

    ask: Ask
    engine: Engine
    metrics: Metrics
    stream: bool
    include_usage: bool = False
    id: str = field(default_factory=lambda: "chatcmpl-" + secrets.token_hex(12))
    created: int = field(default_factory=lambda: int(time.time()))
    started: float = field(default_factory=time.monotonic)
    first: float = 0.0
    usage: Usage = field(default_factory=Usage)

    def close(self, code: str) -> None:
        """Count and log the request once it is over, however it ended."""
        now = time.monotonic()
        m, u = self.metrics, self.usage
        m.requests.labels(self.ask.model, code).inc()
        m.duration.observe(now - self.started)
        m.prompt.inc(u.prompt_tokens)
        m.cached.inc(u.cached_tokens)
        m.completion.inc(u.completion_tokens)
        if self.first:
            m.first_token.observe(self.first - self.started)
            if u.completion_tokens > 1 and now > self.first:
                m.speed.observe((u.completion_tokens - 1) / (now - self.first))
        log(
            "chat",
            id=self.id, key=self.ask.key, model=self.ask.model, place=self.engine.place, lane=self.ask.lane,
            stream=self.stream, code=code, prompt_tokens=u.prompt_tokens, cached_tokens=u.cached_tokens,
            completion_tokens=u.completion_tokens, ms=round(1000 * (now - self.started)),
            ttft_ms=round(1000 * (self.first - self.started)) if self.first else None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Watched:
    """The reply's engine, with the moment of the first event and the usage noted as they pass."""

    reply: Reply

    @property
    def place(self) -> str:
        return self.reply.engine.place

    @property
    def attempts(self) -> int:
        return self.reply.engine.attempts

    async def generate(self, ask: Ask) -> AsyncGenerator[Event, None]:
        async with aclosing(self.reply.engine.generate(ask)) as events:
            async for event in events:
                if not self.reply.first and not isinstance(event, Masked):
                    self.reply.first = time.monotonic()
                if isinstance(event, Finished):
                    self.reply.usage = event.usage
                yield event


def whole(reply: Reply, answer: Answer) -> dict[str, object]:
    """The body of a chat completion."""
    message: dict[str, object] = {"role": "assistant", "content": answer.text, "refusal": None}
    if answer.tool_calls:
        message["content"] = answer.text or None
        message["tool_calls"] = [
            {"id": c.id, "type": "function", "function": {"name": c.name, "arguments": c.arguments}}
            for c in answer.tool_calls
        ]
    choice = {
        "index": 0,
        "message": message,
        "logprobs": logprobs_of(answer.logprobs),
        "finish_reason": answer.finished.reason,
    }
    return {
        "id": reply.id,
        "object": "chat.completion",
        "created": reply.created,
        "model": reply.ask.model,
        "choices": [choice],
        "usage": usage_of(answer.finished.usage),
        "mingbai": extra(reply, answer.finished),
    }


async def streamed(reply: Reply, events: AsyncGenerator[Event, None]) -> AsyncGenerator[bytes, None]:
    """Server-sent events: a role, the pieces, the reason it ended, usage if asked for, and `[DONE]`."""
    head = (
        f'data: {{"id":"{reply.id}","object":"chat.completion.chunk","created":{reply.created},'
        f'"model":{json.dumps(reply.ask.model)},"choices":[{{"index":0,"delta":'
    )
    tail = (
        ',"finish_reason":null}]}\n\n'
        if not reply.include_usage
        else ',"finish_reason":null}],"usage":null}\n\n'
    )

    def chunk(delta: dict[str, object], logprobs: object = None) -> bytes:
        shown = json.dumps(logprobs, ensure_ascii=False)
        return f'{head}{json.dumps(delta, ensure_ascii=False)},"logprobs":{shown}{tail}'.encode()

    opening: dict[str, object] = {"role": "assistant", "content": "", "refusal": None}
    async with aclosing(events):
        async for event in events:
            match event:
                case Masked():
                    continue  # the last chunk says it
                case Piece(text, logprobs):
                    yield chunk({**opening, "content": text}, logprobs_of(logprobs))
                case CallStarted(index, call_id, name):
                    call = {"index": index, "id": call_id, "type": "function"}
                    yield chunk(
                        {**opening, "tool_calls": [{**call, "function": {"name": name, "arguments": ""}}]}
                    )
                case CallArguments(index, text):
                    yield chunk({"tool_calls": [{"index": index, "function": {"arguments": text}}]})
                case Finished():
                    if opening:
                        yield chunk(opening)
                    for last in _ending(reply, event):
                        yield b"data: " + json.dumps(last, ensure_ascii=False).encode() + b"\n\n"
                    yield b"data: [DONE]\n\n"
            opening = {}


def _ending(reply: Reply, finished: Finished) -> list[dict[str, object]]:
    common = {
        "id": reply.id,
        "object": "chat.completion.chunk",
        "created": reply.created,
        "model": reply.ask.model,
    }
    choice = {"index": 0, "delta": {}, "logprobs": None, "finish_reason": finished.reason}
    last: dict[str, object] = {**common, "choices": [choice], "mingbai": extra(reply, finished)}
    if not reply.include_usage:
        return [last]
    return [{**last, "usage": None}, {**common, "choices": [], "usage": usage_of(finished.usage)}]


def usage_of(usage: Usage) -> dict[str, object]:
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens},
    }


def extra(reply: Reply, finished: Finished) -> dict[str, object]:
    """Ours, beside `choices`: where the words came from, how often they were asked for, what the desk says of them."""
    common = {"place": finished.place, "lane": reply.ask.lane, "attempts": finished.attempts}
    return {**common, **finished.extra}


def logprobs_of(tokens: tuple[TokenLogprob, ...]) -> dict[str, object] | None:
    if not tokens:
        return None
    return {
        "content": [{**_shown(t.chosen), "top_logprobs": [_shown(a) for a in t.top]} for t in tokens],
        "refusal": None,
    }


def _shown(a: Alternative) -> dict[str, object]:
    return {"token": a.token, "logprob": a.logprob, "bytes": list(a.raw)}
