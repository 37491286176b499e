"""Which words of a message name goods, and in which colour: by the shop's own titles, options and tags where it is known.

A name is a thing (盖碗, teapot) with the words of kind, colour or make right before it (天青盖碗). Goods the shop does
not have are found only by the frame of a question (「汝窑花瓶有货吗」), so that a near name never stands in for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from mingbai.turn.understand.form import plain
from mingbai.turn.understand.table import sections, words
from mingbai.values.records import Product, Variant
from mingbai.zh.words import listed

_COLOR_OPTION = re.compile(r"颜色|色|釉色|花色|colou?r", re.IGNORECASE)
_SIZE_OPTION = re.compile(r"尺码|尺寸|规格|容量|长度|号|size|capacity", re.IGNORECASE)
_SPLIT = re.compile(r"[\s,，()（）/、·>]+")
_HAN_WORD = re.compile(r"[\u3400-\u9fff]{2,}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_MAIN_EN = re.compile(r"[,(]| (?:with|for|in|and|of|from|to)\b")
_SERVICE = re.compile(r"包装(?!盒|袋)|[- ]?wrap(?:ped|ping)?\b")
# What is asked of an article (多大容量, 容量多大) is no article's name.
_NO_NAME = re.compile(
    r"^(?:再|另外|另|单独?)?(?:配|补|买|换|加|拍)(?:上)?一?[个只把套件条盒]$|[0-9]{4}|什么|怎么|多少|可以|能|没|不|吗|几|^(?:的|色)|多[大高长重宽厚深]"
    r"|^[它这那其]?(?:的)?(?:容量|尺寸|大小|重量|净重|高度|长度|宽度|直径|口径|材质|质地|产地|保质期)?$"
)
# 「…有货吗」: what stands before, without the words that lead into it.
_FRAME_ZH = re.compile(
    r"(?:^|[,，。?!;；\s]|你们|你家|店里|请问|想问下?|问下|问一下|那个|这个|那款|这款|的那个|有没有|有无|我想买|想买|想要|我要买|要买)"
    r"(?P<goods>[\u3400-\u9fffa-z0-9 ]{2,14}?)(?:还|现在|今天|都|是|在)?"
    r"(?:有没有货|有货|有现货|没货|补货|什么时候补|缺货|多少钱|怎么卖|什么价|几多钱|怎么用|怎么清洗|怎么开壶|是什么材质|什么材质|材质|多大|容量|能用券|在哪产|保质期)"
)
# After an is, only with what is asked of it: is the hob in stock. After how much is, whatever is named.
_FRAME_EN = re.compile(
    r"(?:\b(?:do you (?:have|sell|carry|stock)|how much (?:is|are|for)|price of)|(?P<asks>\b(?:is|are|what does)))"
    r"\s(?:(?:the|a|an|any|your|this|some)\s)?(?!there\b|it\b|that\b|you\b|i\b|we\b|someone\b|any)(?P<goods>[a-z' -]{3,40}?)\s?"
    r"(?:in stock|available|dishwasher|microwave|cost|sold out|still|(?(asks)(?!)|(?:\?|$)))",
)
_LEAD = re.compile(
    r"^(?:你们|你家|店里|请问|想问|问一下|问下|那个|这个|那款|这款|那种|这种|有没有|我想买|想买|想要|我要|要买|买|的|那|这|还|一个|个|亲|您好|你好|我|看的|看中|之前|是|今天|现在|下|一下|啊|吗|呢|到|在|里)+"
)
_COUNT = re.compile(r"(?:one|two|three|four|five|six|ten|a|an|any|each|both) ")
# Where an English name ends: the teapot for my mother, postage to Macau.
_PREPOSITION = re.compile(r" (?:to|from|for|in|on|at|by|until|than|and|or|if|when|that|which|with)\b")
_BUILDS = frozenset(
    (
        "over",
        "left",
        "off",
        "before",
        "after",
        "not",
        "so",
        "very",
        "too",
        "still",
        "possible",
        "safe",
        "able",
        "going",
        "being",
        "only",
        "just",
        "really",
    )
)
_WITH = re.compile(r"\bwith (?:the |a |an |its )?(?:[a-z]+ )?$")
_JOINS = (" ", "-", "'s ")  # between two English nouns that name one thing


class Lexicon:
    """Words looked up by where they begin, longest first: as fast for a hundred thousand titles as for ten."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(word for word in words if word)
        lengths: dict[str, set[int]] = {}
        endings: dict[str, set[int]] = {}
        for word in self.words:
            lengths.setdefault(word[:2], set()).add(len(word))
            endings.setdefault(word[-1], set()).add(len(word))
        self._lengths = {start: sorted(found, reverse=True) for start, found in lengths.items()}
        self._endings = {end: sorted(found, reverse=True) for end, found in endings.items()}

    def at(self, text: str, start: int) -> int:
        """Where the longest word that begins there ends, a plural's s with it; -1 where none does."""
        latin = text[start].isascii() and text[start].isalnum()
        if latin and start and text[start - 1].isascii() and text[start - 1].isalnum():
            return -1
        for length in (*self._lengths.get(text[start : start + 2], ()), *self._lengths.get(text[start], ())):
            end = start + length
            if end <= len(text) and text[start:end] in self.words and (bounded := _bounded(text, end)) >= 0:
                return bounded
        return -1

    def before(self, text: str, end: int) -> int:
        """Where the longest word that ends there begins, -1 where none does."""
        for length in self._endings.get(text[end - 1], ()) if end else ():
            start = end - length
            if start >= 0 and text[start:end] in self.words and not (
                text[start].isascii() and text[start].isalnum() and start and text[start - 1].isascii() and text[start - 1].isalnum()
            ):  # fmt: skip
                return start
        return -1

    def spans(self, text: str) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        at = 0
        while at < len(text):
            end = self.at(text, at)
            if (
                end > at
                and end - at == 2
                and listed(text[max(0, at - 1) : at + 1])
                and self.at(text, at + 1) > end
            ):
                at += 1  # 桂花茶包 is 桂花 and 茶包, no 花茶
                continue
            if end > at:
                found.append((at, end))
                at = end
            else:
                at += 1
        return found


