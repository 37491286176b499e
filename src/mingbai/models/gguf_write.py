"""Makes a GGUF of another: its key/value pairs byte for byte where nothing else is said, its tensors as they are given.

Only a few pieces are in memory at a time, and the vocabulary is never taken apart: it is copied as it lies there. The file
appears whole or not at all.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from mingbai.models.gguf_walk import STRING, Walk
from mingbai.models.quantisation import TENSOR_TYPES

ALIGNMENT = 32
U32, F32 = 4, 6
_NUMBERS = {kind.name: number for number, kind in TENSOR_TYPES.items()}

Pairs: TypeAlias = dict[str, bytes]  # of each key its type and value, as they stand in the file


@dataclass(frozen=True, slots=True)
class Piece:
    """A tensor to be written. `shape` has the length of a row first; `data` is asked for when its turn comes."""

    name: str
    shape: tuple[int, ...]
    type: str
    data: Callable[[], Iterable[bytes]] = field(repr=False)

    @property
    def bytes(self) -> int:
        kind = TENSOR_TYPES[_NUMBERS[self.type]]
        numbers = 1
        for length in self.shape:
            numbers *= length
        return numbers // kind.block_numbers * kind.block_bytes


def pairs(path: Path) -> Pairs:
    """Of a file that was found whole (`gguf.read_layout`), in its order."""
    with path.open("rb") as file:
        walk = Walk(file, path)
        walk.take(8)
        _, count = walk.u64(), walk.u64()
        spans = {}
        for _ in range(count):
            key, begins = walk.key(), walk.at
            walk.value()
            spans[key] = (begins, walk.at)
        file.seek(0)
        head = file.read(walk.at)
    return {key: head[begins:ends] for key, (begins, ends) in spans.items()}


def words(said: str) -> bytes:
    raw = said.encode()
    return struct.pack("<IQ", STRING, len(raw)) + raw


def whole(number: int) -> bytes:
    return struct.pack("<II", U32, number)


def write(path: Path, said: Mapping[str, bytes], pieces: Sequence[Piece]) -> None:
    """Raises `ValueError` for a piece whose data has another length than its shape says: that is a mistake of ours."""
    said = {**said, "general.alignment": whole(ALIGNMENT)}
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.write(struct.pack("<4sIQQ", b"GGUF", 3, len(pieces), len(said)))
        for key, value in said.items():
            file.write(_name(key) + value)
        at = 0
        for piece in pieces:
            shape = struct.pack(f"<I{len(piece.shape)}Q", len(piece.shape), *piece.shape)
            file.write(_name(piece.name) + shape + struct.pack("<IQ", _NUMBERS[piece.type], at))
            at += piece.bytes + -piece.bytes % ALIGNMENT
        file.write(bytes(-file.tell() % ALIGNMENT))
        for piece in pieces:
            begun = file.tell()
            for part in piece.data():
                file.write(part)
            if file.tell() - begun != piece.bytes:
                raise ValueError(f"{piece.name}: {file.tell() - begun} bytes for {piece.bytes}")
            file.write(bytes(-piece.bytes % ALIGNMENT))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _name(said: str) -> bytes:
    raw = said.encode()
    return struct.pack("<Q", len(raw)) + raw
