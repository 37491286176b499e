"""What a message names: order numbers, goods, sizes, dates … each found by `zh/`, none guessed, codes told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files

from mingbai.turn.understand import form
from mingbai.turn.understand.goods import Goods
from mingbai.turn.understand.measures import Measured, measured
from mingbai.values.turn import SaidAmount, SaidDate, Slots
from mingbai.zh import (
    address_text,
    amounts,
    dates,
    invoice,
    mail,
    order_numbers,
    phones,
    romanised,
    tax_codes,
    tracking,
)
from mingbai.zh.mapped import Mapped
from mingbai.zh.width import narrow, normalise

Span = tuple[int, int]
_FOUR = re.compile(r"(?<![0-9A-Za-z.:-])([0-9]{4})(?![0-9A-Za-z.:]|-[0-9]|年|\s?(?:元|块|ml|斤|个|g\b))")
_SPOKEN_FOUR = re.compile(r"^[^0-9]{0,6}([0-9](?:[ ,.-]?[0-9]){3})[^0-9]{0,6}$")
_TAIL_EN = re.compile(
    r"\b(?:phone|mobile|cell|last (?:four|4)(?: digits)?)\b[^0-9#]{0,24}(?P<tail>[0-9]{4})(?![0-9-]| ?[0-9])",
    re.IGNORECASE,
)
_OFF = re.compile(
    r"\b(?P<off>[0-9]{1,4}) off (?:every |from |over |of )?(?P<least>[0-9]{2,5})\b(?!%)", re.IGNORECASE
)
_SURE_ENOUGH = 0.4
_NOT_INSTEAD = re.compile(
    r"(?:不是|唔系|而不是|不要|别要|别发|别给我|\bnot|\binstead of|\brather than)(?:\s?(?:the|a|an))?\s?$",
    re.IGNORECASE,
)
# One takes back what one said: 不对, I mean. What stands before an answer (不对,是…) alone corrects nothing in the message.
_CORRECTED = re.compile(
    r"(?<=[^\s,，。])[,，。.… ]*(?:不对不对|不对(?!版|劲|称|吗|么|吧|[?？])|说错了|打错了|啊不|哦不|额不|呃不|写错了)[,，。.… 是应该]*"
    r"|(?<=\w)[,.;… -]+(?:no,? )?(?:i mean|i meant|sorry,? i mean|no wait|scratch that|make that|correction)\b[,:]?",
    re.IGNORECASE,
)
_REPLACED = frozenset(("product", "color", "size", "amount", "order_no"))
_COLOR_TAIL = re.compile(r"(?<=[\u3400-\u9fff])色$")


@dataclass(slots=True)
class _Found:
    """Values by slot and place, while they are collected; `taken` are spans of codes."""

    values: dict[str, dict[int, object]] = field(default_factory=dict)
    taken: list[Span] = field(default_factory=list)
    named: list[Span] = field(default_factory=list)  # goods: 龙井 is a tea here and not a town

    def put(self, slot: str, span: Span, value: object) -> None:
        self.values.setdefault(slot, {})[span[0]] = value
        self.taken.append(span)

    def free(self, span: Span) -> bool:
        return all(span[1] <= start or span[0] >= end for start, end in self.taken)

    def corrected(self, at: int) -> None:
        """Of a slot that is filled after this place, what was said before it is not meant."""
        for slot, placed in self.values.items():
            if slot in _REPLACED and any(start >= at for start in placed):
                self.values[slot] = {start: value for start, value in placed.items() if start >= at}

    def of(self, slot: str) -> tuple[object, ...]:
        placed = self.values.get(slot, {})
        return tuple(dict.fromkeys(placed[at] for at in sorted(placed)))


def read(
    text: str,
    now: datetime,
    goods: Goods,
    own: Iterable[order_numbers.Own] = (),
    need: str = "",
    currency: str = "CNY",
) -> Slots:
    """`need` is the slot that was asked for last: it says what a bare number is."""
    text = text[: form.LONGEST]
    shown = narrow(text)
    found = _Found()
    _invoice(text, found, need)
    _numbers(shown, found, tuple(own), need)
    _tails(shown, found, need)
    _dates(text, found, now)
    for off in _OFF.finditer(text):  # 40 off 300: the threshold first, as in 满300减40
        if found.free(off.span()):
            found.taken.append(off.span())
            for at, name in enumerate(("least", "off"), off.start()):
                found.values.setdefault("amount", {})[at] = SaidAmount(Decimal(off[name]), currency)
    for amount in amounts.find(text, currency):
        if found.free((amount.start, amount.end)):
            found.put("amount", (amount.start, amount.end), SaidAmount(amount.low.major, amount.low.currency))
            if amount.high != amount.low:
                found.values["amount"][amount.end] = SaidAmount(amount.high.major, amount.high.currency)
    body = measured(text, found.taken)
    _goods(text, goods, found)
    _places(text, found)
    if (cut := _CORRECTED.search(text)) is not None:
        found.corrected(cut.end())
        body = _but(body, measured(" " * cut.end() + text[cut.end() :], found.taken))
    size = body.size or tuple(str(it) for it in found.of("size"))
    return Slots(
        **{
            name: found.of(name)
            for name in (
                "order_no",
                "phone_tail",
                "tracking_no",
                "product",
                "color",
                "amount",
                "date",
                "city",
                "invoice_title",
                "tax_code",
                "email",
            )
        },  # type: ignore[arg-type]  # each was put in with its own type
        size=size,
        height_cm=body.height_cm,
        weight_kg=body.weight_kg,
        quantity=body.quantity,
    )


def _but(body: Measured, after: Measured) -> Measured:
    """What was said first, with what is said in its stead: 5'7, I mean 170 cm."""
    return Measured(
        after.height_cm or body.height_cm, after.weight_kg or body.weight_kg, after.size or body.size,
        after.quantity or body.quantity,
    )  # fmt: skip


