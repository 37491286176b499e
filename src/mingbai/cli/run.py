"""`mingbai run`: weights, engine, service; prints the address, a first key, and what runs where."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from mingbai.values.errors import BadInput, EngineError, EngineUnavailable, Text

LINK_SECONDS = 24 * 3600  # of the login link that is printed at start

if TYPE_CHECKING:
    from mingbai.engine.local import LocalEngine
    from mingbai.engine.protocol import Engine
    from mingbai.serve.service import Service
    from mingbai.values.settings import ServeSettings, Settings


@click.command()
@click.option("--host", default=None, help="监听地址 / address to bind")
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="端口 / port")
@click.option("--model", default=None, help="模型 / model of the catalogue")
@click.option(
    "--worded-by", default=None, metavar="PLACE/MODEL",
    help="客服台的话由别处的模型措辞，策略允许才发 / the desk is worded by a model elsewhere, as far as the policy lets it",
)  # fmt: skip
@click.option("--rehearse", is_flag=True, help="彩排：没有模型的固定回答 / scripted answers without weights")
@click.option("--tls-cert", default=None, help="TLS 证书 / certificate")
@click.option("--tls-key", default=None, help="TLS 私钥 / private key")
@click.option(
    "--unsafe-plain-http", is_flag=True, help="允许在回环地址以外用明文 / plain HTTP beyond loopback"
)
def run(
    host: str | None, port: int | None, model: str | None, worded_by: str | None, rehearse: bool,
    tls_cert: str | None, tls_key: str | None, unsafe_plain_http: bool,
) -> None:  # fmt: skip
    """启动服务。 / Start the service."""
    from mingbai.cli import retrain
    from mingbai.cli.settings import load

    settings = load()
    s = settings.serve
    serve = replace(
        s, host=host or s.host, port=s.port if port is None else port, tls_cert=tls_cert or s.tls_cert,
        tls_key=tls_key or s.tls_key, unsafe_plain_http=unsafe_plain_http or s.unsafe_plain_http,
    )  # fmt: skip
    settings = replace(settings, serve=serve)
    check_bind(serve)
    retrain.daily(settings)  # a wrong time is told before anything is loaded
    listener = listen(serve)
    failure = _serve(settings, listener, model, worded_by, rehearse)
    if failure is not None:
        raise failure


def check_bind(serve: ServeSettings) -> None:
    """Beyond loopback, keys and messages would cross a network in the clear: that needs TLS or an explicit flag."""
    try:
        loopback = ipaddress.ip_address(serve.host).is_loopback
    except ValueError:
        loopback = serve.host == "localhost"
    if not loopback and not (serve.tls_cert and serve.tls_key) and not serve.unsafe_plain_http:
        raise BadInput(
            Text(f"{serve.host} 不是回环地址，需要 TLS。", f"{serve.host} is not loopback: TLS is needed."),
            Text(
                "请给 --tls-cert 和 --tls-key；若前面已有 TLS 代理，用 --unsafe-plain-http。",
                "Give --tls-cert and --tls-key; behind a TLS proxy, use --unsafe-plain-http.",
            ),
        )


def listen(serve: ServeSettings) -> socket.socket:
    """The listening socket. Made before anything slow, so that a port in use is said at once."""
    family = socket.AF_INET6 if ":" in serve.host else socket.AF_INET
    with ExitStack() as undo:
        listener = undo.enter_context(socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((serve.host, serve.port))
            listener.listen()  # until one listens, SO_REUSEADDR lets a second bind
        except OSError as e:
            raise BadInput(
                Text(
                    f"不能监听 {serve.host}:{serve.port}（{e.strerror}）。",
                    f"Cannot listen on {serve.host}:{serve.port} ({e.strerror}).",
                ),
                Text(
                    f"换一个端口，例如 mingbai run --port {serve.port + 1}",
                    f"Use another port: mingbai run --port {serve.port + 1}",
                ),
            ) from e
        undo.pop_all()
    return listener


def _serve(
    settings: Settings, listener: socket.socket, model: str | None, wording: str | None, rehearse: bool
) -> EngineUnavailable | None:
    """Run until stopped; the engine's failure to start, if that is why it stopped."""
    import uvicorn

    from mingbai.cli import assemble, floor, ledger, witnesses
    from mingbai.cli.retrain import retraining
    from mingbai.cli.tuned import Engines, Failures, Tuned, helping
    from mingbai.engine.rehearsal import RehearsalEngine
    from mingbai.serve.app import build
    from mingbai.serve.drain import DrainingServer
    from mingbai.serve.embeddings import Embeddings
    from mingbai.serve.keys import KeyStore, Scope
    from mingbai.serve.logs import log, set_up
    from mingbai.serve.metrics import Metrics
    from mingbai.serve.service import DESK, Service
    from mingbai.shop.search import encoder

    engines: dict[str, Engine] = {}
    local: LocalEngine | None = None
    if rehearse:
        name = "rehearsal"
        engines[name] = RehearsalEngine()
    else:
        found = assemble.weights(settings, model)
        name = found.entry.id
        local = assemble.local_engine(settings, found)
        engines[name] = local
    engines |= assemble.place_engines(settings)
    records = assemble.records(settings)
    if not records.shops():
        assemble.take_example(records)
        ledger.take_example_consents(settings)
    worded_by = assemble.worded_by(engines, wording) if wording else None if rehearse else engines[name]
    receipts = ledger.receipts(settings, assemble.running(settings, worded_by))
    finder, bounds = assemble.search(settings, records), floor.limits(settings)
    failed = Failures()
    beside = Engines(settings, local, failed)
    helper = None if rehearse else Tuned(settings, beside.over, failed)
    desk = assemble.desk(
        settings, records, worded_by, receipts=receipts, finder=finder, bounds=bounds,
        ask_of=None if helper is None else helper.ask_of,
        drafter=None if helper is None or worded_by is not local else helper.drafter,  # a draft's place is then the desk's
    )  # fmt: skip
    engines = {DESK: desk, **engines}
    store = KeyStore(settings.home / "keys.db")
    first = None if store.list() else store.create(Scope.OWNER, label="first")
    set_up()
    service = Service(
        engines=engines, default_model=name, keys=store, settings=settings.serve,
        deadline_seconds=settings.engine.deadline_seconds, metrics=Metrics(),
        state=(lambda: str(local.state)) if local else (lambda: "ready"),
        started=assemble.now(), lifespan=lambda: witnessed(),
        embeddings=Embeddings(encoder.default()), receipts=receipts, witness=witnesses.door(settings.home),
        page=floor.page(settings, records, desk, store, finder=finder, bounds=bounds, receipts=receipts),
    )  # fmt: skip
    if local is not None:
        service.metrics.watch(lambda: engine_numbers(local))
    service.metrics.watch(lambda: {"mingbai_adapter_failures_total": failed.count})
    failures: list[EngineUnavailable] = []

    @asynccontextmanager
    async def witnessed() -> AsyncIterator[None]:
        async with (
            helping(helper, beside),
            retraining(settings),
            witnesses.asking(settings.home, receipts.log, lambda name: log("witness_failed", witness=name)),
            lifespan(),
        ):
            yield

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        address = f"{'https' if settings.serve.tls_cert else 'http'}://{_shown(listener)}"
        if local is None:
            await asyncio.to_thread(desk.load)
            _greet(service, address, "彩排，没有模型 / rehearsal, no model", first.secret if first else "")
            yield
            return
        async with assemble.started(local):
            greeting = asyncio.create_task(when_ready(local, address))
            try:
                yield
            finally:
                greeting.cancel()

    async def when_ready(engine: LocalEngine, address: str) -> None:
        try:
            await asyncio.gather(
                engine.ready(seconds=settings.engine.start_timeout_seconds), asyncio.to_thread(desk.load)
            )
        except EngineUnavailable as e:
            for line in engine.shared.supervisor.last_lines:
                click.echo(f"  engine: {line}", err=True)
            failures.append(e)
            server.should_exit = True
            return
        kind = "native" if assemble.native_server(settings) else "wheel"
        where = f"本机 llama.cpp（{kind}）/ this machine"
        _greet(service, address, where, first.secret if first else "")
        with suppress(EngineError):  # a customer's question meets it again, and is answered by templates then
            if worded_by is local:  # a place charges for what it reads
                await desk.load_model()

    config = uvicorn.Config(
        build(service), log_config=None, access_log=False, ws="none", lifespan="on",
        ssl_certfile=settings.serve.tls_cert or None, ssl_keyfile=settings.serve.tls_key or None,
        timeout_graceful_shutdown=5, server_header=False,
    )  # fmt: skip
    server = DrainingServer(config, service)
    server.run(sockets=[listener])
    if service.page is not None:
        service.page.close()
    store.close()
    records.close()
    return failures[0] if failures else None


