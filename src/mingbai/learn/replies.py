"""From staff's choices to an adapter that may word drafts: train, examine, judge, register. `run` has the same order for intents.

1. Held-out choices: in more of them than chance would give, staff's words gained on the draft against the untuned model.
2. No language where they lost; no more drafts found the likelier ones than before.
3. What it writes of held-out facts passes the desk's checks no less often than what the untuned model writes of them.
4. The desk's suites, all of it worded as drafts would be, against the rows' own words: no more wrong.

A draft is read by a person before it is sent. So nothing here says that a customer may be answered by such an adapter, and none is.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mingbai.learn import workplace
from mingbai.learn.canary import Leak
from mingbai.learn.dataset import Dataset
from mingbai.learn.exam import Check, not_worse, towards
from mingbai.learn.examples import Choice, Preferred, Progress, Recipe, Trained
from mingbai.learn.gate import Desk, Verdict, of_desks
from mingbai.learn.rows import Row
from mingbai.learn.run import Hands, Outcome, Plan, TooFew, placed, recipe_name, registered, training_name
from mingbai.learn.select import drawn
from mingbai.turn.basis import Basis
from mingbai.turn.check import checked
from mingbai.turn.drafting import MOST_TOKENS
from mingbai.turn.release import sentences
from mingbai.turn.service import Phrase
from mingbai.values.errors import EngineError, Text
from mingbai.values.turn import Evidence, Fact, Intent

TASK, KIND = "reply", "preference"
# With beta 0.1 and said 0.2 it learned to prefer as well, and said what no fact holds: bench/staff_voice.py, docs/learning.md.
RECIPE = Recipe(epochs=3, rate=2e-4, batch=4, beta=0.3, said=1.0)
LEAST_HELD_OUT = 5  # all five right is what chance gives one time in 32
WORDED = 12  # held-out facts that both models put into words: some eight seconds each


class TrainChoices(Protocol):
    """`learn.train.train_choices` is the real one."""

    def __call__(
        self, base: Path, choices: Sequence[Choice], recipe: Recipe, out: Path, told: Callable[[Progress], None]
    ) -> Trained: ...  # fmt: skip


class Examined(Protocol):
    """`learn.prefer.examined` is the real one."""

    def __call__(
        self, base: Path, choices: Sequence[Choice], adapter: Path, recipe: Recipe, told: Callable[[Progress], None]
    ) -> Sequence[Preferred]: ...  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trial:
    """An engine with the fresh adapter: what words drafts without it and with it."""

    before: Phrase
    after: Phrase
    desks: Callable[[], Awaitable[Sequence[Desk]]]


@dataclass(frozen=True, slots=True)
class Ways:
    train: TrainChoices
    examined: Examined
    tries: Callable[[Path], AbstractAsyncContextManager[Trial]]


async def learned(dataset: Dataset, plan: Plan, hands: Hands, ways: Ways) -> Outcome:
    """As `run.learned`. Blocks while it trains."""
    rows = drawn(dataset.part("train", KIND), plan.train_rows)
    held_out = drawn(dataset.part("held_out", KIND), plan.held_out_rows)
    if not rows or len(held_out) < LEAST_HELD_OUT:
        raise _too_few(len(rows), len(held_out))
    seconds: dict[str, float] = {}
    with workplace.opened(hands.registry.folder, training_name(dataset, plan, rows), rows) as folder:
        file = folder / "adapter.gguf"
        began = time.monotonic()
        trained = ways.train(plan.base.file, [it.choice() for it in rows], plan.recipe, file, hands.told)
        seconds["train"] = time.monotonic() - began
        began = time.monotonic()
        choices = [it.choice() for it in held_out]
        found = ways.examined(plan.base.file, choices, file, trained.recipe, hands.told)
        async with ways.tries(file) as trial:
            passed: list[list[bool]] = [[], []]
            for way, phrase in enumerate((trial.before, trial.after)):
                for row in held_out[:WORDED]:
                    passed[way].append(await passes(phrase, row))
                    done, of = sum(map(len, passed)), 2 * len(held_out[:WORDED])
                    hands.told(Progress("held out", done, of))  # some seconds each, and nothing else is said
            seconds["held out"] = time.monotonic() - began
            began = time.monotonic()
            desks = await trial.desks()
        seconds["desk"] = time.monotonic() - began
        verdict = judged(held_out, found, passed, desks, hands.leak(recipe_name(plan.recipe)))
        adapter = registered(dataset, plan, hands, rows, trained, verdict)
    if verdict.admitted:
        adapter = placed(plan, hands, adapter)
    return Outcome(adapter, verdict, trained, len(rows), seconds)


def judged(
    rows: Sequence[Row], found: Sequence[Preferred], passed: Sequence[Sequence[bool]], desks: Sequence[Desk],
    leak: Leak | None,
) -> Verdict:  # fmt: skip
    """`passed`: whether what was written of each row's facts passes the checks, without the adapter and with it."""
    told = list(zip(rows, found, strict=True))
    checks: list[Check] = [towards("held-out choices", [it.margin > 0 for it in found])]
    for lang in sorted({row.lang for row in rows}):
        gained = [it.margin > 0 for row, it in told if row.lang == lang]
        checks.append(towards(f"held-out choices {lang}", gained, beyond_chance=False))
    checks.append(
        not_worse("staff's words likelier", [it.before for it in found], [it.after for it in found])
    )
    checks.append(not_worse("checks passed", passed[0], passed[1]))
    checks += of_desks(desks)
    return Verdict(tuple(checks), leak)


async def passes(phrase: Phrase, row: Row) -> bool:
    """Whether every sentence that it makes of the row's facts may be shown. The facts are masked, and what is said of them, too."""
    facts = tuple(Fact(KIND, line, line, line) for line in row.text.split("\n"))
    basis = Basis(row.lang, (Evidence(Intent.PRODUCT_INFO, facts),))
    try:
        async with aclosing(phrase(row.choice().prompt, MOST_TOKENS, ())) as events:
            said = [it async for it in sentences(events, [])]
    except EngineError:
        return False
    return bool(said) and all(v.passed for sentence in said for v in checked(sentence, basis))


def _too_few(train: int, held_out: int) -> TooFew:
    return TooFew(
        Text(
            f"可学的选择太少：{train} 条可学，{held_out} 条可考，至少要有 {LEAST_HELD_OUT} 条可考。",
            f"There are too few choices: {train} to learn from, {held_out} held out, of which it takes {LEAST_HELD_OUT}.",
        ),
        Text(
            "请客服在草稿上改了再发；顾客同意训练的才算。看 mingbai learn rows --why。",
            "Have staff change drafts before they send them; customers who agreed to training count. See mingbai learn rows --why.",
        ),
    )
