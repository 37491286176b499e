"""Writes safetensors (https://github.com/huggingface/safetensors#format), one tensor in memory at a time."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import prod
from pathlib import Path

from mingbai.learn.weights import Tensor

KINDS = {"BF16": 2, "F32": 4}


@dataclass(frozen=True, slots=True)
class Piece:
    """`shape` as torch has it; `made` is called when its turn comes, and what it gives is written as `kind`."""

    name: str
    shape: tuple[int, ...]
    made: Callable[[], Tensor] = field(repr=False)
    kind: str = "BF16"


def write(path: Path, pieces: Sequence[Piece], mode: int = 0o644) -> None:
    """Appears whole or not at all, readable to whom `mode` says. Raises `ValueError` for a tensor of another shape than was said: a mistake of ours."""
    import torch

    head: dict[str, object] = {"__metadata__": {"format": "pt"}}
    at = 0
    for piece in pieces:
        end = at + prod(piece.shape) * KINDS[piece.kind]
        head[piece.name] = {"dtype": piece.kind, "shape": list(piece.shape), "data_offsets": [at, end]}
        at = end
    said = json.dumps(head, separators=(",", ":")).encode()
    said += b" " * (-len(said) % 8)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)  # what a kill left may be open to others
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(struct.pack("<Q", len(said)) + said)
        for piece in pieces:
            tensor = piece.made()
            if tuple(tensor.shape) != piece.shape:
                raise ValueError(f"{piece.name}: {tuple(tensor.shape)} for {piece.shape}")
            if piece.kind == "BF16":
                raw = tensor.detach().bfloat16().contiguous().view(torch.int16).numpy()
            else:
                raw = tensor.detach().float().contiguous().numpy()
            raw.tofile(file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
