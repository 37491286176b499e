"""Counts of one engine, for /metrics. Numbers only, never text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Stats:
    prefix_hits: int = 0
    prefix_misses: int = 0
    prefix_save_failures: int = 0
    replacements: int = 0
    retries: int = 0
    swaps: int = 0  # children exchanged for one with other adapters
    swap_failures: int = 0  # sets of adapters that could not be loaded: the child before went on
