"""A profile: how one format's columns become fields. One TOML file each; `profiles/README.md` explains it.

Most columns need only their name, since the field's type says how it is read: `total = "总金额"` is money because
`Order.total` is.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field, replace
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mingbai.shop.intake.table import Keys
from mingbai.shop.intake.unfold import UNFOLDINGS
from mingbai.values.errors import SettingsError, Text
from mingbai.values.records import KINDS, OrderState, Record

TYPES: dict[str, type[Record]] = {kind: record for kind, record, _ in KINDS}
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_CURRENCY = re.compile(r"[A-Z]{3}")
ENCODINGS = ("gb18030", "cp1252", "latin-1", "shift_jis", "big5", "utf-8", "cp932")
DAY_ORDERS = ("", "dmy", "mdy")


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How one field is filled. At most one of `sources` (first that is not empty), `join`, `add` is there."""

    name: str
    sources: tuple[str, ...] = ()  # column names, or templates with {column}
    join: tuple[str, ...] = ()
    between: str = " "
    add: tuple[str, ...] = ()  # money, over all rows of the order
    less: tuple[str, ...] = ()
    value: str | None = None  # the same for every row
    per: str = ""  # money divided by this column's number, when it divides
    split: str = ""  # lists: what stands between; a single field takes what stands before it
    strip: str = ""  # taken off the front: No:
    words: dict[str, str] = field(default_factory=dict)  # what the file says → what the field holds
    lang: str = ""  # only when the text is in this language: zh, en
    pairs: tuple[str, str] | None = None  # numbered columns: Attribute {n} name, Attribute {n} value(s)
    html: bool = False  # the cell holds HTML


@dataclass(frozen=True, slots=True)
class Condition:
    """`column` holds one of `words` (when there are any), or is not empty. `lacks` turns it round."""

    column: str
    words: frozenset[str] = frozenset()
    lacks: bool = False


@dataclass(frozen=True, slots=True)
class RecordRule:
    kind: str
    record: type[Record]
    fields: tuple[FieldRule, ...]
    each: str = ""  # JSON: one record for each of these; with `unfold`: one for each variant of the row
    once: bool = False  # one record for all rows of an order, from its first row
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    name: str
    title: Text
    headers: tuple[
        frozenset[str], ...
    ]  # columns, or paths of an object; any one of these sets of columns means this format
    rules: tuple[RecordRule, ...]
    without: frozenset[str] = frozenset()
    group: tuple[str, ...] = ()  # rows with the same value in the first of these that is there are one order
    carry: tuple[str, ...] = ()  # columns filled only on the first row of a group
    platform: str = ""
    currency: str = ""
    currency_column: str = ""
    timezone: str = ""
    encoding: tuple[str, ...] = ()  # tried in turn when it is not UTF-8
    quotes: bool = True
    unfold: str = ""  # how cells that hold several values become columns: `unfold.py`
    empty: frozenset[str] = frozenset()
    days: str = ""  # which of 03/04/2026 is the day
    comma: bool = False  # 1.234,50
    states: dict[str, OrderState] = field(default_factory=dict)
    state_if: tuple[tuple[str, OrderState], ...] = ()  # this column is filled: that state, whatever the word


def parse(text: str, name: str) -> Profile:
    """Raises `SettingsError` naming the file and the key."""
    try:
        keys = Keys(tomllib.loads(text), name)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            Text(
                f"导入档案 {name} 不是合法的 TOML：{error}。",
                f"Import profile {name} is not valid TOML: {error}.",
            ),
            Text("请改正这个文件，或删掉它。", "Mend that file, or delete it."),
        ) from None
    title = Text(keys.word("title_zh", name), keys.word("title_en", name))
    headers = _headers(keys)
    currency = keys.word("currency")
    if currency and not _CURRENCY.fullmatch(currency):
        raise keys.refused("currency", Text("应为 CNY 这样的代码", "it must be a code such as CNY"))
    profile = Profile(
        name=name,
        title=title,
        headers=headers,
        without=frozenset(normal(column) for column in keys.words("without")),
        group=keys.words("group"),
        carry=keys.words("carry"),
        platform=keys.word("platform"),
        currency=currency,
        currency_column=keys.word("currency_column"),
        timezone=_zone(keys, "timezone"),
        encoding=_encodings(keys),
        quotes=keys.flag("quotes", True),
        unfold=_one_of(keys, "unfold", ("", *UNFOLDINGS)),
        empty=frozenset(keys.words("empty")),
        days=_one_of(keys, "days", DAY_ORDERS),
        comma=keys.flag("comma", False),
        states={normal(word): _state(keys, "states", state) for word, state in keys.pairs("states").items()},
        state_if=tuple(
            (column, _state(keys, "state_if", state)) for column, state in keys.pairs("state_if").items()
        ),
        rules=(),
    )
    rules = tuple(_rules(keys, profile))
    if not rules:
        raise keys.refused("[order]", Text("一种记录也没有", "it makes no record at all"))
    return replace(profile, rules=rules)


