"""`mingbai bench learn`: our training beside TRL's on the same rows, how dear and how good; one process after another.

The rows are our own sentences, split by template as every dataset is. Judged is which label a held-out sentence begins. A peer
with our recipe stops at the end of the epoch in which it is as good as ours of that seed: what it spent until there is what equal
accuracy costs it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import fmean

from mingbai.learn import generate
from mingbai.learn.examples import Recipe
from mingbai.learn.figures import Epoch, Figures
from mingbai.learn.rows import Row
from mingbai.learn.select import drawn, select
from mingbai.permit.mask import Detector
from mingbai.turn.understand.ask import TUNED
from mingbai.values.errors import EngineError, Text

Pairs = list[tuple[str, str]]  # what is said, and its label
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
            + "".join(f"  {n}: {it.right} at {it.cpu_seconds:.0f} s" for n, it in enumerate(f.epochs, 1))
        )

    def as_good_at(self, right: int) -> float | None:
        """What it had spent at the end of the first epoch with so many right."""
        return next((it.cpu_seconds for it in self.figures.epochs if it.right >= right), None)


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
    peer_epochs: int, told: Callable[[Arm], None],
) -> list[Arm]:  # fmt: skip
    """The base, ours at each depth, each peer; seed by seed, so that what else the machine does meets all alike."""
    arms: list[Arm] = []

    def run(name: str, top: int, seed: int, epochs: int, enough: int = 0) -> Arm:
        made = replace(recipe, top=top, seed=seed, epochs=epochs)
        arms.append(Arm(name, top, seed, _child(name, base, taught, held, made, enough)))
        told(arms[-1])
        return arms[-1]

    run("base", 0, 0, recipe.epochs)
    for seed in range(seeds):
        ours = {top: run("ours", top, seed, recipe.epochs) for top in depths}
        aim = ours.get(recipe.top, next(iter(ours.values()))).figures.right
        for peer in peers:
            run(PEERS[peer], 0, seed, peer_epochs, aim)
    return arms


def report(arms: Sequence[Arm]) -> list[str]:
    """Means over the seeds; of a peer, at equal accuracy with ours of each depth and seed, and at its end."""
    groups: dict[tuple[str, int], list[Arm]] = {}
    for arm in arms:
        groups.setdefault((arm.name, arm.top), []).append(arm)
    lines = []
    for (name, top), group in groups.items():
        if name == "base":
            lines.append(f"base, untrained: held out {group[0].share:.1%}")
            continue
        lines.append(
            f"{name}, {top or 'all'} layers, {len(group)} seeds: cpu {_cost(group):.1f} s, held out {_shares(group)}, "
            f"{max(arm.figures.peak_mib for arm in group)} MiB"
        )
        if name != "ours":
            lines += [
                f"  {_beside(group, other, depth)}"
                for (whose, depth), other in groups.items()
                if whose == "ours"
            ]
    return lines


def _beside(peer: Sequence[Arm], ours: Sequence[Arm], depth: int) -> str:
    """Seed by seed. Where the peer never became as good, what it spent at least is counted, and said to be too little."""
    pairs = list(zip(peer, ours, strict=True))
    reached = [arm.as_good_at(own.figures.right) for arm, own in pairs]
    dear = [
        (arm.figures.cpu_seconds if at is None else at) / own.figures.cpu_seconds
        for at, (arm, own) in zip(reached, pairs, strict=True)
    ]
    never = reached.count(None)
    return (
        f"as good as ours of {depth or 'all'} layers: in {len(dear) - never} of {len(dear)} seeds, "
        f"{'over ' if never else ''}{fmean(dear):.1f} × ours ({min(dear):.1f} to {max(dear):.1f})"
    )


def _shares(group: Sequence[Arm]) -> str:
    shares = [arm.share for arm in group]
    return f"{fmean(shares):.1%} ({min(shares):.1%} to {max(shares):.1%})"


def as_json(arms: Sequence[Arm]) -> str:
    return json.dumps([{"name": a.name, "top": a.top, "seed": a.seed, **asdict(a.figures)} for a in arms])


def _cost(group: Sequence[Arm]) -> float:
    return fmean(arm.figures.cpu_seconds for arm in group)


def _pairs(some: Sequence[Row], most: int) -> Pairs:
    return [(row.text, row.completion) for row in drawn(some, most)]


def _child(name: str, base: Path, taught: Pairs, held: Pairs, recipe: Recipe, enough: int) -> Figures:
    job = {
        "arm": name, "base": str(base), "system": TUNED, "taught": taught, "held": held, "recipe": asdict(recipe),
        "enough": enough,
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
    said = json.loads(done.stdout.splitlines()[-1])
    return Figures(**{**said, "epochs": tuple(Epoch(**it) for it in said["epochs"])})


class _Nobody:
    """No person speaks in these rows: nobody's consent is asked, nobody's key used."""

    def given(self, person: str, purpose: object) -> None:
        raise AssertionError("a person's row")

    def derived(self, person: str, what: bytes) -> bytes:
        raise AssertionError("a person's row")

    def tag(self, person: str) -> bytes:
        raise AssertionError("a person's row")
