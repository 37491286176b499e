"""A text as words of both languages, with offsets: Chinese by rjieba and the shop's own words, English by its stems.

Words come simplified, narrow and in small letters; offsets are those of the text as given. Numbers keep their unit
(200ml), model names stay whole (type-c, iphone15). What a word means is for those who look it up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, partial
from itertools import chain
from typing import Literal, NamedTuple, Protocol, cast

from mingbai.zh.mapped import Mapped
from mingbai.zh.width import normalise

Kind = Literal["han", "latin", "number"]

_PIECE = re.compile(
    r"(?P<han>[\u3400-\u9fff\U00020000-\U000323af]+)"
    r"|(?P<number>\d{1,18}(?:[.,]\d{1,9}){0,3}(?:[a-z]{1,4}(?![a-z]))?%?)"
    r"|(?P<latin>[a-zà-öø-ÿß][a-zà-öø-ÿß0-9]*(?:['’-][a-zà-öø-ÿß0-9]+){0,3})"
)
_NUMBER, _LATIN = _PIECE.groupindex["number"], _PIECE.groupindex["latin"]
_LOWER = {upper: upper + 32 for upper in (*range(0x41, 0x5B), *range(0xC0, 0xD7), *range(0xD8, 0xDF))}
RUN = 512  # Chinese characters that are cut at a time

# Words that say nothing about a product or a question, in both languages.
_EMPTY = """
的 了 吗 呢 啊 吧 呀 哦 嘛 哈 我 你 您 他 她 它 我们 你们 是 有 在 和 与 跟 就 都 也 还 又 很 太 这 那 这个 那个 一个 个 想 要 请 请问
一下 可以 能 会 给 把 被 让 对
a an the i you he she it we they is are am was were be been do does did have has had of to in on at for from with and or
my your our their this that these those can could would will please me us there here some any so just
"""
EMPTY = frozenset(_EMPTY.split())
_IRREGULAR = {
    "children": "child", "men": "man", "women": "woman", "feet": "foot", "teeth": "tooth", "knives": "knife", "leaves": "leaf", "shelves": "shelf",
    "bought": "buy", "sent": "send", "paid": "pay", "got": "get", "came": "come", "broke": "break", "broken": "break", "shipped": "ship", "shipping": "ship",
    "arrived": "arrive", "received": "receive", "delivered": "deliver", "was": "be", "were": "be", "is": "be", "are": "be", "this": "this", "us": "us",
    "glass": "glass", "its": "it", "news": "news", "bus": "bus", "gas": "gas", "plus": "plus", "lens": "lens",
}  # fmt: skip


class Word(NamedTuple):  # a text has thousands: a third of a dataclass's cost
    """text[start:end] of the text as given. `stem` is what to look up: an English word's stem, any other word itself."""

    start: int
    end: int
    word: str
    stem: str
    kind: Kind


# Without a call of Python's own: a fifth of the constructor's time.
_word: Callable[[tuple[int, int, str, str, Kind]], Word] = partial(tuple.__new__, Word)


class Cutter(Protocol):
    """What we use of rjieba.Jieba."""

    def cut(self, text: str, hmm: bool = True) -> list[str]: ...
    def add_word(self, word: str, freq: int | None, tag: str | None) -> int: ...
    def has_word(self, word: str) -> bool: ...


@cache
def _plain_cutter() -> Cutter:
    import rjieba

    return cast(Cutter, rjieba.Jieba())


class Words:
    """Cuts texts of one shop: `own` are its names of products, brands and materials, which then stay whole."""

    def __init__(self, own: Iterable[str] = ()) -> None:
        import rjieba

        wanted = sorted({narrowed for it in own if len(narrowed := _form(it).text.strip()) > 1})
        if not wanted:
            self._cutter = _plain_cutter()
            return
        self._cutter = cast(Cutter, rjieba.Jieba())
        for word in wanted:
            self._cutter.add_word(word, 100_000, None)  # above every entry of the dictionary

    def of(self, text: str) -> list[Word]:
        shown = _form(text)
        starts, ends, make = shown.starts, shown.ends, _word
        out: list[Word] = []
        add = out.append
        for hit in _PIECE.finditer(shown.text):
            start, end = hit.span()
            word = hit[0]
            group = hit.lastindex
            if group == _NUMBER:
                add(make((starts[start], ends[end - 1], word, word, "number")))
            elif group == _LATIN:
                add(make((starts[start], ends[end - 1], word, stem(word), "latin")))
            else:
                for piece in self._cut(word):
                    stop = start + len(piece)
                    add(make((starts[start], ends[stop - 1], piece, piece, "han")))
                    start = stop
        return out

    def _cut(self, run: str) -> Iterable[str]:
        if len(run) == 1:
            return run
        if len(run) <= RUN:
            return self._cutter.cut(run)
        return chain.from_iterable(self._cutter.cut(run[at : at + RUN]) for at in range(0, len(run), RUN))


def listed(word: str) -> bool:
    """Whether the dictionary has a Chinese word: 客户 it has, 克服 too, 刻服 not."""
    return _plain_cutter().has_word(word)


def keywords(words: Iterable[Word]) -> list[str]:
    """Their stems without the empty words, in order, each once."""
    return list(dict.fromkeys(it.stem for it in words if it.word not in EMPTY and it.stem not in EMPTY))


def stem(word: str) -> str:
    """A light English stem: plurals, -ing, -ed, 's. Meant to make forms of one word equal, not to be read."""
    word = re.sub("['’]s?$", "", word)
    if (known := _IRREGULAR.get(word)) is not None:
        return known
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return _without_e(word[:-1])
    for ending in ("ing", "ed"):
        body = word.removesuffix(ending)
        if body != word and len(body) > 2 and re.search("[aeiouy]", body):
            return body[:-1] if body[-1] == body[-2] and body[-1] not in "lsz" else _without_e(body)
    return _without_e(word)


def _without_e(word: str) -> str:
    """price, priced, pricing → pric; tea and free keep theirs."""
    return word[:-1] if len(word) > 4 and word[-1] == "e" and word[-2] not in "aeiou" else word


def _form(text: str) -> Mapped:
    shown = normalise(text)
    return shown.then(Mapped.same(shown.text, shown.text.translate(_LOWER)))
