"""Several articles of one message with how many of each: 两只油滴建盏加一套纯白的十件套, "two of the 10 cm coasters and one of 13".

A part that only says an option (十三公分的一个) is of the article named before it. Nothing is guessed: an article whose price
depends on what was not said leaves no basket.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mingbai.shop.skills import goods, options, price, say, stated
from mingbai.shop.skills.coupon_sums import Basket
from mingbai.shop.skills.coupon_sums import Goods as Counted
from mingbai.shop.skills.goods import Goods, ItemArguments
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.money import Money
from mingbai.values.records import Price
from mingbai.values.turn import Evidence, Fact, Need
from mingbai.zh.numerals_read import read

_ZH_N = r"[0-9]{1,3}|[一二两三四五六七八九十]{1,3}"
_COUNT = r"[个只把套盒件条包罐箱瓶双份片支盏枚块张饼袋提台本对]"
_AND = re.compile(
    r"[，,、；;。+＋&！!？?\n]|(?<!共)和|跟|与|以及|还有|再(?:加上?|来|要|拿|买|带|搭)|外加|另加|加上?(?!急|热|微|厚|盖|湿|起来)|搭(?:上|配)?|配上|连同"
    r"|(?i:\b(?:and|plus|with|along with)\b)"
)
# 茶服上衣一件围裙一件: a number after one article ends it.
_AFTER = re.compile(rf"(?<=[一-龥]{{2}})((?:{_ZH_N}){_COUNT}|俩|仨)(?=[一-龥])(?![套装组的])")
_FIRST = re.compile(rf"[我想要买来拿再先就各订拍购给帮 ]*(?:{_ZH_N}){_COUNT}")
_MANY = re.compile(rf"(?<![0-9.第])({_ZH_N})\s?{_COUNT}|(俩|仨)|[x×*]\s?([0-9]{{1,3}})(?![0-9a-z])")
_WORDS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "dozen": 12, "俩": 2, "仨": 3,
}  # fmt: skip
_MANY_EN = re.compile(
    r"(?<![-.#0-9])\b([0-9]{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve|dozen)(?:\s?[x×])?\s(?!(?:ml|cm|mm|g|kg|l|of the \w+ \w+ost|piece|pcs|percent|years?|days?)\b)(?=[a-z])|[x×]\s?([0-9]{1,3})\b",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"(?:各|每样|每个|(?i:\beach|of each))\s*(?:要|买|来|拿)?\s*([一二两三四五六七八九]|\d{1,2})?"
)
_SUM = re.compile(
    r"一共|拢共|总共|合计|共计|加起来|总价|总额|(?<!拿)(?<!送)到手|[应实]付|付多少|付几|多少钱|几个钱|几多钱|好多钱|几钱|多少米|凑[一成个]?单|一块儿?(?:拍|买|下)|一起(?:拍|买|下)|连(?:着|同)?运费"
    r"|帮?[我你]?算(?:一下|下|算|上)|报个?价|离满|差多少|差几|几多|多少(?:块|元)?$"
    r"|(?i:\btotal\b|\baltogether\b|\bin all\b|\bcomes? to\b|\bhow much\b|\bwhat (?:is|would|will|do|does) (?:it|that|they|the|i|this|these)\b|\bto pay\b|\bdo i pay\b|\bfinal price\b|\bprice (?:of|for)\b|\bsum\b)"
)
_TOTAL = re.compile(
    r"一共|拢共|总共|合计|共计|加起来|总价|总额|(?<!拿)(?<!送)到手|[应实]付|[要得]付多少|凑[一成个]?单|一块儿?(?:拍|买|下)|一起(?:拍|买|下)|帮?[我你]算(?:一下|下|算|上)|用券后|券后|离满"
    r"|(?i:\btotal\b|\baltogether\b|\btogether\b|\bin all\b|\bcomes? to\b|\bto pay\b|\bdo i pay\b|\bsum\b)"
)
WITH_FEE = re.compile(
    r"(?:连|含|加|算|包括|带|算上|加上)(?:上|着|同)?(?:运费|邮费|快递费)|(?i:\b(?:pay|costs?|price|how much)\b[^.?!]{0,40}\ball in\b|\b(?:with|including|incl\.?|plus) (?:delivery|shipping|postage)\b)"
)
_AFTER_COUPONS = re.compile(
    r"(?<!拿)(?<!送)到手|券|满减|优惠后|折后|(?i:\bafter (?:the )?(?:coupons?|vouchers?|discounts?)\b)"
)
_BARE = re.compile(
    r"[我买要来拿想再给帮的先就各共订拍购那这 ]|一共|总共|(?i:\b(?:i|want|take|buy|need|the|of|to|a|an|would|like|have|get)\b)"
)
_MOST_NAMED = 6  # versions that are asked about
_LEAST = 2  # characters that may name an article


@dataclass(frozen=True, slots=True)
class Item:
    """An article with the variants that were said, and how many of it."""

    found: Goods
    count: int = 1

    @property
    def one(self) -> str:
        return self.found.one.record.sku if self.found.one else self.found.product.record.product_no


@dataclass(frozen=True, slots=True)
class Priced:
    item: Item
    amount: Money
    row: Row[Price]


def wanted(scene: Scene) -> bool:
    """Whether a sum is asked for that can be made: of several articles, or of one with what comes to it."""
    if not _SUM.search(scene.text):
        return False
    named = items(scene)
    return is_sum(scene, named) and bool(priced(scene, named))


def open_sum(scene: Scene) -> bool:
    """Whether a sum is asked for, and one of the articles or its version is not known."""
    return bool(_TOTAL.search(scene.text)) and not wanted(scene) and (len(items(scene)) > 1 or unclear(scene))


def is_sum(scene: Scene, named: Sequence[Item]) -> bool:
    """Whether articles make one: several, or one with its delivery."""
    many = bool(named) and named[0].count > 1 and bool(_AFTER_COUPONS.search(scene.text))
    return len(named) > 1 or many or bool(named and WITH_FEE.search(scene.text))


def items(scene: Scene) -> list[Item]:
    """In the order said; the same article twice only where other variants of it are said."""
    parts = list(_parts(scene.text))
    if len(parts) < 2 and not WITH_FEE.search(scene.text) and not _AFTER_COUPONS.search(scene.text):
        return []  # one thing is asked for: nothing is searched for that makes no sum
    out: list[Item] = []
    looked_at = _in_focus(scene)
    waiting = 0  # 两只, before what is counted was said
    for part in parts:
        alone = replace(scene, text=part, item="", nth=None, before="")
        named = goods.pointed(alone) if len(part) >= _LEAST else None
        before = out[-1].found if out else None
        narrowed = _option_of(before, part) if before is not None else None
        if narrowed is not None and (named is None or _same(named, narrowed)):
            named = narrowed
        count = _count(part, named)
        if named is None and count and looked_at is not None and not out:
            named = _option_of(looked_at, part)
            count = _count(part, named)
        if (
            named is None
            and count
            and len(_BARE.sub("", _MANY.sub("", part))) >= _LEAST
            and not _SUM.search(part)
        ):
            return []  # something is counted that nobody knows: a sum without it would be wrong
        if named is None:
            waiting = count or waiting
            continue
        item = Item(named, count or waiting or 1)
        waiting = 0
        if before is not None and _same(named, before):
            if len(before.variants) == len(before.every) or item.found.variants == before.variants:
                out[-1] = Item(named if narrowed else before, max(item.count, out[-1].count))
                continue
            if any(i.found.variants == named.variants for i in out):
                continue
        elif any(_same(named, i.found) for i in out):
            continue
        out.append(item)
    each = _EACH.search(scene.text)
    if each is not None and len(out) > 1 and (many := _number(each[1] or "")) > 1:
        out = [replace(item, count=many) for item in out]
    return out


def unclear(scene: Scene) -> bool:
    """Whether several things are counted and one of them is nothing that is known."""
    counts = [part for part in _parts(scene.text) if _count(part, None)]
    return len(counts) > 1 and not items(scene)


def missing(scene: Scene) -> Evidence:
    """Which one is meant of what is counted and not known."""
    if len(named := items(scene)) > 1:
        return ask(scene, named)
    for part in _parts(scene.text):
        if not _count(part, None) or _SUM.search(part):
            continue
        alone = replace(scene, text=part, item="", nth=None, before="")
        if goods.pointed(alone) is None:
            found = goods.find_any(alone, ItemArguments(_BARE.sub("", _MANY.sub("", part))))
            if isinstance(found, goods.Several):
                return goods.ask(scene, found)
    need = Need(
        "product", "有一件没有认出来是哪一款，请发它的名称，我一起算。",
        "One of the articles I could not make out; which one is it? Then I add it up.",
    )  # fmt: skip
    return Evidence(scene.intent, needs=(need,))


def _parts(text: str) -> Iterator[str]:
    for piece in _AND.split(text):
        if not piece:
            continue
        first = _FIRST.match(piece)  # 两个熊猫杯一条茶巾: each number begins an article
        at = 0
        for hit in _AFTER.finditer(piece, first.end() if first else 0):
            end = hit.start() if first else hit.end()
            yield piece[at:end].strip()
            at = end
        if piece[at:].strip():
            yield piece[at:].strip()


def _option_of(before: Goods, part: str) -> Goods | None:
    """The article of before in the options that a few words say: 十三公分的一个."""
    left = options.by_text(before.every, part)
    return replace(before, variants=left) if 0 < len(left) < len(before.every) else None


def _in_focus(scene: Scene) -> Goods | None:
    """The article of the page, where the message names it by an option alone: 黑色那只."""
    found = goods.find_any(replace(scene, text=""), ItemArguments()) if scene.item else None
    return found if isinstance(found, Goods) else None


def _same(one: Goods, other: Goods) -> bool:
    return one.product.record.product_no == other.product.record.product_no


def _count(part: str, named: Goods | None) -> int:
    """How many; not a number that names the article itself, as in 十件套."""
    own = ""
    if named is not None:
        p = named.product.record
        own = stated.form(
            " ".join(
                [p.title_zh, p.title_en, *(f"{v.record.title_zh} {v.record.title_en}" for v in named.every)]
            )
        )
    said = stated.form(part)
    pattern = _MANY_EN if said.isascii() else _MANY
    for hit in pattern.finditer(said):
        if hit[0].strip() in own and not hit[0].strip().startswith(("x", "×", "*")):
            continue
        if number := _number(next(g for g in hit.groups() if g)):
            if f"{number}{hit[0].strip()[-1]}" in own.replace(" ", "") and not said.isascii():
                continue  # 七饼 of a pack that is called 整提 7 饼
            return number
    return 0


def _number(said: str) -> int:
    if said.isdigit() or said.casefold() in _WORDS:
        return int(said) if said.isdigit() else _WORDS[said.casefold()]
    number = read(said) if said else None
    return int(number.value) if number is not None and number.value is not None else 0


def priced(scene: Scene, several: Sequence[Item]) -> list[Priced]:
    """Each with its one price; nothing where the price of one depends on what was not said."""
    currency = price.currency_of(scene)
    out: list[Priced] = []
    for item in several:
        seen = {
            asked.row.record.amount: asked.row
            for v in item.found.variants
            if (asked := price.at(scene.rows(Price, sku=v.record.sku), currency, scene.now))
        }
        if len(seen) > 1 and (looked_at := _looked_at(scene, item.found, currency)):
            seen = {looked_at.record.amount: looked_at}
        if len(seen) != 1:
            return []
        amount, row = next(iter(seen.items()))
        out.append(Priced(item, amount, row))
    return out


def ask(scene: Scene, several: Sequence[Item]) -> Evidence:
    """Which version of the first article whose price depends on it."""
    for item in several:
        if not priced(scene, [item]):
            names = [(goods.variant_zh(v), goods.variant_en(v)) for v in item.found.variants[:_MOST_NAMED]]
            zh, en = "、".join(n for n, _ in names), "; ".join(n for _, n in names)
            need = Need(
                "size", f"《{item.found.zh}》不同规格价格不一样，请问要哪一种：{zh}？我一起算。",
                f"The price of {item.found.en} depends on the version: {en}. Which one? Then I add it up.",
                tuple(n[0 if scene.says_zh else 1] for n in names),
            )  # fmt: skip
            return Evidence(scene.intent, needs=(need,))
    return Evidence(scene.intent)


def _looked_at(scene: Scene, found: Goods, currency: str) -> Row[Price] | None:
    """The price of the variant in focus, where it is one of those that may be meant."""
    own = next((v for v in found.variants if v.record.sku == scene.item), None)
    asked = price.at(scene.rows(Price, sku=own.record.sku), currency, scene.now) if own else None
    return asked.row if asked else None


def counted(several: Sequence[Priced]) -> Basket:
    """As coupons count it."""
    rows = tuple(
        Counted(p.amount.minor * p.item.count, p.item.found.product.record.category) for p in several
    )
    return Basket(rows, several[0].amount.currency)


def facts(scene: Scene, several: Sequence[Priced]) -> Iterator[Fact]:
    """The price of each, and of how many."""
    for p in several:
        found, count = p.item.found, p.item.count
        apart = found.one is not None and len(found.every) > 1
        zh = f"《{found.zh}》" + (goods.variant_zh(found.one) if apart and found.one else "")
        en = found.en + (f", {goods.variant_en(found.one)}," if apart and found.one else "")
        sum_zh = f"，{count} 件 {say.money(p.amount * count)}" if count > 1 else ""
        sum_en = f"; {count} of it {say.money(p.amount * count)}" if count > 1 else ""
        yield scene.fact(
            "price.now", p.amount, f"{zh}现在 {say.money(p.amount)}{sum_zh}。", f"{en} costs {say.money(p.amount)} now{sum_en}.",
            p.row, about=found.about,
        )  # fmt: skip
