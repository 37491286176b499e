"""Chance that always falls the same way. Each thing has dice of its own, named after it, so that one more order
changes no other. Only `Random.random()` is used: its results are promised to stay the same in every Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    def __init__(self, name: str) -> None:
        self._random = Random(f"mingbai tea {name}")

    def chance(self, likely: float) -> bool:
        return self._random.random() < likely

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return least + int(self._random.random() * (most - least + 1))

    def one_of(self, things: Sequence[T]) -> T:
        return things[self.between(0, len(things) - 1)]

    def some_of(self, things: Sequence[T], count: int) -> list[T]:
        """So many different ones."""
        left = list(things)
        return [left.pop(self.between(0, len(left) - 1)) for _ in range(min(count, len(left)))]

    def digits(self, count: int) -> str:
        return "".join(str(self.between(0, 9)) for _ in range(count))
