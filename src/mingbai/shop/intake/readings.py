"""One table, list or page ready to be read: what every kind of file gives to the taking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from mingbai.shop.intake.choose import Header
from mingbai.shop.intake.groups import Survey, groups, survey
from mingbai.shop.intake.paths import Place, path
from mingbai.shop.intake.plan import Bundle, Fault, Plan, contradiction, key_of
from mingbai.shop.intake.rows import Grid, Node, Row, Tree
from mingbai.values.errors import Text
from mingbai.values.records import KINDS

RANKS = {kind: rank for rank, (kind, _, _) in enumerate(KINDS)}


class Reading(Protocol):
    """`bundles` may be called twice (a look, then the taking) and gives the same both times."""

    @property
    def file(self) -> str: ...

    @property
    def sheet(self) -> str: ...

    @property
    def how(self) -> Text: ...

    @property
    def profile(self) -> str: ...

    @property
    def title(self) -> Text: ...

    @property
    def rank(self) -> int: ...

    @property
    def about_orders(self) -> bool: ...

    def size(self) -> int: ...

    def bundles(self) -> Iterator[Bundle]: ...

    def notes(self) -> list[tuple[Text, int, int]]: ...

    def left(self) -> tuple[str, ...]: ...


@dataclass(slots=True)
class _Planned:
    plan: Plan
    how: Text

    @property
    def file(self) -> str:
        return self.plan.file

    @property
    def sheet(self) -> str:
        return self.plan.sheet

    @property
    def profile(self) -> str:
        return self.plan.profile.name

    @property
    def title(self) -> Text:
        return self.plan.profile.title

    @property
    def rank(self) -> int:
        """Of the first kind that it says more of than the key: lines name their orders, but come after them."""
        told = [bound.rule.kind for bound in self.plan.rules if len(bound.rule.fields) > 1]
        return min(RANKS[kind] for kind in told or [bound.rule.kind for bound in self.plan.rules])

    @property
    def about_orders(self) -> bool:
        return self.plan.about_orders

    def notes(self) -> list[tuple[Text, int, int]]:
        return [(note, times, first) for note, (times, first) in self.plan.notes.counts.items()]

    def left(self) -> tuple[str, ...]:
        return self.plan.left

    def _once(self, bundles: Iterator[Bundle]) -> Iterator[Bundle]:
        """Rows that stand alone must not contradict one another; orders are compared where they are gathered."""
        self.plan.notes.counts.clear()
        if self.plan.group is not None:
            yield from bundles
            return
        seen: dict[tuple[str, ...], tuple[int, int]] = {}
        for bundle in bundles:
            fault = None
            for row in bundle.records:
                said = hash(row.record)
                first, before = seen.setdefault(key_of(row.record), (row.origin.line, said))
                if before != said:
                    again = Text("请只留下正确的一行。", "Keep only the row that is right.")
                    fault = Fault(row.origin.line, contradiction(first, row.origin.line), again)
                    break
            yield Bundle(bundle.key, bundle.lines, faults=(fault,)) if fault else bundle


class GridReading(_Planned):
    def __init__(self, grid: Grid, header: Header, plan: Plan) -> None:
        super().__init__(plan, grid.how)
        self._grid, self._header = grid, header
        self._survey: Survey | None = None

    def survey(self) -> Survey:
        if self._survey is None:
            self._survey = survey(self._grid, self._header, self.plan)
        return self._survey

    def size(self) -> int:
        return self.survey().rows

    def bundles(self) -> Iterator[Bundle]:
        found = groups(self._grid, self._header, self.plan, self.survey())
        return self._once(self.plan.bundle(key, rows) for key, rows in found)


class TreeReading(_Planned):
    def __init__(self, tree: Tree, plan: Plan) -> None:
        super().__init__(plan, tree.how)
        self._tree = tree
        self._size = -1

    def size(self) -> int:
        if self._size < 0:
            self._size = sum(1 for _ in self._tree.rows())
        return self._size

    def bundles(self) -> Iterator[Bundle]:
        return self._once(self._read(row) for row in self._tree.rows())

    def _read(self, row: Row[Node]) -> Bundle:
        place = Row(row.line, Place(row.body), row.fault)
        return self.plan.bundle(self._key(place), [place])

    def _key(self, row: Row[Place]) -> str:
        for name in self.plan.profile.group:
            if (follow := path(name)) and (found := follow(row.body)):
                return str(found[0].value)
        return ""


def in_order(readings: Sequence[Reading]) -> list[Reading]:
    """Shops before products before orders before lines; files of a kind by name, so that dates in names go forward."""
    return sorted(readings, key=lambda one: (one.rank, one.file, one.sheet))
