"""One field of one record: a rule of the profile and the field's type make a function from a row to a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, TypeAlias, get_args, get_type_hints
from zoneinfo import ZoneInfo

from mingbai.shop.intake import convert
from mingbai.shop.intake.columns import Columns, Many, One, Unit
from mingbai.shop.intake.convert import NOTHING
from mingbai.shop.intake.profile import FieldRule, Profile, RecordRule, normal
from mingbai.shop.intake.rows import refused
from mingbai.values.errors import Text
from mingbai.values.money import Money
from mingbai.values.records import OrderState, Pairs, Record

IDENTIFIERS: Final = frozenset(
    [
        "order_no",
        "customer_id",
        "sku",
        "product_no",
        "line_no",
        "tracking_no",
        "barcode",
        "phone",
        "postcode",
        "tax_code",
        "return_no",
        "request_no",
        "invoice_no",
        "code",
        "campaign_no",
        "document_no",
        "review_no",
        "conversation_no",
    ]
)


class Absent:
    """The file does not give this field."""


ABSENT: Final = Absent()
# From one unit and all units of its group to the value, or ABSENT.
Fill: TypeAlias = Callable[[Unit, Sequence[Unit]], Any]


@dataclass(slots=True)
class Notes:
    """What a person should know though nothing was refused, counted by its sentence."""

    counts: dict[Text, tuple[int, int]] = field(default_factory=dict)

    def add(self, note: Text, line: int) -> None:
        times, first = self.counts.get(note, (0, line))
        self.counts[note] = (times + 1, first)


@dataclass(frozen=True, slots=True)
class Manner:
    """How this file's values are to be understood: what the profile leaves open, the command line says."""

    profile: Profile
    zone: ZoneInfo
    currency: str
    warn: Callable[[Text], None]


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
            bound.append(BoundField(one.name, _said(one, columns), fill, amount))
    named = {one.name for one in bound}
    if rule.kind == "order":
        if manner.profile.platform and "platform" not in named:
            bound.append(BoundField("platform", "", _always(manner.profile.platform)))
        if "state" not in named and "state_said" in named:
            words = next(one.fill for one in bound if one.name == "state_said")
            bound.append(BoundField("state", "", _state(words, rule, columns, manner)))
    return bound


def _said(rule: FieldRule, columns: Columns) -> str:
    """The column that the field is read from in this file, for what a person reads."""
    pointed = rule.sources or rule.join or rule.add or rule.pairs or ("",)
    return next((words for words in pointed if words and columns.one(words) is not None), pointed[0])


def _always(value: object) -> Fill:
    return lambda unit, group: value


def _fill(rule: RecordRule, one: FieldRule, hint: object, columns: Columns, manner: Manner) -> Fill | None:
    if one.value is not None:
        words: One | None = _constant(one.value)
    elif one.add:
        return _sum(one, columns, manner)
    elif one.pairs or _is(hint, tuple):
        return _several(one, hint, columns, manner)
    elif one.join:
        words = _joined(one, columns)
    else:
        words = _first(one.sources, columns)
    if words is None:
        return None
    if rule.record.__name__ == "Line" and one.name == "options":
        words = _worded(one, words, columns)
    if one.words:
        words = _translated(one.words, words)
    if one.strip:
        words = _stripped(one.strip, words)
    return _typed(rule, one, hint, words, columns, manner)


def _typed(
    rule: RecordRule, one: FieldRule, hint: object, words: One, columns: Columns, manner: Manner
) -> Fill | None:
    profile = manner.profile
    if _is(hint, Money):
        currency = _currency(columns, manner)
        comma = profile.comma
        count = columns.one(one.per) if one.per else None

        def amount(unit: Unit, group: Sequence[Unit]) -> Any:
            cell = words(unit)
            if cell in NOTHING:
                return ABSENT
            money = convert.money(cell, currency(unit, group), comma)
            if money is not None and one.per:
                money = convert.share(money, convert.whole(count(unit)) if count else None)
            return ABSENT if money is None else money

        return amount
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
            manner.warn(Text(f"不认识的国家：{_word_of(cell)}", f"unknown country: {_word_of(cell)}"))
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


def _state(words: Fill, rule: RecordRule, columns: Columns, manner: Manner) -> Fill:
    """The platform's words to ours. Lines of one order in two states make one state only where that is certain."""
    profile = manner.profile
    filled = [(get, state) for column, state in profile.state_if if (get := columns.one(column)) is not None]

    def fill(unit: Unit, group: Sequence[Unit]) -> Any:
        for get, state in filled:
            if get(unit) not in NOTHING:
                return state
        said = words(unit, group)
        if not isinstance(said, str) or not said:
            return ABSENT
        if normal(said) in profile.states:
            return profile.states[normal(said)]
        found = {profile.states.get(normal(word)) for word in said.split(" / ")}
        known = {one for one in found if one is not None}
        together = _together(known) if len(known) == len(found) else None
        if together is None:
            manner.warn(Text(f"不认识的订单状态：{_word_of(said)}", f"unknown order state: {_word_of(said)}"))
            return OrderState.UNKNOWN
        return together

    return fill


