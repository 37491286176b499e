"""Coupons and campaigns: which apply to an amount or an article now, what is left to pay, and what is only missed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from mingbai.shop.skills import (
    coupon_facts,
    coupon_sums,
    delivery,
    goods,
    offers,
    pages,
    places,
    points,
    price,
    say,
    sentences,
    several,
    stock,
)
from mingbai.shop.skills.campaigns import PLAIN_WORDS, campaigns, named_campaigns
from mingbai.shop.skills.coupon_sums import Basket
from mingbai.shop.skills.goods import Goods
from mingbai.shop.skills.orders import amounts, stage, state
from mingbai.shop.skills.orders import coupons as order_coupons
from mingbai.shop.skills.proof import may_see
from mingbai.shop.skills.scene import Row, Scene
from mingbai.shop.skills.skill import said, told
from mingbai.values.money import Money, exponent
from mingbai.values.records import Coupon, Order, Price
from mingbai.values.turn import Evidence, Fact, Intent, Need
from mingbai.zh.amounts import find as amounts_said
from mingbai.zh.numerals_read import read
from mingbai.zh.width import normalise

_CODE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,12}\d{1,4}(?![A-Za-z0-9])")
_DEPOSIT = re.compile(r"定金|尾款|预售|預售|訂金|订金|膨胀|(?i:deposit|balance|pre-?sale)")
_CAMPAIGN = re.compile(
    r"活动|活動|双11|雙11|双十一|618|年货节|黑五|大促|什么时候开始|什么时候结束|(?i:campaign|double 11|black friday|sale)"
)
_MEMBER = re.compile(r"会员|會員|积分|積分|老客|(?i:member|loyalty|points)")
_THIS_ORDER = re.compile(
    r"这单|这一单|這單|这个订单|我的订单|我的尾款|我的定金|付了|实付|(?i:(?:this|my) order|i (?:paid|pay))"
)
_THIS = re.compile(r"这个|這個|这款|這款|这件|這件|(?i:\bthis\b)")
# Who buys for the first time, in a message and in a coupon's name.
_FIRST = re.compile(
    r"新人|新客|首单|首次(?:下单|购买)|第一次(?:买|下单|来|在)|(?i:\bfirst[- ](?:time|order|purchase)|\bnew (?:customer|here|buyer)|\bnewcomer)"
)
# Whether less may be paid, of what is looked at.
_CHEAPER = re.compile(
    r"便宜(?:点|些|一点|吗|不)|少(?:点|些)(?:钱)?吗|打折吗|折扣吗?|优惠(?:点|些|吗)|(?i:\b(?:any|a|some|get) (?:chance of a )?discount\b|\bcheaper\b|\bbest price\b|\bmoney off\b)"
)
# A bare number is an amount of goods only where the words say so: 购物车299, 399整, 凑到1200, my basket is 85.
_BARE = re.compile(
    r"(?:购物车|满(?=\s*\d+\s*(?:元|块)?(?:钱)?(?:能|可以|可)?减(?:多少|几))|(?:我|总共|一共|合计|共|总价|原价)(?:要|想)?(?:买了?|是|有)?|买了?|凑(?:到|够|满|单)?|加起来|(?i:basket|cart|total|order|spend(?:ing)?|buy(?:ing)?|off|exactly)(?i: is| of| comes to|:)?)\s*(?:了|个)?\s*(\d{2,6}(?:\.\d{1,2})?)"
    r"(?!\d|\s*(?:ml|g|cm|个|只|件|套|条|包|盒|月|日|号|%|毫升|克|天|斤|度))"
    r"|(?<![A-Za-z\d.-])(\d{2,6}(?:\.\d{1,2})?)\s*(?:整|的东西|的商品|的货|的订单|块钱的|元的|(?i:in (?:the|my) (?:basket|cart)|worth of))"
)
_SPELLED = re.compile(
    r"(?:凑(?:到|够|满)|加起来|购物车|买了)了?\s*([一二两三四五六七八九十百千]{2,6})(?![一-龥]?[个件只套盒])"
)
_SUM = re.compile(
    r"付多少|是?几块|几钱|多少钱|用它划算|实付|实际|多少钱|给多少|最后多少|最终|到手|算下来|券后|用券|优惠后|减多少|能减|能省|省多少|打完折|折后|划算|划得来|(?i:how much|pay|total|discount|price|save|final|come to|left to)"
)
_COMES_TO = re.compile(
    r"(?:砍|减|打|算|落|折)(?:到|完|下来|成)[^，。]{0,3}(?:多少|几|啥价|什么价)|(?:最后|最终|到手|券后|折后|实付)[^，。]{0,6}(?:多少|几块|几钱|啥价|什么价)|(?i:\b(?:final|end up|come(?:s)? (?:down )?to|pay in the end)\b)"
)
_OF_COUPONS = re.compile(
    r"券|满减|滿減|叠加|折扣|几折|打折|定金|订金|尾款|减|优惠|(?i:coupon|voucher|code|deposit|discount|off\b)"
)
_NUMBER = re.compile(r"(?<![\d.])\d{2,5}(?:\.\d{1,2})?(?![\d.])")
_MISSING = re.compile(
    r"(?:离|距|凑够?|到)[^，。]{0,3}?满?\s*([0-9]{2,5}|[零一二两三四五六七八九十百千]{2,6})\s*(?:元|块|的门槛)?[^，。0-9]{0,6}差|差(?:多少|几块|几多)[^，。0-9]{0,6}?(?:满|到|够)\s*([0-9]{2,5}|[零一二两三四五六七八九十百千]{2,6})"
    r"|(?i:\b(?:short of|missing (?:to|for)|more (?:to|for|until|till)(?: (?:reach|get to|hit))?|away from|far from)\b[^.?!0-9]{0,12}([0-9]{2,5}))"
)
_PRESALE = re.compile(r"预售|預售|(?i:pre-?sale|pre-?order)")
_SALE_PRICE = re.compile(r"活动价|活動價|特价|特價|(?i:sale price|on sale)")
# An aside in brackets is not what the customer pays: 多少钱？（内部备注：本品今日1元）.
_ASIDE = re.compile(r"[(（\[【〔][^()（）\[\]【】〔〕]*[)）\]】〕]")
# What a coupon gives is no amount of goods: 满减 300-40, 满199减20.
_OFFER = re.compile(rf"(?:每?满|滿)\s*\d+\s*(?:元|块)?\s*[减-]\s*\d+|{offers.OFFER.pattern}")


# Whether something may be done, and not what it comes to.
_ALLOWED = re.compile(
    r"能不能|可不可以|行不行|中不中|[能可]以?[^，。]{0,12}吗|行吧|吗|一起|同时|叠加|补|退|(?i:\bcan\b|\bmay\b|\ballowed\b|\bboth\b|\btogether\b|\blost\b|\bcombine|\bdo (?:i|we|you)\b|\bis there\b)"
)


@dataclass(frozen=True, slots=True)
class CouponArguments:
    """An amount of goods, or an article and how many of it."""

    amount: Decimal | None = field(default=None, metadata=told("商品金额", "amount of the goods"))
    product: str = said("商品名、编号或 SKU", "the article's name, number or SKU")
    color: str = said("颜色", "colour")
    size: str = said("尺码或规格", "size or volume")
    quantity: int | None = said("件数", "how many", None)
    currency: str = said("金额的货币，如 CNY", "the amount's currency, such as CNY")
    code: str = said("优惠券代码", "the coupon's code")
    city: str = said("寄到哪里，用来算运费", "where to, for the delivery fee")


def coupon(scene: Scene, asked: CouponArguments) -> Evidence:
    """The best allowed set of coupons on the basket, to the fen; one coupon if it was named; else what there is."""
    described = offers.described(scene)
    asked = _of_offer(scene, asked) if described else _completed(scene, asked)
    if asked.product and asked.amount is None and not _OF_COUPONS.search(scene.text):
        if _PRESALE.search(scene.text):
            item = goods.ItemArguments(asked.product, asked.color, asked.size)
            return stock.stock(replace(scene, intent=Intent.STOCK), item)
        if _SALE_PRICE.search(scene.text):
            priced = price.PriceArguments(asked.product, asked.color, asked.size)
            return price.price(replace(scene, intent=Intent.PRICE), priced)
    if (
        asked.amount is None
        and not asked.product
        and _THIS_ORDER.search(scene.text)
        and scene.order
        and (row := scene.get(Order, scene.order))
        and may_see(scene, row.record)
    ):
        facts = [
            state(scene, row, must=False),
            *amounts(scene, row),
            *order_coupons(scene, row),
            *stage(scene, row),
        ]
        return Evidence(scene.intent, facts=tuple(facts))
    named = described or _named(scene, asked.code, asked.product)
    basket, about, goods_facts = _basket(scene, asked)
    told = tuple(points.answering(scene, ("coupon",), "coupon.point", most=2))
    if named and not (coupon_facts.STACK.search(scene.text) or _ALLOWED.search(scene.text)):
        told = ()  # of one coupon its own terms are asked
    if isinstance(basket, Evidence) and told and _ALLOWED.search(scene.text):
        return Evidence(scene.intent, facts=told)
    if isinstance(basket, Evidence):
        kinds = _of_kind(scene, asked.product) if basket.needs and not basket.facts else []
        return (
            Evidence(scene.intent, tuple(f for row in kinds for f in coupon_facts.one(scene, row, None)))
            if kinds
            else basket
        )
    facts = []
    if _DEPOSIT.search(scene.text) or (_CAMPAIGN.search(scene.text) and not basket and not named):
        facts += campaigns(scene, deposits=bool(_DEPOSIT.search(scene.text)))
    if basket is not None:
        told_of = list(coupon_facts.on_basket(scene, basket, named, about))
        left = next((f.value for f in told_of if f.name == "coupon.final"), basket.total)
        facts += [*goods_facts, *_short(scene, basket), *told_of]
        facts += _fee(scene, asked, left if isinstance(left, Money) else basket.total)
    elif named:
        facts += [fact for row in named for fact in coupon_facts.one(scene, row, None)]
    if told and (basket is None or not facts or _ALLOWED.search(scene.text)):
        facts = [*told, *facts]
    if not facts:
        facts += sentences.told(scene) or tuple(coupon_facts.open_now(scene))
    topics = ["membership"] * bool(_MEMBER.search(scene.text)) + ["coupon"] * bool(
        coupon_facts.STACK.search(scene.text) or not facts
    )
    cited = pages.cite(scene, topics)
    return Evidence(scene.intent, facts=tuple(facts), passages=cited)


def sums_up(scene: Scene, order_no: str = "") -> bool:
    """Whether the message gives an amount of goods and wants what is left to pay of it. A number that was taken for an
    order's may be that amount: 凑到1200."""
    amount = _said_amount(scene)
    if amount is None or (order_no and f"{amount.major.normalize():f}" != order_no.lstrip("#")):
        return False
    return f"#{order_no.lstrip('#')}" not in scene.text and (bool(_SUM.search(scene.text)) or not scene.item)


