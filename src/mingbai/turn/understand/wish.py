"""Whether a person is wished for: what `handoff`'s table says, weighed with likeness to examples of both kinds.

Looked at are pieces of the words, the row of parts they play (`roots`), the table's verdict and, where there is an encoder,
the meaning. A message is asked whole and clause by clause: a wish may stand at the end of a long story. What is only
quoted (“转人工”按钮) is not looked at. Not covered: languages other than Chinese and English.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mingbai.turn.understand import features, form, handoff, leaning, letters, roots
from mingbai.turn.understand.classifier import INTENTS, Encoder, Examples
from mingbai.turn.understand.leaning import Leaning
from mingbai.turn.understand.parts import clauses, split
from mingbai.turn.understand.table import sections
from mingbai.values.turn import Intent

VERSION = 2  # of features and training
SURE = 0.5  # a person is fetched where a wish is at least so likely
POSSIBLE = 0.12  # below it a wish is not even offered as what may be meant
PIECE = 0.5  # log odds that a clause must have more than a whole message
SCALE = 4.0  # of all features: how fast they are learnt
MEANING = 1.2  # what the encoder's vector weighs beside the pieces of words
NEITHER = frozenset((Intent.COMPLAINT,))  # they go to a person anyway
_SHOWN = (
    (re.compile("[🙋👤👥👩👨🧑💁🙍👧👦👵👴🧓]"), "人"),
    (re.compile("🤖"), "机器人"),
    (re.compile("[❌🚫🙅⛔]"), "不要"),
    (re.compile("[📞☎📱]"), "电话"),
    (re.compile("🙏"), "请"),
)
_QUOTED = re.compile(r"[“\"「『【]([^“”\"「」『』【】]{1,24})[”\"」』】]")
# Nobody who could be fetched: 我人在外地, 人跟电话不动; and 人呢 of who should have brought a parcel.
_ONESELF = re.compile(
    r"(?<=[我你您他她])人(?=在|不在|刚|还在|都|没在|已经)|(?<![个真活找转有工一-鿿])人(?=[跟和与及](?:电话|手机|号码|地址))|收[件货]人"
)
_GONE = re.compile(r"^人(?:呢|在哪|去哪|哪去)[了儿里啊呀?？!！]*$")
_AWAITED = re.compile(
    r"快递|包裹|派[件送]|[送到发收]的|[送到收](?:货|来)|(?:说好|说|讲)[^,?!]{0,6}(?:到|送|来|发)|骑手|配送"
)
_REST = 3  # characters beside a quotation that make it one
_WORD = re.compile(r"\w")
# Not wanted, then what is done, then whom: 别给我转人工, I don't need to speak to anyone. 「为什么不转人工」 is a wish.
_DECLINED = re.compile(
    r"(?<!where )(?<!where now )\bnot (?:(?:please|me|need|now|fetch|with|talk|reply|you|real|there) ){0,5}(?:person|staff|chief|call|someone)\b"
)


def read(text: str) -> list[str]:
    """A message and then its clauses, in the form that is looked at."""
    for shown, word in _SHOWN:
        text = shown.sub(word, text)
    said = form.plain(text).text
    said = letters.read_back(_QUOTED.sub(lambda hit: _unquoted(hit, said), said))
    pieces = [said]
    for part in split(said):
        pieces += [part.text, *(clause.text for clause in clauses(part))]
    if _AWAITED.search(said):
        pieces = [pieces[0], *(piece for piece in pieces[1:] if not _GONE.search(piece.strip()))]
    return list(dict.fromkeys(form.tight(_ONESELF.sub("", piece)) for piece in pieces))


def _unquoted(hit: re.Match[str], said: str) -> str:
    beside = len(_WORD.findall(said)) - len(_WORD.findall(hit[0]))
    return " " if beside >= _REST else hit[1]


def of(piece: str) -> dict[str, float]:
    """What of a piece is looked at, beside its meaning."""
    parts = roots.of(piece)
    names = ["^", *(part.name for part in parts if part.name not in ("say", "article")), "$"]
    counts: Counter[str] = Counter()
    for size in (1, 2, 3):
        counts.update("r:" + " ".join(names[at : at + size]) for at in range(len(names) - size + 1))
    if any(part.heard for part in parts):
        counts["r:heard"] += 1
    length = math.sqrt(sum(count * count for count in counts.values()))
    found = features.of(piece) | {name: count / length for name, count in counts.items()}
    if handoff.asked(piece):
        found["x:asked"] = 0.5
    elif handoff.meant_otherwise(piece):
        found["x:otherwise"] = 0.5
    if _DECLINED.search(" ".join(names)):
        found["x:declined"] = 0.5
    return {name: SCALE * value for name, value in found.items()}


@dataclass(frozen=True)
class Wish:
    """Trained; see `load_or_train`."""

    leaning: Leaning
    encoder: Encoder

    def p(self, text: str) -> float:
        """How likely it is that the message, as it was typed, asks for a person."""
        pieces = read(text)
        vectors = self.encoder.encode(pieces)
        odds = [
            self.leaning.of(of(piece), SCALE * MEANING * vector)
            for piece, vector in zip(pieces, vectors, strict=True)
        ]
        best = max(odds[0], *(it - PIECE for it in odds[1:])) if odds[1:] else odds[0]
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, best))))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Messages with their side, whole, as they were typed."""

    texts: tuple[str, ...]
    sides: tuple[bool, ...]


