"""How a record lies in its table: each field as one or more column values, and back.

Knows nothing of SQL. What is personal among the values is not kept as columns: `sealing.py` puts it away and opens it.
Rows are compared as these values, so that 00:00+08:00 and 16:00Z the day before differ as text
although they are the same instant.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, get_type_hints

from mingbai.shop.records import times
from mingbai.shop.records.tables import TABLES, key_column
from mingbai.values.errors import BadInput, Text
from mingbai.values.money import Money
from mingbai.values.records import KINDS, Pairs, Record

Value: TypeAlias = str | int | bool | date | datetime | bytes | None  # what one column holds
Values: TypeAlias = tuple[Value, ...]
Key: TypeAlias = tuple[str, ...]  # a key as texts, as outcomes and changes name it
KeyPart: TypeAlias = str | int | datetime

FieldForm: TypeAlias = Literal[
    "text", "number", "flag", "day", "time", "money", "pairs", "list", "word", "phone"
]


@dataclass(frozen=True, slots=True)
class FieldShape:
    """One field: its form, if it may be None, and its columns in order. `word` is the enumeration of a word."""

    name: str
    form: FieldForm
    optional: bool
    columns: tuple[str, ...]
    word: type[StrEnum] | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of record. `spans` says which values of a row are a field's; `key` which are the key.

    `personal` are the places of the values that are sealed, `kept` those of the others; `blank` is a row of which nothing
    personal is known. `finders`: the column that finds a row, and the place of the value it is made from.
    """

    kind: str
    record: type[Record]
    fields: tuple[FieldShape, ...]
    columns: tuple[str, ...]
    spans: Mapping[str, tuple[int, int]]
    key: tuple[int, ...]
    required: tuple[str, ...]
    encoders: tuple[tuple[str, Callable[[Any], Values]], ...]
    decoders: tuple[tuple[int, int, Callable[..., Any]], ...]
    personal: tuple[int, ...]
    kept: tuple[int, ...]
    blank: Values
    finders: tuple[tuple[str, int], ...]

    @property
    def kept_columns(self) -> tuple[str, ...]:
        return tuple(self.columns[i] for i in self.kept)

    def values(self, record: Record) -> Values:
        out: list[Value] = []
        for name, encode in self.encoders:
            out.extend(encode(getattr(record, name)))
        return tuple(out)

    def record_of(self, values: Sequence[Any]) -> Record:
        made: Record = self.record(*[decode(*values[i:j]) for i, j, decode in self.decoders])
        return made

    def key_values(self, values: Values) -> Values:
        return tuple(values[i] for i in self.key)

    def key_columns(self) -> tuple[str, ...]:
        return tuple(self.columns[i] for i in self.key)

    def key_of(self, values: Values) -> Key:
        return self.key_texts(self.key_values(values))

    @staticmethod
    def key_texts(key: Values) -> Key:
        """The key's column values as texts. An instant is said in UTC."""
        return tuple(times.as_key(part) if isinstance(part, datetime) else str(part) for part in key)

    def key_asked(self, key: Sequence[KeyPart]) -> Values:
        """Column values of a key that a caller gives, as texts or as the fields' own types."""
        if len(key) != len(self.key):
            raise TypeError(f"a {self.kind} is keyed by {', '.join(self.key_columns())}")
        return tuple(self._part(position, part) for position, part in zip(self.key, key, strict=True))

    def _part(self, position: int, part: KeyPart) -> Value:
        column = self.columns[position]
        form = next(f.form for f in self.fields if column in f.columns)
        match form:
            case "number":
                return int(part) if not isinstance(part, datetime) else None
            case "time":
                return times.instant(part) if not isinstance(part, int) else None
            case _:
                return str(part)


