"""A segment: some documents of one shop, indexed, in one file that is never changed after it was written.

It holds hashes of terms, vectors, ids, prices: no text. Dead documents are listed in the manifest that names the segment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mingbai.shop.search import container
from mingbai.shop.search.document import KINDS, Document, Kind
from mingbai.shop.search.terms import of_document

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mingbai.shop.search.container import Array

    Vectors = NDArray[np.float32]

NO_PRICE = -1


@lru_cache(1 << 18)
def hashed(term: str) -> int:
    """64 bits: among a million terms two are the same once in 37 million indexes."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True)
class Segment:
    """`arrays`: see `build`. `meta`: encoder, currencies, categories, units."""

    meta: Mapping[str, Any]
    arrays: Mapping[str, Array]

    def __len__(self) -> int:
        return len(self.arrays["kind"])

    def key(self, doc: int) -> str:
        ends = self.arrays["key_ends"]
        start = int(ends[doc - 1]) if doc else 0
        return bytes(self.arrays["keys"][start : int(ends[doc])]).decode()

    def places(self, keys: Iterable[tuple[Kind, str]]) -> Array:
        """The documents with these keys, those that are here."""
        import numpy as np

        wanted = np.array([name_hash(*key) for key in keys], np.uint64)
        return np.flatnonzero(np.isin(self.arrays["name"], wanted))

    def postings(self, hashes: Array) -> list[tuple[int, int]]:
        """Where the postings of each hash begin and end."""
        import numpy as np

        known, starts = self.arrays["terms"], self.arrays["starts"]
        if not len(known):
            return [(0, 0)] * len(hashes)
        at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
        there = known[at] == hashes
        return [
            (int(starts[i]), int(starts[i + 1])) if ok else (0, 0) for i, ok in zip(at, there, strict=True)
        ]


def name_hash(kind: Kind, key: str) -> int:
    return hashed(f"{kind}:{key}")


def text_hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8, person=b"passage").digest(), "little")


def build(documents: Sequence[Document], vectors: Vectors, encoder: str) -> Segment:
    """`vectors`: one row a passage, in the order of documents and their passages."""
    import numpy as np

    terms, docs, weights = _postings(documents)
    known, starts = np.unique(terms, return_index=True)
    keys = [d.key.encode() for d in documents]
    offers = [(doc, offer) for doc, d in enumerate(documents) for offer in d.offers]
    currencies = sorted({c for _, offer in offers for c, _ in offer.prices})
    categories = sorted({d.category for d in documents})
    at_category = {c: i for i, c in enumerate(categories)}
    prices = np.full((len(offers), len(currencies)), NO_PRICE, np.int64)
    for row, (_, offer) in enumerate(offers):
        for currency, minor in offer.prices:
            prices[row, currencies.index(currency)] = minor
    arrays: dict[str, Array] = {
        "terms": known,
        "starts": np.append(starts, len(terms)).astype(np.int64),
        "docs": docs,
        "weights": weights,
        "kind": np.array([KINDS.index(d.kind) for d in documents], np.uint8),
        "name": np.array([name_hash(d.kind, d.key) for d in documents], np.uint64),
        "keys": np.frombuffer(b"".join(keys), np.uint8),
        "key_ends": np.cumsum([len(k) for k in keys], dtype=np.int64),
        "length": np.array([_title_length(d) for d in documents], np.uint8),
        "category": np.array([at_category[d.category] for d in documents], np.int32),
        "offer_doc": np.array([doc for doc, _ in offers], np.int32),
        "offer_stock": np.array([offer.in_stock for _, offer in offers], np.bool_),
        "offer_sku": np.array([hashed(offer.sku) for _, offer in offers], np.uint64),
        "offer_price": prices,
        "passage_doc": np.array([i for i, d in enumerate(documents) for _ in d.passages], np.int32),
        "passage_text": np.array([text_hash(p) for d in documents for p in d.passages], np.uint64),
        "deep_doc": np.array([i for i, d in enumerate(documents) for _ in d.deep], np.int32),
        "deep_text": np.array([text_hash(t) for d in documents for t in d.deep], np.uint64),
        **packed(vectors),
    }
    meta = {
        "encoder": encoder,
        "currencies": currencies,
        "categories": categories,
        "units": _units(documents),
    }
    return Segment(meta, arrays)


def packed(vectors: Vectors) -> dict[str, Array]:
    """Vectors as bytes for the last ranking, and their signs, column by column, for the first."""
    import numpy as np

    small, scale = shrunk(vectors)
    columns = signs(vectors).T if vectors.shape[1] else np.zeros((0, len(vectors)), np.uint64)
    return {"vectors": small, "scale": scale, "signs": np.ascontiguousarray(columns)}


def shrunk(vectors: Vectors) -> tuple[Array, Array]:
    """A byte a number, and what to multiply each row by. Keeps 99.6 % of the true ten nearest."""
    import numpy as np

    if not vectors.size:
        return vectors.astype(np.int8), np.zeros(len(vectors), np.float32)
    scale = np.maximum(np.abs(vectors).max(axis=1) / 127, 1e-9).astype(np.float32)
    return np.round(vectors / scale[:, None]).astype(np.int8), scale


