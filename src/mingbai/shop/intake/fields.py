"""One field of one record: a rule of the profile and the field's type make a function from a row to a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, get_args, get_type_hints

from mingbai.shop.intake import amounts, cells, convert
from mingbai.shop.intake.columns import Columns, One, Unit
from mingbai.shop.intake.convert import NOTHING
from mingbai.shop.intake.fill import ABSENT, Fill, Manner, quotable
from mingbai.shop.intake.profile import FieldRule, RecordRule
from mingbai.shop.intake.rows import refused
from mingbai.shop.intake.states import state
from mingbai.values.errors import Text
from mingbai.values.money import Money
from mingbai.values.records import Pairs, Record

IDENTIFIERS: Final = frozenset(
    (
        "order_no", "customer_id", "sku", "product_no", "line_no", "tracking_no", "barcode", "phone", "postcode",
        "tax_code", "return_no", "request_no", "invoice_no", "code", "campaign_no", "document_no", "review_no",
        "conversation_no",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BoundField:
    name: str
    said: str  # the column, for what a person reads
    fill: Fill
    amount: bool = False  # money as it stands in one row, not a sum over the order's rows


def bind(rule: RecordRule, columns: Columns, manner: Manner) -> list[BoundField]:
    """The fields of a record that this file can give."""
    hints = get_type_hints(rule.record)
    bound = []
    for one in rule.fields:
        fill = _fill(rule, one, hints[one.name], columns, manner)
        if fill is not None:
            amount = _is(hints[one.name], Money) and not one.add
            bound.append(BoundField(one.name, cells.said(one, columns), fill, amount))
    named = {one.name for one in bound}
    if rule.kind == "order":
        if manner.profile.platform and "platform" not in named:
            bound.append(BoundField("platform", "", _always(manner.profile.platform)))
        if "state" not in named and "state_said" in named:
            words = next(one.fill for one in bound if one.name == "state_said")
            bound.append(BoundField("state", "", state(words, columns, manner)))
    return bound


def _always(value: object) -> Fill:
    return lambda unit, group: value


def _fill(rule: RecordRule, one: FieldRule, hint: object, columns: Columns, manner: Manner) -> Fill | None:
    if one.value is not None:
        words: One | None = cells.constant(one.value)
    elif one.add:
        return amounts.total(one, columns, manner)
    elif one.pairs or _is(hint, tuple):
        return _several(one, hint, columns, manner)
    elif one.join:
        words = cells.joined(one, columns)
    else:
        words = cells.first(one.sources, columns)
    if words is None:
        return None
    if rule.record.__name__ == "Line" and one.name == "options":
        words = cells.worded(one, words, columns)
    if one.words:
        words = cells.translated(one.words, words)
    if one.strip:
        words = cells.stripped(one.strip, words)
    return _typed(rule, one, hint, words, columns, manner)


def _typed(
    rule: RecordRule, one: FieldRule, hint: object, words: One, columns: Columns, manner: Manner
) -> Fill | None:
    profile = manner.profile
    if _is(hint, Money):
        return amounts.amount(one, words, columns, manner)
    if _is(hint, datetime):
        return _known(words, lambda cell: _moment(cell, manner))
    if _is(hint, date):
        return _known(words, lambda cell: convert.day(cell, profile.days))
    if _is(hint, bool):
        return _known(words, convert.yes)
    if _is(hint, int):
        return _known(words, convert.whole)
    if word := next((kind for kind in _kinds(hint) if issubclass(kind, StrEnum)), None):
        return _known(words, lambda cell: _word(word, cell))
    if one.name == "country":
        return _country(words, manner)
    if one.name in IDENTIFIERS:
        return lambda unit, group: convert.identifier(words(unit))
    return _text(rule, one, words)


def _text(rule: RecordRule, one: FieldRule, words: One) -> Fill:
    def fill(unit: Unit, group: Sequence[Unit]) -> Any:
        cell = words(unit)
        if one.split:
            cell = cell.split(one.split, 1)[0].strip()
        if one.html:
            cell = convert.plain(cell)
        if one.lang and cell and convert.language(cell) != one.lang:
            return ABSENT
        return convert.text(cell)

    if rule.kind == "order" and one.name == "state_said" and rule.once:

        def several(unit: Unit, group: Sequence[Unit]) -> Any:
            return " / ".join(dict.fromkeys(cell for each in group if (cell := fill(each, group))))

        return several
    return fill


def _known(words: One, read: Callable[[str], Any]) -> Fill:
    def fill(unit: Unit, group: Sequence[Unit]) -> Any:
        value = read(words(unit))
        return ABSENT if value is None else value

    return fill


_SERIAL = Text(
    "一串数字读作了表格软件的日期（1900 起的天数）",
    "a bare number was read as a spreadsheet's date, the days since 1900",
)


def _moment(cell: str, manner: Manner) -> datetime | None:
    at = convert.moment(cell, manner.zone, manner.profile.days)
    if at is not None and convert.SERIAL.fullmatch(cell):
        manner.warn(_SERIAL)
    return at


def _country(words: One, manner: Manner) -> Fill:
    def fill(unit: Unit, group: Sequence[Unit]) -> Any:
        cell = words(unit)
        if cell in NOTHING:
            return ABSENT
        code = convert.country(cell)
        if code is None:
            manner.warn(Text(f"不认识的国家：{quotable(cell)}", f"unknown country: {quotable(cell)}"))
            return ABSENT
        return code

    return fill


def _word(kind: type[StrEnum], cell: str) -> StrEnum | None:
    if cell in NOTHING:
        return None
    try:
        return kind(cell)
    except ValueError:
        raise refused(
            "没有这个状态。", "There is no such state.",
            "在导入档案的 words 里写明它是什么。", "Say what it means under `words` in the profile.",
        ) from None  # fmt: skip


def _several(one: FieldRule, hint: object, columns: Columns, manner: Manner) -> Fill | None:
    if one.pairs or hint == Pairs:
        name, value = one.pairs or ("|".join(one.sources), "")
        pairs = columns.pairs(name, value)
        return None if pairs is None else lambda unit, group: tuple(_texts(pairs(unit)))
    many = [get for words in one.sources if (get := columns.many(words)) is not None]
    if not many:
        return None
    split = one.split or ","

    def fill(unit: Unit, group: Sequence[Unit]) -> Any:
        said = (cell for get in many for cell in get(unit))
        pieces = [piece.strip() for cell in said for piece in cell.replace("，", ",").split(split)]
        return tuple(dict.fromkeys(convert.text(piece) for piece in pieces if piece))

    return fill


def _texts(pairs: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    return ((convert.text(name), convert.text(value)) for name, value in pairs)


def _kinds(hint: object) -> tuple[type, ...]:
    if isinstance(hint, type):
        return (hint,)
    return tuple(kind for kind in get_args(hint) if isinstance(kind, type) and kind is not type(None))


def _is(hint: object, kind: type) -> bool:
    if kind is tuple:
        return getattr(hint, "__origin__", None) is tuple
    return kind in _kinds(hint)


def required(record: type[Record]) -> frozenset[str]:
    from dataclasses import MISSING, fields

    return frozenset(f.name for f in fields(record) if f.default is MISSING and f.default_factory is MISSING)
