"""`mingbai bench search`: a hundred thousand made-up products, and in the same run what a shop would use instead.

Ours is asked end to end: the index looked at for freshness, numbers looked up in the database, both legs, reasons for every
hit. Beside it: SQLite FTS5 with trigrams over the same texts, and a plain scan of every vector.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from mingbai.prove.search_home import in_batches
from mingbai.prove.spread import quantile
from mingbai.shop.records.home import Records
from mingbai.shop.records.jsonform import to_json
from mingbai.shop.search import deep, encoder
from mingbai.shop.search.query import Query
from mingbai.shop.search.search import Search
from mingbai.values.json import JsonObject
from mingbai.values.money import Money
from mingbai.values.records import Order, Origin, Price, Product, Shop, Sourced, Stock, Variant

SHOP = "bench"
SINCE = datetime(2025, 1, 1, tzinfo=UTC)
SMALL = 5000

MAKES = [("手工", "handmade"), ("复古", "vintage"), ("简约", "minimalist"), ("加厚", "thick"), ("便携", "portable"), ("防水", "waterproof"),
         ("儿童", "children's"), ("大容量", "large"), ("静音", "quiet"), ("折叠", "folding"), ("轻薄", "light"), ("智能", "smart")]  # fmt: skip
STUFFS = [("紫砂", "clay"), ("白瓷", "white porcelain"), ("玻璃", "glass"), ("竹", "bamboo"), ("胡桃木", "walnut"), ("不锈钢", "stainless steel"),
          ("棉麻", "cotton linen"), ("真皮", "leather"), ("硅胶", "silicone"), ("羊毛", "wool"), ("铝合金", "aluminium"), ("藤编", "rattan"),
          ("黄铜", "brass"), ("亚克力", "acrylic"), ("帆布", "canvas")]  # fmt: skip
THINGS = [("茶壶", "teapot"), ("茶杯", "tea cup"), ("托盘", "tray"), ("台灯", "desk lamp"), ("背包", "backpack"), ("钱包", "wallet"),
          ("围巾", "scarf"), ("收纳盒", "storage box"), ("花瓶", "vase"), ("相框", "photo frame"), ("拖鞋", "slippers"), ("餐垫", "placemat"),
          ("水壶", "kettle"), ("书架", "bookshelf"), ("椅子", "chair"), ("抱枕", "cushion"), ("帽子", "hat"), ("手套", "gloves"),
          ("镜子", "mirror"), ("挂钟", "wall clock"), ("砧板", "chopping board"), ("香炉", "incense burner"), ("雨伞", "umbrella"),
          ("笔筒", "pen holder"), ("毛毯", "blanket")]  # fmt: skip
COLOURS = [("天青", "sky blue"), ("米白", "off-white"), ("墨黑", "ink black"), ("酒红", "wine red"), ("墨绿", "dark green"), ("姜黄", "ginger yellow")]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    number: int
    make: tuple[str, str]
    stuff: tuple[str, str]
    thing: tuple[str, str]
    colour: tuple[str, str]
    size: int

    @property
    def key(self) -> str:
        return f"P{self.number:06d}"

    @property
    def zh(self) -> str:
        return f"{self.make[0]}{self.stuff[0]}{self.thing[0]} {self.colour[0]} {self.size}号"

    @property
    def en(self) -> str:
        """Six of ten have an English title as well."""
        title = f"{self.make[1]} {self.stuff[1]} {self.thing[1]}, {self.colour[1]}, no. {self.size}"
        return title.capitalize() if self.number % 10 < 6 else ""


def products(count: int, seed: int = 7) -> list[Made]:
    draw = random.Random(seed)
    every = list(itertools.product(MAKES, STUFFS, THINGS, COLOURS))
    return [Made(n, *draw.choice(every), draw.randint(1, 60)) for n in range(count)]


def rows(made: Sequence[Made], seed: int = 8) -> Iterator[Sourced]:
    draw = random.Random(seed)
    for m in made:
        origin = Origin("bench.csv", m.number + 2)
        sku = f"{m.key}-1"
        yield Sourced(
            Product(m.key, m.zh, m.en, f"杂货 > {m.thing[0]}", tags=(m.stuff[0], m.colour[0])), origin
        )
        yield Sourced(Variant(sku, m.key, barcode=f"69{m.number:011d}"), origin)
        yield Sourced(Price(sku, Money(draw.randint(900, 90_000), "CNY"), SINCE), origin)
        yield Sourced(Stock(sku, "", draw.randint(0, 9)), origin)


def orders(count: int) -> Iterator[Sourced]:
    return (
        Sourced(Order(f"BN2025{n:08d}", phone=f"138{n:08d}"), Origin("bench-orders.csv", n + 2))
        for n in range(count)
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """`wanted`: what the first hit has to be made of and be."""

    text: str
    wanted: tuple[str, str]


def queries(made: Sequence[Made], count: int, seed: int = 9) -> list[Asked]:
    """Chinese, English, mixed, with a typo, and Chinese words for what is meant without the shop's own."""
    draw = random.Random(seed)
    asked = []
    for n in range(count):
        m = draw.choice(made)
        wanted = (m.stuff[0], m.thing[0])
        match n % 5:
            case 0:
                text = f"{m.stuff[0]}{m.thing[0]}"
            case 1:
                text = f"{m.stuff[1]} {m.thing[1]}"
            case 2:
                text = f"有没有{m.colour[0]}的{m.stuff[0]}{m.thing[0]}，{m.make[0]}一点的"
            case 3:
                text = f"{m.colour[1]} {m.stuff[0]} {m.thing[1]}"
            case _:
                text = f"{m.make[1]} {m.stuff[1]} {_slip(m.thing[1], draw)}"
        asked.append(Asked(text, wanted))
    return asked


