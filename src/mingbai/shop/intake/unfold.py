"""Cells that hold more than one value, as columns of their own: profiles name them by `unfold`.

taobao    销售属性组合 is 价格:数量:商家编码:属性:值;属性:值;… for one variant after the other, properties and values by number.
          Their names stand in 销售属性别名 and 自定义属性值 (属性:值:名称;…). A number without a name stays a number.
          用户输入ID串 (20000,13021751) and 用户输入名-值对 (明白,MB-200) are properties that the merchant typed.

Nothing is guessed: text of another form refuses the row. A price of 0 is how the program writes "not set". A code that
several variants of one product share (many merchants type one for all) names none of them: their properties are added.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeAlias

from mingbai.shop.intake.rows import refused

Cells: TypeAlias = Mapping[str, str]
_MOST = 2_000  # variants of one product
_OPTIONS = 4
_TYPED = 12


@dataclass(frozen=True, slots=True)
class Unfolding:
    """`row` gives more columns to each row; `each` gives yet more, once for each of its variants."""

    needs: tuple[
        str, ...
    ]  # columns of the file, the first of which `each` reads; one that is missing counts as empty
    row_adds: tuple[str, ...]
    each_adds: tuple[str, ...]
    row: Callable[[Cells], Sequence[str]]
    each: Callable[[Cells], Sequence[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Unfolded:
    """An unfolding of one file: where its columns stand there. Raises `BadInput` as `row` and `each` do."""

    unfolding: Unfolding
    places: tuple[int | None, ...]

    def wider(self, cells: Sequence[str]) -> list[str]:
        added = self.unfolding.row(self._named(cells))
        return [*cells, *added, *[""] * len(self.unfolding.each_adds)]

    def each(self, wide: Sequence[str]) -> list[list[str]]:
        common = wide[: len(wide) - len(self.unfolding.each_adds)]
        return [[*common, *more] for more in self.unfolding.each(self._named(wide))]

    def _named(self, cells: Sequence[str]) -> dict[str, str]:
        named = zip(self.unfolding.needs, self.places, strict=True)
        return {name: cells[at] if at is not None else "" for name, at in named}


# The properties of nearly every category, as public programs that write such files name them; others keep their number.
_PROPERTIES = {
    "20000": "品牌", "13021751": "货号", "1627207": "颜色分类", "20509": "尺码", "20518": "尺码", "20549": "鞋码", "5919063": "套餐类型",
}  # fmt: skip
_VARIANT = re.compile(
    r"(?P<price>\d{1,9}(?:\.\d{1,4})?):(?P<count>\d{1,9}):(?P<code>[^:;]{0,100}):(?P<pair>-?\d{1,20}:-?\d{1,20})"
)
_PAIR = re.compile(r"-?\d{1,20}:-?\d{1,20}")


def _taobao_row(cells: Cells) -> list[str]:
    keys = cells["用户输入ID串"].split(",")
    values = cells["用户输入名-值对"].split(",")
    typed = {
        key.strip(): value.strip()
        for key, value in zip_longest(keys, values, fillvalue="")
        if key.strip() and value.strip()
    }
    named = [(_PROPERTIES.get(key, f"属性 {key}"), value) for key, value in typed.items() if key != "20000"]
    flat = [word for pair in named[:_TYPED] for word in pair]
    return [typed.get("20000", ""), *flat, *[""] * (2 * _TYPED - len(flat))]


def _taobao_each(cells: Cells) -> list[list[str]]:
    found: list[tuple[re.Match[str], list[str]]] = []
    for part in filter(None, (part.strip() for part in cells["销售属性组合"].split(";"))):
        if variant := _VARIANT.fullmatch(part):
            found.append((variant, [variant["pair"]]))
        elif found and _PAIR.fullmatch(part):
            found[-1][1].append(part)
        else:
            raise _unreadable()
    if len(found) > _MOST:
        raise _unreadable()
    names = _names(cells["销售属性别名"]) | _names(cells["自定义属性值"])
    barcodes = [code.strip() for code in cells["sku 条形码"].split(";")] if cells["sku 条形码"] else []
    codes = Counter(variant["code"].strip() for variant, _ in found)
    made: list[list[str]] = []
    for at, (variant, pairs) in enumerate(found):
        price, code, properties = variant["price"], variant["code"].strip(), ";".join(pairs)
        if codes[code] > 1 and code:
            code = f"{code}/{properties}"
        barcode = barcodes[at] if len(barcodes) >= len(found) else ""
        made.append(
            [
                price if float(price) else "",
                variant["count"],
                code,
                properties,
                barcode,
                *_options(pairs, names),
            ]
        )
    return made


def _names(cell: str) -> dict[str, str]:
    """属性:值:名称; a name may hold colons."""
    parts = (part.strip().split(":", 2) for part in cell.split(";"))
    return {f"{part[0]}:{part[1]}": part[2].strip() for part in parts if len(part) == 3 and part[2].strip()}


def _options(pairs: Sequence[str], names: Mapping[str, str]) -> list[str]:
    words: list[str] = []
    for pair in pairs[:_OPTIONS]:
        key, _, value = pair.partition(":")
        words += [_PROPERTIES.get(key, f"属性 {key}"), names.get(pair, value)]
    return words + [""] * (2 * _OPTIONS - len(words))


def _unreadable() -> Exception:
    return refused(
        "这一格不是「价格:数量:商家编码:属性:值;」的样子。",
        "This cell is not of the form price:number:code:property:value;",
        "请用淘宝助理重新导出，不要在表格软件里改这一列。",
        "Export it again and leave this column as it is.",
    )


UNFOLDINGS: dict[str, Unfolding] = {
    "taobao": Unfolding(
        needs=("销售属性组合", "销售属性别名", "自定义属性值", "sku 条形码", "用户输入ID串", "用户输入名-值对"),
        row_adds=("品牌", *(f"输入 {n} {part}" for n in range(1, _TYPED + 1) for part in ("名", "值"))),
        each_adds=(
            "SKU 价格", "SKU 数量", "SKU 编码", "SKU 属性", "SKU 条码",
            *(f"规格 {n} {part}" for n in range(1, _OPTIONS + 1) for part in ("名", "值")),
        ),
        row=_taobao_row,
        each=_taobao_each,
    )
}  # fmt: skip
