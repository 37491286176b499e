"""The masks of one request: what each placeholder stands for, and into which channels it may be put back.

1. What stands in the text as given and looks like a placeholder is masked itself, so nothing a document says is restored.
2. Personal data become placeholders, the same wording the same one. What was `note`d in one text is known in all others.
3. The masked text put back must be the text as given, character for character; else `MaskFailed`, and nothing leaves.
4. Nothing is put back inside a link (`links.py`): it would be sent to whoever wrote the link.

An error of a rule goes through unchanged, which is failing closed: there is no path on which unmasked text is returned.
Not covered: a model that spells a placeholder out letter by letter; data written in codes other than those of `encoded.py` and
JSON's escapes; data that no rule finds in any text of the request.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

from mingbai.permit.mask import links
from mingbai.permit.mask.detector import Detector
from mingbai.permit.mask.placeholders import CLOSE, LETTERS, OPEN, Masked, new_nonce, shapes, written
from mingbai.permit.mask.span import KINDS, NAMES, Kind
from mingbai.values.errors import Forbidden, MaskFailed, Text
from mingbai.values.json import JsonObject, JsonValue

Channel = Literal[
    "customer", "staff", "tool"
]  # logs and training rows are no channels: nothing is restored there

_BARE = re.compile(f"[{OPEN}{CLOSE}]")
_LEAST_DIGITS = 7  # of a JSON number that may be a phone or a card
_MOST_NUMBER = 9999  # of a placeholder
# Values that are known again wherever they stand; a title or a date is said of many.
_KNOWN_AGAIN: frozenset[Kind] = frozenset(KINDS) - {"name_title", "birth_date", "ip"}
_LEAST_KNOWN = {"name": 2}  # characters; of others five
_MOST_KNOWN = 256
_VALUES_IN_SCHEMA = frozenset({"const", "default", "enum", "examples"})
_Numbers = Literal["mask", "keep", "refuse"]
_WORDLY = re.compile("[0-9A-Za-z]")
# Fields of JSON whose whole value is a person's name, whatever it is; "name" alone may be that of goods.
_PERSON_FIELD = re.compile(
    r"(?i)(?:(?:first|last|full|given|family|middle|user|buyer|customer|contact|recipient|receiver|consignee|sender|payee)_?name|sur_?name"
    r"|recipient|receiver|consignee|contact|(?:收货|收件|寄件|发件|联系|付款|收款|下单|申请)人(?:姓名)?|姓名|真实姓名|(?:客户|顾客|买家)(?:姓名|名)?): "
)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*')  # of a text that is JSON
# However many backslashes: of JSON in a text in JSON there are more.
_HIDING = re.compile(r"\\+u(?:(d[89ab][0-9a-f]{2})\\+u(d[c-f][0-9a-f]{2})|([0-9a-f]{4}))", re.IGNORECASE)
_COLON = re.compile(r"\s*:")
_NAME_LIKE = re.compile(r"[^\W\d_][^\d\n@:：/\\{}\[\]]{0,39}")


@dataclass(frozen=True, slots=True)
class Restored:
    """`unknown` counts what looks like one of our placeholders and stands for nothing: it is left as it is."""

    text: str = field(repr=False)
    restored: int
    unknown: int


class Masks:
    """One per request. `channels` are those that the policy allowed; with none, nothing is ever put back."""

    def __init__(
        self,
        detector: Detector,
        *,
        channels: Collection[Channel] = (),
        lang: Literal["zh", "en"] = "zh",
        nonce: str | None = None,
    ) -> None:
        self._detector = detector
        self._channels = frozenset(channels)
        self.lang = lang
        self.nonce = new_nonce() if nonce is None else nonce
        if len(self.nonce) != 2 or not set(self.nonce) <= set(LETTERS):
            raise ValueError("a nonce is two of LETTERS")
        self._numbers: dict[tuple[Masked, str], int] = {}
        self._originals: list[tuple[Masked, str]] = []
        self._as_number: set[int] = set()
        self._spans: dict[tuple[str, str], list[tuple[int, int, Kind]]] = {}
        self._known: dict[str, Kind] = {}

    @property
    def counts(self) -> Mapping[Masked, int]:
        """How many different values of each kind were masked so far; for receipts and logs."""
        return Counter(kind for kind, _ in self._originals)

    def note(self, text: str, cue: str = "") -> str:
        """Remember what is personal in a text that will be masked later; the text itself comes back."""
        plain = self._unhidden(text, cue)
        for start, end, kind in self._found(plain, cue):
            value = plain[start:end]
            if (
                kind in _KNOWN_AGAIN
                and len(value) >= _LEAST_KNOWN.get(kind, 5)
                and len(self._known) < _MOST_KNOWN
            ):
                self._known.setdefault(value, kind)
                if not value.isascii():
                    self._known.setdefault(quote(value), kind)
        return text

    def note_json(self, value: JsonValue) -> None:
        self._json(value, "", "mask", self.note)

    def note_json_text(self, text: str) -> str:
        self._json_text(text, self.note)
        return text

    def mask(self, text: str) -> str:
        """Safe to leave. Raises `MaskFailed`, or whatever a rule raised."""
        return self._masked(text, "")

    def mask_json(self, value: JsonValue) -> JsonValue:
        """Every text and name in it masked, and long numbers too; a text's field name helps to tell what it is."""
        return self._json(value, "", "mask", self._masked)

    def mask_json_text(self, text: str) -> str:
        """JSON as it was written, but for what is personal in it: 129.00 stays 129.00."""
        return self._json_text(text, self._masked)

    def mask_schema(self, schema: JsonObject) -> JsonObject:
        """Every text of a JSON schema. Bounds stay; a value that it prescribes as a number, and that is personal, cannot be
        written as a placeholder: `MaskFailed`."""
        masked = self._json(schema, "", "keep", self._masked)
        assert isinstance(masked, Mapping)
        return masked

    def restore(self, text: str, channel: Channel) -> Restored:
        """Placeholders of this request put back, in one pass: what comes out is not read again. Raises `Forbidden`."""
        self._allowed(channel)
        return self._restored(text)

    def restore_json(self, value: JsonValue, channel: Channel) -> JsonValue:
        self._allowed(channel)
        return self._json_back(value)

    def restorer(self, channel: Channel, *, inside_json: bool = False) -> Callable[[str, str, str], Restored]:
        """For streams: `restore` with the channel settled once, of a text with its line before it and the character after.
        `inside_json`: values are written as JSON's strings are."""
        self._allowed(channel)
        form = _in_json if inside_json else str

        def restored(text: str, before: str, after: str) -> Restored:
            return self._restored(text, form, before, after)

        return restored

    def forget_texts(self) -> None:
        """Once everything is masked: what was noted is needed no more, what placeholders stand for is."""
        self._spans.clear()
        self._known.clear()

    def _allowed(self, channel: Channel) -> None:
        if channel not in self._channels:
            raise Forbidden(
                Text(
                    f"不允许把真实信息放回这里（{channel}）。",
                    f"Real values may not be put back here ({channel}).",
                ),
                Text("这要由策略允许。", "The policy has to allow it."),
            )

    def _masked(self, text: str, cue: str) -> str:
        text = self._unhidden(text, cue)
        found = self._found(text, cue)
        pieces: list[str] = []
        here = 0
        for start, end, kind in merged([*found, *self._mentions(text, found)], self._looks(text)):
            pieces += text[here:start], self._placeholder(kind, text[start:end])
            here = end
        masked = "".join([*pieces, text[here:]])
        if self._restored(masked, anywhere=True).text != text:
            raise MaskFailed
        return masked

    def _unhidden(self, text: str, cue: str) -> str:
        """The text without its escapes (\\u5f20), where they hide something personal that a model would read all the same."""
        plain = _HIDING.sub(_shown, text)
        if plain == text:
            return text
        seen, hidden = ({t[a:b] for a, b, _ in self._found(t, cue)} for t in (text, plain))
        known = any(value in plain and value not in text for value in self._known)
        return plain if known or hidden - seen else text

    def _found(self, text: str, cue: str) -> list[tuple[int, int, Kind]]:
        """What the detector finds, once for each text that is noted first and masked after."""
        if (known := self._spans.get((cue, text))) is not None:
            return known
        own = len(cue)
        spans = self._detector.spans(cue + text) if text else []
        found = [(max(0, it.start - own), it.end - own, it.kind) for it in spans if it.end > own]
        if cue and _PERSON_FIELD.fullmatch(cue):
            if not found and _NAME_LIKE.fullmatch(text):
                found = [(0, len(text), "name")]
        elif cue:  # "name: " makes a name of any goods: by what the text says itself, then
            alone = [(it.start, it.end, it.kind) for it in self._detector.spans(text) if it.kind in NAMES]
            found = [it for it in found if it[2] not in NAMES]
            found += [it for it in alone if all(it[1] <= start or end <= it[0] for start, end, _ in found)]
        self._spans[cue, text] = found
        return found

    def _mentions(self, text: str, found: Collection[tuple[int, int, Kind]]) -> list[tuple[int, int, Kind]]:
        """Where a value that was noted elsewhere stands, apart from what was found here."""
        out: list[tuple[int, int, Kind]] = []
        taken: bytearray | None = None
        for value, kind in self._known.items():
            at = text.find(value)
            while at >= 0:
                end = at + len(value)
                if taken is None:
                    taken = bytearray(len(text))
                    for first, last, _ in found:
                        taken[first:last] = b"\1" * (last - first)
                if not any(taken[at:end]) and not _inside_word(text, at, end):
                    taken[at:end] = b"\1" * (end - at)
                    out.append((at, end, kind))
                at = text.find(value, end)
        return out

    def _looks(self, text: str) -> list[tuple[int, int]]:
        """What a reader could take for a placeholder of this request, and our brackets by themselves."""
        looks = [(it.start, it.end) for it in shapes(text, self.nonce) if it.ours or it.nonce == self.nonce]
        inside = {at for start, end in looks for at in range(start, end)}
        return looks + [hit.span() for hit in _BARE.finditer(text) if hit.start() not in inside]

    def _placeholder(self, kind: Masked, original: str) -> str:
        key = (kind, original)
        number = self._numbers.get(key)
        if number is None:
            self._originals.append(key)
            number = self._numbers[key] = len(self._originals)
            if number > _MOST_NUMBER:
                raise MaskFailed(Text("个人信息太多", "too much personal data"))
        return written(kind, self.nonce, number, self.lang)

    def _restored(
        self,
        text: str,
        form: Callable[[str], str] = str,
        before: str = "",
        after: str = "",
        *,
        anywhere: bool = False,
    ) -> Restored:
        """Not within a link, but `anywhere`: who wrote it would be told."""
        pieces: list[str] = []
        restored = unknown = 0
        here = len(before[-1:])
        text = before[-1:] + text
        for it in shapes(text + after, self.nonce):
            if it.start < here or it.end > len(text):
                continue
            if not anywhere and links.inside(before[:-1] + text[: it.start], in_json=form is _in_json):
                unknown += it.ours or it.nonce == self.nonce
                continue
            if it.nonce == self.nonce and 0 < it.number <= len(self._originals):
                kind, original = self._originals[it.number - 1]
                if it.kind in (kind, ""):
                    pieces += text[here : it.start], form(original)
                    here = it.end
                    restored += 1
                    continue
            unknown += it.ours or it.nonce == self.nonce
        return Restored("".join([*pieces, text[here:]]), restored, unknown)

    def _json(
        self, value: JsonValue, cue: str, numbers: _Numbers, do: Callable[[str, str], str]
    ) -> JsonValue:
        if isinstance(value, str):
            return self._json_text(value, do) if is_json(value) else do(value, cue)
        if isinstance(value, Sequence):
            return [self._json(it, cue, numbers, do) for it in value]
        if isinstance(value, Mapping):
            masked: JsonObject = {
                do(key, ""): self._json(
                    it,
                    f"{key}: ",
                    "refuse" if numbers == "keep" and key in _VALUES_IN_SCHEMA else numbers,
                    do,
                )
                for key, it in value.items()
            }
            return masked
        if (
            numbers != "keep"
            and isinstance(value, int | float)
            and sum(map(str.isdigit, repr(value))) >= _LEAST_DIGITS
        ):
            said = do(repr(value), cue)
            if said != repr(value):
                if numbers == "refuse":
                    raise MaskFailed(Text("schema 里有个人信息的数字", "a number of a schema is personal"))
                self._as_number.update(it.number for it in shapes(said))
                return said
        return value

    def _json_text(self, text: str, do: Callable[[str, str], str]) -> str:
        pieces: list[str] = []
        here, cue = 0, ""
        for token in _TOKEN.finditer(text):
            value = json.loads(token[0])
            is_name = _COLON.match(text, token.end()) is not None
            said = self._json(value, "" if is_name else cue, "mask", do)
            if is_name:
                cue = f"{value}: "
            if said != value:
                pieces += text[here : token.start()], json.dumps(said, ensure_ascii=False)
                here = token.end()
        return "".join([*pieces, text[here:]])

    def _json_back(self, value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            alone = [it for it in shapes(value, self.nonce) if (it.start, it.end) == (0, len(value))]
            text = self._restored(value).text
            if alone and text != value and alone[0].number in self._as_number:
                return float(text) if "." in text or "e" in text else int(text)
            return text
        if isinstance(value, Sequence):
            return [self._json_back(it) for it in value]
        if isinstance(value, Mapping):
            return {self._restored(key).text: self._json_back(it) for key, it in value.items()}
        return value


def is_json(text: str) -> bool:
    """An object or a list, written as JSON: its fields say what their values are."""
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):  # none, or too deep to be read anywhere: only text
        return False
    return True


