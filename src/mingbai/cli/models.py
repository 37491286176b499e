"""`mingbai models`: which weights there are, fetch them, check them, add one's own, and what this machine can run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.models.entry import Entry
    from mingbai.values.json import JsonObject
    from mingbai.values.settings import Settings

_as_json = click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
_model = click.argument("model", required=False)


@click.group()
def models() -> None:
    """模型权重。 / Weights."""


@models.command("list")
@_as_json
def list_(as_json: bool) -> None:
    """列出目录里的模型和本机的状态。 / The catalogue, and what is on this machine."""
    from mingbai.models import catalog
    from mingbai.models.entry import sized

    settings = _settings()
    rows = [_row(entry, settings) for entry in catalog.load(settings.home).values()]
    if as_json:
        _print_json(rows)
        return
    words = {
        "absent": "未下载 / absent",
        "unverified": "未校验 / unverified",
        "verified": "已校验 / verified",
    }
    for row in rows:
        mark = "*" if row["default"] else " "
        size = sized(int(str(row["size_bytes"])))
        click.echo(f"{mark} {row['id']}  {size}  {row['quantisation']}  {words[str(row['state'])]}")
        click.echo(f"    {row['licence']}  {row['path']}")


@models.command()
@_model
@click.option(
    "--wait", is_flag=True, help="若另一进程正在下载，就等它 / wait for another pull of the same file"
)
@_as_json
def pull(model: str | None, wait: bool, as_json: bool) -> None:
    """下载权重并校验；中断后再运行会继续。 / Fetch and check weights; goes on after a break."""
    from mingbai.cli.progress import bar
    from mingbai.models.entry import called
    from mingbai.models.pull import pull as bring

    settings = _settings()
    entry = _entry(settings, model)
    pulled = bring(entry, settings.models, bar(), wait=wait)
    for tried in pulled.tried:
        source = called(tried.source)
        click.echo(f"未用 / not used: {source.zh}：{tried.why.zh} / {source.en}: {tried.why.en}", err=True)
    if pulled.set_aside:
        click.echo(
            f"原有文件内容不对，已改名保留 / the file that was here was wrong and is kept as: {pulled.set_aside}",
            err=True,
        )
    if as_json:
        source_en = called(pulled.source).en if pulled.source else None
        aside = str(pulled.set_aside) if pulled.set_aside else None
        _print_json({**_row(entry, settings), "source": source_en, "set_aside": aside})
    else:
        click.echo(f"已就绪，已校验 / ready and verified: {pulled.path}")


@models.command()
@_model
@_as_json
def verify(model: str | None, as_json: bool) -> None:
    """重新计算整个文件的 SHA-256。 / Hash the whole file again."""
    from mingbai.cli.progress import bar
    from mingbai.models import store
    from mingbai.values.errors import Text

    settings = _settings()
    entry = _entry(settings, model)
    line, doing = bar(), Text("校验", "checking")
    path = store.ensure_verified(
        entry,
        settings.models.cache_dir,
        again=True,
        progress=lambda done_bytes, total_bytes: line(done_bytes, total_bytes, doing),
    )
    if as_json:
        _print_json(_row(entry, settings))
    else:
        click.echo(f"与发布者的一致 / as published: {path}\nsha256 {entry.sha256}")


@models.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="模型名，默认取自文件名 / the model's name, by default from the file's")
@_as_json
def add(file: Path, name: str | None, as_json: bool) -> None:
    """登记一个自己的 GGUF 文件；文件留在原处。 / Add a GGUF file of your own; it stays where it is."""
    from mingbai.cli.progress import bar
    from mingbai.models import add as adding
    from mingbai.models.entry import sized
    from mingbai.values.errors import Text

    settings = _settings()
    line, doing = bar(), Text("计算 SHA-256", "hashing")
    entry = adding.add(
        file, settings.home, name, lambda done_bytes, total_bytes: line(done_bytes, total_bytes, doing)
    )
    if as_json:
        _print_json(_row(entry, settings))
        return
    click.echo(f"已登记 / added: {entry.id}")
    click.echo(
        f"{entry.architecture}  {entry.quantisation}  {sized(entry.size_bytes)}  "
        f"上下文 / context {entry.context_tokens}  许可 / licence {entry.licence}"
    )


@models.command()
@_model
@_as_json
def fit(model: str | None, as_json: bool) -> None:
    """本机能运行哪些模型，为什么。 / What this machine can run, and why."""
    from dataclasses import asdict

    from mingbai.models import catalog, machine
    from mingbai.models.fit import fit as fitting

    settings = _settings()
    entries = [_entry(settings, model)] if model else list(catalog.load(settings.home).values())
    here = machine.measure()
    context_tokens = settings.engine.slots * settings.engine.context_per_slot
    answers = [fitting(entry, here, context_tokens=context_tokens) for entry in entries]
    if as_json:
        _print_json([asdict(answer) for answer in answers])
        return
    for answer in answers:
        click.echo(f"{answer.model}\n    {answer.reason.zh}\n    {answer.reason.en}")


def _settings() -> Settings:
    from mingbai.cli.settings import load

    return load()


def _entry(settings: Settings, model: str | None) -> Entry:
    from mingbai.models import catalog

    return catalog.find(catalog.load(settings.home), model or settings.models.default)


def _row(entry: Entry, settings: Settings) -> JsonObject:
    from mingbai.models import store
    from mingbai.models.entry import called

    cache_dir = settings.models.cache_dir
    return {
        "id": entry.id,
        "default": entry.id == settings.models.default,
        "state": store.state(entry, cache_dir),
        "path": str(store.place(entry, cache_dir)),
        "architecture": entry.architecture,
        "quantisation": entry.quantisation,
        "parameters": entry.parameters,
        "context_tokens": entry.context_tokens,
        "size_bytes": entry.size_bytes,
        "sha256": entry.sha256,
        "licence": entry.licence,
        "languages": entry.languages,
        "repository": entry.repository,
        "sources": [called(source).en for source in entry.sources],
    }


def _print_json(value: object) -> None:
    import json

    click.echo(json.dumps(value, ensure_ascii=False))
