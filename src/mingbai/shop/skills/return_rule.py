"""The rule on returns itself, where no order is meant: for one article if it is named, and for the asker's country."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.shop.skills import asks, conditions, defects, excepted, goods, house, pages, places, rights
from mingbai.shop.skills.proof import OrderArguments
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import (
    Customer,
    PolicyDocument,
    Product,
)
from mingbai.values.turn import Evidence, Fact, Need

MINE = re.compile(r"我的|我买|我这|收到|订单|签收|(?i:\bmy\b|i (?:bought|received|ordered|got))")
_WHICH_NOT = re.compile(
    r"(?:哪些|哪种|哪几|什么东西|什么商品|有什么|什么).{0,8}(?:不能|不可以|不支持|不给|不)(?:.{0,6})退|(?:例外|除外).{0,4}(?:有|是)?(?:哪|什么)"
    r"|(?i:(?:which|what) (?:\w+ )?(?:can(?:no|')t|cannot|are (?:not|excluded)|is (?:not|excluded))|\bexceptions?\b.{0,30}\?)"
)
_DEPOSIT = re.compile(r"定金|订金|尾款|(?i:deposit)")
# What freight insurance pays.
_INSURED_FOR = re.compile(
    r"(?:运费险|退货险)[^，。？?]{0,10}(?:多少|几块|几元|几钱|全额|全赔|怎么赔|够不够|够吗)|(?:赔|报销?)(?:多少|几块|几钱)[^，。]{0,4}运费险|(?i:\bhow much\b[^.?]{0,30}\binsurance\b|\binsurance\b[^.?]{0,30}\b(?:how much|pay(?:s|out)?|cover)\b)"
)
_INSURANCE_PAYS = re.compile(r"赔多少|赔付金额|(?i:how much it pays|what it pays|the amount)")
# Goods that pages except once they were opened.
_OPENED_GOODS = re.compile(
    r"茶(?!具|壶|杯|盘|台|巾|服|席|罐)|食品|零食|化妆品|面膜|内衣|(?i:\btea\b|\bfood\b|\bcosmetic|\bunderwear\b)"
)
_NO_REASON = re.compile(
    r"不喜欢|不合适|不满意|不想要|无理由|(?i:\bdon't like\b|\bdo not like\b|\bchange my mind\b|\bno reason\b|\bwithout (?:a )?reason\b)"
)
# A country is asked of, or what holds at all: of no order in particular.
POLICY = re.compile(
    r"支持|政策|规则|规定|一般|能不能退|可以退吗|能退|几天内|谁|(?i:policy|do you (?:accept|offer|take)|can i return|how many days|\bwho\b|\bfrom (?:germany|china|the us|austria)\b)"
)
ORDER_FOR_DAYS = Need(
    "order_no", "要算出您这一单的最后一天，请提供订单号和收货手机号的后四位。",
    "For the last day of your own order, please give its number and the last four digits of the phone number.",
)  # fmt: skip
ASKS_ADDRESS = re.compile(
    r"退货地址|退貨地址|寄到哪|寄回哪|退到哪|(?i:return address|send (?:it|them) (?:back )?(?:to|where)|where (?:do|should) i (?:send|return))"
)


def general(scene: Scene, asked: OrderArguments) -> Evidence:
    """The rule itself; for one article if it is named or in focus, and for the asker's country if it is known."""
    facts: list[Fact] = []
    if _DEPOSIT.search(scene.text):
        return Evidence(
            scene.intent,
            passages=pages.cite(scene, ("refund", "campaign"), "定金 尾款 不退 deposit balance kept"),
        )
    if _WHICH_NOT.search(scene.text) and (every := tuple(_exceptions(scene))):
        return Evidence(scene.intent, facts=every)
    if asks_insurance(scene.text) and (said := house.told(scene, ("freight_insurance",), _INSURANCE_PAYS)):
        return Evidence(scene.intent, facts=said)
    product: Row[Product] | None = None
    rows: tuple[Row[Product], ...] = ()
    if asked.product or scene.item:
        found = goods.find_any(scene, goods.ItemArguments(asked.product))
        product, rows = (
            (found.product if isinstance(found, goods.Goods) else None),
            goods.rows_of(found, asked.product),
        )
    country = asker_country(scene)
    if rights.is_faulty(scene.text, scene.fault) and (country in excepted.HOME or not country):
        facts = [*defects.in_general(scene, rows)]
        if _NO_REASON.search(scene.text):  # 不喜欢能退吗，还是有质量问题才给退
            facts = [*_general_cn(scene, product), *facts]
        mine = (ORDER_FOR_DAYS,) if MINE.search(scene.text) else ()
        return Evidence(scene.intent, tuple(facts), pages.cite(scene, ("quality",)), needs=mine)
    at = country or "CN"
    told = conditions.told(scene, at, opened=bool(_OPENED_GOODS.search(scene.text)), made=True)
    barred = product is not None and excepted.of_product(scene, product, at) is not None
    if told and not barred and (product is None or conditions.spoiled(told)):
        return Evidence(scene.intent, facts=told)
    if (ASKS_ADDRESS.search(scene.text) or asks.WHERE_TO.search(scene.text)) and (
        to := address(scene, country or "CN")
    ) is not None:
        return Evidence(
            scene.intent,
            facts=(to,),
            passages=pages.cite(scene, ("return_right",), "退货 同意 寄出 运单号 到付"),
        )
    if country in excepted.HOME or not country:
        facts += _general_cn(scene, product)
    if country in places.EU or (not country and not scene.says_zh):
        facts += _general_eu(scene, product)
    cited = pages.cite(
        scene, ("return_right",), country="CN" if country in excepted.HOME or not country else country
    )
    needs: tuple[Need, ...] = ()
    if MINE.search(scene.text):
        needs = (ORDER_FOR_DAYS,)
    return Evidence(scene.intent, tuple(facts), cited, needs=needs)


