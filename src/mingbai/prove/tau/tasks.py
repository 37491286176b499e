"""tau2's tasks: what the customer says, and the state of the database that is right."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mingbai.prove.tau.shop import FOLDER, WRITES, NotAllowed, Retail, called


@dataclass(frozen=True, slots=True)
class Task:
    """`says` are the customer's messages in order: who they are, what they want, how they want it."""

    id: str
    says: tuple[str, ...] = field(repr=False)
    actions: tuple[tuple[str, dict[str, Any]], ...] = field(repr=False)

    @property
    def wanted(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.actions if name in WRITES)


def read(data: Path, split: str) -> list[Task]:
    """`train` for development, `test` for scores."""
    lines = (data / FOLDER / "tasks_tau2.jsonl").read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if split in row["splits"]]
    return [_task(row) for row in rows]


def _task(row: dict[str, Any]) -> Task:
    given = row["instructions"]
    says = (given["known_info"], given["reason_for_call"], given["task_instructions"])
    return Task(
        row["task_id"], tuple(first_person(text) for text in says if len(text.strip(" .")) > 1),
        tuple((a["name"], a["arguments"]) for a in row["actions"] or ()),
    )  # fmt: skip


_PERSON = (
    (r"\byou are\b", "I am"), (r"\byou're\b", "I'm"), (r"\byou were\b", "I was"), (r"\byourself\b", "myself"), (r"\byours\b", "mine"),
    (r"\byour\b", "my"), (r"\byou\b", "I"), (r"\bthe agent\b", "you"),
)  # fmt: skip


def first_person(text: str) -> str:
    """You want → I want: the instruction as its customer would say it, nothing else changed."""
    for pattern, said in _PERSON:
        text = re.sub(pattern, said, text, flags=re.IGNORECASE)
    return " ".join(text.split())


def right_state(shop: Retail, task: Task) -> Retail:
    """The database after the task's own actions."""
    state = shop.copied()
    for name, arguments in task.actions:
        if name in WRITES:
            try:
                called(state, name, arguments)
            except (
                NotAllowed
            ):  # an action of the set that its own policy forbids changes nothing there either
                continue
    return state
