"""A strict walk over the bytes of a GGUF header: every length is checked against the file before it is believed.

Knows the layout (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md), nothing about what a key means. Version 2
and 3, little endian. Whatever the bytes are, the only error is `NotWhole`, memory stays under HEADER_LIMIT_BYTES and a few
copies, and time is linear in the header.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

from mingbai.models.quantisation import TENSOR_TYPES, TensorType
from mingbai.values.errors import NotWhole, Text

# Qwen2.5's header is 6 MB and the largest vocabularies in use make 20; more than this is not a header.
HEADER_LIMIT_BYTES = 64 * 1024 * 1024
_READ_AHEAD_BYTES = 1024 * 1024
_KEY_LIMIT_BYTES = 65_535  # the format's own limit
_DIMENSIONS_LIMIT = 4  # ggml's GGML_MAX_DIMS

STRING, ARRAY = 8, 9
SCALARS: dict[int, struct.Struct] = {
    number: struct.Struct("<" + letter)
    for number, letter in {
        0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d",
    }.items()
}  # fmt: skip
_U32, _U64 = SCALARS[4], SCALARS[10]


@dataclass(frozen=True, slots=True)
class Array:
    """An array that was stepped over: element type, element count, and where in the file it begins."""

    kind: int
    count: int
    at: int


Value: TypeAlias = "int | float | bool | bytes | Array"


@dataclass(frozen=True, slots=True)
class Tensor:
    """`start` counts from the start of the tensor data, not of the file."""

    name: str
    type: TensorType
    start: int
    bytes: int
    numbers: int
    shape: tuple[int, ...]  # as the file writes it: the length of a row first


class Walk:
    """A position in a header that is read only as far as it is asked for."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self.path = path
        self.size = file.seek(0, 2)
        file.seek(0)
        self.at = 0
        self._file = file
        self._data = bytearray()

    def broken(self, why: Text) -> NotWhole:
        return NotWhole(
            Text(
                f"{self.path} 不是完整的 GGUF 文件：{why.zh}。",
                f"{self.path} is not a whole GGUF file: {why.en}.",
            ),
            Text(
                "请重新下载该文件，或换一个文件。",
                "Fetch the file again, or use another one.",
            ),
        )

    def reach(self, end: int) -> None:
        """Make the bytes up to `end` readable, or say that the file ends before."""
        if end <= len(self._data):
            return
        if end > self.size:
            raise self.broken(
                Text(
                    f"文件头在第 {end} 字节处还没有结束，而文件只有 {self.size} 字节",
                    f"its header goes on past byte {end}, the file has {self.size}",
                )
            )
        if end > HEADER_LIMIT_BYTES:
            raise self.broken(
                Text(
                    f"文件头超过 {HEADER_LIMIT_BYTES} 字节",
                    f"its header is over {HEADER_LIMIT_BYTES} bytes",
                )
            )
        self._file.seek(len(self._data))
        self._data += self._file.read(max(end - len(self._data), _READ_AHEAD_BYTES))
        if len(self._data) < end:
            raise self.broken(Text("文件在读取时变短了", "it became shorter while it was read"))

    def room_for(self, count: int, each_bytes: int) -> None:
        """Refuse a count that the rest of the file cannot hold, before anything is allocated for it."""
        if count * each_bytes > self.size - self.at:
            raise self.broken(
                Text(
                    f"第 {self.at} 字节处声明了 {count} 项，文件装不下",
                    f"at byte {self.at} it declares {count} items, more than the file holds",
                )
            )

    def take(self, count: int) -> bytes:
        self.reach(self.at + count)
        taken = bytes(self._data[self.at : self.at + count])
        self.at += count
        return taken

    def scalar(self, form: struct.Struct) -> int | float | bool:
        self.reach(self.at + form.size)
        value: int | float | bool = form.unpack_from(self._data, self.at)[0]
        self.at += form.size
        return value

    def u32(self) -> int:
        return int(self.scalar(_U32))

    def u64(self) -> int:
        return int(self.scalar(_U64))

    def string(self) -> bytes:
        return self.take(self.u64())

    def words(self, raw: bytes) -> str:
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise self.broken(
                Text(f"第 {self.at} 字节前的文字不是 UTF-8", f"the text before byte {self.at} is not UTF-8")
            ) from None

    def skip_strings(self, count: int) -> None:
        """The loop is written flat: it runs 300,000 times for Qwen2.5 and must not take half a second."""
        self.room_for(count, _U64.size)
        at, data, unpack = self.at, self._data, _U64.unpack_from
        for _ in range(count):
            if at + 8 > len(data):
                self.reach(at + 8)
            at += 8 + unpack(data, at)[0]
        self.reach(at)
        self.at = at

    def strings(self, array: Array) -> list[str]:
        """The strings of an array that was stepped over; the position stays where it is."""
        at, data, unpack = array.at, self._data, _U64.unpack_from
        found = []
        try:
            for _ in range(array.count):
                end = at + 8 + unpack(data, at)[0]
                found.append(data[at + 8 : end].decode())
                at = end
        except UnicodeDecodeError:
            raise self.broken(
                Text(f"第 {at} 字节处的文字不是 UTF-8", f"the text at byte {at} is not UTF-8")
            ) from None
        return found

    def numbers(self, array: Array) -> tuple[int | float | bool, ...]:
        """The numbers of an array that was stepped over."""
        letter = SCALARS[array.kind].format[1:]
        return struct.unpack_from(f"<{array.count}{letter}", self._data, array.at)

    def value(self) -> Value:
        kind = self.u32()
        if kind == STRING:
            return self.string()
        if kind in SCALARS:
            return self.scalar(SCALARS[kind])
        if kind == ARRAY:
            return self._array()
        raise self.broken(Text(f"未知的值类型 {kind}", f"unknown value type {kind}"))

    def _array(self) -> Array:
        kind, count = self.u32(), self.u64()
        array = Array(kind, count, self.at)
        if kind == STRING:
            self.skip_strings(count)
        elif kind in SCALARS:
            self.room_for(count, SCALARS[kind].size)
            self.reach(self.at + count * SCALARS[kind].size)
            self.at += count * SCALARS[kind].size
        else:  # arrays of arrays are in the format, but llama.cpp refuses them and no model has one
            raise self.broken(Text(f"不支持的数组元素类型 {kind}", f"unsupported array element type {kind}"))
        return array

    def key(self) -> str:
        length = self.u64()
        if length > _KEY_LIMIT_BYTES:
            raise self.broken(Text(f"键名长 {length} 字节", f"a key of {length} bytes"))
        return self.words(self.take(length))

    def tensor(self) -> Tensor:
        name, dimensions = self.key(), self.u32()
        if dimensions > _DIMENSIONS_LIMIT:
            raise self.broken(
                Text(
                    f"张量 {name[:80]} 有 {dimensions} 维", f"tensor {name[:80]} has {dimensions} dimensions"
                )
            )
        shape = [self.u64() for _ in range(dimensions)]
        number, start = self.u32(), self.u64()
        packed = TENSOR_TYPES.get(number)
        if packed is None:
            raise self.broken(
                Text(
                    f"张量 {name[:80]} 的类型 {number} 未知",
                    f"tensor {name[:80]} is of unknown type {number}",
                )
            )
        row = shape[0] if shape else 1
        if row % packed.block_numbers:
            raise self.broken(
                Text(
                    f"张量 {name[:80]} 每行 {row} 个数，不是 {packed.block_numbers} 的倍数",
                    f"tensor {name[:80]} has rows of {row}, not a multiple of {packed.block_numbers}",
                )
            )
        rows = math.prod(shape[1:])
        row_bytes = row // packed.block_numbers * packed.block_bytes
        return Tensor(name, packed, start, row_bytes * rows, row * rows, tuple(shape))
