"""`mingbai prove`: suites that ask the running service and say how often it was right."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from mingbai.cli.progress import counting
from mingbai.cli.prove_checks import checks
from mingbai.cli.prove_desk import desk, same_answer
from mingbai.cli.prove_erase import erase
from mingbai.cli.prove_injections import injections
from mingbai.cli.prove_isolation import isolation
from mingbai.cli.prove_leaks import leaks
from mingbai.cli.prove_masking import masking
from mingbai.cli.prove_placeholders import placeholders
from mingbai.cli.shared_data import shared_data


@click.group()
def prove() -> None:
    """测质量。 / Quality: ask, and grade the answers."""


prove.add_command(desk)
prove.add_command(checks)
prove.add_command(same_answer)
prove.add_command(masking)
prove.add_command(erase)
prove.add_command(placeholders)
prove.add_command(injections)
prove.add_command(leaks)
prove.add_command(isolation)


@prove.command()
@shared_data()
@click.option(
    "--url", default="http://127.0.0.1:8700/v1", show_default=True, help="服务地址 / address of the service"
)
@click.option("--key", default="", help="密钥 mb-… / key")
@click.option(
    "--model",
    default="",
    help="模型名，默认为服务的第一个模型 / model, by default the service's first raw one",
)
@click.option("--suite", "names", multiple=True, help="只做这些测试集 / only these suites")
@click.option(
    "--limit", type=click.IntRange(min=1), help="每个测试集随机取几题 / questions drawn from each suite"
)
@click.option("--seed", type=int, default=0, show_default=True, help="抽题的种子 / seed of the draw")
@click.option(
    "--plain",
    type=click.Choice(["json", "qwen", "none"]),
    default="json",
    show_default=True,
    help="不用 tools 的问法 / how to ask without tools",
)
@click.option(
    "--concurrency",
    type=click.IntRange(min=1),
    default=4,
    show_default=True,
    help="同时几题 / questions at once",
)
@click.option("--max-tokens", type=click.IntRange(min=1), help="回答的上限 / limit of an answer")
@click.option(
    "--details",
    type=click.Path(path_type=Path, dir_okay=False),
    help="每题一行 JSON，写到此文件 / one JSON line per question, to this file",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def tools(
    data: Path,
    url: str,
    key: str,
    model: str,
    names: tuple[str, ...],
    limit: int | None,
    seed: int,
    plain: Literal["json", "qwen", "none"],
    concurrency: int,
    max_tokens: int | None,
    details: Path | None,
    as_json: bool,
) -> None:
    """函数调用：用 tools 与直接提问的正确率。 / Tool calls: accuracy with `tools` beside asking plainly."""
    import asyncio
    import json
    from dataclasses import replace

    from mingbai.cli.kept_report import keep
    from mingbai.prove import tally
    from mingbai.prove.suites import SUITES, load
    from mingbai.prove.tools import MAX_TOKENS, Service, first_model, run

    if unknown := set(names) - {suite.name for suite in SUITES}:
        known = "、".join(suite.name for suite in SUITES)
        raise click.BadParameter(f"{min(unknown)}: {known}", param_hint="--suite")
    suites = [suite for suite in SUITES if not names or suite.name in names]
    cases = [case for suite in suites for case in load(data, suite, limit=limit, seed=seed)]

    async def ask() -> tuple[str, tuple[tally.Graded, ...]]:
        service = Service(url, model, key, max_tokens=max_tokens or MAX_TOKENS)
        service = replace(service, model=model or await first_model(service))
        form = None if plain == "none" else plain
        return service.model, await run(
            service, cases, plain=form, concurrency=concurrency, progress=counting()
        )

    name, graded = asyncio.run(ask())
    if details:
        lines = [json.dumps(tally.details(item), ensure_ascii=False) for item in graded]
        details.write_text("\n".join(lines) + "\n", encoding="utf-8")
    report = tally.rows(graded, [(suite.name, suite.extra) for suite in suites])
    settings = {"model": name, "url": url, "plain": plain, "limit": limit, "seed": seed}
    said = {**settings, "suites": tally.as_json(report)}
    keep("tools", f"prove tools · {name} · {len(cases)}", said)
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo(f"{name} · {url} · plain: {plain}\n\n{tally.as_table(report)}")


@prove.command()
@click.option("--kills", type=click.IntRange(1, 1000), default=50, show_default=True)
@click.option("--model", default=None, help="模型 / model")
@click.option("--build", type=click.Choice(["wheel", "native"]), default="wheel", show_default=True)
def crash(kills: int, model: str | None, build: str) -> None:
    """在负载下反复 kill -9 引擎，再 kill -9 服务。 / kill -9 of the engine under load, then of the service."""
    import asyncio
    import tempfile

    from mingbai.cli import assemble
    from mingbai.cli.kept_report import keep
    from mingbai.cli.settings import load
    from mingbai.prove.crash import crash as run

    settings = load()
    found = assemble.weights(settings, model)
    with tempfile.TemporaryDirectory() as home:
        assemble.share_native(settings, Path(home))
        seen = asyncio.run(run(Path(home), found.entry.id, build, kills))
    keep("crash", f"prove crash · {found.entry.id} · {kills}", {"build": build, **seen.as_json()})
    click.echo("\n".join(seen.lines()))


@prove.command()
@click.option("--asks", "count", type=click.IntRange(1, 10_000), default=200, show_default=True)
@click.option("--max-tokens", type=click.IntRange(1, 512), default=24, show_default=True)
@click.option("--model", default=None, help="模型 / model")
def replay(count: int, max_tokens: int, model: str | None) -> None:
    """温度为 0 时同样的问题是否逐字节得到同样的回答。 / Is the same ask answered with the same bytes?"""
    import asyncio
    from collections.abc import AsyncIterator
    from contextlib import asynccontextmanager

    from mingbai.cli import assemble
    from mingbai.cli.kept_report import keep
    from mingbai.cli.settings import load
    from mingbai.engine.protocol import Engine
    from mingbai.prove.replay import replay as run

    settings = load()
    found = assemble.weights(settings, model)

    @asynccontextmanager
    async def start() -> AsyncIterator[Engine]:
        engine = assemble.local_engine(settings, found)
        async with assemble.started(engine):
            await engine.ready(seconds=settings.engine.start_timeout_seconds)
            yield engine

    done = asyncio.run(run(start, count, max_tokens, lambda line: click.echo(f"  {line}", err=True)))
    keep("replay", f"prove replay · {found.entry.id} · {count}", {"max_tokens": max_tokens, **done.as_json()})
    click.echo("\n".join(done.lines()))


@prove.command()
@click.option(
    "--queries",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    default=None,
    help="题集，默认为随包的盲写题集 / query set, by default the blind one of the package",
)
@shared_data(
    "共享数据目录，取 VitaBench 目录作干扰 / folder of shared data, for VitaBench's catalogue as distractors"
)
@click.option("--alone", is_flag=True, help="不掺干扰商品 / the example shop without distractors")
@click.option("--fast", is_flag=True, help="不用第二编码器 / without the second encoder")
@click.option("--misses", is_flag=True, help="列出每个没做对的 / list every miss")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def search(queries: Path | None, data: Path, alone: bool, fast: bool, misses: bool, as_json: bool) -> None:
    """搜得准不准：示例店掺入外卖目录，中英、繁体、错字、首字母、离题。 / Is the right row found, and nothing when there is nothing?"""
    import json

    from mingbai.cli.kept_report import keep
    from mingbai.prove import search as suite
    from mingbai.prove.search_home import standing
    from mingbai.shop.example import make
    from mingbai.shop.search.normal import folded

    cases = suite.parse(queries.read_text("utf-8").splitlines()) if queries else suite.blind()
    rows = list(make.rows())
    there = (data / suite.VITABENCH).is_file()
    if not alone and not there:
        click.echo(f"没有 {data / suite.VITABENCH}：不掺干扰商品 / not there: without distractors", err=True)
    elif not alone:
        rows += suite.distractors(data)

    with standing(
        make.SHOP, rows, deep_seconds=0 if fast else 3600, progress=counting("第二编码器 / second encoder: ")
    ) as ready:
        graded = suite.grade(lambda text: ready.ask(make.SHOP, suite.query(text)), cases, folded)
    report = suite.Report(tuple(graded))
    said = {**report.as_json(), "distractors": bool(there and not alone), "second_encoder": not fast}
    keep("search", "prove search", said)
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo("\n".join(report.lines()))
    if misses:
        click.echo("\n".join(report.misses()), err=as_json)


@prove.command()
@click.option("--model", "with_model", is_flag=True, help="拿不准时问模型 / ask the model where unsure")
@click.option("--words-only", is_flag=True, help="不用句向量 / without the sentence encoder")
@click.option("--misses", "show_misses", is_flag=True, help="列出每个错的 / list what was not right")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def understand(with_model: bool, words_only: bool, show_misses: bool, as_json: bool) -> None:
    """听懂了多少：留出的消息，不参与调整。 / How much is understood of messages that nothing was tuned on."""
    import asyncio
    import json

    from mingbai.cli.kept_report import keep
    from mingbai.cli.settings import load
    from mingbai.cli.understand import opened
    from mingbai.prove import understand as proof

    async def run() -> tuple[list[proof.Graded], list[proof.Graded]]:
        async with opened(load(), None, with_model=with_model, words_only=words_only) as understander:
            intents = await proof.graded(understander, proof.intent_cases())
            return intents, await proof.graded(understander, proof.handoff_cases())

    intents, handoffs = asyncio.run(run())
    report = proof.report(intents, handoffs)
    keep("understand", "prove understand", {"model": with_model, "words_only": words_only, **report})
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        click.echo("\n".join(f"{name:32} {value}" for name, value in report.items()))
    if show_misses:
        click.echo("\n".join(["", *proof.misses(intents), *proof.misses(handoffs)]))
