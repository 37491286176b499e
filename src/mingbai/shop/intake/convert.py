"""The text of one cell to a value. Each refuses what it cannot read without guessing, in both languages.

An empty cell, and what platforms write for empty (`-`, `null`, `0000-00-00`), is None. Names of persons, addresses and
numbers with stars are text like any other and are never completed.
"""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from mingbai.shop.intake.rows import refused
from mingbai.values.errors import BadInput, Text
from mingbai.values.money import Money

NOTHING = frozenset(
    {"", "-", "--", "—", "/", "null", "NULL", "Null", "None", "none", "N/A", "n/a", "\\N", "无"}
)
_LONGEST = 80  # characters of a number, a time or an amount
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\xa0]")
_LONE = re.compile("[\0\ud800-\udfff]")

# What may be repeated in a message: amounts, times and counts, but nothing that could be a name or a telephone number.
_HARMLESS = re.compile(r"[\d\s.,:/+()%¥￥$€£元圆件年月日时分秒ETZ-]{1,30}")
_TELEPHONE = re.compile(r"\d[\d\s-]{8,}")


def shown(cell: str) -> Text:
    """The cell as a message may quote it; a column that slipped can hold anything."""
    if _HARMLESS.fullmatch(cell) and (cell[4:5] in ("-", "/", "年") or not _TELEPHONE.search(cell)):
        return Text(cell, cell)
    return Text("这一格", "this cell")


# 1.93E+18 is what a spreadsheet shows of an order number; with the `+`, or with so many decimals as Java writes
# (1.930679858170647E18), it cannot be a code like 12E5.
_ROUNDED = re.compile(r"[+-]?\d(?:(?:[.,]\d+)?[eE]\+|\.\d{4,}[eE])\d{2,3}")
_FLOAT = re.compile(r"\d{11,}\.0+")
_EXACT = re.compile(r"\d{11,15}\.0+")  # a double holds fifteen digits
_TOTAL = frozenset({"合计", "总计", "小计", "汇总", "total", "subtotal", "grand total", "sum"})


TOTALS = Text("这是合计行，不是数据。", "This is a line of totals, not data.")
IGNORE = Text("可以忽略。", "It can be ignored.")


def totals(cell: str) -> bool:
    return len(cell) < 14 and cell.rstrip(":： ").casefold() in _TOTAL


def text(cell: str) -> str:
    if _LONE.search(cell):
        raise refused(
            "文字里有残缺的字符。", "The text has half a character or U+0000.",
            "请重新导出，或换一种编码。", "Export it again, or in another encoding.",
        )  # fmt: skip
    return cell


def identifier(cell: str) -> str:
    """Digits, letters and signs exactly as the platform gave them."""
    cell = _INVISIBLE.sub("", text(cell))
    if cell[:1] == "'" and len(cell) > 1:
        cell = cell[1:]
    if len(cell) < 40 and (_ROUNDED.fullmatch(cell) or _FLOAT.fullmatch(cell)):
        if _EXACT.fullmatch(cell):
            return cell.split(".")[
                0
            ]  # 13800138000.0: a program kept it as a number that still holds every digit
        raise rounded(cell)
    if totals(cell):
        raise BadInput(TOTALS, IGNORE)
    return cell


def rounded(cell: str) -> BadInput:
    return refused(
        f"编号被表格软件改成了 {cell}，原来的数字已经丢失。",
        f"A spreadsheet turned the number into {cell}; its digits are lost.",
        "请从平台重新导出原文件，不要用 Excel/WPS 打开后保存。",
        "Export the file again and import it without saving it in a spreadsheet.",
    )


