"""`mingbai doctor`: what is wrong, and how to mend it. The checks themselves are in check_machine.py and check_house.py."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mingbai.cli.check import Check


@click.command()
@click.option(
    "--settings", "show_settings", is_flag=True,
    help="列出每个设置、它的值和来源 / every setting, its value and where it came from",
)  # fmt: skip
@click.option(
    "--engine", is_flag=True, help="真的启动引擎，问一句 / really start the engine and ask it one thing"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def doctor(show_settings: bool, engine: bool, as_json: bool) -> None:
    """哪里不对，怎么修；有 ✗ 时退出码为 1。 / What is wrong and how to mend it; exits 1 if there is a ✗."""
    import os

    if show_settings:
        _print_settings(os.environ, as_json)
        return
    found = []
    for check in examine(os.environ, with_engine=engine):
        found.append(check)
        if not as_json:
            click.echo("\n".join(check.lines()))
    if as_json:
        click.echo(json.dumps([check.as_json() for check in found], ensure_ascii=False))
    if any(check.state == "bad" for check in found):
        raise SystemExit(1)


def examine(environ: Mapping[str, str], *, with_engine: bool) -> Iterator[Check]:
    """The checks, as they are made. What depends on settings is not looked at while those are wrong."""
    from mingbai.cli import check_house, check_machine
    from mingbai.cli.check import failed
    from mingbai.cli.settings import resolve
    from mingbai.models import catalog
    from mingbai.values.errors import MingbaiError

    yield check_machine.python()
    yield check_machine.packages()
    try:
        settings, origin = resolve(environ)
    except MingbaiError as error:
        yield failed("settings", error)
        return
    yield check_house.settings_in_force(settings, origin)
    yield check_machine.llama(settings)
    yield check_house.places(settings, environ)
    yield check_house.home(settings)
    yield check_house.keys(settings.home / "keys.db")
    yield check_house.pages(settings)
    port, ours = check_house.port(settings.serve)
    yield port
    try:
        entry = catalog.find(catalog.load(settings.home), settings.models.default)
    except MingbaiError as error:
        yield failed("weights", error)
        return
    yield check_house.weights(settings, entry)
    yield check_machine.disk(settings, entry)
    if not ours:  # what is left beside our own engine says nothing about whether it fits
        yield check_machine.memory(settings, entry)
    if with_engine:
        yield check_machine.engine(settings, entry)


def _print_settings(environ: Mapping[str, str], as_json: bool) -> None:
    """Where a setting is wrong the names and defaults are still listed: they are what a misspelt one is looked up in."""
    from mingbai.cli.check import failed
    from mingbai.cli.settings import resolve, rows
    from mingbai.values.errors import SettingsError
    from mingbai.values.settings import Settings

    wrong = None
    try:
        settings, origin = resolve(environ)
    except SettingsError as error:
        wrong = failed("settings", error)
        settings, origin = Settings(), {}
    listed = rows(settings, origin)
    if as_json:
        click.echo(
            json.dumps(
                [{"name": n, "value": _plain(v), "origin": o} for n, v, o in listed], ensure_ascii=False
            )
        )
    else:
        for name, value, where in listed:
            click.echo(f"{name} = {json.dumps(_plain(value), ensure_ascii=False)}  ({where})")
    if wrong is not None:
        click.echo("\n".join(["以上是默认值 / these are the defaults", *wrong.lines()]), err=True)
        raise SystemExit(1)


def _plain(value: object) -> object:
    return value if isinstance(value, bool | int | float | str) else str(value)
