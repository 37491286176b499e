"""A progress line on stderr: stdout is the answer's."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import click

from mingbai.values.errors import Text

_REDRAWN_SECONDS = 0.1


def bar() -> Callable[[int, int, Text], None]:
    """Bytes: one line that is drawn over on a terminal; elsewhere a line for every tenth."""
    live, drawn = sys.stderr.isatty(), _line()
    tenths = -1

    def draw(done_bytes: int, total_bytes: int, doing: Text) -> None:
        nonlocal tenths
        finished = done_bytes >= total_bytes
        share = 1.0 if finished else done_bytes / total_bytes
        amount = f"{done_bytes / 1e6:,.0f} / {total_bytes / 1e6:,.0f} MB"
        if live:
            drawn(share, f"{amount}  {doing.zh}", finished)
        elif int(10 * share) != tenths:
            tenths = int(10 * share)
            what = doing.zh if doing.zh == doing.en else str(doing)
            click.echo(f"{what}: {share:.0%}  {amount}", err=True)

    return draw


def filling() -> Callable[[int, int], None]:
    """Rows: one line that is drawn over on a terminal; elsewhere nothing."""
    live, drawn = sys.stderr.isatty(), _line()

    def draw(done: int, total: int) -> None:
        if live:
            drawn(done / total if total else 1.0, f"{done:,} / {total:,}", done >= total)

    return draw


def counting(what: str = "") -> Callable[[int, int], None]:
    """Cases: one line that counts up, of a command that somebody waits for."""

    def draw(done: int, of: int) -> None:
        click.echo(f"\r{what}{done}/{of}", err=True, nl=done == of)

    return draw


def _line() -> Callable[[float, str, bool], None]:
    """Draws over itself, not oftener than an eye sees."""
    drawn_at = 0.0

    def draw(share: float, said: str, finished: bool) -> None:
        nonlocal drawn_at
        now = time.monotonic()
        if now - drawn_at < _REDRAWN_SECONDS and not finished:
            return
        drawn_at = now
        hashes = "#" * int(30 * share)
        click.echo(f"\r\x1b[K[{hashes:<30}] {share:4.0%}  {said}", err=True, nl=finished)

    return draw
