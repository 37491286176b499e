"""Files dropped on the office's page: received one by one, then taken in together, one import after the other.

Files lie in a private folder of the home until they are read, and are removed then, however it ended. What is known of an
import stays in this process, and the report, which quotes refused lines, for a day at most: `forget` takes it away before,
as when a person is erased.
"""

from __future__ import annotations

import secrets
import shutil
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Lock, Timer
from typing import Literal, TypeAlias

from mingbai.shop.intake.sources import content
from mingbai.shop.intake.whole import Asked, as_json, take_files
from mingbai.shop.records.home import Records
from mingbai.values.errors import BadInput, MingbaiError, NotFound, Text
from mingbai.values.json import JsonObject

MOST_FILES, KEPT = 200, 50
REPORT_SECONDS = 24 * 3600.0  # long enough to mend the files; what they quote may be a person's
ImportState: TypeAlias = Literal["receiving", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class DroppedFile:
    name: str
    bytes: int
    path: Path


@dataclass(frozen=True, slots=True)
class Drop:
    """`seq` grows with every change, `done` of `total` rows while it runs; then a `report`, or why there is none."""

    id: str
    seq: int = 0
    state: ImportState = "receiving"
    files: tuple[DroppedFile, ...] = ()
    done: int = 0
    total: int = 0
    report: JsonObject | None = field(default=None, repr=False)
    error: MingbaiError | None = None
    shop: str = ""  # of the key that began it; "" for one of all shops


_GONE = Text("原文已过保留时间，不再显示。", "What it said is kept no longer.")
_QUOTING = ("refusals", "notes")


def wordless(report: JsonObject) -> JsonObject:
    """A report without what it says of lines: that may quote them."""
    sheets = report.get("sheets")
    assert isinstance(sheets, list)
    return {**report, "sheets": [_sheet(each) for each in sheets if isinstance(each, dict)]}


def _sheet(sheet: JsonObject) -> JsonObject:
    quoting = {name: rows for name in _QUOTING if isinstance(rows := sheet.get(name), list)}
    return {
        **sheet,
        **{name: [_row(row) for row in rows if isinstance(row, dict)] for name, rows in quoting.items()},
    }


def _row(row: JsonObject) -> JsonObject:
    return {k: _GONE.zh if k.endswith("zh") else _GONE.en if k.endswith("en") else v for k, v in row.items()}


class Dropped:
    """Threads share one. `changed` is called after every change, from any thread."""

    def __init__(
        self,
        home: Path,
        records: Records,
        changed: Callable[[], None] = lambda: None,
        *,
        report_seconds: float = REPORT_SECONDS,
    ) -> None:
        self._home, self._records, self.changed = home, records, changed
        self._report_seconds = report_seconds
        self._timers: dict[str, Timer] = {}
        self._folder = home / "run" / "imports"
        shutil.rmtree(self._folder, ignore_errors=True)  # of a process that was killed: nobody asks for them
        self._drops: OrderedDict[str, Drop] = OrderedDict()
        self._lock = Lock()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="import")

    def close(self) -> None:
        with self._lock:
            timers = list(self._timers.values())
        for timer in timers:
            timer.cancel()
        self._worker.shutdown(cancel_futures=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def begin(self, shop: str = "") -> Drop:
        drop = Drop("i-" + secrets.token_hex(8), shop=shop)
        (self._folder / drop.id).mkdir(parents=True, mode=0o700)
        with self._lock:
            self._drops[drop.id] = drop
            while len(self._drops) > KEPT:
                old, _ = self._drops.popitem(last=False)
                shutil.rmtree(self._folder / old, ignore_errors=True)
        return drop

    def place(self, drop_id: str) -> Path:
        """Where the next file of an import is written. Raises `BadInput` once it has started, or has too many."""
        drop = self._receiving(drop_id)
        if len(drop.files) >= MOST_FILES:
            raise BadInput(
                Text(f"一次最多 {MOST_FILES} 个文件。", f"At most {MOST_FILES} files at once."),
                Text("打成 zip，或分几次导入。", "Put them in a zip, or import them in several goes."),
                code="too_many_files",
            )
        return self._folder / drop.id / secrets.token_hex(8)

    def received(self, drop_id: str, name: str, path: Path, size: int) -> Drop:
        """A file has come in whole. One of the same name takes the place of the one before."""
        drop = self._receiving(drop_id)
        others = tuple(each for each in drop.files if each.name != name)
        return self._change(drop_id, files=(*others, DroppedFile(name, size, path)))

    def start(self, drop_id: str, asked: Asked) -> Drop:
        drop = self._receiving(drop_id)
        if not drop.files:
            raise BadInput(
                Text("还没有文件。", "There is no file yet."),
                Text("先放进文件。", "Drop files first."),
                code="no_files",
            )
        drop = self._change(drop_id, state="running")
        self._worker.submit(self._run, drop, asked)
        return drop

    def get(self, drop_id: str) -> Drop:
        with self._lock:
            found = self._drops.get(drop_id)
        if found is None:
            raise NotFound(
                Text("没有这次导入。", "There is no such import."), Text("请重新开始。", "Start another.")
            )
        return found

    def all(self) -> list[Drop]:
        """The latest first."""
        with self._lock:
            return list(reversed(self._drops.values()))

    def forget(self, drop_id: str = "") -> int:
        """Take away the words of ended imports' reports, of one or of all; how many. Counts and line numbers stay."""
        with self._lock:
            told = [it.id for it in self._drops.values() if it.report and drop_id in ("", it.id)]
            for each in told:
                drop = self._drops[each]
                self._drops[each] = replace(drop, seq=drop.seq + 1, report=wordless(drop.report or {}))
            over = [self._timers.pop(each) for each in told if each in self._timers]
        for timer in over:
            timer.cancel()
        if told:
            self.changed()
        return len(told)

    def _run(self, drop: Drop, asked: Asked) -> None:
        files = [(each.name, partial(content, each.path)) for each in drop.files]
        ended: dict[str, object] = {
            "state": "failed",
            "error": MingbaiError(
                Text("导入时内部出错，没有写完。", "The import failed inside; not all was written."),
                Text(
                    "可以再导入一次；同样的文件不会重复。",
                    "Import again: the same file changes nothing twice.",
                ),
            ),
        }
        try:
            report, failures = take_files(
                self._home,
                files,
                self._records,
                asked,
                lambda done, total: self._progress(drop.id, done, total),
            )
            ended = {"state": "done", "report": as_json(report, failures)}
        except MingbaiError as error:
            ended["error"] = error
        finally:
            shutil.rmtree(self._folder / drop.id, ignore_errors=True)
            self._change(drop.id, **ended)
            if "report" in ended:
                timer = Timer(self._report_seconds, self.forget, [drop.id])
                timer.daemon = True
                with self._lock:
                    self._timers[drop.id] = timer
                timer.start()

    def _progress(self, drop_id: str, done: int, total: int) -> None:
        drop = self.get(drop_id)
        if done == total or done - drop.done >= max(total // 100, 1):
            self._change(drop_id, done=done, total=total)

    def _receiving(self, drop_id: str) -> Drop:
        drop = self.get(drop_id)
        if drop.state != "receiving":
            raise BadInput(
                Text("这次导入已经开始。", "This import has started."), Text("请另开一次。", "Begin another."),
                code="import_started",
            )  # fmt: skip
        return drop

    def _change(self, drop_id: str, **new: object) -> Drop:
        with self._lock:
            drop = self._drops[drop_id]
            drop = self._drops[drop_id] = replace(drop, seq=drop.seq + 1, **new)  # type: ignore[arg-type]  # its own fields
        self.changed()
        return drop