def _slip(word: str, draw: random.Random) -> str:
    at = draw.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


@dataclass(slots=True)
class Side:
    """Milliseconds of each query, and how many first hits were what was asked for."""

    name: str
    ms: list[float] = field(default_factory=list)
    right: int = 0

    def at(self, q: float) -> float:
        return quantile(self.ms, q)


@dataclass(slots=True)
class Bench:
    products: int
    queries: int
    rows_seconds: float = 0.0
    index_seconds: float = 0.0
    index_mib: float = 0.0
    rss_before_mib: float = 0.0
    rss_mib: float = 0.0
    peak_mib: float = 0.0
    deep_read: int = 0
    change_ms: float = 0.0
    small_seconds: float = 0.0
    sides: list[Side] = field(default_factory=list)

    def lines(self) -> list[str]:
        rows = [
            f"{self.products:,} 商品 / products; rows taken in {self.rows_seconds:.0f} s, indexed in {self.index_seconds:.0f} s"
            f" ({self.products / max(self.index_seconds, 0.001):,.0f}/s), index {self.index_mib:.0f} MiB on disk",
            f"内存 / memory: {self.rss_before_mib:.0f} MiB before, {self.rss_mib:.0f} MiB while answering (mapped files included),"
            f" peak {self.peak_mib:.0f} MiB; second encoder had read {self.deep_read:,} texts",
            f"{'':<34}{'p50 ms':>9}{'p99 ms':>9}{'first hit right':>17}",
        ]
        for side in self.sides:
            right = f"{side.right / len(side.ms):.3f}" if side.right else "–"
            rows.append(f"{side.name:<34}{side.at(0.5):>9.2f}{side.at(0.99):>9.2f}{right:>17}")
        rows.append(f"一行改动到可搜 / one changed row until it is found: {self.change_ms:.0f} ms")
        if self.small_seconds:
            rows.append(
                f"{SMALL:,} 商品从命令开始到可搜 / products, from the start of `mingbai import` to found by `mingbai search`:"
                f" {self.small_seconds:.1f} s (goal 60)"
            )
        return rows

    def as_json(self) -> JsonObject:
        sides = {
            s.name: {
                "p50_ms": round(s.at(0.5), 3),
                "p99_ms": round(s.at(0.99), 3),
                "right": s.right,
                "n": len(s.ms),
            }
            for s in self.sides
        }
        plain = {name: getattr(self, name) for name in self.__slots__ if name != "sides"}
        return {**plain, "sides": sides}


def bench(count: int, asked: int, say: Callable[[str], None], *, small: bool = True) -> Bench:
    """Everything in one process and one run, except the small import, which is two commands as a merchant gives them."""
    done = Bench(count, asked)
    with TemporaryDirectory(prefix="mingbai-bench-") as folder:
        home = Path(folder)
        if small:
            say(f"importing {SMALL:,} products as a merchant does")
            done.small_seconds = import_to_searchable(home / "small")
        made = products(count)
        done.rss_before_mib = _rss_mib()
        with Records.open(home / "shop.db") as records:
            say(f"taking {count:,} products in")
            start = time.monotonic()
            for some in in_batches(itertools.chain(rows(made), orders(2000)), 20_000):
                records.take(SHOP, some)
            done.rows_seconds = time.monotonic() - start
            search = Search(home, records, encoder.default(), deep=deep.default())
            say("indexing")
            start = time.monotonic()
            search.refresh(SHOP)
            done.index_seconds = time.monotonic() - start
            # All of it would take the second encoder most of an hour; a query costs the same however much it has read.
            left = search.deepen(SHOP, seconds=20)
            done.deep_read = count - left
            done.index_mib = sum(f.stat().st_size for f in search.index(SHOP).folder.iterdir()) / 2**20
            questions = queries(made, asked)
            done.sides += _ours(search, questions, made, say)
            done.rss_mib, done.peak_mib = (
                _rss_mib(),
                resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            )
            done.change_ms = _changed(search)
            done.sides.append(_trigrams(made, questions, say))
            done.sides.append(_scan(made, questions, say))
    return done


