"""Which JSON schemas the local engine can really hold an answer to.

The wheel's grammar compiler drops a schema it cannot compile without a word and lets the model write what it likes;
the native build ignores the keywords it does not know. So a schema is checked here first, against what both of them
were seen to honour (bench/schema_keywords.py), and refused by name otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import cast

from mingbai.values.errors import BadInput, Text
from mingbai.values.json import JsonObject, JsonValue

TYPES = frozenset(("object", "array", "string", "number", "integer", "boolean", "null"))
# Keywords that ask for something and that not both builds honour.
REFUSED = frozenset(
    (
        *("not", "if", "then", "else", "contains", "minContains", "maxContains", "uniqueItems", "multipleOf"),
        *("propertyNames", "dependentRequired", "dependentSchemas", "dependencies", "patternProperties"),
        *("minProperties", "maxProperties", "unevaluatedItems", "unevaluatedProperties", "$dynamicRef"),
    )
)
# `format` is an annotation in JSON Schema; these are also enforced, any other is left out before the engine sees it.
FORMATS = frozenset(("date", "time", "date-time", "uuid"))
MAPS = ("properties", "$defs", "definitions")
LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
ONES = ("items", "additionalProperties")
RANGES = (
    ("minimum", "maximum"),
    ("exclusiveMinimum", "maximum"),
    ("minimum", "exclusiveMaximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
)


def usable(schema: JsonObject, param: str) -> JsonObject:
    """The schema as the engine gets it. Raises `BadInput` naming the keyword that cannot be promised."""
    return cast(JsonObject, _checked(schema, schema, param, "$"))


def loosened(schema: JsonValue) -> JsonValue:
    """The schema without what cannot be promised, for a tool that does not ask to be strict: as in OpenAI's own
    service its arguments are then JSON of the right fields and types, and the function checks the rest itself."""
    if not isinstance(schema, Mapping):
        return schema
    kept = {k: v for k, v in schema.items() if k not in REFUSED}
    if "patternProperties" in schema and not schema.get("properties"):
        kinds = schema["patternProperties"]
        values = list(kinds.values()) if isinstance(kinds, Mapping) else []
        kept.setdefault("additionalProperties", values[0] if len(values) == 1 else True)
    for keyword in MAPS:
        if isinstance(inner := kept.get(keyword), Mapping):
            kept[keyword] = {k: loosened(v) for k, v in inner.items()}
    for keyword in LISTS:
        options = kept.get(keyword)
        if isinstance(options, Sequence) and not isinstance(options, str):
            kept[keyword] = [loosened(v) for v in options]
    for keyword in ONES:
        if keyword in kept:
            kept[keyword] = loosened(kept[keyword])
    return kept


def _checked(schema: JsonValue, root: JsonObject, param: str, where: str) -> JsonValue:
    if schema is True:
        return {}
    if not isinstance(schema, Mapping):
        raise _refused(param, where)
    for keyword in schema.keys() & REFUSED:
        if schema[keyword] is not False:  # `uniqueItems: false` asks for nothing
            raise _refused(param, f"{where}.{keyword}")
    _check_type(schema, param, where)
    _check_ranges(schema, param, where)
    _check_reference(schema, root, param, where)
    _check_pattern(schema, param, where)
    made = {k: v for k, v in schema.items() if k != "format" or str(v) in FORMATS}
    for keyword in MAPS:
        if isinstance(inner := schema.get(keyword), Mapping):
            made[keyword] = {k: _checked(v, root, param, f"{where}.{keyword}.{k}") for k, v in inner.items()}
        elif keyword in schema:
            raise _refused(param, f"{where}.{keyword}")
    for keyword in LISTS:
        if keyword in schema:
            options = schema[keyword]
            if not isinstance(options, Sequence) or isinstance(options, str) or not options:
                raise _refused(param, f"{where}.{keyword}")
            made[keyword] = [_checked(v, root, param, f"{where}.{keyword}") for v in options]
    # Left open, the wheel's grammar lets the model invent fields, the native one does not; nobody means an open call.
    if "properties" in schema and "allOf" not in schema and "allOf" not in where:
        made.setdefault("additionalProperties", False)
    for keyword in ONES:
        if keyword in schema and not isinstance(schema[keyword], bool):
            made[keyword] = _checked(schema[keyword], root, param, f"{where}.{keyword}")
    return made


def _check_type(schema: JsonObject, param: str, where: str) -> None:
    kind = schema.get("type", ())
    kinds = (kind,) if isinstance(kind, str) else kind
    if not isinstance(kinds, Sequence) or any(str(k) not in TYPES for k in kinds):
        raise _refused(param, f"{where}.type")
    required = schema.get("required", ())
    if not isinstance(required, Sequence) or any(not isinstance(name, str) for name in required):
        raise _refused(param, f"{where}.required")
    choices = schema.get("enum", (0,))
    if not isinstance(choices, Sequence) or isinstance(choices, str) or not choices:
        raise _refused(param, f"{where}.enum")


def _check_ranges(schema: JsonObject, param: str, where: str) -> None:
    for low, high in RANGES:
        least, most = schema.get(low), schema.get(high)
        for name, value in ((low, least), (high, most)):
            if name in schema and (isinstance(value, bool) or not isinstance(value, int | float)):
                raise _refused(param, f"{where}.{name}")
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            raise _refused(param, f"{where}.{low}")


def _check_reference(schema: JsonObject, root: JsonObject, param: str, where: str) -> None:
    if "$ref" not in schema:
        return
    found: JsonValue = root
    path = schema["$ref"]
    if not isinstance(path, str) or not path.startswith("#"):
        raise _refused(param, f"{where}.$ref")
    for step in path[1:].split("/")[1:]:
        found = found.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping):
        raise _refused(param, f"{where}.$ref")


def _check_pattern(schema: JsonObject, param: str, where: str) -> None:
    if "pattern" not in schema:
        return
    pattern = schema["pattern"]
    if not isinstance(pattern, str) or "(?" in pattern or re.search(r"\\[1-9bBkpP]", pattern):
        raise _refused(param, f"{where}.pattern")
    try:
        re.compile(pattern)
    except re.error as e:
        raise _refused(param, f"{where}.pattern") from e


def _refused(param: str, where: str) -> BadInput:
    return BadInput(
        Text(
            f"JSON schema 的 {where[:200]} 无法保证。",
            f"{where[:200]} of the JSON schema cannot be promised.",
        ),
        Text(
            "请只用 type、properties、required、enum、items、anyOf、minimum、pattern 等，或去掉它。",
            "Keep to type, properties, required, enum, items, anyOf, minimum, pattern and the like, or leave it out.",
        ),
        param=param,
        code="invalid_schema",
    )
