"""One person's data as files that they can take elsewhere: a JSON Lines file a kind, and a page that says what is what."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from mingbai.values.errors import BadInput, Text
from mingbai.values.json import JsonObject

READ_ME = """这里是 {shop} 保存的关于您的全部数据，每种一个文件（JSON Lines，UTF-8，每行一条）。consents.jsonld 是同意记录（W3C DPV）。
This is everything that {shop} keeps of you, a file a kind (JSON Lines, UTF-8). consents.jsonld holds your consents (W3C DPV).
"""


def write(folder: Path, shop: str, rows: Sequence[tuple[str, JsonObject]], consents: JsonObject) -> None:
    """There whole, or not at all; readable by its owner only."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(
            Text(
                f"{folder} 已经有内容，没有写入。", f"{folder} holds something already; nothing was written."
            ),
            Text("换一个新的或空的文件夹。", "Give a new or empty folder."),
        )
    partial = folder.parent / f".{folder.name}.{os.getpid()}.partial"
    kinds: dict[str, list[str]] = {}
    for kind, row in rows:
        kinds.setdefault(kind, []).append(json.dumps(row, ensure_ascii=False) + "\n")
    try:
        partial.mkdir(parents=True, mode=0o700)
        for kind, lines in kinds.items():
            _private(partial / f"{kind}.jsonl", "".join(lines))
        _private(partial / "consents.jsonld", json.dumps(consents, ensure_ascii=False, indent=2) + "\n")
        _private(partial / "README.txt", READ_ME.format(shop=shop))
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
