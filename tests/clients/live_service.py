"""A running service as its callers see it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import httpx

MODEL = "qwen2.5-coder-0.5b-instruct"


@dataclass(frozen=True)
class Live:
    url: str
    key: str
    home: Path
    pid: int
    model: str = MODEL

    def metric(self, name: str) -> float:
        text = httpx.get(f"{self.url}/metrics", headers={"Authorization": f"Bearer {self.key}"}).text
        return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name + " "))

    def until_idle(self, seconds: float = 30) -> None:
        """Waits until no slot is in use: what a caller gave up must not go on in the engine."""
        end = time.monotonic() + seconds
        while self.metric("mingbai_slots_in_use") > 0:
            assert time.monotonic() < end, "a slot is still in use"
            time.sleep(0.05)
