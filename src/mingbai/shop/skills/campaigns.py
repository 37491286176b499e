"""Campaigns that run or come next, with their days: the merchant's table, never a memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from mingbai.shop.skills import pages, say
from mingbai.shop.skills.scene import Scene
from mingbai.values.errors import Text
from mingbai.values.records import Campaign
from mingbai.values.turn import Fact

# Words of every coupon and campaign, which tell none apart.
PLAIN_WORDS = pages.grams(
    "优惠 满减 活动 大促 好物 off order first 全球 球好 物季 海外 中大 开始 结束 还没 没开 已过 过期"
)
_SAID = {
    "双十一": "双11",
    "雙11": "双11",
    "雙十一": "双11",
    "黑五": "黑色星期五",
    "年货": "年货节",
    "春节": "年货节",
}


def campaigns(scene: Scene, *, deposits: bool, must: bool = True) -> Iterator[Fact]:
    """Campaigns that run now or come next, with their days; with `deposits` those of a pre-sale."""
    rows = [
        row for row in scene.rows(Campaign) if row.record.ends_at is None or row.record.ends_at >= scene.now
    ]
    rows = [row for row in rows if _is_said(scene.text, row.record)] or rows
    for row in sorted(rows, key=lambda r: r.record.starts_at or scene.now)[:2]:
        c = row.record
        zh, en = c.name_zh or c.name_en, c.name_en or c.name_zh
        begun = c.starts_at is None or c.starts_at <= scene.now
        if deposits and c.deposit_from and c.deposit_to and c.balance_from and c.balance_to:
            d, e, f, g = (
                say.moment(m, scene.now) for m in (c.deposit_from, c.deposit_to, c.balance_from, c.balance_to)
            )
            yield scene.fact(
                "campaign.deposit", c.deposit_to, f"{zh}：{d.zh} 到 {e.zh} 付定金，{f.zh} 到 {g.zh} 付尾款。",
                f"{en}: deposits from {d.en} to {e.en}, balances from {f.en} to {g.en}.", row, must=must,
            )  # fmt: skip
        elif c.starts_at is not None and c.ends_at is not None and not deposits:
            a, b = say.moment(c.starts_at, scene.now), say.moment(c.ends_at, scene.now)
            yield scene.fact(
                "campaign.days", c.ends_at, f"{zh}：{a.zh} 到 {b.zh}{'，正在进行' if begun else ''}。",
                f"{en}: {a.en} to {b.en}{', running now' if begun else ''}.", row, must=must,
            )  # fmt: skip
        else:
            continue
        if c.text_zh or c.text_en:
            yield scene.fact(
                "campaign.text",
                None,
                c.text_zh or c.text_en,
                c.text_en or c.text_zh,
                row,
                must=must and deposits,
            )


def named_campaigns(scene: Scene) -> Iterator[Fact]:
    """Only where the message names one that runs or comes."""
    rows = [
        row.record
        for row in scene.rows(Campaign)
        if row.record.ends_at is None or row.record.ends_at >= scene.now
    ]
    if any(_is_said(scene.text, campaign) for campaign in rows):
        yield from campaigns(scene, deposits=False)


def running_at(scene: Scene, moment: datetime) -> Text | None:
    """The campaign of that moment that has not begun yet."""
    for row in scene.rows(Campaign):
        c = row.record
        if c.starts_at and c.ends_at and scene.now < c.starts_at <= moment < c.ends_at:
            return Text(c.name_zh or c.name_en, c.name_en or c.name_zh)
    return None


def _is_said(text: str, campaign: Campaign) -> bool:
    """Whether the message names this campaign, as people do: 双十一, 黑五."""
    for said, name in _SAID.items():
        text = text.replace(said, name)
    wanted = pages.grams(text) | {w for w in ("双11", "618") if w in text}
    own = pages.grams(f"{campaign.name_zh} {campaign.name_en}") | {
        w for w in ("双11", "618") if w in campaign.name_zh
    }
    return bool(wanted & own - PLAIN_WORDS)
