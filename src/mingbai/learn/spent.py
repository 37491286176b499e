"""What a shop's trainings with a privacy budget have spent together, by basic composition: epsilons add up, and so do deltas.

Over all manifests of the shop, of refused and retired adapters too: their figures were shown. The same persons may be in each of them.
An adapter trained without a budget has no bound, and is counted beside the sum.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from mingbai.learn.budget import Budget
from mingbai.learn.registry import Adapter, Registry
from mingbai.values.json import JsonObject


def said(registry: Registry, shop: str, budget: Budget | None) -> JsonObject | None:
    """For the manifest of a fresh training, that one included; None where it has no budget."""
    if budget is None:
        return None
    known = [told(registry, it) for it in registry.all(shop)]
    with_one = [it for it in known if it is not None]
    return {
        **budget.as_json(),
        "spent_by_the_shop": {
            "trainings": len(with_one) + 1, "without_a_budget": len(known) - len(with_one),
            "epsilon": f"{math.fsum([budget.epsilon, *(float(it['epsilon']) for it in with_one)]):g}",
            "delta": f"{math.fsum([budget.delta, *(float(it['delta']) for it in with_one)]):g}",
        },
    }  # fmt: skip


def told(registry: Registry, adapter: Adapter) -> Mapping[str, Any] | None:
    """What an adapter's manifest says of its privacy; None: nothing, or there is none."""
    try:
        found: Mapping[str, Any] | None = json.loads(registry.manifest(adapter).read_bytes()).get("privacy")
    except (OSError, ValueError):
        return None
    return found


def line(privacy: Mapping[str, Any]) -> str:
    """For a report."""
    one = f"ε {privacy['epsilon']}, δ {privacy['delta']}"
    if (all_of := privacy.get("spent_by_the_shop")) is None:  # a manifest of before
        return f"隐私预算，只对这一次训练 / privacy budget, for one training: {one}"
    together = f"ε {all_of['epsilon']}, δ {all_of['delta']}"
    others = all_of["without_a_budget"]
    return (
        f"隐私预算，只对这一次训练 / privacy budget, for one training: {one}；"
        f"本店 {all_of['trainings']} 次合计 / this shop's {all_of['trainings']} together: {together}"
        + (f"；另有 {others} 个没有预算，不受保护 / {others} more had none: no bound" if others else "")
    )
