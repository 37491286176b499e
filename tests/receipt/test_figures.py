"""What the receipts add up to: an erasure's own entry is no answer."""

from __future__ import annotations

import json

from mingbai.receipt.figures import by_day

ANSWER = {
    "kind": "answer", "time": "2025-11-12T02:00Z", "evidence": [{"handoff": False}], "phrased_by": "template",
    "cost": {"tokens_in": 10, "tokens_out": 20, "energy_mj": 3}, "place": {"id": "template"},
}  # fmt: skip
ERASURE = {"v": 1, "kind": "erasure", "time": "2025-11-12T03:00Z", "shop": "tea"}


def test_answers_are_counted_and_erasures_are_not(log):
    entries = [ANSWER, {**ANSWER, "kind": "refusal"}, ERASURE]
    log.append([(str(n), json.dumps(entry).encode()) for n, entry in enumerate(entries)])
    (day,) = by_day(log, 30)
    assert (day.day, day.answers, day.refusals, day.tokens_out) == ("2025-11-12", 2, 1, 40)
