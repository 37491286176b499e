"""`mingbai ask`: one question to the desk, answered from the shop's rows; or, with --raw, to the model alone."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing, nullcontext
from typing import TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from mingbai.engine.local import LocalEngine
    from mingbai.engine.protocol import Engine
    from mingbai.values.chat import Ask, Finished


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--shop", default=None, help="店铺代号 / the shop")
@click.option("--customer", default="", help="已核实的顾客编号 / the proven customer's id")
@click.option("--order", default="", help="顾客正在看的订单 / the order in focus")
@click.option("--item", default="", help="顾客正在看的商品 / the product in focus")
@click.option("--lang", type=click.Choice(["zh", "en"]), default=None, help="用这种语言回答 / answer in")
@click.option(
    "--phrase", type=click.Choice(["model", "template"]), default="model", show_default=True,
    help="由模型措辞，或只用模板 / worded by the model, or by templates alone",
)  # fmt: skip
@click.option("--today", default=None, metavar="DATE", help="把今天定为这一天 / fix the calendar at this day")
@click.option("--raw", is_flag=True, help="直接问模型，不查店铺数据 / the model alone, nothing checked")
@click.option("--model", default=None, help="模型 / model")
@click.option("--max-tokens", type=click.IntRange(min=1), default=512, show_default=True)
@click.option("--temperature", type=click.FloatRange(0, 2), default=None)
@click.option("--rehearse", is_flag=True, help="彩排：没有模型的固定回答 / scripted, without weights")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def ask(
    text: tuple[str, ...], shop: str | None, customer: str, order: str, item: str, lang: str | None, phrase: str,
    today: str | None, raw: bool, model: str | None, max_tokens: int, temperature: float | None, rehearse: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """问客服台；多给几句就是一段对话。 / Ask the desk; several texts are one conversation.

    \b
    mingbai ask "订单 MB20251103-0042 到哪了？尾号 2100"
    mingbai ask --customer C0001 "我的订单到哪了" "那什么时候能到"
    """
    import secrets

    from mingbai.cli import assemble
    from mingbai.cli.dates import day
    from mingbai.cli.settings import load
    from mingbai.engine.rehearsal import RehearsalEngine
    from mingbai.values.chat import Ask, Asker, Message, Sampling

    settings = load()
    if raw or rehearse:
        sampling = Sampling(temperature=temperature, max_tokens=max_tokens)
        question = Ask(tuple(Message("user", t) for t in text), sampling=sampling)
        if rehearse:
            asyncio.run(_told(RehearsalEngine(), [question], as_json))
            return
        local = assemble.local_engine(settings, assemble.weights(settings, model))
        asyncio.run(_with(local, lambda: local, [question], as_json))
        return
    fixed: date | None = day(today) if today else None
    engine = assemble.local_engine(settings, assemble.weights(settings, model)) if phrase == "model" else None
    with assemble.records(settings) as records:
        asker = Asker(
            "", records.the_shop(shop), customer, order, item, "cli", lang or "", secrets.token_hex(12)
        )
        questions = [Ask((Message("user", t),), asker=asker, key="cli") for t in text]
        desk = assemble.desk(settings, records, engine, today=fixed)
        desk.load()
        asyncio.run(_with(engine, lambda: desk, questions, as_json))


async def _with(
    local: LocalEngine | None, asked: Callable[[], Engine], questions: list[Ask], as_json: bool
) -> None:
    from mingbai.cli import assemble

    async with assemble.started(local) if local else nullcontext():
        await _told(asked(), questions, as_json)


async def _told(engine: Engine, questions: list[Ask], as_json: bool) -> None:
    """Each question with all that was said before it, as OpenAI's clients send them."""
    import secrets
    from dataclasses import replace

    from mingbai.engine.protocol import collect
    from mingbai.values.chat import Finished, Message, Piece

    said: tuple[Message, ...] = ()
    if engine.place == "rehearsal" and not as_json:
        click.echo("（彩排，不是模型的回答 / rehearsal, not a model's answer）", err=True)
    for question in questions:
        said = (*said, *question.messages)
        asker = question.asker and replace(question.asker, turn_no="t-" + secrets.token_hex(12))
        full = replace(question, messages=said, asker=asker)
        if as_json:
            answer = await collect(engine, full)
            usage = answer.finished.usage
            row = {
                "text": answer.text,
                "place": answer.finished.place or engine.place,
                "finish_reason": answer.finished.reason,
                "prompt_tokens": usage.prompt_tokens,
                "completion_tokens": usage.completion_tokens,
                **answer.finished.extra,
            }
            click.echo(json.dumps(row, ensure_ascii=False))
            said = (*said, Message("assistant", answer.text))
            continue
        if len(questions) > 1:
            click.secho(f"› {question.messages[-1].content}", dim=True)
        text = ""
        async with aclosing(engine.generate(full)) as events:
            async for event in events:
                if isinstance(event, Piece):
                    text += event.text
                    click.echo(event.text, nl=False)
                elif isinstance(event, Finished) and event.extra:
                    click.echo()
                    _behind(event)
        if asker is None:
            click.echo()
        said = (*said, Message("assistant", text))


def _behind(finished: Finished) -> None:
    """What stands behind an answer, dimmed, for a person."""
    extra = cast(dict[str, Any], finished.extra)
    rows = {f"{s['kind']} {s['key']}" for f in extra["facts"] for s in f["sources"]}
    who = {"model": f"模型 / model @ {finished.place}", "template": "模板 / template"}
    parts = [
        "、".join(f"{i['name']} {i['p']:.2f}" for i in extra["intents"]),
        "依据 / from: " + "、".join(sorted(rows)) if rows else "",
        who.get(str(extra["phrased_by"]), ""),
        f"{extra['label']}  {extra['receipt']}",
    ]
    click.secho("  " + "  ·  ".join(p for p in parts if p), dim=True)
