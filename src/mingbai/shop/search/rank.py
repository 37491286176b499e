"""One ranking from both legs.

Scores are added, never ranks: reciprocal ranks let a document with one shared word push a true translation down
(shared measurements: cross-lingual R@1 .90 to .30). The keyword leg counts by how much of the query it covers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mingbai.shop.search import dense, keyword
from mingbai.shop.search.deep import Shelf
from mingbai.shop.search.document import KINDS, Kind
from mingbai.shop.search.filters import fitting
from mingbai.shop.search.normal import folded
from mingbai.shop.search.query import Foreign, Hit, Query
from mingbai.shop.search.segment import Segment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

REVIEWS = re.compile(
    r"评价|评论|好评|差评|口碑|买家秀|买家说|\breviews?\b|\bfeedback\b|customers (?:say|think)"
)
# 怎么, 能不能, 几天, 坏了, how do I: goods are asked for by their names, rules in questions and complaints.
RULES = re.compile(
    r"怎么(?!样的|做的)|如何|能不能|能否|可不可以|可以.{0,8}[吗么]|能.{0,8}[吗么]|要不要|[吗么]$|几天|多久|多长时间|什么时候|几点"
    r"|为什么|谁[出付]|坏了|碎了|裂了|破了|少发|漏发|发错|没收到|少了|忘了|错了|退[货款]|换货"
    r"|\bhow (?:do|can|should|long|soon|much is (?:shipping|delivery|postage))\b|\b(?:can|may|could) (?:i|you|we)\b|\bdo (?:i|you|we)\b"
    r"|\bwhen (?:will|do|can|is)\b|\bwhat (?:if|happens)\b|\bis it\b|\b(?:my|the) .{1,20}(?:broke|is broken|arrived|stopped)"
)
NOTHING = Foreign()
CANDIDATES = 200  # of the keyword leg, whose cosine is taken too


@dataclass(frozen=True, slots=True)
class Weights:
    """Fitted on tests/shop/search/dev.jsonl, never on the blind set: docs/measurements.md says how."""

    keyword: float = 0.56
    dense: float = 0.44
    # The cosine at which an encoder begins to count, and at which it counts in full.
    low: float = 0.2
    high: float = 0.65
    deep_low: float = 0.1
    deep_high: float = 0.6
    deep: float = 0.9  # the second encoder's part of the dense leg, where it has read the document
    decided: float = 0.95  # coverage from which the second encoder is not asked
    # Coverage below the gate counts by its square: one shared word of many is no evidence.
    gate: float = 0.1
    short_title: float = 0.07  # among equals, the shorter title is more nearly the thing itself
    review: float = -0.105  # a review speaks of a product; the product itself comes first
    entire: float = 0.14  # for what has the whole query, word for word; begins at `entire_from` of coverage
    entire_from: float = 0.85
    asked_review: float = 0.05  # where the query says that it wants reviews
    policy: float = -0.035
    asked_policy: float = 0.07  # where the query is worded like a question about rules
    # Is the best hit an answer: its score, and in its favour how much of the query the shop has words for at all, that the
    # query says much (one word alone must be met well), and that it is one of the shop's rules.
    for_known: float = 0.3
    for_word: float = 0.105
    for_lettered: float = 0.4  # zsh: only the keyword leg can speak
    for_policy: float = 0.1
    words: int = 4
    # Against it: another thing of the world is said, or is nearer in meaning than all that the shop has (anchors.py), or the
    # last word is not met: of several the last names the thing (檀木梳子, espresso tamper), unless it is a question.
    against_said: float = 1.4
    against_nearer: float = 1.05
    nearer_most: float = 0.3
    against_last: float = 0.2
    # Fitted by logistic regression on tests/shop/search/dev*.jsonl. At this 3.4 % of their 812 questions are refused, and
    # 94 % of their 415 that have no answer.
    least: float = 0.71
    beside: float = 0.25  # the score of others that stand beside a good one


@dataclass(frozen=True, slots=True)
class Living:
    """A segment and which of its documents are still true."""

    segment: Segment
    alive: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that one of the legs found, with what each leg says of it. `segment` is its number in the state."""

    segment: int
    doc: int
    kind: Kind
    title_length: int
    coverage: float
    cosine: float
    deep: float | None = None  # the second encoder's cosine, where it was asked and has read this document


@dataclass(frozen=True, slots=True)
class Scored:
    candidate: Candidate
    by_words: float
    by_meaning: float
    prior: float

    @property
    def score(self) -> float:
        return self.by_words + self.by_meaning + self.prior


def ranked(
    query: Query, plan: keyword.Plan, vector: Vectors, state: Sequence[Living], weights: Weights,
    shelf: Shelf | None = None, deep_vector: Callable[[], Vectors | None] = lambda: None,
) -> list[Hit]:  # fmt: skip
    """The best hits, explained. Nothing is held back here: see `Weights.least`.

    `deep_vector` is asked for only where words alone do not decide: it costs more than everything else together.
    """
    if REVIEWS.search(folded(query.text)):
        weights = replace(weights, review=weights.asked_review)
    if RULES.search(folded(query.text)):
        weights = replace(weights, policy=weights.asked_policy)
    found = candidates(query, plan, vector, state)
    if shelf is not None and len(shelf) and max((c.coverage for c in found), default=0.0) < weights.decided:
        asked = deep_vector()
        if asked is not None:
            found = deepened(found, state, shelf, asked)
    return _hits(scored(found, weights, dense_leg=bool(len(vector)))[: query.limit], plan, state)