def _bounded(text: str, end: int) -> int:
    """The end of a word that may stand here, its plural included; -1 inside a longer Latin word."""
    if not (text[end - 1].isascii() and text[end - 1].isalpha()):
        return end
    tail = re.match(r"(?:'s|e?s)?(?![a-z0-9])", text[end : end + 4])
    return end + tail.end() if tail else -1


@dataclass(frozen=True)
class Goods:
    """Words of one shop, in the form of `form.plain`: things, what goes before them, colours, sizes."""

    heads: Lexicon
    modifiers: Lexicon
    colors: Lexicon
    sizes: Lexicon
    options: Lexicon = field(
        default_factory=lambda: Lexicon(())
    )  # every value that tells versions apart, in either language

    def named(self, text: str, *, framed: bool = True) -> list[tuple[int, int]]:
        """Spans that name goods, in order. `text` is in the form of `form.plain`. `framed`: also what is no known thing, where
        a question's frame says that it is one."""
        spans: list[tuple[int, int]] = []
        for start, end in self.heads.spans(text):
            if end - start == 1 and not _alone(text, start, end):
                continue
            if text[start:end] in self.modifiers.words and _leads_on(text, end):
                continue
            if _SERVICE.match(text, end):
                continue  # 礼盒包装 is a service
            if spans and _WITH.search(text[max(0, start - 40) : start]):
                continue  # the pitcher with the strainer is one thing
            floor = spans[-1][1] if spans else 0
            start = self._widened(text, start, floor)
            if spans and _is_one_name(text, spans[-1], (start, end)):
                spans[-1] = (spans[-1][0], end)  # 紫砂壶 + 盖子 is one thing, a lid; so is a tea jacket
            else:
                spans.append((start, end))
        return spans or (self._framed(text) if framed else [])

    def _widened(self, text: str, start: int, floor: int) -> int:
        while True:
            at = start
            while at > floor and text[at - 1] in " -的":
                at -= 1
            for tail in ("", "色", "款"):
                end = at - len(tail)
                found = (self.modifiers.before(text, end), self.colors.before(text, end))
                fitting = [begin for begin in found if begin >= floor]
                if text[end:at] == tail and end > floor and fitting:
                    start = min(fitting)  # blue-and-white is more than white
                    break
            else:
                return start

    def _framed(self, text: str) -> list[tuple[int, int]]:
        for pattern in (_FRAME_ZH, _FRAME_EN):
            if hit := pattern.search(text):
                said = _PREPOSITION.split(hit["goods"], maxsplit=1)[0]
                lead = _LEAD.match(said) or _COUNT.match(said)
                start = hit.start("goods") + (lead.end() if lead else 0)
                bare = text[start : hit.start("goods") + len(said)].strip()
                if (
                    len(bare) >= 2
                    and not (bare.isascii() and _names_none(bare.split()))
                    and bare not in words("no_goods")
                    and bare not in self.colors.words
                    and not _NO_NAME.search(bare)
                ):
                    at = text.index(bare, start)
                    return [(at, at + len(bare))]
        return []


def _leads_on(text: str, end: int) -> bool:
    """Whether an English word that also goes before others does so here: tea tools, tea stains, the tea table."""
    after = re.match(r"[ -]([a-z]+)", text[end : end + 20])
    return after is not None and after[1] not in words("frame_en") | words("of_goods")


def _names_none(said: list[str]) -> bool:
    """Whether these English words are no goods' name: the big one, of those, over and over."""
    return said[-1] in words("no_goods") or said[0] in words("frame_en") or said[0] in _BUILDS


