"""The words by which `meant` knows what a question may be about; what they come to is decided there, by the rows."""

from __future__ import annotations

import re

# Of a parcel whatever else is said.
PARCEL = re.compile(
    r"(?:几|幾)[号號](?:能)?到(?!期)|哪天(?:能)?到(?!期)|拿(?:得)?到手|到哪|到了[没沒冇]|到[\u3400-\u9fff]{1,6}[没沒]|送到[没沒冇]|(?<![差别异同好贵区])在哪|哪[里裡儿兒]了|放(?:在|到)?(?:了)?哪|(?:派|配)送(?!费|費|范围|範圍)|派件|快[递遞][单單][号號]|[运運][单單][号號]|物流|[没沒]動?动?[静靜]"
    r"|[没沒]有(?:动静|動靜)|[没沒]消息|[签簽]收[没沒了吗嗎]|[显顯]示[签簽]收|清[关關]|海[关關]|[发發](?:了|货了?|貨了?|出了?)(?:[没沒]|吗|嗎)|[还還][没沒](?:有)?(?:[发發送到])|[发發]到(?:哪|那|[^，。]{0,6}[城市])|我的?(?:快[递遞]|包[裹]|件)|(?:到|送)[^，。]{0,6}我的?(?:快[递遞]|包裹)|[驿驛]站|快[递遞][柜櫃]"
    r"|(?i:\bwhere(?:'?s| is| are)\b(?!.{0,40}\b(?:made|from|produced|located|based)\b)|\b(?:be with|coming to|come to|reach|get to) (?:me|us)\b|\broughly which (?:date|day)\b|\b(?:take|need) to send off\b|\btracking (?:number|no|code|id)|\bin customs\b|\bout for delivery\b"
    r"|\bmy\b.{0,40}\b(?:arriv|shipped|dispatched|deliver(?:ed|y)\b|parcel|package)|\b(?:has|have|did|is|was)\b.{0,40}\b(?:arrived?|shipped|dispatched|been sent)\b)"
)
# Of a parcel where an order is at hand, else of parcels in general.
AT_HAND = re.compile(
    r"(?:什么|什麼|哪家|哪个|哪個|啥)快[递遞]|(?:什么时候|什麼時候|几时|幾時|何时|哪天|啥时候)[^，。]{0,4}(?:[发發]的?|到|送)|(?:今天|今日|今晚|明天|上午|下午|[晚点點])[^，。]{0,4}(?:送|到)|[前内內]?能(?:送?到|收到)|到[货貨]?[没沒]"
    r"|(?i:\bstatus\b|\barriv|\bcarrier\b|\bcourier\b|\bwhen (?:was|did|will|do|does|is)\b|\bwhen .{0,20}(?:arrive|come|get)\b)"
)
GENERAL = re.compile(
    r"你们|你們|一般|通常|如果|要是|下[单單]|想[买買]|[打准][算备]|现在(?:买|拍|付)|今天(?:买|拍|付)|拍下|到[货貨](?!没|沒)"
    r"|(?i:\bif i\b|\busually\b|\bdo you\b|\border (?:now|today)\b|\bin stock\b|\bbefore i (?:buy|order)\b)"
)
# When or where something comes, of what was ordered: not of what comes back into stock.
ARRIVES = re.compile(
    r"(?:什么时候|啥时候|几时|何时|哪天|几号|多久|怎么还|咋还|为啥还|还没|还不|还未|到底)[^，。]{0,10}(?:到|来|收|送|派|寄|发|拿|动)|(?:到|来|送|寄|发)(?:了没|没有?$|了吗|不到|得到吗)"
    r"|(?i:\b(?:when|where|how soon|how (?:much )?long(?:er)?|which day|what day|still|any idea|any news)\b.{0,60}\b(?:com(?:e|es|ing)|arriv\w*|land\w*|turn(?:s|ing)? up|show(?:s|ing)? up|get(?:s|ting)? here|be here|reach\w*|due|expect\w*|receiv\w*|deliver\w*|on (?:its|the) way|waiting)\b(?! back))"
)
# A parcel that does not go on.
STILL = re.compile(
    r"(?:没|不|未)(?:有)?(?:动静|更新|进展|变化|反应|下文|揽收|取件)|(?:不|没)(?:怎么)?动(?!手|过)|一动不动|卡(?:住|着|在)"
    r"|(?i:\bnothing (?:is |has |have )?(?:been )?(?:happen\w*|mov\w*|chang\w*)|\bno (?:movement|updates?|progress|scans?|news)\b|\b(?:not|n't|stopped) (?:been )?(?:mov\w*|updat\w*|scann\w*|picked up)|\bstuck\b|\blabel (?:was |has been |is |only |just )*(?:created|made|printed))"
)
RESTOCK = re.compile(r"补货|再有|返货|回货|上架|(?i:\bback\b|\brestock|\bin stock\b|\bavailable\b)")
BROKEN = re.compile(
    r"碎|破|坏|壞|裂|漏|缺|掉漆|划|刮|污|脏|髒|变形|變形|瘪|霉|[不发發]对|[不發发]對|错|錯|异味|少(?![发發])|不[亮转轉热熱]"
    r"|(?i:broke|crack|damag|smash|chip|dent|leak|missing|wrong|defect|scratch|shatter|stain|torn|bent)"
)
NOT_GOT = re.compile(
    r"[没沒](?:有)?(?:拿|收|取|[见見]|看)(?:到|着|著)|[没沒][见見]过?(?:东西|件|包裹|快递|人|货)|未收到|冇收到"
    r"|(?i:\b(?:not|never|n't|haven't|hasn't)\b.{0,20}\b(?:receiv|got|get|arriv|see|seen|have)|\bnothing (?:came|arrived)\b)"
)
ONLY_PART = re.compile(
    r"[只就才](?:有)?(?:[发發寄到收送])|少[发發寄]|另外?一|剩下|其余|其餘|第二[件个個样樣]|(?i:\bonly\b.{0,30}\b(?:sent|shipped|arrived|came|received|got)\b|\b(?:sent|shipped|received|got) only\b|\bsecond (?:item|one|article)\b|\bthe (?:rest|other)\b)"
)
LEAVES = re.compile(
    r"(?:什么时候|什麼時候|几时|幾時|何时|啥时候|哪天|几号|幾號|多久)[^，。]{0,5}(?:[发發]|出[货貨]|寄|走|到[货貨])|预售|預售|预定|[返补回來来到](?:咗|了)?[货貨]"
    r"|(?i:\b(?:when|which day|what day|how soon|until when)\b.{0,40}\b(?:ship|leave|dispatch|go out|sent|available)|\bpre-?(?:order|sale))"
)
BOUGHT = re.compile(
    r"我的|我那|我[买買订訂拍下]|[订买拍]了|已经|已經|拍了|下了单|下了單|(?i:\bmy\b|\bi (?:ordered|bought)\b)"
)
MUCH = re.compile(r"多少|几|幾|(?i:\bhow (?:much|many)\b)")
OF_AN_ORDER = re.compile(
    r"关税|清关|报关|进口税|发货|出货|寄出|哪天发|什么时候发|到了[没吗]|(?i:\bship(?:s|ped|ping)?\b|\bdispatch)|我的?(?:订单|快递|包裹|单子|退款|发票)|订单|退款|退货|退[了掉]|(?:[想要]|申请|给我|帮我)退(?!热|色|火|潮)|换货|发票|开票|优惠券|满减|多少钱|什么价|价格|几块|包邮|运费|物流|没收到|投诉|差评|人工|想换|换成|换个|换一|换掉|改成"
    r"|(?i:\bmy (?:order|parcel|package|refund|invoice)\b|\brefund|\breturn (?:it|them|this)\b|\bsend (?:it )?back\b|\binvoice|\bcoupon|\bhow much (?:is|are|does it cost)\b|\bprice\b|\bshipping\b|\btracking\b|\bcomplain)"
)
WHICH_SIZE = re.compile(
    r"(?:买|穿|选|要|拿|拍)(?:个|件)?(?:多大|什么码|哪个?码|几码|啥码|多大码|哪个号|什么号)|(?i:\bwhat size\b|\bwhich size\b)"
)
ENOUGH = re.compile(
    r"够不够|够吗|够数|有这么多|有那么多|有没有这么多|(?i:\bdo you have (?:that many|enough|\d+)\b|\benough (?:in )?stock\b)"
)
PRESENT = re.compile(r"送|礼|(?i:\bgift|\bpresent)")
PRICED = re.compile(
    r"钱|价|[贵付涨]|卖多少|为止|截止|(?:一|每)?[只个支把套件盒罐包条饼瓶袋提块张本对双](?:是|要|得|卖)?多少[?？。]?$|结账|到手|合计|划算|合算|便宜|元|块|折|(?<![高长宽深拔程距径厚])多少米|(?:一|每)?[只个支把套件盒罐包条](?:是|要|得)?多少[?？]?$|¥|￥|€|\$|费|(?i:\bpric|\bcost|\bmuch\b|\bcheap|\bexpensive|\bdiscount|\beuro|\bdollar|\byuan|\bfee\b)"
)
STOCKED = re.compile(
    r"有货|现货|库存|补货|缺货|到货|断货|没货|上架|下架|预售|[有没]吗?[?？]?$|还有[吗么没]|够不够|够吗|到货|哪天|卖完|售罄|[拍订]|下单|灰|点不|[返补]|(?:什么时候|啥时候|几时|何时|多久)(?:才|再)?(?:能|可以|有)|(?i:\bstock|\bavailab|\bsold out|\bleft\b|\bback\b|\bpre-?order)"
)
# It happened, to what somebody has got.
SIZED = re.compile(
    r"[码碼]|[SMLX]{1,3}(?![a-z])|尺|号|號|穿|身高|体重|體重|公斤|[斤磅高重胖瘦肥矮]|[买拿选要拍]多大|大[一小]|小一|合身|试|(?i:\bsiz\w*|\bfits?\b|\bwear|\btall\b|\bkg\b|\bcm\b|\blbs?\b|\btight|\bloose|\bheight|\bweigh)"
)
WENT_WRONG = re.compile(
    r"(?:收到|到货|打开|拆开|拿到|到手|寄来|发来|送来)[^。！？]{0,14}(?:碎|破|坏|裂|漏|缺|少|错|脏|变形|瘪|霉)|(?:碎|破|坏|裂|漏水?|摔|掉漆)了(?!.{0,3}(?:怎么|吗|会))|[发寄]错|少了|缺了|不见了"
    r"|(?i:\b(?:arrived|came|got|received)\b.{0,30}\b(?:broken|cracked|damaged|smashed|chipped|wrong|missing|leaking)|\b(?:is|are|was) (?:broken|cracked|damaged|smashed|chipped|missing|leaking)\b)"
)
# By whom or where a parcel was taken in.
WHO_SIGNED = re.compile(
    r"[签簽]收人|(?:谁|誰|边个|哪个)(?:帮我|替我|给我|代)?(?:[签簽]|收的?件|领|取走|拿走)|(?:是)?(?:本人|我|别人|邻居|门卫|保安|物业|前台|真人)(?:代)?[签簽](?:收)?的|放(?:在|到|进)?(?:[驿驛]站|快[递遞]柜|柜子?|丰巢|门卫|物业|门口)(?:了|没|吗|还是)"
    r"|(?i:\bwho (?:signed|took|accepted|received)\b|\bsigned (?:for )?(?:it |this |the parcel |my parcel )?by (?:whom|who)\b|\bwhose (?:name|signature)\b)"
)
# Of what was ordered with something that has been sent.
THE_REST = re.compile(
    r"[只就](?:有|给|发|来|收到|看到)了?[^，。]{0,10}(?:单号|面单|物流|短信|发货通知)|(?:剩下|其余|其他|另外)的?(?:那|几)?[个件只样]?(?:呢|什么时候|啥时候|几时|怎么没|咋没|还没)"
    r"|(?i:\b(?:label|tracking(?: number)?|parcel|e-?mail|notice|message|shipment)\b[^.?!]{0,30}\bonly\b|\bonly (?:got|have|see|received)\b[^.?!]{0,20}\b(?:label|tracking|e-?mail|notice)\b|\bwhat about (?:the rest|the others?|my other)\b)"
)
# How far down a garment goes.
REACHES = re.compile(
    r"(?:穿|裙|衣|袖|裤|摆)[^，。？]{0,10}(?:到|盖到?|遮到?|过)(?:哪|什么位置|小腿|膝盖?|脚踝|脚面|屁股|臀|大腿)|(?i:\bhow far down\b|\b(?:cover|reach|go|come)\w*\b.{0,16}\b(?:knees?|calf|calves|ankles?|hips?)\b)"
)
BALANCE = re.compile(
    r"(?:定金|订金|尾款|预售)[^？?]{0,24}(?:多少|几|哪天|什么时候|啥时候|最晚|最迟|还要|还得|还差|截止|期限|到期)|(?i:\b(?:balance|deposit)\b.{0,40}\b(?:due|when|how much|by|until|left|latest)\b|\b(?:when|how much|until when)\b.{0,40}\b(?:balance|deposit)\b)"
)
# What becomes of an order that nobody pays.
IF_UNPAID = re.compile(
    r"(?:没|未|不|还没)(?:付款?|给钱|付钱)[^？?]{0,16}(?:咋样|怎样|怎么样|怎么办|咋办|会怎|会咋|自动|取消|关|保留|作废|算)|(?:晾|放|搁|拖|不理|不管)[^，。]{0,4}(?:着|理|管)[^。？?]{0,6}(?:咋样|怎样|怎么样|怎么办|咋办|自动|会)"
    r"|(?i:\b(?:if i )?(?:do not|don't|never|not) pay\b.{0,40}|\bunpaid\b.{0,30}\b(?:happen|cancel|close|expire|keep)\w*)"
)
# Of what somebody has bought or got, without a word of when: 我买的壶漏水, my kettle leaks.
MINE_BROKE = re.compile(
    r"(?:我(?:家|的|刚|前几天|上次|上周|上个?月)?(?:买|拍|订|收)(?:到|了|来)?的?|(?:买|收)(?:回来|到)的?)[^，。！？]{0,12}(?:漏|裂|碎|破|坏|掉漆|发霉|生锈|不热|不亮|不转|不工作|没反应|开不了|用不了|冒烟|跳闸)"
    r"|(?i:\b(?:my|the) (?:\w+ ){1,3}(?:i (?:bought|ordered|got) )?(?:\w+ )?(?:leaks?|leaking|cracked|broke|stopped working|won't (?:heat|turn on|work)|doesn't (?:heat|turn on|work)))"
)
# It might happen, or is asked in general.
WOULD = re.compile(
    r"会不会|会[^，。]{0,6}吗|如果|要是|万一|能不能|可不可以|是不是|(?i:\bif\b|\bwill it\b|\bwould\b|\bcan i\b)"
)
# Not what was shown, or ordered.
OTHER_THAN = re.compile(
    r"不同|不一样|不符|两样|不对版|货不对|有(?:色差|差别|区别)|差别(?:太|很|好)?大|(?i:\bdifferent\b|\bnot (?:the same|as (?:shown|pictured|described))\b|\bdiffers?\b)"
)
# What one asks to be done about it: 能不能换, can you send another.
ASKS_US = re.compile(
    r"(?:能不能|可不可以|可以|能)[^，。]{0,6}[换退补赔修](?:[^，。]{0,6}吗)?|(?i:\b(?:can i|could i|if)\b(?= (?:\w+ ){0,2}(?:return|exchange|swap|replace|get)))"
)
# Of what was asked for before: money that comes back, a request, who has the goods now.
OF_A_REQUEST = re.compile(
    r"处理到哪|提交的|旧的|新的[^，。]{0,4}(?:寄|发)|换(?:好|货)[^，。]{0,4}(?:没|进度|到哪)|(?:同意|说好|答应)[^，。]{0,6}(?:退|换)|退(?!货期|换|货政)|赔|补偿|到账|到数|钱(?:呢|到|还|回|给)|全额|审核|批[了没准]|驳|我的?申请"
    r"|(?i:\brefund|\bmoney\b|\bowe\b|\bcompensat|\breimburs|\bclaim\b|\bmy (?:request|return)\b|\bcom(?:es?|ing) back\b|\bapproved\b|\bi (?:posted|sent back|returned|shipped back)\b|\breached you\b|\bon the way to you\b)"
)
# Of a parcel that arrived: not everything is there.
LACKS = re.compile(
    r"[只才](?:有|到|收到|来|寄来)|少了|缺|[没沒冇](?:影|[见見]到?|收到|拿到)|不[见見]|差[一两几]"
    r"|(?i:\bmissing\b|\bonly\b.{0,30}\b(?:came|arrived|there|got|in it)\b|\bnot in the (?:box|parcel)\b|\bnever (?:came|arrived|got)\b)"
)
MISFIT = re.compile(
    r"太[大小长短紧松肥瘦宽]|[大小长短紧松肥瘦]了|穿不下|不合身|不合适|(?i:\btoo (?:big|small|large|long|short|tight|loose|wide)\b|\b(?:doesn't|does not|didn't) fit\b)"
)
