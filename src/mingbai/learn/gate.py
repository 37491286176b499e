"""Whether an adapter may serve: better on rows it has not seen, and not worse where it was not trained to be better.

1. Held-out rows: more right than the untuned model with its long prompt, beyond chance; no language worse.
2. The desk on a draw of its suites, with the adapter asked where the rules doubt and without: no more than one wrong more, also of hand-offs.
3. Refusals: what is off topic, and who complains or wants a person, still goes where it went.
4. The same question in another language or dialect, or by somebody else, is taken for the same as often as untuned (`fair`).
5. Secrets: planted ones are no easier to guess than for a control that never saw them (`prove leaks --adapter`), where that was
   measured for this recipe; a gate that has no such figure says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from mingbai.learn.canary import MOST_BITS, Leak
from mingbai.learn.exam import Check, better, not_worse
from mingbai.learn.rows import Row
from mingbai.turn.understand.ask import labels
from mingbai.values.json import JsonObject
from mingbai.values.turn import Intent

REFUSED = (Intent.OFF_TOPIC, Intent.COMPLAINT, Intent.HANDOFF)
DESK = "desk "  # begins the name of a check over a suite of the desk


@dataclass(frozen=True, slots=True)
class Desk:
    """Cases of the desk's suites, whether each was right, or pairs, whether both were taken for one: without the adapter and with it."""

    name: str  # beginning with `DESK` for a suite of the desk
    before: tuple[bool, ...]
    after: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`leak` None: it was not measured for this recipe."""

    checks: tuple[Check, ...]
    leak: Leak | None

    @property
    def leak_held(self) -> bool:
        return self.leak is None or self.leak.more_bits <= MOST_BITS

    @property
    def admitted(self) -> bool:
        return all(check.held for check in self.checks) and self.leak_held

    def as_json(self) -> JsonObject:
        return {
            "admitted": self.admitted,
            "checks": [check.as_json() for check in self.checks],
            "leak": self.leak.as_json() if self.leak else None,
        }

    def lines(self) -> list[str]:
        leak = (
            "– 秘密没有量过 / secrets not measured: mingbai prove leaks --adapter"
            if self.leak is None
            else f"{'✓' if self.leak_held else '✗'} {'secrets':26} {self.leak}"
        )
        return [*(check.line() for check in self.checks), leak]


def judged(
    rows: Sequence[Row], before: Sequence[bool], after: Sequence[bool], desks: Sequence[Desk], leak: Leak | None
) -> Verdict:  # fmt: skip
    """`before` and `after`: of each held-out row, whether it was right."""
    told = list(zip(rows, before, after, strict=True))

    def of(name: str, wanted: Sequence[tuple[Row, bool, bool]]) -> Check:
        return not_worse(name, [it[1] for it in wanted], [it[2] for it in wanted])

    refused = {word for word, intent in labels().items() if intent in REFUSED}
    checks = [better("held-out rows", before, after)]
    for lang in sorted({row.lang for row in rows}):
        checks.append(of(f"held-out rows {lang}", [it for it in told if it[0].lang == lang]))
    checks.append(of("refused or to a person", [it for it in told if it[0].completion in refused]))
    checks += of_desks(desks)
    return Verdict(tuple(checks), leak)


def of_desks(desks: Sequence[Desk]) -> list[Check]:
    """Each by itself; and of several suites of the desk, that all together lose no more than one, which each may."""
    checks = [not_worse(desk.name, desk.before, desk.after) for desk in desks]
    suites = [desk for desk in desks if desk.name.startswith(DESK)]
    if len(suites) > 1:
        then, now = (
            tuple(chain.from_iterable(part))
            for part in zip(*((d.before, d.after) for d in suites), strict=True)
        )
        checks.append(not_worse("desk, all of these", then, now, most=1))
    return checks
