"""From a dataset to an adapter that may serve: train, examine, judge, sign, register. The only file that knows this order.

Training, examining and signing are handed in, so that the order can be told without torch, weights or keys.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from mingbai import __version__
from mingbai.learn import exam, fair, gate, spent, workplace
from mingbai.learn.canary import Leak
from mingbai.learn.dataset import Dataset
from mingbai.learn.examples import Progress, Recipe, Train, Trained, TrainOver
from mingbai.learn.gate import Desk, Verdict
from mingbai.learn.registry import Adapter, Registry
from mingbai.learn.rows import Row
from mingbai.learn.select import drawn
from mingbai.learn.train import train_over
from mingbai.receipt import canonical
from mingbai.turn.understand.ask import TUNED, AskModel
from mingbai.values.errors import BadInput, Text
from mingbai.values.json import JsonObject

TASK = "intent"
TRAIN_ROWS, HELD_OUT_ROWS = 240, 120  # what two cores learn and examine in some three minutes


class TooFew(BadInput):
    code = "too_few_rows"


@dataclass(frozen=True, slots=True)
class Trial:
    """An engine with the fresh adapter: the untuned model as it is prompted today, and the tuned one."""

    before: AskModel
    after: AskModel
    desks: Callable[[], Awaitable[Sequence[Desk]]]


class Tries(Protocol):
    """An engine with the adapter, and with those that were learned on top of it beside it."""

    def __call__(self, file: Path, /, *over: Path) -> AbstractAsyncContextManager[Trial]: ...


@dataclass(frozen=True, slots=True)
class Base:
    name: str
    file: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`task`: `TASK`, or that of `replies`. `instead_of`: tainted adapters whose place the new one takes, whatever `share` and
    `serve` say. `shards` above 0: see `learn.shards`."""

    shop: str
    base: Base
    recipe: Recipe = field(default_factory=Recipe)
    train_rows: int = TRAIN_ROWS
    held_out_rows: int = HELD_OUT_ROWS
    share: int = 100
    serve: bool = True
    instead_of: tuple[str, ...] = ()
    task: str = TASK
    shards: int = 0


@dataclass(frozen=True, slots=True)
class Hands:
    """`sign` puts a manifest into the `builds` log and gives its number; `leak` is what was measured for a recipe."""

    train: Train
    tries: Tries
    sign: Callable[[bytes], int]
    registry: Registry
    over: TrainOver = train_over
    leak: Callable[[str], Leak | None] = lambda recipe: None
    told: Callable[[Progress], None] = lambda progress: None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Outcome:
    adapter: Adapter
    verdict: Verdict
    trained: Trained
    rows: int
    seconds: dict[str, float] = field(default_factory=dict)
    beside: tuple[Adapter, ...] = ()
    privacy: Mapping[str, Any] | None = None  # as the manifest has it


async def learned(dataset: Dataset, plan: Plan, hands: Hands) -> Outcome:
    """An adapter that was not admitted is registered as refused, and its file is not kept. Blocks while it trains."""
    rows = drawn(dataset.part("train", TASK), plan.train_rows)
    enough(dataset, rows)
    seconds: dict[str, float] = {}
    with workplace.opened(hands.registry.folder, training_name(dataset, plan, rows), rows) as folder:
        file = folder / "adapter.gguf"
        began = time.monotonic()
        trained = hands.train(
            plan.base.file, [row.example(TUNED) for row in rows], plan.recipe, file, hands.told
        )
        seconds["train"] = time.monotonic() - began
        verdict = await examined(dataset, plan, hands, seconds, file)
        adapter = registered(dataset, plan, hands, rows, trained, verdict)
    if verdict.admitted:
        adapter = placed(plan, hands, adapter)
    return Outcome(adapter, verdict, trained, len(rows), seconds, privacy=spent.told(hands.registry, adapter))


def placed(plan: Plan, hands: Hands, adapter: Adapter) -> Adapter:
    """An admitted one: in the place of those that it was trained instead of, or as the plan says."""
    if plan.instead_of:
        return hands.registry.replace(adapter.id, plan.instead_of)
    if plan.serve:
        adapter = hands.registry.serve(adapter.id, plan.share)
    hands.registry.retire_others(adapter)
    return adapter


def enough(dataset: Dataset, rows: Sequence[Row]) -> None:
    """Raises `TooFew` where there is nothing to learn from or to be examined on."""
    if not rows or not dataset.part("held_out", TASK):
        raise TooFew(
            Text("可学的行太少，分不出留出的部分。", "There are too few rows to hold any out."),
            Text("看 mingbai learn rows --why。", "See mingbai learn rows --why."),
        )


async def examined(
    dataset: Dataset, plan: Plan, hands: Hands, seconds: dict[str, float], file: Path, *over: Path
) -> Verdict:
    """What the gate says of the adapter, with those beside it that were learned on top of it."""
    held_out = drawn(dataset.part("held_out", TASK), plan.held_out_rows)
    began = time.monotonic()
    async with hands.tries(file, *over) as trial:
        questions = len(held_out) + len({text for pair in fair.alike() for text in (pair.one, pair.other)})
        untuned, tuned = exam.counted((trial.before, trial.after), 2 * questions, hands.told)
        before, then = await exam.answered(untuned, held_out), await fair.said(untuned)
        after, now = await exam.answered(tuned, held_out), await fair.said(tuned)
        seconds["held out"] = time.monotonic() - began
        began = time.monotonic()
        desks = [*fair.compared(then, now), *await trial.desks()]
    seconds["desk"] = time.monotonic() - began
    return gate.judged(held_out, before, after, desks, hands.leak(recipe_name(plan.recipe)))