def signs(vectors: Vectors) -> Array:
    import numpy as np

    return np.packbits(vectors > 0, axis=1).view(np.uint64)


def _postings(documents: Sequence[Document]) -> tuple[Array, Array, Array]:
    import numpy as np

    hashes: list[int] = []
    weights: list[int] = []
    counts: list[int] = []
    for document in documents:
        found = of_document(document)
        hashes.extend(map(hashed, found))
        weights.extend(found.values())
        counts.append(len(found))
    terms = np.array(hashes, np.uint64)
    docs = np.repeat(np.arange(len(documents), dtype=np.int32), np.array(counts, np.int64))
    order = np.argsort(terms, kind="stable")
    return terms[order], docs[order], np.array(weights, np.uint8)[order]


def _units(documents: Sequence[Document]) -> dict[str, list[float]]:
    from mingbai.shop.search.terms import of_text

    found: dict[str, set[float]] = {}
    for document in documents:
        for part in document.fields:
            if any(c.isdigit() or c in "一二三四五六七八九十两半百" for c in part.text):
                for term in of_text(part.text, short=False):
                    if term.startswith("u:"):
                        _, dimension, amount = term.split(":")
                        found.setdefault(dimension, set()).add(float(amount))
    return {dimension: sorted(amounts) for dimension, amounts in sorted(found.items())}


def _title_length(document: Document) -> int:
    return min(255, max((len(f.text) for f in document.fields if f.name == "title"), default=60))


def write(segment: Segment, path: Path) -> None:
    container.write(path, segment.meta, segment.arrays)


def read(path: Path) -> Segment:
    """Map the file. Raises `container.Torn` when it is not what was written."""
    return Segment(*container.read(path))


def merge(parts: Sequence[tuple[Segment, Array]]) -> Segment:
    """One segment of the living documents (a mask each) of several."""
    import numpy as np

    currencies = sorted({c for s, _ in parts for c in s.meta["currencies"]})
    categories = sorted({c for s, _ in parts for c in s.meta["categories"]})
    units: dict[str, set[float]] = {}
    collected: dict[str, list[Array]] = {}
    term_parts: list[Array] = []
    keys: list[bytes] = []
    before = 0
    for segment, alive in parts:
        a = segment.arrays
        new = np.cumsum(alive, dtype=np.int32) - 1 + before
        for dimension, amounts in segment.meta["units"].items():
            units.setdefault(dimension, set()).update(amounts)
        kept = alive[a["docs"]]
        term_parts.append(np.repeat(a["terms"], np.diff(a["starts"]))[kept])
        by_offer, by_passage, by_deep = alive[a["offer_doc"]], alive[a["passage_doc"]], alive[a["deep_doc"]]
        prices = np.full((int(by_offer.sum()), len(currencies)), NO_PRICE, np.int64)
        for i, currency in enumerate(segment.meta["currencies"]):
            prices[:, currencies.index(currency)] = a["offer_price"][by_offer, i]
        category = np.array([categories.index(c) for c in segment.meta["categories"]] or [0], np.int32)
        for name, array in {
            "docs": new[a["docs"][kept]],
            "weights": a["weights"][kept],
            "kind": a["kind"][alive],
            "length": a["length"][alive],
            "name": a["name"][alive],
            "category": category[a["category"][alive]],
            "offer_doc": new[a["offer_doc"][by_offer]],
            "offer_stock": a["offer_stock"][by_offer],
            "offer_sku": a["offer_sku"][by_offer],
            "offer_price": prices,
            "passage_doc": new[a["passage_doc"][by_passage]],
            "passage_text": a["passage_text"][by_passage],
            "deep_doc": new[a["deep_doc"][by_deep]],
            "deep_text": a["deep_text"][by_deep],
            "vectors": a["vectors"][by_passage],
            "scale": a["scale"][by_passage],
            "signs": a["signs"][:, by_passage],
        }.items():
            collected.setdefault(name, []).append(array)
        keys += [segment.key(int(doc)).encode() for doc in np.flatnonzero(alive)]
        before += int(alive.sum())
    joined = {
        name: np.concatenate(found, axis=1 if name == "signs" else 0) for name, found in collected.items()
    }
    terms = np.concatenate(term_parts)
    order = np.argsort(terms, kind="stable")
    joined["docs"], joined["weights"] = joined["docs"][order], joined["weights"][order]
    known, starts = np.unique(terms[order], return_index=True)
    arrays = {
        "terms": known,
        "starts": np.append(starts, len(terms)).astype(np.int64),
        "keys": np.frombuffer(b"".join(keys), np.uint8),
        "key_ends": np.cumsum([len(k) for k in keys], dtype=np.int64),
        **joined,
    }
    meta = {
        "encoder": parts[0][0].meta["encoder"], "currencies": currencies, "categories": categories,
        "units": {dimension: sorted(amounts) for dimension, amounts in sorted(units.items())},
    }  # fmt: skip
    return Segment(meta, arrays)
