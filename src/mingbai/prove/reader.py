"""Reads calls out of an answer's text, as generously as a reasonable client would.

The first of these that yields a call counts: `<tool_call>` blocks, fenced blocks, JSON anywhere in the text, calls in
Python's notation. JSON may be one call, a list, or an object that holds the list; names and arguments may go by their
usual other keys, arguments may be JSON text, OpenAI's `{"function": {…}}` and `{name: {arguments}}` are understood, single
quotes and True/None too, and brackets that are left out or too many are mended. Not read: a call that is cut inside a
value, JSON that is broken in other ways, prose that describes a call.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence

from mingbai.prove.graders.calls import Call
from mingbai.values.chat import Tool
from mingbai.values.json import JsonObject, JsonValue

_TAGGED = re.compile(r"<tool_call>(.*?)(?:</tool_call>|$)", re.DOTALL)
_FENCED = re.compile(r"```[a-zA-Z_]*\s*\n?(.*?)```", re.DOTALL)
_NAME_KEYS = ("name", "function", "function_name", "tool", "tool_name", "api", "api_name")
_ARGUMENT_KEYS = ("arguments", "parameters", "args", "params", "kwargs", "input", "tool_input")
_LIST_KEYS = ("tool_calls", "function_calls", "calls", "functions", "tools", "function_call", "tool_call")
_PARTNER: Mapping[str, str] = {"{": "}", "[": "]"}
_WORDS: Mapping[str, JsonValue] = {"true": True, "false": False, "null": None}


def parse_calls(text: str, tools: Sequence[Tool], known: Sequence[str] = ()) -> tuple[Call, ...]:
    """The calls in an answer. `known` are further names the functions go by."""
    parameters = {tool.name: _parameter_names(tool) for tool in tools}
    for name in known:
        parameters.setdefault(name, ())
    readings = (
        (block for block in _TAGGED.findall(text)),
        (block for block in _FENCED.findall(text)),
        iter((text,)),
    )
    for blocks in readings:
        calls = [call for block in blocks for call in _read(block, parameters)]
        if calls:
            return tuple(calls)
    return ()


def _read(block: str, parameters: Mapping[str, Sequence[str]]) -> list[Call]:
    found = [call for value in _json_values(block) for call in _calls_in(value, parameters)]
    return found or list(_python_calls(block, parameters))


# JSON -----------------------------------------------------------------------------------------------------------------


def _json_values(text: str) -> Iterator[JsonValue]:
    """Every object or list that stands in the text, outermost first, not those inside another."""
    decoder = json.JSONDecoder(strict=False)
    at, last = 0, max(text.rfind("}"), text.rfind("]"))
    while 0 <= (start := _next_bracket(text, at)) < last:
        try:
            value, at = decoder.raw_decode(text, start)
            yield value
        except (ValueError, RecursionError):
            value, at = _mended(text, start)
            if isinstance(value, dict | list):
                yield value


def _next_bracket(text: str, at: int) -> int:
    return min((index for index in (text.find("{", at), text.find("[", at)) if index >= 0), default=-1)


def _mended(text: str, start: int) -> tuple[JsonValue, int]:
    """The value at `start` with its brackets paired, JSON or Python, and where to read on; None where that does not help."""
    paired, end = _paired(text, start)
    try:
        return json.loads(paired, strict=False), end
    except (ValueError, RecursionError):
        value = _literal(paired)
        return (value, end) if isinstance(value, dict | list) else (None, start + 1)


def _paired(text: str, start: int) -> tuple[str, int]:
    """From the bracket at `start` to its partner: a closing bracket that was left out is put in, one too many is dropped.

    At the end of the text what is open is closed, unless the text ends inside a value: then the answer was cut.
    """
    kept: list[str] = []
    open_, quote, index = [], "", start
    while index < len(text):
        letter = text[index]
        index += 1
        if quote:
            if letter == "\\":
                letter += text[index : index + 1]
                index += 1
            elif letter == quote:
                quote = ""
        elif letter in "\"'":
            quote = letter
        elif letter in _PARTNER:
            open_.append(_PARTNER[letter])
        elif letter in "}]":
            if letter not in open_:
                continue
            while (partner := open_.pop()) != letter:
                kept.append(partner)
            if not open_:
                return "".join([*kept, letter]), index
        kept.append(letter)
    whole = not quote and "".join(kept[-20:]).rstrip().endswith(("}", "]"))
    return "".join([*kept, *reversed(open_)]) if whole else "", len(text)


def _calls_in(value: JsonValue, parameters: Mapping[str, Sequence[str]]) -> Iterator[Call]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _calls_in(item, parameters)
    elif isinstance(value, Mapping):
        yield from _calls_in_object(value, parameters)


def _calls_in_object(value: JsonObject, parameters: Mapping[str, Sequence[str]]) -> Iterator[Call]:
    nested = value.get("function")
    name_key = next((key for key in _NAME_KEYS if isinstance(value.get(key), str)), None)
    argument_key = next((key for key in _ARGUMENT_KEYS if key in value), None)
    if isinstance(nested, Mapping):
        yield from _calls_in_object(nested, parameters)
    elif name_key is not None and argument_key is not None:
        arguments = value[argument_key]
        if not _is_document(arguments):
            yield Call(str(value[name_key]), _arguments(arguments))
    elif name_key is not None and value[name_key] in parameters and "description" not in value:
        yield Call(str(value[name_key]), {key: item for key, item in value.items() if key != name_key})
    elif value and all(key in parameters and isinstance(item, Mapping) for key, item in value.items()):
        yield from (Call(key, _arguments(item)) for key, item in value.items())
    else:
        for key in _LIST_KEYS:
            yield from _calls_in(value.get(key), parameters)


def _is_document(arguments: JsonValue) -> bool:
    """The model repeated a function's document instead of calling it."""
    return (
        isinstance(arguments, Mapping)
        and isinstance(arguments.get("properties"), Mapping)
        and arguments.get("type") in ("object", "dict")
    )


