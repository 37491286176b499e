"""Chinese persons' names in a text, by rule: a family name, what stands around it, and a dictionary of what is no name.

A name is taken only where something says so: a label (收货人：), a verb (我叫), a title after it (先生), a phone or address beside
it, a verb of handing over before and 的快递 after. Not covered: names in running prose (literature, news) without any of
these, given names alone, nicknames. Measured by `mingbai prove masking`; a rule that guessed more flagged every tenth review.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mingbai.zh.surnames import COMMON, COMPOUND, GIVEN, SINGLE
from mingbai.zh.words import listed

_HAN = "一-鿿㐀-䶿"
_SURNAME = f"(?:{'|'.join(sorted(COMPOUND))}|[{''.join(sorted(SINGLE))}])"
_COMMON_SURNAME = f"(?:{'|'.join(sorted(COMPOUND))}|[{''.join(sorted(COMMON))}])"

# What a label calls a person. After it and a colon any two to four characters are a name; without one only a family name's.
_LABEL = (
    r"(?:收货人|收件人|收貨人|寄件人|发件人|签收人|簽收人|取件人|提货人|收方|联系人|聯繫人|聯絡人|姓名|名字|(?<!用)户名|戶名|开户名|持卡人|账户名|真实姓名|实名|購買人|购买人|下单人|订货人|入住人|开票人|经办人|法人|法定代表人"
    r"|客户名|顾客名|买家名|本人姓名|收款人|付款人|投保人|乘客|旅客|投诉人|申请人)(?:姓名|名字|名称)?"
)
_LABELLED = re.compile(
    rf"{_LABEL}(?P<sure>[ ]*[:：][ ]*|[ ]*(?:请?[改换写填]的?(?:成|为|為|是|叫)?|成|为|為|是|叫|就是|也是|还是|是|叫|:)[ ]*|[ ]+)?[\"“「']?(?P<name>[{_HAN}·]{{2,8}})"
)
_SAID = re.compile(
    rf"(?P<cue>我叫|我的名字[是叫]|[他她]叫|名叫|名字叫|本人叫?|姓名是?|我是(?!不|说|在|要|想|谁)|这里是|這裡是|这边是|我姓名|备注名?|署名|抬头写?|转告|通知|联系(?!人|方)|转交给?|转给|交给|寄给|送给|发给|写给|收件写|收件|收货写?|换成|改成|改为|麻烦给|叫做|找一下|(?<![{_HAN}])叫|(?<=[妈爸哥姐弟妹儿女友妻夫婆公长板人事户子宝])叫|(?:客户|顾客|买家|卖家|同事|朋友|同学|邻居|室友|老公|老婆|丈夫|妻子|女儿|儿子|哥哥|姐姐|弟弟|妹妹|爸爸|妈妈|父亲|母亲|会计|前台|客服|员工|司机|店员|快递员|配送员|派件员|骑手|代表|孩子|宝宝|用户)(?:是|叫|人)?)"
    rf"[ :：]?(?P<name>{_SURNAME}[{_HAN}·]{{1,7}})"
)
_LATIN = r"(?P<name>[A-Z][a-z]{1,15}(?:[ ·][A-Z][a-z]{1,15}){0,3})(?![A-Za-z0-9])"
# Fields of forms and of JSON: name=张伟, "recipient": "李雷", 签收：王五, 个人：王芳.
_FIELD = re.compile(
    rf"(?:(?<![A-Za-z])(?i:[a-z]*_?name|recipient|receiver|consignee|contact|customer|buyer)[\"']?|签收|簽收|个人|個人|本人|客户|顾客|买家)[ ]*[:=][ ]*[\"']?"
    rf"(?P<name>{_SURNAME}[{_HAN}]{{1,2}})(?![{_HAN}])"
)
_LATIN_LABELLED = re.compile(rf"{_LABEL}(?:[ ]*(?:[:：]|[改换写填]?[成为是叫]))?[ ]*{_LATIN}")
_LATIN_SAID = re.compile(rf"(?:我叫|名字[是叫]|我是|[他她]叫|寄给|发给|转交给?)[ :：]*{_LATIN}")
_STRONG_SAID = re.compile("叫|名")
_TITLE = r"(?:先生|女士|小姐|太太|夫人|老师|老師|经理|經理|主任|师傅|師傅|医生|醫生|大夫|律师|律師|教授|博士|同学|同學|阿姨|叔叔|大哥|大姐|大爷|大妈|老板|老闆|店长|店長|主管|总监|總監|董事长|会计|同志|工程师|校长|院长|护士|奶奶|爷爷|姐姐|哥哥|小朋友)"
_SHORT_TITLE = r"(?:总|總|姐|哥|工|董|叔|姨|婶|嫂|爷|局|处|科|队|导|女士)"
_TITLED = re.compile(rf"(?P<name>{_SURNAME}(?:[{_HAN}]{{1,2}}?)?)(?P<title>{_TITLE})(?!们|們|傅|节|卡|好)")
_SHORT_TITLED = re.compile(
    rf"(?:(?<![{_HAN}])|(?<=[找叫是给跟和问让请替帮对下到,，]))(?P<name>{_COMMON_SURNAME}{_SHORT_TITLE})(?=[的在说要让给叫来去就都也吗呢吧啊已刚]|$|[^{_HAN}])"
)
_DIMINUTIVE = re.compile(
    rf"(?:(?<![{_HAN}])|(?<=[找叫是给跟和问让请替帮对下告向由的卫安居事员友库台服]))(?P<name>[老小阿][王李张刘陈杨赵吴周徐孙朱胡郭何林罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁任卢姚沈姜崔谭陆范汪廖韦贾夏邹孟秦邱侯尹薛雷張劉陳楊趙吳孫羅鄭謝許鄧馮])"
    rf"(?=[的在说收要,，。！？!?～…~ 就也都还又能会了吗呢吧啊呀哈回去来拿签取送给跟和帮让找叫接已刚今昨明代加]|$|[^一-鿿])"
)
# What goes on after a name in a sentence.
_GOES_ON = r"的(?:快递|包裹|订单|单子|货|电话|手机|号码|地址|账号|帐号|名字|名下|件|东西|会员|卡|信息|资料|身份证|微信|邮箱|售后|退款|发票|那单|那个|号|裙|鞋|茶)|收(?!到|货|件|费|藏|纳|获|入|回|敛|拾|购|银|据|集|益|录)|签收|代收|代签|自提|下的?单|下单|的?(?:手机|电话|号码|微信)?(?:号码?|是)*[ :：]{0,2}[+0-9]{3}|[,，] ?[男女](?:[,，性]|$)|订的|买的|付的|付款|拍的|寄的|取|亲收|本人|亲启|来取|已经?签"
_IN_SENTENCE = re.compile(
    rf"(?:(?<![{_HAN}])|(?<=[是给跟和问让请替帮对用以由把到往查叫向找与及下、]))(?P<name>{_SURNAME}[{_HAN}]{{1,2}}?)(?={_GOES_ON})"
)
_ALONE = re.compile(
    rf"(?<![{_HAN}A-Za-z0-9])(?P<name>{_SURNAME}[{_HAN}]{{1,3}}?)(?:[ ]?[(（]?收[)）]?|谢谢|谢了|哈哈?|麻烦)?(?![{_HAN}A-Za-z0-9])"
)

# Where a name cannot go on: after its second character these begin something else.
_STOPS = frozenset(
    "的在是了吗呢有没不和跟给帮把被让说，也都就还要想买这那您你我他她它们哦啊呀嘛哈吧，和与及或但因为所以请电手地收快麻谢尾订邮住下身先女小老经主微号从已跑今昨明去来到用于寄发换改买查代签"
)
_NOT_WORDS = """
高一 高二 高三 高中 高大 安心 安康 平安 平凡 程海 余生 周全 周末 高明 高人 方圆 白雪 白云 黄河 黄海 江南 江山 江河 金石 金银 石林 石英 马力 马里 孟春 夏冬 陈年 陆海 龙凤 龙虎 龙宫 钟爱 华丽 柳州 洪水 杜莎 谢谢 高兴 方便 安全 时间 马上 万一 和平 金额 包装 包邮 温泉 华硕 任何 关于 常常 成功 于是 应该 何时 路上 全部 平台 白色 黄色 单号 解决 管理 经常 小姐 先生 女士 老师 顾客
客户 同学 安排 文件 方法 方式 方面 马桶 高级 高度 高端 水果 牛奶 金色 花费 明天 明白 明细 时候 应当 连接 连衣裙 程序 成本 成都 成品 成人 温度 温馨 易碎 严重 严格 文字 文化 文具
石头 田园 钱包 钱款 毛巾 毛衣 夏天 夏季 秦皇岛 江苏 江西 广东 河北 向您 向我 向你 和你 和我 和他 和她 于我 于你 车子 车费 解释 解答 计划 计算 单位 单独 单买
白茶 白毫 黄金 黄芽 龙井 金骏眉 余额 余款 贝壳 米色 尚未 全款 全新 全额 全家 支付 关注 关闭 关系 代付 代收 代签 代买 代发 席位 简单 简直 古树 古典 司机 商家 商品 商城 项目 项链 边上 应付 池州 沙发 桑拿 修改 修理 花瓶 花茶 花色
查询 查看 查收 查下 查一下 仲裁 计较 管家 路线 游戏 景德镇 农村 宁波 康师傅 顾问 顾虑 范围 高铁 石家庄 章程 万元 万分 向导 常见 常用 常温 施工 文艺 牛肉 安装 安心 安静 齐全 易拉罐 史上 段时间 毛病 毛尖
方案 方向 金牌 金属 金卡 雷锋 龙年 陶瓷 武汉 武夷 贺卡 白菜 白酒 白天 江湖 侯门 孟婆 邱县 何必 何况 高手 高档 高速 高考 梁山 宋代 唐代 唐装 许多 许可 韩国 韩版 韩式 曾经 肖像 田地 董事 余下 于此 杜绝 叶子
程度 苏州 任务 任意 任性 任选 姚明 钟头 钟表 姜茶 陆续 范本 汪汪 胡说 胡椒 胡同 郭德纲 林业 罗马 罗列 高低 郑重 郑州 马克 马路 马甲 周末 周边 周一 周二 周三 周四 周五 周六 周日 周年 周到 周围 黄油 黄山 杨梅 张口 张嘴
李子 王牌 王者 赵州 吴江 徐州 徐徐 孙子 孙女 朱红 何处 何种 何来 何地
"""
# Family names that are as often a verb, a preposition or a measure: inside a sentence they need an edge before them.
_LOOSE = frozenset(
    "和任时全成向于从万常单关应连解计管代容易安平石金明木水田白毛花修尚支项车何方程段章付包钱游查时都来让由用"
)
_BEFORE_NAMES = frozenset("找叫是给跟问让请替帮对谢的下由转")
_PARTICLES = frozenset("和时全从让由用来都成应连解")  # even after a cue, more often no name
_NO_END = frozenset(
    "店村路街镇区市县省楼馆院园城站司"
)  # of a name that nothing but its family name makes likely


_NOT = frozenset(_NOT_WORDS.split())


@dataclass(frozen=True, slots=True)
class FoundName:
    """text[start:end]; `how` is the rule: labelled, said, titled, title, beside, sentence, alone. `kind` name or name_title."""

    start: int
    end: int
    kind: str
    name: str = field(repr=False)
    confidence: float
    how: str


def find(text: str, beside: Iterable[tuple[int, int]] = ()) -> list[FoundName]:
    """In simplified or traditional, narrow text; may overlap. `beside`: spans of phones, addresses, ids: a name next to one
    is a name."""
    out = [*_labelled(text), *_said(text), *_titled(text), *_in_sentences(text)]
    out += [
        _made(hit.start("name"), hit["name"], 0.88, "labelled")
        for pattern in (_LATIN_LABELLED, _LATIN_SAID)
        for hit in pattern.finditer(text)
    ]
    out += [
        _made(hit.start("name"), hit["name"], 0.88, "labelled")
        for hit in _FIELD.finditer(text)
        if plausible(hit["name"]) and hit["name"] not in _NOT
    ]
    places = sorted(beside)
    if places:
        out += _beside(text, places)
    if alone := _alone(text):
        out.append(alone)
    return out


def _labelled(text: str) -> Iterator[FoundName]:
    for hit in _LABELLED.finditer(text):
        said, colon = hit["name"], hit["sure"] or ""
        name = _cut(said)
        if not name or name in _NOT:
            continue
        if not _has_surname(name) and not _bounded(text, hit.start("name") + len(name)):
            continue
        if not _has_surname(name) and (":" not in colon or _word(name) or name[0] in "我你您他她它"):
            continue
        if not colon and (name[0] in _PARTICLES or _word(name) or not plausible(name)):
            continue
        if _word(name) and not plausible(name):
            continue
        start = hit.start("name")
        yield _made(start, name, 0.95 if colon.strip() else 0.85, "labelled")


def _said(text: str) -> Iterator[FoundName]:
    at = 0
    while hit := _SAID.search(text, at):
        at = hit.end("cue")  # 客户代表刘芳: what follows one word may be another
        name = _cut(hit["name"])
        if not name or name in _NOT:
            continue
        strong = _STRONG_SAID.search(hit["cue"])
        rest = text[hit.start("name") + len(name) : hit.start("name") + len(name) + 3]
        if re.match(_TITLE, rest) or re.match(_TITLE, name[1:]):
            continue
        if not strong and (
            not plausible(name) or (_word(name) and not (len(name) == 2 and name[0] in COMMON))
        ):
            continue
        if (
            strong
            and not plausible(name)
            and (_word(name) or not _bounded(text, hit.start("name") + len(name)))
        ):
            continue
        if not strong and (name[0] in _PARTICLES or (name[0] not in COMMON and len(name) < 3)):
            continue
        if not strong and not re.match(
            rf"[^{_HAN}]|$|[,，。的收了吧吗呢哦啊说要来取在投已去打下买签给刚把今昨也又还现]|先生|女士|下单|本人",
            rest,
        ):
            continue
        yield _made(hit.start("name"), name, 0.93 if strong else 0.85, "said")


def _titled(text: str) -> Iterator[FoundName]:
    for hit in _TITLED.finditer(text):
        name, title = hit["name"], hit["title"]
        alone = name in COMPOUND or len(name) == 1
        if alone:
            before = text[hit.start() - 1 : hit.start()]
            if name not in COMPOUND and (
                name + title in _NOT or _joins(before, name) or _loose(name, before)
            ):
                continue
            yield FoundName(hit.start(), hit.end(), "name_title", hit[0], 0.92, "title")
        elif (
            plausible(name)
            and name not in _NOT
            and not _word(name)
            and not listed(name[1:] + title)
            and not _loose(name[0], text[hit.start() - 1 : hit.start()])
        ):
            yield _made(hit.start(), name, 0.9, "titled")
        else:  # 「谢谢王先生」: the family name stands right before the title
            last = name[-1]
            if last in SINGLE and not _joins(name[-2], last) and not _loose(last, name[-2]):
                start = hit.start() + len(name) - 1
                yield FoundName(start, hit.end(), "name_title", text[start : hit.end()], 0.85, "title")
    for pattern, sure in ((_SHORT_TITLED, 0.85), (_DIMINUTIVE, 0.8)):
        for hit in pattern.finditer(text):
            if hit["name"] not in _NOT and (pattern is _DIMINUTIVE or not _word(hit["name"])):
                yield FoundName(*hit.span("name"), "name_title", hit["name"], sure, "title")


def _in_sentences(text: str) -> Iterator[FoundName]:
    for hit in _IN_SENTENCE.finditer(text):
        name = hit["name"]
        if name in _NOT or _word(name) or not plausible(name):
            continue
        if _loose(name[0], text[hit.start("name") - 1 : hit.start("name")]):
            continue
        yield _made(hit.start("name"), name, 0.82, "sentence")


def _beside(text: str, places: list[tuple[int, int]]) -> Iterator[FoundName]:
    """「张三 13800138000 浙江省…」: alone between separators, next to what is surely a person's."""
    for hit in _ALONE.finditer(text):
        name = hit["name"].removesuffix("收")
        if name in _NOT or len(name) < 2 or not _made_alike(name):
            continue
        near = any(0 <= start - hit.end() <= 8 or 0 <= hit.start() - end <= 4 for start, end in places)
        if near:
            yield _made(hit.start("name"), name, 0.88, "beside")


