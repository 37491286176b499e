"""Writes, and reads again, an adapter in the form that llama.cpp loads: GGUF with `general.type = adapter`, two float32 matrices a projection.

The same tensors as llama.cpp's own convert_lora_to_gguf.py makes of the same matrices. The file says which base it was
trained on, so that it is not put over another; it says nothing of the rows: that is the manifest's.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import torch
from gguf.gguf_reader import GGUFReader
from gguf.gguf_writer import GGUFWriter

from mingbai.learn.qwen2 import Pair

BASE_KEY = "mingbai.base.sha256"


def write(path: Path, pairs: Mapping[str, Pair], *, alpha: int, base_sha256: str) -> None:
    """`pairs` by llama.cpp's name of the projection, as `blk.16.attn_q`. Appears whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    writer = GGUFWriter(fresh, "qwen2")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    writer.add_string(BASE_KEY, base_sha256)
    for name, pair in pairs.items():
        writer.add_tensor(f"{name}.weight.lora_a", pair.down.detach().float().cpu().numpy())
        writer.add_tensor(f"{name}.weight.lora_b", pair.up.detach().float().cpu().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(path)


def read(path: Path) -> dict[str, Pair]:
    """An adapter's matrices, as `write` was given them."""
    tensors = {t.name: torch.from_numpy(t.data.copy()) for t in GGUFReader(path).tensors}
    ends = (".weight.lora_a", ".weight.lora_b")
    names = [name.removesuffix(ends[0]) for name in tensors if name.endswith(ends[0])]
    return {name: Pair(tensors[name + ends[0]], tensors[name + ends[1]]) for name in names}


def alpha(path: Path) -> float:
    """By which, over its rank, an adapter's matrices are multiplied."""
    return float(GGUFReader(path).fields["adapter.lora.alpha"].contents())
