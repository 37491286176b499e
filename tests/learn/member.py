"""One process of a team, for `test_team.py`: the job as JSON on stdin, what came out as JSON on stdout."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from mingbai.learn import together
from mingbai.learn.examples import Example, Recipe
from mingbai.learn.team import Team
from mingbai.learn.train import follow, train
from mingbai.learn.weights import Weights


def main() -> None:
    job = json.loads(sys.stdin.readline())
    team, base = Team(**job["team"]), Path(job["base"])
    heard = []
    with together.joined(team):
        if team.leads:
            examples = [
                Example.of(f"row-{n}", said, meant) for n, (said, meant) in enumerate(job["examples"])
            ]
            out = Path(job["folder"]) / "a.gguf"
            done = train(base, examples, Recipe(**job["recipe"]), out, heard.append, team)
        else:
            done = follow(base, team)
        held = 0  # numbers of one layer that lie here
        if team.split:
            held = sum(
                it.to_local().numel() for it in together.split(team, Weights(base).layer(3)).parameters()
            )
    steps = sum(it.doing == "training" for it in heard)
    said = {"losses": done.losses, "sha256": done.sha256, "steps": steps, "held": held}
    print(json.dumps(said))


if __name__ == "__main__":
    main()
