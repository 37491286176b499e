"""A record as the cells of a CSV row and back, for spreadsheets.

No cell can begin a formula: one that begins with = + - @ (also full-width), a tab or a line end gets a ' before it, and
so does one that begins with ' itself, so that taking one ' away always gives back what was written. Numbers of twelve
and more digits and numbers with leading zeros get it too: a spreadsheet would make 1.93E+18 of them. An empty cell is
None, or the empty text where a field cannot be None; ' alone is the empty text where it can, and in a field that every
row has, so that no row is blank.

Not covered: a spreadsheet may still make a date of a text like 3-4 when it saves the file. JSON Lines has no such traps.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from mingbai.shop.records.jsonform import from_json, to_json
from mingbai.shop.records.shape import BY_KIND, SHAPES, FieldShape, Shape
from mingbai.values.errors import BadInput, Text
from mingbai.values.json import JsonValue
from mingbai.values.records import Record

# The characters that OWASP lists under "CSV Injection", and the ' that guards them.
_GUARDED = re.compile(r"[=+\-@\t\r\n＝＋－＠']|[0-9]{12}|0[0-9]")
_WHOLE = re.compile(r"-?[0-9]{1,19}")


def header(kind: str) -> list[str]:
    return [name for field in BY_KIND[kind].fields for name in _columns(field)]


def to_cells(record: Record) -> list[str]:
    shape, obj = SHAPES[type(record)], to_json(record)
    said = (
        (field, obj.get(field.name), field.optional or field.name in shape.required) for field in shape.fields
    )
    return [cell for field, value, marked in said for cell in _cells(field, value, marked)]


def from_cells(kind: str, cells: Mapping[str, str]) -> Record:
    """From the cells by the header's names; an absent column is an empty cell. Raises `BadInput` naming the field."""
    shape = BY_KIND.get(kind)
    if shape is None:
        return from_json(kind, {})  # which refuses it
    known = {name for field in shape.fields for name in _columns(field)}
    unknown: dict[str, JsonValue] = dict.fromkeys(sorted(cells.keys() - known))
    return from_json(kind, {**unknown, **_obj(shape, cells)})


def _columns(field: FieldShape) -> tuple[str, ...]:
    return (field.name, f"{field.name}_currency") if field.form == "money" else (field.name,)


def _cells(field: FieldShape, value: JsonValue, marked: bool) -> list[str]:
    """`marked`: the empty text is said with a mark."""
    match value:
        case None:
            return [""] * len(_columns(field))
        case Mapping():
            return [_guard(str(value["amount"])), str(value["currency"])]
        case list():
            return [json.dumps(value, ensure_ascii=False)]
        case bool():
            return ["true" if value else "false"]
        case "" if marked:
            return ["'"]
        case _:
            return [_guard(str(value))]


def _guard(cell: str) -> str:
    return f"'{cell}" if _GUARDED.match(cell) else cell


def _obj(shape: Shape, cells: Mapping[str, str]) -> dict[str, JsonValue]:
    obj: dict[str, JsonValue] = {}
    for field in shape.fields:
        cell = cells.get(field.name, "")
        if cell or (not field.optional and field.form in ("text", "phone") and field.name in cells):
            obj[field.name] = _value(shape.kind, field, cell.removeprefix("'"), cells)
    return obj


def _value(kind: str, field: FieldShape, cell: str, cells: Mapping[str, str]) -> JsonValue:
    match field.form:
        case "money":
            return {"amount": cell, "currency": cells.get(f"{field.name}_currency", "").removeprefix("'")}
        case "number" if _WHOLE.fullmatch(cell):
            return int(cell)
        case "flag" if cell.lower() in ("true", "false"):  # a spreadsheet writes TRUE
            return cell.lower() == "true"
        case "pairs" | "list":
            try:
                read: JsonValue = json.loads(cell)
            except (ValueError, RecursionError) as e:
                raise BadInput(
                    Text(
                        f"{kind} 的 {field.name} 不是有效的 JSON。",
                        f"{field.name} of the {kind} is not valid JSON.",
                    ),
                    Text("改回导出时的样子。", "Put it back as it was exported."),
                    param=field.name,
                ) from e
            return read
        case _:
            return cell
