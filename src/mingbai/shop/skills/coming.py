"""What an article will cost, where a row says so already: the sale of a campaign that has not begun, a price from a day on.

Nothing is foretold: without such a row the price of another time is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.shop.skills import campaigns, goods, say
from mingbai.shop.skills.goods import Goods
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.money import Money
from mingbai.values.records import Price, Variant
from mingbai.values.turn import Fact

# Whether another time's price is asked for.
_ASKS = re.compile(
    r"(?:会|要|能|还|再)[^，。]{0,6}(?:降|便宜|打折|优惠|涨)|降价|等(?:到|一?等|双|黑|年|活动)|到时候?|什么时候(?:便宜|打折|降)|黑五|黑色星期五|双十二|双12|年货|大促|下个?(?:月|周|星期)"
    r"|(?i:\b(?:cheaper|discounted|on sale|go(?:es)? (?:up|down)|price drop|drop)\b|\bblack friday\b|\bcyber\b|\b(?:will|going to|gonna)\b.{0,40}\b(?:cost|price|sale)\b|\bnext (?:week|month)\b|\bcoming sale\b)"
)
_ANOTHER_TIME = re.compile(
    r"等到?|到时候?|黑五|黑色星期五|双十二|双12|年货节|下个?(?:月|周|星期)|会[^，。]{0,6}(?:降|便宜|打折)"
    r"|(?i:\bblack friday\b|\bcyber monday\b|\b(?:will|going to|does|gonna)\b.{0,40}\bget (?:any )?cheaper\b|\bwill\b.{0,30}\bcheaper\b)"
)
_MOST = 4


def at_another_time(text: str) -> bool:
    """Whether a price of another day is asked for, so that "cheaper" lays nothing beside another."""
    return bool(_ANOTHER_TIME.search(text))


def prices(scene: Scene, found: Goods, currency: str) -> Iterator[Fact]:
    """The prices that begin later, each with its first day, beside what it costs until then."""
    if not _ASKS.search(scene.text):
        return
    of: dict[tuple[Money, str], list[tuple[Row[Variant], Row[Price]]]] = {}
    for variant in found.variants:
        for row in scene.rows(Price, sku=variant.record.sku):
            later = row.record
            if later.amount.currency == currency and later.valid_from > scene.now:
                of.setdefault((later.amount, later.valid_from.isoformat()), []).append((variant, row))
    for same in list(of.values())[:_MOST]:
        yield _fact(scene, found, same)


def _fact(scene: Scene, found: Goods, same: list[tuple[Row[Variant], Row[Price]]]) -> Fact:
    row = same[0][1]
    begins = say.moment(row.record.valid_from, scene.now)
    until = say.moment(row.record.valid_to, scene.now) if row.record.valid_to else None
    zh = "、".join(goods.variant_zh(v) for v, _ in same)
    en = "; ".join(goods.variant_en(v) for v, _ in same)
    name = campaigns.running_at(scene, row.record.valid_from)
    of_zh, of_en = (f"{name.zh}：", f"{name.en}: ") if name else ("", "")
    amount = row.record.amount
    return scene.fact(
        "price.coming", amount,
        f"{of_zh}{begins.zh}起《{found.zh}》{zh} {say.money(amount)}" + (f"，到 {until.zh}。" if until else "。"),
        f"{of_en}from {begins.en} {found.en}, {en}, costs {say.money(amount)}" + (f", until {until.en}." if until else "."),
        *(r for _, r in same), about=found.product.record.product_no,
    )  # fmt: skip
