"""The file that a pull is filling: hashed as bytes come, resumable after kill -9, never longer than the published file.

Beside `<file>.partial` lies a journal of finished package parts, `<file>.partial.jsonl`: a first line that says of which
packages, then one line per part. Nothing in it is believed before the bytes on disk were hashed again.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from mingbai.models.entry import sized
from mingbai.models.store import CHUNK_BYTES, unusable
from mingbai.values.errors import NoSpace, Text


class SourceFailed(Exception):
    """This source cannot give the bytes; the next one is tried. Never leaves this package."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


class Partial:
    """`at` bytes are on disk and in the running digest."""

    def __init__(
        self, file: FileIO, path: Path, size_bytes: int, written: Callable[[int], None], free_bytes: int
    ) -> None:
        self.path = path
        self.size_bytes = size_bytes
        self.at = 0
        self.resumed = False
        self._file = file
        self._written = written
        self._free_bytes = free_bytes + os.fstat(file.fileno()).st_size
        self._hasher = hashlib.sha256()
        self._part_hasher = hashlib.sha256()
        self._part_start = 0

    @property
    def journal(self) -> Path:
        return self.path.with_name(self.path.name + ".jsonl")

    def hexdigest(self) -> str:
        return self._hasher.hexdigest()

    def need_room(self, beside_bytes: int = 0) -> None:
        """Raises NoSpace unless the whole file and what the source puts beside it fit. Call after resuming."""
        needed = self.size_bytes + beside_bytes
        if needed > self._free_bytes:
            raise _no_space(self.path, needed - self.at, max(0, self._free_bytes - self.at))

    def restart(self) -> None:
        self._file.truncate(0)
        self.journal.unlink(missing_ok=True)
        self.at, self.resumed = 0, False
        self._hasher = hashlib.sha256()

    def resume(self) -> None:
        """Go on after the bytes that are there, wherever they came from: the digest at the end tells."""
        self._rewind()
        if os.fstat(self._file.fileno()).st_size > self.size_bytes:
            self.restart()
        while chunk := self._file.read(CHUNK_BYTES):
            self._hasher.update(chunk)
            self.at += len(chunk)
        self.resumed = self.at > 0
        self._written(self.at)

    def resume_parts(self, packages: str) -> int:
        """How many parts of `packages` are there whole; what follows them is dropped."""
        self._rewind()
        lines = [json.dumps({"packages": packages})]
        for part_bytes, sha256 in _journal_lines(self.journal, packages):
            part = self._file.read(min(part_bytes, self.size_bytes))
            if len(part) != part_bytes or hashlib.sha256(part).hexdigest() != sha256:
                break
            self._hasher.update(part)
            self.at += part_bytes
            lines.append(_journal_line(part_bytes, sha256))
        self._file.truncate(self.at)
        with self._errors():
            self.journal.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        self.resumed = self.at > 0
        self._start_part()
        self._written(self.at)
        return len(lines) - 1

    def write(self, chunk: bytes) -> None:
        """Raises SourceFailed when this is more than was published, NoSpace when the disk is full."""
        if self.at + len(chunk) > self.size_bytes:
            raise SourceFailed(
                Text(f"给出的内容超过 {self.size_bytes} 字节", f"it gave more than {self.size_bytes} bytes")
            )
        view = memoryview(chunk)
        with self._errors():
            while view:
                count = self._file.write(view)
                self._hasher.update(view[:count])
                self._part_hasher.update(view[:count])
                self.at += count
                view = view[count:]
        self._written(self.at)

    def end_part(self) -> None:
        line = _journal_line(self.at - self._part_start, self._part_hasher.hexdigest())
        with self._errors(), self.journal.open("a", encoding="utf-8") as journal:
            journal.write(line + "\n")
        self._start_part()

    def publish(self, path: Path) -> None:
        """Flush to the disk itself, then take the final name in one step."""
        with self._errors():
            os.fsync(self._file.fileno())
            self.path.replace(path)
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        self.journal.unlink(missing_ok=True)

    def _rewind(self) -> None:
        self._file.seek(0)
        self.at = 0
        self._hasher = hashlib.sha256()

    def _start_part(self) -> None:
        self._part_hasher, self._part_start = hashlib.sha256(), self.at

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise _no_space(self.path, self.size_bytes - self.at, 0) from None
            raise unusable(self.path, error) from None


@contextmanager
def opened(path: Path, size_bytes: int, written: Callable[[int], None], free_bytes: int) -> Iterator[Partial]:
    """Unbuffered and appending: what `write` returned from is in the kernel, and survives our own end."""
    try:
        file = path.open("a+b", buffering=0)
    except OSError as error:
        raise unusable(path, error) from None
    with file:
        yield Partial(file, path, size_bytes, written, free_bytes)


def _journal_line(part_bytes: int, sha256: str) -> str:
    return json.dumps({"bytes": part_bytes, "sha256": sha256})


def _journal_lines(journal: Path, packages: str) -> Iterator[tuple[int, str]]:
    """Bytes and digest of each part, as far as the journal is readable: its last line may be torn."""
    try:
        lines = journal.read_text(encoding="utf-8").splitlines()
        if not lines or json.loads(lines[0]) != {"packages": packages}:
            return
        for line in lines[1:]:
            match json.loads(line):
                case {"bytes": int(part_bytes), "sha256": str(sha256)} if part_bytes >= 0:
                    yield part_bytes, sha256
                case _:
                    return
    except (OSError, ValueError):
        return


def _no_space(path: Path, needed_bytes: int, free_bytes: int) -> NoSpace:
    return NoSpace(
        Text(
            f"磁盘空间不够：{path.parent} 还需要 {sized(needed_bytes)}，只有 {sized(free_bytes)}。",
            f"Not enough disk space: {path.parent} needs {sized(needed_bytes)} more, {sized(free_bytes)} are free.",
        ),
        Text(
            "腾出空间后再运行一次，会从断点继续；或在设置中换一个权重文件夹。",
            "Free some space and run it again, it goes on where it stopped; or set another weights folder.",
        ),
    )
