"""What retraining was refused for last, by shop and task: the same rows by the same recipe are not trained again for the same answer.

`learn/refused.json` in the home holds digests alone.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from mingbai.values.errors import BadInput, Text
from mingbai.values.json import JsonObject

if TYPE_CHECKING:
    from mingbai.learn.dataset import Dataset
    from mingbai.learn.run import Plan


def name(data: Dataset, plan: Plan, desk_cases: int) -> str:
    """Of all that decides what the gate says."""
    from mingbai import __version__
    from mingbai.learn.run import recipe_said
    from mingbai.receipt import canonical

    said: JsonObject = {
        "code": __version__, "dataset": data.digest, "base": plan.base.sha256, "recipe": recipe_said(plan.recipe),
        "train": plan.train_rows, "held_out": plan.held_out_rows, "shards": plan.shards, "desk": desk_cases,
    }  # fmt: skip
    return hashlib.sha256(canonical.dumps(said)).hexdigest()


def must_be_new(folder: Path, plan: Plan, this: str) -> None:
    """Raises `BadInput`."""
    if _kept(folder).get(_of(plan)) == this:
        raise BadInput(
            Text(
                f"{_of(plan)} 上次没有通过，行和方法都没有变，不再重训。",
                f"{_of(plan)} was refused last time; neither rows nor recipe have changed, so it is not trained again.",
            ),
            Text("换个方法：mingbai learn run。", "Train it another way: mingbai learn run."),
        )


def keep(folder: Path, plan: Plan, this: str) -> None:
    file = folder / "refused.json"
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps({**_kept(folder), _of(plan): this}, indent=1), encoding="utf-8")
    fresh.replace(file)


def _of(plan: Plan) -> str:
    return f"{plan.shop}/{plan.task}"


def _kept(folder: Path) -> dict[str, str]:
    try:
        kept = json.loads((folder / "refused.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
