"""支付宝账号: what follows 支付宝账号 (a phone, an address or a name of 5 or more characters), and user ids 2088….

Rule: Alipay's login is a phone or an e-mail; its user id is 2088 and 12 digits (Open Platform documents).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind

KIND: Kind = "alipay"
_ANNOUNCED = re.compile(
    r"(?:支付宝|支付寶|支付bao|zfb|ZFB|(?i:alipay))(?:的?(?:账号|帐号|账户|帐户|賬號|帳號|賬戶|号|號|收款|实名|退款|(?i: ?(?:account|id|number|user)(?![A-Za-z0-9])))|是|為|为|我的?|[ :：])*+"
    r"(?P<no>[A-Za-z0-9][A-Za-z0-9._%+-]{0,40}@[A-Za-z0-9-]{1,40}(?:\.[A-Za-z0-9-]{1,20}){1,3}|1[3-9]\d[ -]?\d{4}[ -]?\d{4}|2088\d{12})(?![0-9A-Za-z])"
)
_USER = re.compile(r"(?<![0-9A-Za-z])2088\d{12}(?![0-9A-Za-z])")
_SAID = re.compile("支付|zfb|ZFB|[Aa]lipay|ALIPAY|2088")


def find(reading: Reading) -> Iterator[Hit]:
    if not _SAID.search(reading.text):
        return
    for hit in _ANNOUNCED.finditer(reading.text):
        yield Hit(*hit.span("no"), 1.0)
    for hit in _USER.finditer(reading.text):
        yield Hit(*hit.span(), 0.9)


CASES: Cases = (
    ("退到支付宝账号13800138000", ("13800138000",)),
    ("支付宝：zhang@163.com", ("zhang@163.com",)),
    ("支付宝账户是idqrq277@126.com", ("idqrq277@126.com",)),
    ("uid 2088102146931393", ("2088102146931393",)),
    ("支付宝付了 128 元", ()),
)
