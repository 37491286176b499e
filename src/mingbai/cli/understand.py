"""`mingbai understand`: what a message asks for, without answering it; or a file of messages, for programs."""

from __future__ import annotations

from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from mingbai.shop.records.home import Records
    from mingbai.turn.understand import Understander
    from mingbai.turn.understand.ask import AskModel
    from mingbai.values.json import JsonObject
    from mingbai.values.settings import Settings

MODEL_SECONDS = 120.0  # a program that asks for the model waits for it; a customer would not


@click.command()
@click.argument("text")
@click.option(
    "--shop", default=None, help="店铺代号：认它的商品名和订单号 / the shop whose goods and numbers are known"
)
@click.option("--today", default=None, metavar="DATE", help="把今天定为这一天 / fix the calendar at this day")
@click.option(
    "--model", "with_model", is_flag=True, help="拿不准时问模型（慢） / ask the model where unsure (slow)"
)
@click.option("--words-only", is_flag=True, help="不用句向量 / without the sentence encoder")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def understand(
    text: str, shop: str | None, today: str | None, with_model: bool, words_only: bool, as_json: bool
) -> None:
    """听懂 TEXT；TEXT 也可以是 JSON Lines 文件，每行 {"id","text"} 或 {"id","turns":[…]}。

    Understand TEXT, or each line of a JSON Lines file, {"id","text"} or {"id","turns":[…]} whose last one is asked about.
    """
    import asyncio
    import json
    from datetime import date

    from mingbai.cli.dates import day
    from mingbai.cli.settings import load
    from mingbai.turn.understand import batch

    settings = load()
    fixed = day(today) if today else date.today()
    file = Path(text)
    is_file = len(text) < 1024 and file.is_file()
    with ExitStack() as open_until_done:
        records = _records(settings, shop, open_until_done)
        here = records.the_shop(shop) if records and (shop or len(records.shops()) == 1) else ""

        async def run() -> None:
            async with opened(
                settings, records, with_model=with_model, words_only=words_only
            ) as understander:
                if not is_file:
                    said = batch.Asked("", (batch.Said("customer", text),))
                    done = await batch.understood(understander, said, here, fixed)
                    click.echo(json.dumps(done, ensure_ascii=False) if as_json else _told(done))
                    return
                for asked in batch.read(file):
                    done = await batch.understood(understander, asked, here, fixed)
                    click.echo(json.dumps(done, ensure_ascii=False))

        asyncio.run(run())


@asynccontextmanager
async def opened(
    settings: Settings, records: Records | None, *, with_model: bool, words_only: bool
) -> AsyncIterator[Understander]:
    """Ready to be asked; with the model, its child process runs as long."""
    from mingbai.cli import assemble
    from mingbai.engine.protocol import collect
    from mingbai.turn.understand.ask import by_model

    if not with_model:
        understander = understander_of(settings, records, words_only=words_only)
        understander.load()
        yield understander
        return
    engine = assemble.local_engine(settings, assemble.weights(settings, None))
    async with assemble.started(engine):
        await engine.ready(seconds=settings.engine.start_timeout_seconds)
        ask_model = by_model(lambda ask: collect(engine, ask), deadline_seconds=MODEL_SECONDS)
        understander = understander_of(settings, records, ask_model=ask_model, words_only=words_only)
        understander.load()
        yield understander


def understander_of(
    settings: Settings,
    records: Records | None,
    *,
    ask_model: AskModel | None = None,
    words_only: bool = False,
) -> Understander:
    """Wired as the desk's is, but for what was switched off, and without rows where there are none yet."""
    from mingbai.cli import assemble
    from mingbai.shop.search import encoder
    from mingbai.turn.understand import Understander

    words = assemble.ShopWords(records) if records is not None else None
    return Understander(
        None if words_only else encoder.default(),
        ask_model,
        goods_of=words.goods if words else None,
        own_of=words.own if words else None,
        cache=settings.home / "understand",
    )


def _records(settings: Settings, shop: str | None, until: ExitStack) -> Records | None:
    """The shops' rows where there are any; understanding works without."""
    from mingbai.cli import assemble

    if shop is None and not settings.shop.database and not (settings.home / "shop.db").exists():
        return None
    return until.enter_context(assemble.records(settings))


def _told(done: JsonObject) -> str:
    """For people: a line each."""
    intents = "、".join(f"{it['name']} {it['p']:.2f}（{it['by']}）" for it in done["intents"])  # type: ignore[union-attr,call-overload,index]
    lines = [f"语言 / language: {done['lang']}", f"意图 / intents: {intents}"]
    if done.get("unsure"):
        lines.append("拿不准，应当反问 / unsure: ask back")
    slots = done["slots"]
    assert isinstance(slots, dict)
    lines += [f"  {name}: {value}" for name, value in slots.items()]
    if done["handoff"]:
        lines.append("转人工 / to a person")
    return "\n".join(lines)
