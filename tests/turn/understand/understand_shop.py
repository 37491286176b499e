"""A tiny shop and a turn to say something in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from mingbai.turn.understand.goods import of
from mingbai.values.records import Product, Variant
from mingbai.values.turn import Memory, Turn, Understood

NOW = datetime(2025, 11, 12, 10, tzinfo=timezone(timedelta(hours=8)))

SHOP = of(
    [
        Product("T001", "青花缠枝莲盖碗", "Blue-and-White Gaiwan with Lotus Scroll", "茶具 > 盖碗"),
        Product("T007", "宜兴紫砂西施壶", "Yixing Clay Xishi Teapot", "茶具 > 茶壶 > 紫砂壶"),
        Product("T046", "明前龙井 2025 春", "Pre-Qingming Longjing Green Tea", "茶叶 > 绿茶"),
    ],
    [Variant("T001-A", "T001", options=(("颜色", "天青"), ("容量", "150ml")))],
)


def turn(text: str, memory: Memory | None = None) -> Turn:
    made = Turn("1", "tea", text, NOW)
    return made if memory is None else replace(made, memory=memory)


def intents(understood: Understood) -> list[str]:
    return [str(it.intent) for it in understood.intents]
