from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.engine.constrain import loosened, usable
from mingbai.values.errors import BadInput

ORDER = {
    "type": "object",
    "properties": {
        "order_no": {"type": "string", "pattern": "^MB[0-9]{8}-[0-9]{4}$", "description": "订单号"},
        "state": {"enum": ["paid", "sent", None]},
        "weights": {"type": "array", "items": {"type": "number", "minimum": 0, "unit": "kg"}, "maxItems": 3},
        "next": {"$ref": "#/$defs/day"},
        "extra": True,
    },
    "required": ["order_no"],
    "additionalProperties": False,
    "$defs": {"day": {"type": ["string", "null"], "format": "date"}},
}


def test_common_keywords_pass_and_keep_their_order() -> None:
    made = usable(ORDER, "tools")
    assert made == {**ORDER, "properties": {**ORDER["properties"], "extra": {}}}  # type: ignore[dict-item]
    assert list(made["properties"]) == list(ORDER["properties"])  # type: ignore[arg-type, call-overload]


def test_an_object_with_properties_is_closed_unless_it_says_otherwise() -> None:
    """Left open, the model invents fields under the wheel's grammar."""
    named = {"type": "object", "properties": {"a": {"type": "string"}}}
    assert usable(named, "tools") == {**named, "additionalProperties": False}
    assert usable({**named, "additionalProperties": True}, "tools") == {**named, "additionalProperties": True}
    assert usable({"allOf": [named]}, "tools") == {"allOf": [named]}


def test_a_format_that_is_only_an_annotation_is_left_out() -> None:
    """The wheel's compiler drops the whole schema for it."""
    assert usable({"type": "string", "format": "uri"}, "tools") == {"type": "string"}
    assert usable({"type": "string", "format": "date"}, "tools") == {"type": "string", "format": "date"}


@pytest.mark.parametrize(
    ("schema", "named"),
    [
        ({"type": "nonsense"}, "$.type"),
        ({"type": 5}, "$.type"),
        ({"type": "array", "uniqueItems": True}, "$.uniqueItems"),
        ({"not": {"type": "string"}}, "$.not"),
        ({"properties": {"a": {"if": {}, "then": {}}}}, "$.properties.a."),
        ({"properties": 5}, "$.properties"),
        ({"type": "integer", "minimum": 5, "maximum": 2}, "$.minimum"),
        ({"type": "string", "minLength": "x"}, "$.minLength"),
        ({"$ref": "#/$defs/none"}, "$.$ref"),
        ({"$ref": "https://example.com/x"}, "$.$ref"),
        ({"type": "string", "pattern": "^(?=a)b"}, "$.pattern"),
        ({"type": "string", "pattern": "((("}, "$.pattern"),
        ({"anyOf": []}, "$.anyOf"),
        ({"enum": []}, "$.enum"),
        ({"required": 5}, "$.required"),
        ({"items": False, "type": "array", "prefixItems": [False]}, "$.prefixItems"),
    ],
)
def test_what_cannot_be_promised_is_refused_by_name(schema: dict[str, Any], named: str) -> None:
    with pytest.raises(BadInput) as refused:
        usable(schema, "response_format")
    assert named in refused.value.what.en
    assert (refused.value.code, refused.value.param) == ("invalid_schema", "response_format")


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "properties", "items", "enum", "$ref", "anyOf", "pattern", "required", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from(["type", "properties", "items", "anyOf", "$ref", "minimum"]), ANY_JSON)
)
def test_any_json_is_either_usable_or_refused(schema: dict[str, Any]) -> None:
    with suppress(BadInput):
        usable(schema, "tools")


def test_a_tool_that_is_not_strict_keeps_what_can_be_promised():
    schema = {
        "type": "object",
        "properties": {
            "roles": {"type": "object", "patternProperties": {"^r": {"type": "string"}}},
            "ids": {"type": "array", "items": {"type": "integer", "multipleOf": 5}, "uniqueItems": True},
        },
        "minProperties": 1,
    }
    kept = loosened(schema)
    assert kept == {
        "type": "object",
        "properties": {
            "roles": {"type": "object", "additionalProperties": {"type": "string"}},
            "ids": {"type": "array", "items": {"type": "integer"}},
        },
    }
    assert usable(kept, "tools")
    with pytest.raises(BadInput):
        usable(schema, "tools")
