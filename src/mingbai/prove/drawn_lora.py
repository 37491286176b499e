"""An adapter that nobody trained: small random matrices beside the attention's output of the top layers, as a GGUF file.

It makes a model say other things, the same ones for the same seed: all that a proof of isolation needs, on a machine without torch.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from mingbai.models.gguf import read_layout

RANK, LAYERS, ALPHA = 4, 8, 8.0
SPREAD = 0.06  # of the numbers; with it the 0.5B answers otherwise and still in words
_UINT32, _FLOAT32, _STRING = 4, 6, 8  # kinds of values in GGUF; tensors of float32 are kind 0
_ALIGNED = 32


def write(path: Path, base: Path, seed: int) -> None:
    """For this base's width and depth."""
    described = read_layout(base).described
    width, depth = described.embedding_length, described.block_count
    draw = np.random.default_rng(seed)
    tensors, data = b"", b""
    count = 0
    for layer in range(max(0, depth - LAYERS), depth):
        for part, shape in (("lora_a", (width, RANK)), ("lora_b", (RANK, width))):
            name = f"blk.{layer}.attn_output.weight.{part}"
            tensors += _text(name) + struct.pack("<IQQIQ", 2, *shape, 0, len(data))
            data += draw.normal(0, SPREAD, width * RANK).astype("<f4").tobytes()
            data += bytes(-len(data) % _ALIGNED)
            count += 1
    pairs = [
        _pair("general.architecture", _STRING, _text(described.architecture)),
        _pair("general.type", _STRING, _text("adapter")),
        _pair("general.alignment", _UINT32, struct.pack("<I", _ALIGNED)),
        _pair("adapter.type", _STRING, _text("lora")),
        _pair("adapter.lora.alpha", _FLOAT32, struct.pack("<f", ALPHA)),
    ]
    head = struct.pack("<4sIQQ", b"GGUF", 3, count, len(pairs)) + b"".join(pairs) + tensors
    path.write_bytes(head + bytes(-len(head) % _ALIGNED) + data)


def _text(words: str) -> bytes:
    raw = words.encode()
    return struct.pack("<Q", len(raw)) + raw


def _pair(key: str, kind: int, value: bytes) -> bytes:
    return _text(key) + struct.pack("<I", kind) + value
