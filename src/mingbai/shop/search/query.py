"""What is asked of search and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from mingbai.shop.search.document import Kind
from mingbai.values.money import Money


@dataclass(frozen=True, slots=True)
class Filters:
    """A product fits when one of its variants does: in stock and within the price at once.

    A price bound or `in_stock` leaves only products. `category` is a path or the beginning of one.
    """

    kinds: frozenset[Kind] = frozenset()  # empty: all
    in_stock: bool = False
    least: Money | None = None
    most: Money | None = None
    category: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    text: str
    filters: Filters = Filters()
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Part:
    """One word of the query, its slips mended, and how the document has it; `weight` is its share of the query, `met` how well it is met."""

    said: str
    route: str
    weight: float
    met: float


@dataclass(frozen=True, slots=True)
class Hit:
    """`score` is `keyword_share + dense_share + prior`, each leg's part in it; `cosine` and
    `deep_cosine` are the two encoders' own numbers."""

    kind: Kind
    key: str
    score: float
    keyword_share: float
    dense_share: float
    prior: float
    coverage: float  # of the query's words, 0 to 1
    cosine: float
    deep_cosine: float | None = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Exact:
    """A row found by its number, before any ranking. `kind` as in values.records.KINDS."""

    kind: str
    key: str
    by: Literal["order_no", "phone_tail", "tracking_no", "sku", "barcode", "product_no"]


@dataclass(frozen=True, slots=True)
class Foreign:
    """A thing of the world that the shop does not have and the query may mean; see anchors.py.

    `said`: the share of the query that is its name. `nearer`: by how much it is nearer in meaning than all that the shop has.
    """

    zh: str = ""
    en: str = ""
    said: float = 0.0
    nearer: float = 0.0
    slips: float = 0.0  # the share of the query that is misspelt, heard or lettered: an encoder reads it as something else


@dataclass(frozen=True, slots=True)
class Answer:
    """`abstained`: nothing fits well enough; `nearest` then holds what was nearest, which must not be shown as found."""

    hits: tuple[Hit, ...]
    abstained: bool
    confidence: float = 0.0  # of the best hit, against `Weights.least`
    exact: tuple[Exact, ...] = ()
    nearest: tuple[Hit, ...] = field(default=(), repr=False)
    foreign: Foreign = Foreign()  # what speaks against the hits
