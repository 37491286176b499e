"""The machine's memory read bandwidth, measured by a small C program compiled on the spot: the bound on decoding."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from mingbai.values.errors import EngineUnavailable, Text


@dataclass(frozen=True, slots=True)
class Bandwidth:
    """Bytes per second, all threads together."""

    best: float
    median: float


def measure(threads: int, *, mebibytes: int = 1024, rounds: int = 15) -> Bandwidth:
    """Takes about a second. Raises `EngineUnavailable` where there is no C compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise EngineUnavailable(
            Text(
                "没有 C 编译器，量不了内存带宽。", "There is no C compiler to measure memory bandwidth with."
            ),
            Text("请安装 gcc。", "Install gcc."),
        )
    with tempfile.TemporaryDirectory() as tmp:
        source, program = Path(tmp) / "bandwidth.c", Path(tmp) / "bandwidth"
        source.write_bytes(files("mingbai.prove").joinpath("bandwidth.c").read_bytes())
        subprocess.run([compiler, "-O3", "-march=native", "-pthread", "-o", program, source], check=True)
        done = subprocess.run(
            [program, str(threads), str(mebibytes), str(rounds)], check=True, capture_output=True, text=True
        )
    best, median = map(float, done.stdout.split())
    return Bandwidth(best, median)
