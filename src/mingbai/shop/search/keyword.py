"""The keyword leg: how much of the query a document accounts for, 0 to 1, and by which words.

Each position of the query weighs what its word is worth (inverse document frequency); a document accounts for it as
well as the best of its routes does: the word itself, a synonym, its sound, a part of it. So the score is coverage of the
query, and a document that has one common word of five does not look like an answer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mingbai.shop.search.feature import Feature, Parsed
from mingbai.shop.search.latin import forgiven, trust
from mingbai.shop.search.measures import near
from mingbai.shop.search.query import Part
from mingbai.shop.search.segment import Segment, hashed
from mingbai.shop.search.slips import Meant

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mingbai.shop.search.container import Array


AS_TYPED = Meant("")
MENDED = 0.9  # how well a word with a mended slip accounts for what was typed
PARTIAL = frozenset({"pair", "character", "part"})  # routes that have less than the word


@dataclass(frozen=True, slots=True)
class Plan:
    """A parsed query against one state of the index: features that some document has, and what positions weigh."""

    parsed: Parsed
    features: tuple[Feature, ...]
    weights: tuple[float, ...]  # by position, together 1
    known: float = 1.0  # the weight of the words that some document of the shop has, in whichever way
    lettered: float = (
        0.0  # and of those that are only letters for Chinese: an encoder has nothing to say of them
    )
    meant: Meant = AS_TYPED  # the query with its slips mended, which the encoders read


def plan(parsed: Parsed, segments: Sequence[Segment], meant: Meant = AS_TYPED) -> Plan:
    """Weights from all segments; routes that make no sense beside better ones are left out."""
    total = sum(map(len, segments)) or 1
    counts = _counts(parsed, segments)
    features = [f for f in parsed.features if all(counts[t] for t in f.terms)]
    exact = {(f.start, f.end): min(counts[t] for t in f.terms) for f in parsed.features if f.route == "word"}
    features = [_mended(_judged(f, exact), meant, parsed.said) for f in features]
    features += _spelling(parsed, counts, segments)
    for measure in parsed.measured:
        known = sorted({amount for s in segments for amount in s.meta["units"].get(measure.dimension, ())})
        for term, quality in near(measure, known):
            features.append(Feature((term,), measure.start, measure.end, quality, "unit"))
    weights = [0.0] * len(parsed.said)
    for start, end in parsed.words:
        worth = math.log1p((total - (df := min(total, exact.get((start, end), 0))) + 0.5) / (df + 0.5))
        for i in range(start, end):
            weights[i] = max(worth, 0.35) / (end - start)
    whole = sum(weights) or 1.0
    weights = [w / whole for w in weights]
    spans = [(f.start, f.end) for f in features if f.route not in PARTIAL]
    had = sum(sum(weights[a:b]) for a, b in parsed.words if any(x <= a and b <= y for x, y in spans))
    latin = {position for position, _ in parsed.latin}
    spelt = {f.start for f in features if f.route not in ("initials", "sound")}
    heard = {f.start for f in features if f.route in ("initials", "sound")}
    lettered = sum(weights[i] for i in latin & (heard - spelt))
    return Plan(parsed, tuple(features), tuple(weights), had, lettered, meant)


def _judged(feature: Feature, exact: dict[tuple[int, int], int]) -> Feature:
    """A word that the shop has is seldom meant as a homophone or as initials of others."""
    inside = any(n and start <= feature.start and feature.end <= end for (start, end), n in exact.items())
    if feature.route in ("sound", "initials") and inside:
        return Feature(feature.terms, feature.start, feature.end, feature.quality * 0.55, feature.route)
    return feature


def _mended(feature: Feature, meant: Meant, said: Sequence[str]) -> Feature:
    """A word that was not typed so is a guess, by its sound or by its look."""
    if not any(feature.start <= i < feature.end for i in meant.slips):
        return feature
    guessed = "sound" if meant.heard(feature.start, feature.end, said) else "spelling"
    route = feature.route if feature.route in PARTIAL else guessed
    return Feature(feature.terms, feature.start, feature.end, feature.quality * MENDED, route)


def _counts(parsed: Parsed, segments: Sequence[Segment]) -> dict[str, int]:
    import numpy as np

    terms = sorted({t for f in parsed.features for t in f.terms} | {f"e:{w}" for _, w in parsed.latin})
    hashes = np.array([hashed(t) for t in terms], np.uint64)
    counts = dict.fromkeys(terms, 0)
    for segment in segments:
        for term, (start, end) in zip(terms, segment.postings(hashes), strict=True):
            counts[term] += end - start
    return counts


def _spelling(parsed: Parsed, counts: dict[str, int], segments: Sequence[Segment]) -> list[Feature]:
    """For Latin words that no document has: known words one edit away."""
    import numpy as np

    found: list[Feature] = []
    for position, word in parsed.latin:
        if counts[f"e:{word}"]:
            continue
        tries = forgiven(word)
        if not tries:
            continue
        hashes = np.array([hashed(f"e:{w}") for w in tries], np.uint64)
        known = {w for s in segments for w, (a, b) in zip(tries, s.postings(hashes), strict=True) if b > a}
        found += [
            Feature((f"e:{w}",), position, position + 1, trust(word), "spelling") for w in sorted(known)[:16]
        ]
    return found


def score(plan: Plan, segment: Segment) -> NDArray[np.float32]:
    """Coverage of the query by each document of the segment."""
    import numpy as np

    total = np.zeros(len(segment), np.float32)
    cover = _cover(plan, segment)
    for position, met in cover.items():
        total += np.float32(plan.weights[position] / 255) * met
    return total


def _cover(plan: Plan, segment: Segment) -> dict[int, Array]:
    import numpy as np

    cover: dict[int, Array] = {}
    for feature, (docs, weights) in zip(plan.features, carriers(plan.features, segment), strict=True):
        if not len(docs):
            continue
        met = (weights * feature.quality).astype(np.uint8)
        for position in range(feature.start, feature.end):
            if plan.weights[position]:
                row = cover.get(position)
                if row is None:
                    row = cover[position] = np.zeros(len(segment), np.uint8)
                row[docs] = np.maximum(row[docs], met)
    return cover


def carriers(features: Sequence[Feature], segment: Segment) -> list[tuple[Array, Array]]:
    """For each feature the documents that have all of its terms, with the least of the terms' weights."""
    import numpy as np

    terms = list(dict.fromkeys(t for f in features for t in f.terms))
    places = dict(zip(terms, segment.postings(np.array([hashed(t) for t in terms], np.uint64)), strict=True))
    docs, weights = segment.arrays["docs"], segment.arrays["weights"]
    found = []
    for feature in features:
        spans = sorted((places[t] for t in feature.terms), key=lambda span: span[1] - span[0])
        start, end = spans[0]
        these, least = docs[start:end], weights[start:end]
        for start, end in spans[1:]:
            others = docs[start:end]
            if not len(these) or not len(others):
                these, least = these[:0], least[:0]
                break
            at = np.minimum(np.searchsorted(others, these), len(others) - 1)
            both = others[at] == these
            these, least = these[both], np.minimum(least[both], weights[start:end][at[both]])
        found.append((these, least))
    return found