# Signs that stand beside an amount, with the currencies they can mean.
_SIGNS = {
    "¥": {"CNY", "JPY"}, "元": {"CNY", "HKD", "TWD", "MOP"}, "圆": {"CNY"}, "块": {"CNY"}, "rmb": {"CNY"}, "cn¥": {"CNY"},
    "$": {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN"}, "us$": {"USD"}, "hk$": {"HKD"}, "nt$": {"TWD"},
    "€": {"EUR"}, "£": {"GBP"}, "円": {"JPY"}, "₩": {"KRW"}, "₽": {"RUB"},
}  # fmt: skip
_AMOUNT = re.compile(r"([(+-]?)([^\d().,+-]{0,4})([+-]?)([\d.,' ]*\d[\d.,' ]*)([^\d().,+-]{0,4})(\)?)")


@lru_cache(maxsize=65_536)
def money(cell: str, currency: str, comma: bool = False) -> Money | None:
    """`comma`: the comma stands before the decimals (1.234,50)."""
    if cell in NOTHING:
        return None
    said = unicodedata.normalize("NFKC", cell[: _LONGEST + 1]).replace("−", "-").strip()
    found = _AMOUNT.fullmatch(said) if len(cell) <= _LONGEST else None
    if not found:
        raise _no_amount(cell)
    bracket, before, minus, digits, after, closing = found.groups()
    if (bracket == "(") != (closing == ")") or (bracket in "+-" and bracket and minus):
        raise _no_amount(cell)
    for sign in (before.strip().casefold(), after.strip().casefold()):
        if sign and currency not in _SIGNS.get(sign, {sign.upper()}):
            raise refused(
                f"{shown(cell).zh} 的货币不是 {currency}。", f"{shown(cell).en} is not in {currency}.",
                "用 --currency 指明这个文件的货币。", "Name the file's currency with --currency.",
            )  # fmt: skip
    try:
        amount = Money.of(_decimal(digits.replace(" ", "").replace("'", ""), comma), currency)
    except (ValueError, InvalidOperation):
        raise _no_amount(cell) from None
    return Money(-amount.minor, currency) if "-" in (bracket, minus) or bracket == "(" else amount


def _decimal(digits: str, comma: bool) -> Decimal:
    point, thousands = (",", ".") if comma else (".", ",")
    whole, _, part = digits.partition(point)
    if thousands in part or (
        thousands in whole and not re.fullmatch(r"\d{1,3}(?:\D\d{3})+|\d{1,3}(?:\D\d{2})*\D\d{3}", whole)
    ):
        raise ValueError(digits)
    amount = Decimal(f"{whole.replace(thousands, '') or '0'}.{part or '0'}")
    # 12.299999999999999 is how a program prints the float nearest to 12.30; fifteen digits are all that it holds.
    return Decimal(f"{amount:.15g}") if len(part) > 10 else amount


def _no_amount(cell: str) -> BadInput:
    return refused(
        f"{shown(cell).zh} 不是能确定的金额。", f"{shown(cell).en} is not an amount that can be read with certainty.",
        "请改正这一格；若小数点是逗号，在导入档案里写 comma = true。",
        "Correct the cell; where a comma stands before the decimals, say comma = true in the profile.",
    )  # fmt: skip


def share(amount: Money, count: int | None) -> Money | None:
    """The price of one of `count`, when it divides; else it is not known."""
    if not count or amount.minor % count:
        return None
    return Money(amount.minor // count, amount.currency)


_COUNT = re.compile(
    r"[x×*]?\s*([+-]?\d{1,3}(?:,\d{3})+|[+-]?\d{1,12})(?:\.0+)?\s*[件个只套份盒袋瓶张条支双把台包组箱块pcsPCS]{0,3}"
)


@lru_cache(maxsize=4_096)
def whole(cell: str) -> int | None:
    if cell in NOTHING:
        return None
    found = _COUNT.fullmatch(unicodedata.normalize("NFKC", cell)) if len(cell) <= _LONGEST else None
    if not found:
        raise refused(
            f"{shown(cell).zh} 不是整数。",
            f"{shown(cell).en} is not a whole number.",
            "请改正这一格。",
            "Correct the cell.",
        )
    return int(found[1].replace(",", ""))


_YES = frozenset(
    {"1", "true", "yes", "y", "是", "有", "t", "on", "上架", "在售", "active", "visible", "√", "✓"}
)
_NO = frozenset(
    {
        "0",
        "false",
        "no",
        "n",
        "否",
        "无",
        "f",
        "off",
        "-1",
        "下架",
        "draft",
        "archived",
        "hidden",
        "×",
        "unlisted",
    }
)


@lru_cache(maxsize=1_024)
def yes(cell: str) -> bool | None:
    word = cell.strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    if word in NOTHING:
        return None
    raise refused(
        f"{shown(cell).zh} 不是“是”或“否”。",
        f"{shown(cell).en} is neither yes nor no.",
        "请改正这一格。",
        "Correct the cell.",
    )


_YEAR_FIRST = re.compile(r"(\d{4})[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})日?(?:[T\s]+(.{1,40}))?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[T\s,]+(.{1,40}))?")
_PACKED = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?")
# A day count as a spreadsheet keeps it: 29221 is the first day of 1980. No other writing of a time is a bare number of five digits.
SERIAL = re.compile(r"(?:29[2-9]|[3-6]\d\d|7[0-2]\d)\d\d(?:\.\d{1,15})?")
_CLOCK = re.compile(
    r"(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:[.,](\d{1,9}))?)?[分秒]?\s?([AaPp][Mm])?\s?"
    r"(Z|z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?"
)  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=65_536)
def moment(cell: str, zone: ZoneInfo, days: str = "") -> datetime | None:
    """A time in `zone` unless it says its own. The first second of 1970 is what programs write for "never"."""
    if cell in NOTHING or cell.startswith("0000-00-00"):
        return None
    said = unicodedata.normalize("NFKC", cell).strip() if len(cell) <= _LONGEST else ""
    try:
        if packed := _PACKED.fullmatch(said):
            parts = [int(part) for part in packed.groups() if part]
            at = datetime(*parts, tzinfo=zone)  # type: ignore[misc,arg-type]  # three or six numbers
        elif SERIAL.fullmatch(said):
            seconds = int((Decimal(said) * 86_400).to_integral_value())
            at = (datetime(1899, 12, 30) + timedelta(seconds=seconds)).replace(tzinfo=zone)
        else:
            day, clock = _day(said, days)
            at = _clocked(day, clock, zone) if clock else datetime(day.year, day.month, day.day, tzinfo=zone)
    except ValueError:
        raise _no_time(cell) from None
    if at == _EPOCH:
        return None
    if not 1980 <= at.year <= 2100:
        raise _no_time(cell)
    return at


def day(cell: str, days: str = "") -> date | None:
    at = moment(cell, ZoneInfo("UTC"), days)
    return at.date() if at else None


def _day(said: str, days: str) -> tuple[date, str]:
    if found := _YEAR_FIRST.fullmatch(said):
        return date(int(found[1]), int(found[2]), int(found[3])), found[4] or ""
    found = _YEAR_LAST.fullmatch(said)
    if not found:
        raise ValueError(said)
    first, second = int(found[1]), int(found[3])
    if found[2] == "." and not days:
        days = "dmy"  # nobody writes 11.25.2026
    if not days:
        days = "dmy" if first > 12 else "mdy" if second > 12 or first == second else ""
    if not days:
        raise refused(
            f"{shown(said).zh} 分不清月和日。", f"In {shown(said).en} day and month cannot be told apart.",
            '在导入档案里写 days = "dmy" 或 days = "mdy"。', 'Say days = "dmy" or days = "mdy" in the profile.',
        )  # fmt: skip
    number, month = (first, second) if days == "dmy" else (second, first)
    return date(int(found[4]), month, number), found[5] or ""


def _clocked(on: date, clock: str, zone: ZoneInfo) -> datetime:
    found = _CLOCK.fullmatch(clock.strip())
    if not found:
        raise ValueError(clock)
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[5]:
        if not 1 <= hour <= 12:
            raise ValueError(clock)
        hour = hour % 12 + (12 if found[5].casefold() == "pm" else 0)
    micro = int((found[4] or "0").ljust(6, "0")[:6])
    said = found[6]
    own = zone if not said else UTC if said[0] not in "+-" else _offset(said)
    return datetime(on.year, on.month, on.day, hour, minute, second, micro, tzinfo=own)


def _offset(said: str) -> timezone:
    digits = said[1:].replace(":", "").ljust(4, "0")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-span if said[0] == "-" else span)


