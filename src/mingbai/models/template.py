"""Qwen2.5's chat template, written by us into token ids.

The same ids as the publisher's Jinja template gives for benign text (a test compares them with llama.cpp's), but
control tokens stand only where this file puts them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from mingbai.models.tokens import Tokeniser
from mingbai.values.chat import Message, Tool, ToolCall

DEFAULT_SYSTEM = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."
TOOLS_HEAD = (
    "\n\n# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
    "You are provided with function signatures within <tools></tools> XML tags:\n<tools>"
)
TOOLS_FOOT = (
    "\n</tools>\n\nFor each function call, return a json object with function name and arguments within "
)
TOOLS_SHAPE = '\n{"name": <function-name>, "arguments": <args-json-object>}\n'


@dataclass(frozen=True, slots=True)
class Prompt:
    """Token ids, and how many at the beginning are the same for every ask with this system text and these tools."""

    tokens: tuple[int, ...]
    stable: int


class Template:
    """Renders chats for one vocabulary."""

    def __init__(self, tokeniser: Tokeniser) -> None:
        self.tokeniser = tokeniser
        self.start = tokeniser.control("<|im_start|>")
        self.end = tokeniser.control("<|im_end|>")
        self.call_open = tokeniser.control("<tool_call>")
        self.call_close = tokeniser.control("</tool_call>")

    def render(self, messages: Sequence[Message], tools: Sequence[Tool] = ()) -> Prompt:
        """The whole prompt, ending where the assistant begins to speak."""
        rest = list(messages)
        system = rest.pop(0).content if rest and rest[0].role == "system" else DEFAULT_SYSTEM
        ids = self._system(system, tools)
        stable = len(ids)
        if rest and rest[0].role == "user":
            stable += 2  # <|im_start|>user: letters never merge with the line feed after them
        for i, message in enumerate(rest):
            match message.role:
                case "tool":
                    first = i == 0 or rest[i - 1].role != "tool"
                    last = i + 1 == len(rest) or rest[i + 1].role != "tool"
                    ids += self._tool_result(message.content, first, last)
                case "assistant":
                    ids += self._assistant(message)
                case role:
                    ids += self._turn(role, message.content)
        ids += [self.start, *self.tokeniser.encode("assistant\n")]
        return Prompt(tuple(ids), min(stable, len(ids) - 1))

    def call_opening(self) -> list[int]:
        """What stands before a call's object in Qwen's form."""
        return [self.call_open, *self.tokeniser.encode("\n")]

    def _system(self, text: str, tools: Sequence[Tool]) -> list[int]:
        if not tools:
            return self._turn("system", text)
        encode = self.tokeniser.encode
        listing = "".join("\n" + json.dumps(describe(tool), ensure_ascii=False) for tool in tools)
        ids = [self.start, *encode(f"system\n{text}{TOOLS_HEAD}{listing}{TOOLS_FOOT}")]
        ids += [self.call_open, self.call_close, *encode(" XML tags:\n")]
        ids += [self.call_open, *encode(TOOLS_SHAPE), self.call_close]
        return [*ids, self.end, *encode("\n")]

    def _turn(self, role: str, text: str) -> list[int]:
        encode = self.tokeniser.encode
        return [self.start, *encode(f"{role}\n{text}"), self.end, *encode("\n")]

    def _assistant(self, message: Message) -> list[int]:
        encode = self.tokeniser.encode
        if not message.tool_calls:
            return self._turn("assistant", message.content)
        ids = [self.start, *encode("assistant" + (f"\n{message.content}" if message.content else ""))]
        for call in message.tool_calls:
            ids += [*encode("\n"), self.call_open, *encode(written(call)), self.call_close]
        return [*ids, self.end, *encode("\n")]

    def _tool_result(self, text: str, first: bool, last: bool) -> list[int]:
        encode = self.tokeniser.encode
        ids = [self.start, *encode("user")] if first else []
        ids += encode(f"\n<tool_response>\n{text}\n</tool_response>")
        return [*ids, self.end, *encode("\n")] if last else ids


def describe(tool: Tool) -> dict[str, object]:
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
    }


def written(call: ToolCall) -> str:
    return f'\n{{"name": {json.dumps(call.name, ensure_ascii=False)}, "arguments": {call.arguments}}}\n'
