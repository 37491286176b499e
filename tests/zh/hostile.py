"""Texts of 64 KB that try to make a parser slow or fall over; every parser of the kit meets each of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from time import process_time

SIZE = 65_536

_UNITS = (
    "一", "万", "十", "几", "多", "两", "半", "点", "零", "元", "块", "毛", "月", "年", "周", "天", "日", "号", "斤", "尺", "寸", "码", "折",
    "省", "市", "区", "路", "室", "大", "上", "今", "初", "闰", "农历", "双1", "双十", "一二", "十万", "万亿", "二三百多", "三块五", "一块",
    "三天内", "11月3号", "星期一", "下下", "昨晚8点", "去年", "身高170", "1米", "5'", "39码", "XL ", "M",
    "1", "0", "9", "1,", "1.", "1-", "1/", "1:", "1 ", "-", "/", ":", ".", ",", " ", "\t", "\n", "\r\n", "\0",
    "a", "A", "SF", "YT", "JD", "+86", "086-", "138", "1380013800", "@", "a@", "a.", "www.", "http://", "(", ")", "((", "【", "“", '"', "'",
    "$", "¥", "￥", "US$1", "€1,", "CNY ", "between 1 and ", "in 3 days ", "Nov 3 ", "the day after ", "may ",
    "１", "，", "　", "①", "⑳", "㎏", "½", "\u200b", "\u200d", "\ufeff", "\ufe0f", "\u202e", "\u0301", "ﷺ", "🙂", "👨‍👩‍👧", "𠮷", "\ud800", "\udfff",
    "買", "後", "乾", "圓", "北京市", "上海市浦东新区", "广东省", "号楼", "单元", "公司", "有限", "先生", "手机", "身份证", "税号",
)  # fmt: skip
_ALPHABET = (
    "".join(_UNITS) + "abcXYZ0123456789 -/.,:$¥一二三四五六七八九十百千万亿年月日号块元毛角分天周省市区路楼"
)


def _mixed(seed: int) -> str:
    draw = random.Random(seed)
    return "".join(draw.choices(_ALPHABET, k=SIZE))


TEXTS: dict[str, str] = {
    **{f"{unit!a} again and again": (unit * SIZE)[:SIZE] for unit in _UNITS},
    **{f"everything mixed, {seed}": _mixed(seed) for seed in range(4)},
    **{
        f"words mixed, {seed}": "".join(random.Random(seed).choices(_UNITS, k=SIZE))[:SIZE]
        for seed in range(4, 8)
    },
    "digits without an end": "".join(random.Random(9).choices("0123456789", k=SIZE)),
    "numerals without an end": "".join(
        random.Random(10).choices("零一二三四五六七八九十百千万亿两几", k=SIZE)
    ),
    "a number before every word": "".join(f"{at}元{at}号" for at in range(12_000))[:SIZE],
}


# Every seventh of them, for the quick run.
FEW = dict(list(TEXTS.items())[::7])


def slowest(parse: Callable[[str], object], texts: Mapping[str, str] = TEXTS) -> tuple[float, str]:
    """The most CPU seconds that one of the texts costs (a slow one is tried again), and its name. Raises what `parse` raises."""
    parse("三块五")  # tables are read at the first call
    worst = (0.0, "")
    for name, text in texts.items():
        spent = _spent(parse, text)
        if spent > worst[0]:
            worst = max(worst, (min(spent, _spent(parse, text)), name))
    return worst


def check_growth(parse: Callable[[str], object]) -> None:
    """Four times the text must cost less than eight times the time: every seventh text, the best of three."""
    parse("三块五")
    for name, text in FEW.items():
        small, large = (min(_spent(parse, text[:size]) for _ in range(3)) for size in (SIZE // 4, SIZE))
        assert large < 8 * small + 0.004, f"{name}: {small * 1000:.1f} ms, then {large * 1000:.1f} ms"


def _spent(parse: Callable[[str], object], text: str) -> float:
    started = process_time()
    parse(text)
    return process_time() - started
