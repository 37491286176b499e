"""Which implementation distils: a bigger model of the catalogue is the teacher, the home's vault seals what it thinks of persons' rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mingbai.cli import learning, tuned

if TYPE_CHECKING:
    from pathlib import Path

    from mingbai.learn.dataset import Dataset
    from mingbai.learn.examples import Example, Progress, Recipe
    from mingbai.learn.opinions import Opinion
    from mingbai.learn.rows import Row
    from mingbai.learn.run import Base
    from mingbai.learn.select import Selection

Told = Callable[["Progress"], None]


@dataclass(frozen=True, slots=True)
class Arm:
    """One way to learn the rows: how many held-out rows are then named rightly, and what it cost."""

    name: str
    right: int
    of: int
    cpu_seconds: float


def opinions(
    house: learning.House, chosen: Selection, data: Dataset, rows: Sequence[Row], teacher: Base, student: Path, threads: int,
    told: Told,
) -> list[Opinion]:  # fmt: skip
    """The teacher's, of these rows: kept in the dataset's folder, asked for where they are not there."""
    from mingbai.learn import distil, opinions
    from mingbai.learn.lessons import lessons

    shown = lessons(teacher.file, [_asked(row) for row in rows])
    ours = lessons(student, [row.example("") for row in rows])
    if any(a.tokens[-a.learned :] != b.tokens[-b.learned :] for a, b in zip(shown, ours, strict=True)):
        raise distil.other_tokens()
    name = opinions.name_of(teacher.sha256, shown)
    found = opinions.read(data.folder, name, rows, house.vault)
    if found is None:
        asked = distil.asked(teacher.file, shown, threads, told)
        found = dict(zip((row.id for row in rows), asked, strict=True))
        tuned.put_out(house.settings, house.vault)  # the teacher took its time
        opinions.write(data.folder, name, found, rows, chosen.persons, house.vault)
    return [found[row.id] for row in rows]


def _asked(row: Row) -> Example:
    """As the desk asks a model that was not trained: labelled messages are shown to it first."""
    from mingbai.learn.examples import Example
    from mingbai.turn.understand.ask import LONGEST, shown
    from mingbai.values.chat import Message

    return Example(row.id, (*shown(), Message("user", row.text[:LONGEST])), row.completion)


def compared(
    house: learning.House, teacher: Base, base: Base, recipe: Recipe, many: int, held_out: int, told: Told
) -> list[Arm]:
    """The same rows learned without a teacher and with one, each examined on rows that neither has seen. Nothing is kept but the
    teacher's opinions."""
    from mingbai.learn import adapter_file, judge, workplace
    from mingbai.learn.run import TASK
    from mingbai.learn.select import drawn
    from mingbai.learn.train import distil, train
    from mingbai.turn.understand.ask import TUNED

    chosen = learning.selection(house)
    data = learning.written(house, chosen)
    rows, held = drawn(data.part("train", TASK), many), drawn(data.part("held_out", TASK), held_out)
    examples, asked = ([row.example(TUNED) for row in part] for part in (rows, held))
    made: list[Arm] = []
    registry = learning.registry(house)
    with workplace.opened(registry.folder, f"distil-{data.digest[:12]}", rows) as folder:

        def arm(name: str, train: Callable[[Path], object] | None) -> None:
            began = time.process_time()
            if train is not None:
                train(folder / f"{name}.gguf")
            spent = time.process_time() - began
            pairs = {} if train is None else adapter_file.read(folder / f"{name}.gguf")
            right = judge.of_adapter(base.file, asked, pairs, recipe.alpha / recipe.rank)
            made.append(Arm(name, right, len(held), spent))

        arm("untuned", None)
        arm("rows", lambda out: train(base.file, examples, replace(recipe, soft=0.0), out, told))
        began = time.process_time()
        thought = opinions(house, chosen, data, rows, teacher, base.file, recipe.threads, told)
        agreed = sum(
            int(it.tokens[0, 0] == lesson)
            for it, lesson in zip(thought, _firsts(base.file, rows), strict=True)
        )
        made.append(Arm("teacher, of what is learned", agreed, len(rows), time.process_time() - began))
        arm("teacher", lambda out: distil(base.file, examples, thought, recipe, out, told))
    return made


def _firsts(base: Path, rows: Sequence[Row]) -> list[int]:
    """The token that each row's label begins with."""
    from mingbai.learn.lessons import lessons

    return [it.tokens[-it.learned] for it in lessons(base, [row.example("") for row in rows])]
