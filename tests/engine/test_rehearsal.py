"""The example that the rehearsal engine makes of a schema: small, and total on whatever stands where a schema should."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingbai.engine.rehearsal import LEVELS, ROOM, example

KEYWORDS = [
    "type",
    "properties",
    "required",
    "items",
    "minItems",
    "minLength",
    "minimum",
    "enum",
    "anyOf",
    "const",
]
KINDS = ["object", "array", "string", "integer", "null"]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from([*KINDS, "a", "𠮷"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*KEYWORDS, "a", "b"]), inner, max_size=5)
    ),
    max_leaves=40,
)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}, {"a": "明"}),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2}, [True, True]),
        ({"type": ["string", "null"], "minLength": 3}, "明明明"),
        ({"type": "number", "minimum": 1.5}, 1.5),
        ({"anyOf": [{"enum": ["home", "office"]}, {"const": 5}]}, "home"),
        ({"const": None}, None),
        # what makes no sense is passed over
        ({"required": [[1]]}, {}),
        ({"required": 5}, {}),
        ({"required": "abc"}, {}),
        ({"properties": 5, "required": ["a"]}, {"a": {}}),
        ({"type": []}, None),
        ({"type": {"a": 1}}, None),
        ({"enum": "abc", "type": "boolean"}, True),
        ({"type": "string", "minLength": -1}, ""),
        ({"type": "integer", "minimum": "low"}, 0),
        (True, {}),
        (5, {}),
    ],
)
def test_examples(schema, value):
    assert example(schema) == value


def nested(levels: int, schema: dict[str, object]) -> dict[str, object]:
    for _ in range(levels):
        schema = {"type": "array", "items": schema, "minItems": 10}
    return schema


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "minLength": 10**12},
        {"type": "array", "minItems": 10**12, "items": {"type": "string", "minLength": 10**12}},
        nested(9, {"type": "string", "minLength": 1000}),
        nested(5000, {"type": "null"}),
        {"required": [f"a{n}" for n in range(100_000)]},
    ],
)
def test_an_example_is_bounded(schema):
    assert len(json.dumps(example(schema))) < 100 * ROOM


def test_the_same_name_a_thousand_times_is_one():
    schema: dict[str, object] = {"type": "null"}
    for _ in range(2 * LEVELS):
        schema = {"properties": {"a": schema}, "required": ["a"] * 1000}
    assert json.dumps(example(schema)).count("a") == LEVELS


@given(JSON)
@settings(deadline=None, max_examples=200)
def test_any_json_has_an_example(schema):
    json.dumps(example(schema))
