"""What search found, for people: each hit with its title and a line of what it says."""

from __future__ import annotations

from dataclasses import dataclass

from mingbai.shop.records.home import Reader, Records
from mingbai.shop.search.document import Kind
from mingbai.shop.search.query import Filters, Query
from mingbai.shop.search.search import Search
from mingbai.values.records import PolicyDocument, Product, Review

SHOWN = 160  # characters of a text


@dataclass(frozen=True, slots=True)
class Found:
    kind: str
    key: str
    title: str
    text: str
    score: float
    by: str


@dataclass(frozen=True, slots=True)
class Answer:
    abstained: bool
    hits: tuple[Found, ...]


def found(search: Search, records: Records, shop: str, text: str, kind: str, many: int) -> Answer:
    """Blocks. Rows that a number names exactly come first."""
    filters = Filters(frozenset([Kind(kind)]) if kind else frozenset())
    answer = search.ask(shop, Query(text, filters, max(many, 1)))
    with records.reading() as reader:
        exact = [Found(e.kind, e.key, e.key, "", 1.0, e.by) for e in answer.exact]
        hits = [
            Found(
                h.kind.value,
                h.key,
                *_said(reader, shop, h.kind, h.key),
                round(h.score, 4),
                "words and meaning",
            )
            for h in answer.hits
        ]
    return Answer(answer.abstained and not exact, tuple([*exact, *hits][:many]))


def _said(reader: Reader, shop: str, kind: Kind, key: str) -> tuple[str, str]:
    """Title and text."""
    match kind:
        case Kind.PRODUCT:
            row = reader.get(shop, Product, key)
            if row and isinstance(row.record, Product):
                both = [row.record.title_zh, row.record.title_en]
                return " · ".join(t for t in both if t) or key, row.record.category
        case Kind.POLICY:
            pages = [r.record for r in reader.rows(shop, PolicyDocument, document_no=key)]
            texts = [p for p in pages if isinstance(p, PolicyDocument)]
            return " · ".join(p.title for p in texts) or key, _short(texts[0].text if texts else "")
        case Kind.REVIEW:
            row = reader.get(shop, Review, key)
            if row and isinstance(row.record, Review):
                return f"{'★' * (row.record.rating or 0)} {row.record.product_no}".strip(), _short(
                    row.record.text
                )
    return key, ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[:SHOWN] + "…"
