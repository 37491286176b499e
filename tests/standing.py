"""A service standing for a test: on the rehearsal engine or one that falters, with a key of every scope."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import uvicorn
from starlette.types import ASGIApp

from mingbai.engine.protocol import Engine
from mingbai.permit.vault.vault import Vault
from mingbai.receipt import signing
from mingbai.receipt.body import House
from mingbai.receipt.book import Receipts
from mingbai.receipt.log import TileLog
from mingbai.serve.app import build
from mingbai.serve.drain import DrainingServer
from mingbai.serve.embeddings import Embeddings
from mingbai.serve.keys import KeyStore, Scope
from mingbai.serve.metrics import Metrics
from mingbai.serve.page import Page
from mingbai.serve.service import Service
from mingbai.shop.search.encoder import Hashed
from mingbai.values.chat import Ask, Event
from mingbai.values.settings import ServeSettings

CHAT = "/v1/chat/completions"
MODEL = "qwen"  # what every engine is called here


def chat(text: str = "你好", **more: object) -> dict[str, object]:
    """The body of a chat with one thing said."""
    return {"model": MODEL, "messages": [{"role": "user", "content": text}], **more}


class Faltering:
    """An engine that says what it is given, then fails with `error`, or is silent until it is cancelled."""

    place = "faltering"
    attempts = 3

    def __init__(self, *says: Event, error: Exception | None = None) -> None:
        self._says = says
        self._error = error
        self.asks: list[Ask] = []
        self.cancelled = asyncio.Event()

    async def generate(self, ask: Ask) -> AsyncGenerator[Event, None]:
        self.asks.append(ask)
        for event in self._says:
            yield event
        if self._error is not None:
            raise self._error
        try:
            await asyncio.Event().wait()
        except (asyncio.CancelledError, GeneratorExit):
            self.cancelled.set()
            raise


@dataclass(slots=True)
class Standing:
    """A service, and the secret of one key of each scope."""

    service: Service
    secrets: dict[Scope, str] = field(repr=False)

    def headers(self, scope: Scope = Scope.OWNER) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secrets[scope]}"}

    def browser(self, **headers: str) -> httpx.AsyncClient:
        """A client as a browser's: no key, cookies kept, and it says that the page asking is ours."""
        transport = httpx.ASGITransport(build(self.service), raise_app_exceptions=False)
        said = {"Sec-Fetch-Site": "same-origin", **headers}
        return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8700", headers=said)

    def caller(self, scope: Scope = Scope.OWNER) -> httpx.AsyncClient:
        """A client without a network: replies come whole."""
        transport = httpx.ASGITransport(build(self.service), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://mingbai", headers=self.headers(scope))


def stand(
    home: Path,
    engine: Engine,
    *,
    settings: ServeSettings | None = None,
    deadline_seconds: float = 10,
    page: Callable[[Path, KeyStore, Receipts], Page] | None = None,
) -> Standing:
    """`page`: what makes the page's floor, where a test needs one."""
    keys = KeyStore(home / "keys.db")
    receipts = receipts_of(home)
    service = Service(
        engines={MODEL: engine}, default_model=MODEL, keys=keys, settings=settings or ServeSettings(),
        deadline_seconds=deadline_seconds, metrics=Metrics(), state=lambda: "ready", started=1_700_000_000,
        lifespan=nullcontext, embeddings=Embeddings(Hashed()), receipts=receipts,
        page=page(home, keys, receipts) if page else None,
    )  # fmt: skip
    return Standing(service, {scope: keys.create(scope).secret for scope in Scope})


def receipts_of(home: Path) -> Receipts:
    log = TileLog(home / "answers.db", signing.signer(home / "keys", "answers"))
    return Receipts(log, home / "openings.db", Vault(home / "persons.db", bytes(32)), House("tea", "00"))


async def until(holds: Callable[[], bool], *, seconds: float = 5) -> None:
    """Returns once it holds; TimeoutError if it never does."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.005)


@dataclass(slots=True)
class Listening:
    url: str
    server: DrainingServer


@asynccontextmanager
async def listening(service: Service, app: ASGIApp | None = None) -> AsyncIterator[Listening]:
    """The service on a real port, for what needs a real connection: streams, and callers who hang up."""
    # asyncio turns Nagle's waiting off only where the protocol is named: 40 ms a request otherwise.
    listener = socket.socket(proto=socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app or build(service),
        log_config=None,
        access_log=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=0.2,  # type: ignore[arg-type]  # it is only waited for
    )
    server = DrainingServer(config, service)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await until(lambda: server.started)
        yield Listening(f"http://127.0.0.1:{listener.getsockname()[1]}", server)
    finally:
        server.should_exit = True
        await running