def confidence(
    query: Query, plan: keyword.Plan, best: Hit, weights: Weights, foreign: Foreign = NOTHING
) -> float:
    """How sure it is that the best hit is what was asked for; `Weights.least` is enough."""
    words = min(len(plan.parsed.words), weights.words)
    known = weights.for_known * plan.known + weights.for_lettered * plan.lettered
    rule = weights.for_policy * (best.kind is Kind.POLICY)
    against = weights.against_said * foreign.said
    nearer = min(max(foreign.nearer, 0.0), weights.nearer_most)
    against += (1 - max(plan.lettered, foreign.slips)) * weights.against_nearer * nearer
    if len(best.parts) > 1 and not RULES.search(folded(query.text)):
        against += weights.against_last * (1 - best.parts[-1].met)
    return best.score + known + weights.for_word * words + rule - against


def candidates(query: Query, plan: keyword.Plan, vector: Vectors, state: Sequence[Living]) -> list[Candidate]:
    """What either leg finds, with both legs' numbers for each."""
    import numpy as np

    every: list[Candidate] = []
    for number, living in enumerate(state):
        segment = living.segment
        fits = fitting(segment, query.filters, living.alive)
        if not fits.any():
            continue
        covered = np.where(fits, keyword.score(plan, segment), np.float32(0))
        cosines = dense.nearest(segment, vector, fits)
        count = min(CANDIDATES, len(covered))
        best = np.argpartition(-covered, count - 1)[:count]
        best = np.sort(best[covered[best] > 0])
        more = np.array([doc for doc in best.tolist() if doc not in cosines], np.int64)
        cosines |= dense.of_documents(segment, vector, more)
        kinds, lengths = segment.arrays["kind"], segment.arrays["length"]
        every += [
            Candidate(number, doc, KINDS[int(kinds[doc])], int(lengths[doc]), float(covered[doc]), cosines.get(doc, 0.0))
            for doc in sorted({*best.tolist(), *cosines})
        ]  # fmt: skip
    return every


def deepened(
    found: Sequence[Candidate], state: Sequence[Living], shelf: Shelf, vector: Vectors
) -> list[Candidate]:
    """The candidates with the second encoder's cosine: the best of the document's texts that it has read."""
    import numpy as np

    best: dict[tuple[int, int], float] = {}
    for number, living in enumerate(state):
        docs = np.array([c.doc for c in found if c.segment == number], np.int64)
        owners = living.segment.arrays["deep_doc"]
        starts, ends = np.searchsorted(owners, docs, "left"), np.searchsorted(owners, docs, "right")
        rows = np.concatenate([np.arange(a, b) for a, b in zip(starts, ends, strict=True)] or [docs])
        places, there = shelf.find(living.segment.arrays["deep_text"][rows])
        for row, cosine in zip(rows[there], shelf.cosines(places[there], vector), strict=True):
            owner = (number, int(owners[row]))
            best[owner] = max(best.get(owner, -1.0), float(cosine))
    return [replace(c, deep=best.get((c.segment, c.doc))) for c in found]


def scored(found: Sequence[Candidate], weights: Weights, *, dense_leg: bool) -> list[Scored]:
    """Best first; of equals the one that was indexed first."""
    made = [_scored(candidate, weights, dense_leg=dense_leg) for candidate in found]
    return sorted(made, key=lambda s: (-s.score, s.candidate.segment, s.candidate.doc))


def _scored(candidate: Candidate, weights: Weights, *, dense_leg: bool) -> Scored:
    coverage = candidate.coverage
    gated = coverage if coverage >= weights.gate else coverage * coverage / weights.gate
    match candidate.kind:
        case Kind.REVIEW:
            prior = weights.review
        case Kind.POLICY:
            prior = weights.policy
        case Kind.PRODUCT:
            prior = weights.short_title * coverage * (1 - min(candidate.title_length, 60) / 60)
    prior += weights.entire * max(0.0, (coverage - weights.entire_from) / (1 - weights.entire_from))
    if not dense_leg:
        return Scored(candidate, gated, 0.0, prior)
    near = _between(candidate.cosine, weights.low, weights.high)
    if candidate.deep is not None:
        deep = _between(candidate.deep, weights.deep_low, weights.deep_high)
        near = (1 - weights.deep) * near + weights.deep * deep
    return Scored(candidate, weights.keyword * gated, weights.dense * near, prior)


def _between(value: float, low: float, high: float) -> float:
    return min(max((value - low) / (high - low), 0.0), 1.0)


def _hits(best: Sequence[Scored], plan: keyword.Plan, state: Sequence[Living]) -> list[Hit]:
    parts = {}
    for number, living in enumerate(state):
        docs = [s.candidate.doc for s in best if s.candidate.segment == number]
        if docs:
            explained = keyword.explain(plan, living.segment, docs)
            parts.update({(number, doc): p for doc, p in zip(docs, explained, strict=True)})
    return [
        Hit(
            s.candidate.kind, state[s.candidate.segment].segment.key(s.candidate.doc), round(s.score, 6),
            round(s.by_words, 6), round(s.by_meaning, 6), round(s.prior, 6),
            round(s.candidate.coverage, 4), round(s.candidate.cosine, 4),
            None if s.candidate.deep is None else round(s.candidate.deep, 4), parts[s.candidate.segment, s.candidate.doc],
        )
        for s in best
    ]  # fmt: skip
