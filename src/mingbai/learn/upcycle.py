"""A dense Qwen2 as a mixture of experts (Qwen2-MoE): each expert a copy of its feed-forward, chosen by a new router.

Sparse upcycling (Komatsuzaki et al., https://arxiv.org/abs/2212.05055) without unpacking a weight: packed blocks are
copied, and of the way down alone the blocks' scales are multiplied. What comes out answers as the dense model did, because

1. the router is all but even, so each of E experts has a share of 1/E, and neither llama.cpp nor our files divide by the
   sum of the K that are asked: the way down is multiplied by E/K, a power of two, which no packing rounds;
2. the shared expert that Qwen2-MoE demands is narrow and gives nothing yet (its way down is zero), but can learn;
3. its gate is **not zero**: llama.cpp computes that sigmoid as silu(x)/x, which is no number at x = 0, and from the first
   layer on everything is NaN (its greedy words are token 0, "!!!!").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from mingbai.models import gguf, gguf_write
from mingbai.models.gguf_walk import Tensor
from mingbai.models.gguf_write import Piece, whole, words
from mingbai.values.errors import BadInput, Text

FROM, TO = "qwen2", "qwen2moe"
SHARED_WIDTH = 32  # of the expert that everybody asks: as narrow as a packed block, so that it costs nothing
ROUTER = 1e-5  # standard deviation: shares differ by less than a packed weight's rounding, and ties are rare
# Where in a block its 16-bit scales lie: everything in the block is their multiple. Float types are multiplied as they are.
SCALES = {"Q4_0": (0, 2), "Q5_0": (0, 2), "Q8_0": (0, 2), "Q4_K": (0, 4), "Q5_K": (0, 4), "Q6_K": (208, 210)}
FLOATS = {"F32": "<f4", "F16": "<f2"}
COPIED = ("ffn_gate", "ffn_up", "ffn_down")


def upcycle(base: Path, out: Path, *, experts: int, active: int, seed: int = 0) -> None:
    """Raises `BadInput` for a model of another family or numbers that do not fit."""
    _check(experts, active)
    layout = gguf.read_layout(base)
    if layout.described.architecture != FROM:
        raise _unfit(
            "base",
            Text(f"{base} 是 {layout.described.architecture}", f"{base} is {layout.described.architecture}"),
            Text("请用 Qwen2 或 Qwen2.5 的 GGUF。", "Use a GGUF of Qwen2 or Qwen2.5."),
        )
    said = {
        key.replace(f"{FROM}.", f"{TO}.", 1) if key.startswith(f"{FROM}.") else key: value
        for key, value in gguf_write.pairs(base).items()
    }
    said |= {
        "general.architecture": words(TO),
        f"{TO}.expert_count": whole(experts),
        f"{TO}.expert_used_count": whole(active),
        f"{TO}.expert_feed_forward_length": whole(layout.feed_forward_length),
        f"{TO}.expert_shared_feed_forward_length": whole(SHARED_WIDTH),
    }
    packed = np.memmap(base, dtype=np.uint8, mode="r", offset=layout.data_start)
    gguf_write.write(out, said, list(_pieces(layout, packed, experts, experts // active, seed)))


def _pieces(layout: gguf.Layout, packed: np.ndarray, experts: int, times: int, seed: int) -> Iterator[Piece]:
    """In the base's order; a layer's new parts stand where its first feed-forward matrix stood."""
    width = layout.described.embedding_length
    draw = np.random.default_rng(seed)
    for name, tensor in layout.tensors.items():
        part = packed[tensor.start : tensor.start + tensor.bytes]
        at, _, kind = name.removesuffix(".weight").rpartition(".")
        if kind not in COPIED:
            yield Piece(name, tensor.shape, tensor.type.name, partial(_once, part))
            continue
        if kind == "ffn_down":
            yield from _new(at, width, experts, draw)
        scale = times if kind == "ffn_down" else 1
        yield Piece(
            f"{at}.{kind}_exps.weight", (*tensor.shape, experts), tensor.type.name,
            partial(_copies, part, tensor, scale, experts),
        )  # fmt: skip
    if "output.weight" not in layout.tensors:  # llama.cpp's qwen2moe wants its own
        tied = layout.tensors["token_embd.weight"]
        part = packed[tied.start : tied.start + tied.bytes]
        yield Piece("output.weight", tied.shape, tied.type.name, partial(_once, part))


def _new(at: str, width: int, experts: int, draw: np.random.Generator) -> Iterator[Piece]:
    """Router, and the shared expert with its gate: small, in float32, ready to learn."""
    thin = width**-0.5
    for name, shape, deviation in (
        ("ffn_gate_inp", (width, experts), ROUTER),
        ("ffn_gate_inp_shexp", (width,), thin),  # never zero: see above
        ("ffn_gate_shexp", (width, SHARED_WIDTH), thin),
        ("ffn_up_shexp", (width, SHARED_WIDTH), thin),
        ("ffn_down_shexp", (SHARED_WIDTH, width), 0.0),
    ):
        numbers = draw.normal(0.0, deviation, shape[::-1]).astype("<f4")
        yield Piece(f"{at}.{name}.weight", shape, "F32", partial(_once, numbers))


def _once(part: np.ndarray) -> Iterable[bytes]:
    yield part.tobytes()


def _copies(part: np.ndarray, tensor: Tensor, times: int, experts: int) -> Iterable[bytes]:
    one = multiplied(part, tensor, times).tobytes()
    for _ in range(experts):
        yield one


def multiplied(part: np.ndarray, tensor: Tensor, times: int) -> np.ndarray:
    """Packed numbers times a power of two, exactly. Raises `BadInput` for a packing whose scales we do not know."""
    kind = tensor.type
    if times == 1:
        return part
    if kind.name in FLOATS:
        return np.asarray(part.view(FLOATS[kind.name]) * FLOAT[kind.name](times)).view(np.uint8)
    if kind.name not in SCALES:
        raise _unfit(
            "base",
            Text(f"{tensor.name} 的压缩方式是 {kind.name}", f"{tensor.name} is packed as {kind.name}"),
            Text(f"请用 {'、'.join((*FLOATS, *SCALES))}。", f"Use {', '.join((*FLOATS, *SCALES))}."),
        )
    begins, ends = SCALES[kind.name]
    blocks = part.reshape(-1, kind.block_bytes).copy()
    scales = np.ascontiguousarray(blocks[:, begins:ends]).view("<f2") * np.float16(times)
    if not np.isfinite(scales).all():
        raise _unfit(
            "base",
            Text(f"{tensor.name} 的数太大", f"the numbers of {tensor.name} are too large"),
            Text("请用较少的专家。", "Use fewer experts."),
        )
    blocks[:, begins:ends] = scales.view(np.uint8)
    return blocks.reshape(-1)


FLOAT = {"F32": np.float32, "F16": np.float16}


def _check(experts: int, active: int) -> None:
    times, rest = divmod(experts, active) if active > 0 else (0, 1)
    if experts < 2 or rest or times & (times - 1):
        raise _unfit(
            "experts",
            Text(f"{experts} 个专家用 {active} 个不行", f"{active} of {experts} experts does not do"),
            Text(
                "专家数除以启用数要是 2 的幂，例如 4 和 2、8 和 2。",
                "Experts over active ones must be a power of two, as 4 and 2, or 8 and 2.",
            ),
        )


def _unfit(param: str, what: Text, then: Text) -> BadInput:
    return BadInput(Text(f"{what.zh}。", f"{what.en}."), then, param=param)
