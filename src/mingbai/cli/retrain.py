"""Retraining by the service, once a day: what withdrawals took out of service is trained anew without the rows.

A child does it, which gives way to whatever else wants the processor. One that is killed is started again, and goes on at its last whole
epoch; one that the service left undone, when the service is back. What it did last stands in `learn/retrain.json`, for
`mingbai learn adapters`; its own lines in `learn/retrain.log`. Nothing of either names a person.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from mingbai.cli.tuned import EXPECTED
from mingbai.values.errors import MingbaiError, SettingsError, Text

if TYPE_CHECKING:
    from mingbai.values.settings import Settings

TRIES = 3
AGAIN_SECONDS = 600.0  # after one that was killed: what killed it, as little memory, may pass
FIRST_SECONDS = 30.0  # a service that has just come up has other things to do
AT = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Last:
    """What was done last. `code` None: it is under way, or was when the service ended; 0: admitted, or nobody was left to learn from."""

    begun: str
    tries: int = 0
    ended: str = ""
    code: int | None = None


def daily(settings: Settings) -> time | None:
    """When, on this machine's clock; None: never. Raises `SettingsError`."""
    said = settings.learn.retrain
    if not said:
        return None
    if (found := AT.fullmatch(said)) is None:
        raise SettingsError(
            Text(
                f"learn.retrain 的值 {said!r} 不是时刻。",
                f"learn.retrain is {said!r}, which is no time of day.",
            ),
            Text('写成 "03:00"；不要定时重训就写 ""。', 'Write "03:00", or "" for no retraining.'),
        )
    return time(int(found[1]), int(found[2]))


def seconds_until(at: time, now: datetime) -> float:
    """To the next time that it is so late; a whole day where it is just now."""
    then = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return ((then if then > now else then + timedelta(days=1)) - now).total_seconds()


def last(home: Path) -> Last | None:
    try:
        return Last(**json.loads((home / "learn" / "retrain.json").read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def line(settings: Settings) -> str:
    """For people: when it is done, and what came of it last."""
    at, done = daily(settings), last(settings.home)
    when = f"每天 {at:%H:%M} / daily at {at:%H:%M}" if at else "不定时 / not by the clock"
    if done is None:
        return f"重训 / retraining: {when}"
    what = (
        f"{done.begun} 开始，还没完 / begun, not ended"
        if done.code is None
        else f"{done.ended}  {'✓' if done.code == 0 else '✗'} {done.code}"
    )
    return f"重训 / retraining: {when}；上次 / last: {what}"


def gently(parent_pid: int | None = None) -> None:
    """This process and its children run when nothing else wants to, and end with `parent_pid`, however that ends."""
    from mingbai.engine.child import die_with_parent

    if parent_pid is not None:
        die_with_parent(parent_pid)
    os.nice(19)
    if hasattr(os, "sched_setscheduler"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


class Retraining:
    """`tainted` names the shops that have something to be trained anew; `command` does it for one."""

    def __init__(
        self, home: Path, tainted: Callable[[], Sequence[str]], command: Callable[[str], Sequence[str]], *,
        note: Callable[..., None], now: Callable[[], datetime] = datetime.now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        self._home, self._tainted, self._command = home, tainted, command
        self._note, self._now, self._sleep = note, now, sleep

    async def keep(self, at: time) -> None:
        """Never ends by itself."""
        left = await asyncio.to_thread(last, self._home)
        if left is not None and left.code is None:
            await self._sleep(FIRST_SECONDS)
            await self.once()
        while True:
            await self._sleep(seconds_until(at, self._now()))
            await self.once()

    async def once(self) -> None:
        try:
            shops = await asyncio.to_thread(self._tainted)
            for shop in shops:
                await self._shop(shop)
            left = await asyncio.to_thread(last, self._home)
            if (
                not shops and left is not None and left.code is None
            ):  # what was under way is not wanted any more
                await self._keep(Last(left.begun, left.tries, self._said(), 0))
        except EXPECTED as e:
            _failed(self._note, e)

    async def _shop(self, shop: str) -> None:
        begun = self._said()
        for attempt in range(1, TRIES + 1):
            await self._keep(Last(begun, attempt))
            self._note("retrain_begun", shop=shop, attempt=attempt)
            code = await self._child(shop)
            self._note("retrain_ended", shop=shop, code=code)
            if code >= 0 or attempt == TRIES:
                await self._keep(Last(begun, attempt, self._said(), code))
                return
            await self._sleep(AGAIN_SECONDS)

    async def _child(self, shop: str) -> int:
        """How it ended; below 0 by a signal. It ends with the service, and what it has learned so far stays."""
        with await asyncio.to_thread(self._log) as log:
            child = await asyncio.create_subprocess_exec(
                *self._command(shop), stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, "MINGBAI_HOME": str(self._home)}, start_new_session=True,
            )  # fmt: skip
            try:
                return await child.wait()
            finally:
                if child.returncode is None:
                    child.kill()
                    await child.wait()

    def _log(self):  # type: ignore[no-untyped-def]  # a file's own type says nothing here
        return open(
            os.open(self._home / "learn" / "retrain.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
        )

    async def _keep(self, it: Last) -> None:
        await asyncio.to_thread(self._write, it)

    def _write(self, it: Last) -> None:
        file = self._home / "learn" / "retrain.json"
        fresh = file.with_suffix(".new")
        said = {"begun": it.begun, "tries": it.tries, "ended": it.ended, "code": it.code}
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            json.dump(said, out)
        fresh.replace(file)

    def _said(self) -> str:
        return self._now().isoformat(timespec="seconds")


def _failed(note: Callable[..., None], e: BaseException) -> None:
    note("retrain_failed", error=e.code if isinstance(e, MingbaiError) else type(e).__name__)


def shops_of(settings: Settings) -> list[str]:
    """Those with an adapter that a withdrawal ended and nothing has replaced yet."""
    from mingbai.cli import ledger, tuned

    if not (settings.home / "learn" / "adapters").exists():
        return []
    with closing(ledger.vault(settings)) as keys:
        return sorted({it.shop for it in tuned.registry(settings, keys).tainted()})


def command(shop: str) -> list[str]:
    """The child ends with this process, also where that is killed."""
    learn = [sys.executable, "-m", "mingbai.cli", "learn", "withdrawn", "--retrain"]
    return [*learn, "--gently", "--parent", str(os.getpid()), "--shop", shop]


@asynccontextmanager
async def retraining(settings: Settings) -> AsyncIterator[None]:
    """Until the service ends. Where training is not installed, nothing is retrained, and the log says so once."""
    from mingbai.learn.train import available
    from mingbai.serve.logs import log

    at = daily(settings)
    if at is None:
        yield
        return
    if not available():
        try:
            if await asyncio.to_thread(shops_of, settings):
                log("retrain_not_installed")
        except EXPECTED as e:  # the service comes up all the same
            _failed(log, e)
        yield
        return

    job = Retraining(settings.home, lambda: shops_of(settings), command, note=log)
    keeping = asyncio.create_task(job.keep(at), name="retraining")
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
