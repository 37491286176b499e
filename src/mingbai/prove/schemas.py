"""From the function documents of the two public sets to the `tools` of an OpenAI request, and a check of arguments against them.

The check knows the part of JSON Schema that the documents use: `type`, `properties`, `required`, `items`, `enum`, `minimum`,
`maximum`, `pattern`, `patternProperties`, `additionalProperties` (true, false). It does not check `format`. An object that lists its properties
takes no others unless it says so: the function behind it would refuse them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from mingbai.values.chat import Tool
from mingbai.values.json import JsonObject, JsonValue

# BFCL writes types as Python, Java and JavaScript name them. What is not listed is a string, as in its own harness.
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("integer", "int", "long", "short", "byte", "Bigint", "BigInt"), "integer"),
        **dict.fromkeys(("number", "float", "double", "Float", "Double"), "number"),
        **dict.fromkeys(("boolean", "bool", "Boolean"), "boolean"),
        **dict.fromkeys(("array", "list", "tuple", "Array", "ArrayList", "Queue", "Stack"), "array"),
        **dict.fromkeys(("dict", "object", "HashMap", "Hashtable", "Map"), "object"),
    }
)
_NAME_LIMIT = 64


def to_tools(documents: Sequence[JsonObject]) -> tuple[tuple[Tool, ...], Mapping[str, str]]:
    """The tools, and the document's name for each tool's name.

    OpenAI allows only letters, digits, `_` and `-` in a name, 64 at most: other characters become `_`, as in BFCL's
    harness; names that would then be the same get a number.
    """
    tools: list[Tool] = []
    originals: dict[str, str] = {}
    for document in documents:
        original = str(document["name"])
        stem = re.sub(r"[^a-zA-Z0-9_-]", "_", original)[:_NAME_LIMIT]
        name, count = stem, 2
        while name in originals:
            tail = f"_{count}"
            name, count = stem[: _NAME_LIMIT - len(tail)] + tail, count + 1
        originals[name] = original
        # Some ACEBench documents say "arguments" where the others say "parameters".
        parameters = _mapping(document.get("parameters") or document.get("arguments"))
        schema = {**to_json_schema(parameters), "type": "object"}
        schema.setdefault("properties", {})
        tools.append(Tool(name, str(document.get("description") or ""), schema))
    return tuple(tools), MappingProxyType(originals)


def to_json_schema(schema: JsonObject) -> dict[str, JsonValue]:
    """The same schema with JSON's types. `optional` is not JSON Schema (`required` says it) and is left out."""
    result: dict[str, JsonValue] = {}
    for key, value in schema.items():
        if key == "properties":
            result[key] = {name: to_json_schema(_mapping(inner)) for name, inner in _mapping(value).items()}
        elif key == "items":
            result[key] = to_json_schema(_mapping(value))
        elif key != "optional":
            result[key] = value
    result["type"] = _TYPES.get(str(schema.get("type")), "string")
    return result


def schema_fault(schema: JsonObject, value: JsonValue, path: str = "") -> str:
    """Where `value` first breaks `schema`, or ""."""
    kind = schema.get("type")
    if isinstance(kind, str) and not _is(kind, value):
        return f"{path or '.'}: not of type {kind}"
    if "enum" in schema and not any(_same(value, choice) for choice in _items(schema["enum"])):
        return f"{path}: not one of the choices"
    return next((fault for fault in _inner_faults(schema, value, path) if fault), "")


def _inner_faults(schema: JsonObject, value: JsonValue, path: str) -> Iterable[str]:
    if isinstance(value, Mapping):
        yield from _object_faults(schema, value, path)
    elif isinstance(value, str):
        pattern = schema.get("pattern")
        if isinstance(pattern, str) and not re.search(pattern, value):
            yield f"{path}: does not match {pattern}"
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield schema_fault(_mapping(schema.get("items")), item, f"{path}[{index}]")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        low, high = schema.get("minimum"), schema.get("maximum")
        if isinstance(low, int | float) and value < low:
            yield f"{path}: under {low}"
        if isinstance(high, int | float) and value > high:
            yield f"{path}: over {high}"


def _object_faults(schema: JsonObject, value: JsonObject, path: str) -> Iterable[str]:
    properties, patterns = _mapping(schema.get("properties")), _mapping(schema.get("patternProperties"))
    for name in _items(schema.get("required")):
        if name not in value:
            yield f"{path}.{name}: required, missing"
    open_ended = schema.get("additionalProperties", not properties and not patterns)
    for name, item in value.items():
        inner = [properties[name]] if name in properties else []
        inner += [entry for pattern, entry in patterns.items() if re.search(pattern, name)]
        if not inner and open_ended is False:
            yield f"{path}.{name}: no such property"
        for entry in inner:
            yield schema_fault(_mapping(entry), item, f"{path}.{name}")


def _is(kind: str, value: JsonValue) -> bool:
    match kind:
        case "object":
            return isinstance(value, Mapping)
        case "array":
            return isinstance(value, list | tuple)
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
            return whole and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "null":
            return value is None
        case _:
            return True


def _same(one: JsonValue, other: JsonValue) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _mapping(value: JsonValue) -> JsonObject:
    return value if isinstance(value, Mapping) else {}


def _items(value: JsonValue) -> Sequence[JsonValue]:
    return value if isinstance(value, list | tuple) else []
