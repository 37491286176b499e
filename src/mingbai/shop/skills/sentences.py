"""What the shop's pages say on a question, sentence by sentence: for what no row answers (剪了吊牌能退吗).

A sentence is given only when it accounts for the question's own words, weighed by how rare they are on the pages; its
heading and its page's title count as context, for less. The other language comes from the same place of the twin page.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from mingbai.shop.search import vocabulary as words_of
from mingbai.shop.search.document import Kind
from mingbai.shop.search.feature import Parsed
from mingbai.shop.search.normal import folded
from mingbai.shop.search.parse import of_query
from mingbai.shop.search.terms import cutter
from mingbai.shop.skills import page_sentences, places
from mingbai.shop.skills.scene import Scene
from mingbai.values.turn import Fact, Intent
from mingbai.zh.numerals_read import read

SURE = 0.6  # of the question's weight that a sentence must account for
_IN_CONTEXT = 0.7  # a word that only the heading, the title or the point's lead has
_SOUNDS = ("sound", "initials", "character")
_HAS = 0.8  # of a word that a hit must have for an article to be known by it
_UNIT = 0.6  # a quantity alone: 30 天 is on many pages
_OTHER_TOPIC = 0.92  # of a page that is not on what was understood
_NO_FIGURE = 0.88  # of a sentence without a figure, where one is asked for
_GAIN = 0.15  # by which a page must say more of a question than the facts do
_GAIN_BESIDE = 0.3  # where rows answer already
_SIBLING = 0.6  # of the best sentence's score, for a second one of the same paragraph
_DAY_ROW = 0.3  # for a row of a table of days that holds the day which was said
_TELLING = 0.38  # of the weight of a word that no page has: the least that a question weighs; a common word asks nothing
_MOST = 3  # sentences told of several questions
_RARE = 2  # sentences of all pages that have a word, for one of them to be told for it
_OF_GOODS = ("authenticity", "safety", "origin")

_CLAUSE = re.compile(r"[，,。；;！!？?\n]+|\s+(?=[一-龥])|(?<=[一-龥])\s+|\. ")
_ASKED_APART = re.compile(
    r"(?<=[？?])|[，,。；;！!\n]+|\s+(?=[一-龥])|(?<=[一-龥])\s+|\. |,? and (?=(?:do|does|is|are|can|how|what|when|will)\b)"
)
_DAYS = re.compile(r"(\d+)\s*(?:天|日内)|(?i:\bday (\d+))|(?i:\b(\d+) days?\b)")
ASKS = re.compile(
    r"[吗呢么?？]|什么|多少|几|哪|谁|怎么|咋|啥|多[大长久高]|会不会|有没有|能不能|贵姓|[行好]不|可不可以|是不是|[咩边冇]|系咪|可唔可以|([一-龥])[不没唔]\1"
    r"|(?i:^\s*(?:what|whats|who|whos|how|hows|wheres|when|where|why|which|is|are|do|does|did|can|will|would|until|may)\b|\?)"
)
_ENDS_ASKING = re.compile(r"(?:[不没伐噻]|不行|没有|来着|呗|吧)\s*$")
_CLOCK = re.compile(
    r"(?:凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|今晚)?\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:点半?|點半?|时(?!间)|[:：]\d{2})"
    r"|(?i:\b\d{1,2}(?::\d{2})?\s*[ap]\.?m\b\.?(?:\s+beijing time)?)"
)
_SPELLED = re.compile(r"[一二两三四五六七八九十百千]{2,5}(?=分|元|块|天|个|字|斤|克|度|岁)")
_ASKS_FIGURE = re.compile(
    r"多少|几[天日号点块元个件次年月小]|多[久长高重远]|几时|百分之|(?i:\bhow (?:much|many|long|often|soon)\b)"
)
_FIGURE = re.compile(r"\d+(?:[.:]\d+)?")
_NOT_SENT = re.compile(r"[没未]发货|(?i:\bbefore (?:it is )?dispatch|\bnot yet dispatched\b)")

# How customers say what pages say, beyond what search knows: one group a line.
SAME = """
拆, 拆了, 拆封, 拆开, 开封, 開封, 打开, 打開, opened, opening, open, unsealed
剪, 剪了, 剪掉, cut off
税号, 稅號, 社会信用代码, tax code, tax number, tax id
专票, 专用发票, 增值税专用发票, special vat invoice, special invoice
普票, 普通发票, general invoice
发票, fapiao, invoice, invoices
到付, 到付件, cash on delivery, cod
信用卡, credit card, credit cards
储蓄卡, 借记卡, debit card, debit cards
微信, wechat
支付宝, alipay
快递, 物流公司, 承运, carrier, carriers, courier
税, 缴税, 交税, 上税, 进口税, 关税, 报税, tax, taxed, taxes, duty, duties
保修, 质保, 保, warranty, covers
碎, 碎了, 磕碰, 摔, 打碎, knocked
坏, 坏了, 故障, 性能故障, 不工作, dead, broken, fault, faults, faulty, does not work
换, 换货, 更换, exchange, exchanged
修, 修理, 维修, 免费修, repair, repaired
运费, 邮费, 快递费, postage, shipping
谁出, 谁付, 谁承担, 承担, 出, bear, pays, pay
付款, 付, 下单, 拍下, pay, paid, payment
寄, 寄出, 发, 发出, 发货, 出货, 出库, leave, leaves, dispatch, dispatched, ship, ships
完好, 算完好, intact
申请, request, ask
期限, 多久内, 多久, until when, deadline
退, 退货, 退款, 退回, return, returned, refund, refunded
到账, 到帐, 账上, 钱到, money is there
影响, void, voids, affect, is fine
包装, 盒子, 箱子, box, parcel, package
结婚, 婚礼, wedding
礼品包装, 礼物包装, 包装礼物, 包成礼物, 包礼物, 礼品盒装, gift wrapping, gift wrap, gift-wrap, giftwrap
颜色, 有咩色, 咩色, 什么色, 啥色, 几种色, colour, colours, color, colors
加钱, 补, 补差价, 补钱, 另加, 另付, 加价
退订, 不想收, 别再发, 别发, 不要发, 别给我发, unsubscribe, opt out, stop sending
短信, 活动短信, text messages, sms
卡片, 贺卡, 手写卡, 手写贺卡, 写卡, card, cards
礼物, 礼品, 礼盒, 送礼, gift, gifts
定制, 刻字, 定做, 刻名字, engraved, custom, made to order
券, 优惠券, coupon, coupons
使用, 用, 用过, 用了, used, use
""".splitlines()
_EMPTY = """到, 寄, 寄到, 送, 送到, 发到, use, used to, 呢, 行, 行不行, 行吗, 吗, 几天, 天, 多长时间, 一般, 通常, 正常, 需不需要, 用不用, 还能, 能用, 们, 我家, 不能, 不行, 怎么弄, 怎么算, 咋算, 算, 怎么说, 啥, 多大, 后, 了没, 才, 那, 得, 请问下, day, days,
normally, usually, inside, does, possible, please, still, happen, happens, options, option, both, them, next, don, doesn, without
啥时候, 什么时候, 几时, 何时, 多少, 几多, 好多, 咋, 一份, 一件, 介绍, 介绍一下, 好不好, 好用, 好看, 值得, 怎么选, 区别, 说说, 详细, 一下子, 钱, 价, 价格, 一步, 步, 进度, 买了, 现在, 今天, 你家, 家, 穿, wear, suggest, advise"""


# The pages that an intent is about first.
_TOPICS = {
    Intent.DELIVERY_TIME: ("delivery", "shipping_fee", "customs"), Intent.RETURN_RIGHT: ("return_right", "exchange", "freight_insurance"),
    Intent.START_RETURN: ("return_right",), Intent.EXCHANGE: ("exchange", "return_right"), Intent.REFUND_STATUS: ("refund",),
    Intent.INVOICE: ("invoice",), Intent.COUPON: ("coupon", "campaign"), Intent.PRICE_PROTECTION: ("price_protection",),
    Intent.WARRANTY: ("warranty", "quality"), Intent.DAMAGED_OR_MISSING: ("quality",),
}  # fmt: skip


def told(
    scene: Scene, facts: Sequence[Fact] = (), sure: float = SURE, least: int = 1, *, beside: bool = False
) -> tuple[Fact, ...]:
    """The sentences that answer what the message asks and the facts do not; at most two, none when none fits well.

    `beside`: rows answer already, so only a page on the same matter is told.
    """
    every = page_sentences.sayings(scene)
    if not every:
        return ()
    known = frozenset(
        t for f in facts if f.must for t in page_sentences.terms(f.zh if scene.says_zh else f.en)
    )
    parts = [c for c in dict.fromkeys(_ASKED_APART.split(scene.text)) if c and c.strip()]
    asking = [c for c in parts if asks(c)]
    clauses = list(dict.fromkeys((scene.text, *(asking or parts))))
    best: tuple[float, list[tuple[float, int, page_sentences.Saying]]] = (0.0, [])
    single: list[page_sentences.Saying] = []  # what answers each question of the message by itself
    topics = _TOPICS.get(scene.intent, ())
    # A row of a table on another matter has the question's words for columns: 差价 of a changed order.
    near = [s for s in every if not (topics and s.block.is_row) or _is_on(s, topics)]
    near = [s for s in near if not beside or ((not topics or _is_on(s, topics)) and _is_new(s, facts))]
    if not near:
        return ()
    for clause in clauses:
        question = _question(clause, every, scene)
        if question is None:
            continue
        alone = (
            clause != scene.text and question.words < 2
        )  # covered?, who painted this: one word is little to go by
        if alone and (
            (clause.isascii() and len(clause.split()) != 2) or not ASKS.search(clause.rstrip("?？ "))
        ):
            continue
        if question.words < least:
            continue
        figure = _ASKS_FIGURE.search(clause) is not None
        scored = [(_score(question, s, topics, figure), -n, s) for n, s in enumerate(near)]
        scored.sort(key=lambda each: each[:2], reverse=True)
        score = scored[0][0]
        gain = score - question.met(known, frozenset())
        if score < sure or gain < (_GAIN_BESIDE if beside else _GAIN):
            continue
        if clause in asking:
            single.append(scored[0][2])
        if gain * question.worth > best[0]:
            best = (gain * question.worth, scored)
    if not best[1]:
        return ()
    if len({id(s) for s in single}) > 1 and not beside:  # two questions: 积分啥时候清零，一百分能抵多少
        return tuple(_fact(scene, s) for s in dict.fromkeys(single))[:_MOST]
    score, at, first = best[1][0]
    second = [(n, s) for got, n, s in best[1][1:12] if s.block is first.block and got >= _SIBLING * score]
    return tuple(_fact(scene, s) for _, s in sorted([(at, first), *second[:1]], key=lambda each: -each[0]))


def _is_new(saying: page_sentences.Saying, facts: Sequence[Fact]) -> bool:
    """Whether a sentence may be told beside what the rows say: no row of a table, whose case they decide, no figures that
    they have told, and nothing of what is not sent yet where a request is under way."""
    if saying.block.is_row and saying.block.days is None:
        return False
    if _NOT_SENT.search(saying.text) and any(f.name == "refund.state" for f in facts):
        return False
    told = {figure for f in facts if f.must for figure in _FIGURE.findall(f"{f.zh} {f.en}")}
    figures = set(_FIGURE.findall(saying.text))
    return not figures or not figures <= told


def _score(
    question: Question, saying: page_sentences.Saying, topics: Sequence[str], figure: bool = False
) -> float:
    """`figure`: one is asked for, and a sentence without any answers it less."""
    days, said = saying.block.days, question.days
    holds = days is not None and said is not None and days[0] <= said <= days[1]
    met = question.met(saying.near, saying.around, own=holds)
    if days is not None and said is not None:
        met = min(1.0, met + _DAY_ROW) if met and holds else 0.0
    if figure and not _FIGURE.search(saying.text):
        met *= _NO_FIGURE
    return met if not topics or _is_on(saying, topics) else met * _OTHER_TOPIC


def _is_on(saying: page_sentences.Saying, topics: Sequence[str]) -> bool:
    return any(row.record.topic in topics for row in saying.page.rows)


def strange(scene: Scene, also: Sequence[str] = ()) -> float:
    """How much of a message's weight lies in words that no page, no article and none of these texts has, 0 to 1."""
    every = page_sentences.sayings(scene)
    question = _question(scene.text, every, scene) if every else None
    if question is None:
        return 0.0
    if also:
        return 1.0 - question.met(
            frozenset(t for text in also for t in page_sentences.terms(text)), frozenset()
        )
    unknown = 0.0
    for start, end in question.parsed.words:
        weight = sum(question.weights[start:end])
        if not weight:
            continue
        routes = [
            f
            for f in question.parsed.features
            if f.start <= start and end <= f.end and f.route not in _SOUNDS
        ]
        word = "".join(question.parsed.said[start:end])
        if any(s.near.issuperset(f.terms) for f in routes for s in every):
            continue
        if any(hit.coverage >= _HAS for hit in scene.find(word, Kind.PRODUCT, 1)):
            continue
        unknown += weight
    return unknown / question.worth


