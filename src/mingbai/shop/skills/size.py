"""Size advice from the article's own chart, with height and weight. Between two sizes both are told, with what decides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from mingbai.shop.skills import choosing, goods, ontology, pages, product, remarks, stated
from mingbai.shop.skills.goods import Goods
from mingbai.shop.skills.scene import Scene
from mingbai.shop.skills.skill import said, told
from mingbai.values.records import Pairs, Product
from mingbai.values.turn import Evidence, Fact, Intent, Need

_ROW = re.compile(r"^(?:尺码|size) ?(?P<size>[A-Za-z0-9]+)$", re.IGNORECASE)
_HEIGHT = re.compile(r"(?:身高|height)\s*(\d+(?:\.\d+)?)\s*[-–—~至到]\s*(\d+(?:\.\d+)?)", re.IGNORECASE)
_WEIGHT = re.compile(r"(?:体重|weight)\s*(\d+(?:\.\d+)?)\s*[-–—~至到]\s*(\d+(?:\.\d+)?)", re.IGNORECASE)


_LAYERED = re.compile(
    r"毛衣|套(?:个|件)|里面(?:要|想)?(?:穿|套|加)|加绒|保暖|穿厚|叠穿|(?i:\bpullover|\bsweater|\blayer|\bunderneath|\bjumper|\bhoodie|\bthick)"
)
_NEXT_UP = re.compile(r"选大一码|大一码|(?i:next size up|size up)")


@dataclass(frozen=True, slots=True)
class SizeArguments:
    product: str = said("商品名、编号或 SKU", "the article's name, number or SKU")
    height_cm: Decimal | None = field(default=None, metadata=told("身高，厘米", "height in cm"))
    weight_kg: Decimal | None = field(default=None, metadata=told("体重，公斤", "weight in kg"))
    order_no: str = said("订单号", "order number")


@dataclass(frozen=True, slots=True)
class Size:
    name: str
    height: tuple[Decimal, Decimal] | None
    weight: tuple[Decimal, Decimal] | None
    zh: str
    en: str


def chart(attributes: Pairs) -> list[Size]:
    """The size chart among the attributes, smallest first as the shop gives it: 尺码 M = 身高 160-168 cm，体重 50-60 kg."""
    said_zh: dict[str, str] = {}
    said_en: dict[str, str] = {}
    for name, value in attributes:
        if (row := _ROW.match(name)) is not None:
            (said_en if name.isascii() else said_zh).setdefault(row["size"].upper(), value)
    out = []
    for size in dict.fromkeys((*said_zh, *said_en)):
        zh, en = said_zh.get(size) or said_en[size], said_en.get(size) or said_zh[size]
        out.append(
            Size(
                size,
                _span(_HEIGHT, zh) or _span(_HEIGHT, en),
                _span(_WEIGHT, zh) or _span(_WEIGHT, en),
                zh,
                en,
            )
        )
    return out


def _span(pattern: re.Pattern[str], text: str) -> tuple[Decimal, Decimal] | None:
    hit = pattern.search(text)
    return (Decimal(hit[1]), Decimal(hit[2])) if hit else None


_MEASURE = re.compile(
    r"肩宽|袖长|袖口|裤长|裤腰|腰围|臀围|领围|领口|下摆|前后片|(?i:\bsleeves?(?: length)?\b|\bshoulders?(?: width)?\b|\bwaist\b|\bhips?\b|\bneck(?:line)?\b|\binseam\b)(?=.{0,24}(?:[?？]|(?i:cm|inch|long|wide|length|measure|pls|please)))"
)


def size_advice(scene: Scene, asked: SizeArguments) -> Evidence:
    """The size by weight, with what the height says; the whole chart where something is missing."""
    if other := _of_another(scene, asked):
        return other
    if not asked.product and not scene.item:
        named = _in_text(scene)
        if named is None:
            return _which(scene)
        asked = replace(asked, product=named)
    found = goods.find(scene, goods.ItemArguments(asked.product))
    if isinstance(found, Evidence) and asked.product and scene.item:
        found = goods.find(
            scene, goods.ItemArguments()
        )  # 里面要套毛衣: of what is looked at, not of a pullover
    if isinstance(found, Evidence):
        return found if found.needs else _which(scene)
    sizes = chart(found.product.record.attributes)
    if not sizes:
        return Evidence(scene.intent, facts=(_no_chart(scene, found),), passages=pages.cite(scene, ("size",)))
    rows = tuple(_rows(scene, found, sizes, must=asked.height_cm is None and asked.weight_kg is None))
    needs = []
    if asked.weight_kg is None:
        needs.append(Need("weight_kg", "请告诉我体重（公斤或斤）。", "Please tell me the weight in kg."))
    if asked.height_cm is None:
        needs.append(Need("height_cm", "请告诉我身高（厘米）。", "Please tell me the height in cm."))
    if unknown := _not_measured(scene, found):
        return Evidence(scene.intent, facts=(unknown, *rows))
    if asked.weight_kg is None and asked.height_cm is None:
        return Evidence(scene.intent, facts=rows, needs=tuple(needs))
    advice = tuple(_advice(scene, found, sizes, asked))
    larger = tuple(_larger(scene, found, sizes, advice))
    return Evidence(scene.intent, facts=(*advice, *larger, *rows), needs=tuple(needs))


def _not_measured(scene: Scene, found: Goods) -> Fact | None:
    """Of a measure that is asked for and in no chart of the article: the sleeve, the shoulders."""
    hit = _MEASURE.search(scene.text)
    known = " ".join(f"{n} {v}" for n, v in found.product.record.attributes).casefold()
    if hit is None or (hit[0].casefold() if hit[0].isascii() else hit[0][:2]) in known:
        return None
    return scene.fact(
        "product.not_said", None, f"《{found.zh}》的尺码表里没有“{hit[0]}”，我不知道，不乱说；需要的话回复“转人工”，请人工客服帮您量。",
        f'The size chart of {found.en} does not have "{hit[0]}"; I do not know and will not guess. A person can measure it: just say “agent”.',
        found.product, about=found.about,
    )  # fmt: skip


def _larger(scene: Scene, found: Goods, sizes: list[Size], advice: tuple[Fact, ...]) -> Iterator[Fact]:
    """One size up where something thick goes beneath and the article's own text says to take it."""
    said = next((f.value for f in advice if f.name == "size.advice"), None)
    names = [size.name for size in sizes]
    if not _LAYERED.search(f"{scene.before} {scene.text}") or said not in names[:-1]:
        return
    told = next(((zh, en) for zh, en in remarks.paired(found.product.record.description_zh, found.product.record.description_en)
                 if _NEXT_UP.search(zh) or _NEXT_UP.search(en)), None)  # fmt: skip
    if told is not None:
        up = names[names.index(str(said)) + 1]
        yield scene.fact(
            "size.larger", up, f"{told[0].rstrip('。；')}：那就选 {up} 码。", f"{told[1].rstrip('.;')}: that is {up}.", found.product,
            about=found.about,
        )  # fmt: skip


