"""Preference tuning: rather staff's words than the draft that they did not send. The loss is DPO's, as TRL computes it.

The training is `loop`'s: lower layers gone through once, upper ones learning. The base model's own opinion of both sides is
taken once, before the first step, with the adapter off; there is no second model in memory. Choices lie in pairs: lesson 2n
is what was chosen, 2n + 1 what was not.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F

from mingbai.learn import adapter_file, loop
from mingbai.learn.examples import Choice, Preferred, Recipe, Trained
from mingbai.learn.lessons import Lesson, lessons
from mingbai.learn.loop import Told, Upper
from mingbai.learn.qwen2 import Pair
from mingbai.learn.weights import Tensor

AT_ONCE = 1  # choices in one pass


def run(
    base: Path, base_sha256: str, choices: Sequence[Choice], recipe: Recipe, out: Path, told: Told
) -> Trained:
    """See `train.train_choices`, which has checked everything."""
    begun = time.monotonic()
    taught = sides(base, choices)
    with loop.settled(recipe.threads):
        upper = loop.opened(base, taught, recipe.top, told)
        known = reference(upper, taught, told)
        pairs = upper.pairs(recipe)
        lost = partial(loss, upper, taught, known, pairs, recipe)
        name = loop.name_of(base_sha256, recipe, taught, "choices")
        losses = loop.learn(len(choices), lost, pairs, recipe, out, name, told)
    return loop.written(out, pairs, recipe, base_sha256, losses, begun, told)


def sides(base: Path, choices: Sequence[Choice]) -> list[Lesson]:
    return lessons(base, [example for choice in choices for example in choice.examples()])


def loss(
    upper: Upper, taught: Sequence[Lesson], known: Tensor, pairs: Mapping[str, Pair], recipe: Recipe, chosen: Sequence[int]
) -> tuple[Tensor, int]:  # fmt: skip
    """One choice after another: logits over the whole vocabulary are most of the memory, and of a whole batch they are gigabytes."""
    learning = [matrix for pair in pairs.values() for matrix in pair]
    words = sum(taught[2 * n].learned for n in chosen)
    whole, slopes = 0.0, [torch.zeros_like(matrix) for matrix in learning]
    for n in chosen:
        sides = (2 * n, 2 * n + 1)
        tokens = likely(upper, taught, sides, pairs, recipe.alpha / recipe.rank)
        part = unliked(tokens, known[list(sides)], recipe, choices=len(chosen), words=words)
        for slope, one in zip(slopes, torch.autograd.grad(part, learning), strict=True):
            slope += one
        whole += part.item()
    return _sloping(whole, learning, slopes), len(chosen)


def _sloping(value: float, learning: Sequence[Tensor], slopes: Sequence[Tensor]) -> Tensor:
    """A loss of that value with these gradients, which are computed already."""
    carried = torch.stack(
        [(matrix * slope).sum() for matrix, slope in zip(learning, slopes, strict=True)]
    ).sum()
    return value + (carried - carried.detach())


def unliked(
    tokens: Sequence[Tensor], known: Tensor, recipe: Recipe, *, choices: int = 0, words: int = 0
) -> Tensor:
    """DPO (Rafailov et al. 2023): -log sigmoid(beta * how far the chosen words gained on the others against `known`); beside it,
    weighed by `recipe.said`, the mean unlikeliness of the chosen words' tokens. `tokens`: log-probabilities, side by side. `choices`, `words`:
    of how many choices and chosen tokens these are a part; 0: they are all."""
    gained = torch.stack([each.sum() for each in tokens]) - known
    apart = recipe.beta * (gained[0::2] - gained[1::2])
    found = -F.logsigmoid(apart).sum() / (choices or len(apart))
    if recipe.said:
        said = torch.cat(list(tokens[0::2]))
        found = found - recipe.said * said.sum() / (words or len(said))
    return found


def likely(
    upper: Upper, taught: Sequence[Lesson], some: Sequence[int], pairs: Mapping[str, Pair], scale: float
) -> list[Tensor]:
    """The log-probability of each learned token of these lessons."""
    logits = upper.logits(some, taught, pairs, scale)
    said = -F.cross_entropy(logits, loop.targets_of(taught[i] for i in some), reduction="none")
    return list(said.split([taught[i].learned for i in some]))


@torch.no_grad()  # type: ignore[untyped-decorator]
def reference(upper: Upper, taught: Sequence[Lesson], told: Told) -> Tensor:
    """Of each side, how likely the base model finds the whole of it."""
    clock = loop.Clock(len(range(0, len(taught), 2 * AT_ONCE)))
    found = []
    for at in range(0, len(taught), 2 * AT_ONCE):
        some = range(at, min(at + 2 * AT_ONCE, len(taught)))
        found += [each.sum() for each in likely(upper, taught, some, {}, 0.0)]
        told(clock.tick("reference"))
    return torch.stack(found)


@torch.no_grad()  # type: ignore[untyped-decorator]
def examined(
    base: Path, choices: Sequence[Choice], adapter: Path, recipe: Recipe, told: Told
) -> list[Preferred]:
    """What an adapter prefers among choices that it has not seen."""
    taught = sides(base, choices)
    pairs = adapter_file.read(adapter)
    with loop.settled(recipe.threads):
        upper = loop.opened(base, taught, recipe.top, told)
        scale = recipe.alpha / recipe.rank
        found: list[Preferred] = []
        for at in range(0, len(taught), 2 * AT_ONCE):
            some = range(at, min(at + 2 * AT_ONCE, len(taught)))
            before, after = (likely(upper, taught, some, each, scale) for each in ({}, pairs))
            for n in range(0, len(some), 2):
                now, then = ((float(it[n].sum()), float(it[n + 1].sum())) for it in (after, before))
                found.append(
                    Preferred((now[0] - then[0]) - (now[1] - then[1]), _first(before, n), _first(after, n))
                )
    return found


def _first(said: Sequence[Tensor], n: int) -> bool:
    return bool(said[n].mean() > said[n + 1].mean())
