"""`train`: examples to an adapter that the engine loads. Importable without torch; the work itself is in `loop`."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from mingbai.learn.examples import Choice, Example, Progress, Recipe, Trained
from mingbai.learn.lessons import lessons
from mingbai.models.store import digest
from mingbai.values.errors import BadInput, NotBuilt, Text


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
    base: Path, examples: Sequence[Example], recipe: Recipe, out: Path, told: Callable[[Progress], None]
) -> Trained:
    """See `examples.Train`."""
    needed()
    _check(recipe)
    taught = lessons(base, examples)
    from mingbai.learn import loop

    recipe = replace(recipe, threads=recipe.threads or os.cpu_count() or 1)
    out.parent.mkdir(parents=True, exist_ok=True)
    return loop.run(base, digest(base), taught, recipe, out, told)


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
    out.parent.mkdir(parents=True, exist_ok=True)
    return prefer.run(base, digest(base), choices, recipe, out, told)


def _check(recipe: Recipe) -> None:
    least = {"rank": 1, "alpha": 1, "top": 0, "epochs": 1, "batch": 1, "seed": 0, "threads": 0}
    for name, number in least.items():
        if getattr(recipe, name) < number:
            raise _wrong(name, Text(f"至少是 {number}", f"must be at least {number}"))
    if not 0 < recipe.rate < 1:
        raise _wrong("rate", Text("要大于 0、小于 1", "must be above 0 and under 1"))


def _wrong(name: str, why: Text) -> BadInput:
    return BadInput(
        Text(f"训练方法里的 {name} {why.zh}。", f"The recipe's {name} {why.en}."),
        Text("不写就用默认值。", "Leave it out for the default."),
        param=name,
    )
