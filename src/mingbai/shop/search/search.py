"""`Search`: ask a shop's rows in words. Fresh before every answer, by the shop's own list of changes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mingbai.shop.records.home import Records
from mingbai.shop.search import documents, exact, keyword, slips
from mingbai.shop.search.anchors import Anchor, Anchors, anchors, world
from mingbai.shop.search.deep import DeepEncoder, Unavailable
from mingbai.shop.search.encoder import Encoder
from mingbai.shop.search.index import Index, State
from mingbai.shop.search.parse import of_query
from mingbai.shop.search.query import Answer, Exact, Hit, Query
from mingbai.shop.search.rank import Weights, confidence, ranked
from mingbai.shop.search.segment import text_hash
from mingbai.shop.search.vocabulary import Vocabulary, vocabulary
from mingbai.values.errors import Busy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MANY = 2000  # changed rows, above which the whole shop is read anew
DEEP_BATCH = 32  # texts between two looks at the clock
SHELF_SECONDS = 20.0


class Search:
    """May be used from several threads. One object serves every shop of a home, each from an index of its own."""

    def __init__(
        self, home: Path, records: Records, encoder: Encoder, *, deep: DeepEncoder | None = None, source: str = "",
        weights: Weights | None = None, words: Vocabulary | None = None,
        things: tuple[Anchor, ...] | None = None,
    ) -> None:  # fmt: skip
        self._home = home
        self.records = records
        self._encoder = encoder
        self._deep = deep
        self._source = source  # which database: two of them never share an index
        self.weights = weights or Weights()
        self._words = words or vocabulary()
        self._world = world() if things is None else things
        self._anchors: Anchors | None = None
        self._indexes: dict[str, Index] = {}

    def ask(self, shop: str, query: Query, *, wait_seconds: float = 60.0) -> Answer:
        """The answer from rows as they are now. While another process writes the index for longer than
        `wait_seconds`, the answer is from the rows as they were before.
        """
        state = self._fresh(shop, wait_seconds)
        found = self.exact(shop, query.text)
        if not query.text.strip():
            return Answer((), abstained=not found, exact=found)
        plan = self.plan(query, state)
        vector = self.vector(plan.meant.text)
        hits = tuple(self.rank(query, plan, state, vector))
        foreign = self.anchors.against(plan, vector, state.living, (shop, state.mark), hits)
        sure = confidence(query, plan, hits[0], self.weights, foreign) if hits else 0.0
        good = (
            tuple(hit for hit in hits if hit.score >= self.weights.beside)
            if sure >= self.weights.least
            else ()
        )
        # A row found by its number is an answer whatever the words say.
        return Answer(good, not good and not found, round(sure, 4), found, () if good else hits, foreign)

    @property
    def anchors(self) -> Anchors:
        """The rest of the world; its vectors are read, or the first time made, when first asked for."""
        if self._anchors is None:
            self._anchors = anchors(self._world, self._encoder, self._home / "search")
        return self._anchors

    def exact(self, shop: str, text: str) -> tuple[Exact, ...]:
        with self.records.reading() as reader:
            return exact.exact(reader, shop, text)

    def plan(self, query: Query, state: State) -> keyword.Plan:
        segments = [part.segment for part in state.living]
        meant = slips.meant(query.text, self._words, segments, keyword.carriers)
        return keyword.plan(of_query(meant.text, self._words), segments, meant)

    def rank(
        self, query: Query, plan: keyword.Plan, state: State, vector: NDArray[np.float32] | None = None
    ) -> list[Hit]:
        """Hits in one state of an index, before anything is held back."""
        return ranked(
            query, plan, self.vector(plan.meant.text) if vector is None else vector, state.living, self.weights,
            state.shelf, lambda: self.deep_vector(plan.meant.text),
        )  # fmt: skip

    @property
    def encoder(self) -> Encoder:
        return self._encoder

    def vector(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self._encoder.encode([text])[0]
        return vector

    def deep_vector(self, text: str) -> NDArray[np.float32] | None:
        if self._deep is None:
            return None
        try:
            vector: NDArray[np.float32] = self._deep.encode([text], "query")[0]
        except Unavailable:
            self._deep = None
            return None
        return vector

    def deepen(
        self, shop: str, *, seconds: float, progress: Callable[[int, int], None] = lambda done, of: None
    ) -> int:
        """Let the second encoder read what it has not read yet, for about so long; how many texts are still to be read.

        Products first, then rules, then reviews. What was read is kept; another call goes on from there.
        """
        if self._deep is None:
            return 0
        end = time.monotonic() + seconds
        index = self.index(shop)
        waiting = self._unread(shop, index.state())
        total, done = len(waiting), 0
        while done < total and time.monotonic() < end:
            texts: list[str] = []
            parts = []
            # Written every few seconds: a shelf is written whole each time, and a reader need not wait for the last.
            until = min(end, time.monotonic() + SHELF_SECONDS)
            while done < total and time.monotonic() < until:
                batch = waiting[done : done + DEEP_BATCH]
                try:
                    parts.append(self._deep.encode(batch, "passage"))
                except Unavailable:
                    self._deep = None
                    return total - done
                texts += batch
                done += len(batch)
                progress(done, total)
            self._fill(index, texts, parts)
        return total - done

    def _unread(self, shop: str, state: State) -> list[str]:
        import numpy as np

        with self.records.reading() as reader:
            texts = [d.deep for d in documents.of_shop(reader, shop, datetime.now(UTC))]
        # Everybody's first text before anybody's second.
        firsts, others = [t for d in texts for t in d[:1]], [t for d in texts for t in d[1:]]
        every = list(dict.fromkeys([*firsts, *others]))
        if state.shelf is None:
            return every
        _, there = state.shelf.find(np.array([text_hash(t) for t in every], np.uint64))
        return [text for text, known in zip(every, there, strict=True) if not known]

    def _fill(self, index: Index, texts: list[str], parts: list[NDArray[np.float32]]) -> None:
        import numpy as np

        with index.writing(60.0):
            index.fill(texts, np.concatenate(parts))

    def refresh(self, shop: str, *, wait_seconds: float = 60.0) -> State:
        """Take in what changed since the index was written. Raises `Busy` when another process writes it for longer."""
        index = self.index(shop)
        with self.records.reading() as reader:
            last = reader.last_seq(shop)
        state = index.state()
        if state.seq == last:
            return state
        with index.writing(wait_seconds), self.records.reading() as reader:
            state, last = index.state(), reader.last_seq(shop)
            if state.seq == last:
                return state
            changes = list(reader.changes(shop, state.seq)) if 0 < state.seq < last else []
            now = datetime.now(UTC)
            if not changes or len(changes) > MANY:
                index.remake(documents.of_shop(reader, shop, now), last)
                return index.state()
            keys, skus = documents.touched(reader, shop, changes)
            keys |= index.documents_of_skus(skus)
            made = list(documents.of_keys(reader, shop, sorted(keys), now))
            index.apply(made, keys - {(d.kind, d.key) for d in made}, last)
            return index.state()

    def rebuild(self, shop: str, *, wait_seconds: float = 60.0) -> State:
        """The index anew from the rows, whatever it holds now."""
        index = self.index(shop)
        with index.writing(wait_seconds), self.records.reading() as reader:
            index.remake(documents.of_shop(reader, shop, datetime.now(UTC)), reader.last_seq(shop))
        return index.state()

    def _fresh(self, shop: str, wait_seconds: float) -> State:
        try:
            return self.refresh(shop, wait_seconds=wait_seconds)
        except Busy:
            state = self.index(shop).state()
            if not state.living:
                raise
            return state

    def index(self, shop: str) -> Index:
        index = self._indexes.get(shop)
        if index is None:
            index = self._indexes.setdefault(shop, Index(self._home, shop, self._source, self._encoder))
        return index