def _invoice(text: str, found: _Found, need: str) -> None:
    asked = invoice.read(text)
    if asked is not None:
        for name, slot in (("title", "invoice_title"), ("tax_code", "tax_code"), ("email", "email")):
            for span in ((start, end) for kind, start, end in asked.spans if kind == name):
                found.put(slot, span, getattr(asked, name))
    elif (
        need == "invoice_title"
        and (bare := text.strip(" ,，。."))
        and len(bare) <= 60
        and not re.search(
            r"[?？吗]|[A-Za-z]{2}\d{6,}|#\d{3,}|\d{12,}|^(?:不是|不对|等|先|算了|不用|no\b|not\b)", bare
        )
    ):
        start = text.index(bare)
        found.put("invoice_title", (start, start + len(bare)), bare)
    for code in tax_codes.find_in(narrow(text), expected=need == "tax_code"):
        if found.free((code.start, code.end)) and (code.valid or need == "tax_code"):
            found.put("tax_code", (code.start, code.end), code.value)
    for address in mail.find(text):
        if found.free((address.start, address.end)):
            found.put("email", (address.start, address.end), address.value)


def _numbers(shown: Mapped, found: _Found, own: tuple[order_numbers.Own, ...], need: str) -> None:
    orders = [
        it for it in order_numbers.find_in(shown, own) if it.confidence >= _SURE_ENOUGH and it.problem is None
    ]
    parcels = tracking.find_in(shown)
    for parcel in parcels:
        span = (parcel.start, parcel.end)
        rival = next((it for it in orders if it.start < parcel.end and parcel.start < it.end), None)
        if found.free(span) and (
            rival is None or (not rival.ours and parcel.candidates[0].confidence > rival.confidence)
        ):
            found.put("tracking_no", span, parcel.number)
    for order in orders:
        if found.free((order.start, order.end)) and not _only_a_number(shown.original, order, need):
            found.put("order_no", (order.start, order.end), order.number)
    if need in ("order_no", "tracking_no") and not found.of("order_no") and not found.of("tracking_no"):
        bare = re.fullmatch(r"\D{0,8}?([A-Za-z]{0,5}[0-9][0-9A-Za-z-]{4,30})\D{0,8}", shown.text.strip())
        if bare:
            at = shown.text.index(bare[1])
            found.put(need, shown.back(at, at + len(bare[1])), bare[1].upper())


def _only_a_number(text: str, order: order_numbers.OrderNumber, need: str) -> bool:
    """1200 is the order #1200 only where an order is spoken of: it may be an amount, a year or a phone's end."""
    said = text[order.start : order.end]
    if not order.number.startswith("#") or len(order.number) > 7 or not said.strip().isdigit():
        return False
    before = text[max(0, order.start - order_numbers.CUE_WINDOW) : order.start]
    return not (order_numbers.CUE.search(before) or (need == "order_no" and len(text) < len(said) + 8))


