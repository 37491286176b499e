"""The rules of returning goods with their sources, and their clocks as dates. Pure.

Each right has its own clock: 7 days without a reason (do not want it), 7 and 15 days of 三包 (does not work), 14 days of
withdrawal in the EU, and the shop's own warranty. The texts were read in secondary copies; the product says
"supports", never "compliant".
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from mingbai.values.turn import Rule
from mingbai.zh import calendar

NO_REASON_DAYS, QUALITY_DAYS, EXCHANGE_DAYS, WITHDRAWAL_DAYS = 7, 7, 15, 14

ART_25 = Rule(
    "cn.cpl.25",
    "网购商品自收到之日起七日内可以退货，不用说明理由；定作的、鲜活易腐的、拆封的数字化商品、交付的报刊除外；商品应当完好，退货运费由消费者承担，另有约定的按约定。",
    "Goods bought online may be returned within seven days of receipt without a reason, except made-to-order, perishable, unsealed digital goods and delivered papers; they must be intact, and the buyer pays the way back unless agreed otherwise.",
    "《中华人民共和国消费者权益保护法》第二十五条",
)
COUNTING = Rule(
    "cn.no_reason.counting",
    "七日期间自消费者签收商品的次日开始起算。",
    "The seven days are counted from the day after the goods were signed for.",
    "《网络购买商品七日无理由退货暂行办法》",
)
ART_24 = Rule(
    "cn.cpl.24",
    "商品不符合质量要求的，没有国家规定和当事人约定时，自收到之日起七日内可以退货；七日后符合法定解除合同条件的可以及时退货，不符合的可以要求更换、修理。必要的运输费用由经营者承担。",
    "Defective goods may be returned within seven days of receipt; later if the law's conditions for ending the contract are met, otherwise exchanged or repaired. The seller pays the transport.",
    "《中华人民共和国消费者权益保护法》第二十四条",
)
SANBAO = Rule(
    "cn.sanbao",
    "三包商品自售出（有交货凭证的从交货）之日起：7 日内性能故障可以退货、换货或修理；15 日内可以换货或修理；三包有效期内免费修理。",
    "Listed goods that fail: within 7 days return, exchange or repair; within 15 days exchange or repair; repair free of charge within the period.",
    "《部分商品修理更换退货责任规定》",
)
EU_WITHDRAWAL = Rule(
    "eu.2011_83.9",
    "欧盟消费者自收到货物之日起 14 天内可以撤回合同，不用说明理由；分几个包裹的从最后一个算起；定作的、以及拆封后因健康卫生不宜退回的除外；寄回运费由消费者承担。",
    "EU consumers may withdraw within 14 days of receiving the goods (the last parcel), without a reason; not from goods made to order, nor sealed goods unsuitable for return once opened; they bear the cost of sending back.",
    "Directive 2011/83/EU, arts. 9, 14, 16; Regulation (EEC) 1182/71, art. 3",
)
REFUND_7 = Rule(
    "cn.cpl.25.refund",
    "经营者应当自收到退回商品之日起七日内返还价款。",
    "The seller returns the price within seven days of receiving the goods back.",
    "《中华人民共和国消费者权益保护法》第二十五条",
)

QUALITY = re.compile(
    r"质量|(?:有|出)(?:了|点|些|个)*问题(?![吗么嘛问请想要咨])|坏(?!处)|破(?!例)|碎(?!花|屑茶)|裂|豁|故障|毛病|[不没]加热|不工作|没反应|失灵|不通电|不亮|不转|[烧煮]不[热开]|不制热|不热了|开不了机|不保温|(?<![写填说])漏(?:水|气|了|得)|渗水|[一几两三]瓣|断(?:了|成|裂|开)"
    r"|瑕疵|缺(?:口|角|了|一)|磕|瘪|凹|掉漆|掉色|褪色|划痕|刮花|变形|发霉|霉味|异味|(?<!撕)烂(?:了|掉|成|咗)|散架|脱线|假货|货不对|[发寄]错|[发寄]成(?!一)|少发|少件|漏发"
    r"|(?i:defect|fault|broke|damag|(?:does|do)(?:n't| not) (?:work|heat|turn|hold|close|light)|won't (?:turn|heat|start|switch|work|light|close)|not working|stopped? (?:working|heating)|\bdead\b|\bdied\b"
    r"|leak|crack|chip(?!s\b)|scratch|shatter|smash|crush|dent(?:ed|s)?\b|\btorn\b|in pieces|wrong (?:item|one|colour|color|article|size sent)|(?:something|anything) wrong with|has a problem|mou?ld)"
)
# Broken by who has it: no fault of the goods.
_BY_THEM = re.compile(
    r"自己(?:不小心)?[^，。]{0,6}(?:磕|摔|碰|弄|打|烧|洗)|我(?:不小心|手滑|失手)|(?:不赖|不怪|不是)你们|被?(?:孩子|小孩|猫|狗|娃)[^，。]{0,6}(?:摔|碰|打|咬)"
    r"|(?i:\bi (?:accidentally )?(?:dropped|broke|knocked|burned|burnt)\b|\bmy (?:own )?(?:fault|mistake)\b|\bnot your fault\b|\bmy (?:cat|dog|kid|son|daughter|child)\b)"
)
# Of what might be: 会碎吗, will it break.
_MIGHT = re.compile(
    r"会不会|会[^，。]{0,6}吗|如果|要是|万一|怕|担心|以后|(?i:\b(?:if|will it|would|might|worried|afraid|in case)\b)"
)


def is_fault(text: str) -> bool:
    """Whether it speaks of a fault of what was bought, or of wrong goods; what only might be counts as well."""
    return bool(QUALITY.search(text)) and not _BY_THEM.search(text)


def is_faulty(text: str, before: str = "") -> bool:
    """Whether a fault is spoken of in a message, or was before it, of what it is about."""
    return bool(before) or is_fault(text)


def has_fault(text: str) -> bool:
    """Whether it says that there is one: what holds for the messages after it, too."""
    return is_fault(text) and not _MIGHT.search(text)


def last_day(received: date, days: int) -> date:
    """The last day of a clock that starts on the day after receipt: received on the 3rd, seven days: the 10th."""
    return received + timedelta(days=days)


def withdrawal_last_day(received: date, country: str) -> date:
    """14 days; one that would end on a weekend or holiday ends on the next working day (Regulation 1182/71, art. 3)."""
    end = last_day(received, WITHDRAWAL_DAYS)
    while end.weekday() >= 5 or (country == "DE" and calendar.holiday(end, "DE")):
        end += timedelta(days=1)
    return end