def asks(text: str) -> bool:
    """Whether words ask something, also where they only end in an asking word: 能分12期免息不."""
    return bool(ASKS.search(text) or any(_ENDS_ASKING.search(c) for c in _CLAUSE.split(text) if c))


def having(scene: Scene, word: str) -> Fact | None:
    """The sentence of a page on what goods are (reports, origin, safety) that has this very word, where hardly another has it."""
    plain = folded(word)
    found = [s for s in page_sentences.sayings(scene) if _has_word(s.text, plain)]
    kept = [s for s in found if s.page.of(scene).record.topic in _OF_GOODS]
    return _fact(scene, kept[0]) if kept and len(found) <= _RARE else None


def _has_word(text: str, word: str) -> bool:
    if word.isascii():
        return len(word) > 3 and re.search(rf"\b{re.escape(word)}s?\b", folded(text)) is not None
    return bool(word) and word in folded(text)


def has(scene: Scene, word: str) -> bool:
    """Whether a page has this word, or another for the same."""
    routes = [f for f in of_query(word, vocabulary()).features if f.route not in _SOUNDS]
    return any(
        s.near.issuperset(f.terms) or s.around.issuperset(f.terms)
        for f in routes
        for s in page_sentences.sayings(scene)
    )


@dataclass(frozen=True, slots=True)
class Question:
    """The words of a question with what each weighs, and every way to have them."""

    parsed: Parsed
    weights: tuple[float, ...]
    days: int | None = None

    @property
    def words(self) -> int:
        return sum(any(self.weights[start:end]) for start, end in self.parsed.words)

    @property
    def worth(self) -> float:
        return sum(self.weights)

    def met(self, near: frozenset[str], around: frozenset[str], own: bool = False) -> float:
        """How much of the question's weight these terms account for; nothing where the sentence has no word itself."""
        got = [0.0] * len(self.weights)
        for feature in self.parsed.features:
            if feature.route in _SOUNDS:
                continue
            if near.issuperset(feature.terms):
                quality, here = feature.quality, True
            elif around.issuperset(feature.terms):
                quality, here = feature.quality * _IN_CONTEXT, False
            else:
                continue
            quality *= _UNIT if feature.route == "unit" else 1.0
            for i in range(feature.start, feature.end):
                got[i] = max(got[i], quality)
                own |= here and self.weights[i] > 0
        if not own:
            return 0.0
        return sum(w * g for w, g in zip(self.weights, got, strict=True)) / self.worth


