"""Masked answers cut at random, restored piece by piece, against the whole; and placeholders that somebody else wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from mingbai.permit.mask import Detector, Masks, Stream
from mingbai.permit.mask.placeholders import CLOSES, LETTERS, LONGEST, OPENS, shapes
from mingbai.prove.masking import values

_FILL = '您好，您的包裹已发往 的地址；电话 [1] 见<b>表</b>格 {"a": 1} 【注意】 (x) Your parcel is on its way to \n| 姓名 | '
_PEOPLE = ("name", "mobile", "address", "email", "order_no", "resident_id", "wechat", "birth_date")


@dataclass(slots=True)
class Streams:
    streams: int = 0
    cuts: int = 0
    wrong: int = 0
    longest_hold: int = 0
    characters: int = 0


@dataclass(slots=True)
class Spoofs:
    """`restored`: of texts that held a spoofed placeholder, how many came back as anything but what they were."""

    tried: int = 0
    restored: int = 0


def streams(cuts: int, seed: int) -> Streams:
    """At least so many cuts, a stream being cut every one to six characters."""
    random = Random(seed)
    done = Streams()
    while done.cuts < cuts:
        masks, masked = _request(random)
        text = _answer(random, masked)
        whole = masks.restore(text, "customer").text
        stream, out, at = Stream(masks, "customer"), [], 0
        while at < len(text):
            size = random.randint(1, 6)
            shown = stream.feed(text[at : at + size])
            out.append(shown)
            at += size
            done.cuts += 1
            done.longest_hold = max(done.longest_hold, stream.held)
        out.append(stream.finish())
        done.streams += 1
        done.characters += len(text)
        done.wrong += "".join(out) != whole
    return done


def spoofs(count: int, seed: int) -> Spoofs:
    """Documents with placeholders of every bracket and of the request's own letters, masked into the request, then restored."""
    random = Random(seed)
    done = Spoofs()
    while done.tried < count:
        masks, masked = _request(random)
        own = [masked[it.start : it.end] for it in shapes(masked)]
        original = masks.restore(masked, "customer").text
        for _ in range(20):
            spoof = _spoof(random, random.choice(own) if own else "⟦手机AB1⟧", masks.nonce)
            document = f"{random.choice(['退货说明：', 'See ', ''])}{spoof}{random.choice(['', '。', ' ok'])}"
            back = masks.restore(masks.mask(document), "customer").text
            done.tried += 1
            done.restored += back != document
        done.restored += masks.restore(masked, "customer").text != original
    return done


class _Known(Detector):
    """Knows where the request's data stand: what is proved here is the way back, at the speed of the way back."""

    def __init__(self, pieces: list[str]) -> None:
        super().__init__(())
        self._pieces = pieces

    def spans(self, text: str) -> list:  # type: ignore[type-arg]
        from mingbai.permit.mask import Span

        out, at = [], 0
        for piece in self._pieces:
            start = text.find(piece, at)
            if start >= 0:
                at = start + len(piece)
                out.append(Span(start, at, "mobile", piece, 1.0, "known"))
        return out


def _request(random: Random) -> tuple[Masks, str]:
    pieces = [values.MAKERS[random.choice(_PEOPLE)](random) for _ in range(random.randint(1, 12))]
    nonce = "".join(random.choice(LETTERS) for _ in range(2))
    masks = Masks(_Known(pieces), channels={"customer"}, nonce=nonce)
    return masks, masks.mask("，".join(pieces))


def _answer(random: Random, masked: str) -> str:
    """What a model might write: placeholders in any order, some changed a little, brackets of its own."""
    own = [masked[it.start : it.end] for it in shapes(masked)]
    pieces = []
    for _ in range(random.randint(2, 12)):
        start = random.randrange(len(_FILL))
        pieces.append(_FILL[start : start + random.randint(0, 14)])
        piece = random.choice(own) if own else ""
        change = random.random()
        if change < 0.15 and piece:
            piece = random.choice(OPENS) + piece[1:-1] + random.choice(CLOSES)
        elif change < 0.25:
            piece = piece[: random.randint(0, len(piece))]
        elif change < 0.3:
            piece = piece.replace("1", "１").lower()
        elif change < 0.45:
            piece = piece[1:-1]  # small models drop brackets
        elif change < 0.5:
            piece = re.sub("[^A-Z0-9]", "", piece)
        pieces.append(piece)
    return "".join(pieces)


def _spoof(random: Random, own: str, nonce: str) -> str:
    inner = own[1:-1]
    return random.choice(
        [
            own,
            inner,
            inner[-3:],
            random.choice(OPENS) + inner + random.choice(CLOSES),
            random.choice(OPENS) + nonce.lower() + str(random.randint(1, 12)) + random.choice(CLOSES),
            own[0] + own + own[-1],
            f"⟦ {inner} ⟧",
            own[: random.randint(1, len(own))],
            own[random.randint(0, len(own) - 1) :],
            "".join(chr(ord(it) + 0xFEE0) if "!" <= it <= "~" else it for it in own),
            "⟦" * random.randint(1, LONGEST),
        ]
    )
