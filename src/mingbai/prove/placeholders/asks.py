"""Short asks about made-up persons: answer, translate, summarise, make a table, make JSON; half Chinese, half English."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Literal, TypeAlias, get_args

from mingbai.prove.masking import values
from mingbai.values.chat import Ask, Message, Sampling
from mingbai.values.json import JsonObject

Task: TypeAlias = Literal["answer", "translate", "summarise", "table", "json"]
TASKS: tuple[Task, ...] = get_args(Task)
MOST_TOKENS = 80
# What is said of a person: label and field name, maker, in both languages.
_DATA: dict[str, tuple[str, str, Callable[[Random], str], Callable[[Random], str]]] = {
    "name": ("收货人", "Recipient", values.name, values.name_en),
    "mobile": ("手机", "Phone", values.mobile, values.mobile),
    "address": ("地址", "Address", values.address, values.address_en),
    "email": ("邮箱", "E-mail", values.email, values.email),
    "order_no": ("订单号", "Order number", values.order_no, values.order_no),
    "tracking_no": ("快递单号", "Tracking number", values.tracking_no, values.tracking_no),
}
_GOODS = (
    ("龙井茶", "Longjing tea"),
    ("盖碗", "a gaiwan"),
    ("茶杯两只", "two cups"),
    ("紫砂壶", "a clay pot"),
)


@dataclass(frozen=True, slots=True)
class Case:
    """`wanted`: the values that a right answer repeats."""

    id: str
    task: Task
    ask: Ask
    wanted: tuple[str, ...] = field(repr=False)


def cases(count: int, seed: int) -> Iterator[Case]:
    """Tasks and languages in turn, so that any number of them is a fair sample."""
    for n in range(count):
        yield _case(n, TASKS[n % len(TASKS)], english=n // len(TASKS) % 2 == 1, random=Random(f"{seed}/{n}"))


def _case(n: int, task: Task, *, english: bool, random: Random) -> Case:
    kinds = random.sample(sorted(_DATA), 3 if task in ("table", "json") else 2)
    data = {kind: _DATA[kind] for kind in kinds}
    said = {kind: (en if english else zh)(random) for kind, (_, _, zh, en) in data.items()}
    labels = {kind: label_en if english else label_zh for kind, (label_zh, label_en, _, _) in data.items()}
    goods = random.choice(_GOODS)[english]
    colon, comma, stop = (": ", ", ", ".") if english else ("：", "，", "。")
    facts = comma.join(f"{labels[kind]}{colon}{said[kind]}" for kind in kinds)
    wanted, schema = tuple(said.values()), None
    match task:
        case "answer":
            kind = kinds[-1]
            wanted = (said[kind],)
            asked = (
                f"Which {labels[kind].lower()} is given above?"
                if english
                else f"上面写的{labels[kind]}是多少？"
            )
            text = f"{facts}{stop}\n{asked}"
        case "translate":
            into = "译成中文，只写译文：\n" if english else "译成英文，只写译文：\n"
            text = f"{into}{facts}{comma}{goods}{stop}"
        case "summarise":
            wish = (
                "把上文概括成一句话，其中必须写出" + "和".join(labels.values())
                if not english
                else "Sum up the above in one sentence that states the "
                + " and the ".join(labels.values()).lower()
            )
            more = (
                f"The customer bought {goods} last week and it has not come. They are angry and want their money back."
                if english
                else f"顾客上周买了{goods}，一直没收到，很生气，要求退款。"
            )
            text = f"{facts}{stop}{' ' * english}{more}\n{wish}{stop}"
        case "table":
            wish = (
                "列成 Markdown 表格，两列：项目、内容。\n"
                if not english
                else "As a Markdown table of two columns, item and value:\n"
            )
            text = f"{wish}{facts}{stop}"
        case "json":
            wish = "写成 JSON，键为 " if not english else "As JSON with the keys "
            text = f"{wish}{', '.join(kinds)}{colon}\n{facts}{stop}"
            if n // (2 * len(TASKS)) % 2:  # every other one is held to a schema, as programs do
                schema = _schema(kinds)
    sampling = Sampling(temperature=0.0, max_tokens=MOST_TOKENS)
    ask = Ask((Message("user", text),), schema=schema, sampling=sampling, key=f"prove-{n % 4}")
    return Case(f"{n:04}", task, ask, wanted)


def _schema(kinds: list[str]) -> JsonObject:
    schema: JsonObject = json.loads(
        json.dumps({
            "type": "object", "properties": {it: {"type": "string"} for it in kinds}, "required": kinds,
            "additionalProperties": False,
        })
    )  # fmt: skip
    return schema
