"""Bring a model's file to this machine: check room, take the lock, try each source, believe only the digest."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from mingbai.models import store
from mingbai.models.entry import Entry, LocalFile, Source, called, kind
from mingbai.models.partial import Partial, SourceFailed, opened
from mingbai.models.parts import folder_beside
from mingbai.models.sources import fetch
from mingbai.values.errors import NoSource, NotFound, NotWhole, Text, WrongDigest
from mingbai.values.settings import ModelSettings

Report: TypeAlias = Callable[[int, int, Text], None]  # bytes done, bytes in all, the source in use


@dataclass(frozen=True, slots=True)
class Tried:
    source: Source
    why: Text


@dataclass(frozen=True, slots=True)
class Pulled:
    """`source` is None when the file was here already; `set_aside` is where a wrong file went that stood in its place."""

    path: Path
    source: Source | None
    tried: tuple[Tried, ...]
    set_aside: Path | None


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _quiet(_done: int, _total: int, _source: Text) -> None:
    return


def pull(
    entry: Entry,
    settings: ModelSettings,
    report: Report = _quiet,
    *,
    wait: bool = False,
    free_bytes: Callable[[Path], int] = _free_bytes,
) -> Pulled:
    """The verified file, fetched if need be. An interrupted pull goes on where it stopped.

    With `wait`, another pull of the same file is waited for; without, it raises PullUnderWay. Raises NoSpace, NoSource,
    and for models that were added WrongDigest or NotWhole.
    """
    path = store.place(entry, settings.cache_dir)
    if store.state(entry, settings.cache_dir) == "verified":
        return Pulled(path, None, (), None)
    if entry.in_place:
        return Pulled(_verified_in_place(entry, settings.cache_dir), None, (), None)
    with store.locked(path.with_name(path.name + ".lock"), wait=wait):
        return _pull_locked(entry, path, settings, report, free_bytes)


def _pull_locked(
    entry: Entry, path: Path, settings: ModelSettings, report: Report, free_bytes: Callable[[Path], int]
) -> Pulled:
    set_aside = None
    try:
        store.ensure_verified(entry, settings.cache_dir)
        return Pulled(path, None, (), None)
    except NotFound:
        pass
    except (WrongDigest, NotWhole):
        set_aside = path.with_name(f"{path.name}.wrong-{store.digest(path)[:8]}")
        path.rename(set_aside)
    sources = ((LocalFile(Path(settings.local_file)),) if settings.local_file else ()) + entry.sources
    using = kind(sources[0])
    tried: list[Tried] = []
    partial_path = path.with_name(path.name + ".partial")

    def written(done_bytes: int) -> None:
        report(done_bytes, entry.size_bytes, using)

    with opened(partial_path, entry.size_bytes, written, free_bytes(path.parent)) as partial:
        for source in sources:
            using = kind(source)
            try:
                _fetch_whole(source, entry, partial, settings.parallel_fetches)
            except SourceFailed as failed:
                tried.append(Tried(source, failed.why))
                continue
            partial.publish(path)
            store.seal(entry, settings.cache_dir)
            shutil.rmtree(folder_beside(partial_path), ignore_errors=True)
            return Pulled(path, source, tuple(tried), set_aside)
    raise _no_source(entry, tried)


def _fetch_whole(source: Source, entry: Entry, partial: Partial, parallel: int) -> None:
    """Bytes that were left by an earlier attempt may be the bad ones: then this source gets a clean start."""
    fetch(source, partial, parallel)
    if partial.hexdigest() != entry.sha256 and partial.resumed:
        partial.restart()
        fetch(source, partial, parallel)
    if partial.hexdigest() != entry.sha256:
        found = partial.hexdigest()
        partial.restart()
        raise SourceFailed(
            Text(
                f"SHA-256 应为 {entry.sha256}，实为 {found}", f"SHA-256 should be {entry.sha256}, is {found}"
            )
        )


def _verified_in_place(entry: Entry, cache_dir: Path) -> Path:
    try:
        return store.ensure_verified(entry, cache_dir)
    except NotFound:
        gone = Text("文件不存在", "the file is not there")
        raise _no_source(entry, [Tried(source, gone) for source in entry.sources]) from None


def _no_source(entry: Entry, tried: list[Tried]) -> NoSource:
    listed = [(called(each.source), each.why) for each in tried]
    zh = "；".join(f"{source.zh}：{why.zh}" for source, why in listed)
    en = "; ".join(f"{source.en}: {why.en}" for source, why in listed)
    return NoSource(
        Text(
            f"没有一个来源给出 {entry.id} 的权重。已尝试：{zh}。", f"No source gave {entry.id}. Tried: {en}."
        ),
        Text(
            "检查网络或 pip 的索引设置后再运行一次（会从断点继续）；也可以把文件拷到本机，在设置中写入 models.local_file。",
            "Check the network or pip's index settings and run it again (it goes on where it stopped); or copy the "
            "file to this machine and name it in the setting models.local_file.",
        ),
    )
