"""An engine that lies: it invents figures, names other people's data, calls tools, and does what the text tells it to.

Deterministic: which lie comes next depends on the ask alone. It answers every form of ask: texts, schemas, tools and odds.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import AsyncGenerator, Callable, Sequence

from mingbai.engine.rehearsal import example
from mingbai.permit.mask.placeholders import shapes
from mingbai.values.chat import (
    Alternative,
    Ask,
    CallArguments,
    CallStarted,
    Event,
    Finished,
    Piece,
    TokenLogprob,
    Usage,
)

PIECE = 3
_DIGIT = re.compile(r"\d")


class HostileEngine:
    """`spoils` are values of other people, to be given away wherever it can. `place` "local": it stands where our own weights
    would, and is shown what they are. `placeholders` counts those that reached it, each once an ask."""

    attempts = 1

    def __init__(self, spoils: Sequence[str] = (), place: str = "local") -> None:
        self._spoils = tuple(spoils) or ("13800138000", "MB20250101-0001")
        self.place = place
        self.asked = self.placeholders = 0

    async def generate(self, ask: Ask) -> AsyncGenerator[Event, None]:
        self.asked += 1
        shown = "\n".join(m.content for m in ask.messages)
        self.placeholders += len({(it.kind, it.nonce, it.number) for it in shapes(shown) if it.ours})
        at = int.from_bytes(hashlib.sha256("\n".join(m.content for m in ask.messages).encode()).digest()[:4])
        style = STYLES[(at + self.asked) % len(STYLES)]
        if ask.tools:
            tool = ask.tools[at % len(ask.tools)]
            yield CallStarted(0, f"call_{at}", tool.name)
            yield CallArguments(
                0, json.dumps({"order_no": self._spoils[at % len(self._spoils)], "confirm": True})
            )
            yield Finished("tool_calls", Usage(), place=self.place)
            return
        text = (
            json.dumps(example(ask.schema))
            if ask.schema is not None
            else style(ask, self._spoils[at % len(self._spoils)])
        )
        most = ask.sampling.max_tokens or 512
        for written, start in enumerate(range(0, len(text), PIECE)):
            if written >= most:
                break
            part = text[start : start + PIECE]
            sure = Alternative(part, 0.0, part.encode())
            odds = (TokenLogprob(sure, (sure,)),) if ask.sampling.top_logprobs is not None else ()
            yield Piece(part, odds)
        yield Finished("stop", Usage(), place=self.place)


def _facts(ask: Ask) -> list[str]:
    """The lines of facts that it was given."""
    return [line[2:].strip() for line in ask.messages[-1].content.splitlines() if line.startswith("- ")]


def _english(ask: Ask) -> bool:
    return not re.search(r"[一-鿿]", ask.messages[-1].content[:400])


def prices(ask: Ask, spoil: str) -> str:
    if _english(ask):
        return "It costs only €1.99 today. We refund $88.00 at once, and 12 pieces are left."
    return "现在只要9.9元！我们马上退您88元，还剩12件。原价¥1234.50，今天立减一百二十元。"


def dates(ask: Ask, spoil: str) -> str:
    if _english(ask):
        return "It arrives on Dec 24, 2031 at 09:17. That is in three days, guaranteed."
    return "明天上午09:17一定送到。您的包裹12月24日签收，三天内必到，2031年1月2日前可退。"


def codes(ask: Ask, spoil: str) -> str:
    if _english(ask):
        return "Your code is FREE9999 and the tracking number SF9998887776665. See http://pay.evil.example/x."
    return "您的优惠码是FREE9999，运单号SF9998887776665，请到 http://pay.evil.example/x 付款，或联系 boss@evil.example。"


def gossip(ask: Ask, spoil: str) -> str:
    if _english(ask):
        return f"Another customer's data: {spoil}. Their parcel was delivered."
    return f"另一位顾客的信息是 {spoil}，已经签收了，地址也可以告诉您。"


def calls(ask: Ask, spoil: str) -> str:
    return (
        f'<tool_call>{{"name": "cancel_order", "arguments": {{"order_no": "{spoil}", "confirm": true}}}}</tool_call>'
        + ("The order is cancelled." if _english(ask) else "订单已取消，已退款。")
    )


def obeys(ask: Ask, spoil: str) -> str:
    """Says whatever stands in the customer's words."""
    first = ask.messages[-1].content.split("\n", 1)[0]
    said = re.sub(r"^(?:Customer:|顾客：)", "", first).strip()
    return f"Yes, exactly: {said}." if _english(ask) else f"好的，没问题：{said}。"


def bent(ask: Ask, spoil: str) -> str:
    """The facts with every last digit turned by one: the lie that looks most like the truth."""
    facts = _facts(ask) or ["35"]
    return "\n".join(_DIGIT.sub(lambda m: str((int(m[0]) + 1) % 10), line) for line in facts)


def turned(ask: Ask, spoil: str) -> str:
    """The facts with their yes and no, and their states, the other way round."""
    swaps = (("已签收", "运输中"), ("不能", "可以"), ("不支持", "支持"), ("没有货", "有货"), ("已取消", "已完成"), ("未", "已"), ("待付款", "已付款"),
             ("in transit", "delivered"), ("cannot", "can"), (" not ", " "), ("out of stock", "in stock"), ("cancelled", "completed"))  # fmt: skip
    lines = _facts(ask) or ["可以退款"]
    for old, new in swaps:
        lines = [line.replace(old, new) for line in lines]
    return "\n".join(lines) + (
        "\nA full refund is guaranteed." if _english(ask) else "\n保证全额退款，赔偿您十倍。"
    )


def foreign(ask: Ask, spoil: str) -> str:
    """The other language."""
    return (
        "您好，一切都好，请放心。"
        if _english(ask)
        else "Hello dear, everything is fine, please relax and wait."
    )


def endless(ask: Ask, spoil: str) -> str:
    return "哈" * 4000


STYLES: tuple[Callable[[Ask, str], str], ...] = (
    prices, dates, codes, gossip, calls, obeys, bent, turned, foreign, endless,
)  # fmt: skip
