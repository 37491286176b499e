"""Asks masked as for a place elsewhere, with this machine's model in its stead; answers are kept as they come.

A file of answers makes a run resumable: what is in it is not asked again. It holds what the model wrote, with placeholders, and
no value of anybody, who are made up anyway. An answer that is not intact is asked for once more, with a reminder.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from mingbai.engine.protocol import Engine, collect
from mingbai.permit.mask import Detector, Masks
from mingbai.permit.mask.asked import is_english, leaving, reminded
from mingbai.permit.mask.placeholders import shapes
from mingbai.prove.placeholders.asks import TASKS, Case, Task
from mingbai.prove.placeholders.grade import INTACT, OUTCOMES, Outcome, graded
from mingbai.prove.spread import wilson
from mingbai.values.json import JsonObject


@dataclass(frozen=True, slots=True)
class Asked:
    """One case, asked once, or twice where the first answer was not intact. `first` and `last` are the same then."""

    id: str
    task: Task
    first: Outcome
    last: Outcome
    forms: tuple[str, ...] = ()
    restored: bool = True  # the asker was shown every wanted value itself
    sent: int = 0
    tokens: int = 0
    written: tuple[str, ...] = field(default=(), repr=False)


async def run(
    engine: Engine,
    cases: Sequence[Case],
    kept: Path | None,
    *,
    at_once: int,
    progress: Callable[[int, int], None],
) -> list[Asked]:
    """In order of the cases. `kept`: the file of answers so far, which is added to."""
    done = {it.id: it for it in _read(kept)}
    detector = Detector()
    waiting = asyncio.Queue[Case]()
    for case in cases:
        if case.id not in done:
            waiting.put_nowait(case)

    async def work() -> None:
        while not waiting.empty():
            case = waiting.get_nowait()
            asked = done[case.id] = await _asked(engine, detector, case)
            if kept is not None:
                await asyncio.to_thread(_keep, kept, asked)
            progress(len(done), len(cases))

    await asyncio.gather(*(work() for _ in range(at_once)))
    return [done[case.id] for case in cases]


async def _asked(engine: Engine, detector: Detector, case: Case) -> Asked:
    once = await _once(engine, detector, case)
    last = once
    if once.outcome not in INTACT:
        last = await _once(engine, detector, case, reminder=True)
    written = (once.raw,) if last is once else (once.raw, last.raw)
    return Asked(
        case.id,
        case.task,
        once.outcome,
        last.outcome,
        once.forms,
        last.shown,
        once.sent,
        once.tokens,
        written,
    )


@dataclass(frozen=True, slots=True)
class _Once:
    outcome: Outcome
    forms: tuple[str, ...]
    shown: bool
    sent: int
    tokens: int
    raw: str = field(repr=False)


async def _once(engine: Engine, detector: Detector, case: Case, *, reminder: bool = False) -> _Once:
    masks = Masks(detector, channels={"customer"}, lang="en" if is_english(case.ask) else "zh")
    sent = leaving(case.ask, masks)
    if reminder:
        sent = reminded(sent)
    said = sent.messages[-1].content
    placeholders = list(dict.fromkeys(said[it.start : it.end] for it in shapes(said) if it.ours))
    stands_for = {it: masks.restore(it, "customer").text for it in placeholders}
    wanted = [it for it, value in stands_for.items() if any(value in one for one in case.wanted)]
    answer = await collect(engine, sent)
    found = graded(answer.text, placeholders, wanted, cut=answer.finished.reason == "length")
    back = masks.restorer("customer", inside_json=case.ask.schema is not None)(answer.text, "", "").text
    shown = all(it in back for it in case.wanted)
    tokens = answer.finished.usage.completion_tokens
    return _Once(found.outcome, found.forms, shown, len(placeholders), tokens, answer.text)


def _read(kept: Path | None) -> Iterable[Asked]:
    if kept is None or not kept.exists():
        return
    for line in kept.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield Asked(**{**row, "forms": tuple(row["forms"]), "written": tuple(row["written"])})


def _keep(kept: Path, asked: Asked) -> None:
    with kept.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(asked), ensure_ascii=False) + "\n")


def report(asked: Sequence[Asked]) -> JsonObject:
    rows: dict[str, JsonObject] = {}
    for task in (*TASKS, "all"):
        of = [it for it in asked if task in (it.task, "all")]
        if of:
            rows[task] = {
                "asks": len(of),
                "intact": sum(it.first in INTACT for it in of),
                "intact_after_a_reminder": sum(it.last in INTACT for it in of),
                "shown": sum(it.restored for it in of),
                "unaltered": sum(it.first != "altered" for it in of),
                **dict(Counter(it.first for it in of)),
            }
    return {"tasks": rows, "forms": [form for it in asked for form in it.forms]}


def lines(asked: Sequence[Asked]) -> list[str]:
    out = [
        f"{'task':10} {'asks':>5} {'intact':>7} {'':18} {'unaltered':>9} {'reminded':>8} {'shown':>6}   "
        + " ".join(f"{it:>8}" for it in OUTCOMES)
    ]
    for task in (*TASKS, "all"):
        of = [it for it in asked if task in (it.task, "all")]
        if not of:
            continue
        intact = sum(it.first in INTACT for it in of)
        low, high = wilson(intact, len(of))
        counts = Counter(it.first for it in of)
        last, shown = sum(it.last in INTACT for it in of), sum(it.restored for it in of)
        out.append(
            f"{task:10} {len(of):5} {intact / len(of):7.4f} [{low:.4f}, {high:.4f}]   {1 - counts['altered'] / len(of):9.4f} {last / len(of):8.4f} {shown / len(of):6.4f}   "
            + " ".join(f"{counts[it]:8}" for it in OUTCOMES)
        )
    forms = Counter(form for it in asked for form in it.forms)
    if forms:
        out.append(
            "written instead: " + "; ".join(f"{form!r} {many}" for form, many in forms.most_common(12))
        )
    return out
