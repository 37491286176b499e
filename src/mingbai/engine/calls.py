"""An answer that may hold tool calls, decided and filled under a schema.

`required` and a named function start at the call itself; `auto` lets the model begin freely, and when what it writes
is the opening of a call (any of the loose forms these weights use), the call is written again from its first token in
Qwen's form. So a call is always well-formed unless `max_tokens` cuts it.

How many calls an answer needs these weights know and do not show: after a first call they never open a second, but
asked beforehand for the number they name it. So where several are allowed they are asked, beside the context, and the
calls are written until there are as many, or until one repeats another.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from mingbai.engine.call_form import CallReader, call_schema
from mingbai.engine.lane import FREE, Chunk, Constraint, Lease
from mingbai.engine.opening import OpeningWatch
from mingbai.engine.tally import Tally
from mingbai.models.template import Prompt, Template
from mingbai.values.chat import Ask, CallArguments, CallStarted, Event, Finished, FinishReason, Piece

MOST_CALLS = 32  # a model in a loop repeats calls; OpenAI's own limit is 128 tools, a turn never needs more
HOW_MANY = (
    "Number of function calls needed: "  # English in any language: right more often than 需要调用函数的次数
)
A_WORD_FIRST = Constraint(grammar="root ::= [^{\\[`<\\n ] [^\\x00]*")


class Calls:
    """One answer. `tokens` is all that stands in the context so far."""

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

    def events(self) -> AsyncGenerator[Event, None]:
        return self._words() if self.ask.tool_choice.mode == "none" else self._words_and_calls()

    async def _words(self) -> AsyncGenerator[Event, None]:
        """Words alone. Who opens with a call all the same (calls before this one tempt it) has to begin with a word."""
        for constraint in (FREE, A_WORD_FIRST):
            opened = shown = False
            free = self._free_text(constraint)
            async with aclosing(free):
                async for said in free:
                    if isinstance(said, Piece):
                        shown = shown or bool(said.text)
                        yield said
                    else:
                        opened = True
            if shown or not opened:
                break
        yield Finished("length" if self.cut else "stop", self.tally.usage(self.lease.fresh))

    async def _words_and_calls(self) -> AsyncGenerator[Event, None]:
        choice = self.ask.tool_choice
        name: str | None = choice.name if choice.mode == "named" else None
        calling = choice.mode != "auto"
        if not calling:
            free = self._free_text(FREE)
            async with aclosing(free):
                async for said in free:
                    if isinstance(said, Piece):
                        yield said
                    else:
                        calling, name = True, said.name
        several = calling and choice.mode != "named" and choice.parallel
        needed = await self._how_many() if several else 1
        seen: list[tuple[str, str]] = []
        while calling:
            called, arguments = "", ""
            call = self._call(len(seen), name, seen)
            async with aclosing(call):
                async for event in call:
                    if isinstance(event, CallStarted):
                        called = event.name
                    else:
                        arguments += event.text
                    yield event
            if not called:
                break  # it repeats another, or the tokens ran out before its name
            seen.append((called, arguments))
            if self.cut or not several or len(seen) >= MOST_CALLS:
                break
            name = None
            calling = await self._another() or len(seen) < needed
        reason: FinishReason = "length" if self.cut else "tool_calls" if seen else "stop"
        yield Finished(reason, self.tally.usage(self.lease.fresh))

    def _put(self, tokens: Sequence[int]) -> None:
        self.tokens += tokens

    async def _free_text(self, constraint: Constraint) -> AsyncGenerator[Piece | _Opened, None]:
        """The model's own words until they end or a call begins."""
        watch = OpeningWatch(frozenset(self.tools))
        shown = ""
        chunks = self.lease.complete(
            self.tokens, sampling=self.ask.sampling, limit=self.tally.left, constraint=constraint
        )
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
        yield _Opened(seen.name)

    async def _how_many(self) -> int:
        """How many calls the question needs, asked right after the prompt; the context goes on without it."""
        if self.tally.left < 2:
            return 1
        asked = [*self.prompt, *self.template.tokeniser.encode(HOW_MANY)]
        digit, _ = await self._aside(asked, Constraint(grammar="root ::= [1-9]"), 1)
        return int(digit or 1)

    async def _call(
        self, index: int, name: str | None, seen: Sequence[tuple[str, str]]
    ) -> AsyncGenerator[CallStarted | CallArguments, None]:
        """One call's events, of the function `name` or of any; none at all if it is the same as one of those `seen`."""
        tools = [self.tools[name]] if name else list(self.tools.values())
        self._put(self.template.call_opening())
        reader, held, shown = CallReader(), "", False
        chunks = self.lease.complete(
            self.tokens,
            sampling=self.sampling,
            limit=self.tally.left,
            constraint=Constraint(schema=call_schema(tools)),
        )
        async with aclosing(chunks):
            async for chunk in chunks:
                self._put(chunk.tokens)
                self._spend(chunk)
                self.cut = self.cut or chunk.end == "limit"
                held += reader.feed(chunk.text)
                if not reader.name or (not chunk.end and not held):
                    continue
                if not shown:
                    others = [written for other, written in seen if other == reader.name]
                    repeats = held in others if reader.whole else any(o.startswith(held) for o in others)
                    if repeats and not self.cut:
                        continue
                    shown = True
                    yield CallStarted(index, "call_" + secrets.token_hex(12), reader.name)
                if held:
                    yield CallArguments(index, held)
                    held = ""

    async def _another(self) -> bool:
        """Close the call; does the model open another by itself? (Qwen's form is a line feed and an opening.)"""
        encode = self.template.tokeniser.encode
        self._put([*encode("\n"), self.template.call_close])
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
class _Opened:
    """A call begins; `name` is known where the model wrote it in a loose form."""

    name: str | None