def registered(
    dataset: Dataset, plan: Plan, hands: Hands, rows: Sequence[Row], trained: Trained, verdict: Verdict, parent: str = ""
) -> Adapter:  # fmt: skip
    """The signed manifest in its place and, of an admitted adapter, the file. `parent`: the id of the one that it was learned on
    top of; then the plan's task is that one's with a dot and more."""
    hands.registry.look()
    trained.path.stat()  # gone, if a consent of these rows ended meanwhile: then nothing is signed
    at = hands.now()
    name = hashlib.sha256(f"{dataset.digest} {trained.sha256} {verdict.admitted}".encode()).hexdigest()[:10]
    adapter_id = f"{plan.shop}-{plan.task}-{name}"
    if known := next((it for it in hands.registry.all(plan.shop) if it.id == adapter_id), None):
        if known.state in ("standby", "live") and not hands.registry.file(known).exists():
            _moved(trained, hands.registry.file(known))  # a kill came between row and file
        return known  # the same rows and recipe gave the same bytes again
    privacy = spent.said(hands.registry, plan.shop, trained.privacy)
    body = canonical.dumps(manifest(adapter_id, dataset, plan, rows, trained, verdict, at, parent, privacy))
    entry = hands.sign(body)
    adapter = Adapter(
        adapter_id, plan.shop, plan.task, "standby" if verdict.admitted else "refused", 0, parent, plan.base.name,
        plan.base.sha256, dataset.digest, trained.sha256, entry, at, at,
    )  # fmt: skip
    place = hands.registry.file(adapter)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    hands.registry.manifest(adapter).write_bytes(body)
    hands.registry.add(adapter, rows)
    if verdict.admitted:
        _moved(trained, place)
    return adapter


def _moved(trained: Trained, place: Path) -> None:
    shutil.move(trained.path, place)
    place.chmod(0o600)


def manifest(
    adapter_id: str, dataset: Dataset, plan: Plan, rows: Sequence[Row], trained: Trained, verdict: Verdict, at: datetime,
    parent: str = "", privacy: JsonObject | None = None,
) -> JsonObject:  # fmt: skip
    """What is signed: whoever has adapter, dataset and base can compute every digest in it again."""
    grounds: dict[str, int] = {}
    for row in rows:
        grounds[str(row.ground)] = grounds.get(str(row.ground), 0) + 1
    return {
        "v": 1, "kind": "adapter", "id": adapter_id, "shop": plan.shop, "task": plan.task, "code": __version__,
        "time": at.astimezone(UTC).isoformat(timespec="seconds"),
        "adapter": {"sha256": trained.sha256},
        "base": {"name": plan.base.name, "sha256": plan.base.sha256},
        "dataset": {
            "digest": dataset.digest, "rows": len(dataset.rows), "trained_on": len(rows),
            "trained_on_sha256": hashlib.sha256("\n".join(row.id for row in rows).encode()).hexdigest(),
        },
        "grounds": dict(sorted(grounds.items())),
        "recipe": recipe_said(trained.recipe),
        "computed": {"device": trained.device, "processes": trained.processes},
        "drawn": {"train": plan.train_rows, "held_out": plan.held_out_rows},
        "privacy": privacy,
        "losses_millinats": [round(1000 * loss) for loss in trained.losses],
        "figures": verdict.as_json(),
        "instead_of": list(plan.instead_of), "shards": plan.shards, "parent": parent,
    }  # fmt: skip


def recipe_said(recipe: Recipe) -> JsonObject:
    choices = {"beta": str(recipe.beta), "said": str(recipe.said)} if recipe.beta else {}
    choices |= {"soft": str(recipe.soft)} if recipe.soft else {}
    choices |= {"epsilon": str(recipe.epsilon)} if recipe.epsilon else {}
    return {
        "rank": recipe.rank, "alpha": recipe.alpha, "top": recipe.top, "epochs": recipe.epochs, "rate": str(recipe.rate),
        "batch": recipe.batch, "seed": recipe.seed, "threads": recipe.threads, **choices,
    }  # fmt: skip


def recipe_of(said: Mapping[str, Any]) -> Recipe:
    """What `recipe_said` has said."""
    return Recipe(
        **{
            **said,
            **{
                name: float(said[name])
                for name in ("rate", "beta", "said", "soft", "epsilon")
                if name in said
            },
        }
    )


def training_name(dataset: Dataset, plan: Plan, rows: Sequence[Row]) -> str:
    """Of what the matrices come from: a killed run is found again by the same, and by no other."""
    said: JsonObject = {
        "dataset": dataset.digest, "base": plan.base.sha256, "recipe": recipe_said(plan.recipe), "rows": len(rows),
        "shards": plan.shards,
    }  # fmt: skip
    return hashlib.sha256(canonical.dumps(said)).hexdigest()[:16]


def recipe_name(recipe: Recipe) -> str:
    """Of what decides how well secrets are learned: not the seed, nor the threads."""
    said = {k: v for k, v in recipe_said(recipe).items() if k not in ("seed", "threads")}
    return hashlib.sha256(canonical.dumps(said)).hexdigest()[:12]
