"""The training itself: small matrices beside the frozen projections of the upper layers.

1. The layers below `recipe.top` are gone through once, one layer in memory at a time, and what comes out is kept.
2. Each step runs the upper layers alone, and the output matrix only where something is to be said.
3. After every epoch the state is kept, so that a killed run goes on from there and ends with the same bytes.

Deterministic for a recipe, the lessons' order and the number of threads on one machine. Not covered: other processors or
builds of torch may round differently.
"""

from __future__ import annotations

import hashlib
import json
import math
import resource
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F

from mingbai.learn import adapter_file, resume, together
from mingbai.learn.examples import Progress, Recipe, Trained
from mingbai.learn.lessons import Lesson
from mingbai.learn.qwen2 import Pair, Places, Shape, block, norm
from mingbai.learn.team import ALONE, Team
from mingbai.learn.weights import PROJECTIONS, Layer, Tensor, Weights
from mingbai.models.store import digest

ARITHMETIC = (
    2  # counts on when sums are made in another order, so that nothing goes on from a state of before
)
GRADIENT_LIMIT = 1.0
WARMING = 0.06  # of all steps; then the rate falls to nothing along a line
TOKENS_AT_ONCE = 2048  # through the lower layers

Told = Callable[[Progress], None]
# Of some units by number: their mean loss, and of how many things.
Lost = Callable[[Sequence[int]], tuple[Tensor, int]]


class Upper:
    """What learns: the upper layers, the output matrix, and the state of each lesson where they begin."""

    def __init__(self, weights: Weights, first: int, states: list[Tensor], team: Team = ALONE) -> None:
        """`states` of the lessons that are not the team member's own are never looked at."""
        self.shape = Shape.of(weights)
        self.first = first
        self.device = team.device
        self.layers: list[Layer | together.Split] = []
        for n in range(first, weights.layers):
            layer = together.moved(weights.layer(n), team.device)
            self.layers.append(together.split(team, layer) if team.split else layer)
        self.final_norm = weights.final_norm().to(team.device)
        self.head = weights.head().to(team.device)
        self.states = states

    def pairs(self, recipe: Recipe) -> dict[str, Pair]:
        """New adapters: `down` drawn from the seed, `up` nothing, so that training begins at the base model."""
        draw = torch.Generator().manual_seed(recipe.seed)
        made = {}
        for n, layer in enumerate(self.layers, self.first):
            for name in PROJECTIONS:
                outputs, inputs = layer.linear[name].weight.shape
                down = (torch.rand((recipe.rank, inputs), generator=draw) * 2 - 1) / math.sqrt(inputs)
                up = torch.zeros((outputs, recipe.rank), device=self.device)
                made[f"blk.{n}.{name}"] = Pair(down.to(self.device).requires_grad_(), up.requires_grad_())
        return made

    def logits(
        self, chosen: Sequence[int], taught: Sequence[Lesson], pairs: Mapping[str, Pair], scale: float
    ) -> Tensor:
        """Of the chosen lessons, one row for each token that is learned. What all of them begin with is gone through once."""
        trunk = shared([taught[i] for i in chosen])
        lengths = [len(taught[i].tokens) - 1 - trunk for i in chosen]
        stream = torch.cat((self.states[chosen[0]][:trunk], *(self.states[i][trunk:] for i in chosen)))
        places = Places.of(lengths, self.shape, trunk)
        ends = (trunk + torch.tensor(lengths).cumsum(0)).tolist()
        said = torch.cat(
            [torch.arange(end - taught[i].learned, end) for i, end in zip(chosen, ends, strict=True)]
        )
        return self.spoken(stream, places, said, pairs, scale)

    def spoken(
        self, stream: Tensor, places: Places, said: Tensor, pairs: Mapping[str, Pair], scale: float
    ) -> Tensor:
        """From states in front of these layers to the logits at the rows `said`; the last layer ends with those rows."""
        stream, places, said = stream.to(self.device).float(), places.to(self.device), said.to(self.device)
        for n, layer in enumerate(self.layers, self.first):
            here = {
                name: Pair(pair.down.bfloat16(), pair.up.bfloat16())
                for name in PROJECTIONS
                if (pair := pairs.get(f"blk.{n}.{name}")) is not None
            }
            through = layer if isinstance(layer, together.Split) else partial(block, layer=layer)
            rows = said if layer is self.layers[-1] else None
            stream = through(stream, places=places, shape=self.shape, pairs=here, scale=scale, rows=rows)
        last = norm(stream, self.final_norm, self.shape.epsilon)
        return F.linear(last.bfloat16(), self.head).float()