def pairs(given: Examples) -> Pairs:
    """The examples of both kinds and those of the other intents."""
    own = sections("examples", "person.txt")
    texts = [*own["asked"], *own["not_asked"]]
    sides = [True] * len(own["asked"]) + [False] * len(own["not_asked"])
    for text, label in zip(given.texts, given.labels, strict=True):
        if INTENTS[label] not in NEITHER:
            texts.append(text)
            sides.append(INTENTS[label] is Intent.HANDOFF)
    return Pairs(tuple(texts), tuple(sides))


def train(given: Pairs, encoder: Encoder) -> Wish:
    """Of a message that asks for nobody no clause does: they are examples too, of half the weight."""
    pieces: list[str] = []
    sides: list[bool] = []
    weigh: list[float] = []
    for text, side in zip(given.texts, given.sides, strict=True):
        whole, *rest = read(text)
        more = [] if side else rest
        pieces += [whole, *more]
        sides += [side] * (1 + len(more))
        weigh += [1.0, *[0.5] * len(more)]
    made = leaning.train(
        [of(piece) for piece in pieces], SCALE * MEANING * encoder.encode(pieces), sides, weigh
    )
    return Wish(made, encoder)


def load_or_train(given: Examples, encoder: Encoder, cache: Path | None) -> Wish:
    """As `classifier.load_or_train`: seconds the first time, then a file in `cache`."""
    wanted = pairs(given)
    file = cache / f"wish-{_digest(wanted, encoder.name)}.npz" if cache else None
    if file and file.exists() and (known := leaning.read(file)):
        return Wish(known, encoder)
    made = train(wanted, encoder)
    if file:
        leaning.keep(made.leaning, file)
    return made


def _digest(given: Pairs, encoder: str) -> str:
    """Of all that the weights depend on: the examples, and the tables that the features are read by."""
    import hashlib
    import json

    tables = [sections("rules", name) for name in ("roots.txt", "handoff.txt")]
    said = json.dumps(
        [VERSION, encoder, given.texts, given.sides, tables, SCALE, MEANING], ensure_ascii=False
    )
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def held_out(given: Pairs, encoder: Encoder, folds: int) -> Sequence[float]:
    """How likely each message seemed to one that was trained without it and its like: what the thresholds are chosen by."""
    out = [0.0] * len(given.texts)
    for fold in range(folds):
        kept = [at for at in range(len(given.texts)) if at % folds != fold]
        made = train(
            Pairs(tuple(given.texts[at] for at in kept), tuple(given.sides[at] for at in kept)), encoder
        )
        for at in range(fold, len(given.texts), folds):
            out[at] = made.p(given.texts[at])
    return out