def _of_another(scene: Scene, asked: SizeArguments) -> Evidence | None:
    """How large a thing is that nobody wears: its own measures, which are in no size chart."""
    measured = {each.id for each in ontology.asked(scene.text)} & {"dimensions", "capacity"}
    if asked.height_cm is not None or asked.weight_kg is not None or not measured:
        return None
    articles = choosing.candidates(scene, goods.ItemArguments(asked.product))
    chosen = choosing.choose(scene, articles, scene.text)
    meant = [f.article for f in (*chosen.told, *chosen.alike)]
    if not meant or any(chart(a.row.record.attributes) for a in meant):
        return None
    return product.product_info(
        replace(scene, intent=Intent.PRODUCT_INFO), goods.ItemArguments(asked.product)
    )


def _in_text(scene: Scene) -> str | None:
    """The one article with a chart whose title shares most words with the message."""
    wanted = pages.grams(scene.text)
    rows = [row.record for row in scene.rows(Product, listed=True) if chart(row.record.attributes)]
    shared = sorted(
        ((len(wanted & pages.grams(f"{p.title_zh} {p.title_en}")), p.product_no) for p in rows), reverse=True
    )
    if not shared or not shared[0][0] or (len(shared) > 1 and shared[0][0] == shared[1][0]):
        return None
    return shared[0][1]


def _which(scene: Scene) -> Evidence:
    """Which garment: those that have a chart, when they are few."""
    rows = [row for row in scene.rows(Product, listed=True) if chart(row.record.attributes)][:4]
    if not rows:
        return Evidence(scene.intent)
    zh = "、".join(row.record.title_zh or row.record.title_en for row in rows)
    en = ", ".join(row.record.title_en or row.record.title_zh for row in rows)
    choices = tuple(
        (r.record.title_zh if scene.says_zh else r.record.title_en) or r.record.product_no for r in rows
    )
    return Evidence(
        scene.intent, needs=(Need("product", f"请问是哪一款：{zh}？", f"Which one is it: {en}?", choices),)
    )


def _no_chart(scene: Scene, found: Goods) -> Fact:
    return scene.fact(
        "size.no_chart",
        None,
        f"《{found.zh}》没有尺码表。",
        f"{found.en} has no size chart.",
        found.product,
        about=found.about,
    )


