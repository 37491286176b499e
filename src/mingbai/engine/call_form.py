"""A whole tool call as one JSON object: the schema that holds the model to it, and a reader that takes it apart as it streams.

The object is written as a whole, not its arguments alone, because these weights close both braces with one token: held
to the arguments alone they may not write it, and would rather write another digit (0.6 became 0.6000000000000001).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mingbai.values.chat import Tool
from mingbai.values.json import JsonObject, JsonValue

HEAD = re.compile(r'\s*\{\s*"name"\s*:\s*"([^"\\]{1,64})"\s*,\s*"arguments"\s*:\s*')


def call_schema(tools: Sequence[Tool]) -> JsonObject:
    """A call of one of the tools, with arguments of its parameters' schema."""
    if len(tools) == 1:
        return _one(tools[0], "#")
    return {"anyOf": [_one(tool, f"#/anyOf/{i}") for i, tool in enumerate(tools)]}


def _one(tool: Tool, at: str) -> JsonObject:
    arguments = _moved({"type": "object", **tool.parameters}, f"{at}/properties/arguments")
    if not tool.parameters.get("properties"):
        arguments = {"type": "object", "properties": {}, "additionalProperties": False}
    return {
        "type": "object",
        "properties": {"name": {"enum": [tool.name]}, "arguments": arguments},
        "required": ["name", "arguments"],
        "additionalProperties": False,
    }


def _moved(schema: JsonValue, to: str) -> JsonValue:
    """The schema with its references (which start at its root) pointing to where it now stands."""
    if isinstance(schema, Mapping):
        return {
            k: to + v[1:] if k == "$ref" and isinstance(v, str) and v.startswith("#") else _moved(v, to)
            for k, v in schema.items()
        }
    if isinstance(schema, Sequence) and not isinstance(schema, str):
        return [_moved(v, to) for v in schema]
    return schema


@dataclass(slots=True)
class CallReader:
    """Feed it the object's text in pieces; it gives the arguments' text as it comes. One per call."""

    name: str = ""  # "" until it has been read
    whole: bool = False  # the arguments are complete
    _head: str = field(default="", repr=False)
    _depth: int = 0
    _quoted: bool = False
    _escaped: bool = False

    def feed(self, piece: str) -> str:
        """The next bit of the arguments; what stands around them is dropped."""
        if not self.name:
            self._head += piece
            head = HEAD.match(self._head)
            if head is None or head.end() == len(self._head):
                return ""
            self.name, piece = head[1], self._head[head.end() :]
        if self.whole:
            return ""
        for at, letter in enumerate(piece):
            self._step(letter)
            if self.whole:
                return piece[: at + 1]
        return piece

    def _step(self, letter: str) -> None:
        if self._escaped:
            self._escaped = False
        elif self._quoted:
            self._escaped = letter == "\\"
            self._quoted = letter != '"'
        elif letter == '"':
            self._quoted = True
        elif letter in "{[":
            self._depth += 1
        elif letter in "}]":
            self._depth -= 1
            self.whole = self._depth == 0
