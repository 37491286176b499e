"""Lines of chat with made-up personal data in them, and lines that only look as if: where what stands is known.

A template holds slots such as {mobile}; a slot's value may be disguised; the line around it is roughened (full-width
punctuation, none at all, glued words, faces). A third of the lines hold nothing personal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from mingbai.prove.masking.disguises import DISGUISES
from mingbai.prove.masking.templates import PERSONAL, PLAIN
from mingbai.prove.masking.values import MAKERS, SURNAMES, digits

_SLOT = re.compile(r"\{(\w+[#❤老]?)\}")
_FACES = ["", "", "", "", "😭", "🙏", "哈哈", "～", "[微笑]", "…", "\n"]
_PLAIN_KINDS = {"name_en": "name", "address_en": "address"}


@dataclass(frozen=True, slots=True)
class Gold:
    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Line:
    """`form` is the disguise of its personal data, "" if none."""

    text: str = field(repr=False)
    gold: tuple[Gold, ...]
    form: str = ""


def lines(count: int, seed: int) -> Iterator[Line]:
    """The same lines for the same seed. Each disguise gets an equal share of those that can be disguised."""
    random = Random(seed)
    by_kind: dict[str, list[str]] = {}
    for template in PERSONAL:
        for kind in set(_SLOT.findall(template)):
            by_kind.setdefault(kind, []).append(template)
    for at in range(count):
        if at % 3 == 2:
            yield _roughened(random, _filled(random, random.choice(PLAIN), None, frozenset()))
        elif at % 3 == 1:
            form, kinds, change = DISGUISES[at // 3 % len(DISGUISES)]
            kind = random.choice(sorted(kinds))
            yield _roughened(
                random, _filled(random, random.choice(by_kind[kind]), change, frozenset({kind}), form)
            )
        else:
            yield _roughened(random, _filled(random, random.choice(PERSONAL), None, frozenset()))


def _filled(
    random: Random,
    template: str,
    change: Callable[[str, Random], str] | None,
    kinds: frozenset[str],
    form: str = "",
) -> Line:
    text, gold, here = "", [], 0
    for slot in _SLOT.finditer(template):
        text += template[here : slot.start()]
        here = slot.end()
        kind = slot[1]
        if kind in _FILLERS:
            text += _FILLERS[kind](random)
            continue
        value = _value(random, kind)
        if kind in kinds and change is not None:
            value = change(value, random)
        kind = _PLAIN_KINDS.get(kind, kind.rstrip("#❤老"))
        gold.append(Gold(len(text), len(text) + len(value), kind))
        text += value
    return Line(text + template[here:], tuple(gold), form)


def _value(random: Random, kind: str) -> str:
    if kind == "name_title老":
        return random.choice("老小") + random.choice(
            SURNAMES[:24].translate({ord("黄"): None, ord("马"): None, ord("高"): None})
        )
    if kind == "email#":
        return f"{random.choice('123456789')}{digits(random, 8)}@{random.choice(['qq.com', '163.com'])}"
    return MAKERS[kind.rstrip("❤")](random)


def _roughened(random: Random, line: Line) -> Line:
    """Only outside the personal data and only with as many characters, or at the two ends."""
    inside = {at for it in line.gold for at in range(it.start, it.end)}
    text = list(line.text)
    if random.random() < 0.2:
        for at, character in enumerate(text):
            if at not in inside and character in ",.!?:()":
                text[at] = chr(ord(character) + 0xFEE0)
    head = random.choice(["", "", "", "", "亲，", "你好 ", "在吗？", "😊"])
    tail = random.choice(_FACES)
    gold = tuple(Gold(it.start + len(head), it.end + len(head), it.kind) for it in line.gold)
    return Line(head + "".join(text) + tail, gold, line.form)


_FILLERS: dict[str, Callable[[Random], str]] = {
    "n": lambda random: str(random.randint(1, 99)),
    "price": lambda random: random.choice([f"{random.randint(5, 3999)}", f"{random.randint(5, 999)}.{random.randint(0, 9)}0", f"{random.randint(1, 9)},{random.randint(100, 999)}.00"]),
    "date": lambda random: random.choice([f"{random.randint(1, 12)}月{random.randint(1, 28)}日", f"2025-{random.randint(1, 12):02}-{random.randint(1, 28):02}", f"{random.randint(1, 12)}.{random.randint(1, 28)}", f"2025{random.randint(1, 12):02}{random.randint(1, 28):02}"]),
    "time": lambda random: f"{random.randint(0, 23)}:{random.randint(0, 59):02}",
    "barcode": lambda random: "69" + digits(random, 11),
    "sku": lambda random: "".join(random.choice("ABCDEFGHKLMNPRSTXY") for _ in range(random.randint(2, 4))) + random.choice(["-", "", "_"]) + digits(random, random.randint(3, 6)),
    "code6": lambda random: digits(random, 6),
    "pickup": lambda random: f"{random.randint(1, 30)}-{random.randint(1, 9)}-{digits(random, 4)}",
    "version": lambda random: ".".join(str(random.randint(0, 30)) for _ in range(random.choice([3, 4]))),
    "size": lambda random: random.choice([f"{random.randint(10, 300)}x{random.randint(10, 300)}cm", f"{random.randint(100, 2000)}*{random.randint(100, 2000)}mm", "1920x1080", f"{random.randint(150, 195)}/{random.randint(76, 110)}A"]),
    "place": lambda random: random.choice(["杭州", "成都", "新疆", "香港", "广东深圳", "乌鲁木齐", "北京", "上海浦东", "内蒙古", "Chicago"]),
    "year": lambda random: str(random.randint(1998, 2026)),
}  # fmt: skip