def _alone(text: str) -> FoundName | None:
    """The whole message is a name: the answer to 「请问怎么称呼」."""
    said = text.strip(" ,，。.!！\n")
    if (
        2 <= len(said) <= 4
        and said not in _NOT
        and _has_surname(said)
        and plausible(said)
        and not _word(said)
    ):
        if len(said) == 2 and said[0] not in COMMON:
            return None
        return _made(text.index(said), said, 0.75, "alone")
    return None


def _made(start: int, name: str, sure: float, how: str) -> FoundName:
    return FoundName(start, start + len(name), "name", name, sure, how)


def _cut(said: str) -> str:
    """Of the characters after a cue, those that are the name; "" where that cannot be said."""
    family = 2 if said[:2] in COMPOUND else 1
    if "·" in said:
        return said
    for at in range(family + 1 if family < len(said) else family, len(said)):
        if said[at] in _STOPS and not (at == family + 1 and said[at] in GIVEN and _bounded(said, at + 1)):
            return said[:at] if at > family else ""
        if at >= family + 2:
            break
    said = said[: family + 2]
    if len(said) == family + 2 and not plausible(said) and plausible(said[:-1]):
        return said[:-1]
    return said if len(said) > family else ""


def _has_surname(name: str) -> bool:
    return name[:2] in COMPOUND or name[0] in SINGLE