def shared(lessons: Sequence[Lesson]) -> int:
    """How many tokens all of them begin with; never what is to be said."""
    longest = min((len(it.tokens) - 1 - it.learned for it in lessons), default=0)
    return next(
        (n for n in range(longest) if any(it.tokens[n] != lessons[0].tokens[n] for it in lessons)), longest
    )


def run(
    base: Path, base_sha256: str, taught: Sequence[Lesson], recipe: Recipe, out: Path, told: Told, team: Team = ALONE,
    *, keeps: bool = True,
) -> Trained:  # fmt: skip
    """See `train.train`, which has checked everything. Of a team, the first alone writes, and everybody returns what it wrote.
    `keeps`: something to go on from."""
    begun = time.monotonic()
    with settled(recipe.threads):
        upper = opened(base, taught, recipe.top, told, team)
        pairs = upper.pairs(recipe)
        lost = partial(_said, upper, taught, pairs, recipe)
        of = name_of(base_sha256, recipe, taught, *team.named)
        losses = learn(len(taught), lost, pairs, recipe, out, of, told, team, keeps=keeps)
    made = None
    if team.leads:
        made = written(out, pairs, recipe, base_sha256, losses, begun, told)
        made = replace(made, device=team.device.partition(":")[0], processes=team.of)
    return together.told(team, made)


def written(
    out: Path, pairs: Mapping[str, Pair], recipe: Recipe, base_sha256: str, losses: tuple[float, ...], begun: float,
    told: Told,
) -> Trained:  # fmt: skip
    """The adapter's file, after which there is nothing to go on from."""
    told(Progress("writing", 0, 1))
    adapter_file.write(out, pairs, alpha=recipe.alpha, base_sha256=base_sha256)
    resume.forget(out)
    told(Progress("writing", 1, 1, 0.0))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Trained(out, digest(out), time.monotonic() - begun, losses, recipe, base_sha256, peak)


def opened(base: Path, taught: Sequence[Lesson], top: int, told: Told, team: Team = ALONE) -> Upper:
    """The upper layers and, from the lower ones, each lesson's state before them."""
    weights = Weights(base)
    first = max(0, weights.layers - top) if top else 0
    own = [n for n in range(len(taught)) if team.has(n)]
    states: list[Tensor] = [None] * len(taught)
    trunk = shared(taught)
    lower = _lower(weights, first, [taught[n] for n in own], trunk, told, team.device)
    for n, state in zip(own, lower, strict=True):
        states[n] = state
    told(Progress("weights", 0, 1))
    upper = Upper(weights, first, states, team)
    told(Progress("weights", 1, 1))
    return upper


@torch.no_grad()  # type: ignore[untyped-decorator]
def _lower(
    weights: Weights, first: int, taught: Sequence[Lesson], trunk: int, told: Told, device: str
) -> list[Tensor]:
    """The state of each lesson in front of layer `first`, in bfloat16; what all begin with is gone through once for many."""
    vocabulary = sorted({token for lesson in taught for token in lesson.tokens[:-1]})
    row = {token: n for n, token in enumerate(vocabulary)}
    embedding = weights.embedding(vocabulary)
    shape = Shape.of(weights)
    beginning = [row[token] for token in taught[0].tokens[:trunk]] if taught else []
    groups = _grouped([len(lesson.tokens) - 1 - trunk for lesson in taught])
    streams, places = [], []
    for group in groups:
        own = [[row[token] for token in taught[i].tokens[trunk:-1]] for i in group]
        streams.append(embedding[[*beginning, *(at for tokens in own for at in tokens)]].to(device))
        places.append(Places.of([len(tokens) for tokens in own], shape, trunk).to(device))
    clock = Clock(first * len(groups))
    for n in range(first):
        layer = together.moved(weights.layer(n), device)
        for at, place in enumerate(places):
            streams[at] = block(streams[at], layer, place, shape, {}, 0.0)
            told(clock.tick("lower layers"))
    states: list[Tensor] = [None] * len(taught)
    for group, stream in zip(groups, streams, strict=True):
        begun, rest = stream[:trunk], stream[trunk:]
        parts = rest.split([len(taught[i].tokens) - 1 - trunk for i in group])
        for i, part in zip(group, parts, strict=True):
            states[i] = torch.cat((begun, part)).bfloat16()
    return states