def _is_one_name(text: str, before: tuple[int, int], now: tuple[int, int]) -> bool:
    """Two things that touch name one: 紫砂壶盖子, tea jacket, longjing's canister."""
    between = text[before[1] : now[0]]
    return between in _JOINS if text[before[0] : now[1]].isascii() else not between


def _alone(text: str, start: int, end: int) -> bool:
    """A name of one character (壶, 碗, 锅) counts where it is no part of a longer word."""
    return not re.match(r"[口嘴底身盖把]", text[end : end + 1]) and text[max(0, start - 1) : start] not in (
        "一",
        "几",
    )


@cache
def generic() -> Goods:
    """For a message to no shop in particular."""
    return Goods(
        _listed("heads", "heads_en"),
        _listed("modifiers", "modifiers_en"),
        _listed("colors", "colors_en"),
        Lexicon(()),
    )


def _listed(*names: str) -> Lexicon:
    table = sections("data", "goods.txt")
    return Lexicon(word for name in names for line in table[name] for word in line.split(","))


def of(products: Iterable[Product], variants: Iterable[Variant]) -> Goods:
    """A shop's words, beside the general ones."""
    base = generic()
    heads, modifiers, colors = set(base.heads.words), set(base.modifiers.words), set(base.colors.words)
    sizes: set[str] = set()
    options: set[str] = set()
    for product in products:
        for title in (product.title_zh, product.title_en):
            said = plain(title).text.strip()
            if not said:
                continue
            heads.add(said)
            _taught(said, heads, modifiers)
            heads.update(_shortened(said, base.heads))
        leaf = plain(product.category.rpartition(">")[2]).text.strip()
        if len(leaf) > 1:
            heads.add(leaf)
        modifiers.update(
            tag
            for it in product.tags
            if 1 < len(tag := plain(it).text.strip()) <= 6 and _HAN_WORD.fullmatch(tag)
        )
    for variant in variants:
        options |= {
            said for part in (*(v for _, v in variant.options), *variant.title_en.split(","), *variant.title_zh.split())
            if len(said := plain(part).text.strip()) > 1
        }  # fmt: skip
        for name, value in variant.options:
            said = plain(value).text.strip()
            if _COLOR_OPTION.search(name) and len(said) > 1:
                colors.update({said, said.removesuffix("色") + "色"} if _HAN_WORD.fullmatch(said) else {said})
                colors.update(_in_english(variant, name))
            elif _SIZE_OPTION.search(name) and len(said) > 2:
                sizes.add(said)
    return Goods(Lexicon(heads), Lexicon(modifiers), Lexicon(colors), Lexicon(sizes), Lexicon(options))


def _in_english(variant: Variant, name: str) -> set[str]:
    """An option's value in the English title, which tells the options in their order: Blue and white, 110 ml."""
    parts = [plain(part).text.strip() for part in variant.title_en.split(",")]
    at = [option for option, _ in variant.options].index(name)
    if len(parts) != len(variant.options) or not re.fullmatch(r"[a-z']+(?:[ -][a-z']+){0,3}", parts[at]):
        return set()
    return {parts[at], re.sub("[ -]", "-", parts[at]), re.sub("[ -]", " ", parts[at])}


def _shortened(title: str, known: Lexicon) -> set[str]:
    """What a title is called for short: its last word with any before it (gongfu set, picnic table), and in Chinese what
    follows the last known thing in it (十件套 of 白瓷功夫茶具十件套)."""
    if _HAN.search(title) is None:
        words = list(re.findall(r"[a-z][a-z'-]+", _MAIN_EN.split(title, maxsplit=1)[0]))
        thing = words[-1] if words else ""
        if len(thing) < 3 or len(words) < 2:
            return set()
        before = {w for word in words[:-1] for w in (word, *word.split("-")) if len(w) > 3}
        return {f"{word} {thing}" for word in before}
    found = set()
    for piece in _SPLIT.split(title):
        spans = [span for span in known.spans(piece) if span[1] - span[0] > 1]
        rest = piece[spans[-1][1] :].removeprefix("套装") if spans else ""
        if len(rest) > 2 and _HAN_WORD.fullmatch(rest) and not rest.startswith(("带", "可", "用")):
            found.add(rest)
    return found


def _taught(title: str, heads: set[str], modifiers: set[str]) -> None:
    """From a title: the known thing it ends in tells which words before it are of kind and make."""
    for piece in _SPLIT.split(title):
        known = next(
            (piece[at:] for at in range(len(piece)) if piece[at:] in heads and len(piece[at:]) > 1), ""
        )
        before = piece.removesuffix(known) if known else ""
        if _HAN_WORD.fullmatch(before):
            modifiers.add(before)
            modifiers.update(before[at : at + 2] for at in range(0, len(before) - 1, 2))
