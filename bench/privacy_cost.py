"""What a privacy budget costs in accuracy, on the real 0.5B: figures in docs/learning.md come from here.

    python bench/privacy_cost.py [--rows 240 --held-out 120 --persons 60 --epsilon 8 --epsilon 3 --seed 0] [--nobodys 0.5]

Our own lines, played by made-up persons of several lines each, since no shop here has so many who agreed; with `--nobodys`, that
share of the lines stays ours and is learned as ever. The recipe is `learn run`'s. All arms learn and are asked the same rows, held
out by template. `outer half alone` learns what a training with a budget learns, and nothing is cut or noised there.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from mingbai.cli import learning
from mingbai.cli.settings import load
from mingbai.learn import adapter_file, budget, generate, judge, private, select
from mingbai.learn.examples import Example, Progress, Recipe, Trained
from mingbai.learn.lessons import lessons
from mingbai.learn.rows import Candidate
from mingbai.learn.train import train
from mingbai.models.store import digest
from mingbai.prove.spread import Share
from mingbai.turn.understand.ask import TUNED


def number(said: str) -> int:
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:4])


def examples(rows: list[Candidate], persons: int = 0, nobodys: float = 0.0) -> list[Example]:
    """Who says a line follows from its template, so that a person's lines are of one kind no more than of another."""
    made = []
    for n, row in enumerate(rows):
        ours = not persons or number(f"ours {row.template}") / 2**32 < nobodys
        person = "" if ours else f"p{number(f'who {row.template}') % persons}"
        made.append(Example.of(str(n), row.text, row.completion, TUNED, person))
    return made


def quiet(progress: Progress) -> None:
    pass


def without_noise(base: Path, taught: list[Example], recipe: Recipe, out: Path) -> Trained:
    whose = [it.person for it in taught]
    steps = budget.steps_of(len(taught), recipe.batch)
    nothing = budget.Budget(0.0, 0.0, 0.0, 1e9, 1 / steps, recipe.epochs * steps, len({*whose} - {""}))
    return private.run(base, digest(base), lessons(base, taught), whose, recipe, nothing, out, quiet)


def main() -> None:
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--rows", type=int, default=240)
    parse.add_argument("--held-out", type=int, default=120)
    parse.add_argument("--persons", type=int, default=60)
    parse.add_argument("--nobodys", type=float, default=0.0, help="share of the lines that stays ours")
    parse.add_argument("--epsilon", type=float, action="append", help="8 and 3 where none is said")
    parse.add_argument("--seed", type=int, default=0)
    parse.add_argument("--threads", type=int, default=1)
    args = parse.parse_args()
    _, weights = learning.base_of(load())
    base = weights.path
    lines = sorted(generate.own(1), key=lambda it: number(it.text))
    kept = [it for it in lines if select.falls(f"template {it.template}")][: args.held_out]
    taught = examples(
        [it for it in lines if not select.falls(f"template {it.template}")][: args.rows],
        args.persons,
        args.nobodys,
    )
    asked, ours = examples(kept), [it for it in taught if not it.person]
    persons = len({it.person for it in taught} - {""})
    print(
        f"{len(taught)} rows, {len(taught) - len(ours)} of them of {persons} persons; {len(asked)} held out"
    )
    recipe = Recipe(epochs=3, seed=args.seed, threads=args.threads)
    arms: dict[str, Callable[[Path], Trained]] = {
        "no budget": lambda out: train(base, taught, recipe, out, quiet),
        "outer half alone": lambda out: without_noise(base, taught, recipe, out),
    }
    for epsilon in args.epsilon or (8.0, 3.0):
        private_one = replace(recipe, epsilon=epsilon)
        arms[f"epsilon {epsilon:g}"] = lambda out, it=private_one: train(base, taught, it, out, quiet)
    if ours:
        arms["ours alone"] = lambda out: train(base, ours, recipe, out, quiet)
    print(f"{'untrained':20} {judge.of_adapter(base, asked, {}, 1.0):4}/{len(asked)}", flush=True)
    with TemporaryDirectory() as folder:
        for name, learned in arms.items():
            out = Path(folder) / f"{number(name)}.gguf"
            began = time.process_time()
            made = learned(out)
            spent = time.process_time() - began
            right = judge.of_adapter(base, asked, adapter_file.read(out), recipe.alpha / recipe.rank)
            noise = f"  noise {made.privacy.noise:.2f}" if made.privacy and made.privacy.noise else ""
            print(
                f"{name:20} {right:4}/{len(asked)}  {Share(right, len(asked))}  {spent:.0f} s cpu{noise}",
                flush=True,
            )


if __name__ == "__main__":
    main()
