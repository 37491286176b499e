"""`mingbai learn`: rows that people agreed to, an adapter from them, its gate, and the way back out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mingbai.cli.learn_desk import desk
from mingbai.cli.learn_distil import distil
from mingbai.cli.learn_fleet import fleet
from mingbai.cli.learn_place import export, load_there
from mingbai.cli.learn_told import privately, told
from mingbai.cli.learn_upcycle import upcycle

if TYPE_CHECKING:
    from mingbai.learn.run import Outcome
    from mingbai.learn.team import Device

_shop = click.option(
    "--shop", default=None, help="店铺，默认唯一的一家 / which shop, by default the only one"
)
_desk_cases = click.option(
    "--desk",
    "desk_cases",
    type=click.IntRange(0),
    default=15,
    show_default=True,
    help="每个客服测试集抽几题 / cases of each desk suite",
)
_json = click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")


@click.group()
def learn() -> None:
    """学习：只用人们同意的话，能退回。 / Learning: only from what people agreed to, and back out again."""


learn.add_command(desk)
learn.add_command(distil)
learn.add_command(export)
learn.add_command(load_there)
learn.add_command(upcycle)
learn.add_command(fleet)


@learn.command()
@_shop
@click.option("--why", is_flag=True, help="说明哪些没有用、为什么 / what was left out, and why")
@click.option(
    "--export", "into", type=click.Path(path_type=Path, file_okay=False),
    help="另写 Croissant 和 CycloneDX / also write Croissant and CycloneDX there",
)  # fmt: skip
@_json
def rows(shop: str | None, why: bool, into: Path | None, as_json: bool) -> None:
    """从同意和许可里选出训练行，写成数据集。 / Choose rows by consent or licence, into a dataset."""
    from mingbai.cli import learning
    from mingbai.cli.settings import load
    from mingbai.learn import dataset, exports

    with learning.opened(load(), shop) as house:
        chosen = learning.selection(house)
        made = learning.written(house, chosen)
    if into is not None:
        exports.write(into, made)
    counts = dataset.counts(made.rows)
    if as_json:
        said = {
            "folder": str(made.folder),
            "digest": made.digest,
            "counts": counts,
            "left_out": dict(chosen.left_out),
        }
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    click.echo(f"✓ {made.folder}\n  {made.digest}")
    for name, count in counts.items():
        shown = "  ".join(f"{k} {v}" for k, v in count.items()) if isinstance(count, dict) else count
        click.echo(f"  {name:8} {shown}")
    if why:
        click.echo("没有用的 / left out")
        for reason, many in chosen.left_out.items():
            click.echo(f"  {many:6}  {reason}")


@learn.command()
@_shop
@click.option(
    "--task", type=click.Choice(["intent", "reply"]), default="intent", show_default=True,
    help="学理解顾客，还是学客服改草稿的口气 / to understand customers, or to word drafts as staff would",
)  # fmt: skip
@click.option("--model", default=None, help="底模，默认 learn.base / base, by default learn.base")
@click.option(
    "--rows",
    "train_rows",
    type=click.IntRange(8),
    default=240,
    show_default=True,
    help="最多学几行 / rows at most",
)
@click.option(
    "--held-out",
    type=click.IntRange(8),
    default=120,
    show_default=True,
    help="留出几行来考 / rows it is examined on",
)
@_desk_cases
@click.option("--epochs", type=click.IntRange(1), default=3, show_default=True)
@click.option(
    "--top",
    type=click.IntRange(0),
    default=8,
    show_default=True,
    help="只学最上面几层，0 是全部 / upper layers that learn, 0: all",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option(
    "--threads", type=click.IntRange(0), default=0, help="0：有几核用几核 / 0: as many as there are cores"
)
@click.option(
    "--device",
    type=click.Choice(["auto", "cpu", "cuda"]),
    default="auto",
    show_default=True,
    help="在哪里算；auto：有 GPU 就用 / where it computes; auto: on a GPU if there is one",
)
@click.option(
    "--share",
    type=click.IntRange(1, 100),
    default=100,
    show_default=True,
    help="先给百分之几的对话 / per cent of conversations",
)
@click.option(
    "--shards",
    type=click.IntRange(0, 16),
    default=0,
    show_default=True,
    help="按人分成几片，每片一个小适配器；0：不分 / persons in so many shards, a small adapter each; 0: one for all",
)
@click.option(
    "--epsilon",
    type=click.FloatRange(0.0, min_open=True),
    default=None,
    help="差分隐私，按人，只管这一次训练：越小越密、越不准 / differential privacy by person, for one training: the smaller, the more private and the worse",
)
@click.option("--no-serve", is_flag=True, help="通过了也先不上线 / admitted, it does not serve yet")
@_json
def run(
    shop: str | None, task: str, model: str | None, train_rows: int, held_out: int, desk_cases: int, epochs: int, top: int, seed: int,
    threads: int, device: Device, share: int, shards: int, epsilon: float | None, no_serve: bool, as_json: bool,
) -> None:  # fmt: skip
    """选行、训练、把关、签名、上线，一条龙。 / Rows, training, gate, signed manifest, serving: all of it."""
    from dataclasses import replace
    from functools import partial

    from mingbai.cli import launched, learning
    from mingbai.cli.settings import load
    from mingbai.learn import replies
    from mingbai.learn.examples import Recipe
    from mingbai.learn.run import Plan
    from mingbai.learn.train import follow, train

    settings = load()
    learning.must_be_installed()
    if epsilon is not None:
        learning.must_be_private(task, shards)
    one = (
        task == replies.TASK or bool(shards) or epsilon is not None
    ) and device == "auto"  # these are learned by one process on a CPU
    with launched.training("cpu" if one else device) as team:
        if task == replies.TASK and team.named:
            raise click.UsageError("--task reply：只在一个进程、CPU 上 / in one process on a CPU alone")
        if shards and task == replies.TASK:
            raise click.UsageError("--shards：只用于 / is for --task intent")
        if (shards or epsilon) and team.named:
            raise click.UsageError(
                "--shards, --epsilon：只在一个进程、CPU 上 / in one process on a CPU alone"
            )
        if not team.leads:
            follow(learning.base_of(settings, model)[0].file, team)
            return
        with learning.opened(settings, shop) as house:
            base, weights = learning.base_of(settings, model)
            usual = replies.RECIPE if task == replies.TASK else Recipe()
            recipe = replace(
                usual, epochs=epochs, top=top, seed=seed, threads=threads, epsilon=epsilon or 0.0
            )
            plan = Plan(
                house.shop, base, recipe, train_rows, held_out, share, serve=not no_serve, task=task, shards=shards
            )  # fmt: skip
            trains = partial(train, team=team)
            taught_by = privately(trains) if epsilon is not None else trains
            done = learning.learned(house, plan, weights, desk_cases, told(as_json), taught_by)
    _show(done, as_json)


@learn.command()
@_shop
@_json
def adapters(shop: str | None, as_json: bool) -> None:
    """有哪些适配器，谁在上线，学过谁的行。 / Which adapters there are, which serves, and what each learned from."""
    from mingbai.cli import learning, retrain
    from mingbai.cli.settings import load

    with learning.opened(load(), shop) as house:
        registry = learning.registry(house)
        found = [(it, registry.grounds(it.id)) for it in registry.all(house.shop)]
        scheduled = retrain.line(house.settings)
    if as_json:
        click.echo(json.dumps([{**it.as_json(), "grounds": grounds} for it, grounds in found]))
        return
    for it, grounds in found:
        persons = sum(ground.startswith("consent:") for ground in grounds)
        click.echo(
            f"{it.state:8} {it.id}  {it.made:%Y-%m-%d %H:%M}  {it.base}  "
            f"{f'{it.share} %  ' if it.state == 'live' else ''}行 / rows {sum(grounds.values())}，同意 / consents {persons}，builds #{it.entry}"
        )
    click.echo(scheduled)
    if not found:
        click.echo("还没有：mingbai learn run / None yet: mingbai learn run", err=True)


@learn.command()
@click.argument("adapter")
@_json
def gate(adapter: str, as_json: bool) -> None:
    """把关的结果，和签过名的清单是否还对得上。 / What the gate found, and whether the signed manifest still holds."""
    from mingbai.cli import learning
    from mingbai.cli.settings import load
    from mingbai.learn import spent

    with learning.opened(load(), None) as house:
        said, faults = learning.verified(house, adapter)
    if as_json:
        click.echo(json.dumps({**said, "faults": faults}, ensure_ascii=False))
    else:
        figures = said["figures"]
        for check in figures["checks"]:
            mark = "✓" if check["held"] else "✗"
            click.echo(
                f"{mark} {check['name']:26} {check['before']}/{check['asked']} → {check['after']}/{check['asked']}"
            )
        if said.get("privacy"):
            click.echo(f"  {spent.line(said['privacy'])}")
        click.echo("✓ 通过 / admitted" if figures["admitted"] else "✗ 没有通过 / not admitted")
        for fault in faults:
            click.echo(f"✗ {fault}", err=True)
        if not faults:
            click.echo(
                f"✓ 清单在 builds 日志里，签名和摘要都对 / the manifest is in the signed log, every digest holds: {said['id']}"
            )
    if faults:
        raise SystemExit(1)


@learn.command()
@click.argument("adapter")
@click.option(
    "--share",
    type=click.IntRange(1, 100),
    default=100,
    show_default=True,
    help="百分之几的对话 / per cent of conversations",
)
def serve(adapter: str, share: int) -> None:
    """让它上线，代替现在的。 / Let it serve, in place of the one that does."""
    from mingbai.cli import learning
    from mingbai.cli.settings import load

    with learning.opened(load(), None) as house:
        found = learning.registry(house).serve(adapter, share)
    click.echo(f"✓ {found.id}  {found.state}  {found.share} %")


@learn.command()
@_shop
@click.option("--task", type=click.Choice(["intent", "reply"]), default="intent", show_default=True)
def rollback(shop: str | None, task: str) -> None:
    """退回上一个；没有上一个就用原来的模型。 / Back to the one before; without one, to the untuned model."""
    from mingbai.cli import learning
    from mingbai.cli.settings import load

    with learning.opened(load(), shop) as house:
        found = learning.registry(house).rollback(house.shop, task)
    click.echo(f"✓ {found.id}  {found.state}" if found else "✓ 原来的模型 / the untuned model")


@learn.command()
@_shop
@click.option(
    "--retrain",
    is_flag=True,
    help="去掉撤回的行重训，再代替它们 / train anew without the rows, in their place",
)
@click.option(
    "--gently",
    "gentle",
    is_flag=True,
    help="让路给别的活 / give way to whatever else wants the processor",
)
@click.option("--parent", type=int, default=None, hidden=True)  # the service's process, with which it ends
@_desk_cases
@_json
def withdrawn(
    shop: str | None, retrain: bool, gentle: bool, parent: int | None, desk_cases: int, as_json: bool
) -> None:
    """同意撤回后停用的适配器；可按原方法重训。 / Adapters out of service after a withdrawal; trained anew on request."""
    from mingbai.cli import learning
    from mingbai.cli.retrain import gently
    from mingbai.cli.settings import load
    from mingbai.values.errors import MingbaiError

    if gentle:
        gently(parent)
    settings = load()
    with learning.opened(settings, shop) as house:
        tainted = learning.registry(house).tainted(house.shop)
        held = True
        for task in sorted({it.task for it in tainted}) if retrain else ():
            of = [it for it in tainted if it.task == task]
            try:
                each = learning.retrained(house, of, desk_cases, told(as_json))
            except MingbaiError as e:  # of this task; the others have their turn
                held = False
                said = (
                    json.dumps({"task": task, "error": e.code})
                    if as_json
                    else f"✗ {task}：{e.what}\n→ {e.mend}"
                )
                click.echo(said, err=not as_json)
                continue
            if each is not None:
                _show(each, as_json, ends=False)
                held = held and each.verdict.admitted
    if retrain and tainted:
        raise SystemExit(0 if held else 1)
    if as_json:
        click.echo(json.dumps([it.as_json() for it in tainted]))
        return
    for it in tainted:
        click.echo(f"{it.id}  停用于 / out of service since {it.changed:%Y-%m-%d %H:%M:%S}")
    if not tainted:
        click.echo("没有 / none")


def _show(done: Outcome, as_json: bool, *, ends: bool = True) -> None:
    from mingbai.learn import spent

    if as_json:
        said = {
            "adapter": done.adapter.as_json(), "beside": [it.as_json() for it in done.beside], "rows": done.rows, "figures": done.verdict.as_json(),
            "seconds": {name: round(value, 1) for name, value in done.seconds.items()}, "peak_mib": done.trained.peak_mib,
            "privacy": done.privacy,
        }  # fmt: skip
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo("之前 → 之后 / before → after")
        for line in done.verdict.lines():
            click.echo(f"  {line}")
        times = "，".join(f"{name} {value:.0f} s" for name, value in done.seconds.items())
        click.echo(f"  行 / rows {done.rows}；{times}；{done.trained.peak_mib} MiB")
        if done.privacy is not None:
            click.echo(f"  {spent.line(done.privacy)}")
        click.echo(
            f"{'✓' if done.verdict.admitted else '✗'} {done.adapter.id}  {done.adapter.state}  builds #{done.adapter.entry}"
        )
        for it in done.beside:
            click.echo(f"  + {it.id}  {it.state}  builds #{it.entry}")
    if ends and not done.verdict.admitted:
        raise SystemExit(1)
