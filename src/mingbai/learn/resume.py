"""What a killed training goes on from: matrices, the optimiser's memory and where it stood. Tensors only, no text.

A file is used by the very run that wrote it: `of` is a digest of base, lessons and recipe. Another's, or a broken one, is
passed over, and the training begins anew.
"""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import torch


def place(out: Path) -> Path:
    return out.with_name(out.name + ".resume")


def keep(out: Path, of: str, state: dict[str, Any]) -> None:
    """Appears whole or not at all."""
    path = place(out)
    fresh = path.with_name(path.name + ".new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        torch.save({"of": of, **state}, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def find(out: Path, of: str) -> dict[str, Any] | None:
    try:
        kept: dict[str, Any] = torch.load(place(out), weights_only=True)
    except (OSError, RuntimeError, ValueError, EOFError, KeyError, pickle.UnpicklingError):
        return None
    return kept if isinstance(kept, dict) and kept.get("of") == of else None


def forget(out: Path) -> None:
    place(out).unlink(missing_ok=True)
