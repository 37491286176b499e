"""The asks with which `test_contract.py` tries every engine."""

from __future__ import annotations

from contextlib import aclosing

from mingbai.engine.protocol import Engine
from mingbai.values.chat import Ask, Event, Message, Sampling, Tool

GREEDY = Sampling(temperature=0.0, max_tokens=24)
QUERY = Tool(
    "query_order",
    "查询订单",
    {
        "type": "object",
        "properties": {"order_no": {"type": "string"}, "detail": {"type": "boolean"}},
        "required": ["order_no"],
    },
)
SEARCH = Tool(
    "search", "搜索商品", {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
)
HOURS = Tool("opening_hours", "营业时间")
ADDRESS = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "maxLength": 12},
        "kind": {"enum": ["home", "office"]},
        "floor": {"type": "integer", "minimum": 1, "maximum": 60},
    },
    "required": ["city", "kind", "floor"],
    "additionalProperties": False,
}


def asking(text: str, **more: object) -> Ask:
    return Ask((Message("user", text),), **{"sampling": GREEDY, "deadline_seconds": 60, **more})  # type: ignore[arg-type]


async def told(engine: Engine, ask: Ask) -> list[Event]:
    async with aclosing(engine.generate(ask)) as events:
        return [event async for event in events]
