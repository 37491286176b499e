"""Words of courtesy as data: greetings, thanks, farewells, forms of address, impatience and rudeness, in Chinese and English.

They say what a message is *besides* its question (「亲在吗？订单到哪了」 is a greeting and a question), and how to address
the reply. Judging is for those who read it: a rude word is often about a parcel. Lists are lower case and simplified.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from mingbai.zh.mapped import Mapped
from mingbai.zh.width import normalise

Courtesy = Literal[
    "greeting", "calling", "thanks", "farewell", "apology", "please", "address", "impatience", "rude"
]

# 在吗, 有人吗 only call for somebody: an answer that waits for the question after it is fine.
WORDS: dict[Courtesy, tuple[str, ...]] = {
    "greeting": (
        "你好", "您好", "大家好", "早上好", "上午好", "中午好", "下午好", "晚上好", "早安", "晚安", "早啊", "哈喽", "哈啰", "嗨", "嘿", "hello", "hi",
        "hey", "good morning", "good afternoon", "good evening", "greetings", "新年好", "过年好", "节日快乐", "新年快乐", "你好呀", "你好啊",
    ),
    "calling": (
        "在吗", "在不在", "在么", "在不", "有人吗", "有人在吗", "有没有人", "客服在吗", "老板在吗", "店家在吗", "人呢", "在线吗", "请问在吗", "anyone there",
        "are you there", "anybody there", "吱一声", "戳一下",
    ),
    "thanks": (
        "谢谢", "谢了", "多谢", "感谢", "感恩", "谢谢啦", "辛苦了", "辛苦啦", "麻烦了", "麻烦你了", "蟹蟹", "3q", "3ks", "thank you so much", "thank you very much", "thanks a lot", "many thanks", "thank you", "thanks", "thx", "ty",
        "much appreciated", "cheers", "比心", "么么哒", "唔该", "劳驾了", "费心了",
    ),
    "farewell": ("再见", "拜拜", "拜", "88", "bye", "goodbye", "回见", "回头见", "先这样", "就这样吧", "没事了", "不用了", "see you"),
    "apology": ("不好意思", "抱歉", "对不起", "打扰了", "打扰一下", "唔好意思", "sorry", "excuse me", "apologies", "pardon"),
    "please": ("请问", "麻烦", "劳驾", "请", "帮忙", "帮我", "求", "拜托", "请教", "please", "pls", "plz", "could you", "would you", "can you"),
    "address": (
        "亲", "亲亲", "亲爱的", "宝", "宝宝", "宝贝", "宝子", "老板", "老板娘", "掌柜", "掌柜的", "店家", "卖家", "客服", "小二", "店小二", "小姐姐", "小哥哥", "姐",
        "哥", "美女", "帅哥", "小妹", "师傅", "您", "亲们", "集美", "家人们", "sir", "madam", "ma'am", "dear", "guys", "buddy", "mate", "team",
    ),
    "impatience": (
        "快点", "快一点", "赶紧", "尽快", "急", "很急", "着急", "急急急", "怎么还不", "怎么还没", "等了好久", "等半天", "多久了", "催一下", "催催", "到底",
        "还要多久", "半天不回", "不回复", "不理人", "没人理", "能不能快", "第几次", "一直不", "hurry", "asap", "urgent", "still waiting", "how long",
        "what's taking", "immediately", "right now",
    ),
    "rude": (
        "垃圾", "辣鸡", "骗子", "骗人", "坑人", "坑爹", "黑店", "奸商", "无良", "恶心", "滚", "滚蛋", "废物", "白痴", "傻", "傻逼", "煞笔", "沙雕", "智障", "脑残", "有病",
        "神经病", "不要脸", "王八蛋", "混蛋", "狗屁", "放屁", "他妈", "tmd", "妈的", "nmd", "nmsl", "sb", "cnm", "去死", "死全家", "操", "卧槽", "靠", "屁用",
        "什么玩意", "什么东西", "敷衍", "糊弄", "忽悠", "耍我", "scam", "scammer", "fraud", "liar", "idiot", "stupid", "moron", "bullshit", "crap", "wtf", "damn",
        "fuck", "shit", "garbage", "useless", "pathetic", "ridiculous", "ripoff", "rip off", "asshole", "joke of a",
    ),
}  # fmt: skip

# The reply's own words of respect, by how the customer spoke; a shop's style file may say otherwise.
FORMAL, CLOSE = "您", "亲"

_KIND = {word: kind for kind, words in WORDS.items() for word in words}
_PATTERN = re.compile("|".join(re.escape(word) for word in sorted(_KIND, key=len, reverse=True)))
# One character proves nothing inside a word: 宝贝 is fine, 宝 of 珠宝 is not, 急 of 急救, 亲 of 母亲.
_INSIDE = {
    "亲": "父母双相探乡娘宗近血至嫡亲", "宝": "珠元财淘支余法国通", "请": "申邀聘", "拜": "崇礼膜拜", "姐": "大小空表堂", "哥": "大表堂墨", "急": "应缓",
    "滚": "翻", "操": "体", "靠": "可依停牢", "求": "要需追请", "88": "0123456789",
}  # fmt: skip
_AFTER = {
    "亲": "子自人戚手密情切身眼友属近生", "宝": "石马剑贵藏物安", "请": "假柬", "急": "救诊性躁", "滚": "筒动烫水", "操": "作场控心纵", "靠": "近谱背墙垫窗山在", "姐": "妹夫",
    "哥": "们窑伦", "求": "职婚", "88": "0123456789", "拜": "访托", "傻": "瓜", "垃圾": "桶袋箱",
}  # fmt: skip


class Said(NamedTuple):  # a hostile text has tens of thousands
    start: int
    end: int
    kind: Courtesy
    word: str


def find(text: str) -> list[Said]:
    """Courtesies in order, longest first at each place."""
    return find_in(normalise(text))


def find_in(shown: Mapped) -> list[Said]:
    text = shown.text.translate(_LOWER)
    out = []
    for hit in _PATTERN.finditer(text):
        word = hit[0]
        start, end = hit.span()
        before = text[start - 1 : start] if start else ""
        after = text[end : end + 1]
        if (before and before in _INSIDE.get(word, "")) or (after and after in _AFTER.get(word, "")):
            continue
        if word[0] < "\x80" and (_is_latin(before) or _is_latin(after)):
            continue
        out.append(Said(*shown.back(start, end), _KIND[word], word))
    return out


def bare(text: str) -> bool:
    """Whether the message is courtesy and nothing else: 亲，在吗？"""
    found = find(text)
    if any(said.kind in ("impatience", "rude") for said in found):
        return False
    edges = [0, *(at for said in found for at in said[:2]), len(text)]
    left = "".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    return left != text and not re.search(r"[^\W_]", re.sub("[吗呢啊呀哦哈了的么吧啦嘛哟~～]", "", left))


def addressed_as(text: str) -> str:
    """您 to whom says 您 or is formal, 亲 back to who says 亲 or 宝, "" where nothing tells."""
    words = {it.word for it in find(text) if it.kind == "address"}
    if "您" in words or "您" in text:
        return FORMAL
    return CLOSE if words & {"亲", "亲亲", "亲爱的", "宝", "宝宝", "宝贝", "宝子"} else ""


_LOWER = {upper: upper + 32 for upper in range(65, 91)}


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
