"""A record as JSON and back: the open form that export writes and import reads.

Keys are the fields' names. A field that is None is left out. Money is {"amount": "12.30", "currency": "CNY"}, a time is
ISO 8601 with its offset, a day is 2025-11-03, pairs are [[name, value], …]. Reading is strict: what is unknown, missing
or of another type is refused by the field's name, never by its value, which may be personal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from mingbai.shop.records.shape import BY_KIND, SHAPES, FieldShape, Shape
from mingbai.values.errors import BadInput, Text
from mingbai.values.json import JsonObject, JsonValue
from mingbai.values.money import Money, exponent
from mingbai.values.records import Record

_AMOUNT = re.compile(r"-?[0-9]{1,19}(\.[0-9]{1,3})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def to_json(record: Record) -> dict[str, JsonValue]:
    said = ((field, getattr(record, field.name)) for field in SHAPES[type(record)].fields)
    return {field.name: _said(field, value) for field, value in said if value is not None}


def _said(field: FieldShape, value: Any) -> JsonValue:
    match field.form:
        case "text" | "phone" | "number" | "flag":
            said: JsonValue = value
            return said
        case "word":
            return str(value.value)
        case "day" | "time":
            return str(value.isoformat())
        case "money":
            return {"amount": f"{value.major:.{exponent(value.currency)}f}", "currency": value.currency}
        case "pairs":
            return [list(pair) for pair in value]
        case "list":
            return list(value)


def from_json(kind: str, obj: JsonObject) -> Record:
    """Raises `BadInput` naming the kind and the field."""
    shape = BY_KIND.get(kind)
    if shape is None:
        raise BadInput(
            Text(f"没有 {kind} 这一种记录。", f"There is no kind of record called {kind}."),
            Text(f"有这些：{'、'.join(BY_KIND)}。", f"There are: {', '.join(BY_KIND)}."),
        )
    if unknown := sorted(obj.keys() - shape.spans.keys()):
        raise _refused(
            kind,
            unknown[0],
            Text("不是这种记录的字段", "is no field of it"),
            _known(shape),
            code="unknown_field",
        )
    given = {field.name: _read(kind, field, obj[field.name]) for field in shape.fields if field.name in obj}
    if missing := [name for name in shape.required if name not in given]:
        raise _refused(
            kind, missing[0], Text("没有给出", "is missing"), Text("每条都要有它。", "Every row needs it.")
        )
    made: Record = shape.record(**given)
    return made


def _read(kind: str, field: FieldShape, value: JsonValue) -> Any:
    if value is None and field.optional:
        return None
    read = _parsed(field, value)
    if read is None:
        wanted = _WANTED[field.form]
        if field.word is not None:
            wanted = Text(f"其中之一：{'、'.join(field.word)}", f"one of {', '.join(field.word)}")
        raise _refused(
            kind,
            field.name,
            Text("的值不合要求", "has a value that is not acceptable"),
            Text(f"这里要的是{wanted.zh}。", f"It should be {wanted.en}."),
        )
    return read


def _parsed(field: FieldShape, value: JsonValue) -> Any:
    """The value as the field has it; None when it is not of its form."""
    match field.form, value:
        case "text" | "phone", str():
            return value
        case "flag", bool():
            return value
        case "number", int() if not isinstance(value, bool):
            return value
        case "word", str() if field.word is not None and value in [word.value for word in field.word]:
            return field.word(value)
        case "day", str() if _DAY.fullmatch(value):
            return _or_none(date.fromisoformat, value)
        case "time", str():
            read = _or_none(datetime.fromisoformat, value)
            return read if read is not None and read.tzinfo is not None else None
        case "money", Mapping():
            return _money(value)
        case "list", list() if all(isinstance(item, str) for item in value):
            return tuple(value)
        case "pairs", list() if all(_is_pair(item) for item in value):
            return tuple((name, text) for name, text in value)
        case _:
            return None


def _or_none(read: Any, value: str) -> Any:
    try:
        return read(value)
    except ValueError:
        return None


def _money(value: JsonObject) -> Money | None:
    amount, currency = value.get("amount"), value.get("currency")
    if value.keys() != {"amount", "currency"} or not isinstance(amount, str) or not isinstance(currency, str):
        return None
    if not _AMOUNT.fullmatch(amount) or not _CURRENCY.fullmatch(currency):
        return None
    try:
        return Money.of(amount, currency)
    except ValueError:  # more decimals than the currency has
        return None


def _is_pair(item: JsonValue) -> bool:
    return isinstance(item, list) and len(item) == 2 and all(isinstance(part, str) for part in item)


_WANTED = {
    "text": Text("文本", "text"),
    "phone": Text("文本", "text"),
    "word": Text("文本", "text"),
    "number": Text("整数", "a whole number"),
    "flag": Text(" true 或 false", "true or false"),
    "day": Text("日期，例如 2025-11-03", "a day like 2025-11-03"),
    "time": Text(
        "带时区的时间，例如 2025-11-03T10:00:00+08:00",
        "a time with its offset like 2025-11-03T10:00:00+08:00",
    ),
    "money": Text(
        '金额，例如 {"amount": "12.30", "currency": "CNY"}',
        'money like {"amount": "12.30", "currency": "CNY"}',
    ),
    "list": Text("文本的列表", "a list of texts"),
    "pairs": Text(
        '名称和值的列表，例如 [["颜色", "天青"]]', 'a list of names and values like [["colour", "celadon"]]'
    ),
}


def _known(shape: Shape) -> Text:
    names = [field.name for field in shape.fields]
    return Text(f"字段有：{'、'.join(names)}。", f"Its fields are: {', '.join(names)}.")


def _refused(kind: str, name: str, why: Text, mend: Text, code: str | None = None) -> BadInput:
    shown = name if len(name) <= 64 else name[:63] + "…"
    return BadInput(
        Text(f"{kind} 的 {shown} {why.zh}。", f"{shown} of the {kind} {why.en}."),
        mend,
        param=shown,
        code=code,
    )
