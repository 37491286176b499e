"""One side of `mingbai bench learn`, in a process of its own so that its memory is its own: a job as JSON on stdin, its
figures as the last line on stdout."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from mingbai.learn.examples import Example, Recipe
from mingbai.learn.figures import Figures


def main() -> None:
    job = json.loads(sys.stdin.readline())
    base, recipe = Path(job["base"]), Recipe(**job["recipe"])
    taught, held = (
        [Example.of(f"{part} {n}", said, meant, job["system"]) for n, (said, meant) in enumerate(job[part])]
        for part in ("taught", "held")
    )
    with tempfile.TemporaryDirectory() as tmp:
        done = _run(job["arm"], base, taught, held, recipe, job["enough"], Path(tmp))
    print(json.dumps(asdict(done)))


def _run(
    arm: str, base: Path, taught: list[Example], held: list[Example], recipe: Recipe, enough: int, tmp: Path
) -> Figures:
    from mingbai.learn import adapter_file, judge
    from mingbai.learn.train import train

    match arm:
        case "base":
            seconds, cpu, peak, right = 0.0, 0.0, 0, judge.of_adapter(base, held, {}, 0.0)
        case "ours":
            before = time.process_time()
            done = train(base, taught, recipe, tmp / "a.gguf", lambda _: None)
            seconds, cpu, peak = done.seconds, time.process_time() - before, done.peak_mib
            right = judge.of_adapter(base, held, adapter_file.read(done.path), recipe.alpha / recipe.rank)
        case _:
            from mingbai.learn import peer

            return peer.train(
                base, taught, held, recipe, ours=arm == "peer, our recipe", enough=enough, folder=tmp
            )
    return Figures(seconds, cpu, right, len(held), peak)


if __name__ == "__main__":
    main()
