"""A whole Qwen2 of four narrow layers with random weights, as GGUF: trains in a second, knows nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mingbai.models.tokens import _byte_of_sign
from models.tiny_gguf import F32, I32, STRING, U32, array, pair, tensor, whole

WIDTH, FEED, LAYERS, HEADS, HEADS_KV = 64, 96, 4, 4, 2
CONTROLS = ["<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>"]
SHAPES = {
    "attn_q": (WIDTH, WIDTH), "attn_k": (WIDTH // 2, WIDTH), "attn_v": (WIDTH // 2, WIDTH),
    "attn_output": (WIDTH, WIDTH), "ffn_gate": (FEED, WIDTH), "ffn_up": (FEED, WIDTH), "ffn_down": (WIDTH, FEED),
}  # fmt: skip


def write(path: Path, loud: float = 1.0) -> Path:
    """`loud`: how large its embeddings are, which speak the last word too: at 1 a step of bfloat16 in a logit is an eighth."""
    tokens = [sign for sign, _ in sorted(_byte_of_sign().items(), key=lambda it: it[1])] + CONTROLS
    draw = np.random.default_rng(0)
    parts: dict[str, np.ndarray] = {
        "token_embd.weight": draw.normal(0, loud, (len(tokens), WIDTH)),
        "output_norm.weight": np.ones(WIDTH),
    }
    for n in range(LAYERS):
        for name, shape in SHAPES.items():
            parts[f"blk.{n}.{name}.weight"] = draw.normal(0, shape[1] ** -0.5, shape)
        for name in ("attn_q", "attn_k", "attn_v"):
            parts[f"blk.{n}.{name}.bias"] = draw.normal(0, 0.1, SHAPES[name][0])
        for name in ("attn_norm", "ffn_norm"):
            parts[f"blk.{n}.{name}.weight"] = np.ones(WIDTH)
    tensors, data = [], b""
    for name, values in parts.items():
        tensors.append(tensor(name, values.shape[::-1], 0, len(data)))
        data += values.astype("<f4").tobytes()
        data += bytes(-len(data) % 32)
    pairs = [
        pair("general.architecture", STRING, "qwen2"),
        pair("qwen2.block_count", U32, LAYERS),
        pair("qwen2.context_length", U32, 512),
        pair("qwen2.embedding_length", U32, WIDTH),
        pair("qwen2.feed_forward_length", U32, FEED),
        pair("qwen2.attention.head_count", U32, HEADS),
        pair("qwen2.attention.head_count_kv", U32, HEADS_KV),
        pair("qwen2.rope.freq_base", F32, 10_000.0),
        pair("qwen2.attention.layer_norm_rms_epsilon", F32, 1e-6),
        pair("tokenizer.ggml.model", STRING, "gpt2"),
        pair("tokenizer.ggml.pre", STRING, "qwen2"),
        array("tokenizer.ggml.tokens", STRING, list(tokens)),
        array("tokenizer.ggml.token_type", I32, [1] * 256 + [3] * len(CONTROLS)),
        array("tokenizer.ggml.merges", STRING, []),
    ]
    path.write_bytes(whole(pairs, tensors, data))
    return path