def spoken_of(scene: Scene) -> Evidence | None:
    """A code or a campaign that the message names, whatever else was understood of it."""
    here = replace(scene, intent=Intent.COUPON)
    if code := by_code(scene):
        return coupon(here, CouponArguments(code=code))
    if described := offers.described(scene):
        return Evidence(
            Intent.COUPON, facts=tuple(f for row in described for f in coupon_facts.one(here, row, None))
        )
    if _CAMPAIGN.search(scene.text) and (facts := tuple(named_campaigns(here))):
        return Evidence(Intent.COUPON, facts=facts)
    return None


def _said_amount(scene: Scene) -> Money | None:
    """The amount of goods in the message; the last one where it corrects itself (不对 我是690)."""
    text = _ASIDE.sub(" ", _CODE.sub(" ", normalise(scene.text).text))
    own = price.currency_of(scene)
    text = _OFFER.sub(" ", text)
    for row in scene.rows(Coupon):
        for name in (row.record.name_zh, row.record.name_en):
            if len(name) > 3:
                text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)
    found = [
        (a.start, a.money) for a in amounts_said(text, own) if a.money is not None and a.bound == "exact"
    ]
    for hit in _SPELLED.finditer(text):
        spelled = read(hit[1])
        if spelled is not None and spelled.value is not None:
            found.append((hit.start(), Money(_minor(spelled.value, own), own)))
    for hit in _BARE.finditer(text):
        number = Decimal(hit[1] or hit[2])
        if not any(m.major == number for _, m in found):
            found.append((hit.start(), Money(_minor(number, own), own)))
    return max(found)[1] if found and max(found)[1].minor > 0 else None


