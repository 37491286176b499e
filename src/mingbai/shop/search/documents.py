"""Documents from the shop's rows: of the whole shop, or of the rows that changed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from mingbai.shop.records.home import Change, Reader
from mingbai.shop.search.document import Document, Field, Kind, Offer
from mingbai.values.records import PolicyDocument, Price, Product, Review, Stock, Variant

PASSAGE = 320  # characters: what the encoder tells apart well
ROWS_AT_ONCE = 2000
HEADING = re.compile(r"^#{1,6}\s+(.*)$")
# Seven digits and more, however they are parted; e-mail addresses; account names after the word for them.
REACHED_BY = re.compile(
    r"\+?[0-9０-９](?:[\s().－-]{0,2}[0-9０-９]){6,30}|[\w.+-]{1,64}[@＠][\w.-]{1,64}|(?:微信|VX|wx|QQ)号?[:：\s]{0,3}[A-Za-z0-9_-]{5,32}",
    re.IGNORECASE,
)
MARKS = re.compile(r"[*_`>|]+|^\s*[-+]\s+|!?\[([^\]]*)\]\([^)]*\)", re.MULTILINE)


def of_shop(reader: Reader, shop: str, now: datetime) -> Iterator[Document]:
    """Every document of the shop."""
    variants: dict[str, list[Variant]] = defaultdict(list)
    for row in reader.rows(shop, Variant):
        assert isinstance(row.record, Variant)
        variants[row.record.product_no].append(row.record)
    prices: dict[str, list[Price]] = defaultdict(list)
    for row in reader.rows(shop, Price):
        assert isinstance(row.record, Price)
        prices[row.record.sku].append(row.record)
    stocks: dict[str, list[Stock]] = defaultdict(list)
    for row in reader.rows(shop, Stock):
        assert isinstance(row.record, Stock)
        stocks[row.record.sku].append(row.record)
    for row in reader.rows(shop, Product):
        assert isinstance(row.record, Product)
        of_it = variants.pop(row.record.product_no, [])
        made = product(row.record.product_no, row.record, of_it, prices, stocks, now)
        if made is not None:
            yield made
    for product_no, of_it in variants.items():
        made = product(product_no, None, of_it, prices, stocks, now)
        if made is not None:
            yield made
    pages: dict[str, list[PolicyDocument]] = defaultdict(list)
    for row in reader.rows(shop, PolicyDocument):
        assert isinstance(row.record, PolicyDocument)
        pages[row.record.document_no].append(row.record)
    yield from (policy(number, of_it) for number, of_it in pages.items())
    for row in reader.rows(shop, Review):
        assert isinstance(row.record, Review)
        if row.record.text.strip():
            yield review(row.record)


def of_keys(reader: Reader, shop: str, keys: Iterable[tuple[Kind, str]], now: datetime) -> Iterator[Document]:
    """The documents of these keys that (still) exist."""
    for kind, key in keys:
        match kind:
            case Kind.PRODUCT:
                made = _one_product(reader, shop, key, now)
                if made is not None:
                    yield made
            case Kind.POLICY:
                of_it = [r.record for r in reader.rows(shop, PolicyDocument, document_no=key)]
                pages = [page for page in of_it if isinstance(page, PolicyDocument)]
                if pages:
                    yield policy(key, pages)
            case Kind.REVIEW:
                row = reader.get(shop, Review, key)
                if row is not None and isinstance(row.record, Review) and row.record.text.strip():
                    yield review(row.record)


def touched(reader: Reader, shop: str, changes: Sequence[Change]) -> tuple[set[tuple[Kind, str]], set[str]]:
    """The documents that changes are about, and the SKUs of which only the index may know the product."""
    keys: set[tuple[Kind, str]] = set()
    skus: set[str] = set()
    for change in changes:
        first = str(change.key[0])
        if change.record is Product:
            keys.add((Kind.PRODUCT, first))
        elif change.record is PolicyDocument:
            keys.add((Kind.POLICY, first))
        elif change.record is Review:
            keys.add((Kind.REVIEW, first))
        elif change.record in (Variant, Price, Stock):
            skus.add(first)
    for sku in skus:
        row = reader.get(shop, Variant, sku)
        if row is not None and isinstance(row.record, Variant):
            keys.add((Kind.PRODUCT, row.record.product_no))
    return keys, skus


def _one_product(reader: Reader, shop: str, key: str, now: datetime) -> Document | None:
    row = reader.get(shop, Product, key)
    found = row.record if row is not None and isinstance(row.record, Product) else None
    of_it = [r.record for r in reader.rows(shop, Variant, product_no=key)]
    variants = [v for v in of_it if isinstance(v, Variant)]
    prices = {
        v.sku: [r.record for r in reader.rows(shop, Price, sku=v.sku) if isinstance(r.record, Price)]
        for v in variants
    }
    stocks = {
        v.sku: [r.record for r in reader.rows(shop, Stock, sku=v.sku) if isinstance(r.record, Stock)]
        for v in variants
    }
    return product(key, found, variants, prices, stocks, now)


def product(
    key: str, row: Product | None, variants: Sequence[Variant],
    prices: dict[str, list[Price]], stocks: dict[str, list[Stock]], now: datetime,
) -> Document | None:  # fmt: skip
    """A listed product with its listed variants; None when it is not for sale, or nothing is known of it."""
    listed = [v for v in variants if v.listed]
    if not key or (row is None and not listed) or (row is not None and not row.listed):
        return None
    fields: list[Field] = []
    if row is not None:
        fields += [
            Field("title", row.title_zh),
            Field("title", row.title_en),
            Field("category", row.category),
        ]
        fields += [
            Field("brand", row.brand),
            Field("body", row.description_zh),
            Field("body", row.description_en),
        ]
        fields += [Field("tag", tag) for tag in row.tags]
        fields += [Field("attribute", value) for _, value in row.attributes]
        fields += [Field("body", name) for name, _ in row.attributes]
    title = "option" if row is not None else "title"
    options = dict.fromkeys(value for v in listed for _, value in v.options)
    fields += [
        Field(title, text) for text in dict.fromkeys(t for v in listed for t in (v.title_zh, v.title_en))
    ]
    fields += [Field("option", value) for value in options]
    fields = [field for field in fields if field.text.strip()]
    offers = tuple(
        Offer(v.sku, in_stock(stocks.get(v.sku, ())), current(prices.get(v.sku, ()), now)) for v in listed
    )
    return Document(
        Kind.PRODUCT, key, tuple(fields), tuple(_of_product(row, listed, tuple(options))), _deep(fields, row),
        row.category if row is not None else "", offers,
    )  # fmt: skip


def _of_product(row: Product | None, listed: Sequence[Variant], options: tuple[str, ...]) -> Iterator[str]:
    """Titles by language, so that each is near to questions in it; then what is said of the product."""
    if row is None:
        yield from dict.fromkeys(t for v in listed for t in (v.title_zh, v.title_en) if t.strip())
        return
    if row.title_zh.strip():
        yield row.title_zh
    if row.title_en.strip():
        yield row.title_en
    for text in (row.description_zh, row.description_en):
        yield from pieces(text)
    chosen = " ".join([row.category, *row.tags, *options[:12]]).strip()
    if chosen and (row.title_zh or row.title_en):
        yield f"{row.title_zh or row.title_en} {chosen}"


def _deep(fields: Sequence[Field], row: Product | None) -> tuple[str, ...]:
    """The titles together, and what is said of the product in one language: the encoder reads both alike."""
    titles = " ".join(field.text for field in fields if field.name == "title")[:PASSAGE]
    said = (row.description_zh or row.description_en).strip()[:PASSAGE] if row is not None else ""
    return tuple(text for text in (titles, said) if text)


def in_stock(rows: Sequence[Stock]) -> bool:
    """To be had from any warehouse. A shop that counts nothing sells everything."""
    if not rows:
        return True
    return any(s.available and (s.on_hand is None or s.on_hand > 0) for s in rows)


def current(rows: Sequence[Price], now: datetime) -> tuple[tuple[str, int], ...]:
    """What is asked today, by currency: the lowest of the prices that hold now."""
    asked: dict[str, int] = {}
    for price in rows:
        if price.valid_from <= now and (price.valid_to is None or now < price.valid_to):
            before = asked.get(price.amount.currency)
            asked[price.amount.currency] = (
                price.amount.minor if before is None else min(before, price.amount.minor)
            )
    return tuple(sorted(asked.items()))


def policy(number: str, pages: Sequence[PolicyDocument]) -> Document:
    fields: list[Field] = []
    passages: list[str] = []
    for page in pages:
        fields.append(Field("title", page.title))
        fields.append(Field("category", page.topic))
        passages.append(page.title)
        for heading, text in sections(page.text):
            fields.append(Field("heading", heading))
            fields.append(Field("rule", text))
            passages += [f"{heading or page.title}: {piece}" for piece in pieces(text)]
    fields = [field for field in fields if field.text.strip()]
    read = tuple(dict.fromkeys(passages))
    return Document(Kind.POLICY, number, tuple(fields), read, deep=read, category=pages[0].topic)


def review(row: Review) -> Document:
    """Without numbers and addresses by which somebody is reached: the hash of a phone number can be found by trying them all."""
    text = REACHED_BY.sub(" ", row.text)
    read = tuple(pieces(text))
    return Document(Kind.REVIEW, row.review_no, (Field("review", text),), read, deep=read[:1])


def sections(markdown: str) -> Iterator[tuple[str, str]]:
    """Each heading with the text under it, without Markdown's marks."""
    heading, lines = "", list[str]()
    for line in [*markdown.splitlines(), "# "]:
        found = HEADING.match(line)
        if found is None:
            lines.append(line)
            continue
        text = MARKS.sub(lambda m: m.group(1) or " ", "\n".join(lines)).strip()
        if text:
            yield heading, text
        heading, lines = found.group(1).strip(), []


def pieces(text: str) -> Iterator[str]:
    """The text in pieces that the encoder can read, cut at ends of sentences where there are any."""
    now = ""
    for sentence in re.split(r"(?<=[。！？!?；;\n])|(?<=\. )", text.strip()):
        while len(sentence) > PASSAGE:
            sentence, rest = sentence[:PASSAGE], sentence[PASSAGE:]
            if now.strip():
                yield now.strip()
            now, sentence = sentence, rest
        if len(now) + len(sentence) > PASSAGE and now.strip():
            yield now.strip()
            now = ""
        now += sentence
    if now.strip():
        yield now.strip()
