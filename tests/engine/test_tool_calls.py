"""How many calls an answer gets, and what stands in the context when each is written: over a scripted slot."""

from __future__ import annotations

import codecs
import json
from collections.abc import AsyncGenerator, Sequence
from types import SimpleNamespace

import pytest

from mingbai.engine.calls import HOW_MANY
from mingbai.engine.converse import converse
from mingbai.engine.lane import FREE, Chunk, Constraint
from mingbai.models.template import Prompt
from mingbai.values.chat import (
    Ask,
    CallArguments,
    CallStarted,
    Finished,
    Message,
    Piece,
    Sampling,
    Tool,
    ToolChoice,
)

CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER, CLOCK = Tool("weather", "the weather", CITY), Tool("clock", "the time", CITY)
OPEN, CLOSE = 256, 257
ASKED = "<ask>"


class Letters:
    """One token for each byte; two control tokens above."""

    def encode(self, text: str) -> list[int]:
        return list(text.encode())


TEMPLATE = SimpleNamespace(
    tokeniser=Letters(),
    call_open=OPEN,
    call_close=CLOSE,
    call_opening=lambda: [OPEN, *b"\n"],
)


def told(tokens: Sequence[int]) -> str:
    marks = {OPEN: b"<tool_call>", CLOSE: b"</tool_call>"}
    return b"".join(marks.get(t, bytes([t % 256])) for t in tokens).decode()


class ScriptedSlot:
    """Plays a model that knows how many calls are needed, and never opens a second one by itself."""

    fresh = 0

    def __init__(
        self,
        calls: Sequence[tuple[str, dict]],
        says: int,
        *,
        opens: bool = False,
        free: str = "",
        words: str = "",
    ):
        self.calls = list(calls)
        self.says = says
        self.opens = opens
        self.free = free
        self.words = words
        self.seen: list[str] = []
        self.written = 0

    async def complete(
        self, tokens, *, sampling: Sampling, limit: int, constraint: Constraint = FREE
    ) -> AsyncGenerator[Chunk, None]:
        before = told(tokens)
        self.seen.append(before)
        name, arguments = self.calls[min(self.written, len(self.calls) - 1)]
        if before.endswith(HOW_MANY):
            text = str(self.says)
        elif constraint.grammar:
            text = self.words
        elif constraint.schema:
            text = json.dumps({"name": name, "arguments": arguments}, ensure_ascii=False)
            self.written += 1
        elif before == ASKED:
            text = self.free
        else:
            yield Chunk("", (OPEN,) if self.opens and self.written < len(self.calls) else (0,), end="limit")
            return
        decode = codecs.getincrementaldecoder("utf-8")().decode
        for byte in text.encode()[:limit]:
            yield Chunk(decode(bytes([byte])), (byte,))
        yield Chunk("", end="limit" if len(text.encode()) > limit else "eos")


async def answered(slot: ScriptedSlot, *tools: Tool, choice: ToolChoice, room: int = 900):
    ask = Ask((Message("user", "?"),), tools=tools, tool_choice=choice)
    prompt = Prompt(tuple(ASKED.encode()), 0)
    events = [event async for event in converse(ask, prompt, slot, TEMPLATE, room)]  # type: ignore[arg-type]
    calls: dict[int, list[str]] = {}
    for event in events:
        match event:
            case CallStarted(index, _, name):
                calls[index] = [name, ""]
            case CallArguments(index, text):
                calls[index][1] += text
    done = events[-1]
    assert isinstance(done, Finished)
    return [(name, json.loads(text)) for name, text in calls.values()], done, events


THREE = [("weather", {"city": c}) for c in ("杭州", "杭州湾", "柏林")]


async def test_as_many_calls_as_the_model_says_are_needed():
    calls, done, _ = await answered(ScriptedSlot(THREE, says=3), WEATHER, choice=ToolChoice("required"))
    assert calls == THREE
    assert done.reason == "tool_calls"


async def test_one_where_one_is_said_though_more_could_be_written():
    calls, _, _ = await answered(ScriptedSlot(THREE, says=1), WEATHER, choice=ToolChoice("required"))
    assert calls == THREE[:1]


async def test_a_call_that_repeats_another_ends_them_and_is_never_shown():
    slot = ScriptedSlot([*THREE[:2], THREE[0], THREE[2]], says=9)
    calls, done, events = await answered(slot, WEATHER, choice=ToolChoice("required"))
    assert calls == THREE[:2]
    assert sum(isinstance(e, CallStarted) for e in events) == 2
    assert done.reason == "tool_calls"


async def test_a_model_that_opens_a_second_call_by_itself_is_followed():
    slot = ScriptedSlot(THREE[:2], says=1, opens=True)
    calls, _, _ = await answered(slot, WEATHER, choice=ToolChoice("required"))
    assert calls == THREE[:2]


@pytest.mark.parametrize("choice", [ToolChoice("required", parallel=False), ToolChoice("named", "weather")])
async def test_nobody_asks_for_a_number_where_only_one_is_allowed(choice):
    slot = ScriptedSlot(THREE, says=3)
    calls, _, _ = await answered(slot, WEATHER, choice=choice)
    assert calls == THREE[:1]
    assert not any(HOW_MANY in seen for seen in slot.seen)


async def test_the_context_holds_each_call_once_in_qwens_form_and_no_question():
    two = [("clock", {"city": "Berlin"}), ("weather", {"city": "杭州"})]
    slot = ScriptedSlot(two, says=2)
    calls, _, _ = await answered(slot, WEATHER, CLOCK, choice=ToolChoice("required"))
    assert calls == two
    second = slot.seen[-2]  # before the last look for another: the second call's arguments
    assert second == (
        ASKED + '<tool_call>\n{"name": "clock", "arguments": {"city": "Berlin"}}\n</tool_call>\n<tool_call>\n'
    )


async def test_words_before_the_call_are_shown_and_the_number_is_asked_before_them():
    slot = ScriptedSlot(THREE[:2], says=2, free='好的。{"name": "weather", "arguments": {}}')
    calls, _, events = await answered(slot, WEATHER, choice=ToolChoice("auto"))
    assert "".join(e.text for e in events if isinstance(e, Piece)).strip() == "好的。"
    assert calls == THREE[:2]
    assert ASKED + HOW_MANY in slot.seen


async def test_with_none_a_call_is_not_shown_and_words_are_asked_for():
    slot = ScriptedSlot(THREE, says=1, free='{"name": "weather", "arguments": {}}', words="在杭州。")
    _, done, events = await answered(slot, WEATHER, choice=ToolChoice("none"))
    assert "".join(e.text for e in events if isinstance(e, Piece)) == "在杭州。"
    assert done.reason == "stop"


@pytest.mark.parametrize("room", range(1, 60))
async def test_running_out_of_tokens_anywhere_ends_with_length_or_with_whole_calls(room):
    ask = Ask((Message("user", "?"),), tools=(WEATHER, CLOCK), tool_choice=ToolChoice("required"))
    slot = ScriptedSlot(THREE, says=3)
    prompt = Prompt(tuple(ASKED.encode()), 0)
    events = [e async for e in converse(ask, prompt, slot, TEMPLATE, room)]  # type: ignore[arg-type]
    whole = "".join(e.text for e in events if isinstance(e, CallArguments))
    assert isinstance(events[-1], Finished)
    if events[-1].reason == "tool_calls":
        assert whole.count("{") == whole.count("}") > 0
