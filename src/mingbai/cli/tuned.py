"""Whom the desk asks where its rules doubt, and who words its drafts: adapters that serve the shop, over an engine that starts when
first needed.

Every ask picks anew, and the pick looks at the consent ledger: what was taken back is out of service with the next ask. A
customer's answer never fails for it, nor waits: what goes wrong is counted, and rules and examples decide as ever.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from mingbai.cli import assemble, ledger
from mingbai.values.errors import MingbaiError

if TYPE_CHECKING:
    from mingbai.engine.local import LocalEngine
    from mingbai.engine.protocol import Engine
    from mingbai.learn.registry import Registry
    from mingbai.permit.vault.vault import Vault
    from mingbai.turn.service import Phrase
    from mingbai.turn.understand.ask import AskModel
    from mingbai.values.settings import Settings
    from mingbai.values.turn import Turn

LOOK_SECONDS = 0.5
CHOOSE_SECONDS = 1.0  # a pick takes a millisecond; a file that another process holds is not waited for
AGAIN_SECONDS = 300.0  # before an engine that did not come up is tried again
SLOTS, CONTEXT = (
    2,
    1024,
)  # of an engine beside the service's own, for one message and one word: 25 MB of cache, not 400
# What goes wrong with files, ledgers and engines. TimeoutError is an OSError.
EXPECTED = (MingbaiError, OSError, sqlite3.Error)


def registry(settings: Settings, keys: Vault) -> Registry:
    from mingbai.learn.registry import Registry
    from mingbai.models import adapters

    class Listed:
        admit = staticmethod(partial(adapters.admit, settings.home))
        take_out = staticmethod(partial(adapters.take_out, settings.home))
        forget = staticmethod(partial(adapters.forget, settings.home))

    return Registry(settings.home / "learn" / "adapters", ledger.consents(settings, keys), Listed())


def put_out(settings: Settings, keys: Vault) -> list[str]:
    """After a withdrawal or an erasure: rows leave their datasets, and adapters that saw them the service; which adapters."""
    if not (settings.home / "learn").exists():
        return []
    from mingbai.learn import dataset

    dataset.without(
        settings.home / "learn" / "datasets", ledger.consents(settings, keys).ended("training", 0)
    )
    return registry(settings, keys).look() if (settings.home / "learn" / "adapters").exists() else []


class Failures:
    """Counts, and a line in the log where what fails is another thing than before."""

    def __init__(self) -> None:
        self.count = 0
        self._last = ""

    def note(self, where: str, error: BaseException) -> None:
        from mingbai.serve.logs import log

        self.count += 1
        said = f"{where} {error.code if isinstance(error, MingbaiError) else type(error).__name__}"
        if said != self._last:
            self._last = said
            log("adapters_failed", where=where, error=said.partition(" ")[2])

    def well(self) -> None:
        self._last = ""


class Tuned:
    """`over` gives an engine over the base of that name, None while there is none that could answer now."""

    def __init__(
        self, settings: Settings, over: Callable[[str], Engine | None], failures: Failures | None = None
    ) -> None:
        self._settings, self._over = settings, over
        self.failures = failures or Failures()
        self._keys = ledger.vault(settings)
        self._registry = registry(settings, self._keys)
        self._consents = ledger.consents(settings, self._keys)
        self._rows_looked = -1  # how far the ledger was looked through for datasets

    async def ask_of(self, turn: Turn) -> AskModel | None:
        """Nobody, where no adapter serves this shop, or not these askers: then rules and examples decide, as ever."""
        from mingbai.engine.protocol import collect
        from mingbai.turn.understand.ask import by_model

        found, engine = await self._picked(turn, "intent")
        return None if engine is None else by_model(partial(collect, engine), adapter=found)

    async def drafter(self, turn: Turn) -> Phrase | None:
        """Who words a draft in the shop's own voice; nobody else's answer is ever asked of it."""
        found, engine = await self._picked(turn, "reply") if turn.focus.draft else ("", None)
        return None if engine is None else assemble.phrase_by(engine, "", found)

    async def _picked(self, turn: Turn, task: str) -> tuple[str, Engine | None]:
        """The adapter, as the engine knows it, and the engine; None, where the owner lets none answer this, or none could now."""
        whom = self._settings.learn.answers
        if whom == "nobody" or (whom == "staff" and not turn.focus.draft):
            return "", None
        name = turn.conversation_no or turn.turn_no
        try:
            async with asyncio.timeout(CHOOSE_SECONDS):
                found = await asyncio.to_thread(self._registry.serving, turn.shop, task, name)
            return ("", None) if found is None else (found.served_as, self._over(found.base))
        except EXPECTED as e:
            self.failures.note("choose", e)
            return "", None

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """As long as it is open, what was taken back leaves the engine's list and the datasets also when nobody asks."""
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            self._keys.close()

    async def _watch(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self._look)
                self.failures.well()
            except EXPECTED as e:
                self.failures.note("watch", e)
            await asyncio.sleep(LOOK_SECONDS)

    def _look(self) -> None:
        from mingbai.learn import dataset

        self._registry.look()
        newest = self._consents.newest_seq()
        if newest != self._rows_looked:
            dataset.without(self._settings.home / "learn" / "datasets", self._consents.ended("training", 0))
            self._rows_looked = newest


class Engines:
    """The service's own engine where it runs that base; else one beside it, which the first ask starts and does not wait for.
    Weights that are not on this machine are not fetched: `mingbai learn` does that."""

    def __init__(self, settings: Settings, own: LocalEngine | None, failures: Failures | None = None) -> None:
        self._settings, self._own = settings, own
        self.failures = failures or Failures()
        self._ready: dict[str, LocalEngine] = {}
        self._starting: dict[str, asyncio.Task[None]] = {}
        self._not_before: dict[str, float] = {}

    def over(self, base: str) -> Engine | None:
        entry = assemble.running(self._settings, self._own)
        if self._own is not None and entry is not None and entry.id == base:
            return self._own
        if base in self._ready:
            return self._ready[base]
        if base not in self._starting and time.monotonic() >= self._not_before.get(base, 0.0):
            self._starting[base] = asyncio.create_task(self._start(base), name="engine-beside")
        return None

    async def _start(self, base: str) -> None:
        engine = None
        try:
            weights = await asyncio.to_thread(assemble.weights_here, self._settings, base)
            small = replace(self._settings.engine, slots=SLOTS, context_per_slot=CONTEXT)
            engine = assemble.local_engine(replace(self._settings, engine=small), weights)
            engine.start()
            await engine.ready(seconds=small.start_timeout_seconds)
            self._ready[base] = engine
        except EXPECTED as e:
            self.failures.note("start", e)
            self._not_before[base] = time.monotonic() + AGAIN_SECONDS
        finally:
            del self._starting[base]
            if engine is not None and base not in self._ready:
                await engine.stop()

    async def stop(self) -> None:
        starting = list(self._starting.values())
        for task in starting:
            task.cancel()
        await asyncio.gather(*starting, return_exceptions=True)
        await asyncio.gather(*(engine.stop() for engine in self._ready.values()))


@asynccontextmanager
async def helping(helper: Tuned | None, engines: Engines) -> AsyncIterator[None]:
    """Until the service ends."""
    if helper is None:
        yield
        return
    try:
        async with helper.watched():
            yield
    finally:
        await engines.stop()
