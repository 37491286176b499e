"""Which variant is wished for instead, in the message's own words: of the values that a line's article has, those that are
stated and are not the line's own. A value that the line has already only says which line is meant: 白色的换成黑的.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mingbai.shop.skills import stated
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Line, Variant

_SIZE = re.compile(r"尺码|尺寸|规格|容量|长度|号|数量|(?i:size|capacity|length|volume)|\d")
_NOT = re.compile(
    r"(?:不要|别要|别发|不是|不想要|唔要|唔好|(?i:\b(?:not|no|instead of|rather than|from|without)(?: the| an?)?))\s*$"
)
_HUE = "红橙黄绿青蓝紫黑白灰粉棕褐金银"


def instead(scene: Scene, lines: Sequence[Row[Line]], color: str, size: str) -> tuple[str, str]:
    """(color, size) as they shall be; what was understood before stays where the words name nothing else."""
    own, others = _values(scene, lines)
    found = [(value, name) for value, name in others if _is_stated(scene.text, value, name)]
    colors = _longest(value for value, name in found if not _SIZE.search(name + value))
    sizes = _longest(value for value, name in found if _SIZE.search(name + value))
    color = colors[0] if len(colors) == 1 and (not color or _is_own(color, own)) else color
    size = sizes[0] if len(sizes) == 1 and (not size or _is_own(size, own)) else size
    return color, size


def _values(scene: Scene, lines: Sequence[Row[Line]]) -> tuple[frozenset[str], tuple[tuple[str, str], ...]]:
    """Those that the lines have, and those that others of their articles have."""
    own: set[str] = set()
    others: dict[tuple[str, str], None] = {}
    for line in lines:
        variant = scene.get(Variant, line.record.sku) if line.record.sku else None
        if variant is None:
            continue
        mine = {value for _, value in stated.values(variant.record)}
        own |= {stated.form(value) for value in mine}
        for other in scene.rows(Variant, product_no=variant.record.product_no):
            others |= {(v, n): None for n, v in stated.values(other.record) if v not in mine}
    return frozenset(own), tuple(others)


def _is_stated(text: str, value: str, name: str) -> bool:
    """And not as what is not wanted."""
    if not stated.states(text, value, name) and not _hue(text, value):
        return False
    said = stated.form(text)
    at = said.find(stated.form(value))
    return at < 0 or not _NOT.search(said[:at])


def _hue(text: str, value: str) -> bool:
    """黑的 is the black one, whatever the shop calls it."""
    hues = [hue for hue in _HUE if hue in value]
    return len(hues) == 1 and any(
        f"{hue}{after}" in text and not _NOT.search(text[: text.find(f"{hue}{after}")])
        for hue in hues
        for after in ("的", "色")
    )


def _is_own(value: str, own: Iterable[str]) -> bool:
    said = stated.form(value)
    return any(said in mine or mine in said or said.removesuffix("色") in mine for mine in own if mine)


def _longest(values: Iterable[str]) -> list[str]:
    """Without what is a part of another that was stated too: 120 cm of 120 cm waterproof."""
    every = list(dict.fromkeys(values))
    return [v for v in every if not any(v != w and stated.form(v) in stated.form(w) for w in every)]
