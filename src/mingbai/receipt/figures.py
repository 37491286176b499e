"""What the receipts add up to, day by day: answers, refusals, tokens, energy. From the log alone, so of every run there was."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mingbai.receipt.log import TileLog
from mingbai.values.json import JsonObject

ANSWERS = {"answer", "refusal"}  # kinds of entries that are of a turn
NEWEST = 20_000  # entries that are looked at: some two seconds' work


@dataclass(slots=True)
class Day:
    """Of one day of the shops' clock in UTC; `places` has the tokens in and out of each place, for its price."""

    day: str
    answers: int = 0
    refusals: int = 0
    handoffs: int = 0
    by_model: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    energy_mj: int = 0
    places: dict[str, tuple[int, int]] = field(default_factory=dict)


def by_day(log: TileLog, days: int, after: int = 0) -> list[Day]:
    """The latest `days` days that have an answer, oldest first."""
    size = log.size()
    found: defaultdict[str, Day] = defaultdict(lambda: Day(""))
    for seq in range(size - 1, max(after, size - NEWEST) - 1, -1):
        entry: dict[str, Any] = json.loads(log.entry(seq))
        if entry["kind"] not in ANSWERS:
            continue  # an erasure is written down here, too
        name = str(entry["time"])[:10]
        if name not in found and len(found) == days:
            continue
        day = found[name]
        day.day = name
        _add(day, entry)
    return sorted(found.values(), key=lambda day: day.day)


def _add(day: Day, entry: Mapping[str, Any]) -> None:
    cost = entry["cost"]
    day.answers += 1
    day.refusals += entry["kind"] == "refusal"
    day.handoffs += any(e["handoff"] for e in entry["evidence"])
    day.by_model += entry["phrased_by"] == "model"
    day.tokens_in += cost["tokens_in"]
    day.tokens_out += cost["tokens_out"]
    day.energy_mj += cost["energy_mj"]
    read, written = day.places.get(entry["place"]["id"], (0, 0))
    day.places[entry["place"]["id"]] = read + cost["tokens_in"], written + cost["tokens_out"]


def priced(days: list[Day], prices: Mapping[str, tuple[int, int, str]]) -> list[JsonObject]:
    """With what the places charged in minor units, by currency: `prices` in and out per million tokens, by place."""
    out: list[JsonObject] = []
    for day in days:
        costs: defaultdict[str, float] = defaultdict(float)
        for place, (read, written) in day.places.items():
            price_in, price_out, currency = prices.get(place, (0, 0, ""))
            if currency:
                costs[currency] += (read * price_in + written * price_out) / 1_000_000
        out.append(
            {
                "day": day.day, "answers": day.answers, "refusals": day.refusals, "handoffs": day.handoffs,
                "by_model": day.by_model, "tokens_in": day.tokens_in, "tokens_out": day.tokens_out,
                "energy_mj": day.energy_mj, "costs": {c: round(cost, 4) for c, cost in costs.items()},
            }
        )  # fmt: skip
    return out