def _question(clause: str, every: Sequence[page_sentences.Saying], scene: Scene) -> Question | None:
    plain = _SPELLED.sub(_digits, _CLOCK.sub(" ", _with_regions(clause, scene)))
    parsed = of_query(plain, vocabulary())
    words = [span for span in parsed.words if not _says_nothing("".join(parsed.said[slice(*span)]))]
    weights = [0.0] * len(parsed.said)
    for start, end in words:
        routes = [f for f in parsed.features if f.start <= start and end <= f.end and f.route not in _SOUNDS]
        count = sum(any(s.near.issuperset(f.terms) for f in routes) for s in every)
        worth = math.log1p((len(every) - count + 0.5) / (count + 0.5))
        for i in range(start, end):
            weights[i] = max(worth, 0.35) / (end - start)
    said = _DAYS.search(clause)
    question = Question(parsed, tuple(weights), int(next(g for g in said.groups() if g)) if said else None)
    rare = math.log1p((len(every) + 0.5) / 0.5)
    return question if question.worth >= _TELLING * rare else None


def _digits(hit: re.Match[str]) -> str:
    """一百分 as pages write it: 100."""
    number = read(hit[0])
    return hit[0] if number is None or number.value is None else f"{number.value:f}"


def _says_nothing(word: str) -> bool:
    return word in vocabulary().empty or word.isdigit()