def _word_of(cell: str) -> str:
    """A word of a closed set, as a note may quote it; not what slipped in from another column."""
    harmless = len(cell) <= 40 and not any(sign.isdigit() or sign == "@" for sign in cell)
    return cell if harmless else "…"


def _together(states: set[OrderState]) -> OrderState | None:
    open_states = states - {OrderState.CANCELLED, OrderState.REFUNDED}
    if len(states) == 1:
        return next(iter(states))
    if len(open_states) == 1:
        return next(iter(open_states))
    if open_states and open_states <= {OrderState.PAID, OrderState.SHIPPED, OrderState.PART_SHIPPED}:
        return OrderState.PART_SHIPPED
    if not open_states and states:
        return OrderState.REFUNDED
    return None


def _sum(one: FieldRule, columns: Columns, manner: Manner) -> Fill | None:
    """Of all rows of the group: what is added, less what is taken off. Not given unless something is there to add."""
    plus = [get for words in one.add if (get := columns.many(words)) is not None]
    minus = [get for words in one.less if (get := columns.many(words)) is not None]
    if not plus:
        return None
    currency, comma = _currency(columns, manner), manner.profile.comma

    def amounts(getters: Sequence[Many], unit: Unit, group: Sequence[Unit]) -> Iterator[Money]:
        for cell in (cell for each in group for get in getters for cell in get(each)):
            if (
                cell not in NOTHING
                and (amount := convert.money(cell, currency(unit, group), comma)) is not None
            ):
                yield amount

    def fill(unit: Unit, group: Sequence[Unit]) -> Any:
        added = list(amounts(plus, unit, group))
        if not added:
            return ABSENT
        total = added[0]
        for amount in added[1:]:
            total += amount
        for amount in amounts(minus, unit, group):
            total -= Money(abs(amount.minor), amount.currency)
        return total

    return fill


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
        cells = [cell for get in many for cell in get(unit)]
        pieces = [piece.strip() for cell in cells for piece in cell.replace("，", ",").split(split)]
        return tuple(dict.fromkeys(convert.text(piece) for piece in pieces if piece))

    return fill


def _texts(pairs: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    return ((convert.text(name), convert.text(value)) for name, value in pairs)


def _first(sources: Sequence[str], columns: Columns) -> One | None:
    getters = [get for words in sources if (get := columns.one(words)) is not None]
    if len(getters) <= 1:
        return getters[0] if getters else None
    return lambda unit: next((cell for get in getters if (cell := get(unit))), "")


def _joined(one: FieldRule, columns: Columns) -> One | None:
    getters = [get for words in one.join if (get := columns.one(words)) is not None]
    if not getters:
        return None
    return lambda unit: one.between.join(cell for get in getters if (cell := get(unit)))


def _constant(value: str) -> One:
    return lambda unit: value


def _worded(one: FieldRule, words: One, columns: Columns) -> One:
    """An object of options as the line's words: color:blue;size:M."""
    pairs = columns.pairs(one.sources[0], "") if len(one.sources) == 1 else None
    if pairs is None:
        return words
    return lambda unit: words(unit) or ";".join(f"{name}:{value}" for name, value in pairs(unit))


def _translated(meanings: dict[str, str], words: One) -> One:
    return lambda unit: meanings.get(normal(cell := words(unit)), cell)


def _stripped(front: str, words: One) -> One:
    return lambda unit: words(unit).removeprefix(front).strip()


def _currency(columns: Columns, manner: Manner) -> Callable[[Unit, Sequence[Unit]], str]:
    """The file's own column, else what the command line or the profile says. Only an order's first row may say it."""
    fixed = manner.currency
    column = columns.one(manner.profile.currency_column) if manner.profile.currency_column else None

    def currency(unit: Unit, group: Sequence[Unit]) -> str:
        said = fixed
        if column is not None:
            said = column(unit) or (column(group[0]) if group and group[0] is not unit else "") or fixed
            said = said.strip().upper()
        if not (len(said) == 3 and said.isascii() and said.isalpha()):
            raise refused(
                "不知道金额是哪种货币。", "It is not known which currency the amounts are in.",
                "用 --currency 指明，例如 --currency CNY。", "Name it, for example --currency USD.",
            )  # fmt: skip
        return said

    return currency


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
