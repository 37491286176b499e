"""What else a query may be about: some fifteen hundred kinds of goods, services and topics of the whole world.

A search that knows only its own shop takes 红酒杯 for the nearest cup it has. Beside the world's other things the query says
which of them it is: an anchor that the shop does not sell, said in the query or nearer to it than anything the shop has,
speaks against every hit. What a shop sells is found out by its own words and vectors; nothing here is about one shop.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from mingbai.shop.search import container, dense
from mingbai.shop.search.container import Torn
from mingbai.shop.search.document import FIELDS
from mingbai.shop.search.encoder import Encoder, one_thread
from mingbai.shop.search.feature import Feature
from mingbai.shop.search.keyword import Plan, carriers
from mingbai.shop.search.normal import Token, tokens
from mingbai.shop.search.query import Foreign, Hit
from mingbai.shop.search.rank import Living
from mingbai.shop.search.terms import spell
from mingbai.shop.search.vocabulary import spelt

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

NAMED = round(255 * min(FIELDS[name] for name in ("category", "option", "tag", "title")))
SAME = 0.8  # cosine of an anchor and a passage of the shop, from which the shop sells it
SLIPS = frozenset({"spelling", "sound", "initials"})
LOOKED_AT = 6  # of the nearest anchors
LONGEST = 8  # tokens of an anchor


@dataclass(frozen=True, slots=True)
class Anchor:
    zh: str
    en: str

    @property
    def spellings(self) -> Iterator[tuple[str, ...]]:
        """The terms of a document that names it, in each language. One Chinese character alone names nothing."""
        for name in (self.zh, self.en):
            if len(name) > 1:
                yield tuple(spell(tokens(name)))


@dataclass(frozen=True)
class Anchors:
    """`by_words` is by the tokens of either name; `vectors` are of the Chinese names, then of the English ones."""

    every: tuple[Anchor, ...]
    by_words: dict[tuple[str, ...], int]
    vectors: Vectors
    _sold: dict[tuple[object, int], bool] = field(default_factory=dict, repr=False)

    def against(
        self, plan: Plan, vector: Vectors, state: Sequence[Living], mark: object, hits: Sequence[Hit]
    ) -> Foreign:
        """What speaks for something that the shop does not sell, beside its best hits. `mark` tells states apart."""
        said = self._said(plan, state, mark, hits)
        meant = self._meant(vector, state, mark, hits)
        if said and said[1] > 0:
            name = self.every[said[0]]
        elif meant and meant[1] > 0:
            name = self.every[meant[0]]
        else:
            name = Anchor("", "")
        slips = sum(part.weight * part.met for part in hits[0].parts if part.route in SLIPS) if hits else 0.0
        return Foreign(
            name.zh, name.en, said[1] if said else 0.0, meant[1] if meant else 0.0, min(slips, 1.0)
        )

    def _said(
        self, plan: Plan, state: Sequence[Living], mark: object, hits: Sequence[Hit]
    ) -> tuple[int, float] | None:
        """The anchor that has the greatest share of the query in its name, and that share as far as the best hit lacks it."""
        parsed = plan.parsed
        words = [spelt(Token("word", w, False)) if w.isascii() else w for w in parsed.said]
        begins, ends = {a for a, _ in parsed.cut}, {b for _, b in parsed.cut}
        lacking = _lacking(plan, hits)
        best: tuple[int, float] | None = None
        taken: set[int] = set()
        for length in range(LONGEST, 0, -1):
            for start in range(len(words) - length + 1):
                end = start + length
                number = self.by_words.get(tuple(words[start:end]))
                if number is None or taken & set(range(start, end)):
                    continue
                if start not in begins and end not in ends:
                    continue
                taken |= set(range(start, end))
                share = sum(lacking[start:end])
                if share > (best[1] if best else 0.0) and not self.sold(number, state, mark):
                    best = number, share
        return best

    def _meant(
        self, vector: Vectors, state: Sequence[Living], mark: object, hits: Sequence[Hit]
    ) -> tuple[int, float] | None:
        """The nearest anchor that is not sold, and by how much it is nearer than all that is."""
        import numpy as np

        if not len(vector) or not len(self.vectors):
            return None
        both = self.vectors @ vector
        near = np.maximum(both[: len(self.every)], both[len(self.every) :])
        own = max((hit.cosine for hit in hits), default=0.0)
        for number in np.argsort(-near)[:LOOKED_AT].tolist():
            if near[number] <= own:  # it says nothing, and whether it is sold need not be found out
                return None
            if self.sold(number, state, mark):
                own = max(own, float(near[number]))
            else:
                return number, float(near[number]) - own
        return None

    def sold(self, number: int, state: Sequence[Living], mark: object) -> bool:
        """Does some document name it where goods are named, or mean the same?"""
        known = self._sold.get((mark, number))
        if known is None:
            if len(self._sold) > 20_000:
                self._sold.clear()
            known = self._sold[mark, number] = self._named(number, state) or self._same(number, state)
        return known

    def _named(self, number: int, state: Sequence[Living]) -> bool:
        features = [Feature(terms, 0, 1, 1.0, "word") for terms in self.every[number].spellings if terms]
        for part in state:
            for docs, weights in carriers(features, part.segment):
                if bool((part.alive[docs] & (weights >= NAMED)).any()):
                    return True
        return False

    def _same(self, number: int, state: Sequence[Living]) -> bool:
        for row in (number, number + len(self.every)):
            for part in state:
                if row < len(self.vectors):
                    near = dense.nearest(part.segment, self.vectors[row], part.alive)
                    if max(near.values(), default=0.0) >= SAME:
                        return True
        return False


def _lacking(plan: Plan, hits: Sequence[Hit]) -> list[float]:
    """By position, the share of the query that the best hit does not have."""
    lacking = list(plan.weights)
    if hits:
        for (start, end), part in zip(plan.parsed.words, hits[0].parts, strict=True):
            for i in range(start, end):
                lacking[i] *= 1 - part.met
    return lacking


def read(lines: Iterable[str]) -> tuple[Anchor, ...]:
    """`中文 English` parted by commas; `#` begins a remark."""
    every: dict[str, Anchor] = {}
    for line in lines:
        for pair in line.partition("#")[0].split(","):
            zh, _, en = pair.strip().partition(" ")
            if zh and en:
                every.setdefault(zh, Anchor(zh, en.strip()))
    return tuple(every.values())


@cache
def world() -> tuple[Anchor, ...]:
    return read((files("mingbai.shop.search") / "data" / "anchors.txt").read_text("utf-8").splitlines())


def anchors(every: tuple[Anchor, ...], encoder: Encoder, folder: Path) -> Anchors:
    """With their vectors, from a file in the folder that is made (a few seconds) when the list or the encoder is new."""
    import numpy as np

    by_words = {
        tuple(map(spelt, tokens(name))): number
        for number, anchor in reversed(list(enumerate(every)))
        for name in (anchor.en, anchor.zh)
        if len(name) > 1
    }
    if not encoder.dims:
        return Anchors(every, by_words, np.zeros((0, 0), np.float32))
    one_thread()
    names = [a.zh for a in every] + [a.en for a in every]
    digest = hashlib.sha256("\n".join([encoder.name, *names]).encode()).hexdigest()[:16]
    place = folder / f"anchors-{digest}.arrays"
    try:
        vectors = container.read(place)[1]["vectors"]
    except Torn:
        vectors = encoder.encode(names).astype(np.float16)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        container.write(place, {}, {"vectors": vectors})
    return Anchors(every, by_words, np.asarray(vectors, np.float32))
