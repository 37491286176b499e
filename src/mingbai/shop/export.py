"""Shops out of the database in the open form: a folder per shop with one file per kind and a manifest.

The files are of one moment, the same rows give the same bytes, and the folder is there whole or not at all. It holds
personal data in the clear and is readable by its owner only. What is not written: which file a row first came from.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, TextIO, TypeAlias

from mingbai.shop.records.csvform import header, to_cells
from mingbai.shop.records.home import Reader, Records
from mingbai.shop.records.jsonform import to_json
from mingbai.values.errors import BadInput, Text
from mingbai.values.records import KINDS, Record

FORMAT = "mingbai-shop"
VERSION = 1  # raised when a reader of the version before could misread a file

Form: TypeAlias = Literal["jsonl", "csv"]


@dataclass(frozen=True, slots=True)
class Written:
    """One file of an export. `sha256` is of its bytes."""

    kind: str
    file: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Exported:
    """One shop's folder."""

    shop: str
    folder: Path
    files: tuple[Written, ...]


def export(records: Records, shops: Sequence[str], folder: Path, form: Form, *, each: bool) -> list[Exported]:
    """Writes the shops to `folder`, each into a folder of its own inside it if `each`.

    Raises `BadInput` when the folder is there and holds something, or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise _not_empty(folder)
    partial = folder.parent / f".{folder.name}.{os.getpid()}.partial"
    try:
        partial.mkdir(parents=True, mode=0o700)
        with records.reading() as reader:
            done = [_shop(reader, shop, partial / shop if each else partial, form) for shop in shops]
        if each:
            _manifest(partial, {"shops": list(shops)})
        _reach_the_disk(partial)
        partial.rename(folder)  # over an empty folder it is allowed, over a full one it fails
    except OSError as e:
        raise _not_written(folder, e) from e
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return [Exported(one.shop, folder / one.folder.relative_to(partial), one.files) for one in done]


def _shop(reader: Reader, shop: str, folder: Path, form: Form) -> Exported:
    folder.mkdir(exist_ok=True, mode=0o700)
    files = []
    for kind, record, _key in KINDS:
        if reader.count(shop, record):
            rows = (row.record for row in reader.rows(shop, record))
            files.append(_file(folder, kind, rows, form))
    _manifest(folder, {"shop": shop, "form": form, "files": [asdict(file) for file in files]})
    return Exported(shop, folder, tuple(files))


def _file(folder: Path, kind: str, rows: Iterable[Record], form: Form) -> Written:
    path = folder / f"{kind}.{form}"
    # The mark at the beginning tells spreadsheets that it is UTF-8.
    with _private(path, "utf-8-sig" if form == "csv" else "utf-8") as out:
        count = _csv(out, kind, rows) if form == "csv" else _jsonl(out, rows)
    with path.open("rb") as written:
        return Written(kind, path.name, count, hashlib.file_digest(written, "sha256").hexdigest())


def _jsonl(out: TextIO, rows: Iterable[Record]) -> int:
    texts = (json.dumps(to_json(row), ensure_ascii=False, separators=(",", ":")) for row in rows)
    return sum(bool(out.write(text + "\n")) for text in texts)


def _csv(out: TextIO, kind: str, rows: Iterable[Record]) -> int:
    write = csv.writer(out).writerow
    write(header(kind))
    return sum(bool(write(to_cells(row))) for row in rows)


def _manifest(folder: Path, what: dict[str, object]) -> None:
    with _private(folder / "manifest.json", "utf-8") as out:
        json.dump({"format": FORMAT, "version": VERSION, **what}, out, ensure_ascii=False, indent=2)
        out.write("\n")


def _private(path: Path, encoding: str) -> TextIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    return os.fdopen(os.open(path, flags, 0o600), "w", encoding=encoding, newline="")


def _reach_the_disk(folder: Path) -> None:
    for path in _within(folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _within(folder: Path) -> Iterator[Path]:
    yield from folder.rglob("*")
    yield folder


def _not_empty(folder: Path) -> BadInput:
    return BadInput(
        Text(f"{folder} 已经有内容，没有写入。", f"{folder} holds something already; nothing was written."),
        Text("换一个新的或空的文件夹。", "Give a new or empty folder."),
    )


def _not_written(folder: Path, error: OSError) -> BadInput:
    reason = error.strerror or type(error).__name__
    return BadInput(
        Text(
            f"{folder} 写不进去（{reason}），没有留下半份。",
            f"{folder} cannot be written ({reason}); no half of it is left.",
        ),
        Text("检查空间和权限，或换一个文件夹。", "Check room and rights, or give another folder."),
    )
