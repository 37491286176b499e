"""What a question asks for, by its own words: 里衬 of 长裙有里衬吗, organic of is your longjing organic. Pure.

Chinese: the noun that the asking word stands by (什么X, X多少, 有X吗), else the last word of the clause. English: the words of an
asking sentence that are not among the common ones. What the shop has of them is the caller's to find out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from mingbai.shop.search.normal import folded
from mingbai.shop.search.terms import cutter
from mingbai.shop.skills import ontology

_CLAUSE = re.compile(r"[，,。；;！!？?\n…~～]+|(?<=[一-龥])\s+(?=[一-龥])")
_SENTENCE = re.compile(r"(?<=[.?!;])\s+|\n+|\.{2,}")
_COUNT = r"多少|百分之几|几(?!乎|天后)|多[大高长宽深厚重粗久远](?!时间)|多长时间"
_WHAT = r"什么|啥|哪(?:一)?[个种家位款座片间条所批国省届趟道门级]?|边[个位间款只]|边(?=班)|谁"
_ASKS_WHAT = re.compile(rf"(?P<count>{_COUNT})|(?P<what>{_WHAT})")
_WHETHER = re.compile(
    r"(?:[吗么嘛不没噻咩]|没有|行不行|可不可以|能不能|是不是|对不对)[啊呀哦呢的了]*$|有没有|有无|有冇|是不是|能不能|会不会|可不可以|([一-龥])[不没]\1|还是"
)
_TAIL = re.compile(
    r"(?:吗|么|嘛|呢|啊|呀|哦|噻|咩|呗|吧|了|的|没有?|不|行不行|行|可不可以|可以|能不能|是不是|对不对|一下|来着|可行|合格|超标|达标)+$"
)
_LEAD = re.compile(
    r".*(?:有没有|有无|有冇|是不是|算不算|含不含|带不带|支不支持|支持|通过|符合|达到|属于|会不会|能不能|可不可以|可以|用的是|用的|有|是|含|带|配|附|能(?!力|耗|效)|会(?!员))"
)
_GIVE = re.compile(
    r"(?:发|给|念|报|抄|拍|告诉)(?:给)?(?:我|俺|一下|个|一份|一个)|(?:给我|帮我)(?:发|念|报|抄|拍|看|查)"
)
_BEFORE = re.compile(
    r"(?:的|是|(?<![关体联])系|有|控制|控|设|调|为|叫|用|拿|由|要|得|各|都|大概|一般|一共|总共|分别|应该|到底|究竟|能|可以|会|属于)+$"
)
_UNITS = re.compile(
    r"^(?:毫?升|[毫厘分]?米|公分|公?斤|[千毫]?克|度|瓦|伏|元|块|毛|[个只支条根张片件套盒罐包袋份杯壶泡道次年月日天号周小时分钟秒岁码寸分贝目层颗粒点钱人家一种倍％%]|时候|时间|会儿|阔|大(?!卡)|高|长)"
)
_CLASSED = re.compile(r"[种款类层档]")
_LASTS = re.compile(r"分钟|秒|小时")
_OF_TIME = re.compile(r"[天日号年月周]|星期|礼拜|个月")
_MODAL = "能会可要够想请该须敢"
_ELEMENT = re.compile(r"[铅镉汞砷锰铬](?!笔|球|华)")
_OF_SOMETHING = frozenset(
    ("含量", "比例", "成分", "浓度", "系数", "指数", "数值", "占比", "用量", "残留", "认证", "报告")
)
_UNIT = 2  # characters of a unit; 卡路里 is asked for as a thing
_NAMES = ("n", "eng", "vn", "j", "l", "i", "nz")
_LATIN = re.compile(r"[a-z][a-z'-]*[a-z]|[a-z]+\d+|\d+[a-z]{2,}")
_ASKS_EN = re.compile(
    r"\?|^\W*(?:so |and |but |or |also |hi |hello |hey )*(?:(?:from|at|in|on|with|for|by|to) )?(?:what'?s?|which|who'?s?|whose|how'?s?|where'?s?|when|why|is|are|was|were|do|does|did|has|have|can|could|will|would|any|tell me|send me|give me|show me|can you|could you|i (?:want|need|would like|'d like) to know|do you know|wondering)\b"
)
_BOUND_EN = re.compile(
    r"\b(?:what|which|whose)(?:'s| is| are| was| were| do| does| did)? (?:the |my |your |this |that )?((?:[a-z-]+ ?){1,3})"
    r"|\bnames? of (?:the |a |your )?((?:[a-z-]+ ?){1,2})"
    r"|\b(?:send|give|show|tell|read|forward)(?: to)? me (?:the |a |an |my |your )?((?:[a-z-]+ ?){1,3})"
)
# What a measure or a material is asked of: how long is the power cord, what is the lining made of.
_PART_EN = re.compile(
    r"\b(?:how [a-z]+|what|what (?:colou?r|material|size|length|width|[a-z]+ of [a-z]+)) (?:is|are|was|were) (?:the|its|your|their) ((?:[a-z-]+ ?){1,4}?)(?= ?(?:made|of|for|in|on|when|and|,|\?|$))"
)


@dataclass(frozen=True, slots=True)
class Thing:
    """`words` name what is asked for, the main one first; any of them will do. `part`: whose measure or material it is."""

    words: tuple[str, ...]
    part: bool = False
    count: bool = False  # a figure of it is asked for
    unit: str = ""  # of the figure that is asked for, where minutes are no hours
    bound: bool = True  # the asking word stands right by it (what plane, send me the photo), or it is only of the sentence


@lru_cache(512)
def things(text: str, zh: bool) -> tuple[Thing, ...]:
    plain = folded(text)
    return tuple(_chinese(plain)) if zh else tuple(_english(plain))


def _chinese(plain: str) -> list[Thing]:
    out: list[Thing] = []
    for clause in _CLAUSE.split(plain):
        found = list(_ASKS_WHAT.finditer(clause))
        if found:
            for hit in found:
                out += _by_what(clause, hit)
        elif _WHETHER.search(clause):
            out += _whether(clause)
        elif _GIVE.search(clause):
            out += _last(_GIVE.sub("", clause))
    return out


def _by_what(clause: str, hit: re.Match[str]) -> list[Thing]:
    after = clause[hit.end() :]
    if hit["count"] and (kind := _CLASSED.match(after)) and (nouns := _leading(after[kind.end() :])):
        return [Thing(nouns, count=True)]  # 几种颜色
    if hit["what"] and hit[0][-1] == "哪" and _OF_TIME.match(after):
        return []  # 哪天能到 asks for a day, and of no 天能
    if hit["what"] or not _UNITS.match(after):
        nouns = _leading(after)
        if nouns and len(ontology.asked(hit[0] + nouns[0])) <= len(ontology.asked(hit[0])):
            return [Thing(nouns)]
    if hit["what"] and not hit[0].startswith("什么"):
        return []
    unit = _LASTS.match(after) if hit["count"] else None
    return _ending(clause[: hit.start()], bool(hit["count"]), unit[0] if unit else "")


def _ending(before: str, count: bool = False, unit: str = "") -> list[Thing]:
    """The nouns that a text ends with: what a measure, a material or an origin is asked of. Two where it asks of both."""
    tagged = _tagged(_BEFORE.sub("", before))
    out: list[Thing] = []
    while tagged:
        word, tag = tagged.pop()
        if word in _OF_SOMETHING and tagged:
            if tagged[-1][0] == "的":
                tagged.pop()
            if tagged and _names(*tagged[-1]):
                word, tag = tagged.pop()
        if len(word) == 1 and tag == "n" and tagged and not tagged[-1][1].startswith("u"):
            word = tagged.pop()[0] + word  # 滴滴声
        if (
            len(word) < 2
            or word in _common("zh")
            or word[0] in _MODAL
            or not (_names(word, tag) or tag == "a" or (count and tag.startswith("nr")))
        ):
            break
        out.append(Thing((word,), part=True, count=count, unit=unit))
        if not tagged or tagged.pop()[0] not in ("跟", "和", "与", "、", "及", "还有"):
            break
    return out


def _leading(after: str) -> tuple[str, ...]:
    """The nouns that a text begins with."""
    out: list[str] = []
    for word, tag in _tagged(after):
        if tag == "uj" and out:
            continue
        if not _names(word, tag) or word in _common("zh"):
            break
        out.append(word)
    return (out[-1],) if out and len(out[-1]) > 1 else ()


def _whether(clause: str) -> list[Thing]:
    sides = [side for side in clause.split("还是") if side]
    if len(sides) > 1:
        words = tuple(w[-1] for side in sides if (w := _content(_LEAD.sub("", _TAIL.sub("", side)))))
        return [Thing(words)] if words else []
    subject, is_it, _ = clause.partition("是")
    of = _ending(subject) if is_it and not subject.endswith(("不", "还")) else []
    bare = _TAIL.sub("", _GIVE.sub("", clause))
    rest = _LEAD.sub("", bare)
    asked = _last(rest) or (_ending(bare[: len(bare) - len(rest) - 1]) if not of else [])
    return [*of, *asked]


def _last(region: str) -> list[Thing]:
    words = _content(region)
    while len(words) > 1 and words[-1] in _OF_SOMETHING:
        words.pop()
    return [Thing((words[-1],))] if words else []


def _content(region: str) -> list[str]:
    """Its nouns and foreign words; a noun of one character where it stands alone (含镉吗). An element is asked for by its name."""
    if (named := _ELEMENT.search(region)) is not None:
        return [named[0]]
    tagged = _tagged(region)
    return [
        word
        for word, tag in tagged
        if (len(word) > 1 or (len(tagged) == 1 and tag == "n" and word >= "一"))
        and _names(word, tag) and word not in _common("zh")
    ]  # fmt: skip


def _names(word: str, tag: str) -> bool:
    """Whether it is a noun; a word that no dictionary has is one (盘扣)."""
    if tag.startswith("nr"):
        return False
    return (
        tag.startswith(_NAMES)
        or (tag == "q" and len(word) > _UNIT)
        or (
            tag == "v"
            and len(word) > 1
            and word[0] != word[-1]
            and word[-1] not in "到得着过了成完掉住起来去上下"
            and not cutter().has_word(word)
        )
    )


def _tagged(text: str) -> list[tuple[str, str]]:
    import rjieba

    return list(rjieba.tag(text)) if text else []


def _english(plain: str) -> list[Thing]:
    out: list[Thing] = []
    for sentence in _SENTENCE.split(plain):
        if not _ASKS_EN.search(sentence):
            continue
        said = sentence.replace("'s", "")
        bound = {
            w for hit in _BOUND_EN.finditer(said) for w in _telling(next(g for g in hit.groups() if g))[:1]
        }
        parts = {w for hit in _PART_EN.finditer(said) for w in _telling(hit[1])[-1:]}
        out += [Thing((w,), part=w in parts, bound=w in bound) for w in _telling(said)]
    return out


def _telling(said: str) -> list[str]:
    return list(dict.fromkeys(w for w in _LATIN.findall(said) if not is_common(w)))


def is_common(word: str) -> bool:
    return (
        word in _common("en")
        or word.removesuffix("s") in _common("en")
        or (word.endswith("ly") and len(word) > 5)
    )


@cache
def _common(lang: str) -> frozenset[str]:
    lines = (files("mingbai.shop.skills") / "data" / f"common_{lang}.txt").read_text("utf-8").splitlines()
    return frozenset(w for line in lines if not line.startswith("#") for w in line.split())
