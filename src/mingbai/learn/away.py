"""A worker's folder: `mingbai-fleet-…` among the machine's temporary files, gone with its training.

One whose process was killed stays behind; the next training on that machine removes it. A lock, which ends with its process however
that ends, says which these are.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX, FRESH, LOCK = "mingbai-fleet-", "mingbai-fresh-", ".lock"


@contextmanager
def folder() -> Iterator[Path]:
    sweep()
    fresh = Path(tempfile.mkdtemp(prefix=FRESH))
    with (fresh / LOCK).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        place = fresh.rename(fresh.with_name(PREFIX + fresh.name.removeprefix(FRESH)))  # only now is it swept
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)


def sweep() -> None:
    """What killed processes of this user left."""
    for place in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if place.is_symlink() or not place.is_dir() or place.stat().st_uid != os.getuid():
            continue
        try:
            with (place / LOCK).open("ab") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(place, ignore_errors=True)
        except (BlockingIOError, FileNotFoundError):  # under way; gone by itself
            pass
