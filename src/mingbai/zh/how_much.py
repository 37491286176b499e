"""Whether a question is for what goods cost, in the ways that name no money: 入手要多少, 报个价, what would it set me back. Pure.

What else is reckoned by a 多少 (postage, a refund, a weight) stands beside it by name and is none of goods' price.
"""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"[,，。.;；!！?？\n]+")
_END = r"(?=$|[呀啊呢嘛哦噢哈咧哩吧吗才能可 ])"
# What may stand between a thing and its 多少: an option, a moment; no noun of its own (精度多少).
_BESIDE = r"[\da-z .]|毫升|升|[的款色装版套盒罐饼包条只个件把双大中小一两三四五六七八九十黑白红蓝绿灰粉青]|现在|今天|眼下|目前|如今|都|各"
_ZH = re.compile(
    rf"(?:花|掏|砍到|入手|拿下|收|标价?|报价?|卖|售|买下来?|到手|带走|搬回家|请回家|得|要价|定价|开价)(?:要|得|是|了)?多少{_END}"
    rf"|(?:这个|它)(?:{_BESIDE})*(?:是|要|得|卖|值|售|收|一[只个支把套件盒罐条饼])?多少{_END}"
    rf"|(?:^买|想买|要买|入手)[^多]{{0,6}}这个[^多]{{0,4}}(?:得|要)多少{_END}"
    r"|(?<![保差退降涨讲砍议压评溢加折特])价(?:位|钱|格)?(?:呢|啊|呀|几何|怎么样|咋样)?$|(?<![保差退])价格?(?:发|给|说|告诉|报)(?:给)?(?:我|俺|下|一下|个)"
    r"|报个?价|(?:发|给|告诉|说)(?:给)?我?(?:一?下|个)?(?:这个)?的?价(?:格|钱|位)?$|贵不贵|[很太]?贵吗|多少(?:银|票)子|要不要很多钱|(?:这个|它)(?:什么|啥)价"
)
_ZH_ELSE = re.compile(
    r"运费|邮费|快递|包邮|税|退|赔|补|差|券|减|免|定金|尾款|订金|容量|重量|尺寸|直径|口径|[高长宽深厚]度|[高长宽深厚重码号折克][^，。]{0,3}多少|尾号|单号|电话|温度|水温|功率|电压|时间|积分|库存|剩|装了?多少|泡多少|打.?折|折扣|热量|卡路里|含|比例|浓度|维修|换|满|参数|产量|销量|评分|得分|分数|保价|价保|保[^，。]{0,5}价|我买|我付|[花付]了|当时"
)
_EN = re.compile(
    r"\bset (?:me|you|us|one|somebody) back\b|\b(?:going|selling|sold|retail(?:ing)?|listed|go|sell) (?:for|at)\b(?=\W*(?:now|these days|today|right now|at the moment|currently)?\W*$)"
    r"|\bwhat (?:does|do|would|will|did) (?:it|they|one|that|this)(?: all)?(?: now| currently| actually)? (?:cost|run|come to|sell for|go for)\b"
    r"|\bwhat (?:do|would|does|are) (?:you|they|u)(?: guys)? (?:charg\w+|want|ask\w*|take) for\b|\bhow (?:pricey|expensive|dear|cheap) (?:is|are)\b|\bfor how much\b"
    r"|^\W*(?:it|this)\W+(?:how much|price|cost)\b|\b(?:how much|price|cost)\W*$|\b(?:price|cost) (?:of|for|on) (?:it|this|that)\b|\b(?:price tag|asking price)\b"
)
_EN_ELSE = re.compile(
    r"\b(?:ship(?:ping)?|postage|deliver(?:y)?|refund\w*|customs|duty|tax|return\w*|repair|coupon|code|discount|deposit|weigh\w*|hold|water|tea|leaf|caffeine|protect\w*|match\w*|drop\w*)\b"
)


def asked(text: str) -> bool:
    """The text is simplified, narrow and in small letters; better with its goods as one word (这个, it)."""
    return any(
        (_ZH.search(clause) and not _ZH_ELSE.search(clause))
        or (_EN.search(clause) and not _EN_ELSE.search(clause))
        for clause in map(str.strip, _CLAUSE.split(text))
    )