def _given(name: str) -> str:
    return name[2:] if name[:2] in COMPOUND else name[1:]


def plausible(name: str) -> bool:
    """Made as names are: a family name, and given characters that names use."""
    given = _given(name)
    return _has_surname(name) and 0 < len(given) <= 2 and all(it in GIVEN for it in given)


def _made_alike(name: str) -> bool:
    """Plausible, or with a given name of other characters after a common family name, and no word."""
    if len(_given(name)) > 2 or any(it in _STOPS for it in _given(name)[1:]):
        return False
    if listed(name) and name[0] not in COMMON:
        return False
    return plausible(name) or (
        name[0] in COMMON and name[1] not in _STOPS and name[-1] not in _NO_END and not listed(name)
    )


def _loose(family: str, before: str) -> bool:
    return (
        family in _LOOSE
        and bool(before)
        and bool(re.match(f"[{_HAN}]", before))
        and before not in _BEFORE_NAMES
    )


def _bounded(text: str, at: int) -> bool:
    return at >= len(text) or not re.match(f"[{_HAN}]", text[at])


def _joins(before: str, surname: str) -> bool:
    """Whether the character before makes a word of the family name: 「经常老师」, 「成都市高老师」 does not."""
    if not re.match(f"[{_HAN}]", before) or before in _BEFORE_NAMES:
        return False
    return listed(before + surname)


def _word(said: str) -> bool:
    """Whether it is a word of the dictionary. That has some persons too: three characters made as names are stay names."""
    return listed(said) and not (len(said) > 2 and plausible(said) and said[-1] not in "山江河湖海林城宫寺园")