def _shown(escape: re.Match[str]) -> str:
    """What an escape, or two for one character, means; itself for what would end a string or a line."""
    said = bytes.fromhex((escape[1] or "") + (escape[2] or escape[3] or "")).decode("utf-16-be", "replace")
    return said if said.isprintable() and said not in ('"', "\\", "\ufffd") else escape[0]


def _in_json(original: str) -> str:
    return json.dumps(original, ensure_ascii=False)[1:-1]


def _inside_word(text: str, start: int, end: int) -> bool:
    """1380013800 within 13800138001, or Lee within Leeds: another value."""
    return any(
        0 < edge < len(text) and _WORDLY.fullmatch(text[edge - 1]) and _WORDLY.fullmatch(text[edge])
        for edge in (start, end)
    )


def merged(
    found: Collection[tuple[int, int, Masked]], looks: Collection[tuple[int, int]]
) -> list[tuple[int, int, Masked]]:
    """In order, apart. What looks like a placeholder and touches personal data is masked with it, as one."""
    out: list[tuple[int, int, Masked]] = []
    for start, end, kind in sorted(
        [*found, *((*it, "literal") for it in looks)], key=lambda it: (it[0], -it[1])
    ):
        if out and start < out[-1][1]:
            first, last, before = out[-1]
            out[-1] = first, max(last, end), kind if before == "literal" else before
        else:
            out.append((start, end, kind))
    return out
