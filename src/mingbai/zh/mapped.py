"""A text in another form, with the way back: where each of its characters stood in the text as given.

Converters return it, so that what was found in the convenient form can be cut out of what the customer wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Mapped(NamedTuple):  # one or two for every line that is masked: a third of a dataclass's cost
    """`text[i]` was made from `original[starts[i]:ends[i]]`; both sequences never go down."""

    original: str
    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def __repr__(self) -> str:
        """Not what was said."""
        return f"Mapped({len(self.original)} characters)"

    @staticmethod
    def same(original: str, text: str) -> Mapped:
        """A form that has one character for each of the original's. Raises ValueError when it has not."""
        if len(text) != len(original):
            raise ValueError(f"{len(text)} characters cannot stand for {len(original)} one by one")
        return Mapped(original, text, range(len(text)), range(1, len(text) + 1))

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that `text[start:end]` was made from; an empty piece has an empty span."""
        if end > start:
            return self.starts[start], self.ends[end - 1]
        here = self.starts[start] if start < len(self.text) else len(self.original)
        return here, here

    def said(self, start: int, end: int) -> str:
        """The original words behind `text[start:end]`."""
        first, last = self.back(start, end)
        return self.original[first:last]

    def then(self, after: Mapped) -> Mapped:
        """The two conversions as one; `after` was made from this one's text."""
        if self.one_to_one:
            return Mapped(self.original, after.text, after.starts, after.ends)
        if after.one_to_one:
            return Mapped(self.original, after.text, self.starts, self.ends)
        starts = list(map(self.starts.__getitem__, after.starts))
        ends = list(map(self.ends.__getitem__, map((-1).__add__, after.ends)))
        return Mapped(self.original, after.text, starts, ends)

    @property
    def one_to_one(self) -> bool:
        return isinstance(self.starts, range)
