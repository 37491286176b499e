"""One conversation with what must hold of its last answer, and the suites of them (JSON Lines).

Lists that are absent or empty ask for nothing; `handoff` None is not graded. `--suite` takes a name of the package's or a file.
"""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

from mingbai.values.errors import BadInput, Text
from mingbai.values.json import JsonObject
from mingbai.values.turn import Intent

Part: TypeAlias = Literal["all", "read", "unread"]
T = TypeVar("T")
SUITES = (
    "tea-shop",
    "handoff",
    "injections",
    "tea-dev-goods",
    "tea-dev-orders",
    "tea-dev-mixed",
    "tea-dev-handoff",
)
LANGS = ("zh-Hans", "zh-Hant", "en")
KNOWN = frozenset(
    ("id", "group", "lang", "customer", "order", "item", "say", "intents", "has", "has_not", "handoff", "needs", "refused",
     "unknown", "proposal", "done", "rows", "same_as", "note")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowIs:
    """What a field of a row must be after the conversation. `key` parts are joined by /."""

    kind: str
    key: str
    field: str
    value: object


@dataclass(frozen=True, slots=True)
class Case:
    """`has`: of every inner tuple one string stands in the answer. `same_as`: the case that asks this in another language."""

    id: str
    group: str
    lang: str
    say: tuple[str, ...] = field(repr=False)
    customer: str = ""
    order: str = ""
    item: str = ""
    intents: tuple[Intent, ...] = ()
    has: tuple[tuple[str, ...], ...] = ()
    has_not: tuple[str, ...] = ()
    handoff: bool | None = None
    needs: str = ""
    refused: str = ""
    unknown: bool = False
    proposal: str = ""
    done: str = ""
    rows: tuple[RowIs, ...] = ()
    same_as: str = ""

    @property
    def may_write(self) -> bool:
        """A write needs a yes to what was proposed before, so a conversation of one message never writes."""
        return len(self.say) > 1 or bool(self.rows)


def suite(name: str) -> list[Case]:
    """The cases of a suite of the package's, or of a file."""
    if name in SUITES:
        place = files("mingbai.prove") / "suites_desk" / f"{name}.jsonl"
        if place.is_file():
            return parse(place.read_text("utf-8").splitlines())
    path = Path(name)
    if path.is_file():
        return parse(path.read_text("utf-8").splitlines())
    known = "、".join(SUITES)
    raise BadInput(
        Text(f"没有测试集 {name}。", f"There is no suite {name}."),
        Text(f"可用：{known}，或一个 JSON Lines 文件。", f"There are: {known}, or a JSON Lines file."),
    )


def parse(lines: Iterable[str]) -> list[Case]:
    """Strict: a name that is not known, or a value of another kind, is refused with its line."""
    cases: list[Case] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("//"):
            continue
        try:
            case = _case(json.loads(line))
        except (ValueError, KeyError, TypeError) as e:
            raise _unreadable(number, str(e)) from e
        if case.id in seen:
            raise _unreadable(number, f"id {case.id} twice")
        seen.add(case.id)
        cases.append(case)
    return cases


def _case(row: JsonObject) -> Case:
    if unknown := sorted(row.keys() - KNOWN):
        raise ValueError(f"unknown: {', '.join(unknown)}")
    say = _texts(row["say"])
    if not say:
        raise ValueError("say is empty")
    if row["lang"] not in LANGS:
        raise ValueError(f"lang is none of {', '.join(LANGS)}")
    groups = row.get("has") or []
    if not isinstance(groups, list):
        raise TypeError("has is no list of lists")
    rows = row.get("rows") or []
    if not isinstance(rows, list):
        raise TypeError("rows is no list")
    handoff = row.get("handoff")
    return Case(
        id=str(row["id"]), group=str(row["group"]), lang=str(row["lang"]), say=say,
        customer=_word(row, "customer"), order=_word(row, "order"), item=_word(row, "item"),
        intents=tuple(Intent(name) for name in _texts(row.get("intents") or [])),
        has=tuple(_texts(group) for group in groups), has_not=_texts(row.get("has_not") or []),
        handoff=handoff if isinstance(handoff, bool) else None,
        needs=_word(row, "needs"), refused=_word(row, "refused"), unknown=bool(row.get("unknown")),
        proposal=_word(row, "proposal"), done=_word(row, "done"), rows=tuple(_row(each) for each in rows),
        same_as=_word(row, "same_as"),
    )  # fmt: skip


def _row(given: object) -> RowIs:
    if not isinstance(given, dict):
        raise TypeError("a row is no object")
    return RowIs(str(given["kind"]), str(given["key"]), str(given["field"]), given["is"])


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError(f"no list of texts: {value!r}")
    return tuple(value)


def _word(row: JsonObject, name: str) -> str:
    value = row.get(name)
    if value is None or value is False:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    return value


def _unreadable(number: int, why: str) -> BadInput:
    return BadInput(
        Text(f"测试集第 {number} 行不能读：{why}", f"Line {number} of the suite cannot be read: {why}"),
        Text("格式见 prove/desk/case.py。", "The form is in prove/desk/case.py."),
    )


def part(cases: Sequence[Case], which: Part) -> list[Case]:
    """By the cases' ids. Misses of `read`, three quarters, are read and mended; of `unread` only totals are looked at."""
    if which == "all":
        return list(cases)
    return [case for case in cases if (zlib.crc32(case.id.encode()) % 4 != 1) == (which == "read")]


def drawn(cases: Sequence[T], limit: int | None, seed: int) -> list[T]:
    """`limit` of them without repetition, in the suite's order; all without a limit."""
    if limit is None or limit >= len(cases):
        return list(cases)
    chosen = set(random.Random(seed).sample(range(len(cases)), limit))
    return [case for at, case in enumerate(cases) if at in chosen]
