"""Grades calls as the Berkeley Function Calling Leaderboard's published AST checker does for Python.

Rules (bfcl-eval 2026.3.23, `eval_checker/ast_eval/ast_checker.py`; on 45,180 right and
mutated answers to the data's questions the two differed once, by the pairing named in `calls.pair_up`):

1. As many calls as expected, each paired with one expected call, in any order. Names are compared as they are.
2. Every `required` parameter is given; a parameter the function or the answer does not have is a fault; one that is left
   out is a fault unless "" is among its accepted values.
3. The type must be the described one. An int may stand for a float, not the other way round, and not inside a list. A
   bool is never a number. A value of the type of the first accepted value passes too (a variable's name in the answer):
   it must then equal an accepted value exactly.
4. Strings are equal without case, without ` ,./-_*^`, and with ' as ". Lists are equal in order and length with their
   strings compared so. A list of objects has the same length and order, each an object as in 5.
5. An object's keys are all accepted, keys left out have "" among their accepted values, and each value is one of its
   key's accepted values (strings as in 4; lists and objects inside exactly).
6. `any` is a string, a tuple is a list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mingbai.prove.graders.calls import Call, Verdict, pair_up
from mingbai.values.json import JsonObject, JsonValue

_PYTHON_TYPES: Mapping[str, type] = {
    "string": str,
    "integer": int,
    "float": float,
    "boolean": bool,
    "array": list,
    "tuple": list,
    "dict": dict,
    "any": str,
}
_DROPPED = re.compile(r"[ ,./\-_*^]")

# One expected call: its only key is the function, under which each parameter has a list of accepted values.
Accepted = Mapping[str, Mapping[str, Sequence[JsonValue]]]


def bfcl_match(
    ground_truth: Sequence[Accepted], calls: Sequence[Call], documents: Sequence[JsonObject]
) -> Verdict:
    """`documents` are the functions as the data describes them: the rules need their types and required parameters."""
    by_name = {str(document["name"]): document for document in documents}

    def fault(expected: Accepted, call: Call) -> str:
        [(name, accepted)] = expected.items()
        if call.name != name:
            return f"{name} expected, {call.name} called"
        if call.arguments is None:
            return f"{name}: the arguments are not a JSON object"
        return _arguments_fault(accepted, call.arguments, _mapping(by_name[name].get("parameters")))

    reason = pair_up(ground_truth, calls, fault)
    return Verdict(right=not reason, strict=not reason, reason=reason)


def _arguments_fault(
    accepted: Mapping[str, Sequence[JsonValue]], given: JsonObject, parameters: JsonObject
) -> str:
    properties = _mapping(parameters.get("properties"))
    for name in _sequence(parameters.get("required")):
        if name not in given:
            return f"{name}: required, not given"
    for name, value in given.items():
        if name not in properties or name not in accepted:
            return f"{name}: not expected"
        if not _accepts(accepted[name], value, _mapping(properties[name])):
            return f"{name}: not an accepted value"
    for name, values in accepted.items():
        if name not in given and "" not in values:
            return f"{name}: left out, and it may not be"
    return ""


def _accepts(accepted: Sequence[JsonValue], value: JsonValue, schema: JsonObject) -> bool:
    kind = _PYTHON_TYPES[str(schema["type"])]
    item_kind = _PYTHON_TYPES[str(_mapping(schema["items"])["type"])] if kind is list else None
    if kind is float and type(value) is int:
        value = float(value)
    first = next((type(answer) for answer in accepted if answer != ""), None)
    if type(value) is not kind:
        return type(value) is first and value in accepted
    if item_kind and not _items_fit(accepted, value, item_kind):
        return False
    if first is not None and first is not kind:
        return value in accepted  # the answer is a variable, or a whole number for a float
    if isinstance(value, str):
        return _plain(value) in [_plain(answer) for answer in accepted if isinstance(answer, str)]
    if isinstance(value, dict):
        return any(_object_fits(answer, value) for answer in accepted if isinstance(answer, Mapping))
    if isinstance(value, list):
        if item_kind is dict:
            return any(_objects_fit(answer, value) for answer in accepted)
        return [_plain(item) for item in value] in [
            [_plain(item) for item in _sequence(answer)] for answer in accepted
        ]
    return value in accepted


def _items_fit(accepted: Sequence[JsonValue], value: JsonValue, item_kind: type) -> bool:
    """Every item has the described type, or that of the first item of one accepted list."""
    for answer in accepted:
        if isinstance(answer, str):
            return True  # left out or a variable: nothing to compare items with
        first = next((type(item) for item in _sequence(answer) if item != ""), None)
        if all(type(item) in (item_kind, first) for item in _sequence(value)):
            return True
    return False


def _objects_fit(answers: JsonValue, values: Sequence[JsonValue]) -> bool:
    wanted = _sequence(answers)
    return len(wanted) == len(values) and all(
        isinstance(answer, Mapping) and isinstance(value, Mapping) and _object_fits(answer, value)
        for answer, value in zip(wanted, values, strict=True)
    )


def _object_fits(answer: JsonObject, value: JsonObject) -> bool:
    if any(key not in answer for key in value):
        return False
    if any(key not in value and "" not in _sequence(accepted) for key, accepted in answer.items()):
        return False
    return all(
        _plain(item) in [_plain(accepted) for accepted in _sequence(answer[key])]
        for key, item in value.items()
    )


def _plain(value: JsonValue) -> JsonValue:
    return _DROPPED.sub("", value).lower().replace("'", '"') if isinstance(value, str) else value


def _mapping(value: JsonValue) -> JsonObject:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: JsonValue) -> Sequence[JsonValue]:
    return value if isinstance(value, list | tuple) else []
