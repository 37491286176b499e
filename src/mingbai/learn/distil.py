"""Distillation: beside a row's label, what a bigger model thinks of it, for a smaller one to learn.

The teacher goes over each row once, one of its layers in memory at a time; rows share their beginning, which is read once for many.
Of each learned token the `TOP` likeliest are kept (`opinions`), so that no epoch asks it again. The student's training is
`loop`'s, with another loss. Teacher and student must cut text into the same tokens.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from mingbai.learn import loop
from mingbai.learn.examples import Recipe, Trained
from mingbai.learn.lessons import Lesson
from mingbai.learn.loop import Told, Upper
from mingbai.learn.opinions import TOP, Opinion
from mingbai.learn.qwen2 import Pair, Places, Shape, block, norm
from mingbai.learn.weights import Tensor, Weights
from mingbai.values.errors import BadInput, Text

TOKENS_AT_ONCE = 1536  # of a shared beginning and rows that go on from it
LEAST = 1e-6  # of probability, for what is left beside the likeliest


@torch.no_grad()  # type: ignore[untyped-decorator]
def asked(base: Path, taught: Sequence[Lesson], threads: int, told: Told) -> list[Opinion]:
    """What the model thinks of each learned token of each lesson."""
    weights = Weights(base)
    shape = Shape.of(weights)
    trunk = _shared(taught)
    groups = _grouped(taught, trunk)
    vocabulary = sorted({token for lesson in taught for token in lesson.tokens[:-1]})
    row = {token: n for n, token in enumerate(vocabulary)}
    clock = loop.Clock((weights.layers + 1) * len(groups))
    with loop.settled(threads):
        embedding = weights.embedding(vocabulary)
        streams, places = [], []
        for group in groups:
            tokens = [
                *taught[group[0]].tokens[:trunk],
                *(t for i in group for t in taught[i].tokens[trunk:-1]),
            ]
            streams.append(embedding[[row[token] for token in tokens]])
            branches = [len(taught[i].tokens) - 1 - trunk for i in group]
            places.append(Places.forked(trunk, branches, shape))
        for n in range(weights.layers):
            layer = weights.layer(n)
            for at in range(len(groups)):
                streams[at] = block(streams[at], layer, places[at], shape, {}, 0.0)
                told(clock.tick("teacher"))
        final, head = weights.final_norm(), weights.head()
        found: dict[int, Opinion] = {}
        for group, stream in zip(groups, streams, strict=True):
            ends = torch.tensor([len(taught[i].tokens) - 1 - trunk for i in group]).cumsum(0) + trunk
            for i, end in zip(group, ends.tolist(), strict=True):
                last = norm(stream[end - taught[i].learned : end], final, shape.epsilon)
                spoken = torch.log_softmax(F.linear(last.bfloat16(), head).float(), dim=-1)
                logs, tokens = spoken.topk(min(TOP, spoken.shape[1]), dim=-1)
                found[i] = Opinion(tokens.numpy().astype(np.int32), logs.numpy().astype(np.float16))
            told(clock.tick("teacher"))
    return [found[i] for i in range(len(taught))]


def run(
    base: Path, base_sha256: str, taught: Sequence[Lesson], opinions: Sequence[Opinion], recipe: Recipe, out: Path, told: Told
) -> Trained:  # fmt: skip
    """See `train.distil`, which has checked everything."""
    begun = time.monotonic()
    for lesson, opinion in zip(taught, opinions, strict=True):
        if len(opinion.tokens) != lesson.learned:
            raise other_tokens()
    with loop.settled(recipe.threads):
        upper = loop.opened(base, taught, recipe.top, told)
        pairs = upper.pairs(recipe)
        kept = [(torch.from_numpy(it.tokens).long(), torch.from_numpy(it.logs).float()) for it in opinions]
        lost = partial(loss, upper, taught, kept, pairs, recipe)
        name = loop.name_of(base_sha256, recipe, taught, [it.digest for it in opinions])
        losses = loop.learn(len(taught), lost, pairs, recipe, out, name, told)
    return loop.written(out, pairs, recipe, base_sha256, losses, begun, told)


def loss(
    upper: Upper, taught: Sequence[Lesson], kept: Sequence[tuple[Tensor, Tensor]], pairs: Mapping[str, Pair],
    recipe: Recipe, chosen: Sequence[int],
) -> tuple[Tensor, int]:  # fmt: skip
    """`recipe.soft` of it is how far the student is from the teacher, the rest how unlikely it finds the label."""
    logits = upper.logits(chosen, taught, pairs, recipe.alpha / recipe.rank)
    targets = loop.targets_of(taught[i] for i in chosen)
    tokens, logs = (torch.cat([kept[i][side] for i in chosen]) for side in (0, 1))
    hard = F.cross_entropy(logits, targets)
    return (1 - recipe.soft) * hard + recipe.soft * apart(logits, tokens, logs), len(targets)


def apart(logits: Tensor, tokens: Tensor, logs: Tensor) -> Tensor:
    """The mean divergence KL(teacher, student) over the teacher's likeliest tokens, all others together as one more."""
    said = torch.log_softmax(logits, dim=-1).gather(1, tokens)
    theirs, ours = (1 - it.exp().sum(1) for it in (logs, said))
    theirs, ours = theirs.clamp_min(LEAST), ours.clamp_min(LEAST)
    return ((logs.exp() * (logs - said)).sum(1) + theirs * (theirs.log() - ours.log())).mean()


def _shared(taught: Sequence[Lesson]) -> int:
    """How many tokens all begin with, at least one of each left to go on with."""
    most = min(len(it.tokens) - it.learned for it in taught) - 1
    first = taught[0].tokens
    return next((n for n in range(most) if any(it.tokens[n] != first[n] for it in taught)), most)


def _grouped(taught: Sequence[Lesson], trunk: int) -> list[list[int]]:
    groups: list[list[int]] = []
    room = 0
    for i, lesson in enumerate(taught):
        length = len(lesson.tokens) - 1 - trunk
        if length > room:
            groups.append([])
            room = TOKENS_AT_ONCE - trunk
        groups[-1].append(i)
        room -= length
    return groups


def other_tokens() -> BadInput:
    return BadInput(
        Text(
            "老师和学生切出来的 token 不一样。", "Teacher and student do not cut text into the same tokens."
        ),
        Text("两个都用 Qwen2.5。", "Use Qwen2.5 for both."),
        param="teacher",
    )
