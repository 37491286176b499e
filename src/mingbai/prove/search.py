"""`mingbai prove search`: is the right row found, in every way people ask for it, and is nothing found when there is nothing.

The queries were written by somebody who never saw the ranking. What an answer holds back counts as not found.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from mingbai.prove.spread import Share
from mingbai.shop.search.query import Answer, Query
from mingbai.values.errors import BadInput, Text
from mingbai.values.json import JsonObject
from mingbai.values.money import Money
from mingbai.values.records import Origin, Price, Product, Sourced, Variant

OFF_TOPIC = "off_topic"
CROSS = ("zh-en", "en-zh")
TRADITIONAL = "trad"
ORDER = ("zh", "en", "zh-en", "en-zh", TRADITIONAL, "homophone", "initials", "synonym", "unit")
DEPTH = 10
VITABENCH = Path("vitabench") / "catalogue_zh_en.jsonl"


@dataclass(frozen=True, slots=True)
class Case:
    """`relevant` is empty for what is off topic; any of them is right."""

    id: str
    text: str
    group: str
    relevant: frozenset[str]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Graded:
    """`rank` from 1; None when no relevant row is among the hits. `plain_rank`: of the same words in Simplified."""

    case: Case
    rank: int | None
    abstained: bool
    first: str
    nearest_rank: int | None = None
    plain_rank: int | None = None


def blind() -> list[Case]:
    """The set that ships with the package."""
    place = files("mingbai.prove") / "queries" / "search.jsonl"
    if not place.is_file():
        raise BadInput(
            Text("没有题集 queries/search.jsonl。", "There is no query set queries/search.jsonl."),
            Text("用 --queries 指定一个。", "Name one with --queries."),
        )
    return parse(place.read_text("utf-8").splitlines())


def parse(lines: Iterable[str]) -> list[Case]:
    cases = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            relevant = frozenset(map(str, row["relevant"]))
            cases.append(Case(str(row["id"]), row["text"], row["group"], relevant, row.get("kind", "")))
        except (ValueError, KeyError, TypeError) as e:
            raise BadInput(
                Text(f"题集第 {number} 行不能读。", f"Line {number} of the query set cannot be read."),
                Text(
                    '每行要有 {"id","text","group","relevant"}。',
                    'A line has {"id","text","group","relevant"}.',
                ),
            ) from e
    return cases


def distractors(data: Path) -> Iterator[Sourced]:
    """VitaBench's catalogue of restaurants and shops, as products of the same shop."""
    since = datetime(2025, 1, 1, tzinfo=UTC)
    for number, line in enumerate((data / VITABENCH).read_text("utf-8").splitlines(), 1):
        row = json.loads(line)
        origin = Origin(VITABENCH.name, number)
        key = row["product_id"]
        tags = (*row["tags_zh"], *row["tags_en"])
        options = tuple(("规格", value) for value in (*row["attributes_zh"], *row["attributes_en"]))
        yield Sourced(
            Product(key, row["name_zh"], row["name_en"], brand=row["store_name_zh"], tags=tags,
                    description_en=row["store_name_en"]), origin,
        )  # fmt: skip
        yield Sourced(Variant(key, key, options=options), origin)
        yield Sourced(Price(key, Money.of(str(row["price"]), "CNY"), since), origin)


def grade(
    ask: Callable[[str], Answer], cases: Sequence[Case], simplified: Callable[[str], str]
) -> list[Graded]:
    graded = []
    for case in cases:
        answer = ask(case.text)
        plain = ask(simplified(case.text)) if case.group == TRADITIONAL else None
        shown = answer.hits or answer.nearest
        first = (
            f"{shown[0].key} {shown[0].score:.3f} (cos {shown[0].cosine:.2f}, cov {shown[0].coverage:.2f})"
            if shown
            else ""
        )
        graded.append(
            Graded(case, _rank(answer, case), answer.abstained, first, _place([h.key for h in answer.nearest], case), _rank(plain, case) if plain else None)
        )  # fmt: skip
    return graded


def query(text: str) -> Query:
    return Query(text, limit=DEPTH)


