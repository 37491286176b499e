"""The folder in which a training keeps what it has learned so far: `training-NAME` beside the adapters.

The same rows and recipe get the same one, so that a killed run goes on from there; at its end it is gone. It says which consents
the rows stood on, so that a withdrawal reaches it too, also while the training runs: that one then ends with `Withdrawn`. What a
killed run left is removed by the next training, and by any withdrawal.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from mingbai.learn.rows import Agreed, Row
from mingbai.values.errors import BadInput, MingbaiError, Text

PREFIX, GROUNDS, LOCK = "training-", "grounds.json", ".lock"
LOOKS, LOOK_SECONDS = 50, 0.02  # who sweeps holds a lock for less than one of these


class Withdrawn(BadInput):
    code = "consent_withdrawn"


@contextmanager
def opened(folder: Path, name: str, rows: Sequence[Row]) -> Iterator[Path]:
    """Raises `BadInput` where the same training runs already, `Withdrawn` where a consent of its rows ended meanwhile."""
    place = folder / (PREFIX + name)
    for other in _all(folder):
        if other != place:
            _remove(other, dead_only=True)
    with closing(_entered(place)) as lock:
        seen = {it.ground.subject: it.ground.consent for it in rows if isinstance(it.ground, Agreed)}
        try:
            (place / GROUNDS).write_text(json.dumps(seen))
            yield place
        except (OSError, MingbaiError):  # a file that is gone, or an engine that did not find it
            if _holds(place, lock):
                raise
            raise withdrawn() from None
        finally:
            if _holds(place, lock):
                _gone(place)


def _entered(place: Path) -> BinaryIO:
    """The folder's lock. Who sweeps what is dead may take the folder before it is locked, and holds the lock for a moment."""
    looked = 0
    while True:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            lock = (place / LOCK).open("ab")
        except FileNotFoundError:
            continue
        locked = _locked(lock)
        if locked and _holds(place, lock):
            return lock
        lock.close()
        if not locked:
            looked += 1
            if looked == LOOKS:
                raise BadInput(
                    Text("同样的训练正在进行。", "The same training is under way."),
                    Text("等它结束。", "Wait for its end."),
                )
            time.sleep(LOOK_SECONDS)


def _holds(place: Path, lock: BinaryIO) -> bool:
    """Whether that lock is the folder's own still, and not one of a folder that is gone."""
    try:
        return (place / LOCK).stat().st_ino == os.fstat(lock.fileno()).st_ino
    except FileNotFoundError:
        return False


def put_out(folder: Path, latest: Mapping[str, int]) -> None:
    """After withdrawals. `latest`: the number of the last no, by the person's tag in hex."""
    for place in _all(folder):
        try:
            seen = json.loads((place / GROUNDS).read_bytes())
        except (OSError, ValueError):
            seen = {}
        saw = any(latest.get(subject, 0) > consent for subject, consent in seen.items())
        _remove(place, dead_only=not saw)


def _all(folder: Path) -> list[Path]:
    return sorted(it for it in folder.glob(f"{PREFIX}*") if it.is_dir())


def _remove(place: Path, *, dead_only: bool) -> None:
    """Under another name first: a training that begins meanwhile has a folder of its own, of which nothing is taken."""
    try:
        with (place / LOCK).open("ab") as lock:
            if (_locked(lock) and _holds(place, lock)) or not dead_only:
                _gone(place)
    except FileNotFoundError:  # its own end was quicker
        return


def _gone(place: Path) -> None:
    gone = place.with_name(f"{PREFIX}gone-{secrets.token_hex(8)}")
    place.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def _locked(lock: BinaryIO) -> bool:
    """A lock ends with its process, however that ends."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def withdrawn() -> Withdrawn:
    return Withdrawn(
        Text("这期间有人撤回了同意。", "Somebody took a consent back meanwhile."),
        Text("再运行一次：那些行已经不在了。", "Run it again: those rows are gone."),
    )
