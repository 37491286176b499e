"""What attention of short sentences costs forwards and backwards on one core: torch's own, and learn's, written out.

python bench/attention.py [TOKENS ...]   (make learn)
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import torch
import torch.nn.functional as F

from mingbai.learn.qwen2 import written_out

SENTENCES, HEADS, KEYS, WIDTH = 8, 14, 2, 64  # a batch of Qwen2.5-0.5B's
TIMES = 20


def torchs(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    return F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)


def ours(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    return written_out(q.float(), k.float(), v.float()).bfloat16()


def cost(attend: Callable[..., torch.Tensor], tokens: int) -> tuple[float, float]:
    """CPU milliseconds forwards and backwards, the mean of all but two."""
    forwards = backwards = 0.0
    for turn in range(TIMES + 2):
        q, k, v = (
            torch.randn(SENTENCES, tokens, heads, WIDTH).bfloat16().transpose(1, 2).requires_grad_()
            for heads in (HEADS, KEYS, KEYS)
        )
        begun = time.process_time()
        seen = attend(q, k, v)
        middle = time.process_time()
        seen.sum().backward()
        if turn > 1:
            forwards, backwards = forwards + middle - begun, backwards + time.process_time() - middle
    return forwards / TIMES * 1000, backwards / TIMES * 1000


def main() -> None:
    torch.set_num_threads(1)
    for tokens in map(int, sys.argv[1:] or ("26", "34", "64", "128", "192", "256")):
        for name, attend in (("torch", torchs), ("ours", ours)):
            there, back = cost(attend, tokens)
            print(f"{tokens:4} tokens  {name:6} {there:6.2f} + {back:6.2f} ms")


if __name__ == "__main__":
    main()
