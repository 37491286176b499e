"""Whom the desk asks where its rules doubt: an adapter that serves the shop, over an engine that starts when first needed.

Every ask picks anew, and the pick looks at the consent ledger: what was taken back is out of service with the next ask.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from mingbai.cli import assemble, ledger

if TYPE_CHECKING:
    from mingbai.engine.local import LocalEngine
    from mingbai.engine.protocol import Engine
    from mingbai.learn.registry import Registry
    from mingbai.permit.vault.vault import Vault
    from mingbai.turn.understand.ask import AskModel
    from mingbai.values.settings import Settings
    from mingbai.values.turn import Turn

STAFF_CHANNEL = "draft-"  # as the counter names the channel of a draft
LOOK_SECONDS = 0.5
SLOTS, CONTEXT = (
    2,
    1024,
)  # of an engine beside the service's own, for one message and one word: 25 MB of cache, not 400


def registry(settings: Settings, keys: Vault) -> Registry:
    from mingbai.learn.registry import Registry
    from mingbai.models import adapters

    class Listed:
        admit = staticmethod(partial(adapters.admit, settings.home))
        take_out = staticmethod(partial(adapters.take_out, settings.home))
        forget = staticmethod(partial(adapters.forget, settings.home))

    return Registry(settings.home / "learn" / "adapters", ledger.consents(settings, keys), Listed())


class Tuned:
    """`over` gives an engine over the base of that name."""

    def __init__(self, settings: Settings, over: Callable[[str], Awaitable[Engine]]) -> None:
        self._settings, self._over = settings, over
        self._keys = ledger.vault(settings)
        self._registry = registry(settings, self._keys)

    async def ask_of(self, turn: Turn) -> AskModel | None:
        """Nobody, where no adapter serves this shop, or not these askers: then rules and examples decide, as ever."""
        from mingbai.engine.protocol import collect
        from mingbai.turn.understand.ask import by_model

        whom = self._settings.learn.answers
        if whom == "nobody" or (whom == "staff" and not turn.focus.channel.startswith(STAFF_CHANNEL)):
            return None
        name = turn.conversation_no or turn.turn_no
        found = await asyncio.to_thread(self._registry.serving, turn.shop, conversation=name)
        if found is None:
            return None
        engine = await self._over(found.base)
        return by_model(partial(collect, engine), adapter=found.served_as)

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """As long as it is open, what was taken back leaves the engine's list also when nobody asks."""
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            self._keys.close()

    async def _watch(self) -> None:
        while True:
            await asyncio.to_thread(self._registry.look)
            await asyncio.sleep(LOOK_SECONDS)


class Engines:
    """The service's own engine where it runs that base; else one beside it, started at the first ask."""

    def __init__(self, settings: Settings, own: LocalEngine | None) -> None:
        self._settings, self._own = settings, own
        self._beside: dict[str, LocalEngine] = {}
        self._starting = asyncio.Lock()

    async def over(self, base: str) -> Engine:
        entry = assemble.running(self._settings, self._own)
        if self._own is not None and entry is not None and entry.id == base:
            return self._own
        async with self._starting:
            if base not in self._beside:
                weights = await asyncio.to_thread(assemble.weights, self._settings, base)
                small = replace(self._settings.engine, slots=SLOTS, context_per_slot=CONTEXT)
                self._beside[base] = assemble.local_engine(replace(self._settings, engine=small), weights)
                self._beside[base].start()
            return self._beside[base]

    async def stop(self) -> None:
        await asyncio.gather(*(engine.stop() for engine in self._beside.values()))


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
