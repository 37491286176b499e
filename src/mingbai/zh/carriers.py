"""The shapes of tracking numbers, carrier by carrier, as one table that can be read and corrected.

Sources: merchant.md §3.4's survey, tracking_number_data (MIT) for FedEx, UPS, USPS, DHL, YunExpress, UPU S10 and USPS Publication 199.
Chinese carriers publish no rules; `sure` says how much a shape alone proves: .95 a prefix of its own, .6 a usual
length and beginning, .3 just a length that others share.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mingbai.values.errors import Text
from mingbai.zh import checks

Check = Literal["fits", "does not fit", "none"]


@dataclass(frozen=True, slots=True)
class Carrier:
    """`said`: how customers and files call it, longest first, in small letters."""

    carrier: str
    name: Text
    said: tuple[str, ...]
    asks_phone_tail: bool = False  # its own site wants the last four digits of the phone


@dataclass(frozen=True, slots=True)
class Shape:
    carrier: str
    shortest: int
    longest: int
    pattern: re.Pattern[str]
    sure: float
    reason: Text
    check: Callable[[str], bool] | None = None


CARRIERS: dict[str, Carrier] = {
    it.carrier: it
    for it in (
        Carrier("sf", Text("顺丰速运", "SF Express"), ("顺丰速运", "顺丰快递", "順豐速運", "sf express", "s.f. express", "顺丰", "順豐", "sf"), True),
        Carrier("jd", Text("京东快递", "JD Logistics"), ("京东物流", "京东快递", "京東物流", "京東", "京东", "jd logistics", "jdl", "jd")),
        Carrier("yto", Text("圆通速递", "YTO Express"), ("圆通速递", "圆通快递", "圓通速遞", "圆通", "圓通", "yto")),
        Carrier("yunexpress", Text("云途物流", "YunExpress"), ("云途物流", "雲途", "云途", "yunexpress", "yun express", "yuntrack")),
        Carrier("zto", Text("中通快递", "ZTO Express"), ("中通快递", "中通速递", "中通", "zto")),
        Carrier("sto", Text("申通快递", "STO Express"), ("申通快递", "申通", "sto express", "sto")),
        Carrier("yunda", Text("韵达速递", "Yunda Express"), ("韵达快递", "韵达速递", "韻達", "韵达", "yunda")),
        Carrier("jt", Text("极兔速递", "J&T Express"), ("极兔速递", "极兔快递", "極兔", "极兔", "j&t", "jtexpress", "j and t")),
        Carrier("ems", Text("邮政 EMS", "China Post EMS"), ("中国邮政", "中國郵政", "邮政快递", "邮政包裹", "邮政小包", "ems", "邮政", "郵政", "e邮宝", "china post")),
        Carrier("cainiao", Text("菜鸟", "Cainiao"), ("菜鸟裹裹", "菜鸟速递", "丹鸟", "菜鳥", "菜鸟", "cainiao")),
        Carrier("deppon", Text("德邦快递", "Deppon"), ("德邦快递", "德邦物流", "德邦", "deppon", "dpk")),
        Carrier("best", Text("百世快递", "Best Express"), ("百世快递", "百世汇通", "汇通", "百世", "best express")),
        Carrier("kye", Text("跨越速运", "KYE"), ("跨越速运", "跨越", "kye")),
        Carrier("4px", Text("递四方", "4PX"), ("递四方", "4px")),
        Carrier("yanwen", Text("燕文物流", "Yanwen"), ("燕文物流", "燕文", "yanwen")),
        Carrier("post", Text("国际邮件", "international post"), ("挂号信", "国际小包", "registered mail", "airmail")),
        Carrier("ups", Text("UPS", "UPS"), ("ups", "联合包裹")),
        Carrier("fedex", Text("联邦快递", "FedEx"), ("联邦快递", "聯邦快遞", "fedex", "fed ex")),
        Carrier("dhl", Text("DHL", "DHL"), ("dhl express", "敦豪", "dhl", "deutsche post")),
        Carrier("usps", Text("美国邮政", "USPS"), ("美国邮政", "usps")),
        Carrier("amazon", Text("亚马逊物流", "Amazon Logistics"), ("亚马逊物流", "amazon logistics")),
    )
}  # fmt: skip

_FEDEX_12 = (3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1)


def _prefix(zh: str) -> Text:
    return Text(f"以 {zh} 开头，是它家专用的样式", f"begins with {zh}, a shape of its own")


def _length(zh: str, en: str) -> Text:
    return Text(f"{zh}，与它家常见单号相符，但别家也可能", f"{en} are usual there, but elsewhere too")


def _sf_fits(number: str) -> bool:
    digits = number.removeprefix("SF")
    return checks.sf(digits[:-1]) == digits[-1]


def _s10_fits(number: str) -> bool:
    return checks.s10(number[2:10]) == number[10]


def _usps_fits(number: str) -> bool:
    serial = number[8:] if number.startswith("420") and len(number) >= 28 else number
    readings = (
        [serial] if serial.startswith("9") else [serial, "91" + serial]
    )  # the old 20 digits leave out a 91
    return any(checks.mod10(it[:-1], 3, 1) == it[-1] for it in readings)


def _shape(
    carrier: str,
    size: int | tuple[int, int],
    pattern: str,
    sure: float,
    reason: Text,
    check: Callable[[str], bool] | None = None,
) -> Shape:
    shortest, longest = (size, size) if isinstance(size, int) else size
    return Shape(carrier, shortest, longest, re.compile(pattern), sure, reason, check)


SHAPES: tuple[Shape, ...] = (
    _shape("sf", 15, r"SF\d{13}", 0.95, _prefix("SF"), _sf_fits),
    _shape("sf", 12, r"\d{12}", 0.35, _length("12 位", "12 digits"), _sf_fits),
    _shape("jd", (13, 29), r"JD[A-Z0-9]{2}\d{9,13}(?:-\d{1,3}){0,3}", 0.95, _prefix("JD")),
    _shape("jd", (13, 27), r"JD\d{11,13}(?:-\d{1,3}){0,3}", 0.95, _prefix("JD")),
    _shape("jd", (13, 29), r"(?:JDL|JDV|JDK|JDX|JDAZ)\d{10,13}(?:-\d{1,3}){0,3}", 0.95, _prefix("JD")),
    _shape("yunexpress", 18, r"YT\d{16}", 0.95, Text("YT 后 16 位是云途；圆通是 13 至 15 位", "YT and 16 digits is YunExpress; YTO has 13 to 15")),
    _shape("yto", (15, 17), r"YT\d{13,15}", 0.95, Text("YT 后 13 至 15 位是圆通；云途是 16 位", "YT and 13 to 15 digits is YTO; YunExpress has 16")),
    _shape("yto", (11, 15), r"[YGDV]\d{10,14}", 0.6, _prefix("Y / G / D / V")),
    _shape("yto", 18, r"[68]\d{17}", 0.5, _length("18 位", "18 digits")),
    _shape("yto", 10, r"[1-9]\d{9}", 0.15, _length("10 位", "10 digits")),
    _shape("zto", (12, 16), r"(?:ZTO|ZT)\d{10,13}", 0.95, _prefix("ZT")),
    _shape("zto", 14, r"7[3-9]\d{12}", 0.6, _length("14 位、73 至 79 开头", "14 digits from 73 to 79")),
    _shape("zto", (12, 13), r"(?:75|78)\d{10,11}", 0.55, _length("75、78 开头", "numbers from 75 or 78")),
    _shape("zto", 12, r"\d{12}", 0.2, _length("12 位", "12 digits")),
    _shape("sto", 15, r"(?:77|88|66|55|33)\d{13}", 0.6, _length("15 位、重复两位开头", "15 digits that begin with a doubled one")),
    _shape("sto", (14, 16), r"(?:STO|ST)\d{12,13}", 0.9, _prefix("ST")),
    _shape("sto", (11, 13), r"(?:[2-9]68|268|368|468|568|668|868|968|888|58|77)\d{9,10}", 0.35, _length("12 或 13 位", "12 or 13 digits")),
    _shape("sto", 15, r"\d{15}", 0.3, _length("15 位", "15 digits")),
    _shape("yunda", (14, 15), r"YD\d{12,13}", 0.95, _prefix("YD")),
    _shape("yunda", 13, r"(?:31|43|46|12|10|19|32|33|39|80|77)\d{11}", 0.5, _length("13 位", "13 digits")),
    _shape("yunda", 13, r"\d{13}", 0.3, _length("13 位", "13 digits")),
    _shape("yunda", 15, r"(?:31|43|46)\d{13}", 0.5, _length("15 位", "15 digits")),
    _shape("yunda", 15, r"\d{15}", 0.2, _length("15 位", "15 digits")),
    _shape("jt", (13, 15), r"JT\d{11,13}", 0.95, _prefix("JT")),
    _shape("jt", 15, r"\d{15}", 0.1, _length("15 位", "15 digits")),
    _shape("ems", 13, r"[A-Z]{2}\d{9}CN", 0.9, Text("万国邮联 S10 格式，CN 结尾", "UPU S10 shape that ends in CN"), _s10_fits),
    _shape("post", 13, r"[A-Z]{2}\d{9}(?!CN)[A-Z]{2}", 0.85, Text("万国邮联 S10 格式", "UPU S10 shape"), _s10_fits),
    _shape("ems", 13, r"(?:10|11|12|13|95|96|97|98|99|50|51)\d{11}", 0.5, _length("13 位", "13 digits")),
    _shape("cainiao", (16, 20), r"LP\d{14,18}", 0.95, _prefix("LP")),
    _shape("cainiao", (13, 20), r"CN(?:G|JY)?\d{11,14}(?:HD)?", 0.9, _prefix("CN")),
    _shape("cainiao", (13, 17), r"(?:9|620|621)\d{12,14}", 0.25, _length("15 位", "15 digits")),
    _shape("cainiao", (12, 22), r"AE[A-Z]{0,3}\d{10,14}[A-Z0-9]{0,3}", 0.7, _prefix("AE")),
    _shape("deppon", (14, 16), r"(?:DPK|DPL)\d{11,13}", 0.95, _prefix("DPK")),
    _shape("best", (13, 15), r"A\d{12}|B\d{13}|BT\d{13}", 0.5, _prefix("A / B")),
    _shape("kye", (14, 16), r"(?:KYE?)\d{12,13}", 0.95, _prefix("KY")),
    _shape("4px", 18, r"4PX\d{13}CN", 0.95, _prefix("4PX")),
    _shape("yanwen", (12, 18), r"(?:[A-Z]{2}\d{9}YP|BYS\d{9,13}[A-Z]{0,2})", 0.9, Text("燕文专用的样式", "a shape of Yanwen's")),
    _shape("ups", 18, r"1Z[A-Z0-9]{15}\d", 0.95, _prefix("1Z"), lambda number: checks.ups(number[2:17]) == number[17]),
    _shape("fedex", 12, r"\d{12}", 0.15, _length("12 位", "12 digits"), lambda number: checks.weighted_11_10(number[:11], _FEDEX_12) == number[11]),
    _shape("fedex", 15, r"\d{15}", 0.1, _length("15 位", "15 digits"), lambda number: checks.mod10(number[:14], 3, 1) == number[14]),
    _shape("fedex", 22, r"96\d{20}", 0.9, _prefix("96"), lambda number: checks.mod10(number[7:21], 3, 1) == number[21]),
    _shape("fedex", 20, r"61\d{18}", 0.6, _prefix("61"), lambda number: checks.mod10("92" + number[:19], 3, 1) == number[19]),
    _shape("usps", (22, 34), r"9[1-5]\d{20}|9[1-5]\d{24}|420\d{5}(?:\d{4})?9[1-5]\d{20}", 0.92, _prefix("91–95"), _usps_fits),
    _shape("usps", 20, r"(?:7[0137]|03|81)\d{18}", 0.6, _length("20 位", "20 digits"), _usps_fits),
    _shape("dhl", 10, r"\d{10}", 0.25, _length("10 位", "10 digits"), lambda number: checks.mod7(number[:9]) == number[9]),
    _shape("dhl", (12, 24), r"JJD\d{10,21}|J[VA][A-Z]{1,2}\d{9,16}", 0.95, _prefix("JJD")),
    _shape("dhl", 20, r"00340\d{15}", 0.95, Text("德国 DHL Paket 的 SSCC", "an SSCC of DHL Paket"), lambda number: checks.mod10(number[:19], 3, 1) == number[19]),
    _shape("dhl", (18, 22), r"GM\d{16,20}", 0.9, _prefix("GM")),
    _shape("amazon", 15, r"TB[ACM]\d{12}", 0.95, _prefix("TBA")),
)  # fmt: skip

# By length: a long text of numbers is weighed in a few microseconds each.
BY_LENGTH: dict[int, tuple[Shape, ...]] = {
    length: tuple(it for it in SHAPES if it.shortest <= length <= it.longest) for length in range(10, 46)
}
