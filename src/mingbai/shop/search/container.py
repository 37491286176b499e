"""A file of named arrays that is written whole, never changed, mapped by readers, and known when it is torn."""

from __future__ import annotations

import json
import os
import secrets
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

MAGIC = b"mingbai arrays 1\n"
ALIGN = 64  # bytes: a vector register's


class Torn(Exception):
    """The file is not what was written: what it was made from must be read again."""


def write(path: Path, meta: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Whole and on the disk, or not there."""
    import numpy as np

    layout: dict[str, Any] = {}
    at, crc = 0, 0
    chunks: list[bytes] = []
    for name, array in arrays.items():
        raw = np.ascontiguousarray(array).tobytes()
        pad = bytes(-len(raw) % ALIGN)
        layout[name] = [array.dtype.str, list(array.shape), at]
        chunks += [raw, pad]
        crc = zlib.crc32(pad, zlib.crc32(raw, crc))
        at += len(raw) + len(pad)
    header = json.dumps(
        {"meta": meta, "arrays": layout, "bytes": at, "crc": crc}, ensure_ascii=False
    ).encode()
    head = MAGIC + len(header).to_bytes(8, "little") + header
    replace(path, [head + bytes(-len(head) % ALIGN), *chunks])


def replace(path: Path, chunks: list[bytes]) -> None:
    """The file's new content, by renaming, synced with its folder. Of two writers at once the later one's stands."""
    unfinished = path.with_name(f"{path.stem}-{secrets.token_hex(4)}.part")
    try:
        with unfinished.open("wb") as f:
            f.writelines(chunks)
            f.flush()
            os.fsync(f.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(path: Path) -> tuple[Mapping[str, Any], Mapping[str, Array]]:
    """What was written, mapped. Raises `Torn`; the checksum of everything is looked at."""
    import numpy as np

    try:
        raw = np.memmap(path, np.uint8, "r")
    except (OSError, ValueError) as e:
        raise Torn(path.name) from e
    start = len(MAGIC) + 8
    if bytes(raw[: len(MAGIC)]) != MAGIC or len(raw) < start:
        raise Torn(path.name)
    end = start + int.from_bytes(bytes(raw[len(MAGIC) : start]), "little")
    try:
        header = json.loads(bytes(raw[start:end])) if end <= len(raw) else None
    except ValueError as e:
        raise Torn(path.name) from e
    body = raw[end + (-end % ALIGN) :]
    if not isinstance(header, dict) or len(body) != header["bytes"] or zlib.crc32(body.data) != header["crc"]:
        raise Torn(path.name)
    arrays = {}
    for name, (dtype, shape, at) in header["arrays"].items():
        kind = np.dtype(dtype)
        size = kind.itemsize * int(np.prod(shape, dtype=np.int64))
        arrays[name] = np.asarray(body[at : at + size]).view(kind).reshape(shape)
    return header["meta"], arrays
