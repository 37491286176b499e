"""`mingbai bench counter`: what the counter adds to the desk's first words: the same questions by the API and by the page's
route, turn about, in one process; and in a talk that is already long."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import httpx

    from mingbai.serve.page import Page

QUESTIONS = (
    "订单 MB20251103-0042 到哪了？尾号 2100", "七天无理由退货的运费谁出？", "能开发票吗？", "有什么优惠券？", "汝釉开片盖碗多少钱？",
    "寄到杭州要几天？", "Where is my parcel?", "How do I return something?", "Can I have an invoice?", "Is the gaiwan in stock?",
)  # fmt: skip
LONG = 2_000  # messages of the long talk
ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@click.command()
@click.option("--pairs", type=click.IntRange(5, 1000), default=50, show_default=True, help="问答对数 / pairs")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def counter(pairs: int, as_json: bool) -> None:
    """柜台比接口慢多少：同一问，轮流问，首字时间。 / What the counter adds to the API's first words (templates, no model)."""
    from mingbai.prove.spread import quantile

    found = asyncio.run(_measured(pairs))

    def both(times: Sequence[float]) -> dict[str, float]:
        return {"p50": round(1000 * quantile(times, 0.5), 1), "p95": round(1000 * quantile(times, 0.95), 1)}

    added = [c - a for a, c in zip(found["api"], found["counter"], strict=True)]
    said = {**{name: both(times) for name, times in found.items()}, "added": both(added)}
    if as_json:
        click.echo(json.dumps({"pairs": pairs, "long_messages": LONG, "milliseconds": said}))
        return
    words = {
        "api": "接口 / API",
        "counter": "柜台 / counter",
        "added": "多出 / added",
        "long": f"{LONG} 条的对话 / talk",
    }
    for name, figures in said.items():
        click.echo(f"{words[name]:28} p50 {figures['p50']:8.1f} ms   p95 {figures['p95']:8.1f} ms")


async def _measured(pairs: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"api": [], "counter": [], "long": []}
    async with _standing() as (client, key, page):
        for at in range(-len(QUESTIONS), pairs):  # the first round only warms up
            text = QUESTIONS[at % len(QUESTIONS)]
            body = {"model": "mingbai", "stream": True, "messages": [{"role": "user", "content": text}]}
            api = await _first(client, "/v1/chat/completions", body, key, '"content"')
            await client.post("/v1/counter/state", json={"state": "closed"}, headers=ORIGIN)
            ours = await _first(client, "/v1/counter/messages", {"text": text}, ORIGIN, '"piece"')
            if at >= 0:
                found["api"].append(api)
                found["counter"].append(ours)
        await asyncio.to_thread(_lengthen, page)
        for text in QUESTIONS * (pairs // len(QUESTIONS) + 1):
            await client.post("/v1/counter/state", json={"state": "desk"}, headers=ORIGIN)
            found["long"].append(
                await _first(client, "/v1/counter/messages", {"text": text}, ORIGIN, '"piece"')
            )
    return found


async def _first(
    client: httpx.AsyncClient, path: str, body: object, headers: dict[str, str], sign: str
) -> float:
    """Seconds to the first words; the rest of the answer is read, too."""
    began, first = time.perf_counter(), 0.0
    async with client.stream("POST", path, json=body, headers=headers) as reply:
        reply.raise_for_status()
        async for line in reply.aiter_lines():
            if not first and sign in line:
                first = time.perf_counter() - began
    return first


def _lengthen(page: Page) -> None:
    (talk,) = page.counter.kept.listed(page.shop_of(""), ("desk", "waiting", "staff"))
    for at in range(LONG // 2):
        page.counter.kept.say(talk, "customer", f"{QUESTIONS[at % len(QUESTIONS)]} {at}")
        page.counter.kept.say(talk, "desk", "好的。" * 20, extra={"facts": []})


@asynccontextmanager
async def _standing() -> AsyncIterator[tuple[httpx.AsyncClient, dict[str, str], Page]]:
    """A service on a port of its own, over the example shop, without a model; a client with a visitor's cookie."""
    from dataclasses import replace

    import httpx
    import uvicorn

    from mingbai.cli import assemble, floor, ledger
    from mingbai.cli.prove_home import prepared
    from mingbai.cli.run import listen
    from mingbai.cli.settings import load
    from mingbai.engine.loopback import LoopbackTransport
    from mingbai.serve.app import build
    from mingbai.serve.keys import KeyStore, Scope
    from mingbai.serve.metrics import Metrics
    from mingbai.serve.service import DESK, Service
    from mingbai.values.settings import ServeSettings

    with prepared() as (_, home, _, _):
        serve = ServeSettings(port=0, turns_per_minute=10**6, turns_per_minute_of_key=10**6)
        settings = replace(load(), home=home, serve=serve)
        records, receipts = assemble.records(settings), ledger.receipts(settings)
        finder, bounds = assemble.search(settings, records), floor.limits(settings)
        desk = assemble.desk(settings, records, None, receipts=receipts, finder=finder, bounds=bounds)
        await asyncio.to_thread(desk.load)
        keys = KeyStore(Path(home) / "keys.db")
        key = keys.create(Scope.OWNER).secret
        page = floor.page(settings, records, desk, keys, finder=finder, bounds=bounds, receipts=receipts)
        service = Service(
            engines={DESK: desk}, default_model=DESK, keys=keys, settings=serve, deadline_seconds=60.0, metrics=Metrics(),
            state=lambda: "ready", started=assemble.now(), lifespan=nullcontext, receipts=receipts, page=page,
        )  # fmt: skip
        listener = listen(serve)
        config = uvicorn.Config(build(service), log_config=None, access_log=False, ws="none", lifespan="on")
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            async with httpx.AsyncClient(base_url=url, timeout=30, transport=LoopbackTransport()) as client:
                await client.post("/v1/session", json={"counter": True}, headers=ORIGIN)
                yield client, {"Authorization": f"Bearer {key}"}, page
        finally:
            server.should_exit = True
            await running
            page.close()
            receipts.close()
            records.close()
