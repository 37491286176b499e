"""What of a query a document can account for, and how well."""

from __future__ import annotations

from dataclasses import dataclass

from mingbai.shop.search.measures import Measure


@dataclass(frozen=True, slots=True)
class Feature:
    """A document that has every one of `terms` accounts for the query's positions [start, end) to this quality."""

    terms: tuple[str, ...]
    start: int
    end: int
    quality: float
    route: str  # word | pair | character | synonym | sound | initials | unit | spelling


@dataclass(frozen=True, slots=True)
class Parsed:
    """`words`: spans of positions that belong together; those that say nothing are not in it."""

    said: tuple[str, ...]
    words: tuple[tuple[int, int], ...]
    cut: tuple[tuple[int, int], ...]  # every word, those that say nothing too
    features: tuple[Feature, ...]
    measured: tuple[Measure, ...]
    latin: tuple[
        tuple[int, str], ...
    ]  # position and stem of Latin words: spelling is forgiven where none has it
