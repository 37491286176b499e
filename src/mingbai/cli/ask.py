"""`mingbai ask`: one question to the raw model, without a service. The desk comes with a later part."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.engine.protocol import Engine
    from mingbai.values.chat import Ask


@click.command()
@click.argument("text")
@click.option("--model", default=None, help="模型 / model")
@click.option("--max-tokens", type=click.IntRange(min=1), default=512, show_default=True)
@click.option("--temperature", type=click.FloatRange(0, 2), default=None)
@click.option("--rehearse", is_flag=True, help="彩排：没有模型的固定回答 / scripted, without weights")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def ask(
    text: str, model: str | None, max_tokens: int, temperature: float | None, rehearse: bool, as_json: bool
) -> None:
    """直接问模型一句（没有查店铺数据，不保证属实）。 / Ask the raw model; nothing is checked against a shop."""
    from mingbai.cli import assemble
    from mingbai.cli.settings import load
    from mingbai.engine.rehearsal import RehearsalEngine
    from mingbai.values.chat import Ask, Message, Sampling

    question = Ask(
        (Message("user", text),), sampling=Sampling(temperature=temperature, max_tokens=max_tokens)
    )
    if rehearse:
        asyncio.run(_answer(RehearsalEngine(), question, as_json))
        return
    settings = load()
    found = assemble.weights(settings, model)

    async def main() -> None:
        engine = assemble.local_engine(settings, found)
        async with assemble.started(engine):
            await _answer(engine, question, as_json)

    asyncio.run(main())


async def _answer(engine: Engine, question: Ask, as_json: bool) -> None:
    from mingbai.engine.protocol import collect
    from mingbai.values.chat import Piece

    if as_json:
        answer = await collect(engine, question)
        usage = answer.finished.usage
        row = {
            "text": answer.text,
            "place": engine.place,
            "finish_reason": answer.finished.reason,
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
        }
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    if engine.place == "rehearsal":
        click.echo("（彩排，不是模型的回答 / rehearsal, not a model's answer）", err=True)
    async with aclosing(engine.generate(question)) as events:
        async for event in events:
            if isinstance(event, Piece):
                click.echo(event.text, nl=False)
    click.echo()
