"""The shop's own pages as tables and points: rows of a Markdown table, bullets, and the passage that fits a question.

Pages come in two languages; a table's rows and a list's points are paired by their place when both have as many.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mingbai.shop.search.document import Kind
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import PolicyDocument
from mingbai.values.turn import Passage

_HEADING = re.compile(r"^#{1,6}\s+")
_RULER = re.compile(r"^[|\s:-]+$")
_MARKS = re.compile(r"\*\*|__|`")
_POINT = re.compile(r"^(?:[-*+]|\d+[.)、])\s*")
_HOW_MUCH = re.compile(r"多少|几|多久|多长|多大|(?i:how (?:much|many|long)|when)")
_LONGEST = 420  # characters of a cited passage


@dataclass(frozen=True, slots=True)
class Page:
    """One policy in the languages it has."""

    zh: Row[PolicyDocument] | None
    en: Row[PolicyDocument] | None

    def of(self, scene: Scene) -> Row[PolicyDocument]:
        first, other = (self.zh, self.en) if scene.says_zh else (self.en, self.zh)
        found = first or other
        assert found is not None
        return found

    @property
    def rows(self) -> tuple[Row[PolicyDocument], ...]:
        return tuple(row for row in (self.zh, self.en) if row is not None)


@dataclass(frozen=True, slots=True)
class Point:
    """A bullet, a numbered point, a paragraph or a row of a table, with the heading it stands under."""

    zh: str
    en: str
    heading_zh: str = ""
    page: Page | None = None


def pages(scene: Scene, topic: str, country: str = "") -> list[Page]:
    """The pages of a topic that hold today; `country` leaves those of this country and those of everywhere."""
    found: dict[str, Page] = {}
    for row in scene.rows(PolicyDocument, topic=topic):
        page = row.record
        if country and page.country and page.country != country:
            continue
        if page.valid_from is not None and page.valid_from > scene.today:
            continue
        before = found.get(page.document_no, Page(None, None))
        found[page.document_no] = replace(before, en=row) if page.lang == "en" else replace(before, zh=row)
    return list(found.values())


def page(scene: Scene, document_no: str) -> Page | None:
    zh, en = (scene.get(PolicyDocument, document_no, lang) for lang in ("zh", "en"))
    return Page(zh, en) if zh or en else None


def tables(text: str) -> list[list[tuple[str, ...]]]:
    """Every Markdown table as rows of cells, its head first."""
    out: list[list[tuple[str, ...]]] = []
    inside = False
    for line in text.splitlines():
        if not line.lstrip().startswith("|"):
            inside = False
            continue
        if not inside:
            out.append([])
            inside = True
        if not _RULER.match(line):
            out[-1].append(tuple(_MARKS.sub("", cell).strip() for cell in line.strip().strip("|").split("|")))
    return [rows for rows in out if len(rows) > 1]


def paired_rows(found: Page) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The rows under the heads of all tables of a page, Chinese and English; a page of one language serves for both."""
    zh, en = (tables(row.record.text) if row else [] for row in (found.zh, found.en))
    if [len(t) for t in zh] != [len(t) for t in en]:
        zh = en = zh or en
    return [pair for a, b in zip(zh, en, strict=True) for pair in zip(a[1:], b[1:], strict=True)]


def points(found: Page) -> list[Point]:
    """Bullets and paragraphs, not tables. Where the two languages differ in number, each stands for itself."""
    zh, en = (_points(row.record.text) if row else [] for row in (found.zh, found.en))
    if len(zh) == len(en):
        return [Point(a[1], b[1], a[0], found) for a, b in zip(zh, en, strict=True)]
    return [Point(text, text, heading, found) for heading, text in zh or en]


def _points(text: str) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    heading = ""
    for raw in text.splitlines():
        line = _MARKS.sub("", raw).strip()
        if _HEADING.match(line):
            heading = _HEADING.sub("", line)
        elif line and not line.startswith("|"):
            out.append((heading, _POINT.sub("", line)))
    return out


def best_points(found: Iterable[Point], words: str, many: int = 1) -> list[Point]:
    """The points that share most with the words, the earlier of equals first; none that shares nothing."""
    wanted, counts = grams(words), bool(_HOW_MUCH.search(words))

    def worth(point: Point) -> float:
        shared = len(wanted & (grams(point.zh) | grams(point.en) | grams(point.heading_zh)))
        return shared + 0.9 * (counts and any(c.isdigit() for c in point.zh)) if shared else 0.0

    scored = [(worth(point), -n, point) for n, point in enumerate(found)]
    return [p for score, _, p in sorted(scored, key=lambda s: (-s[0], -s[1])) if score > 0][:many]


