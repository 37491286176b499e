"""Whether this machine can run a model, about how fast, and why.

Memory: llama.cpp maps the file and keeps a second, repacked copy of the matrices that each token reads; the mapped pages can be
evicted, the copy, the KV cache and the working buffers cannot. Seen with Qwen2.5 1.5B: 0.93 GB repacked, 0.3 GB of buffers.
Speed: one token reads every weight once, so memory speed is the bound; a rough figure for one chat with a short past, not a
promise. Prefill is bound by arithmetic and not estimated.
"""

from __future__ import annotations

from dataclasses import dataclass

from mingbai.models.entry import Entry, sized
from mingbai.models.machine import Machine
from mingbai.values.errors import Text

_BUFFERS_BYTES = 350_000_000
_REACHED = 0.8  # of the bound; 0.73 to 0.86 was seen for the 1.5B (docs/measurements.md)


@dataclass(frozen=True, slots=True)
class Fit:
    model: str
    fits: bool
    needed_bytes: int
    available_bytes: int
    cores: int
    read_bytes_per_second: float
    tokens_per_second: float
    reason: Text


def fit(entry: Entry, machine: Machine, *, context_tokens: int) -> Fit:
    """`context_tokens` is what all slots together may hold; their KV cache is taken when the engine starts."""
    kv_bytes = entry.kv_bytes_per_token * context_tokens
    needed = entry.read_bytes_per_token + kv_bytes + _BUFFERS_BYTES
    available = machine.memory_available_bytes
    speed = _REACHED * machine.read_bytes_per_second / max(1, entry.read_bytes_per_token)
    fits = needed <= available
    parts_zh = f"权重 {sized(entry.read_bytes_per_token)}、{context_tokens} 个词元的上下文 {sized(kv_bytes)}、缓冲 {sized(_BUFFERS_BYTES)}"
    parts_en = f"weights {sized(entry.read_bytes_per_token)}, {context_tokens} tokens of context {sized(kv_bytes)}, buffers {sized(_BUFFERS_BYTES)}"
    rate = machine.read_bytes_per_second / 1e9
    if fits:
        reason = Text(
            f"能运行：需要 {sized(needed)} 内存（{parts_zh}），可用 {sized(available)}；"
            f"{machine.cores} 核，内存 {rate:.0f} GB/s，估计每秒 {speed:.0f} 个词元。",
            f"It fits: {sized(needed)} of memory needed ({parts_en}), {sized(available)} available; "
            f"{machine.cores} cores, memory at {rate:.0f} GB/s, about {speed:.0f} tokens/s.",
        )
    else:
        reason = Text(
            f"内存不够：需要 {sized(needed)}（{parts_zh}），可用 {sized(available)}。请选小一些的模型，或减少槽位和上下文。",
            f"Not enough memory: {sized(needed)} needed ({parts_en}), {sized(available)} available. "
            "Choose a smaller model, or fewer slots and less context.",
        )
    return Fit(
        model=entry.id,
        fits=fits,
        needed_bytes=needed,
        available_bytes=available,
        cores=machine.cores,
        read_bytes_per_second=machine.read_bytes_per_second,
        tokens_per_second=speed,
        reason=reason,
    )
