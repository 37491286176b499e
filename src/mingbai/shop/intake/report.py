"""What became of every row of an import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from mingbai.shop.intake.plan import Fault
from mingbai.values.errors import Text
from mingbai.values.json import JsonObject, JsonValue

VERDICTS = ("unchanged", "changed", "taken", "refused")  # a row is what the strongest of its records is

_NO_WORDS = Text("", "")


@dataclass(slots=True)
class SheetReport:
    """One table, list or page. `verdicts` holds a row's line and its place in VERDICTS."""

    file: str
    sheet: str = ""
    how: Text = _NO_WORDS
    profile: str = ""
    title: Text = _NO_WORDS
    verdicts: dict[int, int] = field(default_factory=dict)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    notes: list[tuple[Text, int, int]] = field(default_factory=list)  # the note, how often, first line
    left: tuple[str, ...] = ()

    def counts(self) -> dict[str, int]:
        counted = Counter(self.verdicts.values())
        return {word: counted[at] for at, word in enumerate(VERDICTS)}

    def mark(self, line: int, verdict: str) -> None:
        self.verdicts[line] = max(self.verdicts.get(line, 0), VERDICTS.index(verdict))

    def lines(self, verdict: str) -> str:
        """The lines with that verdict: 2-340,342."""
        wanted = VERDICTS.index(verdict)
        return ",".join(
            f"{a}-{b}" if a != b else f"{a}"
            for a, b in _spans(n for n, v in self.verdicts.items() if v == wanted)
        )

    def as_json(self) -> JsonObject:
        kinds: dict[str, JsonValue] = {}
        for kind in sorted({kind for kind, _ in self.kinds}):
            kinds[kind] = {word: self.kinds[kind, word] for word in VERDICTS[:3] if self.kinds[kind, word]}
        return {
            "file": self.file,
            "sheet": self.sheet,
            "profile": self.profile,
            "how": {"zh": self.how.zh, "en": self.how.en},
            "rows": len(self.verdicts),
            **self.counts(),
            "lines": {
                word: self.lines(word) for word in VERDICTS if word in self.counts() and self.lines(word)
            },
            "records": kinds,
            "refusals": [
                {
                    "line": fault.line,
                    "column": fault.column,
                    "zh": fault.why.zh,
                    "en": fault.why.en,
                    "mend_zh": fault.mend.zh,
                    "mend_en": fault.mend.en,
                }
                for fault in sorted(self.faults, key=lambda fault: fault.line)
            ],
            "notes": [
                {"zh": note.zh, "en": note.en, "times": times, "first_line": first}
                for note, times, first in self.notes
            ],
            "columns_not_used": list(self.left),
        }


@dataclass(slots=True)
class Report:
    shop: str
    dry_run: bool
    sheets: list[SheetReport] = field(default_factory=list)
    passed_over: list[tuple[str, Text]] = field(
        default_factory=list
    )  # files or sheets that hold nothing for us
    new_shop: bool = False  # the home had no such shop before, which a misspelt name should show

    def count(self, verdict: str) -> int:
        return sum(sheet.counts()[verdict] for sheet in self.sheets)

    def as_json(self) -> JsonObject:
        return {
            "shop": self.shop,
            "new_shop": self.new_shop,
            "dry_run": self.dry_run,
            **{word: self.count(word) for word in VERDICTS},
            "sheets": [sheet.as_json() for sheet in self.sheets],
            "passed_over": [{"file": name, "zh": why.zh, "en": why.en} for name, why in self.passed_over],
        }


def _spans(lines: Iterator[int]) -> Iterator[tuple[int, int]]:
    first = last = 0
    for line in sorted(lines):
        if first and line == last + 1:
            last = line
            continue
        if first:
            yield first, last
        first = last = line
    if first:
        yield first, last