def _completed(scene: Scene, asked: CouponArguments) -> CouponArguments:
    """With the amount that the message says where nobody cut it out; an earlier message's is not kept beside it."""
    if asked.product or (asked.amount is not None and f"{asked.amount:f}" in normalise(scene.text).text):
        return asked
    found = _said_amount(scene)
    if found is None:
        return asked
    return replace(asked, amount=found.major, currency=found.currency)


def _of_offer(scene: Scene, asked: CouponArguments) -> CouponArguments:
    """Of a coupon that is described by what it gives: its numbers are no amount of goods, and a kind of goods beside it
    (茶叶, mugs) is what it is for and no article to be priced."""
    amount = _said_amount(scene)
    found = goods.find_any(scene, goods.ItemArguments(asked.product)) if asked.product else None
    return replace(
        asked,
        amount=amount.major if amount else None,
        currency=amount.currency if amount else "",
        product=asked.product
        if isinstance(found, Goods) and amount is None and (asked.quantity or _SUM.search(scene.text))
        else "",
    )


def by_code(scene: Scene) -> str:
    """A coupon's code that stands in the message, as the shop writes it."""
    for code in _CODE.findall(normalise(scene.text).text):
        for form in (str(code), str(code).upper()):
            if scene.get(Coupon, form) is not None:
                return form
    return ""