def normal(name: str) -> str:
    """A column's name for comparing: width, spaces and case do not tell two apart."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _headers(keys: Keys) -> tuple[frozenset[str], ...]:
    value = keys.take("header")
    listed = value if isinstance(value, list) else []
    if listed and all(isinstance(item, str) for item in listed):
        listed = [listed]
    if not all(isinstance(one, list) and all(isinstance(item, str) for item in one) for one in listed):
        raise keys.refused("header", Text("应为列名的列表", "it must be a list of column names"))
    return tuple(frozenset(one) for one in listed)


def _zone(keys: Keys, name: str) -> str:
    zone = keys.word(name)
    try:
        if zone:
            ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise keys.refused(name, Text("没有这个时区", "there is no such time zone")) from None
    return zone


def _encodings(keys: Keys) -> tuple[str, ...]:
    given = keys.words("encoding")
    return tuple(_one_of(Keys({"encoding": word}, keys.where), "encoding", ENCODINGS) for word in given)


def _one_of(keys: Keys, name: str, words: tuple[str, ...]) -> str:
    word = keys.word(name)
    if word not in words:
        listed = ", ".join(filter(None, words))
        raise keys.refused(name, Text(f"应为 {listed} 之一", f"it must be one of {listed}"))
    return word


def _state(keys: Keys, name: str, word: str) -> OrderState:
    try:
        return OrderState(word)
    except ValueError:
        raise keys.refused(name, Text(f"没有状态 {word}", f"there is no state {word}")) from None


def _rules(keys: Keys, profile: Profile) -> list[RecordRule]:
    rules = []
    for kind, value in keys.left().items():
        tables = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
        if kind not in TYPES or not tables or (isinstance(value, list) and len(tables) != len(value)):
            raise keys.refused(kind, Text("没有这个键", "there is no such key"))
        rules += [_rule(kind, Keys(one, f"{keys.where} [{kind}]"), profile) for one in tables]
    return rules


def _rule(kind: str, keys: Keys, profile: Profile) -> RecordRule:
    record = TYPES[kind]
    hints = get_type_hints(record)
    each, once = keys.word("each"), keys.flag("once", False)
    when = _conditions(keys)
    if once and not profile.group:
        raise keys.refused("once", Text("需要 group", "it needs `group`"))
    rules = []
    for name, value in keys.left().items():
        if name not in hints:
            raise keys.refused(name, Text("没有这个字段", "there is no such field"))
        rules.append(_field(name, value, keys))
    return RecordRule(kind, record, tuple(rules), each, once, when)


def _conditions(keys: Keys) -> tuple[Condition, ...]:
    value = keys.take("if")
    if value is None:
        return ()
    if isinstance(value, str):
        return (Condition(value),)
    if not isinstance(value, dict):
        raise keys.refused("if", Text("应为列名或表", "it must be a column's name or a table"))
    conditions = []
    for column, words in value.items():
        lacks = column.startswith("not ")
        listed = words if isinstance(words, list) else [words]
        if not all(isinstance(word, str) for word in listed):
            raise keys.refused("if", Text("应为文字", "it must hold strings"))
        conditions.append(
            Condition(column.removeprefix("not "), frozenset(map(normal, listed)) - {""}, lacks)
        )
    return tuple(conditions)


def _field(name: str, value: Any, keys: Keys) -> FieldRule:
    if isinstance(value, str | list):
        return FieldRule(name, sources=Keys({name: value}, keys.where).words(name))
    if not isinstance(value, dict):
        raise keys.refused(name, Text("应为列名或表", "it must be a column's name or a table"))
    inner = Keys(value, f"{keys.where} {name}")
    given = inner.words("pairs")
    if given and len(given) != 2:
        raise inner.refused("pairs", Text("应为两个列名", "it must be two column names"))
    constant = inner.take("value")
    if not isinstance(constant, str | bool | int | None):
        raise inner.refused("value", Text("应为文字", "it must be a string"))
    rule = FieldRule(
        name,
        sources=inner.words("from"),
        join=inner.words("join"),
        between=inner.word("between", " "),
        add=inner.words("add"),
        less=inner.words("less"),
        value=None
        if constant is None
        else str(constant).lower()
        if isinstance(constant, bool)
        else str(constant),
        per=inner.word("per"),
        split=inner.word("split"),
        strip=inner.word("strip"),
        words={normal(said): meant for said, meant in inner.pairs("words").items()},
        lang=_one_of(inner, "lang", ("", "zh", "en")),
        pairs=(given[0], given[1]) if given else None,
        html=inner.flag("html", False),
    )
    inner.end()
    ways = [bool(rule.sources), bool(rule.join), bool(rule.add), rule.value is not None, bool(rule.pairs)]
    if sum(ways) != 1:
        raise inner.refused(
            name,
            Text(
                "from、join、add、value、pairs 只能有一个",
                "exactly one of from, join, add, value, pairs is needed",
            ),
        )
    return rule
