"""A small adapter learned on top of another one that stays as it is: what a shard of persons adds to the common one.

Both stand over a projection at once, as the engine puts them; only the upper one learns. Nothing of other shards is seen here, so
that a shard trained again without a row has the bytes of one that never had it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F

from mingbai.learn import adapter_file, loop
from mingbai.learn.examples import Recipe, Trained
from mingbai.learn.lessons import Lesson
from mingbai.learn.qwen2 import Pair
from mingbai.learn.weights import Tensor
from mingbai.models.store import digest


def run(
    base: Path, base_sha256: str, taught: Sequence[Lesson], recipe: Recipe, out: Path, told: loop.Told, under: Path,
    part: float,
) -> Trained:  # fmt: skip
    """As `loop.run`, over the adapter in `under`, which was trained by the same scale. Written is `part` of what was learned."""
    begun = time.monotonic()
    with loop.settled(recipe.threads):
        fixed = adapter_file.read(under)
        upper = loop.opened(base, taught, recipe.top, told)
        pairs = upper.pairs(recipe)
        lost = partial(_said, upper, taught, fixed, pairs, recipe)
        of = loop.name_of(base_sha256, recipe, taught, digest(under))
        losses = loop.learn(len(taught), lost, pairs, recipe, out, of, told)
        served = {name: Pair(it.down.detach(), it.up.detach() * part) for name, it in pairs.items()}
    return loop.written(out, served, recipe, base_sha256, losses, begun, told)


def _said(
    upper: loop.Upper, taught: Sequence[Lesson], fixed: Mapping[str, Pair], pairs: Mapping[str, Pair], recipe: Recipe,
    chosen: Sequence[int],
) -> tuple[Tensor, int]:  # fmt: skip
    logits = upper.logits(chosen, taught, both(fixed, pairs), recipe.alpha / recipe.rank)
    targets = loop.targets_of(taught[i] for i in chosen)
    return F.cross_entropy(logits, targets), len(targets)


def both(*adapters: Mapping[str, Pair]) -> dict[str, Pair]:
    """Several adapters of one scale as one: their matrices side by side give the sum of what each adds."""
    names = list(dict.fromkeys(name for adapter in adapters for name in adapter))
    return {
        name: Pair(
            torch.cat([it[name].down for it in adapters if name in it]),
            torch.cat([it[name].up for it in adapters if name in it], dim=1),
        )
        for name in names
    }