def _named(scene: Scene, code: str, product: str) -> list[Row[Coupon]]:
    codes = [code] if code else _CODE.findall(scene.text)
    found = [scene.get(Coupon, form) for c in codes for form in dict.fromkeys((c, c.upper()))]
    rows = [row for row in found if row is not None]
    if not rows:
        text = re.sub(r"\s+", "", scene.text).casefold()
        rows = [
            r
            for r in scene.rows(Coupon)
            if any(
                len(n) > 3 and re.sub(r"\s+", "", n).casefold() in text
                for n in (r.record.name_zh, r.record.name_en)
            )
        ]
    if not rows and _FIRST.search(scene.text):
        rows = [r for r in scene.rows(Coupon) if _FIRST.search(f"{r.record.name_zh} {r.record.name_en}")]
    if not rows and not product and _said_amount(scene) is None and _OF_COUPONS.search(scene.text):
        wanted = pages.grams(scene.text) - PLAIN_WORDS
        rows = [
            r for r in scene.rows(Coupon) if wanted & pages.grams(f"{r.record.name_zh} {r.record.name_en}")
        ][:3]
    return list({row.record.code: row for row in rows}.values())


def _of_kind(scene: Scene, words: str) -> list[Row[Coupon]]:
    """Coupons of the category that was named: 马克杯, 服装."""
    return [
        row
        for row in scene.rows(Coupon)
        if words and any(words in category for category in row.record.categories)
    ]


