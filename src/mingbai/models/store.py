"""Where the file of an entry is, and whether its digest was checked.

After a file was hashed, size, change time and digest are written to `<id>.verified.json` in the weights folder; while size and
time stay the same, the file is not hashed again. Not covered: somebody who changes the file and sets its time back.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeAlias

from mingbai.models.entry import Entry
from mingbai.values.errors import (
    MingbaiError,
    NotFound,
    NotWhole,
    PullUnderWay,
    Text,
    WeightsError,
    WrongDigest,
)

State: TypeAlias = Literal["absent", "unverified", "verified"]
Progress: TypeAlias = Callable[[int, int], None]  # bytes done, bytes in all
CHUNK_BYTES = 1024 * 1024


def place(entry: Entry, cache_dir: Path) -> Path:
    return entry.in_place or cache_dir / entry.file


def state(entry: Entry, cache_dir: Path) -> State:
    """Reads no weights. "unverified" also covers a file that changed since it was hashed."""
    path = place(entry, cache_dir)
    try:
        found = _seal(path, entry.sha256)
    except OSError:
        return "absent"
    return "verified" if found == _sealed(entry, cache_dir) else "unverified"


def ensure_verified(
    entry: Entry, cache_dir: Path, *, again: bool = False, progress: Progress | None = None
) -> Path:
    """The path of weights that are the published ones; hashes only what changed since the last time, or `again`.

    Raises NotFound, NotWhole (too short) or WrongDigest. The file is left where it is: a pull sets it aside.
    """
    path = place(entry, cache_dir)
    try:
        size_bytes = path.stat().st_size
    except OSError:
        raise NotFound(
            Text(f"本机没有 {entry.id} 的权重（{path}）。", f"{entry.id} is not on this machine ({path})."),
            Text(f"运行 mingbai models pull {entry.id}", f"Run: mingbai models pull {entry.id}"),
            param="model",
        ) from None
    if not again and state(entry, cache_dir) == "verified":
        return path
    if size_bytes < entry.size_bytes:
        raise NotWhole(
            Text(
                f"{path} 只有 {size_bytes} 字节，应为 {entry.size_bytes}。",
                f"{path} has {size_bytes} bytes of {entry.size_bytes}.",
            ),
            _mend(entry),
        )
    before = _seal(path, entry.sha256)
    found = digest(path, progress)
    if found != entry.sha256:
        raise wrong_digest(str(path), entry, found)
    if _seal(path, entry.sha256) == before:
        seal(entry, cache_dir)
    return path


def wrong_digest(where: str, entry: Entry, found: str) -> WrongDigest:
    return WrongDigest(
        Text(
            f"{where} 的 SHA-256 不对：应为 {entry.sha256}，实为 {found}。",
            f"{where} has the wrong SHA-256: expected {entry.sha256}, found {found}.",
        ),
        _mend(entry),
    )


def digest(path: Path, progress: Progress | None = None) -> str:
    """The whole file's SHA-256. Raises WeightsError when the disk cannot be read."""
    hasher = hashlib.sha256()
    try:
        with path.open("rb") as file:
            size_bytes = os.fstat(file.fileno()).st_size
            while chunk := file.read(CHUNK_BYTES):
                hasher.update(chunk)
                if progress:
                    progress(file.tell(), size_bytes)
    except OSError as error:
        raise unusable(path, error) from None
    return hasher.hexdigest()


def seal(entry: Entry, cache_dir: Path) -> None:
    """Remember that the file at its place has the entry's digest. A read-only folder only costs a hash next time."""
    path = _seal_path(entry, cache_dir)
    fresh = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(_seal(place(entry, cache_dir), entry.sha256)), encoding="utf-8")
        fresh.replace(path)
    except OSError:
        return


@contextmanager
def locked(path: Path, *, wait: bool) -> Iterator[None]:
    """One pull per file on this machine; the lock ends with the process, however it ends. Raises PullUnderWay."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab")
    except OSError as error:
        raise unusable(path, error) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise PullUnderWay(
                Text("另一个进程正在下载同一个模型。", "Another process is fetching this model."),
                Text("等它完成后再试。", "Try again when it is done."),
            ) from None
        yield


def unusable(path: Path, error: OSError) -> MingbaiError:
    return WeightsError(
        Text(f"不能使用 {path}：{error.strerror}。", f"Cannot use {path}: {error.strerror}."),
        Text(
            "检查权限和磁盘，或在设置中换一个权重文件夹。",
            "Check permissions and disk, or set another weights folder.",
        ),
    )


def _mend(entry: Entry) -> Text:
    if entry.in_place:
        return Text(
            "若文件是有意更换的，请重新运行 mingbai models add。",
            "If it was changed on purpose, run mingbai models add again.",
        )
    return Text(
        f"运行 mingbai models pull {entry.id} 重新下载；原文件会改名保留。",
        f"Run: mingbai models pull {entry.id}. It fetches the file again and keeps this one under another name.",
    )


def _seal(path: Path, sha256: str) -> dict[str, str | int]:
    seen = path.stat()
    return {"path": str(path), "size": seen.st_size, "mtime_ns": seen.st_mtime_ns, "sha256": sha256}


def _seal_path(entry: Entry, cache_dir: Path) -> Path:
    return cache_dir / f"{entry.id}.verified.json"


def _sealed(entry: Entry, cache_dir: Path) -> object:
    try:
        return json.loads(_seal_path(entry, cache_dir).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
