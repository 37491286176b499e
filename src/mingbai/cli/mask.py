"""`mingbai mask`: what is personal in a text, and the text with placeholders; or a file of messages, for programs."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("text")
@click.option("--no-names", is_flag=True, help="不找姓名称呼（更快） / without names (faster)")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def mask(text: str, no_names: bool, as_json: bool) -> None:
    """找出 TEXT 里的个人信息并替换；TEXT 也可以是 JSON Lines 文件，每行 {"id","text"}，或 - 表示标准输入。

    Find and replace personal data in TEXT, or in each line of a JSON Lines file, {"id","text"}; - reads standard input.
    """
    import json

    from mingbai.permit.mask import KINDS, NAMES, Detector, Masks
    from mingbai.permit.mask import lines as shapes

    detector = Detector([it for it in KINDS if it not in NAMES] if no_names else KINDS)
    file = Path(text)
    if text == "-" or (len(text) < 1024 and file.is_file()):
        with click.open_file(text, encoding="utf-8-sig" if text != "-" else "utf-8") as lines:
            for line in shapes.read(lines):
                found = detector.spans(line.text)
                if as_json:
                    click.echo(json.dumps(shapes.as_json(line, found), ensure_ascii=False))
                else:
                    click.echo(Masks(detector).mask(line.text))
        return
    found = detector.spans(text)
    if as_json:
        click.echo(json.dumps(shapes.as_json(shapes.Line("", text), found), ensure_ascii=False))
        return
    click.echo(Masks(detector).mask(text))
    for it in found:
        click.echo(f"  {it.kind:15} {it.start:4}–{it.end:<4} {it.text}  ({it.score:.2f} {it.source})")
