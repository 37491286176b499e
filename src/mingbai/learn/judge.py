"""How many held-out sentences a model names rightly: the likeliest of the labels' first tokens, as the desk reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch

from mingbai.learn.examples import Example
from mingbai.learn.lessons import Lesson, lessons
from mingbai.learn.loop import opened
from mingbai.learn.qwen2 import Pair
from mingbai.learn.weights import Tensor
from mingbai.models.gguf import read

AT_ONCE = 32
Odds = Callable[
    [Sequence[int]], Tensor
]  # of some sentences, by number: a row of logits where each one's label begins


def right(held: Sequence[Lesson], odds: Odds) -> int:
    """Only tokens that some held-out label begins with can be named."""
    labels = sorted({lesson.tokens[-lesson.learned] for lesson in held})
    count = 0
    for first in range(0, len(held), AT_ONCE):
        some = range(first, min(first + AT_ONCE, len(held)))
        said = odds(some)[:, labels].argmax(1).tolist()
        count += sum(labels[n] == held[i].tokens[-held[i].learned] for n, i in zip(said, some, strict=True))
    return count


@torch.no_grad()  # type: ignore[untyped-decorator]
def of_adapter(base: Path, examples: Sequence[Example], pairs: Mapping[str, Pair], scale: float) -> int:
    """By our own forward pass; without pairs the base model's."""
    held = lessons(base, examples)
    first = min((int(name.split(".")[1]) for name in pairs), default=None)
    upper = opened(base, held, 1 if first is None else read(base).block_count - first, lambda _: None)

    def odds(some: Sequence[int]) -> Tensor:
        starts = torch.tensor([0, *(held[i].learned for i in some)]).cumsum(0)[:-1]
        return upper.logits(some, held, pairs, scale)[starts]

    return right(held, odds)
