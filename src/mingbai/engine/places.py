"""Any other OpenAI-compatible place: a vLLM or Ray Serve cluster, a provider. Speaks /chat/completions over the same wire.

Such a place applies its own chat template to text, and some honour control tokens typed in it. So what people wrote
is defused first: the brackets of `<|…|>`, of its twin with full-width bars (DeepSeek's), and of tool marks become
full-width, which read the same and are no token. Not covered: marks of other families, as `[INST]`, `<start_of_turn>`,
`</think>`. On this machine none of it is needed: there we send token ids.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress

from mingbai.engine.chat_chunk import Chunk, events_of, reason_of, usage_of
from mingbai.engine.wire import Wire
from mingbai.models.adapters import Adapter
from mingbai.models.egress import Egress, Out, Way
from mingbai.models.template import describe
from mingbai.values.chat import (
    Ask,
    Event,
    Finished,
    FinishReason,
    Message,
    ToolChoice,
    Usage,
)
from mingbai.values.errors import (
    BadInput,
    Busy,
    ContextExceeded,
    EngineInterrupted,
    MingbaiError,
    PlaceFailed,
    Text,
)
from mingbai.values.places import Place, adapter_there

CONTROL = re.compile(r"<([|｜][^|｜<>]{0,40}[|｜]|/?tool_(?:call|response))>")
CONTEXT = ("context_length_exceeded", "exceed_context_size_error")  # OpenAI's word, and llama.cpp's
RETRY_SECONDS = 5  # where a busy place does not say
Serving = Callable[[], Mapping[str, Adapter]]


def nothing_serves() -> Mapping[str, Adapter]:
    return {}


def defuse(text: str) -> str:
    """Text in which nothing can be read as a control token of a ChatML or DeepSeek template."""
    return CONTROL.sub(r"＜\1＞", text)


class PlaceEngine:
    """One place, and a way out to its host alone. Retries nothing: what a place charges for is asked once."""

    attempts = 1

    def __init__(
        self, place: Place, secret: str, *, wire: Wire | None = None, serving: Serving = nothing_serves
    ) -> None:
        """`serving` reads which adapters serve over the place's weights: small, and asked for each ask that names one."""
        self._place, self._serving = place, serving
        way = Way.to(place.url, inside=place.inside)
        self._wire = wire or Wire(place.url, secret, transport=Out(Egress((way,))))

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
        adapter = None if ask.adapter is None else (await asyncio.to_thread(self._serving)).get(ask.adapter)
        released = False
        started: set[int] = set()
        reason: FinishReason | None = None
        usage = Usage()
        stream = self._wire.stream(
            "/chat/completions", self._body(ask, adapter), seconds=ask.deadline_seconds
        )
        async with aclosing(stream) as chunks:
            try:
                async for raw in chunks:
                    chunk = Chunk.of(raw)
                    usage = usage_of(chunk) or usage
                    for choice in chunk.choices or ():
                        reason = reason_of(choice) or reason
                        for event in events_of(choice, started):
                            released = True
                            yield event
            except PlaceFailed as e:
                if e.status == 0 and released:
                    raise _cut(released) from e
                if told := self._as_told(e):
                    raise told from e
                raise
        if reason is None:
            raise _cut(released)
        yield Finished(reason, usage, place=self.place, adapter="" if adapter is None else adapter.sha256)

    def _as_told(self, e: PlaceFailed) -> MingbaiError | None:
        """What a place's refusal means for the caller, by its status and code; None if just what it says."""
        where = Text(
            f"模型所在处 {self.place} 答复了 {e.status}", f"The place {self.place} answered {e.status}"
        )
        match e.status:
            case 400 | 413 | 422 if e.reason in CONTEXT:
                return ContextExceeded(
                    Text(f"{where.zh}：消息太长。", f"{where.en}: the messages are too long."),
                    Text("请缩短消息。", "Shorten the messages."),
                    param="messages",
                )
            case 400 | 413 | 422:
                return BadInput(
                    Text(
                        f"{where.zh}：它不接受这样的请求。", f"{where.en}: it does not take such a request."
                    ),
                    Text(
                        "请改动请求：去掉不常用的参数，或缩短消息。",
                        "Change the request: leave out uncommon parameters, or shorten the messages.",
                    ),
                )
            case 429:
                seconds = e.retry_after_seconds or RETRY_SECONDS
                return Busy(
                    Text(f"{where.zh}：它太忙。", f"{where.en}: it is busy."),
                    Text(f"请 {seconds} 秒后再试。", f"Try again in {seconds} s."),
                    retry_after_seconds=seconds,
                )
            case 401 | 403:
                return PlaceFailed(
                    Text(
                        f"{where.zh}：它拒绝了这里给它的钥匙。",
                        f"{where.en}: it refused the key given to it here.",
                    ),
                    Text(
                        "请维护者检查 places.toml 的 key_env 所指的钥匙。",
                        "The operator should check the key that key_env in places.toml names.",
                    ),
                    status=e.status,
                )
            case _:
                return None

    def _body(self, ask: Ask, adapter: Adapter | None) -> dict[str, object]:
        s = ask.sampling
        body: dict[str, object] = {
            "model": self._place.model if adapter is None else adapter_there(adapter.name, adapter.sha256),
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
            {
                "id": c.id,
                "type": "function",
                "function": {"name": c.name, "arguments": _arguments(c.arguments)},
            }
            for c in m.tool_calls
        ]
    if m.tool_call_id is not None:
        out["tool_call_id"] = m.tool_call_id
    return out


def _arguments(text: str) -> str:
    """A call's arguments, defused. Some places parse them first, so what is escaped in them is written out before."""
    if "\\" in text:
        with suppress(ValueError, RecursionError):  # not JSON, or too deep to be read anywhere: only text
            text = json.dumps(json.loads(text), ensure_ascii=False)
    return defuse(text)


def _cut(released: bool) -> EngineInterrupted:
    return EngineInterrupted(
        Text("模型所在处在回答途中断开了。", "The place broke off while answering."),
        Text("请再问一次。", "Please ask again."),
        released=released,
    )
