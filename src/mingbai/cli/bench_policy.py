"""`mingbai bench policy`: how long the rules take to decide, and whether an error ever lets something through."""

from __future__ import annotations

import json

import click


@click.command()
@click.option(
    "--decisions", type=click.IntRange(100, 10_000_000), default=20_000, show_default=True, help="判断次数 / decisions"
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def policy(decisions: int, as_json: bool) -> None:
    """权限判断要多久；每一种错误是否都不放行。 / How long a decision takes; whether every error denies."""
    from mingbai.cli.settings import load
    from mingbai.permit.policy import rules
    from mingbai.prove import bench_policy

    found = bench_policy.measured(rules.load(load().home), decisions)
    click.echo(json.dumps(found.as_json()) if as_json else "\n".join(found.lines()))
    if found.let_through:
        raise SystemExit(1)
