"""The lanes of one engine: the shared one, the replay lane while it is asked for, and the next ones while other adapters load.

llama.cpp takes adapters only when it starts. So when the list of those that serve has changed, a second child is started with
them; once it is ready new asks go to it, and the old one ends after its last answer. A set that does not load is given up for
some minutes, or until the list is another, and the child before goes on. The engine always comes up without adapters first: a broken one cannot keep it down.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mingbai.engine.child import ChildPlan
from mingbai.engine.lane import Lane
from mingbai.engine.prefixes import PrefixStore
from mingbai.engine.stats import Stats
from mingbai.engine.supervisor import Supervisor
from mingbai.models.adapters import Adapter, together
from mingbai.values.errors import EngineUnavailable, MingbaiError, WrongDigest
from mingbai.values.settings import EngineSettings

LOOK_SECONDS = 0.25  # an adapter that was taken out serves no more after this and a moment
IDLE_LOOK_SECONDS = 0.1
GIVEN_UP_SECONDS = 300.0  # a disk may have been full, a machine short of memory

Serving = Callable[[], Mapping[str, Adapter]]


@dataclass(slots=True)
class Replay:
    lane: Lane
    asks: int = 0
    end: asyncio.TimerHandle | None = None


class Lanes:
    """`start` once, `stop` at the end. `serving` reads the list of adapters, from disk; None: there never are any."""

    def __init__(
        self,
        weights: Path,
        settings: EngineSettings,
        *,
        native: str,
        folder: Path,
        stats: Stats,
        serving: Serving | None,
    ) -> None:
        self._weights = weights
        self._settings = settings
        self._native = native
        self._folder = folder
        self._stats = stats
        self._serving = serving
        self._listed: Mapping[str, Adapter] = {}  # by name, as last looked
        self._given_up: tuple[tuple[str, ...], float] = ((), 0.0)  # which set, and until when
        self._made = 0
        self.shared = self._lane("shared", slots=settings.slots, exact=False, adapters={})
        self._loaded: dict[str, Path] = {}  # digest → our own copy; what the shared lane's child has
        self._replay: Replay | None = None
        self._watch: asyncio.Task[None] | None = None
        self._settled = asyncio.Event()
        self._ending: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self.shared.supervisor.start()
        if self._serving is None:
            self._settled.set()
        else:
            self._watch = asyncio.create_task(self._keep_up(self._serving), name="engine-adapters")

    async def ready(self, *, seconds: float) -> None:
        """The child is up and, where adapters serve, they were loaded or given up. Raises `EngineUnavailable`."""
        await self.shared.supervisor.running(seconds=seconds)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._settled.wait()

    async def stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        for task in self._ending:
            task.cancel()
        await asyncio.gather(*self._ending, return_exceptions=True)
        await self.shared.supervisor.stop()
        if self._replay is not None:
            await self._replay.lane.supervisor.stop()

    def digest(self, name: str | None, lane: Lane) -> str:
        """Of the adapter that serves under this name and of those that stand beside it, as far as the lane has loaded them, or ""."""
        return together(self._listed, name, lane.adapters) if name is not None else ""

    def replay(self) -> Replay:
        """The replay lane for one ask, started when first asked for; it costs a second copy of the repacked weights. Give
        it back with `replayed`."""
        if self._replay is None:
            lane = self._lane("replay", slots=1, exact=True, adapters=self._loaded)
            lane.supervisor.start()
            self._replay = Replay(lane)
        replay = self._replay
        if replay.end is not None:
            replay.end.cancel()
            replay.end = None
        replay.asks += 1
        return replay

    def replayed(self, replay: Replay) -> None:
        replay.asks -= 1
        if replay.asks == 0 and replay is self._replay:
            loop = asyncio.get_running_loop()
            replay.end = loop.call_later(self._settings.replay_idle_seconds, self._end_replay)

    def _end_replay(self) -> None:
        replay, self._replay = self._replay, None
        if replay is not None:
            self._retire([replay.lane])

    async def _keep_up(self, serving: Serving) -> None:
        """Look at the list, and exchange the child when other adapters serve than it has."""
        with suppress(EngineUnavailable):
            await self.shared.supervisor.running(seconds=self._settings.start_timeout_seconds)
        while True:
            try:
                found = await asyncio.to_thread(serving)
            except (MingbaiError, OSError):  # what cannot be read serves nobody
                found = {}
            self._listed = found
            wanted = {adapter.sha256: adapter for adapter in found.values()}
            digests = tuple(sorted(wanted))
            if digests != self._given_up[0]:
                self._given_up = ((), 0.0)
            if digests != tuple(sorted(self._loaded)) and time.monotonic() >= self._given_up[1]:
                if await self._exchange(wanted):
                    self._stats.swaps += 1
                else:
                    self._stats.swap_failures += 1
                    self._given_up = (digests, time.monotonic() + GIVEN_UP_SECONDS)
            else:
                self._settled.set()
                await asyncio.sleep(LOOK_SECONDS)

    async def _exchange(self, wanted: Mapping[str, Adapter]) -> bool:
        """Bring up a child with these; False if it, or one of their files, is not good. The old one goes on meanwhile."""
        self._made += 1
        folder = self._folder / f"adapters-{self._made}"
        try:
            copies = await asyncio.to_thread(_copies, folder, wanted)
            lane = self._lane("shared", slots=self._settings.slots, exact=False, adapters=copies)
        except (WrongDigest, OSError):
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            return False
        lane.supervisor.start()
        try:
            await lane.supervisor.running(seconds=self._settings.start_timeout_seconds)
        except EngineUnavailable:
            await lane.supervisor.stop()
            for made in (folder, lane.folder):
                await asyncio.to_thread(shutil.rmtree, made, ignore_errors=True)
            return False
        except asyncio.CancelledError:
            await lane.supervisor.stop()
            raise
        old, copied = [self.shared], {path.parent for path in self._loaded.values()}
        self.shared, self._loaded = lane, copies
        if self._replay is not None:
            if self._replay.end is not None:
                self._replay.end.cancel()
            old.append(self._replay.lane)
            self._replay = None
        self._retire(old, copied)
        return True

    def _retire(self, lanes: Sequence[Lane], copied: Collection[Path] = ()) -> None:
        """End lanes' children after their last answers, and take their files and copied adapters away."""

        async def end() -> None:
            try:
                while not all(lane.idle for lane in lanes):
                    await asyncio.sleep(IDLE_LOOK_SECONDS)
            finally:
                for lane in lanes:
                    await lane.supervisor.stop()
            for folder in (*copied, *(lane.folder for lane in lanes)):
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

        task = asyncio.create_task(end(), name="engine-retiring")
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _lane(self, name: str, *, slots: int, exact: bool, adapters: Mapping[str, Path]) -> Lane:
        s = self._settings
        self._made += 1
        folder = self._folder / f"{name}-{self._made}"
        folder.mkdir(mode=0o700)
        plan = ChildPlan(
            weights=str(self._weights), port=0, secret="", parent_pid=0, native=self._native,
            threads=s.threads or os.cpu_count() or 1, slots=slots, context_per_slot=s.context_per_slot,
            batch=s.batch, kv_type=s.kv_type, flash_attention=s.flash_attention == "on", save_dir=str(folder),
            adapters=tuple(str(path) for path in adapters.values()),
        )  # fmt: skip
        supervisor = Supervisor(
            plan,
            start_timeout_seconds=s.start_timeout_seconds,
            environment=child_environment(s.spin_count),
            on_replaced=self._count_replacement,
        )
        return Lane(
            supervisor, PrefixStore(folder, s.prefix_cache_mib * 1024 * 1024), slots=slots, queue_bound=s.queue_bound,
            prefix_min_tokens=s.prefix_min_tokens, exact=exact, stats=self._stats, adapters=tuple(adapters),
        )  # fmt: skip

    def _count_replacement(self) -> None:
        self._stats.replacements += 1


def _copies(folder: Path, wanted: Mapping[str, Adapter]) -> dict[str, Path]:
    """In this run's private folder, checked: a file taken away elsewhere cannot keep a child from coming back."""
    folder.mkdir(mode=0o700)
    copies = {}
    for sha256, adapter in sorted(wanted.items()):
        copies[sha256] = folder / f"{sha256}.gguf"
        copies[sha256].write_bytes(adapter.read())
    return copies


def child_environment(spin_count: int) -> dict[str, str]:
    """How OpenMP's threads wait for each other (libgomp), and huge pages for the weights (glibc; 3 % of decode)."""
    spin = {"GOMP_SPINCOUNT": str(spin_count)} if spin_count else {"OMP_WAIT_POLICY": "passive"}
    return {**spin, "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
