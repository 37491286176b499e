"""A scripted engine without weights, for tests and `--rehearse`. Its place is `rehearsal`, and every answer says so.

It keeps the same contract as the real one: streams, stops, counts, honours schemas and tool choices. It understands
nothing: a script says what to answer, and where no line fits it repeats what was said.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncGenerator, Mapping

from mingbai.values.chat import (
    Alternative,
    Ask,
    CallArguments,
    CallStarted,
    Event,
    Finished,
    FinishReason,
    Piece,
    TokenLogprob,
    Usage,
)
from mingbai.values.errors import ContextExceeded, DeadlineExceeded, Text
from mingbai.values.json import JsonObject, JsonValue

PIECE = 2  # characters; small enough that every reply streams
ROOM = (
    1000  # values, and characters of a string, that an example of a schema may have; small enough to be free
)
LEVELS = 32  # of nesting in it


class RehearsalEngine:
    """`script` maps a text found in the last message to the reply. `pause_seconds` stands between pieces."""

    place = "rehearsal"
    attempts = 1

    def __init__(
        self, script: Mapping[str, str] | None = None, *, pause_seconds: float = 0.0, context: int = 8192
    ) -> None:
        self._script = script or {}
        self._pause = pause_seconds
        self._context = context

    async def generate(self, ask: Ask) -> AsyncGenerator[Event, None]:
        size = sum(len(m.content) for m in ask.messages)
        if size >= self._context:
            raise ContextExceeded(
                Text(
                    f"消息有 {size} 个字，超过了 {self._context} 个。",
                    f"{size} characters, over {self._context}.",
                ),
                Text("请缩短消息。", "Shorten the messages."),
                param="messages",
            )
        loop = asyncio.get_running_loop()
        end = loop.time() + ask.deadline_seconds
        room = self._context - size
        if ask.sampling.max_tokens is not None:
            room = min(room, ask.sampling.max_tokens)
        written = 0
        reason: FinishReason = "stop"
        calling = ask.tools and ask.tool_choice.mode in ("required", "named")
        if calling:
            tool = next((t for t in ask.tools if t.name == ask.tool_choice.name), ask.tools[0])
            yield CallStarted(0, "call_" + secrets.token_hex(12), tool.name)
        reply = json.dumps(example(tool.parameters), ensure_ascii=False) if calling else self._reply(ask)
        for i in range(0, len(reply), PIECE):
            if written >= room:
                reason = "length"
                break
            await asyncio.sleep(self._pause)
            if loop.time() > end:
                raise DeadlineExceeded(
                    Text("超过了允许的时间。", "The time allowed ran out."),
                    Text("请放宽时限再试。", "Allow more time, then try again."),
                )
            text = reply[i : i + PIECE]
            written += 1
            yield CallArguments(0, text) if calling else Piece(text, _logprobs(ask, text))
        if calling and reason == "stop":
            reason = "tool_calls"
        yield Finished(reason, Usage(size, 0, written), place=self.place)

    def _reply(self, ask: Ask) -> str:
        if ask.schema is not None:
            return json.dumps(example(ask.schema), ensure_ascii=False)
        said = ask.messages[-1].content if ask.messages else ""
        reply = next((answer for key, answer in self._script.items() if key in said), f"（彩排）你说：{said}")
        cuts = [reply.find(s) for s in ask.sampling.stop if s in reply]
        return reply[: min(cuts)] if cuts else reply


def _logprobs(ask: Ask, text: str) -> tuple[TokenLogprob, ...]:
    if ask.sampling.top_logprobs is None:
        return ()
    sure = Alternative(text, 0.0, text.encode())
    return (TokenLogprob(sure, (sure,) * min(1, ask.sampling.top_logprobs)),)


def example(schema: JsonValue, *, room: int = ROOM, levels: int = LEVELS) -> JsonValue:
    """The smallest value that fits a schema of the common keywords; None past `room` values or `levels` of nesting.

    Total: schemas are foreign JSON, and a keyword with a value that makes no sense is passed over.
    """
    if levels == 0:
        return None
    if not isinstance(schema, Mapping):
        return {}
    if "const" in schema:
        return schema["const"]
    for key in ("enum", "anyOf", "oneOf"):
        options = schema.get(key)
        if isinstance(options, list) and options:
            return options[0] if key == "enum" else example(options[0], room=room, levels=levels - 1)
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        kind = kind[0] if kind else "null"
    match kind:
        case "object":
            properties, required = schema.get("properties"), schema.get("required")
            known = properties if isinstance(properties, Mapping) else {}
            words = (name for name in required if isinstance(name, str)) if isinstance(required, list) else ()
            names = list(dict.fromkeys(words))[:room]
            share = room // max(1, len(names))
            return {name: example(known.get(name), room=share, levels=levels - 1) for name in names}
        case "array":
            count = _least(schema, "minItems", 0, room)
            item = example(schema.get("items"), room=room // max(1, count), levels=levels - 1)
            return [item] * count
        case "string":
            return "明" * _least(schema, "minLength", 1, room)
        case "integer" | "number":
            minimum = schema.get("minimum")
            return minimum if isinstance(minimum, int | float) else 0
        case "boolean":
            return True
        case _:
            return None


def _least(schema: JsonObject, key: str, otherwise: int, room: int) -> int:
    least = schema.get(key)
    return min(max(0, least), room) if isinstance(least, int) else otherwise
