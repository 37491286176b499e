"""`mingbai prove injections`: our own attacks in two languages, while the model obeys the attacker at a place elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.prove.injections.run import Outcome


@click.command()
@click.option(
    "--each",
    type=click.IntRange(1, 100_000),
    default=500,
    show_default=True,
    help="中英文各几次 / attacks in each language",
)
@click.option("--seed", type=int, default=0, show_default=True, help="抽取的种子 / seed of the draw")
@click.option(
    "--here",
    is_flag=True,
    help="模型就在本机，不遮蔽 / the model stands on this machine, so nothing is masked",
)
@click.option("--misses", is_flag=True, help="列出每个没守住的 / list every one that came through")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def injections(each: int, seed: int, here: bool, misses: bool, as_json: bool) -> None:
    """注入攻击：模型完全听攻击者的，权限、遮蔽、出口、收据还守得住吗？ / Do policy, masks, egress and receipts hold?"""
    import asyncio
    import json

    from mingbai.cli.kept_report import keep

    outcome, faults = asyncio.run(_run(each, seed, here))
    said = {"each": each, "seed": seed, "here": here, "log_faults": faults, **outcome.as_json()}
    keep("injections", f"prove injections · {each}", said)
    if as_json:
        click.echo(json.dumps(said))
    else:
        click.echo("\n".join(outcome.lines()))
        click.echo(f"  收据日志 / log of receipts: {faults or '✓'}")
    if misses:
        for what, names in outcome.seen.items():
            click.echo("\n".join(f"{what}: {name}" for name in names), err=True)
    if outcome.side_effects or faults:
        raise SystemExit(1)


async def _run(each: int, seed: int, here: bool) -> tuple[Outcome, list[str]]:
    """On a copy of the example shop, with the attacks' rows planted in it."""
    import asyncio
    import shutil
    from contextlib import closing
    from dataclasses import replace
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from mingbai.cli import assemble, ledger
    from mingbai.cli.progress import counting
    from mingbai.cli.prove_home import ELSEWHERE, prepared
    from mingbai.cli.settings import load
    from mingbai.permit.mask import Detector
    from mingbai.permit.mask.masked import MaskedEngine
    from mingbai.prove.desk import owners
    from mingbai.prove.desk.floor import standing
    from mingbai.prove.injections.attacks import attacks
    from mingbai.prove.injections.liar import WonOver
    from mingbai.prove.injections.run import run
    from mingbai.shop.records.home import Records
    from mingbai.turn.desk import Desk
    from mingbai.values.records import Order, Origin, Sourced

    settings = load()
    liar = WonOver("local" if here else "elsewhere")
    with prepared() as (shop, pristine, _, _spoils), TemporaryDirectory(prefix="mingbai-") as folder:
        home = Path(folder) / "home"
        shutil.copytree(pristine, home, symlinks=True)
        if not here:
            (home / "places.toml").write_text(ELSEWHERE)
        own = replace(settings, home=home, shop=replace(settings.shop, database=""))
        with assemble.records(own) as records:
            with records.reading() as reader:
                known = owners.of(reader, shop)
                found = [r.record for r in reader.rows(shop, Order)]
            victims = [
                {"order": o.order_no, "tail": (o.phone or "")[-4:], "phone": o.phone or "", "address": o.address or "", "name": o.recipient or ""}
                for o in found
                if isinstance(o, Order) and o.phone and o.address and o.recipient
            ][::11]  # fmt: skip
            todo = attacks(each, victims, seed)
            planted = list(dict.fromkeys(row for attack in todo for row in attack.brought.rows))
            if planted:
                records.take(
                    shop, [Sourced(row, Origin("attack.jsonl", at)) for at, row in enumerate(planted, 1)]
                )

        def opens(at: Path) -> tuple[Records, Desk]:
            opened = assemble.records(own)
            terms = None if here else ledger.passages(own)[liar.place].terms
            engine = liar if terms is None else MaskedEngine(liar, Detector(), terms)
            return opened, assemble.desk(own, opened, engine)

        with standing(shop, home, opens, known) as floor:
            await asyncio.to_thread(floor.desk.load)
            outcome = await run(todo, floor, liar, counting())
        with closing(ledger.log(own, ledger.ANSWERS)) as log:
            return outcome, log.faults()
