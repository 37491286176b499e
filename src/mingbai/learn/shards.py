"""Persons in shards: a common adapter from what is nobody's, and on top of it a small one for the persons of each shard.

Who stands in which shard is their tag's digest. All serve together: over the common one stands the mean of what the shards add. (Their
sum was tried, and forgot what the common one knew: docs/learning.md.) A withdrawal ends one small adapter;
the common one and the other shards serve on, and that one alone is trained anew. The gate examines them together; what is left
between a withdrawal and the retraining is what it examined less one shard, and is not examined again.

Not promised: a row that is taken away may let another person's row, which read alike, be chosen at the next training of that one's
shard. No shard learns from the words of another's.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mingbai.learn import run, workplace
from mingbai.learn.dataset import Dataset
from mingbai.learn.examples import Example, Recipe, Trained
from mingbai.learn.registry import Adapter
from mingbai.learn.rows import Row
from mingbai.learn.run import TASK, Hands, Outcome, Plan
from mingbai.learn.select import drawn
from mingbai.turn.understand.ask import TUNED


def shard_of(subject: str, shards: int) -> int:
    return int.from_bytes(hashlib.sha256(f"shard {subject}".encode()).digest()[:4]) % shards


def split(rows: Sequence[Row], most: int, shards: int) -> tuple[list[Row], dict[int, list[Row]]]:
    """At most so many of nobody's; of each shard of persons, of whom there are rows, its part of as many. Each draw knows nothing
    of the others."""
    theirs: dict[int, list[Row]] = {}
    for row in rows:
        if row.subject:
            theirs.setdefault(shard_of(row.subject, shards), []).append(row)
    some = {n: drawn(of, max(1, most // shards)) for n, of in sorted(theirs.items())}
    return drawn([row for row in rows if not row.subject], most), some


def small(recipe: Recipe) -> Recipe:
    """Of a shard: half the rank at the same scale."""
    if recipe.rank % 2 or recipe.alpha % 2:
        return recipe
    return replace(recipe, rank=recipe.rank // 2, alpha=recipe.alpha // 2)


async def learned(dataset: Dataset, plan: Plan, hands: Hands) -> Outcome:
    """As `run.learned`, in shards."""
    rows, theirs = split(dataset.part("train", TASK), plan.train_rows, plan.shards)
    run.enough(dataset, rows)
    every = [*rows, *(row for some in theirs.values() for row in some)]
    seconds: dict[str, float] = {}
    began = time.monotonic()
    with workplace.opened(hands.registry.folder, run.training_name(dataset, plan, every), every) as folder:
        common = hands.train(plan.base.file, _lessons(rows), plan.recipe, folder / "adapter.gguf", hands.told)
        own = replace(plan, recipe=small(plan.recipe))
        made = {
            n: _trained(own, hands, some, folder / f"shard-{n}.gguf", common.path)
            for n, some in theirs.items()
        }
        seconds["train"] = time.monotonic() - began
        files = [it.path for it in made.values()]
        verdict = await run.examined(dataset, plan, hands, seconds, common.path, *files)
        adapter = run.registered(dataset, plan, hands, rows, common, verdict)
        beside = [
            run.registered(
                dataset, replace(own, task=_task(common.sha256, n)), hands, theirs[n], it, verdict, adapter.id
            )
            for n, it in made.items()
        ]
    if verdict.admitted:
        adapter = run.placed(plan, hands, adapter)
        beside = [hands.registry.get(it.id) for it in beside]
    return Outcome(adapter, verdict, common, len(every), seconds, tuple(beside))


async def retrained(dataset: Dataset, plan: Plan, hands: Hands, main: Adapter) -> Outcome | None:
    """The shard that `plan` names, beside `main` as it is and the other shards; None: nobody of it is left to learn from."""
    _, theirs = split(dataset.part("train", TASK), plan.train_rows, plan.shards)
    rows = theirs.get(number(plan.task), [])
    if rows:
        run.enough(dataset, rows)
        under, seconds, began = hands.registry.file(main), dict[str, float](), time.monotonic()
        with workplace.opened(hands.registry.folder, run.training_name(dataset, plan, rows), rows) as folder:
            made = _trained(plan, hands, rows, folder / "shard.gguf", under)
            seconds["train"] = time.monotonic() - began
            others = [hands.registry.file(it) for it in hands.registry.beside(main.id)]
            verdict = await run.examined(dataset, plan, hands, seconds, under, *others, made.path)
            shard = run.registered(dataset, plan, hands, rows, made, verdict, main.id)
        if not verdict.admitted:
            return Outcome(main, verdict, made, len(rows), seconds, (shard,))
        shard = _served(hands, shard)
    for old in plan.instead_of:
        hands.registry.retire(old)
    return Outcome(main, verdict, made, len(rows), seconds, (shard,)) if rows else None


def number(task: str) -> int:
    return int(task.rpartition(".")[2])


def _task(common_sha256: str, n: int) -> str:
    """Its own for each common adapter, so that a rollback to another finds that one's shards."""
    return f"{TASK}.{common_sha256[:8]}.{n}"


def _lessons(rows: Sequence[Row]) -> list[Example]:
    return [row.example(TUNED) for row in rows]


def _trained(plan: Plan, hands: Hands, rows: Sequence[Row], out: Path, under: Path) -> Trained:
    """By itself: what stands in another shard changes no bit of this one."""
    return hands.over(plan.base.file, _lessons(rows), plan.recipe, out, hands.told, under, 1 / plan.shards)


def _served(hands: Hands, shard: Adapter) -> Adapter:
    """Who was tainted meanwhile stays out."""
    hands.registry.look()
    now = hands.registry.get(shard.id)
    return hands.registry.serve(now.id) if now.state in ("standby", "live") else now
