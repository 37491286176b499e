"""Training that cannot show whether a person was in it: each person's part in a step is cut to one length, and noise is laid over the sum.

1. Each step takes the next of nobody's lessons, as they are, and every person with the same small chance (Poisson sampling).
2. What all lessons of one person would change together is one gradient, computed by itself and cut to `clip`.
3. Gaussian noise over the sum of these; then nobody's gradients, and a step of the optimiser as ever.

Only the outer half of each pair learns: with less to learn there is less noise. The noise's seed is drawn from the system and kept
nowhere, so that the same recipe gives other bytes each time: who could make them again could take the noise away. How well persons'
words were learned is not told; the losses are those of nobody's lessons.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F

from mingbai.learn import budget, loop, resume
from mingbai.learn.budget import Budget
from mingbai.learn.examples import Recipe, Trained
from mingbai.learn.lessons import Lesson
from mingbai.learn.weights import Tensor


def run(
    base: Path, base_sha256: str, taught: Sequence[Lesson], whose: Sequence[str], recipe: Recipe, noise: Budget, out: Path,
    told: loop.Told,
) -> Trained:  # fmt: skip
    """As `loop.run`; `whose` is each lesson's person, "" for nobody's; `noise` is `budget.of_lessons`'s."""
    begun = time.monotonic()
    with loop.settled(recipe.threads):
        upper = loop.opened(base, taught, recipe.top, told)
        course = Course(upper, taught, whose, recipe, noise)
        of = loop.name_of(base_sha256, recipe, taught, list(whose), "private")
        losses = course.learned(out, of, told)
    made = loop.written(out, course.pairs, recipe, base_sha256, losses, begun, told)
    return replace(made, privacy=course.budget)


class Course:
    """One training: who is in it, what learns, and how much noise the budget asks for."""

    def __init__(
        self, upper: loop.Upper, taught: Sequence[Lesson], whose: Sequence[str], recipe: Recipe, noise: Budget
    ) -> None:  # fmt: skip
        self._upper, self._taught, self._recipe = upper, taught, recipe
        self.pairs = upper.pairs(recipe)
        for pair in self.pairs.values():
            pair.down.requires_grad_(False)
        self._learning = [pair.up for pair in self.pairs.values()]
        self._nobodys = [n for n, person in enumerate(whose) if not person]
        persons: dict[str, list[int]] = {}
        for n, person in enumerate(whose):
            if person:
                persons.setdefault(person, []).append(n)
        self._persons = [persons[name] for name in sorted(persons)]
        self.steps = budget.steps_of(len(taught), recipe.batch)
        self.budget = noise
        self._draw = torch.Generator().manual_seed(secrets.randbits(63))

    def learned(self, out: Path, of: str, told: loop.Told) -> tuple[float, ...]:
        """Changes `pairs`; the mean loss of nobody's lessons in each epoch. A killed run goes on with other noise from its last whole
        epoch: what that one's steps had given was shown to nobody."""
        recipe, steps = self._recipe, self.steps
        optimiser = torch.optim.AdamW(self._learning, lr=recipe.rate, weight_decay=0.0)
        losses: list[float] = []
        if (kept := resume.find(out, of)) is not None:
            with torch.no_grad():
                for matrix, value in zip(self._learning, kept["matrices"], strict=True):
                    matrix.copy_(value)
            optimiser.load_state_dict(kept["optimiser"])
            losses = list(kept["losses"])
        clock = loop.Clock(recipe.epochs * steps, done=len(losses) * steps)
        for epoch in range(len(losses), recipe.epochs):
            total = 0.0
            for n, some in enumerate(self._parts(epoch)):
                loss, gradient = self.gradient(some, self.drawn())
                self._step(optimiser, gradient, loop.slope((epoch * steps + n) / (recipe.epochs * steps)))
                total += loss
                told(clock.tick("training"))
            losses.append(total / max(1, len(self._nobodys)))
            if epoch + 1 < recipe.epochs:
                state = {
                    "matrices": self._learning,
                    "optimiser": optimiser.state_dict(),
                    "losses": losses,
                }
                resume.keep(out, of, state)
        return tuple(losses)

    def drawn(self) -> list[int]:
        """Which persons a step is about: each by a chance of its own."""
        chances = torch.rand(len(self._persons), generator=self._draw)
        return [n for n, chance in enumerate(chances.tolist()) if chance < self.budget.rate]

    def gradient(self, nobodys: Sequence[int], persons: Sequence[int]) -> tuple[float, list[Tensor]]:
        """The summed loss of the one, and what both change together; noise lies over the other's part."""
        loss, summed = 0.0, [torch.zeros_like(matrix) for matrix in self._learning]
        for part in self.parts(persons):
            for total, one in zip(summed, part, strict=True):
                total += one
        for total in summed:
            noise = torch.randn(total.shape, generator=self._draw)
            total += self.budget.noise * self.budget.clip * noise
        if nobodys:
            said = self._loss(nobodys)
            loss = said.item()
            for total, one in zip(summed, torch.autograd.grad(said, self._learning), strict=True):
                total += one
        return loss, [total / self._recipe.batch for total in summed]

    def parts(self, persons: Sequence[int]) -> list[list[Tensor]]:
        """Of each person, what all their lessons change, no longer than `clip`."""
        made = []
        for n in persons:
            part = torch.autograd.grad(self._loss(self._persons[n]), self._learning)
            length = torch.sqrt(sum((one.double() ** 2).sum() for one in part))
            made.append([one * (self.budget.clip / max(float(length), self.budget.clip)) for one in part])
        return made

    def _loss(self, chosen: Sequence[int]) -> Tensor:
        """Over the lessons, the sum of each one's mean: no lesson's weight depends on its neighbours."""
        logits = self._upper.logits(chosen, self._taught, self.pairs, self._recipe.alpha / self._recipe.rank)
        told = [self._taught[n] for n in chosen]
        each = F.cross_entropy(logits, loop.targets_of(told), reduction="none")
        return sum(part.mean() for part in each.split([lesson.learned for lesson in told]))

    def _parts(self, epoch: int) -> list[list[int]]:
        """Nobody's lessons in as many parts as an epoch has steps; another order each time."""
        draw = torch.Generator().manual_seed(self._recipe.seed * 1_000_003 + epoch)
        order = torch.randperm(len(self._nobodys), generator=draw).tolist()
        return [[self._nobodys[n] for n in order[at :: self.steps]] for at in range(self.steps)]

    def _step(self, optimiser: Any, gradient: Sequence[Tensor], slope: float) -> None:
        for matrix, change in zip(self._learning, gradient, strict=True):
            matrix.grad = change
        torch.nn.utils.clip_grad_norm_(self._learning, loop.GRADIENT_LIMIT)
        for group in optimiser.param_groups:
            group["lr"] = self._recipe.rate * slope
        optimiser.step()
