"""Words with the same meaning and words without any, from two readable files that a merchant may extend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from mingbai.shop.search.normal import Token, stem, tokens

LONGEST = 8  # tokens of one synonym


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`groups` by the tokens of each member; a member may be in several groups."""

    groups: dict[tuple[str, ...], tuple[tuple[tuple[str, ...], ...], ...]]
    empty: frozenset[str]
    pairs: frozenset[str] = frozenset()  # of neighbouring Chinese characters of the members
    signs: frozenset[str] = frozenset()  # their characters

    def same(self, found: list[Token], start: int) -> Iterator[tuple[int, tuple[tuple[str, ...], ...]]]:
        """The longest synonym that starts there: where it ends, and each group's other members."""
        for end in range(min(len(found), start + LONGEST), start, -1):
            said = tuple(spelt(t) for t in found[start:end])
            if said in self.groups:
                for group in self.groups[said]:
                    yield end, tuple(member for member in group if member != said)
                return

    def has(self, word: str) -> bool:
        """Is the Chinese word one of the members?"""
        return tuple(word) in self.groups


def spelt(token: Token) -> str:
    return stem(token.text) if token.kind == "word" else token.text


@cache
def vocabulary() -> Vocabulary:
    folder = files("mingbai.shop.search") / "data"
    return read(
        (folder / "synonyms.txt").read_text("utf-8").splitlines(),
        (folder / "stopwords.txt").read_text("utf-8").splitlines(),
    )


def read(synonyms: Iterable[str], stopwords: Iterable[str]) -> Vocabulary:
    """One group a line, members parted by commas; `#` begins a remark."""
    groups: dict[tuple[str, ...], list[tuple[tuple[str, ...], ...]]] = {}
    for line in _plain(synonyms):
        members = tuple(dict.fromkeys(tuple(map(spelt, tokens(word))) for word in line.split(",")))
        members = tuple(m for m in members if m)
        for member in members:
            groups.setdefault(member, []).append(members)
    empty = {spelt(t) if t.kind == "word" else word.strip() for line in _plain(stopwords) for word in line.split(",")
             for t in tokens(word)[:1]}  # fmt: skip
    chinese = frozenset(a + b for member in groups for a, b in pairwise(member) if len(a) == len(b) == 1)
    signs = frozenset(sign for pair in chinese for sign in pair)
    return Vocabulary({k: tuple(v) for k, v in groups.items()}, frozenset(empty), chinese, signs)


def _plain(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        bare = line.partition("#")[0].strip()
        if bare:
            yield bare
