"""What the shop's own pages say on one matter of an order: the sentence that has the trade's word for it, or the cell of a
table where the order's state and what is wished for meet.

The words looked for are those of the trade (仅退款, deposit), never a shop's own wording. Where a page says nothing of the
matter, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from mingbai.shop.skills import pages
from mingbai.shop.skills.scene import Scene
from mingbai.values.turn import Fact

_END_ZH, _END_EN = re.compile(r"(?<=[。！？])"), re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“])")
_PART_ZH, _PART_EN = re.compile(r"(?<=；)"), re.compile(r"(?<=;)\s+")
_LEAD = re.compile(r"^[^：:。；;]{2,30}[：:]\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of a page in both languages; the same in both where the page has only one."""

    zh: str
    en: str
    heading: str
    page: pages.Page


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a row and a column of a table meet, with what both are called."""

    row: tuple[str, str]
    column: tuple[str, str]
    zh: str
    en: str
    page: pages.Page


def sentences(scene: Scene, topics: Sequence[str], country: str = "") -> Iterator[Said]:
    """Every sentence of the pages of these topics, in their order. Where a page's two languages differ in number, each
    sentence stands for itself, in the asker's language."""
    for topic in topics:
        for page in pages.pages(scene, topic, country):
            row = page.of(scene)
            alone = replace(page, zh=row if row is page.zh else None, en=row if row is page.en else None)
            whole = pages.points(page)
            paired = bool(whole) and (page.zh is None or page.en is None or any(p.zh != p.en for p in whole))
            for point in whole if paired else pages.points(alone):
                for zh, en in _paired(point.zh, point.en):
                    yield Said(zh, en, point.heading_zh, page)


def find(
    scene: Scene, topics: Sequence[str], about: re.Pattern[str], country: str = "", heading: str = ""
) -> Said | None:
    """The first sentence that has the words looked for; `heading` is looked for in what it stands under."""
    return next(
        (
            said
            for said in sentences(scene, topics, country)
            if (about.search(said.zh) or about.search(said.en))
            and (not heading or re.search(heading, said.heading))
        ),
        None,
    )


def told(
    scene: Scene,
    topics: Sequence[str],
    *about: re.Pattern[str],
    country: str = "",
    of: str = "",
    must: bool = True,
) -> tuple[Fact, ...]:
    """The sentences that have the words looked for as facts, one for each pattern, none twice. `of`: the order's number."""
    out: dict[str, Fact] = {}
    for pattern in about:
        if (said := find(scene, topics, pattern, country)) is not None:
            out.setdefault(said.zh, fact(scene, said, of=of, must=must))
    return tuple(out.values())


def fact(scene: Scene, said: Said, *, of: str = "", must: bool = True) -> Fact:
    topic = said.page.of(scene).record.topic
    return scene.fact(
        f"page.{topic}", None, _ended(said.zh), _ended(said.en), *said.page.rows, about=of, must=must
    )


def cell(scene: Scene, topic: str, row: re.Pattern[str], column: re.Pattern[str]) -> Cell | None:
    """The cell of the first table of the topic that has such a row and such a column."""
    for page in pages.pages(scene, topic):
        zh, en = (pages.tables(r.record.text) if r else [] for r in (page.zh, page.en))
        if [(len(t), len(t[0])) for t in zh] != [(len(t), len(t[0])) for t in en]:
            zh = en = zh or en
        for own, other in zip(zh, en, strict=True):
            at = next(
                (n for n, h in enumerate(own[0]) if n and (column.search(h) or column.search(other[0][n]))), 0
            )
            of = next(
                (n for n, r in enumerate(own) if n and (row.search(r[0]) or row.search(other[n][0]))), 0
            )
            if at and of and at < min(len(own[of]), len(other[of])):
                return Cell(
                    (own[of][0], other[of][0]), (own[0][at], other[0][at]), own[of][at], other[of][at], page
                )
    return None


@lru_cache(2048)
def _paired(zh: str, en: str) -> tuple[tuple[str, str], ...]:
    """Sentence by sentence, and part by part at semicolons, where both languages have as many."""
    if zh == en:
        return tuple(
            (s, s) for s in (_END_ZH.split(zh) if _is_chinese(zh) else _END_EN.split(en)) if s.strip()
        )
    a, b = ([s.strip() for s in cut.split(text) if s.strip()] for cut, text in ((_END_ZH, zh), (_END_EN, en)))
    if len(a) != len(b):
        return ((zh, en),)
    out: list[tuple[str, str]] = []
    for one, other in zip(a, b, strict=True):
        parts, others = _PART_ZH.split(one), _PART_EN.split(other)
        if len(parts) == len(others) > 1:
            lead, its = _LEAD.match(one), _LEAD.match(other)
            led = [p if n == 0 or not lead else lead[0] + p for n, p in enumerate(parts)]
            out += zip(
                led, [p if n == 0 or not its else its[0] + p for n, p in enumerate(others)], strict=True
            )
        else:
            out.append((one, other))
    return tuple(out)


def _is_chinese(text: str) -> bool:
    return any("一" <= c <= "龥" for c in text)


def _ended(text: str) -> str:
    text = text.strip().rstrip("；;，,")
    text = text[:1].upper() + text[1:]  # a part after a semicolon stands alone here
    return (
        text
        if text.endswith(("。", ".", "！", "!", "?", "？"))
        else text + ("。" if _is_chinese(text) else ".")
    )
