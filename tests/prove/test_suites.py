"""Documents to tools, the schema check, and the public rows where the shared data is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from mingbai.prove.graders.calls import Call
from mingbai.prove.schemas import schema_fault, to_json_schema, to_tools
from mingbai.prove.suites import SUITES, Case, Suite, grade, load
from mingbai.values.errors import NotFound

DATA = Path(__file__).parents[3] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the shared data is not at {DATA}")
BY_SUITE = pytest.mark.parametrize("suite", SUITES, ids=[suite.name for suite in SUITES])


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("dict", "object"),
        ("HashMap", "object"),
        ("float", "number"),
        ("long", "integer"),
        ("tuple", "array"),
        ("ArrayList", "array"),
        ("Array", "array"),
        ("Boolean", "boolean"),
        ("String", "string"),
        ("any", "string"),
        ("", "string"),
        (None, "string"),
    ],
)
def test_types(theirs: str | None, ours: str) -> None:
    assert to_json_schema({} if theirs is None else {"type": theirs})["type"] == ours


def test_types_are_turned_at_every_depth_and_the_rest_is_kept() -> None:
    schema: dict[str, Any] = {
        "type": "dict",
        "properties": {
            "type": {"type": "tuple", "items": {"type": "float"}, "optional": True, "default": [0.0]}
        },
        "required": ["type"],
    }
    assert to_json_schema(schema) == {
        "type": "object",
        "properties": {"type": {"type": "array", "items": {"type": "number"}, "default": [0.0]}},
        "required": ["type"],
    }


def test_names_fit_openais_rule_and_lead_back() -> None:
    long = "very." * 20
    tools, originals = to_tools([{"name": name} for name in ("a.b", "a_b", "a.b", "天气", long)])
    names = [tool.name for tool in tools]
    assert names[:4] == ["a_b", "a_b_2", "a_b_3", "__"]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) for name in names)
    assert [originals[name] for name in names] == ["a.b", "a_b", "a.b", "天气", long]
    assert tools[0].parameters == {"type": "object", "properties": {}}


def test_arguments_in_place_of_parameters() -> None:
    [tool], _ = to_tools(
        [{"name": "f", "arguments": {"type": "object", "properties": {"x": {"type": "dict"}}}}]
    )
    assert tool.parameters["properties"] == {"x": {"type": "object"}}


SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "n": {"type": "integer", "minimum": 1, "maximum": 9},
        "x": {"type": "number"},
        "s": {"type": "string", "pattern": "^[A-Z]"},
        "e": {"enum": ["a", 1]},
        "b": {"type": "boolean"},
        "l": {"type": "array", "items": {"type": "string"}},
        "o": {"type": "object", "properties": {"k": {"type": "string"}}, "required": ["k"]},
        "free": {"type": "object"},
        "p": {"type": "object", "patternProperties": {"^m": {"type": "integer"}}},
    },
    "required": ["n"],
}


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ({"n": 1}, True),
        ({"n": 2.0}, True),
        ({}, False),
        ({"n": True}, False),
        ({"n": "1"}, False),
        ({"n": 1.5}, False),
        ({"n": 0}, False),
        ({"n": 10}, False),
        ({"n": None}, False),
        ({"n": 1, "more": 1}, False),
        ({"n": 1, "x": 1}, True),
        ({"n": 1, "x": False}, False),
        ({"n": 1, "s": "Abc"}, True),
        ({"n": 1, "s": "abc"}, False),
        ({"n": 1, "e": 1}, True),
        ({"n": 1, "e": True}, False),
        ({"n": 1, "b": 1}, False),
        ({"n": 1, "l": ["a"]}, True),
        ({"n": 1, "l": ["a", 1]}, False),
        ({"n": 1, "l": "a"}, False),
        ({"n": 1, "o": {"k": "v"}}, True),
        ({"n": 1, "o": {}}, False),
        ({"n": 1, "o": {"k": "v", "z": 1}}, False),
        ({"n": 1, "free": {"z": 1}}, True),
        ({"n": 1, "p": {"m1": 1}}, True),
        ({"n": 1, "p": {"m1": "1"}}, False),
        ({"n": 1, "p": {"q": 1}}, False),
        ([], False),
    ],
)
def test_schema_check(value: Any, fits: bool) -> None:
    assert (schema_fault(SCHEMA, value) == "") is fits


def test_data_that_is_not_there_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=re.escape(str(tmp_path))):
        load(tmp_path, SUITES[0])


@needs_data
@BY_SUITE
def test_every_row_becomes_a_case(suite: Suite) -> None:
    cases = load(DATA, suite)
    assert len(cases) > 40
    for case in cases:
        assert case.messages[-1].role == "user"
        assert not case.messages[-1].content.startswith("user:")
        assert case.tools
        assert bool(case.expected) is (suite.name != "bfcl_irrelevance")


@needs_data
@BY_SUITE
def test_the_datas_own_answer_is_right_valid_and_nothing_is_wrong(suite: Suite) -> None:
    for case in load(DATA, suite):
        calls = _own_answer(case)
        assert grade(case, calls).right, case.id
        assert grade(case, calls).strict, case.id
        assert not grade(case, [*calls, Call("no_such_function", {})]).right, case.id
        if calls:
            assert not grade(case, []).right, case.id
            assert not grade(
                case, [Call(calls[0].name, {**(calls[0].arguments or {}), "zz": 1}), *calls[1:]]
            ).right


@needs_data
def test_a_draw_is_the_same_for_the_same_seed() -> None:
    suite = SUITES[2]
    first, again, other = (load(DATA, suite, limit=20, seed=seed) for seed in (1, 1, 2))
    assert [case.id for case in first] == [case.id for case in again]
    assert [case.id for case in first] != [case.id for case in other]
    assert len(load(DATA, suite, limit=10_000)) == len(load(DATA, suite))


def _own_answer(case: Case) -> list[Call]:
    """The ground truth as calls of tools, as a faultless model would write them."""
    tool_name = {original: name for name, original in case.originals.items()}
    if case.suite.startswith("acebench"):
        named = (
            (re.sub(r"_\d+$", "", key) if key not in tool_name else key, a)
            for key, a in case.expected.items()
        )
        return [Call(tool_name[name], arguments) for name, arguments in named]
    calls = []
    for expected in case.expected:
        [(name, accepted)] = expected.items()
        arguments = {key: _chosen(values) for key, values in accepted.items() if values[0] != ""}
        calls.append(Call(tool_name[name], arguments))
    return calls


def _chosen(values: list[Any]) -> Any:
    """The first accepted value; inside objects every key again has a list of them."""
    first = values[0]
    if isinstance(first, dict):
        return {key: _chosen(inner) for key, inner in first.items() if inner[0] != ""}
    if isinstance(first, list) and first and isinstance(first[0], dict):
        return [_chosen([item]) for item in first]
    return first
