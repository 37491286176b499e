"""Which side of a matter a message asks about: until when, who pays, how much, where to, how, why. Pure.

An intent says what a message is about; these say what of it must be in the answer.
"""

from __future__ import annotations

import re

POSTAGE = re.compile(
    r"[运運邮郵]费|[运運邮郵]費|快[递遞][费費]|(?:谁|誰|哪个|你们|你們|我)(?:来|來)?(?:出|付|承[担擔])|算(?:谁|誰|你们|我)的|包(?:来回|邮|郵)|到付|要(?:我)?(?:出|付)钱"
    r"|(?i:\bpostage\b|\bshipping (?:fee|cost|charge)|\bwho(?:'s| is| will| has to)? ?(?:pay|bear|cover)|\breturn (?:label|shipping)|\bpay(?:ing)? (?:for )?(?:the )?(?:shipping|return|postage)|\bfree return)"
)
WHEN = re.compile(
    r"什么时候|什麼時候|啥时候|几时|幾時|何时|何時|多久|多长时间|几天|幾天|最晚|最迟|哪天|几号|期限|来得及|來得及|到账|到帳|到哪一步|(?i:\bwhen\b|\bhow (?:long|soon|quick(?:ly)?|fast)\b|\bdeadline\b|\buntil\b|\bby (?:what|which) date\b|\b(?:what|which) (?:day|date)\b|\bstill in time\b|\bhow far (?:along|on|has|is)\b|\b(?:what|which) (?:stage|step)\b|\b(?:reach|arriv)\w* (?:in |on |at )?(?:my|our) (?:account|card|bank)|\brefund\b.{0,40}\barrived?\b)"
)
AMOUNT = re.compile(
    r"多少|几块|幾塊|金[额額]|全[额額]|(?i:\bhow much\b|\bamount\b|\bin full\b|\bfull refund\b)"
)
FROM_WHICH = re.compile(
    r"从哪(?:天|个|一|里|时)|哪个包裹|怎么算起|(?i:\b(?:start|begin|run|count)s?\b.{0,16}\b(?:first|last)\b|\bfrom (?:which|when)\b|\bwhich (?:box|parcel)\b|\bcount(?:ed)? from\b)"
)
WHERE_TO = re.compile(
    r"退[货貨]地址|寄回来?的?[^，。]{0,6}(?:发|寄)(?:到|去)?哪|寄(?:回)?(?:到|去|给|往)?(?:哪|哪里|哪儿|哪裡|什么地方)|退到哪(?!个账|张卡|里去了)|寄回(?:中国|国内|杭州|德国)|(?:收件|寄回|回寄|售后)[的]?地址|地址(?:发|给)(?:我|一下)"
    r"|(?i:\bwhere\b.{0,16}\b(?:do|does|should|must) (?:the )?returns? go\b|\breturn address|\bwhere (?:in [a-z ]{2,20} )?(?:do|should|can|shall|must|would|will) i (?:send|ship|return|mail|post)|\bsend (?:it|them|this) (?:back )?(?:to )?where|\b(?:go|ship\w*|send\w*|posted?)\b.{0,20}\bto (?:china|hangzhou|germany|frankfurt)\b|\baddress (?:do i|to|i) (?:send|return|ship))"
)
HOW = re.compile(
    r"怎么(?!还|這|这|没|還|才|只|回事)|怎麼(?!還|這|才|只|回事)|咋(?!还)|如何|流程|步骤|步驟|要我做什么|需要什么|要什么|(?i:\bhow (?:do|can|should|would) i\b|\bhow to\b|\bwhat (?:do|must|should) i (?:need to )?(?:do|send)\b|\bsteps?\b|\bprocess\b)"
)
WHY = re.compile(
    r"为什么|為什麼|为啥|為啥|凭什么|憑什麼|怎么(?:才|只|会)|咋(?:才|只)|原因|(?i:\bwhy\b|\breason\b|\bhow come\b)"
)
LESS = re.compile(
    r"(?:[只才就]|只有)(?:给我?|給我?)?退|少(?:给我?)?退|少掉|少了|被谁吃|没(?:有)?退(?:全|够|完)|退(?:少|得少)|扣(?!子)|不是(?:全|全额)退|差(?:了)?[\d一二三四五六七八九十两几]+\s*[块元]|对不上"
    r"|(?i:\bonly (?:got|received|refunded|\W?\d)|\bnot (?:the )?full|\bless than\b|\bdeduct|\bshort(?:ed)? by\b|\bmissing \W?\d|\bthe rest\b|\bpartial(?:ly)? refund)"
)
REFUSED = re.compile(
    r"被?[拒驳駁](?:[绝絕回])?了?(?!收)|被退[件回]|退件|(?:没|沒|没有|不)(?:给我?)?(?:通过|通過|同意|批)|审核不过|打(?:枪|回)|(?i:\breject|\bdeclin|\bdenied\b|\bturned down\b|\bnot approved\b)"
)
REFUSING = re.compile(
    r"拒收|不收(?!货前)|拒[签簽]|(?:派件|快递|送来)[^，。]{0,6}不[接签]|(?i:\brefus(?:e|ing|al)\b(?! to)|\bnot accept(?:ing)? (?:the )?(?:parcel|delivery|package))"
)
DEPOSIT = re.compile(r"定金|[订訂]金|尾款|预付|(?i:\bdeposit\b|\bbalance\b)")
WHOLE = re.compile(
    r"整单|全部|全退|都退|一起退|所有|都不要|(?i:whole order|everything|all of (?:it|them)|entire order)"
)
# Another order than the one that was spoken of; and how customers say where an order stands.
OTHER_ORDER = re.compile(
    r"另(?:外)?(?:一|那)?(?:个|单|笔|张)|别的(?:订单|那单)|不是(?:这|那)(?:个|单|张|笔|一单)|(?i:\b(?:the |my )?other (?:one|order)\b|\bnot (?:this|that) (?:one|order)\b)"
)
UNPAID = re.compile(
    r"没付[钱款]|未付款|没给钱|待付款|没付的|还没付|(?i:\bunpaid\b|\bnot paid\b|\bhaven't paid\b)"
)
