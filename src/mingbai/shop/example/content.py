"""The hand-written files of the example shop as text and tables, each with the line it stands on.

Knows nothing of what they mean; a mistake in them is an error of ours and raises ValueError with file and line.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from mingbai.values.money import Money
from mingbai.values.records import Origin, Pairs

ROOT = resources.files("mingbai.shop.example") / "content"
SHANGHAI = timezone(timedelta(hours=8), "CST")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file, cut at its bars."""

    cells: tuple[str, ...]
    origin: Origin


@cache
def text(*path: str) -> str:
    return _at(*path).read_text(encoding="utf-8")


@cache
def table(*path: str) -> Mapping[str, Any]:
    return tomllib.loads(text(*path))


def names(*path: str) -> list[str]:
    """The files of a folder, in the order of their names."""
    return sorted(entry.name for entry in _at(*path).iterdir() if not entry.name.startswith("."))


def bars(block: str, cells: int) -> Iterator[tuple[str, ...]]:
    """Lines cut at ` | `; empty lines and those that begin with # are left out."""
    for line in block.splitlines():
        if line.strip() and not line.startswith("#"):
            cut = tuple(cell.strip() for cell in line.split(" | "))
            if len(cut) != cells:
                raise ValueError(f"{cells} cells were expected: {line}")
            yield cut


def rows(*path: str, cells: int) -> Iterator[Row]:
    """A whole file of such lines. A line may leave out cells at its end."""
    for number, line in enumerate(text(*path).splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            cut = [cell.strip() for cell in line.split(" | ")]
            if len(cut) > cells:
                raise ValueError(f"{path[-1]}:{number}: more than {cells} cells")
            yield Row((*cut, *[""] * (cells - len(cut))), Origin(path[-1], number))


def line_of(said: str, *path: str) -> int:
    """Where a text first stands in a file, 1-based; 1 if nowhere."""
    lines = enumerate(text(*path).splitlines(), 1)
    return next((number for number, line in lines if line.startswith(said)), 1)


def both(block: str) -> Pairs:
    """`名: 值 | value` or `名: 值 | name: value`, one a line, as the Chinese pair and then the English one."""
    pairs: list[tuple[str, str]] = []
    for chinese, english in bars(block, 2):
        name, _, value = chinese.partition(": ")
        pairs.append((name, value))
        said, colon, rest = english.partition(": ")
        known = NAMES.get(name)
        pairs.append((known, english) if known else (said, rest if colon else english))
    return tuple(pairs)


def money(said: str) -> Money:
    """`20.00 CNY`"""
    amount, currency = said.split()
    return Money.of(amount, currency)


def at(today: date, days: int, clock: str = "00:00") -> datetime:
    """A time of day, so many days from today, in the shop's zone."""
    return datetime.combine(today + timedelta(days=days), time.fromisoformat(clock), SHANGHAI)


def _at(*path: str) -> Traversable:
    found = ROOT
    for part in path:
        found = found / part
    return found


# The attributes' names in English, so that the content need not repeat them.
NAMES = {
    "材质": "material", "工艺": "craft", "容量": "capacity", "尺寸": "dimensions", "件数": "pieces", "洗碗机": "dishwasher",
    "微波炉": "microwave", "明火": "open flame", "电磁炉": "induction", "电陶炉": "ceramic hob", "产地": "origin",
    "适合": "suited to", "包装": "packaging", "质保": "warranty", "定制": "customisation", "工期": "lead time",
    "耐温": "heat limit", "储水": "holds", "重量": "weight", "配件": "included", "承重": "carries", "功率": "power",
    "电压": "voltage", "温控": "temperature control", "保温": "keeps hot", "防干烧": "safety", "程序": "programmes",
    "噪音": "noise", "面料": "fabric", "版型": "fit", "洗涤": "care", "净含量": "net weight", "产季": "harvest",
    "储存": "storage", "冲泡": "brewing", "保质期": "shelf life", "过敏原": "allergens", "焙火": "roast", "年份": "year",
    "发酵": "fermentation", "添加": "additives", "成分": "ingredients", "等级": "grade", "起订量": "minimum order",
    "有效期": "valid for", "面额": "denominations", "发送": "sent by", "燃烧时间": "burning time", "长度": "length",
    "变色": "changes colour", "量程": "range", "精度": "precision", "供电": "batteries",
}  # fmt: skip
