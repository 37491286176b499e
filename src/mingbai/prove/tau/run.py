"""Every task by the constrained path, and beside it the free loop of a model with the same tools; graded by the final state."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mingbai.engine.protocol import Engine, collect
from mingbai.prove.spread import Share
from mingbai.prove.tau.plan import carried_out
from mingbai.prove.tau.shop import NotAllowed, Retail, called
from mingbai.prove.tau.tasks import Task, right_state
from mingbai.values.chat import Ask, Message, Sampling, Tool
from mingbai.values.errors import MingbaiError
from mingbai.values.json import JsonObject

MOST_CALLS = 12  # of the free loop, a task
YES = "Yes, please go ahead."


@dataclass(frozen=True, slots=True)
class Done:
    """`made` are the names of the writes; `right`: the whole database is as it should be."""

    task: Task
    way: str
    right: bool
    made: tuple[str, ...]
    why: str = ""
    calls: int = 0
    steps: tuple[tuple[str, dict[str, Any]], ...] = field(default=(), repr=False)


def constrained(shop: Retail, task: Task) -> Done:
    state = shop.copied()
    steps = carried_out(state, task.says)
    right = state.same_as(right_state(shop, task))
    made = tuple(step.tool for step in steps)
    return Done(
        task,
        "path",
        right,
        made,
        "" if right else _why(task, made),
        steps=tuple((s.tool, s.arguments) for s in steps),
    )


def _why(task: Task, made: Sequence[str]) -> str:
    if not made:
        return "nothing was done"
    if sorted(made) == sorted(task.wanted):
        return "right kinds, wrong articles, variant or payment"
    return f"did {', '.join(sorted(made))}"


async def free(
    shop: Retail, task: Task, engine: Engine, policy: str, tools: Sequence[Tool], model: str = ""
) -> Done:
    """The model decides alone: the policy as its system text, the tools, and a customer who says yes to whatever is asked."""
    state = shop.copied()
    messages = [Message("system", policy), Message("user", "\n".join(task.says))]
    made: list[str] = []
    calls, yes, why = 0, 0, ""
    while calls < MOST_CALLS and yes < 3:
        try:
            answer = await collect(
                engine,
                Ask(
                    tuple(messages),
                    model,
                    tuple(tools),
                    sampling=Sampling(temperature=0, max_tokens=300),
                    key="tau",
                ),
            )
        except MingbaiError as e:
            why = e.code
            break
        messages.append(Message("assistant", answer.text, answer.tool_calls))
        if not answer.tool_calls:
            yes += 1
            messages.append(Message("user", YES))
            continue
        for call in answer.tool_calls:
            calls += 1
            messages.append(
                Message("tool", _result(state, call.name, call.arguments, made), tool_call_id=call.id)
            )
    right = state.same_as(right_state(shop, task))
    return Done(task, "free", right, tuple(made), why or ("" if right else _why(task, made)), calls)


def _result(state: Retail, name: str, arguments: str, made: list[str]) -> str:
    try:
        given = json.loads(arguments or "{}")
        found = called(state, name, given if isinstance(given, dict) else {})
    except (ValueError, NotAllowed) as e:
        return str(e)
    if name.startswith(("modify", "cancel", "return", "exchange")):
        made.append(name)
    return found if isinstance(found, str) else json.dumps(found)[:6000]


@dataclass(frozen=True, slots=True)
class Report:
    done: tuple[Done, ...]

    def right(self, way: str) -> Share:
        of = [d for d in self.done if d.way == way]
        return Share(sum(d.right for d in of), len(of))

    def wrote(self, way: str) -> Share:
        """Of the tasks that need a write: how many are right. Doing nothing is right for the others."""
        of = [d for d in self.done if d.way == way and d.task.wanted]
        return Share(sum(d.right for d in of), len(of))

    def lines(self) -> list[str]:
        rows = []
        for way, name in (("path", "受限路径 / constrained path"), ("free", "自由工具循环 / free tool loop")):
            if self.right(way).of:
                rows.append(
                    f"{name}: {self.right(way).hits}/{self.right(way).of}  {self.right(way)}   需要写入的 / that need a write: {self.wrote(way)}"
                )
        return rows

    def misses(self) -> list[str]:
        return [
            f"{d.task.id} [{d.way}] {d.why}; wanted {', '.join(d.task.wanted) or 'nothing'}"
            for d in self.done
            if not d.right
        ]

    def as_json(self) -> JsonObject:
        return {
            way: {
                "n": self.right(way).of,
                "right": self.right(way).hits,
                "with_writes": self.wrote(way).of,
                "with_writes_right": self.wrote(way).hits,
            }
            for way in ("path", "free")
        }


async def run(
    shop: Retail, tasks: Sequence[Task], engine: Engine | None = None, policy: str = "", tools: Sequence[Tool] = (),
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Report:  # fmt: skip
    """The path over every task; the free loop too where an engine is given."""
    done = [constrained(shop, task) for task in tasks]
    if engine is not None:
        for at, task in enumerate(tasks, 1):
            done.append(await free(shop, task, engine, policy, tools))
            progress(at, len(tasks))
    return Report(tuple(done))
