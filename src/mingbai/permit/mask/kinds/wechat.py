"""微信号: 6 to 20 characters from a letter on, after a word such as 微信, 加v, 薇❤; and wxid_… anywhere.

Rule: Tencent's rule for WeChat IDs (letter first, letters, digits, _ and -). A phone said to be one stays a phone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingbai.permit.mask.reading import Reading
from mingbai.permit.mask.span import Cases, Hit, Kind

KIND: Kind = "wechat"
_CUE = (
    r"微信|[wW]ei ?信|微x|微X|薇信|威信|徽信|維信|维信|卫星|微ィ訁|微(?=[ :号]|[❤♥💗💕💓🧡💚])|(?<![A-Za-z])(?i:wechat|weixin|vx|wx|v信|vx号|v x)(?![A-Za-z_])|➕ ?[vV薇微]|加 ?[vV薇微威卫](?:[xX信])?|\+ ?[vV薇微](?:[xX信])?"
    r"|[薇威](?=[❤♥💗💕💓🧡💚:号 ])|(?<![A-Za-z])[vV][❤♥💗💕💓🧡💚]|(?<![A-Za-z])[vV](?=[:信号])"
)
_ANNOUNCED = re.compile(
    rf"(?:{_CUE})(?P<between>[^\n0-9A-Za-z]{{0,10}}(?:(?i:id|is|my|no|account|number|号)[^\n0-9A-Za-z]{{1,4}}){{0,3}})"
    r"(?P<no>[A-Za-z](?:[A-Za-z0-9_-]|(?<=[A-Za-z0-9_-])[ ](?=\d)){5,19}|[1-9]\d{5,10})(?![A-Za-z0-9_@-])"
)
_BARE = re.compile(r"(?<![A-Za-z0-9])wxid_[a-z0-9]{6,22}(?![A-Za-z0-9])")
_WORDS = re.compile(
    r"(?i:wechat|weixin|official|account|please|contact|number|payment|support|customer|service|iphone|android|[a-z]+pay)$"
)
_SENTENCE_ENDS = re.compile(r"[。！？!?;]")
_MONEY = re.compile(r"[支付付款转账红包]{2}|零钱|转了|付了|支付")
_NAMED_AFTER = re.compile(
    r"(?<![A-Za-z0-9_@.-])(?P<no>[A-Za-z][A-Za-z0-9_-]{5,19}) ?\( ?(?:微信|(?i:vx|wx|wechat)) ?\)"
)
SAID = "微薇威徽維维卫vVwW"
_SAID = re.compile("[微薇威徽維维卫vV]|[wW][eExXiI]")


def find(reading: Reading) -> Iterator[Hit]:
    text = reading.text
    if not _SAID.search(text):
        return
    for hit in _ANNOUNCED.finditer(text):
        said = hit["no"]
        if not hit["between"] and text[hit.start("no") - 1] in "xX":  # 加vxabc: the x may be either's
            yield Hit(hit.start("no") - 1, hit.end("no"), 0.94)
            continue
        if _SENTENCE_ENDS.search(hit["between"]) or _MONEY.search(hit["between"]):
            continue
        if said.isdigit():
            if len(said) < 12 and re.search(r"[号是:]|^[❤♥💗💕💓🧡💚]?$", hit["between"].strip() or ""):
                yield Hit(*hit.span("no"), 0.9)
        elif not _WORDS.match(said) and (
            re.search(r"[0-9_-]", said) or re.search("[号是:❤♥]", hit["between"])
        ):
            yield Hit(*hit.span("no"), 0.94)
        elif not _WORDS.match(said):
            yield Hit(*hit.span("no"), 0.8)
    for hit in _NAMED_AFTER.finditer(text):
        yield Hit(*hit.span("no"), 0.9)
    for hit in _BARE.finditer(text):
        yield Hit(*hit.span(), 0.99)


CASES: Cases = (
    ("加微信zhang_san99", ("zhang_san99",)),
    ("加薇❤abc12345", ("abc12345",)),
    ("微信号是：lisi-2020，备注一下", ("lisi-2020",)),
    ("vx: hello_world1", ("hello_world1",)),
    ("wxid_a1b2c3d4e5f6", ("wxid_a1b2c3d4e5f6",)),
    ("abc12345（微信）", ("abc12345",)),
    ("微信支付 100 元", ()),
    ("微信公众号", ()),
)
