"""Add a GGUF file of one's own to the catalogue: what it is comes from its header, its digest from its bytes."""

from __future__ import annotations

import os
import re
from pathlib import Path

from mingbai.models import catalog, gguf, store
from mingbai.models.entry import Entry, LocalFile
from mingbai.values.errors import BadInput, Text

RESERVED = "mingbai"  # on the wire this name is the desk, not a weight


def add(path: Path, home: Path, model_id: str | None = None, progress: store.Progress | None = None) -> Entry:
    """The new entry, written to models.toml in `home`. The file stays where it is and is never changed.

    The same path may be added again after it changed. Raises NotFound, NotWhole, or BadInput for a name that is taken or not
    allowed and for a file without a chat template.
    """
    path = path.expanduser().absolute()
    about = gguf.read(path)
    if not about.chat_template:
        raise BadInput(
            Text(f"{path} 里没有对话模板，不能用来对话。", f"{path} holds no chat template and cannot chat."),
            Text("请换用 instruct 版本的文件。", "Use the file of an instruct version."),
        )
    entry = Entry(
        id=_allowed_id(model_id if model_id is not None else _suggested_id(path), path, home),
        repository="",
        file=path.name,
        licence=about.licence or "unknown",
        languages=(),
        architecture=about.architecture,
        context_tokens=about.context_length,
        parameters=about.parameters,
        quantisation=about.quantisation,
        size_bytes=about.size_bytes,
        sha256=store.digest(path, progress),
        kv_bytes_per_token=about.kv_bytes_per_token,
        read_bytes_per_token=about.read_bytes_per_token,
        sources=(LocalFile(path),),
    )
    _write(home, {**catalog.load_added(home), entry.id: entry})
    return entry


def _suggested_id(path: Path) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", path.stem.lower()).strip("-._")[:64]


def _allowed_id(model_id: str, path: Path, home: Path) -> str:
    taken = catalog.load(home).get(model_id)
    mend = Text(
        "用 --name 换一个名字（小写字母、数字、点、横线）。",
        "Give another --name (lower-case letters, digits, dots, dashes).",
    )
    if not catalog.ID.fullmatch(model_id) or model_id == RESERVED:
        raise BadInput(
            Text(f"不能用 {model_id[:80]!r} 作模型名。", f"{model_id[:80]!r} cannot be a model's name."), mend
        )
    if taken is not None and taken.in_place != path:
        raise BadInput(Text(f"模型名 {model_id} 已被占用。", f"The model name {model_id} is taken."), mend)
    return model_id


def _write(home: Path, entries: dict[str, Entry]) -> None:
    path = home / catalog.ADDED_FILE
    fresh = path.with_name(path.name + ".new")
    text = "# Written by: mingbai models add\n\n" + "\n".join(map(catalog.written, entries.values()))
    try:
        home.mkdir(parents=True, exist_ok=True)
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except UnicodeEncodeError:
        raise BadInput(
            Text("文件路径不是 UTF-8。", "The file's path is not UTF-8."),
            Text("请改名后再试。", "Rename it and try again."),
        ) from None
    except OSError as error:
        raise store.unusable(path, error) from None
