"""From an ask to events, over a held slot: plain text, JSON of a schema, or tool calls (`calls.py`)."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing

from mingbai.engine.calls import Calls
from mingbai.engine.lane import FREE, Constraint, Lease
from mingbai.engine.tally import Tally
from mingbai.models.template import Prompt, Template
from mingbai.values.chat import Ask, Event, Finished, FinishReason, Piece
from mingbai.values.errors import PlaceFailed, Text


def converse(
    ask: Ask, prompt: Prompt, lease: Lease, template: Template, room: int
) -> AsyncGenerator[Event, None]:
    """The answer's events. `room` is how many tokens may be written, by `max_tokens` and by the context."""
    tally = Tally(room, len(prompt.tokens))
    if ask.tools:
        return Calls(ask, prompt, lease, template, tally).events()
    constraint = Constraint(schema=ask.schema) if ask.schema is not None else FREE
    return _text(ask, prompt, lease, tally, constraint)


async def _text(
    ask: Ask, prompt: Prompt, lease: Lease, tally: Tally, constraint: Constraint
) -> AsyncGenerator[Event, None]:
    chunks = lease.complete(prompt.tokens, sampling=ask.sampling, limit=tally.left, constraint=constraint)
    reason: FinishReason = "stop"
    written = ""
    async with aclosing(chunks):
        async for chunk in chunks:
            tally.written += len(chunk.tokens)
            if constraint is not FREE:
                written += chunk.text
            if chunk.text or chunk.logprobs:
                yield Piece(chunk.text, chunk.logprobs)
            if chunk.end:
                tally.cached = chunk.cached
                reason = "length" if chunk.end == "limit" else "stop"
                if constraint is not FREE and chunk.end == "eos":
                    _check_json(written)
    yield Finished(reason, tally.usage(lease.fresh))


def _check_json(text: str) -> None:
    """The last line of defence: an engine that dropped its constraint must not pass for one that kept it."""
    try:
        json.loads(text)
    except ValueError as e:
        raise PlaceFailed(
            Text("引擎没有遵守 JSON schema。", "The engine did not keep to the JSON schema."),
            Text("请简化 schema 再试。", "Simplify the schema and try again."),
            status=500,
        ) from e