def _grouped(lengths: Sequence[int]) -> list[list[int]]:
    """Lessons of like length together, so that little is padded."""
    groups: list[list[int]] = []
    room = 0
    for i in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if lengths[i] > room:
            groups.append([])
            room = TOKENS_AT_ONCE
        groups[-1].append(i)
        room -= lengths[i]
    return groups


def learn(
    count: int, lost: Lost, pairs: Mapping[str, Pair], recipe: Recipe, out: Path, of: str, told: Told, team: Team = ALONE,
    *, keeps: bool = True,
) -> tuple[float, ...]:  # fmt: skip
    """Changes `pairs` until `lost` of `count` units is small; the mean loss of each epoch. `of`: whose state may be gone on from."""
    learning = [matrix for pair in pairs.values() for matrix in pair]
    optimiser = torch.optim.AdamW(learning, lr=recipe.rate, weight_decay=0.0)
    steps = math.ceil(count / recipe.batch)
    losses: list[float] = []
    if (kept := together.told(team, resume.find(out, of) if team.leads else None)) is not None:
        with torch.no_grad():
            for matrix, value in zip(learning, kept["matrices"], strict=True):
                matrix.copy_(value)
        optimiser.load_state_dict(kept["optimiser"])
        losses = list(kept["losses"])
    clock = Clock(recipe.epochs * steps, done=len(losses) * steps)
    for epoch in range(len(losses), recipe.epochs):
        total = things = 0.0
        for n, chosen in enumerate(_shuffled(count, recipe, epoch)):
            rate = recipe.rate * slope((epoch * steps + n) / (recipe.epochs * steps))
            optimiser.zero_grad()
            loss, many = together.backward(team, lost, chosen, learning)
            _step(learning, optimiser, rate)
            total, things = total + loss * many, things + many
            told(clock.tick("training", total / things))
        losses.append(total / things)
        if epoch + 1 < recipe.epochs and team.leads and keeps:
            state = {"matrices": learning, "optimiser": optimiser.state_dict(), "losses": losses}
            resume.keep(out, of, state)
    return tuple(losses)


def _step(learning: Sequence[Tensor], optimiser: Any, rate: float) -> None:
    torch.nn.utils.clip_grad_norm_(learning, GRADIENT_LIMIT)
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.step()


def _said(
    upper: Upper, taught: Sequence[Lesson], pairs: Mapping[str, Pair], recipe: Recipe, chosen: Sequence[int]
) -> tuple[Tensor, int]:
    """How unlikely the tokens to be learned are."""
    logits = upper.logits(chosen, taught, pairs, recipe.alpha / recipe.rank)
    targets = targets_of(taught[i] for i in chosen)
    return F.cross_entropy(logits, targets.to(logits.device)), len(targets)


def targets_of(some: Iterable[Lesson]) -> Tensor:
    """What `Upper.logits` should say, row by row."""
    return torch.tensor([token for lesson in some for token in lesson.tokens[-lesson.learned :]])


def _shuffled(count: int, recipe: Recipe, epoch: int) -> list[list[int]]:
    """Another order each epoch; the same for the same seed wherever a run was taken up again."""
    draw = torch.Generator().manual_seed(recipe.seed * 1_000_003 + epoch)
    order = torch.randperm(count, generator=draw).tolist()
    return [order[i : i + recipe.batch] for i in range(0, count, recipe.batch)]


def slope(part: float) -> float:
    return (part + 1e-3) / WARMING if part + 1e-3 < WARMING else (1 - part) / (1 - WARMING)


def name_of(base_sha256: str, recipe: Recipe, taught: Sequence[Lesson], *beside: object) -> str:
    """Names a training by all that it comes from."""
    said = [
        base_sha256,
        asdict(recipe),
        [[lesson.tokens, lesson.learned] for lesson in taught],
        torch.__version__,
        ARITHMETIC,
        *beside,
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@contextmanager
def settled(threads: int) -> Iterator[None]:
    """Torch as the recipe says, and afterwards as it was."""
    before, strict = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.set_num_threads(before)
        torch.use_deterministic_algorithms(strict)


class Clock:
    """Counts steps and says how long the rest will take at the pace so far."""

    def __init__(self, of: int, done: int = 0) -> None:
        self._of, self._done, self._first, self._begun = of, done, done, time.monotonic()

    def tick(self, doing: str, loss: float | None = None) -> Progress:
        self._done += 1
        pace = (time.monotonic() - self._begun) / (self._done - self._first)
        return Progress(doing, self._done, self._of, pace * (self._of - self._done), loss)
