"""What one side of `mingbai bench learn` cost, and how good it was."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Epoch:
    """At an epoch's end: what was spent until there, and how many held-out sentences were named rightly."""

    cpu_seconds: float
    right: int


@dataclass(frozen=True, slots=True)
class Figures:
    """`seconds` and `cpu_seconds`: of ours everything from the examples to the written file, weights unpacked on the way; of a
    peer its training alone, its model already loaded, and its judging after each epoch left out."""

    seconds: float
    cpu_seconds: float
    right: int
    of: int
    peak_mib: int  # while training, before anything is judged
    epochs: tuple[Epoch, ...] = ()  # of a peer
