"""A no in the facts is no yes in the answer, and the other way round.

Each clause of a sentence is laid beside the facts' clause that has most of its words: both deny, or neither does. Not
covered: a no that is said without a word for it (还早), and a clause that shares no word with the facts.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mingbai.turn.basis import Basis, pairs
from mingbai.turn.said import read

# 无理由 and 不锈钢 deny nothing; 例外 does.
ZH_NO = re.compile(
    r"(?:不(?!锈|便|过|仅|同|止|管|论|如|错|好意思|封顶|少|含|确|限)|没(?!拆)|未(?!拆)|无(?!理由|门槛|条件|忧)|勿|例外|拒绝|缺货|售罄)"
)
EN_NO = re.compile(
    r"(?i)\b(?:not|no|never|cannot|neither|nor|none|without(?! (?:an? )?(?:reason|return))|unable)\b|n't\b|: no\b|\bnon-"
)
ZH_BREAK = re.compile(r"[，。；！？,;!?\n()（）、]|但|所以")
EN_BREAK = re.compile(
    r"(?i)[,;!?\n()]|\.(?=\s|$)|\b(?:and|but|so|although|because)\b|: (?=it|the|your|they|we)"
)
ENOUGH = 2  # shared pairs of characters, or words, before two clauses speak of the same thing
# Who bears a cost, and which side of a pair is meant, change places without any no.
PARTIES = ((re.compile(r"由?(?:您|你|买家|顾客)(?:自己|先)?(?:来)?(?:承担|付|出)|运费自理"), re.compile(r"由?(?:我们|商家|店铺|店里|卖家)(?:来)?(?:承担|付|出)")),
           (re.compile(r"(?i)\byou (?:\w+ )?(?:bear|pay|cover)"), re.compile(r"(?i)\bwe (?:\w+ )?(?:bear|pay|cover)|at our cost")))  # fmt: skip


def polarity(sentence: str, basis: Basis) -> str:
    known = _clauses(basis.claims, basis.english)
    verbatim = {clause for clause, _, _ in _clauses(basis.told, basis.english)}
    for clause, words, no in _clauses(sentence, basis.english):
        words -= basis.names
        if clause in verbatim or not words:
            continue
        shared = [
            (len(words & theirs), len(words & theirs) / len(words | theirs), denied)
            for _, theirs, denied in known
        ]
        best = max(((n, part) for n, part, _ in shared), default=(0, 0.0))
        if best[0] == 0:
            if no and not any(denied for _, _, denied in known):
                return clause
        elif best[0] < ENOUGH:  # too little to tell which clause is meant: one that agrees is enough
            if all(denied != no for n, _, denied in shared if n):
                return clause
        elif all(denied != no for n, part, denied in shared if (n, part) == best):
            return clause
    return _party(sentence, basis)


def _party(sentence: str, basis: Basis) -> str:
    """Who bears it is said of the same thing as in the facts: 质量问题 or 无理由."""
    for sides in PARTIES:
        for side in sides:
            match = side.search(sentence)
            if match is None:
                continue
            holders = [text for text in basis.told.split("\n") if side.search(text)]
            if not holders:
                return match[0]
            if not basis.english and any(other.search(basis.told) for other in sides if other is not side):
                kinds = [kind for kind in ("质量", "无理由", "发错") if any(kind in text for text in holders)]
                if kinds and not any(kind in sentence for kind in kinds):
                    return match[0]
    return ""


@lru_cache(256)  # people's words are not kept for long
def _clauses(text: str, english: bool) -> tuple[tuple[str, frozenset[str], bool], ...]:
    """Each clause with its words (without its no), and whether it denies."""
    plain = list(text)
    for piece in read(text):
        plain[piece.start : piece.start + len(piece.said)] = " " * len(piece.said)
    out = []
    for clause in (EN_BREAK if english else ZH_BREAK).split("".join(plain)):
        pattern = EN_NO if english else ZH_NO
        bare = pattern.sub(" " if english else "", clause)
        words = pairs(bare, english)
        if words:
            out.append((clause.strip(), words, pattern.search(clause) is not None))
    return tuple(out)
