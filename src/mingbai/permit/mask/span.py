"""A piece of text that says something about a person: where, what kind, how sure, found by which rule.

Kinds are stable names (design §4). Offsets are those of the text as given, zero-width characters and all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Literal, NamedTuple, Protocol, get_args

from mingbai.permit.mask.reading import Reading

Kind = Literal[
    "name", "name_title", "mobile", "landline", "virtual_mobile", "masked_mobile", "resident_id", "bank_card", "uscc", "passport",
    "plate", "address", "email", "wechat", "qq", "alipay", "ip", "order_no", "tracking_no", "birth_date", "tax_code_old15",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
NAMES: frozenset[Kind] = frozenset({"name", "name_title"})

# What a kind's file says about itself: a text and the pieces of it that are of that kind.
Cases = Sequence[tuple[str, tuple[str, ...]]]


class Span(NamedTuple):
    """text[start:end] of the text as given. `source` is the rule's file."""

    start: int
    end: int
    kind: Kind
    text: str
    score: float
    source: str

    def __repr__(self) -> str:
        """Not the text."""
        return f"Span({self.start}, {self.end}, {self.kind}, {self.score}, {self.source})"

    @property
    def confidence(self) -> float:
        return self.score


class Hit(NamedTuple):
    """A place in a reading, not yet in the text as given."""

    start: int
    end: int
    score: float


# Without a call of Python's own: a third of the constructor's time.
hit_at: Callable[[tuple[int, int, float]], Hit] = partial(tuple.__new__, Hit)


class Rule(Protocol):
    """What each file of kinds/ holds."""

    @property
    def KIND(self) -> Kind: ...
    @property
    def CASES(self) -> Cases: ...
    @property
    def __name__(self) -> str: ...
    def find(self, reading: Reading, /) -> Iterable[Hit]: ...