def _shape(kind: str, record: type[Record], key: tuple[str, ...]) -> Shape:
    hints = get_type_hints(record)
    shapes = tuple(
        _field(f.name, hints[f.name], f.metadata.get("personal") == "mobile") for f in fields(record)
    )
    sealed = {f.name for f in fields(record) if "personal" in f.metadata}
    columns = tuple(c for shape in shapes for c in shape.columns)
    spans: dict[str, tuple[int, int]] = {}
    at = 0
    for shape in shapes:
        spans[shape.name] = (at, at + len(shape.columns))
        at += len(shape.columns)
    table = TABLES[record]
    personal = tuple(i for name in sealed for i in range(*spans[name]))
    kept = tuple(i for i in range(len(columns)) if i not in personal)
    finders = tuple((c.name, spans[c.info["finds"]][0]) for c in table.columns if "finds" in c.info)
    wanted = {"shop", "file", "sheet", "line", *(columns[i] for i in kept), *(name for name, _ in finders)}
    missing = (wanted | ({"sealed"} if personal else set())) ^ set(table.columns.keys())
    if missing:
        raise TypeError(f"{record.__name__} and its table differ: {', '.join(sorted(missing))}")
    return Shape(
        kind=kind,
        record=record,
        fields=shapes,
        columns=columns,
        spans=MappingProxyType(spans),
        key=tuple(columns.index(key_column(name)) for name in key),
        required=tuple(
            f.name for f in fields(record) if f.default is MISSING and f.default_factory is MISSING
        ),
        encoders=tuple((shape.name, _encoder(shape)) for shape in shapes),
        decoders=tuple((*spans[shape.name], _decoder(shape)) for shape in shapes),
        personal=tuple(sorted(personal)),
        kept=kept,
        blank=tuple(_blank(shape) for shape in shapes for _ in shape.columns),
        finders=finders,
    )


def _blank(field: FieldShape) -> Value:
    if field.optional:
        return None
    return "[]" if field.form in ("pairs", "list") else ""


def _field(name: str, hint: Any, is_phone: bool) -> FieldShape:
    parts = getattr(hint, "__args__", ())
    optional = type(None) in parts
    bare = next(a for a in parts if a is not type(None)) if optional else hint
    if bare is bool:
        return FieldShape(name, "flag", optional, (name,))
    if bare is int:
        return FieldShape(name, "number", optional, (name,))
    if bare is str:
        if is_phone:
            return FieldShape(name, "phone", optional, (name,))
        return FieldShape(name, "text", optional, (name,))
    if bare is datetime:
        return FieldShape(name, "time", optional, (name, f"{name}_offset"))
    if bare is date:
        return FieldShape(name, "day", optional, (name,))
    if bare is Money:
        return FieldShape(name, "money", optional, (f"{name}_minor", f"{name}_currency"))
    if bare == Pairs:
        return FieldShape(name, "pairs", optional, (name,))
    if bare == tuple[str, ...]:
        return FieldShape(name, "list", optional, (name,))
    if isinstance(bare, type) and issubclass(bare, StrEnum):
        return FieldShape(name, "word", optional, (name,), bare)
    raise TypeError(f"no column form for {name}: {hint}")


def _encoder(field: FieldShape) -> Callable[[Any], Values]:
    encode: Callable[[Any], Values]
    match field.form:
        case "time":
            encode = times.to_columns
        case "money":
            encode = _money
        case "pairs" | "list":
            encode = _json
        case "word":
            encode = _word
        case "number":
            encode = _number
        case "text" | "phone" | "flag" | "day":
            return _same
    if not field.optional:
        return encode
    nothing = (None,) * len(field.columns)
    return lambda value: nothing if value is None else encode(value)


def _decoder(field: FieldShape) -> Callable[..., Any]:
    decode: Callable[..., Any]
    match field.form:
        case "time":
            decode = times.from_columns
        case "money":
            decode = Money
        case "pairs":
            return lambda value: tuple((a, b) for a, b in json.loads(value)) if value != "[]" else ()
        case "list":
            return lambda value: tuple(json.loads(value)) if value != "[]" else ()
        case "word":
            assert field.word is not None
            decode = field.word
        case "text" | "phone" | "flag" | "day" | "number":
            return lambda value: value
    return lambda *values: None if values[0] is None else decode(*values)


def _same(value: Value) -> Values:
    return (value,)


def _word(value: StrEnum) -> Values:
    return (value.value,)


def _number(value: int) -> Values:
    if not -(2**63) <= value < 2**63:
        raise BadInput(
            Text(f"数字 {value:.3e} 太大。", f"The number {value:.3e} is too large."),
            Text("编号请作为文本导入。", "Import it as text if it is an identifier."),
        )
    return (value,)


def _money(value: Money) -> Values:
    if len(value.currency) != 3 or not value.currency.isascii() or not value.currency.isupper():
        raise BadInput(
            Text(
                f"货币 {value.currency!r} 不是三个大写字母。",
                f"The currency {value.currency!r} is not three capitals.",
            ),
            Text("用 ISO 4217 的代号，例如 CNY。", "Use the code of ISO 4217, for example CNY."),
        )
    return (*_number(value.minor), value.currency)


def _json(value: Sequence[object]) -> Values:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else "[]",)


SHAPES: Mapping[type[Record], Shape] = MappingProxyType(
    {record: _shape(kind, record, key) for kind, record, key in KINDS}
)
BY_KIND: Mapping[str, Shape] = MappingProxyType({shape.kind: shape for shape in SHAPES.values()})
