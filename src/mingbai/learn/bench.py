"""`mingbai bench learn`: our training beside TRL's on the same rows, how dear and how good; one process after another.

The rows are our own sentences, split by template as every dataset is. Judged is which label a held-out sentence begins.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from mingbai.learn import generate
from mingbai.learn.arm import Figures, Pairs
from mingbai.learn.examples import Recipe
from mingbai.learn.rows import Row
from mingbai.learn.select import drawn, select
from mingbai.permit.mask import Detector
from mingbai.turn.understand.ask import TUNED
from mingbai.values.errors import EngineError, Text

PEERS = {"same": "peer, our recipe", "defaults": "peer, its defaults"}


@dataclass(frozen=True, slots=True)
class Arm:
    """One training. `top`: layers that learned, 0: all."""

    name: str
    top: int
    seed: int
    figures: Figures

    @property
    def share(self) -> float:
        return self.figures.right / self.figures.of

    def line(self) -> str:
        f = self.figures
        layers = "—" if self.name == "base" else str(self.top or "all")
        return (
            f"{self.name:20} layers {layers:>3} seed {self.seed}  {f.seconds:7.1f} s  cpu {f.cpu_seconds:7.1f} s  "
            f"held out {f.right}/{f.of} = {self.share:.1%}  {f.peak_mib} MiB"
        )


def rows(taught: int, held: int, labels: int) -> tuple[Pairs, Pairs]:
    """Sentences of the first so many labels: for learning, and held out."""
    candidates = list(generate.own())
    known = list(dict.fromkeys(c.completion for c in candidates))[:labels]
    chosen = [c for c in candidates if c.completion in known]
    selected = select(chosen, _Nobody(), _Nobody(), Detector()).rows
    parts = {part: [row for row in selected if row.part == part] for part in ("train", "held_out")}
    return _pairs(parts["train"], taught), _pairs(parts["held_out"], held)


def measure(
    base: Path, taught: Pairs, held: Pairs, *, depths: Sequence[int], seeds: int, peers: Sequence[str], recipe: Recipe,
    told: Callable[[Arm], None],
) -> list[Arm]:  # fmt: skip
    """The base, ours at each depth, each peer; seed by seed, so that what else the machine does meets all alike."""
    arms: list[Arm] = []

    def run(name: str, top: int, seed: int) -> None:
        figures = _child(name, base, taught, held, replace(recipe, top=top, seed=seed))
        arms.append(Arm(name, top, seed, figures))
        told(arms[-1])

    run("base", 0, 0)
    for seed in range(seeds):
        for top in depths:
            run("ours", top, seed)
        for peer in peers:
            run(PEERS[peer], 0, seed)
    return arms


def report(arms: Sequence[Arm]) -> list[str]:
    """Means over the seeds, and how many times dearer each peer was than ours at each depth."""
    groups: dict[tuple[str, int], list[Arm]] = {}
    for arm in arms:
        groups.setdefault((arm.name, arm.top), []).append(arm)
    lines = []
    ours = {key: group for key, group in groups.items() if key[0] == "ours"}
    for key, group in groups.items():
        if key[0] == "base":
            continue
        ratios = (
            [
                f"{_mean(group) / _mean(other):.1f} × ours of {top or 'all'} layers"
                for (_, top), other in ours.items()
            ]
            if key[0] != "ours"
            else []
        )
        share = sum(arm.share for arm in group) / len(group)
        lines.append(
            f"{key[0]}, {key[1] or 'all'} layers, {len(group)} seeds: cpu {_mean(group):.1f} s, held out {share:.1%}"
            + (": " + ", ".join(ratios) if ratios else "")
        )
    return lines


def as_json(arms: Sequence[Arm]) -> str:
    return json.dumps([{"name": a.name, "top": a.top, "seed": a.seed, **asdict(a.figures)} for a in arms])


def _mean(group: Sequence[Arm]) -> float:
    return sum(arm.figures.cpu_seconds for arm in group) / len(group)


def _pairs(some: Sequence[Row], most: int) -> Pairs:
    return [(row.text, row.completion) for row in drawn(some, most)]


def _child(name: str, base: Path, taught: Pairs, held: Pairs, recipe: Recipe) -> Figures:
    job = {
        "arm": name, "base": str(base), "system": TUNED, "taught": taught, "held": held, "recipe": asdict(recipe),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "mingbai.learn.arm"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        tail = "\n".join(done.stderr.splitlines()[-5:])
        raise EngineError(
            Text(f"这一路没有跑完：{name}。", f"This side did not end: {name}."),
            Text(
                f"对手需要 pip install 'mingbai[learn-peer]'。\n{tail}",
                f"The peer needs pip install 'mingbai[learn-peer]'.\n{tail}",
            ),
        )
    return Figures(**json.loads(done.stdout.splitlines()[-1]))


class _Nobody:
    """No person speaks in these rows: nobody's consent is asked, nobody's key used."""

    def given(self, person: str, purpose: object) -> None:
        raise AssertionError("a person's row")

    def derived(self, person: str, what: bytes) -> bytes:
        raise AssertionError("a person's row")

    def tag(self, person: str) -> bytes:
        raise AssertionError("a person's row")
