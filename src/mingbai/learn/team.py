"""Who trains together: this process alone, or several that a launcher started, each over its own part of the lessons.

What learns is small and lies whole with everyone; after each backward pass the gradients are summed, so that several learn what
one alone would, but for rounding. Only the first one reads the home, keeps and writes: the others get the lessons into memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Device = Literal["auto", "cpu", "cuda"]


@dataclass(frozen=True, slots=True)
class Team:
    """`place` is this process's number on its machine, `here` how many are there. `split`: frozen layers that learn beside
    them lie in parts, one with each, and are brought together when it is their turn."""

    rank: int = 0
    of: int = 1
    place: int = 0
    here: int = 1
    device: str = "cpu"
    split: bool = False

    @property
    def leads(self) -> bool:
        return self.rank == 0

    def has(self, number: int) -> bool:
        """Whether the lesson of this number is one of ours. The same ones in every epoch: their lower layers are kept here."""
        return number % self.of == self.rank

    @property
    def named(self) -> tuple[object, ...]:
        """What of it decides the last bits of what is learned; nothing, for one process on a CPU."""
        return () if self.of == 1 and self.device == "cpu" else (self.of, self.device.partition(":")[0])


ALONE = Team()
