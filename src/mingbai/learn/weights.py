"""The weights of a GGUF as torch tensors, unpacked one tensor at a time when they are asked for.

Only the Qwen2 family. Nothing is kept on disk: unpacking the 0.5B takes six seconds of one core, and a training that lets only
the upper layers learn never holds the lower ones in memory together. Matrices are bfloat16, norms and biases float32. The numbers are those that serve: the input embedding and the output
matrix are each read as they are packed, though Qwen2.5 was published with one for both.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import torch
from gguf.constants import GGMLQuantizationType
from gguf.quants import dequantize

from mingbai.models import gguf
from mingbai.values.errors import BadInput, Text

Tensor: TypeAlias = Any  # torch's; types are checked where torch is not installed
AT_ONCE = 8192  # rows that are unpacked in float32 together: 30 MB of the 0.5B's output matrix
FAMILY = ("qwen2", "qwen2moe")
PROJECTIONS = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")


class Linear(NamedTuple):
    """A matrix of outputs by inputs, and a bias where there is one."""

    weight: Tensor
    bias: Tensor | None


class Layer(NamedTuple):
    """One block: its two norms, and its projections by llama.cpp's names."""

    attention_norm: Tensor
    feed_norm: Tensor
    linear: dict[str, Linear]


class Weights:
    """An opened file. Raises `BadInput` for a model of another family."""

    def __init__(self, path: Path) -> None:
        self.layout = gguf.read_layout(path)
        self.described = self.layout.described
        if self.described.architecture not in FAMILY:
            raise _another_family(path, self.described.architecture)
        self._bytes = np.memmap(path, dtype=np.uint8, mode="r", offset=self.layout.data_start)

    @property
    def layers(self) -> int:
        return self.described.block_count

    def embedding(self, tokens: Sequence[int]) -> Tensor:
        """The input vectors of these tokens, float32; the other 150,000 rows stay packed."""
        packed = self._packed("token_embd.weight", self.described.embedding_length)
        return self._unpacked("token_embd.weight", packed[np.asarray(tokens)])

    def layer(self, number: int) -> Layer:
        """Raises `BadInput` for a mixture of experts, which has no single way through."""
        if self.described.architecture != "qwen2":
            raise _a_mixture()
        at = f"blk.{number}"
        linear = {
            name: Linear(self.rows(f"{at}.{name}.weight"), self._bias(at, name)) for name in PROJECTIONS
        }
        return Layer(self.vector(f"{at}.attn_norm.weight"), self.vector(f"{at}.ffn_norm.weight"), linear)

    def final_norm(self) -> Tensor:
        return self.vector("output_norm.weight")

    def head(self) -> Tensor:
        """The output matrix; where the file has none, it is the input embedding."""
        name = "output.weight" if "output.weight" in self.layout.tensors else "token_embd.weight"
        return self.rows(name)

    def rows(self, name: str, first: int = 0, end: int | None = None) -> Tensor:
        """A matrix, or some rows of it, bfloat16; of several matrices in one tensor, row after row."""
        packed = self._packed(name, self.layout.tensors[name].shape[0])[first:end]
        whole = torch.empty((len(packed), self.layout.tensors[name].shape[0]), dtype=torch.bfloat16)
        for at in range(0, len(packed), AT_ONCE):
            whole[at : at + AT_ONCE] = self._unpacked(name, packed[at : at + AT_ONCE])
        return whole

    def vector(self, name: str) -> Tensor:
        """All numbers of a tensor in one row, float32."""
        return self._unpacked(name, self._packed(name, self.layout.tensors[name].numbers))[0]

    def _packed(self, name: str, inputs: int) -> Any:
        tensor = self.layout.tensors[name]
        row = inputs // tensor.type.block_numbers * tensor.type.block_bytes
        return self._bytes[tensor.start : tensor.start + tensor.bytes].reshape(-1, row)

    def _unpacked(self, name: str, packed: Any) -> Tensor:
        kind = GGMLQuantizationType[self.layout.tensors[name].type.name]
        return torch.from_numpy(np.array(dequantize(np.ascontiguousarray(packed), kind), dtype=np.float32))

    def _bias(self, at: str, projection: str) -> Tensor | None:
        name = f"{at}.{projection}.bias"
        return self.vector(name) if name in self.layout.tensors else None


def _a_mixture() -> BadInput:
    return BadInput(
        Text("这里的训练还不会混合专家模型。", "A mixture of experts is not trained here yet."),
        Text(
            "用它的稠密原型训练，或用 mingbai learn export 导出后在别处训练。",
            "Train the dense model that it came from, or take it elsewhere by mingbai learn export.",
        ),
        param="base",
    )


def _another_family(path: Path, architecture: str) -> BadInput:
    return BadInput(
        Text(
            f"{path} 是 {architecture}，这里只会训练 Qwen2 一族。",
            f"{path} is {architecture}; only Qwen2 is trained here.",
        ),
        Text("请用 Qwen2 或 Qwen2.5 的 GGUF。", "Use a GGUF of Qwen2 or Qwen2.5."),
        param="base",
    )