def asks_insurance(text: str) -> bool:
    """Whether it asks what freight insurance pays."""
    return bool(_INSURED_FOR.search(text))


def _exceptions(scene: Scene) -> Iterator[Fact]:
    """Everything that the page for the asker's country excepts, point by point."""
    country = asker_country(scene) or "CN"
    found = pages.pages(scene, "return_right", "CN" if country in excepted.HOME else country)
    points = [p for page in found for p in pages.points(page) if excepted.is_exception(p)]
    lead_zh, lead_en = "不支持无理由退货的：", "Not returned without a reason: "
    for n, point in enumerate(points[:6]):
        yield scene.fact(
            "return.exceptions", False, f"{lead_zh if n == 0 else ''}{point.zh}", f"{lead_en if n == 0 else ''}{point.en}",
            *(point.page.rows if point.page else ()), rule=rights.ART_25,
        )  # fmt: skip


def address(scene: Scene, country: str, about: str = "") -> Fact | None:
    """Where goods go back to, as the shop gives it for the country."""
    names = {
        "DE": ("德国退货地址", "return address in Germany"),
        "US": ("美国退货地址", "return address in the US"),
    }
    zh, en = names.get(country, ("国内退货地址", "return address in China"))
    found = dict(scene.shop_row.record.facts)
    if zh not in found and en not in found:
        return None
    said_zh, said_en = found.get(zh) or found[en], found.get(en) or found[zh]
    return scene.fact(
        "return.address",
        said_zh,
        f"退货地址：{said_zh}。",
        f"Send it to: {said_en}.",
        scene.shop_row,
        about=about,
    )


def asker_country(scene: Scene) -> str:
    """The country that the message names, else the customer's; who writes Chinese and is not known asks about home."""
    if named := places.named(scene.text):
        return named[0]
    if (town := places.spoken(scene.text)) is not None and town.country != "CN":
        return town.country
    if any(w in scene.text.casefold() for w in ("欧盟", "歐盟", "european union", " eu ")):
        return "DE"
    row = scene.get(Customer, scene.asker.customer) if scene.asker.customer else None
    if row is not None and row.record.country:
        return row.record.country
    return "CN" if scene.says_zh else ""


def _general_cn(scene: Scene, product: Row[Product] | None) -> Iterator[Fact]:
    page: Row[PolicyDocument] | None = next(
        (p.of(scene) for p in pages.pages(scene, "return_right", "CN")), None
    )
    about = product.record.product_no if product else ""
    ex = excepted.of_product(scene, product, "CN") if product else None
    if product is not None and ex is not None:
        zh = product.record.title_zh or product.record.title_en
        fact = excepted.fact(
            scene, zh, product.record.title_en or zh, ex, "", must=True, product=product.record
        )
        yield scene.fact(
            "product.no_return",
            False,
            fact.zh,
            fact.en,
            product,
            *(ex.page.rows if ex.page else ()),
            about=about,
            rule=rights.ART_25,
        )
        return
    lead_zh = (
        f"《{product.record.title_zh or product.record.title_en}》支持七天无理由退货："
        if product
        else "支持七天无理由退货："
    )
    lead_en = (
        f"{product.record.title_en or product.record.title_zh} can be returned without a reason"
        if product
        else "In China goods can be returned without a reason"
    )
    yield scene.fact(
        "product.no_reason" if product else "return.no_reason", rights.NO_REASON_DAYS,
        f"{lead_zh}签收次日起 7 天内，商品完好可以退。", f"{lead_en} within 7 days, counted from the day after delivery, if intact.",
        product, page, about=about, rule=rights.ART_25,
    )  # fmt: skip
    yield scene.fact(
        "return.postage", "buyer", "无理由退货寄回的运费由您承担，订单有运费险的以保险公司赔付为准；质量问题、发错由我们承担。",
        "If you simply change your mind you pay the return postage (with freight insurance the insurer decides what it pays); for faulty or wrong goods we do.",
        page, rule=rights.ART_25,
    )  # fmt: skip


def _general_eu(scene: Scene, product: Row[Product] | None) -> Iterator[Fact]:
    found = pages.pages(scene, "return_right", "DE")
    page = next((p.of(scene) for p in found if p.of(scene).record.country in places.EU), None)
    if page is None:
        return
    yield scene.fact(
        "return.withdrawal", rights.WITHDRAWAL_DAYS, "寄到欧盟的订单：收到货起 14 天内可以撤回，不用说理由，寄回运费由您承担。",
        "Orders delivered in the EU: you may withdraw within 14 days of receipt without a reason; you pay the return postage.",
        page, rule=rights.EU_WITHDRAWAL, must=asker_country(scene) in places.EU,
    )  # fmt: skip
