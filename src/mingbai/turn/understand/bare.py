"""How a message asks, whatever it asks of: "what does the ink black 500 ml thermos cost" asks as "what does it cost" does.

The name of goods with the options around it becomes one word for a thing, so that rules and examples for a question hold
however long the name is. It is a second reading beside the message, never instead of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mingbai.turn.understand.goods import Goods

_HAN = re.compile(r"[\u3400-\u9fff]")
THING_ZH, THING_EN = "这个", "it"
# What tells one version of an article from another, where it stands beside the name.
_OPTION = re.compile(
    r"(?<![a-z0-9.])\d+(?:\.\d+)? ?(?:ml|毫升|l|升|g|克|w|瓦|寸|包|条|饼|只|片|支|粒|件|装|人份)(?:装|款)?(?![a-z])"
    r"|(?<![a-z0-9'])(?:x{0,4}[sl]|m)(?:码|号)?(?![a-z0-9'])|[大中小]号(?:款)?|[白黑红蓝绿粉灰墨紫棕黄](?=的|色|款|[\u3400-\u9fff])(?:色|款)?"
)
_BETWEEN = re.compile(r"[\s的,，、-]*(?:款|色|那[个只款把件条套]|这[个只款把件条套])?[\s的]*")
_BEFORE_EN = re.compile(
    r"(?:\b(?:the|a|an|any|my|our|your|that|this|these|those|some|one of the|one|two|three|pair of|set of|in|of|size)\s)+$"
)
_BEFORE_ZH = re.compile(
    r"(?:那|这|哪|一|两|俩|你们?家?的?|店里的?)*[个只款把件条套盒罐饼瓶]?(?:叫|名叫)?[的]?$"
)


def question(text: str, goods: Goods) -> str:
    """The same text where no goods are named. `text` is in the form of `form.plain`."""
    named = goods.named(text, framed=False)
    if not named:
        return text
    others = [span for words in (goods.colors, goods.sizes, goods.options) for span in words.spans(text)]
    others += [hit.span() for hit in _OPTION.finditer(text)]
    out = text
    for start, end in reversed(_grown(text, named, others)):
        english = _HAN.search(text) is None
        lead = (_BEFORE_EN if english else _BEFORE_ZH).search(out[:start])
        first = lead.start() if lead and (english or "哪" not in lead[0]) else start
        out = f"{out[:first]}{THING_EN if english else THING_ZH}{out[end:]}"
    return out


def _grown(
    text: str, named: Iterable[tuple[int, int]], others: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The names with the options that touch them, and names that touch each other as one."""
    spans: list[tuple[int, int]] = []
    names = list(named)
    for start, end in sorted([*names, *others]):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        elif spans and _BETWEEN.fullmatch(text[spans[-1][1] : start]):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [s for s in spans if any(s[0] <= n[0] and n[1] <= s[1] for n in names)]