def _arguments(value: JsonValue) -> JsonObject | None:
    if isinstance(value, str):
        value = next(_json_values(value), "") if value.strip() else None
    if value is None:
        return {}
    return value if isinstance(value, Mapping) else None


# Python ---------------------------------------------------------------------------------------------------------------


def _python_calls(text: str, parameters: Mapping[str, Sequence[str]]) -> Iterator[Call]:
    """Calls of known functions: the whole text as Python if it is, else from each place where a known name is followed by `(`."""
    if not parameters:
        return
    at = 0
    names = "|".join(sorted((re.escape(name) for name in parameters), key=len, reverse=True))
    for match in re.finditer(rf"(?<![\w.])({names})\s*\(", text):
        if match.start() < at:
            continue  # inside the arguments of the call before
        for end in (index + 1 for index in range(match.end() - 1, len(text)) if text[index] == ")"):
            node = _expression(text[match.start() : end])
            if isinstance(node, ast.Call):
                positional = zip(parameters[match[1]], node.args, strict=False)
                arguments = {name: _value(item) for name, item in positional}
                arguments |= {word.arg: _value(word.value) for word in node.keywords if word.arg}
                yield Call(match[1], arguments)
                at = end
                break


def _expression(text: str) -> ast.expr | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # the model's escapes are not ours to mend
            return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _literal(text: str) -> JsonValue:
    """A Python literal, JSON's true, false and null among it; None where it is no such thing."""
    node = _expression(text)
    return _value(node) if node is not None else None


def _value(node: ast.expr) -> JsonValue:
    match node:
        case ast.Constant(value=str() | int() | float() | None as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return [_value(item) for item in items]
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return {str(_value(key)): _value(value) for key, value in pairs if key is not None}
        case ast.Name(id=name) if name in _WORDS:
            return _WORDS[name]
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=words):
            return {word.arg: _value(word.value) for word in words if word.arg}
        case _:
            return ast.unparse(node)  # an expression stays as its text, as BFCL's reader has it


def _parameter_names(tool: Tool) -> tuple[str, ...]:
    properties = tool.parameters.get("properties")
    return tuple(properties) if isinstance(properties, Mapping) else ()
