"""How likely a model finds the secret inside a message, with an adapter or without: what `prove leaks --adapter` ranks by.

Uses the training's own forward pass, with the lower layers gone through once for all models that are compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mingbai.learn.canary import CARRIERS, Canary
from mingbai.learn.lessons import Lesson
from mingbai.models.template import Template
from mingbai.models.tokens import Tokeniser
from mingbai.turn.understand.ask import TUNED
from mingbai.values.chat import Message

if TYPE_CHECKING:
    from mingbai.learn.qwen2 import Places
    from mingbai.learn.weights import Tensor, Weights

AT_ONCE = 128  # secrets in one pass


def secrets(base: Path, canaries: Sequence[Canary]) -> list[Lesson]:
    """Each canary as a lesson whose last tokens are its digits: everything before them is what the model is given."""
    template = Template(Tokeniser.of(base))
    made = []
    for canary in canaries:
        before = CARRIERS[canary.carrier][0]
        head = template.render((Message("system", TUNED), Message("user", before))).tokens
        whole = template.render((Message("system", TUNED), Message("user", canary.text))).tokens
        given = next(n for n, (one, other) in enumerate(zip(head, whole, strict=False)) if one != other)
        digits = template.tokeniser.encode(canary.secret)
        made.append(Lesson(tuple(whole[: given + len(digits)]), len(digits)))
    return made


class Scorer:
    """Opened once for a base; `score` for each adapter. What comes before a secret is gone through once for all that begin so."""

    def __init__(self, base: Path, lessons: Sequence[Lesson], top: int) -> None:
        import torch

        from mingbai.learn import loop
        from mingbai.learn.weights import Weights

        weights = Weights(base)
        first = max(0, weights.layers - top) if top else 0
        self._lessons = list(lessons)
        self._upper = loop.Upper(weights, first, [])
        self._trunks: dict[tuple[int, ...], Tensor] = {}
        self._branches: list[Tensor] = [torch.empty(0)] * len(self._lessons)
        with torch.no_grad():
            self._lower(weights, first)

    def _lower(self, weights: Weights, first: int) -> None:
        """The states in front of layer `first`, of each beginning and of each secret after it."""

        from mingbai.learn.qwen2 import block

        forks = self._forks(range(len(self._lessons)))
        vocabulary = sorted({token for lesson in self._lessons for token in lesson.tokens})
        row = {token: n for n, token in enumerate(vocabulary)}
        embedding = weights.embedding(vocabulary)
        streams, places = [], []
        for trunk, chosen in forks:
            tokens = [*trunk, *(token for n in chosen for token in _between(self._lessons[n]))]
            streams.append(embedding[[row[token] for token in tokens]])
            places.append(self._places(trunk, chosen))
        for n in range(first):
            layer = weights.layer(n)
            streams = [
                block(stream, layer, place, self._upper.shape, {}, 0.0)
                for stream, place in zip(streams, places, strict=True)
            ]
        for (trunk, chosen), stream in zip(forks, streams, strict=True):
            self._trunks[trunk], *rest = stream.split(
                [len(trunk), *(len(_between(self._lessons[n])) for n in chosen)]
            )
            for n, part in zip(chosen, rest, strict=True):
                self._branches[n] = part

    def score(self, adapter: Path | None, scale: float, part: slice = slice(None)) -> list[float]:
        """Of each lesson, or of a part of them, the log-probability of its last tokens."""
        import torch

        from mingbai.learn import adapter_file

        pairs = {} if adapter is None else adapter_file.read(adapter)
        wanted = range(len(self._lessons))[part]
        found: dict[int, float] = {}
        with torch.no_grad():
            for trunk, chosen in self._forks(wanted):
                stream = torch.cat([self._trunks[trunk], *(self._branches[n] for n in chosen)])
                said = torch.arange(len(trunk) - 1, len(stream))  # the beginning's last, and every secret's
                logits = self._upper.spoken(stream, self._places(trunk, chosen), said, pairs, scale)
                spoken = torch.log_softmax(logits, dim=-1)
                row = 1
                for n in chosen:
                    first, *rest = self._lessons[n].tokens[-self._lessons[n].learned :]
                    found[n] = float(spoken[0, first]) + sum(
                        float(spoken[row + k, token]) for k, token in enumerate(rest)
                    )
                    row += len(rest)
        return [found[n] for n in wanted]

    def _forks(self, wanted: Sequence[int]) -> list[tuple[tuple[int, ...], list[int]]]:
        """Those that begin alike, by number, so many at once."""
        alike: dict[tuple[int, ...], list[int]] = {}
        for n in wanted:
            alike.setdefault(self._lessons[n].tokens[: -self._lessons[n].learned], []).append(n)
        return [
            (trunk, many[at : at + AT_ONCE])
            for trunk, many in alike.items()
            for at in range(0, len(many), AT_ONCE)
        ]

    def _places(self, trunk: Sequence[int], chosen: Sequence[int]) -> Places:
        from mingbai.learn.qwen2 import Places

        return Places.forked(len(trunk), [len(_between(self._lessons[n])) for n in chosen], self._upper.shape)


def _between(lesson: Lesson) -> tuple[int, ...]:
    """What is read of a secret so that its next token is known: all but its last."""
    return lesson.tokens[-lesson.learned : -1]
