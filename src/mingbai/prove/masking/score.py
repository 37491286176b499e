"""Found against known: recall and precision per kind, with intervals.

A piece of personal data counts as found when all its characters lie inside spans of its own kind, as masked when they lie
inside spans of any kind. A span counts as right when at least half of its characters are of its kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mingbai.prove.spread import wilson
from mingbai.values.json import JsonObject


class Spanned(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def kind(self) -> str: ...


@dataclass(slots=True)
class Count:
    known: int = 0
    found: int = 0
    masked: int = 0
    spans: int = 0
    right: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.known + other.known, self.found + other.found, self.masked + other.masked,
            self.spans + other.spans, self.right + other.right,
        )  # fmt: skip

    def as_json(self) -> JsonObject:
        return {
            "known": self.known,
            "recall": _share(self.found, self.known),
            "recall_95": _interval(self.found, self.known),
            "masked": _share(self.masked, self.known),
            "spans": self.spans,
            "precision": _share(self.right, self.spans),
            "precision_95": _interval(self.right, self.spans),
        }


@dataclass(slots=True)
class Miss:
    what: str  # "missed", "wrong kind" or "false"
    kind: str
    form: str
    text: str = field(repr=False)
    line: str = field(repr=False)


@dataclass(slots=True)
class Score:
    by_kind: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    by_form: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    misses: list[Miss] = field(default_factory=list)
    lines: int = 0
    clean: int = 0
    flagged: int = 0

    def add(self, text: str, gold: Sequence[Spanned], found: Sequence[Spanned], form: str = "") -> None:
        self.lines += 1
        if not gold:
            self.clean += 1
            self.flagged += bool(found)
        for it in gold:
            own = _covers([one for one in found if one.kind == it.kind], it, text)
            any_kind = own or _covers(found, it, text)
            for count in (self.by_kind[it.kind], self.by_form[form]):
                count.known += 1
                count.found += own
                count.masked += any_kind
            if not own:
                what = "wrong kind" if any_kind else "missed"
                self.misses.append(Miss(what, it.kind, form, text[it.start : it.end], text))
        for it in found:
            count = self.by_kind[it.kind]
            count.spans += 1
            same = sum(
                max(0, min(it.end, one.end) - max(it.start, one.start)) for one in gold if one.kind == it.kind
            )
            if 2 * same >= it.end - it.start:
                count.right += 1
            else:
                self.misses.append(Miss("false", it.kind, form, text[it.start : it.end], text))

    def of(self, kinds: Iterable[str]) -> Count:
        return sum((self.by_kind[it] for it in kinds if it in self.by_kind), Count())


def _covers(found: Sequence[Spanned], gold: Spanned, text: str) -> bool:
    inside = {at for it in found for at in range(max(it.start, gold.start), min(it.end, gold.end))}
    return all(at in inside or not text[at].isalnum() for at in range(gold.start, gold.end))


def _share(count: int, of: int) -> float | None:
    return round(count / of, 5) if of else None


def _interval(count: int, of: int) -> list[float]:
    return [round(it, 5) for it in wilson(count, of)]
