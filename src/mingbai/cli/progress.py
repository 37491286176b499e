"""A progress line on stderr: stdout is the answer's."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import click

from mingbai.values.errors import Text


def bar() -> Callable[[int, int, Text], None]:
    """One line that is drawn over on a terminal; elsewhere a line for every tenth."""
    live = sys.stderr.isatty()
    drawn_at, tenths = 0.0, -1

    def draw(done_bytes: int, total_bytes: int, doing: Text) -> None:
        nonlocal drawn_at, tenths
        finished = done_bytes >= total_bytes
        share = 1.0 if finished else done_bytes / total_bytes
        amount = f"{done_bytes / 1e6:,.0f} / {total_bytes / 1e6:,.0f} MB"
        if not live:
            if int(10 * share) != tenths:
                tenths = int(10 * share)
                what = doing.zh if doing.zh == doing.en else str(doing)
                click.echo(f"{what}: {share:.0%}  {amount}", err=True)
            return
        now = time.monotonic()
        if now - drawn_at >= 0.1 or finished:
            drawn_at = now
            hashes = "#" * int(30 * share)
            click.echo(f"\r\x1b[K[{hashes:<30}] {share:4.0%}  {amount}  {doing.zh}", err=True, nl=finished)

    return draw
