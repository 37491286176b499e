"""What may be asked of an article: its attributes by the names shops give them and the words customers ask with. Pure.

The words are in data/attributes.toml, which a merchant may extend; measures are in data/measures.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from mingbai.shop.search.normal import folded


@dataclass(frozen=True, slots=True)
class Attribute:
    """`asked` finds it in a question, `says` in a sentence of a description; `more` and `less` are how one compares by it."""

    id: str
    names: frozenset[str]
    zh: str
    en: str
    title_en: str
    asked: re.Pattern[str]
    says: re.Pattern[str] | None
    unit: str
    more: re.Pattern[str] | None
    less: re.Pattern[str] | None
    exact: re.Pattern[str] | None = (
        None  # asks for one thing by its name; only a remark that has that says it
    )
    lists: bool = False  # the best sentence on it is the one that lists most


@dataclass(frozen=True, slots=True)
class Measure:
    """So much of the first unit of its kind, and as it was written."""

    amount: float
    said: str


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("mingbai.shop.skills") / "data" / "attributes.toml").read_text("utf-8"))


@cache
def attributes() -> tuple[Attribute, ...]:
    return tuple(_attribute(row) for row in _table()["attribute"])


@lru_cache(512)
def part(text: str) -> str:
    """The part of an article that a question is of, and not the whole: 线 of 电源线多长, lid."""
    found = re.search("|".join(f"(?:{p})" for p in _table()["parts"]), folded(text))
    return next((g for g in found.groups() if g), found[0]) if found else ""


def _attribute(row: dict[str, Any]) -> Attribute:
    names = [folded(str(n)) for n in row["names"]]
    latin = next((n for n in names if n.isascii()), str(row["en"]))
    return Attribute(
        str(row["id"]), frozenset(names), str(row["zh"]), str(row["en"]), latin,
        _any(row["asked"]) or re.compile(r"(?!)"), _any(row.get("says", [])), str(row.get("unit", "")),
        _any(row.get("more", [])), _any(row.get("less", [])), _any(row.get("exact", [])),
        bool(row.get("lists", False)),
    )  # fmt: skip


def _any(patterns: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{p})" for p in patterns)) if patterns else None


@cache
def by_id() -> dict[str, Attribute]:
    return {each.id: each for each in attributes()}


@lru_cache(512)
def asked(text: str) -> tuple[Attribute, ...]:
    """The attributes that a question asks for, in the order of the table."""
    plain = folded(text)
    return tuple(
        each for each in attributes() if each.asked.search(plain) or (each.exact and each.exact.search(plain))
    )


@lru_cache(512)
def by_name_only(text: str) -> frozenset[str]:
    """Of those, the ids of which one thing is asked for by its name: 含咖啡因吗."""
    plain = folded(text)
    return frozenset(
        each.id
        for each in attributes()
        if each.exact and each.exact.search(plain) and not each.asked.search(plain)
    )


def phrases(text: str, of: frozenset[str] | None = None) -> str:
    """The words with which a question asks, without what it asks of: 几度 of 龙井要几度的水. `of`: for these attributes alone."""
    plain = folded(text)
    found = [
        hit[0]
        for each in asked(text)
        if of is None or each.id in of
        for p in (each.asked, each.exact)
        if p
        for hit in p.finditer(plain)
    ]
    return "，".join(dict.fromkeys(found))


@lru_cache(1024)
def called(name: str) -> frozenset[str]:
    """The ids of the attributes that a field or an option of this name holds."""
    plain = folded(name).strip()
    return frozenset(each.id for each in attributes() if plain in each.names)


@lru_cache(8192)
def spoken_of(sentence: str) -> frozenset[str]:
    """The ids of the attributes that a sentence of a description speaks of."""
    plain = folded(sentence)
    return frozenset(each.id for each in attributes() if each.says is not None and each.says.search(plain))


@cache
def _units() -> tuple[dict[str, tuple[str, float]], re.Pattern[str]]:
    table = tomllib.loads((files("mingbai.shop.skills") / "data" / "measures.toml").read_text("utf-8"))
    units = {name: (kind, float(worth)) for kind, rows in table.items() for name, worth in rows.items()}
    words = "|".join(re.escape(name) for name in sorted(units, key=len, reverse=True))
    return units, re.compile(rf"(\d+(?:\.\d+)?)\s*({words})(?![a-z])")


def measures(text: str, kind: str) -> Iterator[Measure]:
    """Every quantity of this kind in a text: 1.45 kg, 12 小时, 36 months."""
    units, pattern = _units()
    for hit in pattern.finditer(folded(text)):
        of, worth = units[hit[2]]
        if of == kind:
            yield Measure(float(hit[1]) * worth, hit[0])
