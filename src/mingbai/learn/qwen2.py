"""Qwen2's forward pass, over sentences laid end to end: no arithmetic is spent on padding but inside attention.

Matrices multiply in bfloat16, everything between (the residual stream, norms, softmax of the loss) is float32, as llama.cpp
keeps it. Adapters are pairs of small matrices beside a projection; without them the pass is the base model's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F

from mingbai.learn.weights import Layer, Tensor, Weights

SHORT = 128  # tokens: from here on torch's own attention is no dearer, and needs no table of all pairs


class Pair(NamedTuple):
    """An adapter's two matrices for one projection: `down` rank by inputs, `up` outputs by rank."""

    down: Tensor
    up: Tensor


class Shape(NamedTuple):
    heads: int
    heads_kv: int
    head: int  # numbers in one
    rope_base: float
    epsilon: float

    @classmethod
    def of(cls, weights: Weights) -> Shape:
        d = weights.described
        return cls(
            d.head_count, d.head_count_kv, d.key_length, weights.layout.rope_base, weights.layout.norm_epsilon
        )


class Places(NamedTuple):
    """Where the tokens of several sentences stand: in one row end to end, and padded for attention."""

    padded: Tensor  # sentence by position: which row; behind a sentence's end row 0, which nothing there attends to
    flat: Tensor  # row: where it stands in the padded table
    cosine: Tensor
    sine: Tensor
    seen: Tensor | None = (
        None  # token by token: whether it is attended to; None: all before it in its sentence
    )

    @classmethod
    def of(cls, lengths: Sequence[int], shape: Shape, trunk: int = 0) -> Places:
        """`trunk`: so many tokens that every sentence begins with stand first, once; the lengths are of what follows them."""
        longest = trunk + max(lengths)
        position = torch.cat([torch.arange(trunk), *(torch.arange(trunk, trunk + n) for n in lengths)])
        sentence = torch.repeat_interleave(torch.arange(len(lengths)), torch.tensor(lengths))
        flat = position.clone()
        flat[trunk:] += sentence * longest
        padded = torch.zeros((len(lengths), longest), dtype=torch.long)
        padded[:, :trunk] = torch.arange(trunk)
        padded.view(-1)[flat[trunk:]] = torch.arange(trunk, len(position))
        return cls(padded, flat, *_angles(position, shape))

    @classmethod
    def forked(cls, trunk: int, branches: Sequence[int], shape: Shape) -> Places:
        """The same by a mask: for a beginning so long that attention would not go through it again for each way to go on."""
        branch = torch.repeat_interleave(torch.arange(len(branches)), torch.tensor(branches))
        branch = torch.cat((torch.full((trunk,), -1), branch))
        position = torch.cat([torch.arange(trunk), *(torch.arange(trunk, trunk + n) for n in branches)])
        row = torch.arange(len(position))
        alike = (branch[:, None] == branch[None, :]) | (branch[None, :] == -1)
        return cls(
            row[None, :],
            row,
            *_angles(position, shape),
            seen=alike & (position[:, None] >= position[None, :]),
        )

    def to(self, device: str) -> Places:
        return Places(*(None if it is None else it.to(device) for it in self))


def _angles(position: Tensor, shape: Shape) -> tuple[Tensor, Tensor]:
    half = torch.arange(0, shape.head, 2, dtype=torch.float64) / shape.head
    angle = position.double()[:, None] / shape.rope_base**half
    both = torch.cat((angle, angle), dim=1)[:, None, :]
    return both.cos().float(), both.sin().float()


def block(
    stream: Tensor, layer: Layer, places: Places, shape: Shape, pairs: Mapping[str, Pair], scale: float,
    rows: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """One layer over the residual stream (rows by width, float32). `pairs` by projection, in bfloat16. `rows`: after attention
    go on with these alone, where nothing comes of the others any more."""

    def through(name: str, x: Tensor) -> Tensor:
        linear = layer.linear[name]
        y = F.linear(x, linear.weight)
        if linear.bias is not None:
            y = y + linear.bias
        if name in pairs:
            y = y + F.linear(F.linear(x, pairs[name].down), pairs[name].up) * scale
        return y

    x = norm(stream, layer.attention_norm, shape.epsilon).bfloat16()
    q = _turned(through("attn_q", x).view(-1, shape.heads, shape.head), places)
    k = _turned(through("attn_k", x).view(-1, shape.heads_kv, shape.head), places)
    v = through("attn_v", x).view(-1, shape.heads_kv, shape.head).bfloat16()
    seen = _attended(q, k, v, places)
    if rows is not None:
        stream, seen = stream.index_select(0, rows), seen.index_select(0, rows)
    stream = stream + through("attn_output", seen)
    x = norm(stream, layer.feed_norm, shape.epsilon).bfloat16()
    gated = F.silu(through("ffn_gate", x)) * through("ffn_up", x)
    return stream + through("ffn_down", gated)


def norm(stream: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    return F.rms_norm(stream, (stream.shape[-1],), weight, epsilon)


def _turned(x: Tensor, places: Places) -> Tensor:
    """Rotary positions: the first half of a head is turned against the second."""
    x = x.float()
    first, second = x.chunk(2, dim=-1)
    return (x * places.cosine + torch.cat((-second, first), dim=-1) * places.sine).bfloat16()


def _attended(q: Tensor, k: Tensor, v: Tensor, places: Places) -> Tensor:
    """Each token over those before it in its own sentence. Padding stands behind a sentence, so none of it is ever seen."""
    sentences, longest = places.padded.shape
    index = places.padded.view(-1)
    learning = torch.is_grad_enabled()

    def spread(x: Tensor) -> Tensor:
        x = (
            x.float() if learning else x
        )  # what all sentences begin with gathers many gradients: not in bfloat16
        return x.index_select(0, index).view(sentences, longest, x.shape[1], x.shape[2]).transpose(1, 2)

    q, k, v = spread(q), spread(k), spread(v)
    if learning and places.seen is None and longest <= SHORT:
        seen = written_out(q, k, v).bfloat16()
    else:
        seen = F.scaled_dot_product_attention(
            q.bfloat16(), k.bfloat16(), v.bfloat16(), places.seen, is_causal=places.seen is None, enable_gqa=True
        )  # fmt: skip
    return seen.transpose(1, 2).reshape(sentences * longest, -1).index_select(0, places.flat)


def written_out(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Causal attention written out (sentence, head, token, number; float32). Of short sentences torch's own is dear on a CPU when
    gone backwards through: of 34 tokens 12.8 against 2.1 ms (`python bench/attention.py`)."""
    sentences, heads, tokens, width = q.shape
    groups = sentences * k.shape[1]  # the heads that share a key stand in one matrix
    keys = k.reshape(groups, tokens, width)
    likeness = torch.bmm(q.reshape(groups, -1, width), keys.transpose(1, 2))
    later = torch.full((tokens, tokens), float("-inf"), device=q.device).triu(1)
    share = (likeness.view(groups, -1, tokens, tokens) / math.sqrt(width) + later).softmax(-1)
    seen = torch.bmm(share.view(groups, -1, tokens), v.reshape(groups, tokens, width))
    return seen.view(sentences, heads, tokens, width)
