"""The graders, rule by rule: a true and a false case for each. The cases are our own, not rows of the data."""

from __future__ import annotations

from typing import Any

import pytest

from mingbai.prove.graders.acebench import acebench_match
from mingbai.prove.graders.bfcl import bfcl_match
from mingbai.prove.graders.calls import Call, pair_up
from mingbai.values.json import JsonObject

# BFCL -----------------------------------------------------------------------------------------------------------------

PARCEL: JsonObject = {
    "name": "parcel.price",
    "parameters": {
        "type": "dict",
        "properties": {
            "city": {"type": "string"},
            "boxes": {"type": "integer"},
            "weight_kg": {"type": "float"},
            "insured": {"type": "boolean"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "sides_cm": {"type": "array", "items": {"type": "float"}},
            "corner": {"type": "tuple", "items": {"type": "float"}},
            "sender": {"type": "dict", "properties": {"name": {"type": "string"}}},
            "items": {"type": "array", "items": {"type": "dict"}},
            "note": {"type": "any"},
        },
        "required": ["city"],
    },
}
TRACK: JsonObject = {
    "name": "track",
    "parameters": {"type": "dict", "properties": {"no": {"type": "string"}}, "required": ["no"]},
}


def bfcl(accepted: dict[str, list[Any]], given: dict[str, Any] | None) -> bool:
    accepted = {"city": ["Beijing"], **accepted}
    given = {"city": "Beijing", **given} if given is not None else None
    return bfcl_match([{"parcel.price": accepted}], [Call("parcel.price", given)], [PARCEL, TRACK]).right


BFCL_RULES = [
    # rule, accepted values, arguments given, right
    ("an accepted value", {"boxes": [2, 3]}, {"boxes": 3}, True),
    ("another value", {"boxes": [2, 3]}, {"boxes": 4}, False),
    ("left out, empty string accepted", {"boxes": [2, ""]}, {}, True),
    ("left out, empty string not accepted", {"boxes": [2]}, {}, False),
    ("a parameter the answer does not have", {}, {"boxes": 2}, False),
    ("a parameter the function does not have", {"colour": ["red"]}, {"colour": "red"}, False),
    ("required left out, though accepted so", {"city": ["Beijing", ""]}, {"city": "Beijing"}, True),
    ("no arguments at all", {}, None, False),
    ("case does not matter", {"note": ["Handle With Care"]}, {"note": "handle with CARE"}, True),
    ("the dropped punctuation", {"city": ["St. John's, NL"]}, {"city": 'st-john"s_nl'}, True),
    ("other punctuation counts", {"note": ["care"]}, {"note": "care!"}, False),
    ("half of the text", {"city": ["New York"]}, {"city": "New York City"}, False),
    ("text for a number", {"boxes": [2]}, {"boxes": "2"}, False),
    ("a number for text", {"note": ["2"]}, {"note": 2}, False),
    ("an int for a float", {"weight_kg": [2.0]}, {"weight_kg": 2}, True),
    ("an int for a float, answer written as int", {"weight_kg": [2]}, {"weight_kg": 2.0}, True),
    ("a wrong int for a float", {"weight_kg": [2.0]}, {"weight_kg": 3}, False),
    ("a float for an int", {"boxes": [2]}, {"boxes": 2.0}, False),
    ("a bool for an int", {"boxes": [1]}, {"boxes": True}, False),
    ("a bool", {"insured": [True]}, {"insured": True}, True),
    ("the other bool", {"insured": [True]}, {"insured": False}, False),
    ("text for a bool", {"insured": [True]}, {"insured": "true"}, False),
    ("a variable's name", {"boxes": ["n_boxes"]}, {"boxes": "n_boxes"}, True),
    ("a variable's name is exact", {"boxes": ["n_boxes"]}, {"boxes": "N Boxes"}, False),
    ("a list", {"tags": [["A-1", "b"]]}, {"tags": ["a1", "B"]}, True),
    ("a list in another order", {"tags": [["a", "b"]]}, {"tags": ["b", "a"]}, False),
    ("a list in another order, accepted", {"tags": [["a", "b"], ["b", "a"]]}, {"tags": ["b", "a"]}, True),
    ("a shorter list", {"tags": [["a", "b"]]}, {"tags": ["a"]}, False),
    ("one value instead of a list", {"tags": [["a"]]}, {"tags": "a"}, False),
    ("numbers in a list", {"sides_cm": [[1.0, 2.5]]}, {"sides_cm": [1.0, 2.5]}, True),
    ("an int in a list of floats", {"sides_cm": [[1.0, 2.5]]}, {"sides_cm": [1, 2.5]}, False),
    ("a list for a tuple", {"corner": [[1.5, 2.5]]}, {"corner": [1.5, 2.5]}, True),
    ("another tuple", {"corner": [[1.5, 2.5]]}, {"corner": [2.5, 1.5]}, False),
    ("an object", {"sender": [{"name": ["Li Hua"], "age": [30, ""]}]}, {"sender": {"name": "li hua"}}, True),
    (
        "an object, key missing",
        {"sender": [{"name": ["Li"], "age": [30]}]},
        {"sender": {"name": "Li"}},
        False,
    ),
    (
        "an object, key too many",
        {"sender": [{"name": ["Li"]}]},
        {"sender": {"name": "Li", "age": 1}},
        False,
    ),
    ("an object, another value", {"sender": [{"name": ["Li"]}]}, {"sender": {"name": "Wu"}}, False),
    ("text for an object", {"sender": [{"name": ["Li"]}]}, {"sender": "Li"}, False),
    ("a list of objects", {"items": [[{"n": [1]}, {"n": [2, 3]}]]}, {"items": [{"n": 1}, {"n": 3}]}, True),
    (
        "objects in another order",
        {"items": [[{"n": [1]}, {"n": [2]}]]},
        {"items": [{"n": 2}, {"n": 1}]},
        False,
    ),
    ("fewer objects", {"items": [[{"n": [1]}, {"n": [2]}]]}, {"items": [{"n": 1}]}, False),
    ("text among objects", {"items": [[{"n": [1]}]]}, {"items": ["n"]}, False),
]


@pytest.mark.parametrize(("rule", "accepted", "given", "right"), BFCL_RULES, ids=[r[0] for r in BFCL_RULES])
def test_bfcl_arguments(
    rule: str, accepted: dict[str, list[Any]], given: dict[str, Any] | None, right: bool
) -> None:
    assert bfcl(accepted, given) is right


def test_bfcl_a_required_parameter_may_not_be_left_out_even_if_the_answer_says_so() -> None:
    verdict = bfcl_match([{"track": {"no": ["SF1", ""]}}], [Call("track", {})], [TRACK])
    assert not verdict.right
    assert verdict.reason == "no: required, not given"


@pytest.mark.parametrize(
    ("names", "right"),
    [
        (["1", "2"], True),
        (["2", "1"], True),  # parallel calls come in any order
        (["1", "1"], False),
        (["1"], False),
        (["1", "2", "2"], False),
        ([], False),
    ],
)
def test_bfcl_parallel(names: list[str], right: bool) -> None:
    truth = [{"track": {"no": ["1"]}}, {"track": {"no": ["2"]}}]
    assert bfcl_match(truth, [Call("track", {"no": name}) for name in names], [TRACK]).right is right


def test_bfcl_another_function() -> None:
    truth = [{"track": {"no": ["1"]}}]
    assert bfcl_match(truth, [Call("track", {"no": "1"})], [PARCEL, TRACK]).right
    assert not bfcl_match(truth, [Call("parcel.price", {"no": "1"})], [PARCEL, TRACK]).right
    assert not bfcl_match(truth, [Call("Track", {"no": "1"})], [PARCEL, TRACK]).right


def test_a_call_that_fits_two_does_not_rob_the_other() -> None:
    """The first wanted takes either; the second only "a", so "a" must be left to it."""
    either, only_a = {"a", "b"}, {"a"}

    def fault(wanted: set[str], call: Call) -> str:
        return "" if call.name in wanted else "no"

    calls = [Call("a", {}), Call("b", {})]
    assert pair_up([either, only_a], calls, fault) == ""
    assert pair_up([only_a, only_a], calls, fault) == "no"


# ACEBench -------------------------------------------------------------------------------------------------------------

LAMP: JsonObject = {
    "name": "set_lamp",
    "parameters": {
        "type": "object",
        "properties": {
            "room": {"type": "string"},
            "mode": {"type": "string", "enum": ["auto", "automatic"]},
            "day": {"type": "string", "format": "date"},
            "level": {"type": "number"},
            "on": {"type": "boolean"},
            "scene": {"type": "object", "properties": {"name": {"type": "string"}}},
            "colours": {"type": "array", "items": {"type": "string"}},
        },
    },
}
COUNTED: JsonObject = {
    "name": "report_2",
    "arguments": {"type": "object", "properties": {"id": {"type": "string"}}},
}

BOTH, LENIENT, WRONG = (True, True), (True, False), (False, False)
ACEBENCH_RULES: list[tuple[str, dict[str, Any], dict[str, Any] | None, tuple[bool, bool]]] = [
    # rule, answer, arguments given, (right, strict)
    ("the same", {"room": "客厅", "level": 50}, {"level": 50, "room": "客厅"}, BOTH),
    ("widths and case", {"room": "ＶＩＰ室"}, {"room": "vip室"}, BOTH),
    ("space and punctuation", {"room": "二楼，客厅。"}, {"room": "二楼 客厅"}, BOTH),
    ("another room", {"room": "客厅"}, {"room": "卧室"}, WRONG),
    ("a key missing", {"room": "客厅", "level": 50}, {"room": "客厅"}, WRONG),
    ("a key too many", {"room": "客厅"}, {"room": "客厅", "on": True}, WRONG),
    ("no arguments", {"room": "客厅"}, None, WRONG),
    ("50 and 50.0", {"level": 50}, {"level": 50.0}, BOTH),
    ("50 and 51", {"level": 50}, {"level": 51}, WRONG),
    ("a number and its text", {"level": 50}, {"level": "50"}, WRONG),
    ("a bool", {"on": True}, {"on": True}, BOTH),
    ("the other bool", {"on": True}, {"on": False}, WRONG),
    ("1 for true", {"on": True}, {"on": 1}, WRONG),
    ("free text longer", {"room": "客厅"}, {"room": "在客厅里"}, LENIENT),
    ("free text shorter", {"room": "一楼的大客厅"}, {"room": "大客厅"}, LENIENT),
    ("free text much longer", {"room": "客厅"}, {"room": "请把我家客厅的灯打开"}, WRONG),
    ("free text, not a word's part", {"room": "ID1"}, {"room": "ID12"}, WRONG),
    ("free text, whole words", {"room": "exp12"}, {"room": "编号 exp12"}, WRONG),  # one word of three
    ("free text, half of the words", {"room": "meeting room"}, {"room": "the big meeting room"}, LENIENT),
    ("a negation left over", {"room": "可用"}, {"room": "不可用"}, WRONG),
    ("an English negation left over", {"room": "in use"}, {"room": "not in use"}, WRONG),
    ("a number left over", {"room": "6月下旬"}, {"room": "6月下旬15日"}, WRONG),
    ("one character is too short", {"room": "高"}, {"room": "高度"}, WRONG),
    ("empty text", {"room": "客厅"}, {"room": ""}, WRONG),
    ("an enum is not free text", {"mode": "auto"}, {"mode": "automatic"}, WRONG),
    ("a format is not free text", {"day": "2024-06"}, {"day": "2024-06-一"}, WRONG),
    ("a date's separators", {"day": "2024-06-15"}, {"day": "2024/06/15"}, BOTH),
    ("another date", {"day": "2024-06-15"}, {"day": "2024-06-16"}, WRONG),
    ("a percent sign", {"room": "50%"}, {"room": "50"}, WRONG),
    ("a decimal point", {"room": "1.5米"}, {"room": "15米"}, WRONG),
    ("a minus", {"room": "-5"}, {"room": "5"}, WRONG),
    ("inside an object", {"scene": {"name": "晚餐"}}, {"scene": {"name": "晚 餐"}}, BOTH),
    ("inside an object, wrong", {"scene": {"name": "晚餐"}}, {"scene": {"name": "早餐"}}, WRONG),
    ("text for an object", {"scene": {"name": "晚餐"}}, {"scene": "晚餐"}, WRONG),
    ("a list", {"colours": ["红", "蓝"]}, {"colours": ["红", "蓝"]}, BOTH),
    ("a list, lenient inside", {"colours": ["深红", "蓝"]}, {"colours": ["深红色", "蓝"]}, LENIENT),
    ("a list in another order", {"colours": ["红", "蓝"]}, {"colours": ["蓝", "红"]}, WRONG),
    ("a longer list", {"colours": ["红"]}, {"colours": ["红", "蓝"]}, WRONG),
]


@pytest.mark.parametrize(
    ("rule", "wanted", "given", "verdict"), ACEBENCH_RULES, ids=[r[0] for r in ACEBENCH_RULES]
)
def test_acebench_arguments(
    rule: str, wanted: dict[str, Any], given: dict[str, Any] | None, verdict: tuple[bool, bool]
) -> None:
    found = acebench_match({"set_lamp": wanted}, [Call("set_lamp", given)], [LAMP])
    assert (found.right, found.strict) == verdict
    assert bool(found.reason) is (verdict != BOTH)


@pytest.mark.parametrize(
    ("rooms", "right"),
    [
        (["客厅", "卧室"], True),
        (["卧室", "客厅"], True),
        (["客厅", "客厅"], False),
        (["客厅"], False),
        (["客厅", "卧室", "书房"], False),
    ],
)
def test_acebench_counted_keys_are_calls_of_one_function(rooms: list[str], right: bool) -> None:
    truth = {"set_lamp_1": {"room": "客厅"}, "set_lamp_2": {"room": "卧室"}}
    assert acebench_match(truth, [Call("set_lamp", {"room": room}) for room in rooms], [LAMP]).right is right


def test_acebench_a_number_that_belongs_to_the_name_stays() -> None:
    call = Call("report_2", {"id": "A7"})
    assert acebench_match({"report_2": {"id": "A7"}}, [call], [COUNTED]).right
    assert acebench_match({"report_2_1": {"id": "A7"}}, [call], [COUNTED]).right
    assert not acebench_match({"report": {"id": "A7"}}, [call], [COUNTED]).right


def test_acebench_another_function() -> None:
    assert not acebench_match(
        {"set_lamp": {"room": "客厅"}}, [Call("report_2", {"room": "客厅"})], [LAMP, COUNTED]
    ).right