def _rows(scene: Scene, found: Goods, sizes: list[Size], *, must: bool) -> Iterator[Fact]:
    named = [size for size in sizes if stated.states(scene.text, size.name, "size")]
    for size in sorted(sizes, key=lambda each: each not in named):
        yield scene.fact(
            "size.chart", size.name, f"{size.name} 码：{size.zh}。", f"Size {size.name}: {size.en}.", found.product,
            about=found.about, must=must and (not named or size in named),
        )  # fmt: skip


def _fitting(sizes: list[Size], number: Decimal | None, of: str) -> list[Size]:
    if number is None:
        return []
    spans = [(size, size.weight if of == "weight" else size.height) for size in sizes]
    return [size for size, span in spans if span is not None and span[0] <= number <= span[1]]


def _advice(scene: Scene, found: Goods, sizes: list[Size], asked: SizeArguments) -> Iterator[Fact]:
    """Weight decides; height breaks a tie. What still fits two sizes is told as that."""
    by_weight, by_height = (
        _fitting(sizes, asked.weight_kg, "weight"),
        _fitting(sizes, asked.height_cm, "height"),
    )
    measured_zh, measured_en = _measured(asked)
    about = found.about
    if asked.weight_kg is not None and not by_weight:
        yield from _beyond(scene, found, sizes, asked.weight_kg)
        return
    both = [size for size in by_weight if size in by_height]
    left = both or by_weight or by_height
    if not left:
        yield scene.fact(
            "size.none", None, f"{measured_zh}：尺码表里没有合适的码。", f"{measured_en}: the chart has no size for that.",
            found.product, about=about,
        )  # fmt: skip
        return
    if len(left) == 1:
        yield scene.fact(
            "size.advice", left[0].name, f"{measured_zh}，《{found.zh}》建议选 {left[0].name} 码。",
            f"{measured_en}: we suggest size {left[0].name} of {found.en}.", found.product, about=about,
        )  # fmt: skip
    else:
        small, large = left[0].name, left[-1].name
        smaller = _runs_large(found.product.record)
        tail_zh = "这款本来就宽松，选小一码" if smaller else "喜欢合身选小一码，喜欢宽松或里面穿厚选大一码"
        tail_en = (
            "the cut is generous, so take the smaller"
            if smaller
            else "take the smaller for a close fit, the larger for a loose one"
        )
        yield scene.fact(
            "size.advice", small if smaller else f"{small}/{large}",
            f"{measured_zh}，《{found.zh}》在 {small} 码和 {large} 码之间：{tail_zh}。",
            f"{measured_en}: between sizes {small} and {large} of {found.en}; {tail_en}.", found.product, about=about,
        )  # fmt: skip
    if asked.height_cm is not None and asked.weight_kg is not None and not both and by_height:
        named = "、".join(size.name for size in by_height)
        yield scene.fact(
            "size.by_height", named, f"按身高是 {named} 码，身高和体重不在同一码时以体重为准。",
            f"Going by height it would be {named}; where height and weight differ, go by weight.", found.product, about=about,
        )  # fmt: skip
    elif asked.height_cm is not None and not by_height:
        yield scene.fact(
            "size.by_height", None, "身高不在尺码表的范围里，衣长请看尺码表。",
            "The height is outside the chart; please look at the length in it.", found.product, about=about, must=False,
        )  # fmt: skip


def _measured(asked: SizeArguments) -> tuple[str, str]:
    zh, en = [], []
    if asked.height_cm is not None:
        zh.append(f"身高 {asked.height_cm:f} cm")
        en.append(f"{asked.height_cm:f} cm")
    if asked.weight_kg is not None:
        zh.append(f"体重 {asked.weight_kg:f} kg")
        en.append(f"{asked.weight_kg:f} kg")
    return "、".join(zh), ", ".join(en)


def _beyond(scene: Scene, found: Goods, sizes: list[Size], weight: Decimal) -> Iterator[Fact]:
    spans = [size.weight for size in sizes if size.weight]
    if not spans:
        yield _no_chart(scene, found)
        return
    least, most = min(s[0] for s in spans), max(s[1] for s in spans)
    yield scene.fact(
        "size.none", None, f"《{found.zh}》的尺码适合体重 {least:f}–{most:f} kg，{weight:f} kg 没有合适的码。",
        f"{found.en} is made for {least:f}–{most:f} kg; there is no size for {weight:f} kg.", found.product, about=found.about,
    )  # fmt: skip


def _runs_large(product: Product) -> bool:
    """Where the article's own text says to take the smaller of two."""
    return "选小" in product.description_zh or "take the smaller" in product.description_en.casefold()
