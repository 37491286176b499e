"""`mingbai search`: ask the shop's rows in words; or a file of queries, for programs."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mingbai.cli.progress import counting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mingbai.shop.records.home import Reader
    from mingbai.shop.search.query import Answer, Hit
    from mingbai.shop.search.search import Search
    from mingbai.values.errors import BadInput
    from mingbai.values.json import JsonObject

KINDS = ("product", "policy", "review")
BATCH_DEEPEN_SECONDS = 120.0  # a program's queries wait for the second encoder once, not each
ONE_DEEPEN_SECONDS = 0.0


@click.command()
@click.argument("text")
@click.option(
    "--shop", default=None, help="店铺代号；只有一家时可省略 / the shop; may be left out if there is one"
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(KINDS),
    help="只要这一类，可重复 / only this kind; repeatable",
)
@click.option("--in-stock", is_flag=True, help="只要有货的 / in stock only")
@click.option(
    "--min-price", default=None, metavar="AMOUNT", help="最低价，如 100 或 20USD / least price: 100 or 20USD"
)
@click.option("--max-price", default=None, metavar="AMOUNT", help="最高价 / most")
@click.option("--category", default="", help="分类，如 茶具 > 盖碗 / category")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True)
@click.option(
    "--deepen", type=click.FloatRange(0), default=None, metavar="SECONDS",
    help="先让第二编码器读这么久（没读完也能搜） / let the second encoder read for so long first",
)  # fmt: skip
@click.option("--rebuild", is_flag=True, help="先由数据库重建索引 / make the index anew from the rows first")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="输出 JSON；TEXT 是文件时每行一条 / print JSON; a line each for a FILE",
)
def search(
    text: str, shop: str | None, kinds: tuple[str, ...], in_stock: bool, min_price: str | None, max_price: str | None,
    category: str, limit: int, deepen: float | None, rebuild: bool, as_json: bool,
) -> None:  # fmt: skip
    """搜索 TEXT；TEXT 也可以是 JSON Lines 文件，每行 {"id","text"}。

    Search for TEXT, or for each line {"id","text"} of a JSON Lines file of that name.
    """
    from mingbai.cli import assemble
    from mingbai.cli.settings import load
    from mingbai.shop.search.document import Kind
    from mingbai.shop.search.query import Filters, Query

    path = Path(text)
    batch = as_json and len(text) < 4096 and path.suffix in (".jsonl", ".json", ".ndjson") and path.is_file()
    asked = list(_lines(path)) if batch else []
    settings = load()
    with assemble.records(settings) as records:
        name = records.the_shop(shop)
        currency = _currency(records.get, name)
        filters = Filters(
            frozenset(Kind(k) for k in kinds), in_stock, _money(min_price, currency, "--min-price"),
            _money(max_price, currency, "--max-price"), category,
        )  # fmt: skip
        finder = assemble.search(settings, records)
        if rebuild:
            finder.rebuild(name)
        seconds = deepen if deepen is not None else BATCH_DEEPEN_SECONDS if batch else ONE_DEEPEN_SECONDS
        _prepare(finder, name, seconds)
        if batch:
            for row in asked:
                answer = finder.ask(name, Query(row["text"], filters, limit))
                _print_json({"id": row["id"], **_row(answer)})
            return
        answer = finder.ask(name, Query(text, filters, limit))
        with records.reading() as reader:
            if as_json:
                _print_json({**_row(answer), "nearest": [_hit(h) for h in answer.nearest[:3]]})
            else:
                click.echo("\n".join(_shown(answer, reader, name)))


def _prepare(finder: Search, shop: str, seconds: float) -> None:
    """The index as new as the rows, and the second encoder's reading, with a line of progress where it takes long."""
    finder.refresh(shop)
    if seconds <= 0:
        return

    left = finder.deepen(shop, seconds=seconds, progress=counting("第二编码器 / second encoder: "))
    if left:
        click.echo(
            f"\n还有 {left} 条待读，不影响搜索 / {left} texts still to be read; search works without",
            err=True,
        )


def _lines(path: Path) -> Iterator[dict[str, str]]:
    import json

    with ExitStack() as stack:
        file = stack.enter_context(path.open(encoding="utf-8-sig"))
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                if not isinstance(row["text"], str):
                    raise TypeError("text")
                yield {"id": row["id"], "text": row["text"]}
            except (ValueError, KeyError, TypeError) as e:
                raise _bad_line(path, number) from e


def _bad_line(path: Path, number: int) -> BadInput:
    from mingbai.values.errors import BadInput, Text

    return BadInput(
        Text(f"{path.name} 第 {number} 行不能读。", f"Line {number} of {path.name} cannot be read."),
        Text('每行应是 {"id": …, "text": "…"}。', 'Each line should be {"id": …, "text": "…"}.'),
    )


def _currency(get: Callable[..., object], shop: str) -> str:
    from mingbai.values.records import Shop, Sourced

    found = get(shop, Shop, shop)
    return found.record.currency if isinstance(found, Sourced) and isinstance(found.record, Shop) else "CNY"


def _money(said: str | None, currency: str, option: str):  # type: ignore[no-untyped-def]  # click calls it
    """100, 100CNY, 20.5USD."""
    import re

    from mingbai.values.money import Money

    if said is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([A-Za-z]{3})?", said.strip())
    try:
        if found:
            return Money.of(found.group(1), (found.group(2) or currency).upper())
    except ValueError:
        pass
    raise click.BadParameter(f"{said}: 100, 99.50, 20USD", param_hint=option)


def _row(answer: Answer) -> JsonObject:
    return {
        "hits": [
            *({"id": e.key, "kind": e.kind, "score": 1.0, "by": e.by} for e in answer.exact),
            *(_hit(hit) for hit in answer.hits),
        ],
        "abstained": answer.abstained,
        **(
            {"meant": {"zh": answer.foreign.zh, "en": answer.foreign.en}}
            if answer.abstained and answer.foreign.zh
            else {}
        ),
    }


def _hit(hit: Hit) -> JsonObject:
    return {
        "id": hit.key, "kind": hit.kind.value, "score": hit.score, "by": "words and meaning",
        "why": {
            "keyword": hit.keyword_share, "dense": hit.dense_share, "prior": hit.prior, "coverage": hit.coverage,
            "cosine": hit.cosine, "deep_cosine": hit.deep_cosine,
            "words": [{"said": p.said, "route": p.route, "weight": p.weight, "met": p.met} for p in hit.parts],
        },
    }  # fmt: skip


def _shown(answer: Answer, reader: Reader, shop: str) -> Iterator[str]:
    from mingbai.cli.search_lines import exact_line, hit_lines

    for row in answer.exact:
        yield exact_line(row)
    for number, hit in enumerate(answer.hits, 1):
        yield from hit_lines(number, hit, reader, shop)
    if answer.abstained:
        yield "没有合适的结果。 / Nothing fits."
        if answer.nearest:
            nearest = answer.nearest[0]
            yield f"  最接近的是 / nearest: {nearest.key}（{nearest.score:.2f}，不够 / not enough）"
        if answer.foreign.zh:
            yield f"  更像是问 / more likely meant: {answer.foreign.zh} {answer.foreign.en}，店里没有 / not in this shop"


def _print_json(value: object) -> None:
    import json

    click.echo(json.dumps(value, ensure_ascii=False))
