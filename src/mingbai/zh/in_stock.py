"""Whether a question is if goods can be had, in the ways that name no stock: 还拍得到吗, 没了？, is it gone, any left. Pure.

Read best with the goods as one word (这个, it). When it comes back is asked in the same breath and is a question for stock, too.
"""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"[,，。.;；!！\n]+|(?<=[?？])")
_END = r"(?:[呀啊呢嘛哦吧啦的]|$|[?？])"
_ZH = re.compile(
    rf"这个[^,，。]{{0,8}}?(?:都|已经|又|全)?(?:没|卖完|断货|断码|缺码|抢完|抢光|售完|空|下架)了?(?:吗|么|没|不|呀|啊|嘛)?[?？]|这个[^,，。]{{0,6}}?(?:卖完|断货|断码|抢完|抢光|售完)了?(?:吗|么|没|没有){_END}"
    rf"|(?:这个[^,，。]{{0,8}}?)(?:现在|今天|还|仲|眼下)*(?:能|可以)?(?:拍|买|订|抢|入手|下单|拿)(?:得)?(?:到|着|上|了)?(?:货)?(?:吗|么|不|没|不能){_END}|(?:买|拍|抢)得到(?:这个)?(?:吗|么|不|没)"
    rf"|(?:还|仲|现在|如今)?(?:剩|余)(?:下|着)?(?:多少|几)(?:个|只|件|套|把|条|盒|饼|罐)?{_END}|这个[^,，。]{{0,6}}?(?:到|来|补|返)(?:了)?货?(?:没|没有|了吗|了没)(?:有)?{_END}"
    rf"|(?:什么时候|几时|哪天|啥时候|多久)(?:才|再|能|会|可以)*(?:补|有|到|来|上)(?:上|到|回来|货)?{_END}|(?:不够|够)(?:不够|吗|么|数){_END}|(?:今天|现在|马上|立马)能发(?:吗|么|不|货)"
    r"|这个[^,，。]{0,6}?(?:还|现在|今天|目前|仓库|你们|店里|那边)*(?:还)?有(?:吗|么|嘛|没有|没|不|木有)[呀啊呢的]*[?？]?$|^(?:请问|你好|亲|想问)?[^,，。]{0,3}(?:有没有|有无|还有)(?:现货)?的?这个[呀啊呢]*(?:吗|么)?[?？]?$"
)
_EN = re.compile(
    r"\b(?:is|are|was) (?:it|they|that)(?: all)? (?:gone|around|still there|finished|discontinued|obtainable|on sale yet|ready to ship)\b|\b(?:still|can i|can we|could i|possible to) (?:still )?(?:get|buy|have|order) (?:it|one|them)(?: right| today| now| at the moment| still| in time)*\W*$"
    r"|^\W*(?:(?:you |do you |have you )?(?:still )?(?:got|have|stock|carry)|any)(?: any| more| some)?(?: of)? (?:it|them|those)(?:s)?(?: left| there| now| still| in| anywhere)*\W*$|\b(?:any|how many)(?: of)? (?:it|them)s?(?: are| is)? (?:left|there|remaining)\b"
    r"|\bwhen (?:is|are|will|do|does|can) (?:it|they|you|i|we)(?: be| get| have| buy| order)*(?: it| them| more)?(?: back| again| available| in)\b|\bdid it (?:sell|run) out\b|\b(?:sold|ran|run|all) out\W*$|\bit (?:is |has )?gone\W*$|\brun out of (?:it|them)\b"
)
_EN_ELSE = re.compile(r"\b(?:refund|money|return|parcel|order|coupon|code|discount|engrav\w+|invoice|card)\b")
_ZH_ELSE = re.compile(
    r"券|发票|订单|快递|包裹|退|换|运费|刻|优惠|保修|质保|说明书|证书|报告|包装|礼盒装|会员|我的|我买的|我那"
)


def asked(text: str) -> bool:
    """The text is simplified, narrow and in small letters."""
    return any(
        (_ZH.search(clause) and not _ZH_ELSE.search(clause))
        or (_EN.search(clause) and not _EN_ELSE.search(clause))
        for clause in (c.strip() for c in _CLAUSE.split(text))
        if clause
    )
