"""Several processes as one training: joined by torch.distributed (gloo; NCCL between GPUs), gradients summed, layers in parts.

Not covered: machines that do not trust each other. Whoever can reach the launcher's port can send lessons; it belongs into a
network of one's own, as everything that torch.distributed does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import nn

from mingbai.learn.qwen2 import Pair, Places, Shape, block
from mingbai.learn.team import Device, Team
from mingbai.learn.weights import PROJECTIONS, Layer, Linear, Tensor
from mingbai.values.errors import BadInput, Text

Lost = Callable[[Sequence[int]], tuple[Tensor, int]]
T = TypeVar("T")


def on_device(team: Team, wanted: Device) -> Team:
    """With the device that it computes on. Raises `BadInput` where a GPU is asked for and there is none."""
    there = torch.cuda.is_available()
    if wanted == "cuda" and not there:
        raise BadInput(
            Text("这里没有可用的 GPU。", "There is no GPU here that can be used."),
            Text(
                "用 --device cpu，或安装带 CUDA 的 torch。", "Use --device cpu, or install torch with CUDA."
            ),
            param="device",
        )
    if wanted == "cpu" or not there:
        return replace(team, device="cpu")
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # else cuBLAS refuses to be deterministic
    return replace(team, device=f"cuda:{team.place}")


@contextmanager
def joined(team: Team) -> Iterator[None]:
    """As long as it is open the team's processes speak to each other; where they meet, the launcher's environment says."""
    if team.of == 1:
        yield
        return
    if team.device != "cpu":
        torch.cuda.set_device(team.device)
    dist.init_process_group("gloo" if team.device == "cpu" else "cpu:gloo,cuda:nccl")
    try:
        yield
    finally:
        dist.destroy_process_group()


def told(team: Team, thing: T | None) -> T:
    """What the first one has, to everybody."""
    held: list[Any] = [thing if team.leads else None]
    if team.of > 1:
        dist.broadcast_object_list(held, src=0)
    found: T = held[0]
    return found


def backward(team: Team, lost: Lost, chosen: Sequence[int], learning: Sequence[Tensor]) -> tuple[float, int]:
    """Everybody's gradients, with everybody, of the mean over the whole batch; that mean, and of how many things.

    Whoever has none of the chosen lessons goes through one of its own for nothing: layers in parts need everybody's hands.
    """
    if team.of == 1:
        loss, many = lost(chosen)
        loss.backward()
        return loss.item(), many
    mine = [n for n in chosen if team.has(n)]
    loss, many = lost(mine or [team.rank])
    many = many if mine else 0
    counted = torch.tensor([float(many)], device=loss.device)
    dist.all_reduce(
        counted
    )  # first, so that each gradient is as large as one process would have it before it is rounded
    loss = loss * (many / counted[0])
    loss.backward()
    flat = torch.cat([*(matrix.grad.reshape(-1) for matrix in learning), loss.detach().reshape(1)])
    dist.all_reduce(flat)
    *gradients, whole = flat.split([*(matrix.numel() for matrix in learning), 1])
    for matrix, gradient in zip(learning, gradients, strict=True):
        matrix.grad.copy_(gradient.view_as(matrix))
    return whole.item(), int(counted.item())


class Split(nn.Module):  # type: ignore[misc]  # torch is untyped here
    """A frozen layer of which everybody keeps a part of each matrix (FSDP2); norms and biases everybody has."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self._rest = layer._replace(
            linear={name: linear._replace(weight=None) for name, linear in layer.linear.items()}
        )
        for name in PROJECTIONS:
            self.register_parameter(name, nn.Parameter(layer.linear[name].weight, requires_grad=False))

    @property
    def linear(self) -> dict[str, Linear]:
        return {
            name: linear._replace(weight=getattr(self, name)) for name, linear in self._rest.linear.items()
        }

    def forward(
        self, stream: Tensor, places: Places, shape: Shape, pairs: Mapping[str, Pair], scale: float,
        rows: Tensor | None = None,
    ) -> Tensor:  # fmt: skip
        return block(stream, self._rest._replace(linear=self.linear), places, shape, pairs, scale, rows)


def split(team: Team, layer: Layer) -> Split:
    """Each process reads the whole layer and keeps its part; one whole layer lies in memory at a time."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    module = Split(layer)
    fully_shard(module, mesh=init_device_mesh(team.device.partition(":")[0], (team.of,)))
    return module


def moved(layer: Layer, device: str) -> Layer:
    linear = {
        name: Linear(it.weight.to(device), None if it.bias is None else it.bias.to(device))
        for name, it in layer.linear.items()
    }
    return Layer(layer.attention_norm.to(device), layer.feed_norm.to(device), linear)