def explain(plan: Plan, segment: Segment, docs: Sequence[int]) -> list[tuple[Part, ...]]:
    """For each of a few documents: every telling word of the query, and by which route it is met."""
    import numpy as np

    best: list[dict[int, tuple[float, str]]] = [{} for _ in docs]
    wanted = np.array(docs)
    for feature, (there, weights) in zip(plan.features, carriers(plan.features, segment), strict=True):
        if not len(there):
            continue
        at = np.minimum(np.searchsorted(there, wanted), len(there) - 1)
        for n in np.flatnonzero(there[at] == wanted):
            met = float(weights[at[n]]) / 255 * feature.quality
            for position in range(feature.start, feature.end):
                if met > best[n].get(position, (0.0, ""))[0]:
                    best[n][position] = (met, feature.route)
    return [_parts(plan, met) for met in best]


def _parts(plan: Plan, met: dict[int, tuple[float, str]]) -> tuple[Part, ...]:
    parts = []
    for start, end in plan.parsed.words:
        weight = sum(plan.weights[start:end])
        gained = sum(plan.weights[i] * met.get(i, (0.0, ""))[0] for i in range(start, end))
        route = max((met[i] for i in range(start, end) if i in met), default=(0.0, "none"))[1]
        said = [plan.meant.slips.get(i, plan.parsed.said[i]) for i in range(start, end)]  # as it was typed
        parts.append(
            Part("".join(said), route, round(weight, 4), round(gained / weight if weight else 0.0, 4))
        )
    return tuple(parts)
