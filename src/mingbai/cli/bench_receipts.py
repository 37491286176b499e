"""`mingbai bench receipts`: what a receipt costs, and whether the log holds."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click


@click.command()
@click.option("--turns", type=click.IntRange(100), default=2000, show_default=True, help="收据数 / receipts")
@click.option(
    "--entries",
    type=click.IntRange(1000),
    default=1_000_000,
    show_default=True,
    help="大日志的条数 / of the large log",
)
@click.option(
    "--mutations",
    type=click.IntRange(1),
    default=100_000,
    show_default=True,
    help="改动几次 / altered bundles",
)
@click.option("--kills", type=click.IntRange(0), default=500, show_default=True, help="kill -9 几次 / times")
@click.option(
    "--peer/--no-peer",
    default=True,
    show_default=True,
    help="同时测 pymerkle（装在单独的环境） / pymerkle beside it",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def receipts(turns: int, entries: int, mutations: int, kills: int, peer: bool, as_json: bool) -> None:
    """收据的代价：开出、入日志、证明；改动与 kill -9 都不能骗过它。 / Receipts: cost, proofs, mutations, kills."""
    from tempfile import TemporaryDirectory

    from mingbai.permit.vault.vault import Vault
    from mingbai.prove import bench_receipts as bench

    with TemporaryDirectory(prefix="mingbai-") as name:
        folder = Path(name)
        (folder / "key").write_bytes(bytes([3]) * 32)
        signer, vault = bench.signer_of(folder / "key"), Vault(folder / "persons.db", bytes(32))
        one, key, idle = bench.one_by_one(folder, signer, vault, turns=turns)
        rate = bench.batched(folder, signer, vault, turns=max(5000, turns))
        big = bench.large(folder, signer, entries=entries)
        accepted, verify_ms = bench.mutated(folder, signer, mutations=mutations)
        held = bench.killed(folder / "kills", kills=kills) if kills else None
        other = bench.peer(folder, entries=min(entries, 100_000)) if peer else None
    row = {
        "one": asdict(one), "new_key": asdict(key), "arithmetic": asdict(idle), "batched_per_second": rate, "entries": entries,
        **{name: asdict(spread) for name, spread in big.items()},
        "mutations": mutations, "accepted": accepted, "bundle_verify_ms": verify_ms,
        "kills": asdict(held) if held else None, "pymerkle": other,
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(row))
        return
    click.echo(
        f"开出并入日志 / made and appended, one by one: p50 {one.p50:.2f} ms, p99 {one.p99:.2f} ms (goal 1)"
    )
    click.echo(
        f"  同样长的纯计算 / arithmetic of that length, beside it: p50 {idle.p50:.2f} ms, p99 {idle.p99:.2f} ms"
    )
    click.echo(
        f"  此前为新访客造密钥，与回答同时 / before it a new visitor's key, beside the answering: p50 {key.p50:.2f} ms, p99 {key.p99:.2f} ms"
    )
    click.echo(f"成批 / batched: {rate:,.0f} a second (goal 5,000)")
    click.echo(f"{entries:,} 条时 / entries:")
    for what, spread in big.items():
        click.echo(f"  {what:12} p50 {spread.p50:.3f} ms, p99 {spread.p99:.3f} ms")
    click.echo(
        f"验证整份 / a whole bundle verified in {verify_ms:.2f} ms; {accepted} of {mutations:,} altered bundles accepted (goal 0)"
    )
    if held:
        click.echo(
            f"kill -9 × {held.kills}: {held.acknowledged:,} acknowledged, {held.lost} lost, {held.forks} forks, {held.faults} faults"
        )
    if other:
        click.echo(
            f"pymerkle, {other['size']:,.0f} entries: one {other['one_ms']:.2f} ms, {other['bulk']:,.0f} a second in bulk, "
            f"inclusion {other['inclusion_ms']:.2f} ms, verify {other['verify_ms']:.3f} ms"
        )
    elif peer:
        click.echo("pymerkle 没能安装 / pymerkle could not be installed", err=True)