def grams(text: str) -> set[str]:
    """Pairs of Chinese characters and whole English words."""
    low = text.casefold()
    chinese = re.findall(r"[一-龥]+", low)
    pairs = {run[i : i + 2] for run in chinese for i in range(len(run) - 1)}
    return (pairs | {w.rstrip("s") for w in re.findall(r"[a-z]{3,}", low)}) - _EMPTY


_EMPTY = {
    "可以", "不可", "什么", "怎么", "请问", "不能", "这个", "那个", "你们", "我们", "没有", "不是", "以吗", "以不", "时候", "知道", "一下",
    "the", "and", "for", "you", "are", "can", "thi", "that", "what", "how", "doe", "with", "have", "will", "your",
          "from", "not", "any", "there", "which", "when", "much", "long", "please", "would", "like", "pre"}  # fmt: skip


def overlap(wanted: set[str], text: str) -> float:
    """How much of the text's own grams are wanted, a little dampened by its length."""
    there = grams(text)
    return len(wanted & there) / (4 + len(there)) ** 0.5 if there else 0.0


def cite(scene: Scene, topics: Sequence[str], words: str = "", country: str = "") -> tuple[Passage, ...]:
    """A passage of the best page of these topics: its points nearest to the words, in the asker's language."""
    found = [each for topic in topics for each in pages(scene, topic, country)]
    return tuple(passage(scene, each, words or scene.text) for each in found[:1])


def passage(scene: Scene, found: Page, words: str) -> Passage:
    """What the page says on these words: its nearest points, or its beginning."""
    row = found.of(scene)
    every = points(found)
    best = best_points(every, words, 2) or every[:2]
    lines = [p.zh if row is found.zh else p.en for p in every if p in best]
    rows = [pair[0 if row is found.zh else 1] for pair in paired_rows(found)]
    wanted = grams(words)
    near = max(rows, key=lambda cells: overlap(wanted, " ".join(cells)), default=None)
    if near is not None and overlap(wanted, " ".join(near)) > 0.3:
        lines.append("：".join(near) if row is found.zh else ": ".join(near))
    text = "\n".join(lines)[:_LONGEST]
    return Passage("policy", row.record.document_no, row.record.title, text, row.record.lang, 1.0)


# Topics that a skill of its own answers from; a page on anything else is cited as it is.
_ANSWERED = frozenset(
    [
        "delivery",
        "shipping_fee",
        "return_right",
        "refund",
        "exchange",
        "invoice",
        "coupon",
        "campaign",
        "price_protection",
        "warranty",
        "size",
        "order_change",
        "handoff",
        "quality",
        "care",
    ]
)
_SURE = 0.42  # a page's score from which a message is about it


def unanswered(scene: Scene) -> tuple[Passage, ...]:
    """The page that a message is about, where no skill answers from it: customs, gifts, membership, privacy …"""
    hits = scene.find(scene.text, Kind.POLICY, 1)
    found = page(scene, hits[0].key) if hits and hits[0].score >= _SURE else None
    if found is None or found.of(scene).record.topic in _ANSWERED or not prefers_page(scene, scene.text):
        return ()
    return (
        (replace(passage(scene, found, scene.text), score=hits[0].score),) if _is_named(scene, found) else ()
    )


def _is_named(scene: Scene, found: Page) -> bool:
    """Whether the message has a word of the page's title: 关税, 会员, gift. 多少钱 alone is about no page."""
    titles = " ".join(row.record.title for row in found.rows)
    return bool(grams(scene.text) & grams(titles))


def prefers_page(scene: Scene, words: str) -> bool:
    """Whether a page fits these words better than any article does."""
    page, article = scene.find(words, Kind.POLICY, 1), scene.find(words, Kind.PRODUCT, 1)
    return bool(page) and (not article or page[0].score > article[0].score)


def searched(scene: Scene, words: str, many: int = 1) -> tuple[Passage, ...]:
    """Passages of pages found by search; none when nothing fits."""
    out = []
    for hit in scene.find(words, Kind.POLICY, many):
        found = page(scene, hit.key)
        if found is not None:
            out.append(replace(passage(scene, found, words), score=hit.score))
    return tuple(out)
