"""One ranking from both legs.

Scores are added, never ranks: reciprocal ranks let a document with one shared word push a true translation down
(shared measurements: cross-lingual R@1 .90 to .30). The keyword leg counts by how much of the query it covers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mingbai.shop.search import dense, keyword
from mingbai.shop.search.document import KINDS, Kind
from mingbai.shop.search.filters import fitting
from mingbai.shop.search.query import Hit, Query
from mingbai.shop.search.segment import Segment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CANDIDATES = 200  # of the keyword leg, whose cosine is taken too


@dataclass(frozen=True, slots=True)
class Weights:
    """Fitted on tests/shop/search/dev.jsonl, never on the blind set: see `mingbai prove search --fit`."""

    keyword: float = 0.5
    dense: float = 0.5
    # The cosine at which the dense leg begins to count, and at which it counts in full.
    low: float = 0.1
    high: float = 0.75
    # Coverage below the gate counts by its square: one shared word of many is no evidence.
    gate: float = 0.35
    short_title: float = 0.03  # among equals, the shorter title is more nearly the thing itself
    review: float = -0.12  # a review speaks of a product; the product itself comes first
    policy: float = 0.0
    # Below this nothing is shown.
    least: float = 0.30


@dataclass(frozen=True, slots=True)
class Living:
    """A segment and which of its documents are still true."""

    segment: Segment
    alive: NDArray[np.bool_]


def ranked(
    query: Query, plan: keyword.Plan, vector: NDArray[np.float32], state: Sequence[Living], weights: Weights
) -> list[Hit]:
    """The best hits, explained. Nothing is held back here: see `Weights.least`."""
    import numpy as np

    scored: list[tuple[float, int, int, float, float, float, float, float]] = []
    for number, living in enumerate(state):
        segment = living.segment
        fits = fitting(segment, query.filters, living.alive)
        if not fits.any():
            continue
        covered = np.where(fits, keyword.score(plan, segment), 0.0)
        cosines = dense.nearest(segment, vector, fits)
        count = min(CANDIDATES, len(covered))
        best = np.argpartition(-covered, count - 1)[:count]
        best = np.sort(best[covered[best] > 0])
        more = np.array([doc for doc in best.tolist() if doc not in cosines], np.int64)
        cosines |= dense.of_documents(segment, vector, more)
        for doc in {*best.tolist(), *cosines}:
            coverage, cosine = float(covered[doc]), cosines.get(doc, 0.0)
            by_words, by_meaning = _shares(coverage, cosine, weights, dense_leg=bool(len(vector)))
            prior = _prior(segment, doc, weights, coverage)
            scored.append((by_words + by_meaning + prior, number, doc, by_words, by_meaning, prior, coverage, cosine))
    scored.sort(key=lambda row: (-row[0], row[1], row[2]))
    return _hits(scored[: query.limit], plan, state)


def _shares(coverage: float, cosine: float, weights: Weights, *, dense_leg: bool) -> tuple[float, float]:
    gated = coverage if coverage >= weights.gate else coverage * coverage / weights.gate
    if not dense_leg:
        return gated, 0.0
    near = min(max((cosine - weights.low) / (weights.high - weights.low), 0.0), 1.0)
    return weights.keyword * gated, weights.dense * near


def _prior(segment: Segment, doc: int, weights: Weights, coverage: float) -> float:
    match KINDS[int(segment.arrays["kind"][doc])]:
        case Kind.REVIEW:
            return weights.review
        case Kind.POLICY:
            return weights.policy
        case Kind.PRODUCT:
            length = int(segment.arrays["length"][doc])
            return weights.short_title * coverage * (1 - min(length, 60) / 60)


def _hits(
    scored: Sequence[tuple[float, int, int, float, float, float, float, float]], plan: keyword.Plan,
    state: Sequence[Living],
) -> list[Hit]:  # fmt: skip
    parts = {}
    for number, living in enumerate(state):
        docs = [row[2] for row in scored if row[1] == number]
        if docs:
            explained = keyword.explain(plan, living.segment, docs)
            parts.update({(number, doc): p for doc, p in zip(docs, explained, strict=True)})
    return [
        Hit(
            KINDS[int(state[number].segment.arrays["kind"][doc])], state[number].segment.key(doc), round(total, 6),
            round(by_words, 6), round(by_meaning, 6), round(prior, 6), round(coverage, 4), round(cosine, 4),
            parts[number, doc],
        )
        for total, number, doc, by_words, by_meaning, prior, coverage, cosine in scored
    ]  # fmt: skip
