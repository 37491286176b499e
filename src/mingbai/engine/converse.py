"""From an ask to events, over a held slot: plain text, JSON of a schema, or tool calls.

Tool calls are decided and filled under a grammar. `required` and a named function start at the call itself; `auto`
lets the model begin freely, and when what it writes is the opening of a call (any of the loose forms these weights
use), the call is written again from its first token in Qwen's form: the name under a grammar of the names on offer,
the arguments under that function's schema. So a call is always well-formed unless `max_tokens` cuts it.

How many calls an answer needs these weights know and do not show: after a first call they never open a second, but
asked beforehand for the number they name it. So where several are allowed they are asked, beside the context, and the
calls are written until there are as many, or until one repeats another.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from mingbai.engine.lane import FREE, Chunk, Constraint, Lease
from mingbai.engine.opening import OpeningWatch
from mingbai.models.template import Prompt, Template
from mingbai.values.chat import (
    Ask,
    CallArguments,
    CallStarted,
    Event,
    Finished,
    FinishReason,
    Piece,
    Tool,
    Usage,
)
from mingbai.values.errors import PlaceFailed, Text

MOST_CALLS = 32  # a model in a loop repeats calls; OpenAI's own limit is 128 tools, a turn never needs more
HOW_MANY = (
    "Number of function calls needed: "  # English in any language: right more often than 需要调用函数的次数
)


@dataclass(slots=True)
class Tally:
    """Tokens spent so far by one ask, over all its completions."""

    room: int
    prompt: int
    written: int = 0
    cached: int = -1

    @property
    def left(self) -> int:
        return self.room - self.written

    def usage(self, fresh: int) -> Usage:
        return Usage(self.prompt, max(0, self.cached - fresh), self.written)


def converse(
    ask: Ask, prompt: Prompt, lease: Lease, template: Template, room: int
) -> AsyncGenerator[Event, None]:
    """The answer's events. `room` is how many tokens may be written, by `max_tokens` and by the context."""
    tally = Tally(room, len(prompt.tokens))
    if ask.tools and ask.tool_choice.mode != "none":
        return _Calls(ask, prompt, lease, template, tally).events()
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