def _rank(answer: Answer, case: Case) -> int | None:
    """Rows found by their number come before ranked ones."""
    return _place([*(e.key for e in answer.exact), *(hit.key for hit in answer.hits)], case)


def _place(keys: Sequence[str], case: Case) -> int | None:
    return next((n for n, key in enumerate(keys, 1) if key in case.relevant), None)


@dataclass(frozen=True, slots=True)
class Report:
    graded: tuple[Graded, ...]

    def recall(self, at: int, *groups: str, plain: bool = False) -> Share:
        of = [g for g in self.graded if g.case.group in groups and g.case.relevant]
        ranks = [g.plain_rank if plain else g.rank for g in of]
        return Share(sum(rank is not None and rank <= at for rank in ranks), len(of))

    @property
    def groups(self) -> tuple[str, ...]:
        named = {g.case.group for g in self.graded} - {OFF_TOPIC}
        return (*(g for g in ORDER if g in named), *sorted(named - set(ORDER)))

    @property
    def abstention(self) -> Share:
        """Off-topic queries that were answered with nothing."""
        of = [g for g in self.graded if not g.case.relevant]
        return Share(sum(g.abstained for g in of), len(of))

    @property
    def false_refusals(self) -> Share:
        of = [g for g in self.graded if g.case.relevant]
        return Share(sum(g.abstained for g in of), len(of))

    def lines(self) -> list[str]:
        rows = [f"{'':<24}{'n':>5}  {'R@1':<24}{'R@5':<24}"]
        for group in self.groups:
            rows.append(self._row(group, group))
        rows.append(self._row("全部 / all", *self.groups))
        rows.append(self._row("跨语言 / cross-lingual", *CROSS))
        if self.recall(1, TRADITIONAL).of:
            apart = [
                self.recall(k, TRADITIONAL).value - self.recall(k, TRADITIONAL, plain=True).value
                for k in (1, 5)
            ]
            rows.append(f"{'繁 − 简 / trad − simp':<23}{'':>5}  {apart[0]:<+24.3f}{apart[1]:<+24.3f}")
        rows.append(
            f"离题不答 / off-topic abstention: {self.abstention}   误拒 / false refusals: {self.false_refusals}"
        )
        return rows

    def _row(self, name: str, *groups: str) -> str:
        one, five = self.recall(1, *groups), self.recall(5, *groups)
        wide = sum("一" <= c <= "鿿" for c in name)
        return f"{name:<{24 - wide}}{one.of:>5}  {one!s:<24}{five!s:<24}"

    def misses(self) -> list[str]:
        """Every query whose right row is not first, and every off-topic one that was answered."""
        rows = []
        for g in self.graded:
            if g.case.relevant and g.rank != 1:
                what = (
                    "abstained" + (f" (nearest {g.nearest_rank})" if g.nearest_rank else "")
                    if g.abstained
                    else f"rank {g.rank}"
                )
            elif not g.case.relevant and not g.abstained:
                what = "answered"
            else:
                continue
            wanted = " ".join(sorted(g.case.relevant))
            rows.append(f"{g.case.id:<14}{what:<22}{g.case.text}  →  {wanted or '∅'}  first: {g.first}")
        return rows

    def as_json(self) -> JsonObject:
        def share(s: Share) -> JsonObject:
            low, high = s.interval
            return {
                "n": s.of,
                "value": None if not s.of else round(s.value, 4),
                "low": None if not s.of else round(low, 4),
                "high": None if not s.of else round(high, 4),
            }

        rows: JsonObject = {
            g: {"r1": share(self.recall(1, g)), "r5": share(self.recall(5, g))} for g in self.groups
        }
        return {
            "groups": rows,
            "all": {"r1": share(self.recall(1, *self.groups)), "r5": share(self.recall(5, *self.groups))},
            "cross_lingual": {"r1": share(self.recall(1, *CROSS)), "r5": share(self.recall(5, *CROSS))},
            "traditional_as_simplified": {
                "r1": share(self.recall(1, TRADITIONAL, plain=True)), "r5": share(self.recall(5, TRADITIONAL, plain=True)),
            },
            "off_topic_abstention": share(self.abstention),
            "false_refusals": share(self.false_refusals),
        }  # fmt: skip