def _with_regions(clause: str, scene: Scene) -> str:
    """A town is said as the region that pages speak of: 台北 is 台湾, Texas is the United States."""
    plain = folded(clause)
    for word in dict.fromkeys([*cutter().cut(plain), *re.findall(r"[a-z]{4,}", plain)]):
        place = places.read(word) if len(word) > 1 else None
        if place is None:
            continue
        region = place.province or places.country_name(place.country).zh
        if not scene.says_zh:
            region = places.country_name(places.OUTSIDE_CUSTOMS.get(place.province, place.country)).en
        if place.country != "CN":
            plain = plain.replace(word, region.removeprefix("the "))
    return plain


@cache
def vocabulary() -> words_of.Vocabulary:
    base, own = words_of.vocabulary(), words_of.read(SAME, _EMPTY.splitlines())
    groups = dict(base.groups)
    for said, others in own.groups.items():
        groups[said] = (*groups.get(said, ()), *others)
    return words_of.Vocabulary(groups, base.empty | own.empty)


def _fact(scene: Scene, saying: page_sentences.Saying) -> Fact:
    text = _ended(saying.text)
    twin = _ended(saying.twin) if saying.twin else text
    zh, en = (text, twin) if scene.says_zh else (twin, text)
    record = saying.page.of(scene).record
    return scene.fact(f"page.{record.topic or record.document_no}", None, zh, en, *saying.page.rows)


def _ended(text: str) -> str:
    text = text.rstrip("；;，, ")
    return (
        text
        if text.endswith(("。", ".", "！", "!", "?", "？"))
        else text + ("。" if any("一" <= c <= "龥" for c in text) else ".")
    )
