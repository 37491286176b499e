"""`train`: examples to an adapter that the engine loads. Importable without torch; the work itself is in `loop`."""

from __future__ import annotations

import importlib.util
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from mingbai.learn import budget
from mingbai.learn.examples import Choice, Example, Progress, Recipe, Trained
from mingbai.learn.lessons import Lesson, lessons
from mingbai.learn.opinions import Opinion
from mingbai.learn.team import ALONE, Team
from mingbai.models.store import digest
from mingbai.values.errors import BadInput, NotBuilt, Text, WrongDigest


def available() -> bool:
    """Whether the extra `learn` is installed, so far as training needs it."""
    return all(importlib.util.find_spec(name) is not None for name in ("torch", "gguf"))


def needed() -> None:
    """Raises `NotBuilt` where the extra is not installed."""
    if not available():
        raise NotBuilt(
            Text("没有安装训练所需的软件包。", "What training needs is not installed."),
            Text(
                "运行 make learn（或 pip install 'mingbai[learn]'）。",
                "Run make learn (or pip install 'mingbai[learn]').",
            ),
        )


def train(
    base: Path, examples: Sequence[Example], recipe: Recipe, out: Path, told: Callable[[Progress], None],
    team: Team = ALONE,
) -> Trained:  # fmt: skip
    """See `examples.Train`. Of a team, the first calls this and the others `follow`."""
    needed()
    _check(recipe)
    if recipe.epsilon and team.of > 1:
        raise _wrong("epsilon", Text("只能由一个进程来练", "is kept by one process alone"))
    if recipe.epsilon:
        return _privately(base, examples, recipe, out, told)
    taught = lessons(base, examples)
    if len(taught) < team.of:
        raise BadInput(
            Text(
                f"{len(taught)} 条例句不够 {team.of} 个进程分。",
                f"{len(taught)} examples are too few for {team.of} processes.",
            ),
            Text("少开几个进程。", "Start fewer processes."),
            param="examples",
        )
    from mingbai.learn import loop, together

    recipe = replace(recipe, threads=recipe.threads or max(1, (os.cpu_count() or 1) // team.here))
    sha256 = digest(base)
    together.told(team, (sha256, taught, recipe))
    return loop.run(base, sha256, taught, recipe, out, told, team)


def _privately(
    base: Path, examples: Sequence[Example], recipe: Recipe, out: Path, told: Callable[[Progress], None]
) -> Trained:
    """See `private`. The budget comes first: one that no noise keeps is refused before anything is computed."""
    taught = lessons(base, examples)
    whose = [it.person for it in examples]
    noise = budget.of_lessons(recipe.epsilon, whose, recipe.batch, recipe.epochs)
    from mingbai.learn import private

    recipe = replace(recipe, threads=recipe.threads or os.cpu_count() or 1)
    return private.run(base, digest(base), taught, whose, recipe, noise, out, told)


def follow(base: Path, team: Team) -> Trained:
    """Learns with the first of the team what that one was given. Reads the base's weights and nothing else here, writes nothing.

    Raises `WrongDigest` where the base here is another file than there."""
    from mingbai.learn import loop, together

    nothing: tuple[str, list[Lesson], Recipe] | None = None
    sha256, taught, recipe = together.told(team, nothing)
    if digest(base) != sha256:
        raise WrongDigest(
            Text(f"{base} 不是带头进程用的那个文件。", f"{base} is not the file that the first process has."),
            Text(
                "先在每台机器上 mingbai models verify。", "Run mingbai models verify on every machine first."
            ),
        )
    return loop.run(base, sha256, taught, recipe, base, lambda _: None, team)


def train_choices(
    base: Path, choices: Sequence[Choice], recipe: Recipe, out: Path, told: Callable[[Progress], None]
) -> Trained:
    """As `train`, but from what is preferred to what; `recipe.beta` is above 0."""
    needed()
    _check(recipe)
    if not recipe.beta > 0:
        raise _wrong("beta", Text("要大于 0", "must be above 0"))
    if not recipe.said >= 0:
        raise _wrong("said", Text("不能小于 0", "must not be under 0"))
    from mingbai.learn import prefer

    recipe = replace(recipe, threads=recipe.threads or os.cpu_count() or 1)
    return prefer.run(base, digest(base), choices, recipe, out, told)


def distil(
    base: Path, examples: Sequence[Example], opinions: Sequence[Opinion], recipe: Recipe, out: Path,
    told: Callable[[Progress], None],
) -> Trained:  # fmt: skip
    """As `train`, with a teacher's opinion of each example; `recipe.soft` is above 0."""
    needed()
    _check(recipe)
    if not 0 < recipe.soft <= 1:
        raise _wrong("soft", Text("要大于 0、不超过 1", "must be above 0 and at most 1"))
    from mingbai.learn import distil as student

    recipe = replace(recipe, threads=recipe.threads or os.cpu_count() or 1)
    return student.run(base, digest(base), lessons(base, examples), opinions, recipe, out, told)


def train_over(
    base: Path, examples: Sequence[Example], recipe: Recipe, out: Path, told: Callable[[Progress], None], under: Path,
    part: float,
) -> Trained:  # fmt: skip
    """See `examples.TrainOver`."""
    needed()
    _check(recipe)
    taught = lessons(base, examples)
    from mingbai.learn import over

    recipe = replace(recipe, threads=recipe.threads or os.cpu_count() or 1)
    return over.run(base, digest(base), taught, recipe, out, told, under, part)


def _check(recipe: Recipe) -> None:
    least = {"rank": 1, "alpha": 1, "top": 0, "epochs": 1, "batch": 1, "seed": 0, "threads": 0}
    for name, number in least.items():
        if getattr(recipe, name) < number:
            raise _wrong(name, Text(f"至少是 {number}", f"must be at least {number}"))
    if not 0 <= recipe.epsilon < math.inf:
        raise _wrong("epsilon", Text("要大于 0", "must be above 0"))
    if not 0 < recipe.rate < 1:
        raise _wrong("rate", Text("要大于 0、小于 1", "must be above 0 and under 1"))


def _wrong(name: str, why: Text) -> BadInput:
    return BadInput(
        Text(f"训练方法里的 {name} {why.zh}。", f"The recipe's {name} {why.en}."),
        Text("不写就用默认值。", "Leave it out for the default."),
        param=name,
    )
