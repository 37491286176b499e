"""`mingbai prove leaks --adapter`: planted secrets, a model trained with them, a control without, and how well each is guessed."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.learn.canary import Leak, Planting
    from mingbai.learn.examples import Example, Recipe


def leaks_of_training(
    canaries: int, seeds: int, references: int, copies: int, rows: int, epochs: int, top: int, threads: int,
    model: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Kept in the home for the gate. Exit code 1 where training adds more than a bit."""
    from dataclasses import replace

    from mingbai.cli import learning
    from mingbai.cli.settings import load
    from mingbai.learn import generate, select
    from mingbai.learn.canary import MOST_BITS
    from mingbai.learn.examples import Recipe
    from mingbai.permit.mask import Detector
    from mingbai.turn.understand.ask import TUNED

    settings = load()
    base, _ = learning.base_of(settings, model)
    nobody = _Nobody()
    ours = select.select(generate.own(), nobody, nobody, Detector()).rows
    taught = [row.example(TUNED) for row in select.drawn([row for row in ours if row.part == "train"], rows)]
    recipe = replace(Recipe(), epochs=epochs, top=top, threads=threads)
    leak = measured(base.file, taught, recipe, canaries, seeds, references, copies, quiet=as_json)
    learning.keep_leak(settings.home / "learn", base.sha256, leak)
    if as_json:
        click.echo(json.dumps(leak.as_json()))
    else:
        click.echo(
            f"{leak}\n{'✓' if leak.more_bits <= MOST_BITS else '✗'} 训练多露的不超过 {MOST_BITS:g} 比特 / training adds at most {MOST_BITS:g} bit"
        )
    if leak.more_bits > MOST_BITS:
        raise SystemExit(1)


def measured(
    base: Path, taught: Sequence[Example], recipe: Recipe, canaries: int, seeds: int, references: int, copies: int, *, quiet: bool
) -> Leak:  # fmt: skip
    """Of each seed: the same rows with the secrets among them, and without."""
    from dataclasses import replace
    from random import Random

    from mingbai.learn import score
    from mingbai.learn.canary import exposures, leak, planted
    from mingbai.learn.examples import Example
    from mingbai.learn.run import recipe_name
    from mingbai.learn.train import train
    from mingbai.turn.understand.ask import TUNED

    begun = time.process_time()
    plantings: list[Planting] = [planted(canaries, references, seed) for seed in range(seeds)]
    every = [[*it.canaries, *it.references] for it in plantings]
    scorer = score.Scorer(base, score.secrets(base, [one for seed in every for one in seed]), recipe.top)
    found: list[list[list[float]]] = [[], []]
    with TemporaryDirectory(prefix="mingbai-") as folder:
        for seed, planting in enumerate(plantings):
            secrets = [
                Example.of(f"canary {n} {copy}", it.text, it.label, TUNED)
                for n, it in enumerate(planting.canaries)
                for copy in range(copies)
            ]
            both = [*taught, *secrets]
            Random(seed).shuffle(both)
            for arm, lessons in enumerate((both, list(taught))):
                out = Path(folder) / f"{seed}-{arm}.gguf"
                made = train(base, lessons, replace(recipe, seed=seed), out, lambda it: None)
                at = sum(len(it) for it in every[:seed])
                spoken = scorer.score(
                    out, made.recipe.alpha / made.recipe.rank, slice(at, at + len(every[seed]))
                )
                logprobs = dict(zip(every[seed], spoken, strict=True))
                found[arm].append(exposures(planting, logprobs))
                if not quiet:
                    mean = sum(found[arm][-1]) / canaries
                    click.echo(
                        f"seed {seed}  {'control' if arm else 'with   '}  {mean:.2f} bits  {made.seconds:.0f} s  cpu {time.process_time() - begun:.0f} s",
                        err=True,
                    )
    return leak(plantings, found[0], found[1], recipe_name(recipe))


class _Nobody:
    """Our own lines alone: no ledger is asked, no key is needed."""

    def given(self, person: str, purpose: object) -> None:
        return None

    def derived(self, person: str, what: bytes) -> bytes:
        raise NotImplementedError("no person is in our own lines")

    def tag(self, person: str) -> bytes:
        raise NotImplementedError("no person is in our own lines")
