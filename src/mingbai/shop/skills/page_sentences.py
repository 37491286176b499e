"""The shop's pages as sentences, each with its place, its heading and its twin in the other language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from mingbai.shop.search.terms import of_text
from mingbai.shop.skills import places
from mingbai.shop.skills.pages import Page
from mingbai.shop.skills.scene import Scene
from mingbai.values.records import Customer, Order, PolicyDocument

_LONG_ZH, _LONG_EN = 90, 220  # characters from which a sentence is told by its parts
_HEADING = re.compile(r"^#{1,6}\s+")
_RULER = re.compile(r"^[|\s:-]+$")
_TITLE = re.compile(r"\*\*[^*。.;；]+\*\*")
_MARKS = re.compile(r"\*\*|__|`")
_POINT = re.compile(r"^(?:[-*+]|\d+[.)、])\s*")
_END_ZH, _PART_ZH = re.compile(r"(?<=[。！？])"), re.compile(r"(?<=；)")
_END_EN, _PART_EN = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“])"), re.compile(r"(?<=;)\s+")
_SPAN = re.compile(
    r"(?:第\s*|(?i:days? ))?(\d+)\s*(?:[–—~至-]|到|(?i:to))\s*(\d+)\s*(?:天|日|(?i:days?)|$)|(\d+)\s*天(?:内|以内)|(?i:within (\d+) days)"
)
_LEAD = re.compile(r"^[^：:。；;]{2,30}[：:]\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """A point, a paragraph or a row of a table as its sentences, with where it stands."""

    place: tuple[int, int]  # section, and number in it
    heading: str
    sentences: tuple[str, ...]
    lead: str = ""
    days: tuple[int, int] | None = None  # of a row that is for some days: 第 8–15 天
    is_row: bool = False


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence of a page. `near`: the sentence's own terms; `around`: those of its heading, its title and its lead."""

    text: str
    twin: str
    page: Page
    near: frozenset[str]
    around: frozenset[str]
    block: Block


def sayings(scene: Scene) -> list[Saying]:
    """Every sentence of the pages that are in force and hold where the asker is."""
    found: dict[str, Page] = {}
    for row in scene.rows(PolicyDocument):
        document = row.record
        if document.valid_from is not None and document.valid_from > scene.today:
            continue
        before = found.get(document.document_no, Page(None, None))
        english = document.lang == "en"
        found[document.document_no] = replace(before, en=row) if english else replace(before, zh=row)
    lands = _countries(scene)
    out: list[Saying] = []
    for page in found.values():
        country = page.of(scene).record.country
        if not country or not lands or country in lands:
            out += _of_page(scene, page)
    return out


def _of_page(scene: Scene, page: Page) -> Iterator[Saying]:
    row = page.of(scene)
    other = page.en if row is page.zh else page.zh
    own = blocks(row.record.text)
    theirs = _by_place(other.record.text) if other else {}
    sizes = _sizes(own), _sizes(theirs.values())
    for block in own:
        twin = theirs.get(block.place) if _aligned(block, *sizes) else None
        pairs = (
            zip(block.sentences, twin.sentences, strict=True)
            if twin is not None and len(twin.sentences) == len(block.sentences)
            else ((s, "".join(twin.sentences) if twin else "") for s in block.sentences)
        )
        around = terms(f"{row.record.title} {block.heading} {block.lead}")
        for text, same in pairs:
            yield Saying(text, same, page, terms(text), around, block)


def _sizes(found: Iterable[Block]) -> dict[int, int]:
    """How many blocks each section has."""
    out: dict[int, int] = {}
    for block in found:
        out[block.place[0]] = out.get(block.place[0], 0) + 1
    return out


def _aligned(block: Block, own: dict[int, int], theirs: dict[int, int]) -> bool:
    section = block.place[0]
    return len(own) == len(theirs) and own.get(section) == theirs.get(section)


@lru_cache(4096)
def terms(text: str) -> frozenset[str]:
    return frozenset(of_text(text, short=True))


@lru_cache(512)
def blocks(text: str) -> tuple[Block, ...]:
    """Points, paragraphs and rows of a Markdown page in their order."""
    out: list[Block] = []
    heading, section, number = "", 0, 0
    head: tuple[str, ...] | None = None
    intro = ""
    for raw in text.splitlines():
        line = _MARKS.sub("", raw).strip()
        if _HEADING.match(line):
            heading, section, number, head = _HEADING.sub("", line), section + 1, 0, None
            intro = ""
        elif line.startswith("|"):
            cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
            if _RULER.match(line):
                continue
            if head is None:
                head = cells
                continue
            about = f"{heading} {intro} {' '.join(head)}"
            out.append(
                Block((section, number), about, (_row(head, cells),), days=_span(cells[0]), is_row=True)
            )
            number += 1
        elif _TITLE.fullmatch(raw.strip()):
            head, intro = None, line  # **棉麻立领茶服上衣（T044）** names the table under it and says nothing
        elif line:
            head = None
            line = _POINT.sub("", line)
            lead = _LEAD.match(line)
            out.append(Block((section, number), heading, _sentences(line), lead[0] if lead else ""))
            number += 1
            intro = line if line.endswith(("：", ":")) else ""
    return tuple(out)


def _span(cell: str) -> tuple[int, int] | None:
    found = _SPAN.search(cell)
    if found is None:
        return None
    return (int(found[1]), int(found[2])) if found[1] else (0, int(found[3] or found[4]))


def _by_place(text: str) -> dict[tuple[int, int], Block]:
    return {block.place: block for block in blocks(text)}


def _row(head: tuple[str, ...], cells: tuple[str, ...]) -> str:
    """A table's row as a sentence: the first cell, then each other with its head."""
    chinese = any("一" <= c <= "龥" for c in cells[0] + head[0])
    named = [c if len(cells) == 2 else f"{h} {c}" for h, c in zip(head[1:], cells[1:], strict=False)]
    return f"{cells[0]}：{'；'.join(named)}。" if chinese else f"{cells[0]}: {'; '.join(named)}."


def _sentences(line: str) -> tuple[str, ...]:
    chinese = any("一" <= c <= "龥" for c in line)
    end, part, long = (_END_ZH, _PART_ZH, _LONG_ZH) if chinese else (_END_EN, _PART_EN, _LONG_EN)
    out: list[str] = []
    for sentence in end.split(line):
        if len(sentence) <= long:
            out.append(sentence.strip())
            continue
        lead = _LEAD.match(sentence)
        parts = part.split(sentence)
        out += [p.strip() if n == 0 or not lead else lead[0] + p.strip() for n, p in enumerate(parts)]
    return tuple(s for s in out if s)


def _countries(scene: Scene) -> frozenset[str]:
    """Whose rules are asked about: of the country that is named, of the order in focus, of the customer; else of home for
    who writes Chinese, and anywhere for who does not."""
    named = places.named(scene.text)
    if named:
        return frozenset(named)
    order = scene.get(Order, scene.order) if scene.order else None
    row = scene.get(Customer, scene.asker.customer) if scene.asker.customer else None
    country = (order.record.country if order else "") or (row.record.country if row else "")
    if not country and not scene.says_zh:
        return frozenset()
    return (
        frozenset(("CN", country or "CN"))
        if country in ("", "CN", "HK", "MO", "TW")
        else frozenset((country,))
    )
