"""What a teacher thinks of each row, kept beside the rows: `teacher-NAME.parquet` in the dataset's folder.

From what it finds likely after somebody's words one could guess at them. So a person's rows are sealed under that person's key here,
too, and `dataset.without` removes the file with the rows.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from mingbai.learn.dataset import ROWS, TEACHER, Seals, parquet
from mingbai.learn.lessons import Lesson
from mingbai.learn.rows import Row
from mingbai.learn.workplace import withdrawn

TOP = 64


@dataclass(frozen=True, slots=True)
class Opinion:
    """Of each learned token of a lesson: the likeliest tokens there (int32), and their log-probabilities (float16)."""

    tokens: Any = field(repr=False)  # a numpy array of learned by TOP
    logs: Any = field(repr=False)

    def packed(self) -> bytes:
        return b"".join(
            (
                self.tokens.shape[1].to_bytes(2, "little"),
                self.tokens.astype("<i4").tobytes(),
                self.logs.astype("<f2").tobytes(),
            )
        )

    @classmethod
    def read(cls, packed: bytes) -> Opinion:
        wide, body = int.from_bytes(packed[:2], "little"), packed[2:]
        long = len(body) // (6 * wide)
        tokens = np.frombuffer(body, "<i4", long * wide).reshape(long, wide).astype(np.int32)
        logs = np.frombuffer(body, "<f2", long * wide, 4 * long * wide).reshape(long, wide).astype(np.float16)
        return cls(tokens, logs)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.packed()).hexdigest()


def name_of(teacher_sha256: str, lessons: Sequence[Lesson]) -> str:
    """Of what the opinions are of: the teacher, and all that it was shown."""
    shown = [[list(it.tokens), it.learned] for it in lessons]
    return hashlib.sha256(json.dumps([teacher_sha256, TOP, shown]).encode()).hexdigest()[:12]


def write(
    folder: Path, name: str, found: Mapping[str, Opinion], rows: Sequence[Row], persons: Mapping[str, str], vault: Seals
) -> None:  # fmt: skip
    """By row. `persons`: whose each subject is, as `Selection` has them. Appears whole or not at all. Raises `Withdrawn` where the
    rows left the folder meanwhile."""
    import pyarrow

    if not (folder / ROWS).exists():
        raise withdrawn()

    personal = [row for row in rows if row.subject]
    sealed = vault.seal_many(
        [(persons[row.subject], found[row.id].packed(), _about(name, row.id)) for row in personal]
    )
    under = dict(zip((row.id for row in personal), sealed, strict=True))
    columns = {
        "id": [row.id for row in rows],
        "plain": [None if row.subject else found[row.id].packed() for row in rows],
        "sealed": [under.get(row.id) for row in rows],
    }
    shape = pyarrow.schema(
        [("id", pyarrow.string()), ("plain", pyarrow.binary()), ("sealed", pyarrow.binary())]
    )
    place = _place(folder, name)
    fresh = place.with_name(f".{place.name}")
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    parquet().write_table(pyarrow.table(columns, schema=shape), fresh)
    try:
        fresh.replace(place)
    except FileNotFoundError:
        raise withdrawn() from None
    if not (
        folder / ROWS
    ).exists():  # `dataset.without` takes the rows first, then what it sees of these files
        place.unlink(missing_ok=True)
        raise withdrawn()


def read(folder: Path, name: str, rows: Sequence[Row], vault: Seals) -> dict[str, Opinion] | None:
    """None, where the teacher was not asked of all these rows, or a key is gone."""
    place = _place(folder, name)
    if not place.exists():
        return None
    raw = {it["id"]: it for it in parquet().read_table(place).to_pylist()}
    if not all(row.id in raw for row in rows):
        return None
    sealed = [row.id for row in rows if raw[row.id]["sealed"] is not None]
    opened = vault.open_many([(raw[it]["sealed"], _about(name, it)) for it in sealed])
    plain = {row.id: raw[row.id]["plain"] for row in rows} | dict(zip(sealed, opened, strict=True))
    if any(it is None for it in plain.values()):
        return None
    return {it: Opinion.read(packed) for it, packed in plain.items()}


def _place(folder: Path, name: str) -> Path:
    return folder / f"{TEACHER}{name}.parquet"


def _about(name: str, row_id: str) -> bytes:
    return f"teacher {name} {row_id}".encode()
