"""What a recogniser hands back: where it stood, what it is, and what is wrong with it if anything is.

Kinds are the stable names of personal data (design §4). A value that fails its check is still reported when its shape
or the word before it says what it was meant to be: a mistyped identity number is no less personal.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import partial
from operator import attrgetter, le
from typing import NamedTuple, Protocol, TypeVar

from mingbai.values.errors import Text


class Found(NamedTuple):  # a line has several before one is kept: a third of a dataclass's cost
    """text[start:end] of the text as given; `value` is the same without separators and odd shapes.

    `confidence` says how sure it is that this *is* such a thing, not whether it is right: that is `problem`.
    """

    start: int
    end: int
    kind: str
    value: str
    problem: Text | None = None
    confidence: float = 1.0

    def __repr__(self) -> str:
        """Not the value."""
        return f"Found({self.start}, {self.end}, {self.kind}, {self.problem}, {self.confidence})"

    @property
    def valid(self) -> bool:
        return self.problem is None


# Without a call of Python's own: a third of the constructor's time.
found_at: Callable[[tuple[int, int, str, str, Text | None, float]], Found] = partial(tuple.__new__, Found)


class Spanned(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def confidence(self) -> float: ...


SpannedT = TypeVar("SpannedT", bound=Spanned)
_START, _END = attrgetter("start"), attrgetter("end")


def apart(found: Iterable[SpannedT]) -> list[SpannedT]:
    """In order of the text; of two that overlap the surer one stays, then the longer, then the earlier."""
    found = list(found)
    if len(found) < 2:
        return found
    inorder = sorted(found, key=_START)
    if all(map(le, map(_END, inorder), map(_START, inorder[1:]))):
        return inorder
    kept: list[SpannedT] = []
    crowd: list[SpannedT] = []  # hang together: each begins before an earlier one ends
    end = -1
    for it in inorder:
        if it.start < end:
            crowd.append(it)
            end = max(end, it.end)
            continue
        kept += crowd if len(crowd) < 2 else _weighed(crowd)
        crowd, end = [it], it.end
    return kept + (crowd if len(crowd) < 2 else _weighed(crowd))


def _weighed(crowd: list[SpannedT]) -> list[SpannedT]:
    starts: list[int] = []
    kept: list[SpannedT] = []
    for it in sorted(crowd, key=lambda it: (-it.confidence, it.start - it.end, it.start)):
        place = bisect_left(starts, it.start)
        free_before = place == 0 or kept[place - 1].end <= it.start
        free_after = place == len(kept) or kept[place].start >= it.end
        if free_before and free_after:
            starts.insert(place, it.start)
            kept.insert(place, it)
    return kept
