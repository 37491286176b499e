"""What peers answered, one JSON line each, so that a bench that took too long goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mingbai.prove.desk.case import Case


@dataclass(slots=True)
class Kept:
    """`path` None keeps nothing beyond the run. An answer counts for the same peer, weights and words of a question."""

    path: Path | None
    model: str
    _heard: dict[tuple[str, str, str, str], dict[str, Any]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.path is None or not self.path.exists():
            return
        for line in self.path.read_text("utf-8").splitlines():
            try:
                row = json.loads(line)
                self._heard[row["by"], row["model"], row["id"], row["say"]] = row
            except (ValueError, KeyError):  # the last line of a run that was killed
                continue

    def get(self, name: str, case: Case) -> dict[str, Any] | None:
        return self._heard.get((name, self.model, case.id, case.say[-1]))

    def keep(self, name: str, heard: Mapping[str, Any]) -> None:
        row = {**heard, "by": name, "model": self.model}
        self._heard[name, self.model, row["id"], row["say"]] = row
        if self.path is not None:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
