"""The masks of one request: what each placeholder stands for, and into which channels it may be put back.

1. What stands in the text as given and looks like a placeholder is masked itself, so nothing a document says is restored.
2. Personal data become placeholders, the same wording the same one.
3. The masked text put back must be the text as given, character for character; else `MaskFailed`, and nothing leaves.

An error of a rule goes through unchanged, which is failing closed: there is no path on which unmasked text is returned.
Not covered: a model that spells a placeholder out letter by letter; data that no rule finds; keys of JSON objects.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from mingbai.permit.mask.detector import Detector
from mingbai.permit.mask.placeholders import CLOSE, LETTERS, OPEN, Masked, new_nonce, shapes, written
from mingbai.permit.mask.span import NAMES
from mingbai.values.errors import Forbidden, MingbaiError, Text
from mingbai.values.json import JsonObject, JsonValue

Channel = Literal[
    "customer", "staff", "tool"
]  # logs and training rows are no channels: nothing is restored there

_BARE = re.compile(f"[{OPEN}{CLOSE}]")
_LEAST_DIGITS = 7  # of a JSON number that may be a phone or a card


class MaskFailed(MingbaiError):
    """Masking could not be shown to be right; the text must not leave."""

    code: ClassVar[str] = "mask_failed"

    def __init__(self) -> None:
        super().__init__(
            Text("脱敏没有成功，内容未发出。", "Masking did not succeed: nothing was sent."),
            Text("请把这条消息的编号报告给维护者。", "Report the id of this message to the maintainers."),
        )


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
        self._lang = lang
        self.nonce = new_nonce() if nonce is None else nonce
        if len(self.nonce) != 2 or not set(self.nonce) <= set(LETTERS):
            raise ValueError("a nonce is two of LETTERS")
        self._numbers: dict[tuple[Masked, str], int] = {}
        self._originals: list[tuple[Masked, str]] = []
        self._as_number: set[int] = set()

    @property
    def counts(self) -> Mapping[Masked, int]:
        """How many different values of each kind were masked so far; for receipts and logs."""
        return Counter(kind for kind, _ in self._originals)

    def mask(self, text: str) -> str:
        """Safe to leave. Raises `MaskFailed`, or whatever a rule raised."""
        return self._masked(text, "")

    def mask_json(self, value: JsonValue) -> JsonValue:
        """Every text in it masked, and long numbers too; a text's field name helps to tell what it is."""
        return self._json(value, "")

    def restore(self, text: str, channel: Channel) -> Restored:
        """Placeholders of this request put back, in one pass: what comes out is not read again. Raises `Forbidden`."""
        self._allowed(channel)
        return self._restored(text)

    def restore_json(self, value: JsonValue, channel: Channel) -> JsonValue:
        self._allowed(channel)
        return self._json_back(value)

    def restorer(self, channel: Channel) -> Callable[[str], Restored]:
        """For streams: `restore` with the channel settled once."""
        self._allowed(channel)
        return self._restored

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
        spans = [(it.start, it.end, it.kind) for it in self._detector.spans(cue + text)] if text else []
        own = len(cue)
        found: list[tuple[int, int, Masked]] = [
            (start - own, end - own, kind)
            for start, end, kind in spans
            if start >= own and not (cue and kind in NAMES)
        ]
        pieces: list[str] = []
        here = 0
        for start, end, kind in _merged(found, self._looks(text)):
            pieces += text[here:start], self._placeholder(kind, text[start:end])
            here = end
        masked = "".join([*pieces, text[here:]])
        if self._restored(masked).text != text:
            raise MaskFailed
        return masked

    def _looks(self, text: str) -> list[tuple[int, int]]:
        """What a reader could take for a placeholder of this request, and our brackets by themselves."""
        looks = [(it.start, it.end) for it in shapes(text) if it.ours or it.nonce == self.nonce]
        inside = {at for start, end in looks for at in range(start, end)}
        return looks + [hit.span() for hit in _BARE.finditer(text) if hit.start() not in inside]

    def _placeholder(self, kind: Masked, original: str) -> str:
        key = (kind, original)
        number = self._numbers.get(key)
        if number is None:
            self._originals.append(key)
            number = self._numbers[key] = len(self._originals)
            if number > 9999:
                raise MaskFailed
        return written(kind, self.nonce, number, self._lang)

    def _restored(self, text: str) -> Restored:
        pieces: list[str] = []
        here = restored = unknown = 0
        for it in shapes(text):
            if it.nonce == self.nonce and 0 < it.number <= len(self._originals):
                kind, original = self._originals[it.number - 1]
                if it.kind in (kind, ""):
                    pieces += text[here : it.start], original
                    here = it.end
                    restored += 1
                    continue
            unknown += it.ours or it.nonce == self.nonce
        return Restored("".join([*pieces, text[here:]]), restored, unknown)

    def _json(self, value: JsonValue, cue: str) -> JsonValue:
        if isinstance(value, str):
            return self._masked(value, cue)
        if isinstance(value, Sequence):
            return [self._json(it, cue) for it in value]
        if isinstance(value, Mapping):
            masked: JsonObject = {key: self._json(it, f"{key}: ") for key, it in value.items()}
            return masked
        if isinstance(value, int | float) and sum(map(str.isdigit, repr(value))) >= _LEAST_DIGITS:
            said = self._masked(repr(value), cue)
            if said != repr(value):
                self._as_number.update(it.number for it in shapes(said))
                return said
        return value

    def _json_back(self, value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            alone = [it for it in shapes(value) if (it.start, it.end) == (0, len(value))]
            text = self._restored(value).text
            if alone and text != value and alone[0].number in self._as_number:
                return float(text) if "." in text or "e" in text else int(text)
            return text
        if isinstance(value, Sequence):
            return [self._json_back(it) for it in value]
        if isinstance(value, Mapping):
            return {key: self._json_back(it) for key, it in value.items()}
        return value


def _merged(
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
