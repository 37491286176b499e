"""One spelling for looking up: widths, case, accents and Traditional characters are folded; then tokens.

A token is one Chinese character, one Latin word (its stem), or one number.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, Protocol, cast

HAN = "㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff〇"
TOKEN = re.compile(rf"([{HAN}])|(\d+(?:\.\d+)?)|([^\W\d_{HAN}]+)")
INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xFE0F])
LONGEST = 4000  # characters of one field or query that are looked at


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _to_simplified() -> _Converter:
    import opencc

    return cast(_Converter, opencc.OpenCC("t2s"))


@lru_cache(4096)
def folded(text: str) -> str:
    """The text in half width, lower case, Simplified characters, without accents and invisible signs."""
    text = unicodedata.normalize("NFKC", text).translate(INVISIBLE)
    if not text.isascii():
        text = _to_simplified().convert(text)
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return text.lower().replace("’", "'")


@dataclass(frozen=True, slots=True)
class Token:
    """`glued`: nothing stands between this token and the one before it."""

    kind: Literal["han", "number", "word"]
    text: str
    glued: bool


def tokens(text: str) -> list[Token]:
    """The tokens of a text, in order."""
    found: list[Token] = []
    end = -1
    for match in TOKEN.finditer(folded(text[:LONGEST])):
        han, number, word = match.groups()
        glued = match.start() == end
        end = match.end()
        if han:
            found.append(Token("han", han, glued))
        elif number:
            found.append(Token("number", number.rstrip("0").rstrip(".") if "." in number else number, glued))
        else:
            found.append(Token("word", word, glued))
    return found


def _forms(lines: str) -> dict[str, str]:
    return {other: one for one, *others in map(str.split, lines.strip().splitlines()) for other in others}


# The first of each line stands for the others: irregular forms, then British spellings.
FORMS = _forms("""
knife knives
leaf leaves
shelf shelves
scarf scarves
loaf loaves
child children
woman women
man men
foot feet
tooth teeth
mouse mice
goose geese
person people
break broke broken
send sent
buy bought
pay paid
lose lost
keep kept
sell sold
take took taken
give gave given
write wrote written
choose chose chosen
freeze froze frozen
wear wore worn
tear tore torn
steal stole stolen
come came
find found
bring brought
leak leaked leaking
color colour colours colors coloured colored
gray grey
jewelry jewellery
catalog catalogue
aluminum aluminium
tire tyre
program programme programmes
center centre
fiber fibre
mold mould
flavor flavour flavours
favorite favourite
pajamas pyjamas pyjama pajama
customize customise customised customising customized customized
personalize personalise personalised personalized
organize organise organiser organizer
cancel cancelled cancelling cancellation
travel travelling travelled traveller traveler
donut doughnut
yogurt yoghurt
whisky whiskey
check cheque
""")


@lru_cache(65536)
def stem(word: str) -> str:
    """A light English stem: plurals, -ing, -ed. Light, because names of goods must not run into each other."""
    word = FORMS.get(word, word)
    if len(word) < 4 or not word.isascii():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if (
            word.endswith(ending)
            and len(word) - len(ending) >= 3
            and any(v in word[: -len(ending)] for v in "aeiouy")
        ):
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def runs(found: list[Token]) -> list[tuple[int, int]]:
    """The spans of unbroken Chinese, as positions in `found`."""
    spans: list[tuple[int, int]] = []
    start: int | None = None
    for i, token in enumerate(found):
        if token.kind != "han" or not token.glued:
            if start is not None:
                spans.append((start, i))
            start = i if token.kind == "han" else None
        elif start is None:
            start = i
    if start is not None:
        spans.append((start, len(found)))
    return spans
