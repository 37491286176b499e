"""`mingbai prove desk` and `prove same-answer`: conversations with the desk on a home of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from mingbai.cli.progress import counting
from mingbai.cli.prove_home import engine_of, prepared
from mingbai.cli.shared_data import shared_data


@click.command()
@click.option(
    "--suite", "name", default="tea-shop", show_default=True, metavar="NAME|FILE",
    help="tea-shop、handoff、injections、tau-retail，或 JSON Lines 文件 / or a JSON Lines file",
)  # fmt: skip
@click.option(
    "--phrase", type=click.Choice(["template", "model"]), default="template", show_default=True,
    help="只用模板，或由模型措辞 / by templates alone, or worded by the model",
)  # fmt: skip
@click.option("--hostile", is_flag=True, help="模型换成说谎的对手 / the model replaced by one that lies")
@click.option("--model", default=None, help="模型 / model")
@click.option("--limit", type=click.IntRange(min=1), help="随机取几题 / cases drawn")
@click.option("--seed", type=int, default=0, show_default=True, help="抽题的种子 / seed of the draw")
@click.option(
    "--repeats",
    type=click.IntRange(1, 100),
    default=1,
    show_default=True,
    help="每题几遍 / runs of each case",
)
@click.option(
    "--concurrency", type=click.IntRange(1, 16), default=2, show_default=True, help="同时几题 / cases at once"
)
@click.option(
    "--part", "part", type=click.Choice(["all", "read", "unread"]), default="all", show_default=True,
    help="read：可以看、可以改的四分之三；unread：只看总数的四分之一 / the three quarters that are read and mended, or the one that never is",
)  # fmt: skip
@click.option("--group", "groups", multiple=True, help="只做这些组 / only these groups")
@shared_data("共享数据目录（tau-retail 用） / folder of shared data, for tau-retail")
@click.option(
    "--split", type=click.Choice(["train", "test"]), default="train", show_default=True,
    help="tau-retail：train 用来开发，test 用来打分 / train for development, test for scores",
)  # fmt: skip
@click.option("--misses", is_flag=True, help="列出每个没做对的 / list every miss")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help="另写一页 HTML / also write a page"
)
@click.option(
    "--details", type=click.Path(path_type=Path, dir_okay=False), help="每题一行 JSON / one JSON line a case"
)
def desk(
    name: str, phrase: str, hostile: bool, model: str | None, limit: int | None, seed: int, repeats: int, concurrency: int,
    part: Literal["all", "read", "unread"], groups: tuple[str, ...], data: Path, split: str, misses: bool, as_json: bool, html: Path | None, details: Path | None,
) -> None:  # fmt: skip
    """客服台答得对不对：事实、权限、写入、语言、编造。 / Does the desk answer right, and nothing that the rows do not hold?"""
    import asyncio
    import json

    from mingbai.cli.kept_report import keep
    from mingbai.permit.mask.masked import MaskedEngine
    from mingbai.prove.desk import case as suites
    from mingbai.prove.desk import report as reports
    from mingbai.prove.desk.hostile import HostileEngine
    from mingbai.prove.desk.page import page
    from mingbai.prove.desk.runner import run

    if name == "tau-retail":
        from mingbai.cli.prove_tau import tau_retail

        tau_retail(
            data, split, limit, seed, free=phrase == "model", model=model, misses=misses, as_json=as_json
        )
        return
    cases = [c for c in suites.suite(name) if not groups or c.group in groups]
    cases = suites.drawn(suites.part(cases, part), limit, seed)
    by = "hostile" if hostile else phrase
    if part == "unread" and misses:
        raise click.UsageError("--part unread --misses：这一部分不看 / that part is not looked at")

    seen: dict[str, int | str] = {}

    async def ask() -> reports.Report:
        with prepared() as (shop, home, opens_with, spoils):
            async with engine_of(by, model, home, spoils) as engine:
                talks = await run(
                    cases,
                    home,
                    shop,
                    opens_with(engine),
                    repeats=repeats,
                    concurrency=concurrency,
                    progress=counting(),
                )
                if isinstance(engine, MaskedEngine) and isinstance(liar := engine.inner, HostileEngine):
                    seen.update(asked=liar.asked, masks=liar.placeholders, place=liar.place)
                return reports.graded(talks)

    report = asyncio.run(ask())
    title = f"prove desk · {name} · {by} · {len(cases)} × {repeats}"
    settings = {
        "suite": name,
        "phrase": by,
        "limit": limit,
        "seed": seed,
        "repeats": repeats,
        **({"liar": {**seen}} if seen else {}),
    }
    keep(f"desk {name}", title, {**settings, **report.as_json(), "part": part, "suite": f"desk {name}"})
    if as_json:
        click.echo(json.dumps({**settings, **report.as_json()}, ensure_ascii=False))
    else:
        click.echo(f"{title}\n\n" + "\n".join(report.lines()))
        if seen:
            said = f"说谎的模型在 {seen['place']}，被问 {seen['asked']} 次，看到遮蔽 {seen['masks']} 处"
            click.echo(
                f"{said} / the liar stands {seen['place']}, was asked {seen['asked']} times, and was shown {seen['masks']} masks"
            )
    if misses:
        click.echo("\n" + "\n".join(report.misses()), err=as_json)
    if html:
        html.write_text(page(title, report.lines(), report.misses()), encoding="utf-8")
    if details:
        lines = [json.dumps(row, ensure_ascii=False) for row in report.details()]
        details.write_text("\n".join(lines) + "\n", encoding="utf-8")


@click.command("same-answer")
@click.option(
    "--suite", "names", multiple=True, default=("tea-shop",), show_default=True, metavar="NAME|FILE",
    help="测试集，可给几个 / suites, several if you like",
)  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), help="随机取几题 / cases drawn")
@click.option("--seed", type=int, default=0, show_default=True, help="抽题的种子 / seed of the draw")
@click.option(
    "--part", "part", type=click.Choice(["all", "read", "unread"]), default="all", show_default=True,
    help="read：可以看的四分之三；unread：只看总数 / the three quarters that are read, or the quarter of which only totals are shown",
)  # fmt: skip
@click.option(
    "--way", "ways", multiple=True, type=click.Choice(["script", "english", "customer"]),
    help="只比这些 / only these comparisons",
)  # fmt: skip
@click.option(
    "--customers",
    nargs=2,
    default=("C10003", "C10012"),
    show_default=True,
    help="两位同等权利的顾客 / two customers of equal rights",
)
@click.option(
    "--concurrency", type=click.IntRange(1, 16), default=2, show_default=True, help="同时几题 / cases at once"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def same_answer(
    names: tuple[str, ...], limit: int | None, seed: int, part: Literal["all", "read", "unread"], ways: tuple[str, ...],
    customers: tuple[str, str], concurrency: int, as_json: bool,
) -> None:  # fmt: skip
    """换语言、换人问，事实一样吗？每处不同都说出原因。 / Are the facts the same in every language and to everybody?"""
    import asyncio
    import json

    from mingbai.cli.kept_report import keep
    from mingbai.prove.desk import case as suites
    from mingbai.prove.desk import same
    from mingbai.prove.desk.runner import run

    cases = [case for name in names for case in suites.part(suites.suite(name), part)]
    cases = suites.drawn(cases, limit, seed)
    pairs = [pair for pair in same.pairs(cases, customers) if not ways or pair.way in ways]
    each = {case.id: case for pair in pairs for case in pair.cases}

    async def ask() -> same.Report:
        with prepared() as (shop, home, opens_with, _):
            talks = await run(
                list(each.values()),
                home,
                shop,
                opens_with(None),
                concurrency=concurrency,
                progress=counting(),
            )
        told = {talk.case.id: talk for talk in talks}
        return same.reported([(p, told[p.one.id], told[p.other.id]) for p in pairs])

    report = asyncio.run(ask())
    figures = report.as_json(shown=False)
    keep("same answer", f"prove same-answer · {', '.join(names)}", {"suites": names, "part": part, **figures})
    if as_json:
        click.echo(
            json.dumps(
                {
                    "suites": names,
                    "limit": limit,
                    "seed": seed,
                    "part": part,
                    **report.as_json(shown=part != "unread"),
                },
                ensure_ascii=False,
            )
        )
    else:
        shown = ["", *report.differences()] if part != "unread" else []
        click.echo("\n".join([*report.lines(), *shown]))
