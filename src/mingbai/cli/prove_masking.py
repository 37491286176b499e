"""`mingbai prove masking`: personal data found and missed, false alarms, speed, and masks that come off exactly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mingbai.cli.shared_data import shared_data

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mingbai.permit.mask import Detector
    from mingbai.prove.masking.lines import Line
    from mingbai.values.json import JsonObject

PEER_LINES = 3000


@click.command()
@shared_data()
@click.option(
    "--lines",
    "count",
    type=click.IntRange(min=1),
    default=20_000,
    show_default=True,
    help="生成几行 / lines made up",
)
@click.option(
    "--cuts",
    type=click.IntRange(min=0),
    default=100_000,
    show_default=True,
    help="流被切开几次 / cuts of streams",
)
@click.option("--seed", type=int, default=7, show_default=True, help="随机种子 / seed")
@click.option("--no-speed", is_flag=True, help="不测速 / leave out speed")
@click.option(
    "--peer",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="另与 Presidio 比较，装在此目录的虚拟环境里 / beside Presidio, installed into a venv in this folder",
)
@click.option(
    "--misses", is_flag=True, help="列出没找到和误报的 / list what was missed and what was no personal data"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def masking(
    data: Path,
    count: int,
    cuts: int,
    seed: int,
    no_speed: bool,
    peer: Path | None,
    misses: bool,
    as_json: bool,
) -> None:
    """个人信息找得全不全、准不准、快不快，遮了能否还原。 / Is personal data found, all of it and nothing else, and fast?"""
    import json

    from mingbai.cli.kept_report import keep
    from mingbai.permit.mask import KINDS, NAMES, Detector
    from mingbai.prove.masking import run, sets, speed, streams

    detector = Detector()
    say = (lambda _: None) if as_json else click.echo
    score, made = run.mutated(detector, count, seed)
    report: dict[str, JsonObject | str] = {
        "mutated": {"lines": count, "seed": seed, **run.mutated_json(score)}
    }
    say(f"{count} made-up lines, seed {seed} (written by the same hands as the rules)")
    say("\n".join(run.mutated_lines(score)) + "\n")
    examples = [f"{it.what} {it.kind} [{it.form}] {it.text!r} | {it.line!r}" for it in score.misses]
    for name, needs, measure in (
        ("crosswoz", sets.CROSSWOZ, run.crosswoz),
        ("reviews", sets.REVIEWS, run.reviews),
        ("tau", sets.TAU, run.tau),
        ("presidio_research", sets.SYNTH, run.synth),
        ("uner", sets.UNER, run.uner),
    ):
        if not (data / needs).is_file():
            click.echo(f"没有 {data / needs}：略过 / not there: left out", err=True)
            continue
        outside = measure(detector, data)
        report[name] = {it.what: it.as_json() for it in outside.measured}
        say("\n".join(it.line() for it in outside.measured))
        examples += outside.examples
    if cuts:
        cut, spoofed = streams.streams(cuts, seed), streams.spoofs(max(1000, cuts // 100), seed)
        report["streams"] = {
            "streams": cut.streams, "cuts": cut.cuts, "wrong": cut.wrong, "longest_hold": cut.longest_hold, "spoofed": spoofed.tried, "spoofs_restored": spoofed.restored,
        }  # fmt: skip
        say(
            f"\nstreams {cut.streams}, cuts {cut.cuts}: wrong {cut.wrong}, longest hold {cut.longest_hold} characters"
        )
        say(f"spoofed placeholders {spoofed.tried}: restored {spoofed.restored}")
    if not no_speed:
        plain = Detector([it for it in KINDS if it not in NAMES])
        texts = {"mutated lines": [it.text for it in made[:4000]]}
        if (data / sets.DIALOGUES).is_file():
            texts["CrossWOZ turns"] = [it.text for it in sets.crosswoz_turns(data)]
        if (data / sets.REVIEWS).is_file():
            texts["reviews"] = [it.text for it in sets.reviews(data)[:4000]]
        rates = {
            name: {
                "without_names": round(speed.megabytes_per_second(plain, of), 2),
                "with_names": round(speed.megabytes_per_second(detector, of), 2),
            }
            for name, of in texts.items()
        }
        worst = speed.hostile(plain)[:5]
        report["speed"] = {
            "mb_per_second": rates,
            "worst_64kb_ms": {it.repeated: round(it.milliseconds, 1) for it in worst},
        }
        say("\nMB/s of one core, by processor time:")
        for name, it in rates.items():
            say(f"  {name:16} without names {it['without_names']:5.2f}   with names {it['with_names']:5.2f}")
        say(
            "64 KB made to be slow, without names, worst five: "
            + "; ".join(f"{it.milliseconds:.0f} ms {it.repeated!r}" for it in worst)
        )
    if peer:
        report["peer"] = _peer(detector, data, made, peer, say)
    keep("masking", f"prove masking · {count} · seed {seed}", report)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    if misses:
        click.echo("\n".join(examples), err=as_json)


def _peer(
    detector: Detector, data: Path, made: Sequence[Line], folder: Path, say: Callable[[str], None]
) -> dict[str, JsonObject]:
    """The made-up lines without names and addresses, which a blank pipeline cannot know, and CrossWOZ's telephones."""
    from mingbai.prove.masking import peer, run, sets

    texts = {
        "mutated lines": [
            sets.Text("", it.text, tuple(one for one in it.gold if one.kind in run.STRUCTURED))
            for it in made[:PEER_LINES]
            if all(one.kind in run.STRUCTURED for one in it.gold)
        ]
    }
    if (data / sets.CROSSWOZ).is_file():
        texts["CrossWOZ telephones"] = [
            it for it in sets.crosswoz(data) if it.gold and all(one.kind == "phone" for one in it.gold)
        ]
    if (data / sets.SYNTH).is_file():
        texts["presidio-research English, without names and streets"] = [
            it
            for it in sets.synth(data)
            if it.gold and all(one.kind not in ("name", "address") for one in it.gold)
        ]
    python = peer.installed(folder, lambda line: click.echo(line, err=True))
    report: dict[str, JsonObject] = {}
    for name, of in texts.items():
        both = [peer.ours(detector, of), peer.presidio(python, of)]
        say(f"\n{name}, {len(of)} texts")
        say("\n".join(line for it in both for line in it.lines()))
        report[name] = {
            it.who: {
                "caught": it.caught.as_json(),
                "right": it.right.as_json(),
                "mb_per_second": round(it.megabytes_per_second, 3),
            }
            for it in both
        }
    return report
