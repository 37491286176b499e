"""A profile bound to one file's header: rows of one order go in, its records or its faults come out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from mingbai.shop.intake.columns import Columns, GridColumns, TreeColumns, Unit
from mingbai.shop.intake.convert import IGNORE, NOTHING, TOTALS
from mingbai.shop.intake.fields import BoundField, bind, required
from mingbai.shop.intake.fill import ABSENT, Manner, Notes
from mingbai.shop.intake.paths import Follow, Place, path
from mingbai.shop.intake.profile import Condition, Profile, RecordRule, normal
from mingbai.shop.intake.rows import Row
from mingbai.shop.intake.unfold import UNFOLDINGS, Unfolded
from mingbai.values.errors import BadInput, Text
from mingbai.values.records import KINDS, Origin, Price, Record, Sourced

_KEYS = {record: key for _, record, key in KINDS}
# The price of a file that gives no date: from now on, unless it is the price that is there (`prices.py`).
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBERED = {"line": ("line_no", str), "event": ("seq", int), "said": ("seq", int)}
_ORDER_KINDS = frozenset({"order", "line", "shipment"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row was refused. `column` is the file's own name for it."""

    line: int
    why: Text
    mend: Text
    column: str = ""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What stands or falls together: an order with its lines, or one row. Faults, or else records."""

    key: str
    lines: tuple[int, ...]
    records: tuple[Sourced, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    rule: RecordRule
    fields: tuple[BoundField, ...]
    each: Follow | None
    wanted: Callable[[Unit], bool]
    required: frozenset[str]
    sets: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict)  # one `given` for many rows


@dataclass(frozen=True, slots=True)
class Plan:
    profile: Profile
    file: str
    sheet: str
    rules: tuple[Bound, ...]
    group: int | None  # the column; None: every row by itself
    carry: tuple[int, ...]
    left: tuple[str, ...]  # columns that the profile does not use
    notes: Notes
    _at: list[int]  # the line under work, for warnings
    unfolded: Unfolded | None = None

    @property
    def about_orders(self) -> bool:
        return any(bound.rule.kind in _ORDER_KINDS for bound in self.rules)

    def bundle(self, key: str, rows: Sequence[Row[Any]]) -> Bundle:
        """`rows` belong together: cells as wide as the header, or places."""
        lines = tuple(row.line for row in rows)
        faults = [
            Fault(row.line, row.fault, IGNORE if row.fault == TOTALS else _AGAIN) for row in rows if row.fault
        ]
        if faults:
            return Bundle(key, lines, faults=tuple(faults))
        units = [self.unfolded.wider(row.body) if self.unfolded else row.body for row in rows]
        records: list[Sourced] = []
        for bound in self.rules:
            made = 0
            for at, unit in enumerate(units[:1] if bound.rule.once else units):
                try:
                    inners = self._units(bound, unit)
                except BadInput as error:
                    column = self.unfolded.unfolding.needs[0] if self.unfolded else ""
                    faults.append(Fault(lines[at], error.what, error.mend, column))
                    continue
                for inner in inners:
                    if not bound.wanted(inner):
                        continue
                    made += 1
                    self._at[0] = lines[at]
                    one = self._record(bound, inner, units, lines[at], made)
                    if isinstance(one, Fault):
                        faults.append(one)
                    else:
                        records.append(one)
                    if bound.rule.once and len(units) > 1:
                        self._heed(bound, units, lines)
        if faults:
            return Bundle(key, lines, faults=_each_once(faults))
        if not records:
            return Bundle(key, lines, faults=tuple(Fault(line, _NOTHING, _MAP) for line in lines))
        kept = _agreed(records)
        return Bundle(key, lines, faults=(kept,)) if isinstance(kept, Fault) else Bundle(key, lines, kept)

    def _heed(self, bound: Bound, units: Sequence[Unit], lines: Sequence[int]) -> None:
        """An order's amount is its first row's; that another row says another one is not passed over in silence."""
        for one in bound.fields if bound.rule.kind == "order" else ():
            if not one.amount:
                continue
            for at, unit in enumerate(units[1:], 1):
                try:
                    differs = one.fill(unit, units) not in (ABSENT, one.fill(units[0], units))
                except BadInput:
                    differs = True
                if differs:
                    self.notes.add(_other_amount(one.said), lines[at])
                    break

    def _units(self, bound: Bound, unit: Unit) -> Sequence[Unit]:
        if self.unfolded and bound.rule.each:
            return self.unfolded.each(unit)
        return bound.each(unit) if bound.each and isinstance(unit, Place) else (unit,)

    def _record(
        self, bound: Bound, unit: Unit, units: Sequence[Unit], line: int, number: int
    ) -> Sourced | Fault:
        values: dict[str, Any] = {}
        group = (unit,) if isinstance(unit, Place) else units
        for one in bound.fields:
            try:
                value = one.fill(unit, group)
            except BadInput as error:
                return Fault(line, error.what, error.mend, one.said)
            if value is not ABSENT:
                values[one.name] = value
        if (numbered := _NUMBERED.get(bound.rule.kind)) and numbered[0] not in values:
            values[numbered[0]] = numbered[1](number)
        if bound.rule.kind == "price":
            values.setdefault("valid_from", UNDATED)
        for name in bound.required:
            if values.get(name) in (None, ""):
                said = next((one.said for one in bound.fields if one.name == name), name)
                return Fault(line, Text(f"缺少 {name}", f"{name} is missing"), _FILL, said)
        record: Record = bound.rule.record(**values)
        names = tuple(values)
        given = bound.sets.get(names)
        if given is None:
            given = bound.sets[names] = frozenset(names)
        return Sourced(record, Origin(self.file, line, self.sheet), given)


def key_of(record: Record) -> tuple[str, ...]:
    """What names the row among its kind; times as ISO text."""
    parts = []
    for name in _KEYS[type(record)]:
        value = (
            record.amount.currency
            if isinstance(record, Price) and name == "currency"
            else getattr(record, name)
        )
        parts.append(value.isoformat() if isinstance(value, datetime) else str(value))
    return (type(record).__name__, *parts)


def _agreed(records: list[Sourced]) -> tuple[Sourced, ...] | Fault:
    """The same said twice is said once; two rows that say different things of one key refuse both."""
    seen: dict[tuple[str, ...], Sourced] = {}
    for row in records:
        first = seen.setdefault(key_of(row.record), row)
        if first.record != row.record:
            return Fault(row.origin.line, contradiction(first.origin.line, row.origin.line), _AGAIN)
    return tuple(seen.values())


def _other_amount(column: str) -> Text:
    return Text(
        f"同一订单的几行「{column}」不同，订单用了第一行的；若是每行自己的金额，请在档案里写 add",
        f"rows of one order differ in {column}, the order has the first row's; if each row has its own, say `add` in the profile",
    )


def _each_once(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """A cell that three records are read from is at fault once."""
    seen = {(fault.line, fault.column, fault.why): fault for fault in reversed(faults)}
    return tuple(reversed(seen.values()))


def contradiction(first: int, second: int) -> Text:
    return Text(
        f"第 {first} 行和第 {second} 行说的是同一条记录，内容却不同",
        f"lines {first} and {second} are about one and the same record and differ",
    )


_AGAIN = Text("请重新导出这个文件。", "Export this file again.")
_FILL = Text("请在文件里填上这一格。", "Fill that cell in the file.")
_NOTHING = Text("这一行没有可用的数据", "there is nothing in this row that could be used")
_MAP = Text(
    "若其中有数据，请换一个导入档案（--profile）。", "If there is, choose another profile (--profile)."
)


def bind_grid(
    profile: Profile, header: Sequence[str], file: str, sheet: str, zone: ZoneInfo, currency: str
) -> Plan:
    unfolding = UNFOLDINGS.get(profile.unfold)
    added = (*unfolding.row_adds, *unfolding.each_adds) if unfolding else ()
    columns = GridColumns((*header, *added), profile)
    unfolded = Unfolded(unfolding, tuple(map(columns.index, unfolding.needs))) if unfolding else None
    group = next((at for name in profile.group if (at := columns.index(name)) is not None), None)
    carry = tuple(at for name in profile.carry if (at := columns.index(name)) is not None)
    plan = _bind(profile, columns, file, sheet, zone, currency, group, carry)
    left = tuple(name for at, name in enumerate(header) if at not in columns.used and name)
    return Plan(plan.profile, file, sheet, plan.rules, group, carry, left, plan.notes, plan._at, unfolded)


def bind_tree(profile: Profile, file: str, sheet: str, zone: ZoneInfo, currency: str) -> Plan:
    return _bind(profile, TreeColumns(), file, sheet, zone, currency, None, ())


def _bind(
    profile: Profile, columns: Columns, file: str, sheet: str, zone: ZoneInfo, currency: str,
    group: int | None, carry: tuple[int, ...],
) -> Plan:  # fmt: skip
    notes, at = Notes(), [0]
    manner = Manner(profile, zone, currency or profile.currency, lambda note: notes.add(note, at[0]))
    rules = []
    for rule in profile.rules:
        wanted = _wanted(rule.when, columns)
        fields = bind(rule, columns, manner)
        keys = frozenset(_KEYS[rule.record]) - {"currency"}
        numbered = _NUMBERED.get(rule.kind, ("", None))[0]
        needed = (required(rule.record) | (keys - {"kind", "warehouse"})) - {numbered}
        if rule.kind == "price":
            needed -= {"valid_from"}
        if wanted is None or not needed <= {one.name for one in fields}:
            continue  # this file lacks what makes such a record: another export of the same platform
        rules.append(Bound(rule, tuple(fields), path(rule.each) if rule.each else None, wanted, needed))
    if not rules:
        raise BadInput(
            Text(
                f"{file} 缺少 {profile.title.zh} 需要的列。",
                f"{file} lacks the columns that {profile.title.en} needs.",
            ),
            Text(
                "换一个导入档案，或重新导出全部列。", "Choose another profile, or export it with all columns."
            ),
        )
    return Plan(profile, file, sheet, tuple(rules), group, carry, (), notes, at)


def _wanted(conditions: Sequence[Condition], columns: Columns) -> Callable[[Unit], bool] | None:
    """None when the file cannot meet a condition."""
    checks: list[Callable[[Unit], bool]] = []
    for one in conditions:
        check = _check(one, columns)
        if check is None:
            return None
        checks.append(check)
    if not checks:
        return lambda unit: True
    return lambda unit: all(check(unit) for check in checks)


def _check(condition: Condition, columns: Columns) -> Callable[[Unit], bool] | None:
    if isinstance(columns, TreeColumns):
        follow = path(condition.column)
        if follow is None:
            return None
        if not condition.words:
            return lambda unit: bool(follow(unit)) != condition.lacks
    get = columns.one(condition.column)
    if get is None:
        return (lambda unit: True) if condition.lacks else None
    words = condition.words

    def check(unit: Unit) -> bool:
        cell = get(unit)
        if words:
            # "simple, downloadable" is both.
            said = {normal(cell), *(normal(part) for part in cell.split(","))}
            return bool(said & words) != condition.lacks
        return (cell not in NOTHING) != condition.lacks

    return check
