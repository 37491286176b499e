"""`mingbai prove checks`: what the desk's checks let through and what they stop, by kind."""

from __future__ import annotations

import click


@click.command()
@click.option(
    "--misses", is_flag=True, help="列出每个放行的假句和误拦的真句 / list every sentence judged wrong"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def checks(misses: bool, as_json: bool) -> None:
    """检查拦不拦得住假话：每次只改错一处。 / Do the checks stop sentences made false one thing at a time?"""
    import json

    from mingbai.cli.kept_report import keep
    from mingbai.prove.checks import cases, run

    report = run(cases())
    keep("checks", "prove checks", report.as_json())
    click.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else "\n".join(report.lines()))
    if misses:
        for kind, sentence in report.let_through:
            click.echo(f"{kind}\t{sentence}", err=as_json)
        for check, found, sentence in report.alarms:
            click.echo(f"!{check}\t{found}\t{sentence}", err=as_json)
