"""Presidio beside us, on the same texts: installed into a venv of its own, without a model, as an auditor would first try it.

Counted in its favour: a piece of data is caught when any of its spans (score 0.3 or more) covers it, whatever the entity; a span is
right when it touches any noted data. Ours is counted the same way.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from mingbai.permit.mask import Detector
from mingbai.prove.masking.lines import Gold
from mingbai.prove.masking.run import Named
from mingbai.prove.masking.sets import Text

PACKAGE = "presidio-analyzer==2.2.366"
LEAST_SCORE = 0.3
SECONDS = 900


@dataclass(frozen=True, slots=True)
class Beside:
    """One detector's caught data and right spans over the same texts, and its speed by processor time."""

    who: str
    caught: Named
    right: Named
    megabytes_per_second: float

    def lines(self) -> list[str]:
        return [self.caught.line(), self.right.line(), f"{self.who:52} {self.megabytes_per_second:.3f} MB/s"]


def installed(folder: Path, say: Callable[[str], None]) -> Path:
    """The Python of a venv with Presidio in it, made once in that folder. Raises CalledProcessError."""
    python = folder / "presidio" / "bin" / "python"
    if not python.exists():
        say(f"安装 / installing {PACKAGE}")
        subprocess.run(
            [sys.executable, "-m", "venv", str(folder / "presidio")], check=True, capture_output=True
        )
        subprocess.run([str(python), "-m", "pip", "install", "-q", PACKAGE], check=True, capture_output=True)
    return python


def presidio(python: Path, texts: Sequence[Text]) -> Beside:
    lines = [json.dumps({"text": it.text, "lang": "en" if it.text.isascii() else "zh"}) for it in texts]
    with as_file(files("mingbai.prove.masking") / "presidio_child.py") as script:
        done = subprocess.run(
            [str(python), str(script)],
            input="\n".join(lines),
            capture_output=True,
            text=True,
            check=True,
            timeout=SECONDS,
        )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    spans = [[(s, e) for s, e, _, score in row["spans"] if score >= LEAST_SCORE] for row in rows[:-1]]
    return _beside("Presidio", texts, spans, float(rows[-1]["seconds"]))


def ours(detector: Detector, texts: Sequence[Text]) -> Beside:
    import time

    began = time.process_time()
    found = [detector.spans(it.text) for it in texts]
    took = time.process_time() - began
    return _beside("Mingbai", texts, [[(it.start, it.end) for it in spans] for spans in found], took)


def _beside(
    who: str, texts: Sequence[Text], found: Sequence[Sequence[tuple[int, int]]], seconds: float
) -> Beside:
    known = caught = made = right = 0
    for text, spans in zip(texts, found, strict=True):
        covered = {at for start, end in spans for at in range(start, end)}
        known += len(text.gold)
        caught += sum(_all_in(covered, it, text.text) for it in text.gold)
        made += len(spans)
        right += sum(any(start < it.end and it.start < end for it in text.gold) for start, end in spans)
    size = sum(len(it.text.encode()) for it in texts)
    return Beside(
        who,
        Named(f"{who}: data covered by its spans", caught, known),
        Named(f"{who}: spans on noted data", right, made),
        size / seconds / 1e6,
    )


def _all_in(covered: set[int], gold: Gold, text: str) -> bool:
    return all(at in covered or not text[at].isalnum() for at in range(gold.start, gold.end))