def engine_numbers(engine: LocalEngine) -> dict[str, float]:
    """What /metrics reports of the local engine."""
    stats, admission = engine.stats, engine.shared.admission
    return {
        "mingbai_queue_waiting": admission.waiting,
        "mingbai_slots_in_use": admission.in_use,
        "mingbai_prefix_hits_total": stats.prefix_hits,
        "mingbai_prefix_misses_total": stats.prefix_misses,
        "mingbai_prefix_save_failures_total": stats.prefix_save_failures,
        "mingbai_engine_replacements_total": stats.replacements,
        "mingbai_engine_retries_total": stats.retries,
        "mingbai_adapter_swaps_total": stats.swaps,
        "mingbai_adapter_swap_failures_total": stats.swap_failures,
    }


def _shown(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _greet(service: Service, address: str, where: str, secret: str) -> None:
    from mingbai.permit.mask.masked import MaskedEngine
    from mingbai.serve.keys import Scope

    click.echo(f"明白已就绪 / Mingbai is ready:  {address}/")
    if service.page is not None:
        once = service.page.sessions.link(Scope.OWNER, seconds=LINK_SECONDS)
        click.echo(f"  登录（只能用一次） / log in, good once:  {address}/login#{once}")
        if not service.page.files.is_built:
            click.echo("  页面还没有构建：make page / the page is not built: make page", err=True)
    for name, engine in service.engines.items():
        at = where if engine.place in ("local", "rehearsal") else engine.place
        manner = f"   {engine.manner}" if isinstance(engine, MaskedEngine) else ""
        click.echo(f"  模型 / model: {name}   在 / at: {at}{manner}")
    if secret:
        click.echo(f"  第一把钥匙（只显示这一次） / first key, shown this once:  {secret}")
        click.echo("  试一试 / try:")
        click.echo(
            f"    curl {address}/v1/chat/completions -H 'Authorization: Bearer {secret}' "
            f"-H 'Content-Type: application/json' -d '"
            f'{{"model":"mingbai","messages":[{{"role":"user","content":"七天无理由退货的运费谁出？"}}]}}\''
        )
    else:
        click.echo("  钥匙 / key: mingbai keys create --scope owner")
