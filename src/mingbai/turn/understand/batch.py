"""Messages in a file and what was understood of them, in the shapes of design.md §4: one JSON object a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Literal

from mingbai.turn.memory import PASSING, merged
from mingbai.turn.understand.understander import Understander
from mingbai.values.errors import BadInput, Text
from mingbai.values.json import JsonObject, JsonValue
from mingbai.values.turn import Heard, Intent, Memory, Proposal, SaidAmount, SaidDate, Slots, Turn

NOON = time(12)
CHINA = timezone(timedelta(hours=8))

# What a desk's line in a given conversation asked for; our own desk says it in `Memory.need`.
_NEEDS = (
    ("phone_tail", re.compile(r"尾号|后四位|末四位|last four|last 4", re.IGNORECASE)),
    ("order_no", re.compile(r"订单号|订单编号|哪个订单|哪一单|order number|which order", re.IGNORECASE)),
    ("tax_code", re.compile(r"税号|tax (?:number|code)|VAT", re.IGNORECASE)),
    ("invoice_title", re.compile(r"抬头|company name|invoice title", re.IGNORECASE)),
    ("email", re.compile(r"邮箱|e-?mail", re.IGNORECASE)),
    ("height_cm", re.compile(r"身高|height", re.IGNORECASE)),
)
_PROPOSES = re.compile(r"确认.{0,12}[吗?？]|要.{0,30}吗[?？]?$|(?:是否|需要我).{0,30}[?？]|shall i|should i|would you like me|do you confirm|is that (?:right|correct)|go ahead\?", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    who: Literal["customer", "desk"]
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """A conversation whose last line is the customer's."""

    id: str
    said: tuple[Said, ...] = field(repr=False)


def read(file: Path) -> Iterator[Asked]:
    """Raises `BadInput` naming the line that is not as it should be."""
    with file.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield asked_of(line, number)


def asked_of(line: str, number: int) -> Asked:
    try:
        row = json.loads(line)
    except ValueError as e:
        raise _bad(number) from e
    if not isinstance(row, dict):
        raise _bad(number)
    turns = row.get("turns", [row.get("text")])
    if not isinstance(turns, list) or not turns:
        raise _bad(number)
    said = tuple(_said(it, number) for it in turns)
    if said[-1].who != "customer":
        raise _bad(number)
    return Asked(str(row.get("id", number)), said)


def _said(it: object, number: int) -> Said:
    """A turn is a text of the customer's, or an object with its speaker."""
    if isinstance(it, str):
        return Said("customer", it)
    if isinstance(it, dict):
        text = it.get("text", it.get("content"))
        who = str(it.get("role", it.get("who", it.get("speaker", "customer")))).lower()
        if isinstance(text, str):
            return Said("customer" if who in ("customer", "user", "buyer", "顾客", "买家") else "desk", text)
    raise _bad(number)


def _bad(number: int) -> BadInput:
    return BadInput(
        Text(f"第 {number} 行不是一条消息。", f"Line {number} is not a message."),
        Text('每行写成 {"id":"1","text":"…"} 或 {"id":"1","turns":["…","…"]}，最后一句是顾客说的。',
             'Write each line as {"id":"1","text":"…"} or {"id":"1","turns":["…","…"]}; the customer speaks last.'),
    )  # fmt: skip


async def understood(understander: Understander, asked: Asked, shop: str, today: date) -> JsonObject:
    """The last line, understood after those before it. Slots are those of the last line alone."""
    now = datetime.combine(today, NOON, CHINA)
    memory = Memory()
    for earlier in asked.said[:-1]:
        memory = await _after(understander, earlier, memory, shop, now)
    made = await understander.understand(Turn(asked.id, shop, asked.said[-1].text, now, memory=memory))
    out: dict[str, JsonValue] = {
        "id": asked.id,
        "lang": made.lang,
        "intents": [{"name": str(it.intent), "p": round(it.p, 3), "by": it.by} for it in made.intents],
        "slots": shown(made.slots),
        "handoff": made.handoff,
    }
    if made.unsure:
        out["unsure"] = True
    if made.confirms is not None:
        out["confirms"] = made.confirms
    return out


async def _after(understander: Understander, said: Said, memory: Memory, shop: str, now: datetime) -> Memory:
    if said.who == "desk":
        need = next((slot for slot, pattern in _NEEDS if pattern.search(said.text)), "")
        proposed = (
            Proposal("unknown", (), said.text, said.text)
            if not need and _PROPOSES.search(said.text)
            else None
        )
        return replace(memory, heard=(*memory.heard, Heard("desk", said.text)), need=need, proposal=proposed)
    made = await understander.understand(Turn("", shop, said.text, now, memory=memory))
    lasting = [it.intent for it in made.intents if it.intent not in (*PASSING, Intent.HANDOFF)]
    return replace(
        memory,
        heard=(*memory.heard, Heard("customer", said.text)),
        order=(made.slots.order_no or (memory.order,))[0],
        intent=lasting[0] if lasting and not made.unsure else memory.intent,
        slots=merged(memory.slots, made.slots),
        lang=made.lang,
        need="",
        proposal=None,
    )


def shown(slots: Slots) -> dict[str, JsonValue]:
    """Only what was named; one value as itself, several as a list."""
    out: dict[str, JsonValue] = {}
    for name in Slots.__slots__:
        values = [_value(it) for it in getattr(slots, name)]
        if values:
            out[name] = values[0] if len(values) == 1 else values
    return out


def _value(it: object) -> JsonValue:
    match it:
        case SaidAmount(number, currency):
            return {"number": _number(number), "currency": currency}
        case SaidDate(said, iso, end):
            only: dict[str, JsonValue] = {"said": said, "iso": iso.isoformat()}
            return only if end == iso else {**only, "iso_end": end.isoformat()}
        case Decimal():
            return _number(it)
        case int() | str():
            return it
        case _:
            raise TypeError(type(it).__name__)


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
