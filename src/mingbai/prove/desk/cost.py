"""What permission, masks and receipts take of a turn's time.

Permission and sealing are timed on the path; of the key of somebody new, made beside the reading of rows, what took longer
than these. The share is the median turn's, and all turns' together: one slow turn would flatter the second.
Masks work only on what leaves for another place: here each prompt is masked as if it did, before it goes where it is going.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from statistics import median

from mingbai.engine.protocol import Engine
from mingbai.permit.mask.asked import is_english, masked
from mingbai.permit.mask.detector import Detector
from mingbai.permit.mask.masks import Masks
from mingbai.prove.desk.talk import Answered
from mingbai.values.chat import Ask, Event
from mingbai.values.json import JsonObject

GOAL = 0.03


class Masking:
    """An engine that masks each ask, takes the time, and passes on what it was given."""

    def __init__(self, inner: Engine) -> None:
        self._inner = inner
        self._detector = Detector()
        self.seconds = 0.0

    @property
    def place(self) -> str:
        return self._inner.place

    @property
    def attempts(self) -> int:
        return self._inner.attempts

    async def generate(self, ask: Ask) -> AsyncGenerator[Event, None]:
        began = time.perf_counter()
        masked(ask, Masks(self._detector, lang="en" if is_english(ask) else "zh"))
        self.seconds += time.perf_counter() - began
        async with aclosing(self._inner.generate(ask)) as events:
            async for event in events:
                yield event


@dataclass(frozen=True, slots=True)
class Cost:
    """`steps`: seconds over all of `turns`; `shares` of each."""

    name: str
    turns: int
    whole: float
    steps: tuple[tuple[str, float], ...]
    shares: tuple[float, ...]

    @property
    def share(self) -> float:
        return median(self.shares)

    @property
    def together(self) -> float:
        return sum(seconds for _, seconds in self.steps) / self.whole if self.whole else 0.0

    def line(self) -> str:
        each = "  ".join(f"{name} {seconds / self.turns * 1000:.2f} ms" for name, seconds in self.steps)
        met = "✓" if self.share <= GOAL else "✗"
        return (
            f"{met} {self.name}  n {self.turns}   中位 / median {self.share:.2%} (goal ≤ {GOAL:.0%}), 合计 / together {self.together:.2%}   "
            f"{each}   of {self.whole / self.turns:.3f} s"
        )

    def as_json(self) -> JsonObject:
        return {
            "name": self.name, "n": self.turns, "median": round(self.share, 5), "together": round(self.together, 5),
            "seconds": round(self.whole, 3), **dict(self.steps),
        }  # fmt: skip


def costs(answers: Sequence[Answered], mask_seconds: float) -> list[Cost]:
    """Of turns that templates worded, and of those with a sentence of the model's; masks belong to these, in equal parts."""
    found = []
    for name, by in (("模板 / templates", "template"), ("模型措辞 / worded by the model", "model")):
        those = [
            (a.last, dict(a.turn.seconds))
            for a in answers
            if a.turn is not None and a.turn.reply is not None and a.turn.reply.phrased_by == by
        ]
        if not those:
            continue
        masks = mask_seconds / len(those) if by == "model" else 0.0
        rows = [
            {"admit": s.get("admit", 0.0), "seal": s.get("seal", 0.0), "key": max(0.0, s.get("expect", 0.0) - s.get("ground", 0.0)),
             "masks": masks}
            for _, s in those
        ]  # fmt: skip
        found.append(
            Cost(
                name, len(those), sum(last for last, _ in those), tuple((step, sum(row[step] for row in rows)) for step in rows[0]),
                tuple(sum(row.values()) / last for row, (last, _) in zip(rows, those, strict=True)),
            )
        )  # fmt: skip
    return found
