"""Any other OpenAI-compatible place: a vLLM or Ray Serve cluster, a provider. Speaks /chat/completions over the same wire.

Such a place applies its own chat template to text, and some honour control tokens typed in it. So what people wrote
is defused first: the bar of `<|…|>` and the brackets of tool marks become their full-width twins, which read the same
and are no token. On this machine that is not needed: there we send token ids.
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import cast

from mingbai.engine.lane import late
from mingbai.engine.wire import Wire
from mingbai.models.template import describe
from mingbai.values.chat import (
    Alternative,
    Ask,
    CallArguments,
    CallStarted,
    Event,
    Finished,
    FinishReason,
    Message,
    Piece,
    TokenLogprob,
    ToolChoice,
    Usage,
)
from mingbai.values.errors import BadInput, EngineInterrupted, PlaceFailed, Text
from mingbai.values.json import JsonObject
from mingbai.values.places import Place

BARRED = re.compile(r"<\|([^|<>]{0,40})\|>")
TOOL_MARK = re.compile(r"<(/?tool_(?:call|response))>")


def defuse(text: str) -> str:
    """Text in which nothing can be read as a control token of a ChatML template."""
    return TOOL_MARK.sub(r"＜\1＞", BARRED.sub(r"<｜\1｜>", text))


class PlaceEngine:
    """One place. Retries nothing: what a place charges for is asked once."""

    def __init__(self, place: Place, secret: str, *, wire: Wire | None = None) -> None:
        self._place = place
        self._wire = wire or Wire(place.url, secret)

    @property
    def place(self) -> str:
        return self._place.name

    async def close(self) -> None:
        await self._wire.close()

    async def generate(self, ask: Ask) -> AsyncGenerator[Event, None]:
        """See `Engine.generate`."""
        if ask.lane == "replay":
            raise BadInput(
                Text("这个模型没有重放通道。", "This model has no replay lane."),
                Text("请用本机的模型，或去掉 lane。", "Use this machine's model, or leave lane out."),
                param="mingbai.lane",
            )
        deadline = time.monotonic() + ask.deadline_seconds
        released = False
        reason: FinishReason | None = None
        usage = Usage()
        stream = self._wire.stream("/chat/completions", self._body(ask), seconds=ask.deadline_seconds)
        async with aclosing(stream) as chunks:
            try:
                async for chunk in chunks:
                    usage = _usage(chunk) or usage
                    choices = cast(Sequence[Mapping[str, object]], chunk.get("choices") or ())
                    for choice in choices:
                        reason = _reason(choice) or reason
                        for event in _events(choice):
                            released = True
                            yield event
                    if time.monotonic() > deadline:
                        raise late()
            except PlaceFailed as e:
                if e.status == 0 and released:
                    raise _cut(released) from e
                raise
        if reason is None:
            raise _cut(released)
        yield Finished(reason, usage, place=self.place)

    def _body(self, ask: Ask) -> dict[str, object]:
        s = ask.sampling
        body: dict[str, object] = {
            "model": self._place.model,
            "messages": [_message(m) for m in ask.messages],
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": s.temperature,
            "top_p": s.top_p,
            "seed": s.seed,
            "max_tokens": s.max_tokens,
            "stop": list(s.stop) or None,
            "presence_penalty": s.presence_penalty or None,
            "frequency_penalty": s.frequency_penalty or None,
            "logprobs": True if s.top_logprobs is not None else None,
            "top_logprobs": s.top_logprobs or None,
            "logit_bias": {str(k): v for k, v in s.logit_bias} or None,
        }
        if ask.tools:
            body["tools"] = [describe(t) for t in ask.tools]
            body["tool_choice"] = _choice(ask.tool_choice)
            if not ask.tool_choice.parallel:
                body["parallel_tool_calls"] = False
        if ask.schema is not None:
            schema = {"name": "answer", "schema": ask.schema, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return {k: v for k, v in body.items() if v is not None}


def _choice(choice: ToolChoice) -> object:
    return {"type": "function", "function": {"name": choice.name}} if choice.mode == "named" else choice.mode


def _message(m: Message) -> dict[str, object]:
    out: dict[str, object] = {"role": m.role, "content": defuse(m.content)}
    if m.tool_calls:
        out["tool_calls"] = [
            {"id": c.id, "type": "function", "function": {"name": c.name, "arguments": c.arguments}}
            for c in m.tool_calls
        ]
    if m.tool_call_id is not None:
        out["tool_call_id"] = m.tool_call_id
    return out


def _reason(choice: Mapping[str, object]) -> FinishReason | None:
    match choice.get("finish_reason"):
        case None:
            return None
        case "length":
            return "length"
        case "tool_calls" | "function_call":
            return "tool_calls"
        case _:
            return "stop"


def _events(choice: Mapping[str, object]) -> list[Event]:
    delta = cast(Mapping[str, object], choice.get("delta") or {})
    events: list[Event] = []
    text = delta.get("content")
    logprobs = _logprobs(choice.get("logprobs"))
    if isinstance(text, str) and (text or logprobs):
        events.append(Piece(text, logprobs))
    for call in cast(Sequence[JsonObject], delta.get("tool_calls") or ()):
        index = cast(int, call.get("index", 0))
        function = cast(JsonObject, call.get("function") or {})
        if function.get("name"):
            events.append(CallStarted(index, str(call.get("id") or f"call_{index}"), str(function["name"])))
        if function.get("arguments"):
            events.append(CallArguments(index, str(function["arguments"])))
    return events


def _logprobs(raw: object) -> tuple[TokenLogprob, ...]:
    content = raw.get("content") if isinstance(raw, Mapping) else None
    tokens = cast(Sequence[Mapping[str, object]], content or ())
    return tuple(
        TokenLogprob(
            _alternative(t),
            tuple(_alternative(a) for a in cast(Sequence[Mapping[str, object]], t.get("top_logprobs") or ())),
        )
        for t in tokens
    )


def _alternative(raw: Mapping[str, object]) -> Alternative:
    token = str(raw.get("token", ""))
    data = raw.get("bytes")
    return Alternative(
        token, float(cast(float, raw.get("logprob", 0.0))),
        bytes(cast(Sequence[int], data)) if data is not None else token.encode(),
    )  # fmt: skip


def _usage(chunk: JsonObject) -> Usage | None:
    raw = chunk.get("usage")
    if not isinstance(raw, Mapping):
        return None
    details = raw.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, Mapping) else 0
    return Usage(
        cast(int, raw.get("prompt_tokens", 0)),
        cast(int, cached or 0),
        cast(int, raw.get("completion_tokens", 0)),
    )


def _cut(released: bool) -> EngineInterrupted:
    return EngineInterrupted(
        Text("模型所在处在回答途中断开了。", "The place broke off while answering."),
        Text("请再问一次。", "Please ask again."),
        released=released,
    )