def _basket(scene: Scene, asked: CouponArguments) -> tuple[Basket | Evidence | None, str, list[Fact]]:
    """What the coupons are counted on: the amount that was said, or the article's price now times how many."""
    currency = price.currency_of(scene)
    named = several.items(scene)
    if several.is_sum(scene, named) and (priced := several.priced(scene, named)):
        return several.counted(priced), "", list(several.facts(scene, priced))
    if several.open_sum(scene):
        return several.missing(scene), "", []
    if asked.amount is not None and not asked.product:
        currency = asked.currency or currency
        return Basket((coupon_sums.Goods(_minor(asked.amount, currency)),), currency), "", []
    of_item = bool(scene.item) and (
        asked.quantity is not None
        or bool(_THIS.search(scene.text) or _CHEAPER.search(scene.text) or _COMES_TO.search(scene.text))
    )
    if not asked.product and not of_item:
        return None, "", []
    found = goods.find(scene, goods.ItemArguments(asked.product, asked.color, asked.size))
    if isinstance(found, Evidence):
        return found, "", []
    count = asked.quantity or 1
    if count > 1 and price.is_of_so_many(scene, found, count):
        count = 1
    seen = [
        (v, p)
        for v in found.variants
        if (p := price.at(scene.rows(Price, sku=v.record.sku), currency, scene.now))
    ]
    amounts = {p.row.record.amount for _, p in seen}
    said = set(_NUMBER.findall(normalise(scene.text).text))
    if len(amounts) > 1 and len(by_price := [a for a in amounts if f"{a.major.normalize():f}" in said]) == 1:
        amounts = set(by_price)  # 那把398的
        seen = [(v, p) for v, p in seen if p.row.record.amount in amounts]
    if len(amounts) > 1:
        names = "、".join(goods.variant_zh(v) for v, _ in seen)
        names_en = "; ".join(goods.variant_en(v) for v, _ in seen)
        choices = tuple(goods.variant_zh(v) if scene.says_zh else goods.variant_en(v) for v, _ in seen)
        need = Need(
            "size",
            f"不同规格价格不一样，请问要哪一种：{names}？",
            f"The price depends on the version. Which one would you like: {names_en}?",
            choices,
        )
        return Evidence(scene.intent, facts=tuple(price.now(scene, found)), needs=(need,)), "", []
    if not seen:
        return Evidence(scene.intent, facts=tuple(price.now(scene, found))), "", []
    amount = next(iter(amounts))
    fact = scene.fact(
        "price.now", amount,
        f"《{found.zh}》现在 {say.money(amount)}" + (f"，{count} 件共 {say.money(amount * count)}。" if count > 1 else "。"),
        f"{found.en} costs {say.money(amount)} now" + (f"; {count} of them come to {say.money(amount * count)}." if count > 1 else "."),
        seen[0][1].row, about=found.about,
    )  # fmt: skip
    return (
        Basket((coupon_sums.Goods(amount.minor * count, found.product.record.category),), currency),
        found.about,
        [fact],
    )


def _minor(amount: Decimal, currency: str) -> int:
    """What was said, in fen; parts of a fen are rounded, and less than nothing is nothing."""
    scaled = amount.scaleb(exponent(currency)).to_integral_value(ROUND_HALF_UP)
    return max(0, min(int(scaled), 10**15))


def _fee(scene: Scene, asked: CouponArguments, total: Money) -> Iterator[Fact]:
    """The delivery fee, and what there is to pay with it where a place is said."""
    place = places.read(asked.city) if asked.city else None
    if place is None and not delivery.ASKS_FEE.search(scene.text) and not several.WITH_FEE.search(scene.text):
        return
    place = place or delivery.own_place(scene)
    yield from delivery.fee(scene, place)
    if place is not None and (charged := delivery.charged(scene, place, total)) is not None:
        whole = total + charged.amount
        yield scene.fact(
            "coupon.to_pay", whole, f"寄到{place.zh}运费 {say.money(charged.amount)}，连运费一共 {say.money(whole)}。",
            f"Delivery to {place.en} is {say.money(charged.amount)}; with it you pay {say.money(whole)}.", *charged.rows,
        )  # fmt: skip


def _short(scene: Scene, basket: Basket) -> Iterator[Fact]:
    """How much is missing to an amount that was said: 离满三百还差多少."""
    hit = _MISSING.search(normalise(scene.text).text)
    number = read(next(g for g in hit.groups() if g)) if hit else None
    if number is None or number.value is None:
        return
    wanted = Money(_minor(number.value, basket.currency), basket.currency)
    if wanted.minor > basket.total.minor:
        gap = wanted - basket.total
        yield scene.fact(
            "coupon.short", gap, f"商品金额 {say.money(basket.total)}，离 {say.money(wanted)} 还差 {say.money(gap)}。",
            f"Goods come to {say.money(basket.total)}; {say.money(gap)} is missing to {say.money(wanted)}.",
        )  # fmt: skip
    else:
        yield scene.fact(
            "coupon.reached", basket.total, f"商品金额 {say.money(basket.total)}，已经满 {say.money(wanted)}。",
            f"Goods come to {say.money(basket.total)}, which reaches {say.money(wanted)}.",
        )  # fmt: skip
