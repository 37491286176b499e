"""Messages in a file and what is personal in them, in the shapes of design.md §4: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mingbai.permit.mask.span import Span
from mingbai.values.errors import BadInput, Text
from mingbai.values.json import JsonObject, JsonValue


@dataclass(frozen=True, slots=True)
class Line:
    id: JsonValue
    text: str = field(repr=False)


def read(lines: Iterable[str]) -> Iterator[Line]:
    """Raises `BadInput` naming the line that is not as it should be; its words are not repeated."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            raise _bad(number) from None
        if not isinstance(row, dict):
            raise _bad(number)
        text = row.get("text")
        if text is None and isinstance(row.get("turns"), list):
            text = "\n".join(_said(it, number) for it in row["turns"])
        if not isinstance(text, str):
            raise _bad(number)
        yield Line(row.get("id", number), text)


def as_json(line: Line, spans: Iterable[Span]) -> JsonObject:
    found: list[JsonValue] = [
        {"start": it.start, "end": it.end, "kind": it.kind, "text": it.text} for it in spans
    ]
    return {"id": line.id, "spans": found}


def _said(turn: object, number: int) -> str:
    said = turn.get("text", turn.get("content")) if isinstance(turn, dict) else turn
    if not isinstance(said, str):
        raise _bad(number)
    return said


def _bad(number: int) -> BadInput:
    return BadInput(
        Text(
            f"第 {number} 行不是带 id 和 text 的 JSON。", f"Line {number} is no JSON object with id and text."
        ),
        Text('每行形如 {"id":"1","text":"…"}。', 'Each line looks like {"id":"1","text":"…"}.'),
    )