class _Calls:
    """One answer that may hold tool calls. `tokens` is all that stands in the context so far."""

    def __init__(self, ask: Ask, prompt: Prompt, lease: Lease, template: Template, tally: Tally) -> None:
        self.ask = ask
        self.lease = lease
        self.template = template
        self.tally = tally
        self.prompt = prompt.tokens
        self.tokens = list(prompt.tokens)
        self.tools = {tool.name: tool for tool in ask.tools}
        # Arguments are copied from what was said: unless the caller wants chance, there is none in them.
        greedy = replace(ask.sampling, stop=(), top_logprobs=None)
        self.sampling = replace(greedy, temperature=0.0) if greedy.temperature is None else greedy
        self.cut = False

    async def events(self) -> AsyncGenerator[Event, None]:
        choice = self.ask.tool_choice
        name: str | None = choice.name if choice.mode == "named" else None
        calling = choice.mode != "auto"
        if not calling:
            free = self._free_text()
            async with aclosing(free):
                async for said in free:
                    if isinstance(said, Piece):
                        yield said
                    else:
                        calling, name = said.call, said.name
        needed = await self._how_many() if calling and choice.mode != "named" and choice.parallel else 1
        seen: list[tuple[str, str]] = []
        while calling:
            self._put(self.template.call_opening())
            chosen = name or await self._name()
            name = None
            if chosen is None:
                break
            call = self._call(len(seen), chosen, [written for other, written in seen if other == chosen])
            arguments = ""
            async with aclosing(call):
                async for event in call:
                    arguments += event.text if isinstance(event, CallArguments) else ""
                    yield event
            if not arguments:
                break  # it repeats another
            seen.append((chosen, arguments))
            if self.cut or choice.mode == "named" or not choice.parallel or len(seen) >= MOST_CALLS:
                break
            calling = await self._another() or len(seen) < needed
        index = len(seen)
        reason: FinishReason = "length" if self.cut else "tool_calls" if index else "stop"
        yield Finished(reason, self.tally.usage(self.lease.fresh))

    def _put(self, tokens: Sequence[int]) -> None:
        self.tokens += tokens

    async def _free_text(self) -> AsyncGenerator[Piece | _Decision, None]:
        """The model's own words until they end or a call begins."""
        watch = OpeningWatch(frozenset(self.tools))
        shown = ""
        chunks = self.lease.complete(self.tokens, sampling=self.ask.sampling, limit=self.tally.left)
        async with aclosing(chunks):
            async for chunk in chunks:
                self.tally.written += len(chunk.tokens)
                if chunk.end:
                    self.tally.cached = chunk.cached
                    self.cut = chunk.end == "limit"
                marked = self.template.call_open in chunk.tokens
                seen = watch.feed(chunk.text + ("<tool_call>" if marked and not chunk.text else ""))
                if seen.text or chunk.logprobs:
                    shown += seen.text
                    yield Piece(seen.text, chunk.logprobs)
                if seen.marked or seen.name:
                    break
            else:
                if rest := watch.rest():
                    yield Piece(rest)
                return
        self.cut = False
        self.tally.cached = max(self.tally.cached, 0)
        self._put(self.template.tokeniser.encode(shown.rstrip() + "\n" if shown.strip() else ""))
        yield _Decision(True, seen.name)

    async def _name(self) -> str | None:
        """Which function, under a grammar of the names on offer; None if the tokens ran out."""
        if len(self.tools) == 1:
            return next(iter(self.tools))
        grammar = "root ::= (" + " | ".join(json.dumps(name) for name in self.tools) + ') "\\""'
        text, _ = await self._aside(self.tokens, Constraint(grammar=grammar), self.tally.left)
        name = text.removesuffix('"')
        self.cut = name not in self.tools
        return None if self.cut else name

    async def _how_many(self) -> int:
        """How many calls the question needs, asked right after the prompt; the context goes on without it."""
        if self.tally.left < 2:
            return 1
        asked = [*self.prompt, *self.template.tokeniser.encode(HOW_MANY)]
        digit, _ = await self._aside(asked, Constraint(grammar="root ::= [1-9]"), 1)
        return int(digit or 1)

    async def _call(
        self, index: int, name: str, others: Sequence[str]
    ) -> AsyncGenerator[CallStarted | CallArguments, None]:
        """One call's events; none at all if its arguments are the same as those of one of the `others`."""
        started = CallStarted(index, "call_" + secrets.token_hex(12), name)
        if not others:
            yield started
        self._put(self.template.tokeniser.encode(f'{name}", "arguments": '))
        held = ""
        pieces = self._arguments(self.tools[name])
        async with aclosing(pieces):
            async for piece in pieces:
                held += piece
                if others and any(other.startswith(held) for other in others):
                    continue  # so far it may be a repetition
                if others:
                    yield started
                yield CallArguments(index, held)
                others, held = (), ""
        if held and self.cut:
            yield started
            yield CallArguments(index, held)

    async def _arguments(self, tool: Tool) -> AsyncGenerator[str, None]:
        if not tool.parameters.get("properties"):
            self._put(self.template.tokeniser.encode("{}"))
            yield "{}"
            return
        chunks = self.lease.complete(
            self.tokens,
            sampling=self.sampling,
            limit=self.tally.left,
            constraint=Constraint(schema=tool.parameters),
        )
        async with aclosing(chunks):
            async for chunk in chunks:
                self._put(chunk.tokens)
                self._spend(chunk)
                self.cut = self.cut or chunk.end == "limit"
                if chunk.text:
                    yield chunk.text

    async def _another(self) -> bool:
        """Close the call; does the model open another by itself? (Qwen's form is a line feed and an opening.)"""
        encode = self.template.tokeniser.encode
        self._put([*encode("}\n"), self.template.call_close])
        if self.tally.left < 2:
            return False
        _, tokens = await self._aside([*self.tokens, *encode("\n")], FREE, 1)
        self._put(encode("\n"))
        return self.template.call_open in tokens

    async def _aside(
        self, tokens: Sequence[int], constraint: Constraint, limit: int
    ) -> tuple[str, list[int]]:
        """What the model says next, at temperature 0 and without a trace in the context."""
        text = ""
        written: list[int] = []
        sampling = replace(self.sampling, temperature=0.0)
        chunks = self.lease.complete(tokens, sampling=sampling, limit=limit, constraint=constraint)
        async with aclosing(chunks):
            async for chunk in chunks:
                text += chunk.text
                written += chunk.tokens
                self._spend(chunk)
        return text, written

    def _spend(self, chunk: Chunk) -> None:
        self.tally.written += len(chunk.tokens)
        if self.tally.cached < 0 and chunk.end:
            self.tally.cached = chunk.cached


@dataclass(frozen=True, slots=True)
class _Decision:
    call: bool
    name: str | None
