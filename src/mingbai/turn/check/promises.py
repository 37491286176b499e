"""No promise that the shop does not make, no superlative that advertising law forbids, no blame taken or threat made.

Superlatives: Advertising Law of the PRC, art. 9 (3). Words that stand in the facts themselves are the shop's own.
"""

from __future__ import annotations

import re

from mingbai.turn.basis import Basis

ZH = re.compile(
    r"一定(?!要|会员)|绝对|肯定|必定|百分之?百|100%|保证(?!书)|包您|包你|放心买|最好|最佳|最便宜|最低价|第一品牌|全网|国家级|顶级|极品|"
    r"马上(?:到|退|发)|立即到账|立刻到账|秒到|全额退|免费送|赔您|赔偿您|赔付您|补偿您|假一赔|双倍|十倍|承担一切|永久|终身|无条件|随时都?可以退|"
    r"我们的错|店铺的责任"
)
EN = re.compile(
    r"(?i)\bguarantee[ds]?\b|\bdefinitely\b|\babsolutely\b|\bpromise[ds]?\b|\b100 ?%|\balways\b|\bnever fails?\b|\bthe best\b|\bcheapest\b|"
    r"\blowest price\b|\bfull refund\b|\bimmediate(?:ly)? refund|\bcompensat\w+|\blifetime\b|\bunconditional\w*|\bat any time\b|\bour fault\b|\bfree of charge\b|\bfree gift\b"
)


def promises(sentence: str, basis: Basis) -> str:
    for match in (EN if basis.english else ZH).finditer(sentence):
        if match[0].casefold() not in basis.text.casefold():
            return match[0]
    return ""
