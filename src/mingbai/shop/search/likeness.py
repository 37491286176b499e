"""How alike in meaning a question and short texts of a shop are, by the first encoder. A text is read once in a process."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mingbai.shop.search.encoder import Encoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEPT = 20_000  # texts whose vectors are kept: 40 MB of 512 dimensions


class Likeness:
    """Thread-safe. Without an encoder nothing is like anything."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, NDArray[np.float32]] = {}
        self._lock = threading.Lock()

    def __call__(self, question: str, texts: Sequence[str]) -> list[float]:
        """The cosine of the question with each text."""
        import numpy as np

        if not texts or not self._encoder.dims or not question.strip():
            return [0.0] * len(texts)
        with self._lock:
            known = {text: self._known[text] for text in (question, *texts) if text in self._known}
        new = list(dict.fromkeys(text for text in (question, *texts) if text not in known))
        if new:
            known |= dict(zip(new, self._encoder.encode(new), strict=True))
            with self._lock:
                if len(self._known) + len(new) > KEPT:
                    self._known.clear()
                self._known |= {text: known[text] for text in new if text != question}
        cosines = np.stack([known[text] for text in texts]) @ known[question]
        return [float(each) for each in cosines]