def _ours(
    search: Search, questions: Sequence[Asked], made: Sequence[Made], say: Callable[[str], None]
) -> list[Side]:
    say("asking")
    by_key = {m.key: m for m in made}
    for q in questions[:10]:
        search.ask(SHOP, Query(q.text))
    whole, number = Side("mingbai, end to end"), Side("mingbai, a number looked up")
    for q in questions:
        start = time.perf_counter()
        answer = search.ask(SHOP, Query(q.text))
        whole.ms.append(1000 * (time.perf_counter() - start))
        whole.right += bool(answer.hits) and _right(by_key[answer.hits[0].key], q)
    draw = random.Random(3)
    for n in range(len(questions)):
        m = draw.choice(made)
        text = (f"BN2025{draw.randrange(2000):08d}", f"{m.key}-1", f"69{m.number:011d}")[n % 3]
        start = time.perf_counter()
        found = search.exact(SHOP, text)
        number.ms.append(1000 * (time.perf_counter() - start))
        number.right += bool(found)
    return [whole, number]


def _right(m: Made, asked: Asked) -> bool:
    return (m.stuff[0], m.thing[0]) == asked.wanted


def _changed(search: Search) -> float:
    """A new product, until a query finds it."""
    search.records.take(SHOP, [Sourced(Product("NEW", "琉璃镇纸"), Origin("bench.csv", 1))])
    start = time.perf_counter()
    answer = search.ask(SHOP, Query("琉璃镇纸"))
    took = 1000 * (time.perf_counter() - start)
    assert answer.hits[0].key == "NEW"
    return took


def _trigrams(made: Sequence[Made], questions: Sequence[Asked], say: Callable[[str], None]) -> Side:
    """FTS5 as its manual says: every run of letters or signs as a string, any of them, best by bm25."""
    say("SQLite FTS5 with trigrams")
    side = Side("SQLite FTS5 trigram")
    with sqlite3.connect(":memory:") as db:
        db.execute("CREATE VIRTUAL TABLE t USING fts5(zh, en, tokenize='trigram')")
        db.executemany(
            "INSERT INTO t(rowid, zh, en) VALUES (?, ?, ?)", ((m.number, m.zh, m.en) for m in made)
        )
        for q in questions:
            words = "".join(c if c.isalnum() else " " for c in q.text).split()
            match = " OR ".join(f'"{piece}"' for word in words for piece in _threes(word))
            start = time.perf_counter()
            hits = db.execute(
                "SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", (match or '"~~~"',)
            ).fetchall()
            side.ms.append(1000 * (time.perf_counter() - start))
            side.right += bool(hits) and _right(made[hits[0][0]], q)
    return side


def _threes(word: str) -> list[str]:
    """A Latin word whole; Chinese, which has no spaces, in its threes."""
    return [word] if word.isascii() else [word[i : i + 3] for i in range(max(1, len(word) - 2))]


def _scan(made: Sequence[Made], questions: Sequence[Asked], say: Callable[[str], None]) -> Side:
    import numpy as np

    say("a plain scan of every vector")
    side = Side("plain scan of the vectors")
    model = encoder.default()
    vectors = np.concatenate(
        [model.encode([f"{m.zh} {m.en}" for m in made[i : i + 2000]]) for i in range(0, len(made), 2000)]
    )
    for q in questions:
        start = time.perf_counter()
        near = vectors @ model.encode([q.text])[0]
        best = np.argpartition(-near, 10)[:10]
        first = best[np.argmax(near[best])]
        side.ms.append(1000 * (time.perf_counter() - start))
        side.right += _right(made[int(first)], q)
    return side


def import_to_searchable(home: Path) -> float:
    """Two commands in processes of their own: the import of a folder of JSON Lines, and a search that finds one of them."""
    source = home / "files"
    source.mkdir(parents=True)
    made = products(SMALL)
    by_kind: dict[type, list[str]] = {}
    shop = Sourced(Shop(SHOP, "测速店", "Bench shop"), Origin("bench.csv", 1))
    for row in [shop, *rows(made)]:
        by_kind.setdefault(type(row.record), []).append(json.dumps(to_json(row.record), ensure_ascii=False))
    names = {Shop: "shop", Product: "product", Variant: "variant", Price: "price", Stock: "stock"}
    for kind, lines in by_kind.items():
        (source / f"{names[kind]}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    env = {**os.environ, "MINGBAI_HOME": str(home / "home")}
    command = [sys.executable, "-m", "mingbai.cli"]
    start = time.monotonic()
    subprocess.run(
        [*command, "import", str(source), "--shop", SHOP, "--json"], env=env, check=True, capture_output=True
    )
    said = subprocess.run(
        [*command, "search", made[-1].zh, "--json"], env=env, check=True, capture_output=True, text=True
    ).stdout
    took = time.monotonic() - start
    first = json.loads(said)["hits"][0]["id"]
    assert _right(next(m for m in made if m.key == first), Asked("", (made[-1].stuff[0], made[-1].thing[0])))
    return took


def _rss_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
