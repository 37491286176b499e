"""How this process was launched, as torchrun and accelerate say it in the environment: a launcher's word, not a setting."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mingbai.learn.team import Device, Team


@contextmanager
def training(device: Device) -> Iterator[Team]:
    """The team that this process was launched into, joined. Raises `BadInput` where there is no such device."""
    from mingbai.learn import together

    wanted: Device = "cpu" if _true(os.environ, "ACCELERATE_USE_CPU") else device
    joining = together.on_device(team(os.environ), wanted)
    with together.joined(joining):
        yield joining


def team(environ: Mapping[str, str]) -> Team:
    """Alone, where nobody launched several. accelerate's FSDP means frozen layers in parts."""
    from mingbai.learn.team import Team

    of = int(environ.get("WORLD_SIZE") or 1) if "RANK" in environ else 1
    if of == 1:
        return Team()
    rank = int(environ["RANK"])
    return Team(
        rank, of, int(environ.get("LOCAL_RANK") or rank), int(environ.get("LOCAL_WORLD_SIZE") or of),
        split=_true(environ, "ACCELERATE_USE_FSDP"),
    )  # fmt: skip


def _true(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").lower() in ("1", "true", "yes")
