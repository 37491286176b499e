"""A figure stands with the same kind of word as in its fact: the day it was delivered is not the day it was paid, what
was refunded is not what was paid, and one size's chest is not another's.

A figure's role is the nearest such word in its own clause; where none stands there, nothing is said against it.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from mingbai.turn.basis import Basis, pairs
from mingbai.turn.check.figures import EXACT_UNITS
from mingbai.turn.said import Piece, read
from mingbai.values.turn import Fact

ROLES: dict[str, tuple[str, str]] = {
    "sent": (r"发货|发出|寄出|出库|发走", r"dispatch\w*|shipp?ed|ships|sent out|leaves"),
    "arrival": (r"送达|送到|能到|会到|前到|抵达|预计(?!退)|能收到", r"arriv(?:e|es|al)\b|expected|estimated|reach\w*|be delivered|delivery"),
    "signed": (r"签收|妥投|收货", r"was delivered|delivered on|signed for|received it"),
    "scan": (r"物流|转运|揽收|离开|到达|清关", r"scan\w*|hub|left|arrived at|picked up|collected"),
    "refund": (r"退款|已退|退了|退回|退出|原路|会退|退您", r"refund\w*|sent back the way|the way you paid"),
    "return": (r"退货|无理由|最后一天|期限|退换|可以退|能退|质量问题", r"returns?\b|withdrawal|last day|send\w* it back|defect\w*"),
    "stored": (r"仓库", r"warehouse"),
    "protect": (r"价保|保价|差价", r"price protection|protected"),
    "warranty": (r"保修|质保|在保", r"warrant\w*|covered"),
    "invoice": (r"发票|开出|开具|开票|已发到", r"invoices?|fapiao|issued"),
    "placed": (r"下单|拍下|订购", r"ordered|placed"),
    "paid": (r"实付|付款|支付|付了|已付", r"paid|payment"),
    "due": (r"应付|待付|要付", r"due\b|to pay\b"),
    "valid": (r"有效|到期|过期", r"valid|expir\w*"),
    "price": (r"单价|价格|页面价|售价|卖|现价|定价", r"prices?\b|costs?\b(?! of)"),
    "off": (r"减|立省|抵|便宜", r"\boff\b|discounts?|saves?"),
    "final": (r"优惠后|到手|券后|折后", r"\bafter (?:the )?(?:coupons?|discounts?)|comes to|in total"),
    "goods": (r"商品金额|原价|总价", r"goods|articles come to"),
    "postage": (r"运费|邮费|包邮", r"postage|delivery fee|shipping|cost of sending"),
    "threshold": (r"满(?!足|意)", r"\bover\b|\babove\b"),
    "more": (r"再买|还差", r"\bmore\b"),
    "advice": (r"建议选|推荐|适合|合适|建议您|您[可应]?以?穿", r"advis\w+|recommend\w*|suggest\w*|fits?\b"),
    "chest": (r"胸围", r"chest"),
    "length": (r"衣长|裙长|裤长", r"length"),
    "body": (r"身高", r"height"),
    "weight": (r"体重", r"weight"),
    "rim": (r"口径", r"\brim\b"),
    "tall": (r"(?<!身)高", r"height|high\b"),
    "capacity": (r"容量|能装", r"capacity|holds"),
    "power": (r"功率", r"power"),
    "shelf": (r"保质期", r"shelf life|keeps"),
    "brew": (r"冲泡|泡|水温", r"brew\w*"),
    "campaign": (r"大促|活动|双11|黑色星期五", r"campaigns?|double 11|black friday"),
}  # fmt: skip
# A fact's name says its figure's role where its words do not.
NAMES = {
    "ship_by": "sent", "promised_at": "arrival", "arrival": "arrival", "last_event": "scan", "event": "scan", "issued_at": "invoice",
    "protected_until": "protect", "warranty_until": "warranty", "no_reason_until": "return", "withdrawal_until": "return",
    "quality_until": "return", "fee": "postage", "now": "price", "due": "refund", "at": "refund", "if_held": "off", "missed": "more",
    "final": "final", "ends_at": "valid", "advice": "advice", "received_at": "stored",
}  # fmt: skip
NUMBERS = {  # whose number a code is, by the word before it
    "order": (r"订单(?!号 ?R)|这一?单", r"orders?\b"), "request": (r"申请", r"requests?\b"), "tracking": (r"运单号|快递单号|(?<!订)单号|快递|承运", r"tracking|carrier"),
}  # fmt: skip
KINDS = frozenset(("amount", "day", "clock", "count", "size", "code"))
ENOUGH = 3  # words that a clause shares with a fact
NEAR = 4  # characters beyond the nearest word of a fact that still say what its figure is
BREAK = re.compile(r"[，。；！？,;!?\n()（）]|(?:\b(?:and|but|so|while|then)\b)|(?<=\S)\.(?=\s|$)")


def roles(sentence: str, basis: Basis) -> str:
    english = basis.english
    text, pieces = _masked(sentence)
    for piece in pieces:
        if piece.kind not in KINDS:
            continue
        holders = [fact for fact in basis.facts if _has(_pieces(basis.say(fact)), piece)]
        if not holders:
            continue
        own = _nearest(text, piece, english, 1)
        theirs: set[str] = set().union(*(_roles_in(fact, basis, piece) for fact in holders))
        if "final" in theirs:
            theirs.add("due")  # what is left to pay
        if own and theirs and not own & theirs:
            return piece.said
        if _of_another(piece, text, holders, basis) or _in_words_of_another(piece, text, holders, basis):
            return piece.said
    return ""


@cache
def _patterns(english: bool, code: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    side = 1 if english else 0
    return tuple(
        (role, re.compile(words[side], re.IGNORECASE)) for role, words in (NUMBERS if code else ROLES).items()
    )


@lru_cache(256)  # people's words are not kept for long
def _pieces(text: str) -> tuple[Piece, ...]:
    return tuple(read(text))


def _masked(text: str) -> tuple[str, tuple[Piece, ...]]:
    """Pieces hold commas and full stops that end no clause."""
    pieces = _pieces(text)
    out = list(text)
    for piece in pieces:
        for at in range(piece.start, min(piece.start + len(piece.said), len(out))):
            if out[at] in ",.，:-":
                out[at] = " "
    return "".join(out), pieces


def _has(pieces: tuple[Piece, ...], piece: Piece) -> bool:
    if piece.kind == "day":
        rest = piece.value.partition("-")[2]
        return any(p.kind == "day" and p.value.partition("-")[2] == rest for p in pieces)
    if piece.kind == "count" and piece.value.partition(" ")[2] not in EXACT_UNITS:
        return False
    return any(p.kind == piece.kind and p.value == piece.value for p in pieces)


def _clause(text: str, piece: Piece) -> tuple[int, int]:
    start, end = 0, len(text)
    for match in BREAK.finditer(text):
        if match.end() <= piece.start:
            start = match.end()
        elif match.start() >= piece.start + len(piece.said):
            end = match.start()
            break
    return start, end


def _found(text: str, english: bool, code: bool) -> list[tuple[str, int, int]]:
    return [
        (role, m.start(), m.end())
        for role, pattern in _patterns(english, code)
        for m in pattern.finditer(text)
    ]


def _nearest(text: str, piece: Piece, english: bool, more: int) -> set[str]:
    """The roles of the nearest words in its clause, and of those at most so many characters farther off."""
    start, end = _clause(text, piece)
    here, there = piece.start - start, piece.start + len(piece.said) - start
    code = piece.kind == "code"
    found = _found(text[start:end], english, code)
    near = [(max(here - e, s - there, 0), role) for role, s, e in found if not code or e <= here]
    return {role for distance, role in near if distance <= min(near)[0] + (0 if code else more)}


def _roles_in(fact: Fact, basis: Basis, piece: Piece) -> set[str]:
    """The role words beside it, else all of the fact's; and what the fact's name says."""
    text, pieces = _masked(basis.say(fact))
    out: set[str] = set()
    for p in pieces:
        if _has((p,), piece):
            out |= _nearest(text, p, basis.english, NEAR)
    code = piece.kind == "code"
    if not code:
        out = out or {role for role, _, _ in _found(text, basis.english, code)}
        named = NAMES.get(fact.name.rpartition(".")[2])
        return out | {named} if named else out
    return out


def _of_another(piece: Piece, text: str, holders: list[Fact], basis: Basis) -> bool:
    """Is it said of the sibling of its fact: the price of the other variant, the chest of the other size?"""
    siblings = [f for f in basis.facts if _kind(f) in {_kind(h) for h in holders} and f not in holders]
    if not siblings:
        return False
    start, end = _clause(text, piece)
    near, whole = _marks(text[start:end], basis.english, piece), _marks(text, basis.english, piece)
    for sibling in siblings:
        its = _marks(basis.say(sibling), basis.english, piece)
        kin = [h for h in holders if _kind(h) == _kind(sibling)]
        for words in (near, whole):
            ours = any(words & (_marks(basis.say(h), basis.english, piece) - its) for h in kin)
            others = any(words & (its - _marks(basis.say(h), basis.english, piece)) for h in kin)
            if ours:
                break
            if others:
                return True
    return False


def _in_words_of_another(piece: Piece, text: str, holders: list[Fact], basis: Basis) -> bool:
    """Does its clause say with the words of another fact what that one does not hold?"""
    start, end = _clause(text, piece)
    words = pairs(_bare(text[start:end]), basis.english) - basis.names
    shared = {fact: len(words & pairs(_bare(basis.say(fact)), basis.english)) for fact in basis.facts}
    other = max((n for fact, n in shared.items() if fact not in holders), default=0)
    return other >= ENOUGH and other > 3 * max(shared[fact] for fact in holders)


@lru_cache(256)  # people's words are not kept for long
def _bare(text: str) -> str:
    plain = list(text)
    for piece in _pieces(text):
        plain[piece.start : piece.start + len(piece.said)] = " " * len(piece.said)
    return "".join(plain)


def _kind(fact: Fact) -> str:
    return fact.name.replace("last_event", "event")


def _marks(text: str, english: bool, but: Piece) -> frozenset[str]:
    """What a text can be told by: its words, and its figures but those of the piece's own kind and unit."""
    unit = but.value.rpartition(" ")[2]
    figures = {
        p.value
        for p in _pieces(text)
        if p.kind != but.kind or (p.kind == "count" and p.value.rpartition(" ")[2] != unit)
    }
    if english:
        return frozenset(figures | set(re.findall(r"[a-z]{3,}", text.casefold())))
    runs = re.findall(r"[一-鿿]+", text)
    return frozenset(figures | {run[at : at + 2] for run in runs for at in range(len(run) - 1)})