def _tails(shown: Mapped, found: _Found, need: str) -> None:
    for tail in phones.find_tails(shown.original):
        if found.free((tail.start, tail.end)):
            found.put("phone_tail", (tail.start, tail.end), tail.value)
    for phone in phones.find_in(shown):
        if (
            found.free((phone.start, phone.end))
            and (last := phones.tail(phone.value))
            and phone.kind in ("mobile", "masked_mobile", "virtual_mobile")
        ):
            found.put("phone_tail", (phone.start, phone.end), last)
    for said in _TAIL_EN.finditer(shown.text):
        if found.free(shown.back(*said.span("tail"))):  # phone ends 0101
            found.put("phone_tail", shown.back(*said.span("tail")), said["tail"])
    if found.of("phone_tail"):
        return
    lone = [it for it in _FOUR.finditer(shown.text) if found.free(shown.back(*it.span(1)))]
    if need == "phone_tail" and (hit := _SPOKEN_FOUR.match(shown.text) or (lone[-1] if lone else None)):
        found.put("phone_tail", shown.back(*hit.span(1)), re.sub("[^0-9]", "", hit[1]))
    elif found.of("order_no") and len(lone) == 1 and found.free(shown.back(*lone[0].span(1))):
        rest = shown.text[: lone[0].start()] + shown.text[lone[0].end() :]
        if len(rest) < 60 and not 2000 <= int(lone[0][1]) <= 2030:  # 「MB20251103-0042 2807」
            found.put("phone_tail", shown.back(*lone[0].span(1)), lone[0][1])


def _dates(text: str, found: _Found, now: datetime) -> None:
    for when in dates.find(text, today=now):
        if found.free((when.start, when.end)):
            found.put("date", (when.start, when.end), SaidDate(when.said, when.first, when.last))


def _places(text: str, found: _Found) -> None:
    for place in address_text.find_places(text):
        division = place.divisions[0]
        while division.level == "district" and division.parent is not None:
            division = division.parent
        span = (place.start, place.end)
        inside = any(span[0] < end and start < span[1] for start, end in found.named)
        if not inside and found.free(span) and not _is_company(text, place.end):
            found.values.setdefault("city", {})[place.start] = division.short()
    abroad, names = _abroad()
    for hit in abroad.finditer(text):
        named = any(start < hit.end() and hit.start() < end for start, end in found.named)  # Wuyi rock tea
        if not named and found.free(hit.span()) and hit.start() not in found.values.get("city", {}):
            said = hit[0] if hit[0].isascii() else names[hit[0].lower()]
            found.values.setdefault("city", {})[hit.start()] = said


def _is_company(text: str, end: int) -> bool:
    return bool(
        re.match(r".{0,14}(?:有限)?公司", text[end : end + 18]) and re.search(r"发票|抬头|开票", text)
    )


def _goods(text: str, goods: Goods, found: _Found) -> None:
    looked_at = form.plain(text)
    hidden = looked_at.text
    for start, end in goods.named(hidden):
        if _NOT_INSTEAD.search(hidden[:start]):
            continue  # 「是杯子不是壶」
        first, last = looked_at.back(start, end)
        if found.free((first, last)):
            found.values.setdefault("product", {})[first] = normalise(text[first:last]).text.strip()
            found.named.append((first, last))
    for start, end in goods.colors.spans(hidden):
        first, last = looked_at.back(start, end)
        if not _NOT_INSTEAD.search(hidden[:start]) and found.free((first, last)):
            found.values.setdefault("color", {})[first] = hidden[start:end]
    for start, end in goods.sizes.spans(hidden):
        found.values.setdefault("size", {})[looked_at.back(start, end)[0]] = hidden[start:end]


@cache
def _abroad() -> tuple[re.Pattern[str], dict[str, str]]:
    """Names of cities abroad, and in Latin letters of some at home, with the name they are reported by in Chinese."""
    said: dict[str, str] = {}
    for line in (
        files("mingbai.turn.understand").joinpath("data", "cities.txt").read_text("utf-8").splitlines()
    ):
        if line and not line.startswith("#"):
            first, *others = (name.replace("\\ ", " ") for name in re.split(r"(?<!\\) ", line.strip()))
            said.update({name.lower(): first for name in (first, *others)})
    said |= romanised.names()
    words = sorted(said, key=len, reverse=True)
    latin = "|".join(rf"\b{re.escape(word)}\b" for word in words if word[0].isascii())
    han = "|".join(
        re.escape(word)
        for word in words
        if not word[0].isascii() and word not in ("北京", "上海", "杭州", "广州", "深圳", "香港", "台北")
    )
    return re.compile(f"(?i:{latin})|{han}"), said
