"""A call's object: its schema, and reading it cut anywhere."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from mingbai.engine.call_form import CallReader, call_schema
from mingbai.values.chat import Tool

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)  # fmt: skip


@given(st.dictionaries(st.text(), values), st.data(), st.sampled_from([None, 2]))
def test_arguments_come_out_whole_however_the_object_is_cut(arguments, data, indent):
    call = {"name": "query_order", "arguments": arguments}
    text = json.dumps(call, ensure_ascii=False, indent=indent) + "\n}"
    reader, got = CallReader(), ""
    while text:
        size = data.draw(st.integers(1, len(text)))
        got += reader.feed(text[:size])
        assert not reader.name or reader.name == "query_order"
        text = text[size:]
    assert reader.whole
    assert json.loads(got) == arguments


def test_a_cut_object_is_not_whole_and_gives_what_there_is():
    reader = CallReader()
    assert reader.feed('{"name": "f", "arguments": ') == ""
    assert reader.feed('{"a": "}') == '{"a": "}'
    assert not reader.whole


def test_references_point_to_where_the_parameters_stand_now():
    parameters = {
        "type": "object",
        "properties": {"to": {"$ref": "#/$defs/place"}, "again": {"$ref": "#"}},
        "$defs": {"place": {"type": "string"}},
    }
    one = call_schema([Tool("f", "", parameters)])
    assert one["properties"]["arguments"]["properties"]["to"] == {
        "$ref": "#/properties/arguments/$defs/place"
    }
    two = call_schema([Tool("g"), Tool("f", "", parameters)])
    assert two["anyOf"][1]["properties"]["arguments"]["properties"]["again"] == {
        "$ref": "#/anyOf/1/properties/arguments"
    }
    assert parameters["properties"]["to"] == {"$ref": "#/$defs/place"}


def test_a_function_without_parameters_takes_none():
    schema = call_schema([Tool("hours")])
    assert schema["properties"]["arguments"] == {
        "type": "object",
        "properties": {},
        "additionalProperties": False,
    }
