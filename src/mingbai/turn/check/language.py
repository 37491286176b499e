"""The answer is in the customer's language. Names and codes of the other one may stand in it."""

from __future__ import annotations

import re

from mingbai.turn.basis import Basis

HAN = re.compile(r"[㐀-鿿]")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def language(sentence: str, basis: Basis) -> str:
    rest = sentence
    for fact in basis.facts:  # a title is in the language it is in
        for name in (fact.about, *(s.key for s in fact.sources)):
            if name:
                rest = rest.replace(name, "")
    han, latin = len(HAN.findall(rest)), len(LATIN_WORD.findall(rest))
    if basis.english:
        foreign = [c for c in HAN.findall(rest) if c not in basis.text]
        return "".join(foreign[:8]) if foreign or han > 2 * latin + 4 else ""
    foreign_words = [w for w in LATIN_WORD.findall(rest) if w.casefold() not in basis.text.casefold()]
    return " ".join(foreign_words[:4]) if len(foreign_words) >= 2 and latin > han / 2 else ""
