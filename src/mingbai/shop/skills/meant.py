"""What a question is about by the rows behind it, where its words alone would be answered past them.

Words about a parcel (到哪了, 放哪了, where is …) of somebody who names an order, looks at one or has some are about that
parcel; what seems to be missing may only not have been sent yet. Nothing here says what the answer is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mingbai.shop.skills import (
    browse,
    coming,
    compare,
    defects,
    delivery,
    goods,
    ontology,
    orders,
    person,
    product,
    proof,
    rights,
    sentences,
    several,
    size,
    spares,
    stock,
)
from mingbai.shop.skills.delivery import ASKS_FEE
from mingbai.shop.skills.goods import ItemArguments
from mingbai.shop.skills.scene import Row, Scene
from mingbai.values.records import Order, OrderState, Return
from mingbai.values.turn import Evidence, Intent, Slots
from mingbai.zh import how_much, in_stock
from mingbai.zh.width import normalise

# Of a parcel whatever else is said.
_PARCEL = re.compile(
    r"(?:几|幾)[号號](?:能)?到(?!期)|哪天(?:能)?到(?!期)|拿(?:得)?到手|到哪|到了[没沒冇]|到[\u3400-\u9fff]{1,6}[没沒]|送到[没沒冇]|(?<![差别异同好贵区])在哪|哪[里裡儿兒]了|放(?:在|到)?(?:了)?哪|(?:派|配)送(?!费|費|范围|範圍)|派件|快[递遞][单單][号號]|[运運][单單][号號]|物流|[没沒]動?动?[静靜]"
    r"|[没沒]有(?:动静|動靜)|[没沒]消息|[签簽]收[没沒了吗嗎]|[显顯]示[签簽]收|清[关關]|海[关關]|[发發](?:了|货了?|貨了?|出了?)(?:[没沒]|吗|嗎)|[还還][没沒](?:有)?(?:[发發送到])|[发發]到(?:哪|那|[^，。]{0,6}[城市])|我的?(?:快[递遞]|包[裹]|件)|(?:到|送)[^，。]{0,6}我的?(?:快[递遞]|包裹)|[驿驛]站|快[递遞][柜櫃]"
    r"|(?i:\bwhere(?:'?s| is| are)\b(?!.{0,40}\b(?:made|from|produced|located|based)\b)|\b(?:be with|coming to|come to|reach|get to) (?:me|us)\b|\broughly which (?:date|day)\b|\b(?:take|need) to send off\b|\btracking (?:number|no|code|id)|\bin customs\b|\bout for delivery\b"
    r"|\bmy\b.{0,40}\b(?:arriv|shipped|dispatched|deliver(?:ed|y)\b|parcel|package)|\b(?:has|have|did|is|was)\b.{0,40}\b(?:arrived?|shipped|dispatched|been sent)\b)"
)
# Of a parcel where an order is at hand, else of parcels in general.
_AT_HAND = re.compile(
    r"(?:什么|什麼|哪家|哪个|哪個|啥)快[递遞]|(?:什么时候|什麼時候|几时|幾時|何时|哪天|啥时候)[^，。]{0,4}(?:[发發]的?|到|送)|(?:今天|今日|今晚|明天|上午|下午|[晚点點])[^，。]{0,4}(?:送|到)|[前内內]?能(?:送?到|收到)|到[货貨]?[没沒]"
    r"|(?i:\bstatus\b|\barriv|\bcarrier\b|\bcourier\b|\bwhen (?:was|did|will|do|does|is)\b|\bwhen .{0,20}(?:arrive|come|get)\b)"
)
_GENERAL = re.compile(
    r"你们|你們|一般|通常|如果|要是|下[单單]|想[买買]|[打准][算备]|现在(?:买|拍|付)|今天(?:买|拍|付)|拍下|到[货貨](?!没|沒)"
    r"|(?i:\bif i\b|\busually\b|\bdo you\b|\border (?:now|today)\b|\bin stock\b|\bbefore i (?:buy|order)\b)"
)
# When or where something comes, of what was ordered: not of what comes back into stock.
_ARRIVES = re.compile(
    r"(?:什么时候|啥时候|几时|何时|哪天|几号|多久|怎么还|咋还|为啥还|还没|还不|还未|到底)[^，。]{0,10}(?:到|来|收|送|派|寄|发|拿|动)|(?:到|来|送|寄|发)(?:了没|没有?$|了吗|不到|得到吗)"
    r"|(?i:\b(?:when|where|how soon|how (?:much )?long(?:er)?|which day|what day|still|any idea|any news)\b.{0,60}\b(?:com(?:e|es|ing)|arriv\w*|land\w*|turn(?:s|ing)? up|show(?:s|ing)? up|get(?:s|ting)? here|be here|reach\w*|due|expect\w*|receiv\w*|deliver\w*|on (?:its|the) way|waiting)\b(?! back))"
)
# A parcel that does not go on.
_STILL = re.compile(
    r"(?:没|不|未)(?:有)?(?:动静|更新|进展|变化|反应|下文|揽收|取件)|(?:不|没)(?:怎么)?动(?!手|过)|一动不动|卡(?:住|着|在)"
    r"|(?i:\bnothing (?:is |has |have )?(?:been )?(?:happen\w*|mov\w*|chang\w*)|\bno (?:movement|updates?|progress|scans?|news)\b|\b(?:not|n't|stopped) (?:been )?(?:mov\w*|updat\w*|scann\w*|picked up)|\bstuck\b|\blabel (?:was |has been |is |only |just )*(?:created|made|printed))"
)
_RESTOCK = re.compile(r"补货|再有|返货|回货|上架|(?i:\bback\b|\brestock|\bin stock\b|\bavailable\b)")
_BROKEN = re.compile(
    r"碎|破|坏|壞|裂|漏|缺|掉漆|划|刮|污|脏|髒|变形|變形|瘪|霉|[不发發]对|[不發发]對|错|錯|异味|少(?![发發])|不[亮转轉热熱]"
    r"|(?i:broke|crack|damag|smash|chip|dent|leak|missing|wrong|defect|scratch|shatter|stain|torn|bent)"
)
_NOT_GOT = re.compile(
    r"[没沒](?:有)?(?:拿|收|取|[见見]|看)到|未收到|冇收到"
    r"|(?i:\b(?:not|never|n't|haven't|hasn't)\b.{0,20}\b(?:receiv|got|get|arriv|see|seen|have)|\bnothing (?:came|arrived)\b)"
)
_ONLY_PART = re.compile(
    r"[只就才](?:有)?(?:[发發寄到收送])|少[发發寄]|另外?一|剩下|其余|其餘|第二[件个個样樣]|(?i:\bonly\b.{0,30}\b(?:sent|shipped|arrived|came|received|got)\b|\b(?:sent|shipped|received|got) only\b|\bsecond (?:item|one|article)\b|\bthe (?:rest|other)\b)"
)
_GOODS = frozenset((Intent.PRODUCT_INFO, Intent.STOCK, Intent.WARRANTY, Intent.SIZE_ADVICE))
_BEFORE_STOCK = frozenset(
    (Intent.DELIVERY_TIME, Intent.PRODUCT_INFO, Intent.SIZE_ADVICE, Intent.WHERE_IS_ORDER)
)
_FEW = 2  # variants that may be meant
_LEAVES = re.compile(
    r"(?:什么时候|什麼時候|几时|幾時|何时|啥时候|哪天|几号|幾號|多久)[^，。]{0,5}(?:[发發]|出[货貨]|寄|走|到[货貨])|预售|預售|预定|[返补回來来到](?:咗|了)?[货貨]"
    r"|(?i:\b(?:when|which day|what day|how soon|until when)\b.{0,40}\b(?:ship|leave|dispatch|go out|sent|available)|\bpre-?(?:order|sale))"
)
_BOUGHT = re.compile(
    r"我的|我那|我[买買订訂拍下]|[订买拍]了|已经|已經|拍了|下了单|下了單|(?i:\bmy\b|\bi (?:ordered|bought)\b)"
)
_MUCH = re.compile(r"多少|几|幾|(?i:\bhow (?:much|many)\b)")
_OF_ROWS = (Intent.PRICE, Intent.SIZE_ADVICE, Intent.STOCK)  # taken so for a figure or a word like 有吗
_PASSED_BY = _GOODS | {Intent.OFF_TOPIC, Intent.DELIVERY_TIME}
# Never overruled by what an article's rows say.
_FIRM = frozenset(
    (
        Intent.PRODUCT_INFO,
        Intent.COMPLAINT,
        Intent.HANDOFF,
        Intent.CHANGE_ADDRESS,
        Intent.THANKS,
        Intent.GREETING,
    )
)
_OF_AN_ORDER = re.compile(
    r"关税|清关|报关|进口税|发货|出货|寄出|哪天发|什么时候发|到了[没吗]|(?i:\bship(?:s|ped|ping)?\b|\bdispatch)|我的?(?:订单|快递|包裹|单子|退款|发票)|订单|退款|退货|退[了掉]|换货|发票|开票|优惠券|满减|多少钱|什么价|价格|几块|包邮|运费|物流|没收到|投诉|差评|人工|想换|换成|换个|换一|换掉|改成"
    r"|(?i:\bmy (?:order|parcel|package|refund|invoice)\b|\brefund|\breturn (?:it|them|this)\b|\bsend (?:it )?back\b|\binvoice|\bcoupon|\bhow much (?:is|are|does it cost)\b|\bprice\b|\bshipping\b|\btracking\b|\bcomplain)"
)
_WHICH_SIZE = re.compile(
    r"(?:买|穿|选|要|拿|拍)(?:个|件)?(?:多大|什么码|哪个?码|几码|啥码|多大码|哪个号|什么号)|(?i:\bwhat size\b|\bwhich size\b)"
)
_ENOUGH = re.compile(
    r"够不够|够吗|够数|有这么多|有那么多|有没有这么多|(?i:\bdo you have (?:that many|enough|\d+)\b|\benough (?:in )?stock\b)"
)
_PRESENT = re.compile(r"送|礼|(?i:\bgift|\bpresent)")
_PRICED = re.compile(
    r"钱|价|[贵付涨]|卖多少|为止|截止|(?:一|每)?[只个支把套件盒罐包条饼瓶袋提块张本对双](?:是|要|得|卖)?多少[?？。]?$|结账|到手|合计|划算|合算|便宜|元|块|折|(?<![高长宽深拔程距径厚])多少米|(?:一|每)?[只个支把套件盒罐包条](?:是|要|得)?多少[?？]?$|¥|￥|€|\$|费|(?i:\bpric|\bcost|\bmuch\b|\bcheap|\bexpensive|\bdiscount|\beuro|\bdollar|\byuan|\bfee\b)"
)
_STOCKED = re.compile(
    r"有货|现货|库存|补货|缺货|到货|断货|没货|上架|下架|预售|[有没]吗?[?？]?$|还有[吗么没]|够不够|够吗|到货|哪天|卖完|售罄|[拍订]|下单|灰|点不|[返补]|(?:什么时候|啥时候|几时|何时|多久)(?:才|再)?(?:能|可以|有)|(?i:\bstock|\bavailab|\bsold out|\bleft\b|\bback\b|\bpre-?order)"
)
# It happened, to what somebody has got.
_SIZED = re.compile(
    r"[码碼]|[SMLX]{1,3}(?![a-z])|尺|号|號|穿|身高|体重|體重|公斤|[斤磅高重胖瘦肥矮]|[买拿选要拍]多大|大[一小]|小一|合身|试|(?i:\bsiz\w*|\bfits?\b|\bwear|\btall\b|\bkg\b|\bcm\b|\blbs?\b|\btight|\bloose|\bheight|\bweigh)"
)
_WENT_WRONG = re.compile(
    r"(?:收到|到货|打开|拆开|拿到|到手|寄来|发来|送来)[^。！？]{0,14}(?:碎|破|坏|裂|漏|缺|少|错|脏|变形|瘪|霉)|(?:碎|破|坏|裂|漏水?|摔|掉漆)了(?!.{0,3}(?:怎么|吗|会))|[发寄]错|少了|缺了|不见了"
    r"|(?i:\b(?:arrived|came|got|received)\b.{0,30}\b(?:broken|cracked|damaged|smashed|chipped|wrong|missing|leaking)|\b(?:is|are|was) (?:broken|cracked|damaged|smashed|chipped|missing|leaking)\b)"
)
# It might happen, or is asked in general.
_WOULD = re.compile(
    r"会不会|会[^，。]{0,6}吗|如果|要是|万一|能不能|可不可以|是不是|(?i:\bif\b|\bwill it\b|\bwould\b|\bcan i\b)"
)
# Not what was shown, or ordered.
_OTHER_THAN = re.compile(
    r"不同|不一样|不符|两样|不对版|货不对|有(?:色差|差别|区别)|差别(?:太|很|好)?大|(?i:\bdifferent\b|\bnot (?:the same|as (?:shown|pictured|described))\b|\bdiffers?\b)"
)
# What one asks to be done about it: 能不能换, can you send another.
_ASKS_US = re.compile(
    r"(?:能不能|可不可以|可以|能)[^，。]{0,6}[换退补赔修](?:[^，。]{0,6}吗)?|(?i:\b(?:can i|could i|if)\b(?= (?:\w+ ){0,2}(?:return|exchange|swap|replace|get)))"
)
# Of what was asked for before: money that comes back, a request, who has the goods now.
_OF_A_REQUEST = re.compile(
    r"处理到哪|提交的|旧的|新的[^，。]{0,4}(?:寄|发)|换(?:好|货)[^，。]{0,4}(?:没|进度|到哪)|(?:同意|说好|答应)[^，。]{0,6}(?:退|换)|退(?!货期|换|货政)|赔|补偿|到账|到数|钱(?:呢|到|还|回|给)|全额|审核|批[了没准]|驳|我的?申请"
    r"|(?i:\brefund|\bmoney\b|\bowe\b|\bcompensat|\breimburs|\bclaim\b|\bmy (?:request|return)\b|\bcom(?:es?|ing) back\b|\bapproved\b|\bi (?:posted|sent back|returned|shipped back)\b|\breached you\b|\bon the way to you\b)"
)
# Of a parcel that arrived: not everything is there.
_LACKS = re.compile(
    r"[只才](?:有|到|收到|来|寄来)|少了|缺|[没沒冇](?:影|[见見]到?|收到|拿到)|不[见見]|差[一两几]"
    r"|(?i:\bmissing\b|\bonly\b.{0,30}\b(?:came|arrived|there|got|in it)\b|\bnot in the (?:box|parcel)\b|\bnever (?:came|arrived|got)\b)"
)
_OF_SUMS = frozenset((Intent.PRICE, Intent.COUPON, Intent.INVOICE, Intent.REFUND_STATUS, Intent.PRODUCT_INFO))
_OF_PARTS = frozenset(
    (Intent.PRODUCT_INFO, Intent.WARRANTY, Intent.DAMAGED_OR_MISSING, Intent.EXCHANGE, Intent.STOCK, Intent.PRICE, Intent.OFF_TOPIC)
)  # fmt: skip
_APART = _OF_PARTS - {Intent.DAMAGED_OR_MISSING, Intent.EXCHANGE} | {Intent.WHERE_IS_ORDER}
_BESIDE_SUMS = frozenset(
    (Intent.PRODUCT_INFO, Intent.WHERE_IS_ORDER, Intent.DELIVERY_TIME, Intent.OFF_TOPIC, Intent.PRICE, Intent.SIZE_ADVICE)
)  # fmt: skip
_MISFIT = re.compile(
    r"太[大小长短紧松肥瘦宽]|[大小长短紧松肥瘦]了|穿不下|不合身|不合适|(?i:\btoo (?:big|small|large|long|short|tight|loose|wide)\b|\b(?:doesn't|does not|didn't) fit\b)"
)
_HERE = (OrderState.DELIVERED, OrderState.COMPLETED)
_ASIDE = frozenset(
    (Intent.DAMAGED_OR_MISSING, Intent.WHERE_IS_ORDER, Intent.DELIVERY_TIME, Intent.PRICE, Intent.COUPON, Intent.PRODUCT_INFO, Intent.START_RETURN)
)  # fmt: skip
_ON_THE_WAY = (OrderState.UNPAID, OrderState.PAID, OrderState.PART_SHIPPED, OrderState.SHIPPED)


def asks_where(text: str) -> bool:
    """Whether it is about a parcel, in words that need no order beside them."""
    return bool(_PARCEL.search(text))


def in_general(text: str) -> bool:
    """Whether it asks how the shop does things, and of no order."""
    return bool(_GENERAL.search(text))


def not_got(text: str) -> bool:
    """Whether it says that something did not come, and nothing of a fault."""
    return bool(_NOT_GOT.search(text)) and not _BROKEN.search(text)


@dataclass(frozen=True, slots=True)
class Question:
    """`order_no` is named in this message; `guesses` are all that was thought of, likeliest first."""

    slots: Slots
    order_no: str = ""
    guesses: tuple[Intent, ...] = ()
    unsure: bool = False
    shaky: frozenset[Intent] = frozenset()  # of the intents, those that the rows may overrule
    rule: frozenset[Intent] = frozenset()  # those that a rule found


def meant(scene: Scene, question: Question, intents: Sequence[Intent]) -> list[Intent] | None:
    """The intents to answer; None where it is still not clear and has to be asked."""
    if person.asks_hours(scene.text) and (
        question.unsure or set(intents) <= question.shaky | {Intent.PRODUCT_INFO}
    ):
        return [Intent.PRODUCT_INFO]
    if _is_sum(scene, question, intents):
        return [Intent.PRICE]
    if (
        not question.order_no
        and (question.unsure or set(intents) <= _OF_PARTS)
        and spares.first(scene.text, intents)
        and spares.asked(scene, _article(question.slots))
    ):
        return [Intent.PRODUCT_INFO]
    if (
        not scene.order
        and not question.order_no
        and compare.ASKS_APART.search(scene.text)
        and not (coming.at_another_time(scene.text) and Intent.PRICE in intents)
        and not _complains(scene.text)
        and (question.unsure or set(intents) <= _APART)
    ):
        asked = ItemArguments(_article(question.slots))
        if product.beside_others(scene, asked) or product.speaks(scene, asked):
            return [Intent.PRODUCT_INFO]
    if (
        delivery.asks_campaign(scene.text)
        and not question.order_no
        and (question.unsure or set(intents) <= _OF_PARTS)
    ):
        return [Intent.COUPON]
    if delivery.asks_cut_off(scene.text) and not question.order_no and not scene.order:
        return [Intent.DELIVERY_TIME]
    if question.unsure:
        if _unsure_but_an_order(scene, question):
            return [Intent.WHERE_IS_ORDER]
        if Intent.DAMAGED_OR_MISSING in question.guesses and _complains(scene.text):
            return [Intent.DAMAGED_OR_MISSING]
        if _comes_later(scene, question):
            return [Intent.STOCK]
        if _ENOUGH.search(scene.text) and (question.slots.product or scene.item):
            return [Intent.STOCK]
        return [Intent.PRODUCT_INFO] if _about_an_article(scene, question) else None
    out = []
    for intent in intents:
        if _is_claim(scene, intent):
            out.append(Intent.DAMAGED_OR_MISSING)
            continue
        if intent in _BEFORE_STOCK and _comes_later(scene, question):
            out.append(Intent.STOCK)
            continue
        if intent is Intent.PRODUCT_INFO and _is_worn(scene, question):
            out.append(Intent.SIZE_ADVICE)
            continue
        if _is_doubtful(scene, question, intent) and _about_an_article(scene, question, intent):
            out.append(Intent.PRODUCT_INFO)
            continue
        if intent is Intent.RETURN_RIGHT and _broke_down(scene, question):
            out.append(Intent.WARRANTY)
            continue
        if intent is Intent.DAMAGED_OR_MISSING:
            parcel = _not_damaged(scene, question)
        elif intent is Intent.DELIVERY_TIME:
            parcel = _a_certain_delivery(scene, question)
        elif intent in _PASSED_BY:
            parcel = _about_own_parcel(scene, question, intent)
        else:
            parcel = False
        out.append(Intent.WHERE_IS_ORDER if parcel else intent)
    if out == [Intent.START_RETURN] and not (question.order_no or scene.order or scene.asker.customer):
        out = [Intent.RETURN_RIGHT, *out] if _article(question.slots) else out  # the rule before the number
    return list(dict.fromkeys(_of_rows(scene, question, intent) for intent in out))


def _complains(text: str) -> bool:
    """Whether what was received is said to be broken, or other than it was shown."""
    bad = _WENT_WRONG.search(text) or _OTHER_THAN.search(text)
    return bool(bad) and spares.came_so(text) and not _WOULD.search(_ASKS_US.sub("", text))


def _is_claim(scene: Scene, intent: Intent) -> bool:
    """Whether it only tells what is wrong with what came, or calls it a matter of the warranty."""
    if intent not in (Intent.PRODUCT_INFO, Intent.WARRANTY) or not _complains(scene.text):
        return False
    return intent is Intent.WARRANTY or not sentences.asks(scene.text)


def _is_sum(scene: Scene, question: Question, intents: Sequence[Intent]) -> bool:
    """Whether what several articles come to is asked, whatever one of them was taken for."""
    if scene.order and _BOUGHT.search(scene.text):
        return False
    may = _BESIDE_SUMS if scene.order else _BESIDE_SUMS | {Intent.MODIFY_ORDER}
    if question.order_no or not (question.unsure or set(intents) <= may):
        return False
    return several.wanted(scene)


def _of_rows(scene: Scene, question: Question, intent: Intent) -> Intent:
    """What was asked for before is asked after; of a parcel that is here, something is missing, or does not fit."""
    if intent not in (*_ASIDE, *_OF_SUMS, Intent.SIZE_ADVICE) or not (question.order_no or scene.order):
        return intent
    row = _found(scene, question)
    if row is None:
        return intent
    if intent in _OF_SUMS and orders.PAID_ASKED.search(scene.text):
        return Intent.WHERE_IS_ORDER
    asked_back = intent in _ASIDE and _OF_A_REQUEST.search(scene.text)
    if asked_back and scene.rows(Return, order_no=row.record.order_no):
        return Intent.REFUND_STATUS
    if intent is Intent.SIZE_ADVICE:
        misfit = _MISFIT.search(scene.text) and not (question.slots.height_cm or question.slots.weight_kg)
        return Intent.EXCHANGE if misfit and row.record.state in _HERE else intent
    lacks = row.record.state in _HERE and _LACKS.search(scene.text)
    return Intent.DAMAGED_OR_MISSING if intent is Intent.WHERE_IS_ORDER and lacks else intent


def _about_an_article(scene: Scene, question: Question, taken: Intent | None = None) -> bool:
    """Whether the rows of an article answer it, and it speaks of no order, no price and nothing that went wrong."""
    if question.order_no or question.slots.tracking_no or question.slots.invoice_title:
        return False
    if _OF_AN_ORDER.search(scene.text) or (_WENT_WRONG.search(scene.text) and not _WOULD.search(scene.text)):
        return False
    asked = ItemArguments(_article(question.slots) if len(question.slots.product) == 1 else "")
    if browse.wanted(scene) and (
        question.slots.amount or question.slots.product or _PRESENT.search(scene.text)
    ):
        return True
    if product.speaks(scene, asked):
        return True
    return (question.unsure or taken in _OF_ROWS) and product.asks_unknown(scene, asked)


def _is_doubtful(scene: Scene, question: Question, intent: Intent) -> bool:
    """Whether an intent may have been taken from words like 多少 or 有没有: nothing is said of a price, or of an option."""
    if intent is Intent.PRICE:
        if _PRICED.search(scene.text) or how_much.asked(_bare(scene.text, question.slots)):
            return False
        return intent in question.shaky or (intent in question.rule and bool(_MUCH.search(scene.text)))
    if intent is Intent.STOCK:
        name = _article(question.slots)
        return (
            intent in question.rule | question.shaky
            and not (_STOCKED.search(scene.text) or in_stock.asked(_bare(scene.text, question.slots)))
            and not product.states_option(scene, ItemArguments(name))
        )
    if intent is Intent.SIZE_ADVICE:
        measured = question.slots.height_cm or question.slots.weight_kg
        return intent in question.shaky or not (measured or _SIZED.search(scene.text))
    if intent is Intent.MODIFY_ORDER:  # 全部加起来多重: of an article, where no order is at hand
        return intent not in question.rule and not scene.order and bool(ontology.asked(scene.text))
    if intent is Intent.OFF_TOPIC:
        return intent in question.shaky or (intent in question.rule and bool(question.slots.amount))
    return intent in question.shaky - _FIRM


def _bare(text: str, slots: Slots) -> str:
    """The message with what it names as one word."""
    thing = "这个" if any("一" <= c <= "龥" for c in text) else "it"
    plain = normalise(text).text.casefold()
    for name in sorted(slots.product, key=len, reverse=True):
        plain = plain.replace(name.casefold(), thing)
    return plain


def _comes_later(scene: Scene, question: Question) -> bool:
    """Whether it asks when an article leaves that is not there now: its restock or pre-sale day is the answer."""
    slots = question.slots
    if _named(question) or scene.order or not _LEAVES.search(scene.text) or _BOUGHT.search(scene.text):
        return False
    wanted = ItemArguments(_article(slots), *(slots.color[:1] or ("",)), *(slots.size[:1] or ("",)))
    found = goods.find(scene, wanted)
    if not isinstance(found, goods.Goods) or not found.variants or len(found.variants) > _FEW:
        return False
    return not any(stock.is_there(scene, variant) for variant in found.variants)


def _broke_down(scene: Scene, question: Question) -> bool:
    """Whether something electric failed, of no order in particular: what may be asked for is told by the day."""
    if _named(question) or scene.order or not rights.is_faulty(scene.text, scene.fault):
        return False
    name = _article(question.slots)
    found = goods.find_any(scene, ItemArguments(name)) if name or scene.item else None
    rows = goods.rows_of(found, name) if found is not None else ()
    return bool(rows) and all(defects.is_sanbao(row.record) for row in rows)


def _is_worn(scene: Scene, question: Question) -> bool:
    """Whether how large is asked of something that has a size chart."""
    if not _WHICH_SIZE.search(scene.text):
        return False
    name = _article(question.slots)
    found = goods.find(scene, ItemArguments(name)) if name or scene.item else None
    return isinstance(found, goods.Goods) and bool(size.chart(found.product.record.attributes))


def _found(scene: Scene, question: Question) -> Row[Order] | None:
    """The order that is spoken of, if there is one that may be seen."""
    slots = question.slots
    tracking = slots.tracking_no[0] if slots.tracking_no else ""
    found = proof.find(
        scene,
        proof.OrderArguments(question.order_no, "", tracking, _article(slots)),
        lambda order: order.state in _ON_THE_WAY,
    )
    return None if isinstance(found, Evidence) else found


def _article(slots: Slots) -> str:
    return slots.product[0] if slots.product else ""


def _named(question: Question) -> bool:
    return bool(question.order_no or question.slots.tracking_no)


def _of_parcel(scene: Scene, question: Question) -> bool:
    """Words about a parcel, of somebody who has one."""
    text = scene.text
    at_hand = _named(question) or bool(scene.order)
    if _PARCEL.search(text):
        return at_hand or bool(scene.asker.customer)
    return at_hand and bool(_AT_HAND.search(text)) and not _GENERAL.search(text)


def _unsure_but_an_order(scene: Scene, question: Question) -> bool:
    if question.order_no and _found(scene, question) is None:
        return True  # refused whatever it is about
    if _named(question) and Intent.WHERE_IS_ORDER in question.guesses[:1]:
        return True
    return (_of_parcel(scene, question) or _coming(scene, question)) and not _BROKEN.search(scene.text)


def _a_certain_delivery(scene: Scene, question: Question) -> bool:
    if ASKS_FEE.search(scene.text):
        return False
    if _named(question):
        return True
    if re.search(r"我的?(?:快[递遞]|包裹)|(?i:\bmy (?:parcel|package|order)\b)", scene.text):
        return not _GENERAL.search(scene.text)
    return _of_parcel(scene, question) and not _GENERAL.search(scene.text)


def _coming(scene: Scene, question: Question) -> bool:
    """Whether an article of an order that has not come yet is asked after: When is the tea mat coming."""
    article, text = _article(question.slots), scene.text
    if not (_ARRIVES.search(text) or _STILL.search(text)) or _GENERAL.search(text) or _RESTOCK.search(text):
        return False
    if not (scene.asker.customer or scene.order):
        return False
    row = _found(scene, question)
    if row is None or row.record.state not in _ON_THE_WAY:
        return False
    return not article or proof.holds(scene, row.record, article)


def _about_own_parcel(scene: Scene, question: Question, intent: Intent) -> bool:
    article = _article(question.slots)
    if article and _coming(scene, question):
        return True
    if not _PARCEL.search(scene.text):
        # Somebody else's number beside no article asks for that order, whatever it was taken for.
        return (
            intent in _GOODS and bool(question.order_no) and not article and _found(scene, question) is None
        )
    if not _of_parcel(scene, question) or (intent in _GOODS and _GENERAL.search(scene.text)):
        return False
    if _named(question) or not article:
        return True
    row = _found(scene, question)
    return row is not None and proof.holds(scene, row.record, article)


def _not_damaged(scene: Scene, question: Question) -> bool:
    text = scene.text
    row = _found(scene, question)
    if row is None:
        return bool(question.order_no) and bool(_PARCEL.search(text)) and not _BROKEN.search(text)
    if row.record.state is OrderState.PART_SHIPPED and _ONLY_PART.search(text):
        return True
    if _BROKEN.search(text):
        return False
    if row.record.state in _ON_THE_WAY:
        return bool(
            _PARCEL.search(text) or _AT_HAND.search(text) or _NOT_GOT.search(text) or _STILL.search(text)
        )
    return bool(_PARCEL.search(text)) and not _NOT_GOT.search(text)
