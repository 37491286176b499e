"""What an article is: its fields first, then sentences of its description, then a cited page or review."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from mingbai.shop.search.document import Kind
from mingbai.shop.skills import attributes, browse, coupon, goods, pages, person, price, stock
from mingbai.shop.skills.goods import Goods, ItemArguments, Several
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Product, Review
from mingbai.values.turn import Evidence, Fact, Intent, Passage
from mingbai.zh.width import normalise

_SIZE_CHART = re.compile(r"^(?:尺码|size) ")
_MOST = 8
# How customers ask for a field: the field's name in the shop's files, and words that mean it.
ASKED = (
    (("材质", "面料", "material", "fabric"), "什么材质|材料|什么做的|面料|陶瓷还是|什么瓷|什么泥|真皮|纯棉|made of|material|fabric|cotton|linen"),
    (("容量", "capacity"), "容量|多大|几毫升|多少毫升|多少ml|装多少|几杯|capacity|how big|how much .*hold|volume|ml"),
    (("尺寸", "dimensions"), "尺寸|多大|多高|多宽|多长|直径|口径|dimensions|how (?:big|tall|wide|large)|diameter|size"),
    (("产地", "origin"), "产地|哪里产|哪产|哪里做|哪里生产|where .*(?:made|from)|origin"),
    (("洗碗机", "dishwasher"), "洗碗机|dishwasher"),
    (("微波炉", "microwave"), "微波炉|微波|叮一下|microwave"),
    (("明火", "电磁炉", "电陶炉", "open flame", "induction", "ceramic hob"), "明火|电磁炉|电陶炉|煤气|直接烧|加热|炉子|flame|induction|hob|stove"),
    (("洗涤", "care"), "怎么洗|机洗|水洗|洗涤|缩水|掉色|烘干|保养|wash|care|clean|dry|shrink"),
    (("适合", "suited to"), "适合|泡什么|能泡|可以泡|几岁|多大年纪|年龄|岁以上|suit|good for|brew|how old|which age|what age|\\bages?\\b"),
    (("有效期", "valid", "validity", "valid for"), "有效期|几年有效|能用几年|能用多久|how long .*valid|\\bvalid\\b|expire"),
    (("年份", "产季", "vintage", "year", "harvest", "season"), "哪年|哪一年|年份|几年的|什么时候采|产季|采摘|vintage|which year|what year|harvest|how old is the tea"),
    (("程序", "programmes", "programs"), "预约|程序|几个模式|programme|program|timer|preset"),
    (("承重", "load"), "承重|能放多重|坐人|load|hold .*weight"),
    (("重量", "weight"), "多重|重量|几斤|多沉|weigh|heavy"),
    (("保质期", "shelf life"), "保质期|过期|生产日期|放多久|放多长|shelf life|expire|keep for"),
    (("储存", "storage"), "怎么存|储存|保存|冷藏|冰箱|store|storage|fridge"),
    (("冲泡", "brewing"), "怎么泡|怎么冲|怎么煮|水温|几度|多少度|度水|冲泡|泡多久|煮多久|brew|temperature|steep"),
    (("净含量", "net weight"), "多少克|几克|净含量|how many grams|net weight"),
    (("过敏原", "allergens"), "过敏|allerg"),
    (("配件", "included", "件数", "pieces"), "几件|包含|包括|带不带|送不送|有没有盖|配件|include|pieces|come with"),
    (("功率", "power"), "功率|多少瓦|power|watt"),
    (("电压", "voltage"), "电压|插头|国外能用|110|220|伏|voltage|plug|volt|\\d ?v\\b"),
    (("温控", "temperature control"), "温控|调温|控温|temperature control"),
    (("保温", "keeps hot"), "保温|多久凉|keep.* (?:hot|warm)"),
    (("噪音", "noise"), "噪音|吵|noise|loud"),
    (("耐温", "heat limit"), "耐热|耐温|开水|沸水|炸裂|boiling|heat"),
    (("工艺", "craft"), "手绘|手工|贴花|工艺|机器做|handmade|hand-?painted|craft"),
    (("质保", "warranty"), "保修|质保|warranty"),
    (("工期", "lead time"), "多久做好|工期|几天做|lead time"),
    (("定制", "customisation"), "定制|刻字|logo|engrav|custom"),
    (("包装", "packaging"), "包装|礼盒|盒子|packag|gift box"),
    (("版型", "fit"), "版型|男女|宽松|男款|女款|fit|unisex|loose"),
    (("供电", "batteries"), "电池|供电|充电|batter|charge"),
    (("精度", "precision", "量程", "range"), "精度|量程|准不准|precision|accurate"),
)  # fmt: skip
# Under what an article is asked about, by any of its words: what the description says of that is told.
_CONDITIONS = (("开封", "拆封", "打开后", "opened", "opening"), ("开水", "沸水", "滚水", "boiling"))
_CONDITION = re.compile("|".join(word for words in _CONDITIONS for word in words))
_CARE = re.compile(r"开壶|养壶|养护|保养|怎么养|茶垢|怎么存|储存|保存|season|care for|clean|store")
_HAVE = re.compile(r"(?:还|都|现在)?有(?:货|现货)?(?:吗|么|没有?|不)\s*[?？。!！~]*$")
_WASH = re.compile(r"洗洁精|清洗|怎么洗|能洗|除垢|(?i:detergent|soap|wash(?!er))")


def product_info(scene: Scene, asked: ItemArguments) -> Evidence:
    """The fields that the question names, else the article in brief; a page of the shop where that says it."""
    if asked.product and _HAVE.search(normalise(scene.text).text):
        return stock.stock(replace(scene, intent=Intent.STOCK), asked)
    if person.asks_shop(scene.text) and not asked.product:
        return person.shop_facts(scene, person.PersonArguments())
    if browse.ASKED.search(scene.text) and (offers := tuple(browse.offers(scene, asked.product))):
        return Evidence(scene.intent, facts=offers)
    if not asked.product and not _asks_of_focus(scene) and pages.prefers_page(scene, scene.text):
        return Evidence(scene.intent, passages=pages.searched(scene, scene.text))
    if codes := coupon.by_code(scene):
        return coupon.coupon(replace(scene, intent=Intent.COUPON), coupon.CouponArguments(code=codes))
    any_of = goods.find_any(scene, asked)
    if isinstance(any_of, Several) and (same := _of_all(scene, any_of)):
        return Evidence(scene.intent, facts=same, passages=_on_care(scene))
    if isinstance(any_of, Several) and (cited := _on_care_of(scene, any_of)):
        return Evidence(scene.intent, passages=cited)
    found = goods.ask(scene, any_of) if isinstance(any_of, Several) else any_of
    if isinstance(found, Evidence):
        cited = _on_care(scene) or (
            pages.searched(scene, scene.text) if not asked.product or not found.needs else ()
        )
        return Evidence(scene.intent, passages=cited) if cited else found
    facts = [*_fields(scene, found)]
    if found.lacking:
        facts.insert(0, price.lacking(scene, found))
    if not any(fact.must for fact in facts):
        facts = [*_sentences(scene, found), *facts]
    else:
        facts += _uncovered(scene, found, facts)
    return Evidence(scene.intent, facts=(_title(scene, found), *facts), passages=_cited(scene, found, facts))


def _asks_of_focus(scene: Scene) -> bool:
    """Whether the article in focus has the field that the message names, so that no page need say it."""
    if not scene.item:
        return False
    found = goods.find(scene, ItemArguments())
    text = normalise(scene.text).text.casefold()
    return isinstance(found, Goods) and any(
        _names(p, text) for p in attributes.pairs(found.product.record.attributes)
    )


def _of_all(scene: Scene, several: Several) -> tuple[Fact, ...]:
    """What is asked of a kind of article, where all that may be meant say the same: 紫砂壶能进洗碗机吗."""
    text = normalise(scene.text).text.casefold()
    named = [
        [p for p in attributes.pairs(row.record.attributes) if p[0][0] != "category" and _names(p, text)]
        for row in several.rows
    ]
    first = named[0]
    if not first or any(other != first for other in named):
        return ()
    titles_zh = "、".join(f"《{row.record.title_zh or row.record.title_en}》" for row in several.rows)
    titles_en = ", ".join(row.record.title_en or row.record.title_zh for row in several.rows)
    return tuple(
        scene.fact(
            f"product.{_slug(en[0] if en[0].isascii() else zh[0])}", zh[1], f"{zh[0]}：{zh[1]}（{titles_zh}都一样）。",
            f"{en[0][:1].upper()}{en[0][1:]}: {en[1]} (the same for {titles_en}).", *several.rows,
        )
        for zh, en in first
    )  # fmt: skip


def _title(scene: Scene, found: Goods) -> Fact:
    row, one = found.product, found.one
    zh, en = f"您问的是《{found.zh}》", f"This is about {found.en}"
    if one is not None and len(found.every) > 1:
        zh, en = f"{zh}{goods.variant_zh(one)}", f"{en}, {goods.variant_en(one)}"
    return scene.fact("product.title", found.zh, f"{zh}。", f"{en}.", row, one, about=found.about, must=False)


def _fields(scene: Scene, found: Goods) -> Iterator[Fact]:
    """Every field; those that the question names come first and must be said."""
    text = normalise(scene.text).text.casefold()
    told = [
        pair
        for pair in attributes.pairs(found.product.record.attributes)
        if not _SIZE_CHART.match(pair[0][0]) and pair[0][0] != "category"
    ]
    named = [pair for pair in told if _names(pair, text)]
    for zh, en in [*named, *(pair for pair in told if pair not in named)][: max(_MOST, len(named))]:
        yield scene.fact(
            f"product.{_slug(en[0] if en[0].isascii() else zh[0])}", zh[1], f"{zh[0]}：{zh[1]}。",
            f"{en[0][:1].upper()}{en[0][1:]}: {en[1]}.", found.product, about=found.about, must=(zh, en) in named,
        )  # fmt: skip
    weight = found.one.record.weight_grams if found.one else None
    if (
        found.one
        and weight
        and not any(_names(p, "多重") for p in named)
        and _names((("重量", ""), ("weight", "")), text)
    ):
        yield scene.fact(
            "product.weight",
            weight,
            f"重量：{weight} 克（含包装以实物为准）。",
            f"Weight: {weight} g.",
            found.one,
            about=found.about,
        )


def _names(pair: tuple[tuple[str, str], tuple[str, str]], text: str) -> bool:
    names = (pair[0][0].casefold(), pair[1][0].casefold())
    if any(name in text for name in names if len(name) > 1):
        return True
    return any(re.search(words, text) for fields, words in ASKED if names[0] in fields or names[1] in fields)


def _slug(name: str) -> str:
    return re.sub(r"\W+", "_", name.strip().casefold()) or "field"


def _sentences(scene: Scene, found: Goods) -> list[Fact]:
    """The sentences of the description nearest to the question; its first when none is near."""
    row = found.product
    zh, en = _split(row.record.description_zh), _split(row.record.description_en)
    wanted = pages.grams(scene.text) - pages.grams(found.zh) - pages.grams(found.en)
    scored = [(pages.overlap(wanted, s), -n) for n, s in enumerate(zh if scene.says_zh or not en else en)]
    near = sorted((s for s in scored if s[0] > 0), reverse=True)[:2] or scored[:1]
    out = []
    for place in sorted(-n for _, n in near):
        said_zh = zh[place] if place < len(zh) and (scene.says_zh or len(zh) == len(en)) else (zh or en)[0]
        said_en = (
            en[place] if place < len(en) and (not scene.says_zh or len(zh) == len(en)) else (en or zh)[0]
        )
        out.append(scene.fact("product.description", None, said_zh, said_en, row, about=found.about))
    return out


def _uncovered(scene: Scene, found: Goods, facts: list[Fact]) -> list[Fact]:
    """A sentence of the description on words of the question that no field has: 电磁炉, where only 明火 is a field."""
    told = {gram for fact in facts if fact.must for gram in pages.grams(f"{fact.zh} {fact.en}")}
    wanted = pages.grams(scene.text) - pages.grams(f"{found.zh} {found.en}") - told
    zh, en = _split(found.product.record.description_zh), _split(found.product.record.description_en)
    own = zh if scene.says_zh or not en else en
    shared = [(len(wanted & pages.grams(s)), -n) for n, s in enumerate(own)]
    count, place = max(shared, default=(0, 0))
    if condition := _CONDITION.search(normalise(scene.text).text.casefold()):
        under = next(words for words in _CONDITIONS if condition[0] in words)
        told_zh, told_en = (
            next((s for s in side if any(w in s.casefold() for w in under)), "") for side in (zh, en)
        )
        if told_zh and told_en:
            return [
                scene.fact("product.description", None, told_zh, told_en, found.product, about=found.about)
            ]
    if count < (2 if scene.says_zh else 1) or len(zh) != len(en):
        return []
    return [scene.fact("product.description", None, zh[-place], en[-place], found.product, about=found.about)]


def _split(text: str) -> list[str]:
    return [s.strip() for s in re.split(r"(?<=[。！？!?；])|(?<=\. )|\n", text) if s.strip()]


def _on_care(scene: Scene) -> tuple[Passage, ...]:
    """A page on how to care for that kind of article, whichever of them it is."""
    if not _CARE.search(scene.text):
        return ()
    hits = scene.find(scene.text, Kind.POLICY, 2)
    found = [
        page for hit in hits if (page := pages.page(scene, hit.key)) and page.of(scene).record.topic == "care"
    ]
    return tuple(pages.passage(scene, page, scene.text) for page in found[:1])


def _on_care_of(scene: Scene, several: Several) -> tuple[Passage, ...]:
    """The page on the care of that kind, where the question is how it is washed."""
    if not _WASH.search(normalise(scene.text).text):
        return ()
    found = [page for hit in scene.find(scene.text, Kind.POLICY, 3) if (page := pages.page(scene, hit.key))]
    fitting = [
        p
        for p in found
        if p.of(scene).record.topic == "care" and all(_speaks_of(p, row) for row in several.rows)
    ]
    return tuple(pages.passage(scene, page, scene.text) for page in fitting[:1])


def _cited(scene: Scene, found: Goods, facts: list[Fact]) -> tuple[Passage, ...]:
    """A page on care where it is asked for, and a review where the question is what others think."""
    out: list[Passage] = []
    if _CARE.search(scene.text):
        words = f"{scene.text} {found.zh}"
        for hit in scene.find(words, Kind.POLICY, 2):
            page = pages.page(scene, hit.key)
            if page is not None and page.of(scene).record.topic == "care" and _speaks_of(page, found.product):
                out.append(pages.passage(scene, page, words))
                break
    if re.search(r"评价|好评|差评|口碑|买过的|大家觉得|review|others say", scene.text.casefold()):
        reviews = [row.record for row in scene.rows(Review, product_no=found.product.record.product_no)]
        lang = "zh" if scene.says_zh else "en"
        for review in sorted(reviews, key=lambda r: (r.lang != lang, -(r.rating or 0)))[:2]:
            out.append(Passage("review", review.review_no, "", review.text[:200], review.lang))
    return tuple(out)


def _speaks_of(page: pages.Page, row: Row[Product]) -> bool:
    """Whether a page on care is of this kind of article: by the last word of its category or a tag."""
    product = row.record
    words = [*product.category.split(" > "), *product.tags]
    texts = " ".join(r.record.title + r.record.text for r in page.rows)
    return any(len(w) > 1 and w in texts for w in words)