def _no_time(cell: str) -> BadInput:
    return refused(
        f"{shown(cell).zh} 不是能读懂的时间。", f"{shown(cell).en} is not a time that can be read.",
        "写成 2026-11-11 20:15:03 这样。", "Write it as 2026-11-11 20:15:03.",
    )  # fmt: skip


_COUNTRIES = {
    "中国": "CN", "中国大陆": "CN", "china": "CN", "mainland china": "CN", "中国香港": "HK", "香港": "HK", "hong kong": "HK",
    "台湾": "TW", "中国台湾": "TW", "taiwan": "TW", "澳门": "MO", "中国澳门": "MO", "macao": "MO", "usa": "US", "美国": "US",
    "united states": "US", "united states of america": "US", "德国": "DE", "germany": "DE", "deutschland": "DE",
    "united kingdom": "GB", "uk": "GB", "英国": "GB", "france": "FR", "法国": "FR", "italy": "IT", "意大利": "IT",
    "spain": "ES", "西班牙": "ES", "japan": "JP", "日本": "JP", "south korea": "KR", "韩国": "KR", "canada": "CA",
    "加拿大": "CA", "australia": "AU", "澳大利亚": "AU", "singapore": "SG", "新加坡": "SG", "austria": "AT", "奥地利": "AT",
    "netherlands": "NL", "荷兰": "NL", "switzerland": "CH", "瑞士": "CH", "malaysia": "MY", "马来西亚": "MY",
    "russia": "RU", "俄罗斯": "RU", "new zealand": "NZ", "新西兰": "NZ", "thailand": "TH", "泰国": "TH", "vietnam": "VN",
    "越南": "VN", "belgium": "BE", "比利时": "BE", "poland": "PL", "波兰": "PL", "sweden": "SE", "瑞典": "SE",
}  # fmt: skip


def country(cell: str) -> str | None:
    """ISO 3166-1 alpha-2, or None for a word that is not known."""
    word = " ".join(cell.casefold().split())
    if len(word) == 2 and word.isascii() and word.isalpha():
        return "GB" if word == "uk" else word.upper()
    return _COUNTRIES.get(word)


_BLOCK = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def plain(cell: str) -> str:
    """The words of a cell of HTML; a light hand for descriptions, not a parser."""
    if "<" not in cell and "&" not in cell:
        return cell
    words = html.unescape(_TAG.sub("", _BLOCK.sub("\n", cell)))
    return "\n".join(line for line in (" ".join(raw.split()) for raw in words.split("\n")) if line)


_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_WORD = re.compile("[A-Za-z\u00c0-\u024f]+")
_KANA = re.compile("[\u3040-\u30ff]")


def language(words: str) -> str:
    """`zh` when there are at least as many Han characters as Latin words. Kana make it `ja`; all else is `en`."""
    sample = words[:20_000]
    han = len(_HAN.findall(sample))
    if len(_KANA.findall(sample)) * 5 > han + 5:
        return "ja"
    return "zh" if han and han >= len(_WORD.findall(sample)) else "en"
