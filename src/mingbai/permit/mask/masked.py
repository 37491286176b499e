"""An engine at a place that may see no personal data: placeholders go there, and the answer is put right on its way back.

1. The ask is masked in a thread, in a bounded time. If that errs, is late or cannot be shown to be right: `MaskFailed`, and the
   place is not called.
2. What the policy says of masked personal data decides; without any in the ask, it may go as public content.
3. The text of the answer goes to whoever asked, who said these data: it is restored. Arguments of calls keep their
   placeholders, unless the policy lets tools have the data. Placeholders that stand for nothing are left and counted.

Not covered: probabilities of single tokens, which show what the place wrote.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from mingbai.permit.mask.asked import is_english, leaving
from mingbai.permit.mask.detector import Detector
from mingbai.permit.mask.masks import Channel, Masks
from mingbai.permit.mask.placeholders import new_nonce
from mingbai.permit.mask.stream import Stream
from mingbai.values.chat import Ask, CallArguments, CallStarted, Event, Finished, Masked, Piece
from mingbai.values.errors import DeadlineExceeded, Forbidden, MaskFailed, Text

SECONDS = 10.0  # for masking; the largest request that the service takes needs about four


class Answers(Protocol):
    """An engine, as masks see it."""

    @property
    def place(self) -> str: ...

    @property
    def attempts(self) -> int: ...

    def generate(self, ask: Ask) -> AsyncGenerator[Event, None]: ...


@dataclass(frozen=True, slots=True)
class Terms:
    """What the policy says of a place: may masked personal data go there (else `why` not), and may tools be given the data."""

    masked: bool
    tools: bool = False
    why: tuple[Text, ...] = ()


class MaskedEngine:
    """See `engine.protocol.Engine`."""

    def __init__(self, inner: Answers, detector: Detector, terms: Terms, *, seconds: float = SECONDS) -> None:
        self._inner = inner
        self._detector = detector
        self._terms = terms
        self._seconds = seconds

    @property
    def inner(self) -> Answers:
        """Who answers behind the masks."""
        return self._inner

    @property
    def place(self) -> str:
        return self._inner.place

    @property
    def attempts(self) -> int:
        return self._inner.attempts

    @property
    def manner(self) -> Text:
        """How personal data go there, for the operator."""
        if self._terms.masked:
            return Text("个人信息遮蔽后发出", "personal data go there masked")
        return Text("不发个人信息", "no personal data go there")

    async def close(self) -> None:
        if callable(close := getattr(self._inner, "close", None)):
            await close()

    async def generate(self, ask: Ask) -> AsyncGenerator[Event, None]:
        channels: list[Channel] = ["customer", "tool"] if self._terms.tools else ["customer"]
        lang: Literal["zh", "en"] = "en" if is_english(ask) else "zh"
        letters = new_nonce(it.content for it in ask.messages)
        masks = Masks(self._detector, channels=channels, lang=lang, nonce=letters)
        sent = await self._leaving(ask, masks)
        counts = {str(kind): count for kind, count in sorted(masks.counts.items()) if kind != "literal"}
        if counts and not self._terms.masked:
            raise _not_there(self.place, self._terms.why)
        yield Masked(tuple(counts.items()))
        back = _Back(masks, tools=self._terms.tools, inside_json=ask.schema is not None)
        async with aclosing(self._inner.generate(sent)) as events:
            async for event in events:
                for restored in back.of(event):
                    if isinstance(restored, Finished):
                        said = {**restored.extra, "masked": counts, "placeholders_unknown": back.unknown}
                        restored = replace(restored, extra=said)
                    yield restored

    async def _leaving(self, ask: Ask, masks: Masks) -> Ask:
        """The ask as it may leave. An error's words are not repeated: they may be a customer's."""
        began = time.monotonic()
        work = asyncio.ensure_future(asyncio.to_thread(leaving, ask, masks))
        try:
            await asyncio.wait({work}, timeout=min(self._seconds, ask.deadline_seconds))
        finally:
            late = not work.done()
            work.cancel()
        if late:
            raise MaskFailed(Text("超时", "out of time"))
        if (error := work.exception()) is not None:
            if isinstance(error, MaskFailed):
                raise error
            raise MaskFailed(Text(type(error).__name__, type(error).__name__))
        left = ask.deadline_seconds - (time.monotonic() - began)
        if left <= 0:
            raise DeadlineExceeded(
                Text("超过了允许的时间。", "The time allowed ran out."),
                Text("请放宽时限再试。", "Allow more time, then try again."),
            )
        return replace(work.result(), deadline_seconds=left)


class _Back:
    """Events of one answer on their way back."""

    def __init__(self, masks: Masks, *, tools: bool, inside_json: bool) -> None:
        self._masks = masks
        self._text = Stream(masks, "customer", inside_json=inside_json)
        self._tools = tools
        self._arguments: dict[int, str] = {}

    @property
    def unknown(self) -> int:
        return self._text.unknown

    def of(self, event: Event) -> Sequence[Event]:
        match event:
            case Piece(text, logprobs):
                shown = self._text.feed(text)
                return [Piece(shown, logprobs)] if shown or logprobs else []
            case CallArguments(index, text) if self._tools:
                self._arguments[index] = self._arguments.get(index, "") + text
                return []
            case CallStarted():
                return [*self._rest(), event]
            case Finished():
                calls = [CallArguments(at, self._call(text)) for at, text in sorted(self._arguments.items())]
                return [*self._rest(), *calls, event]
            case _:
                return [event]

    def _rest(self) -> Sequence[Event]:
        rest = self._text.finish()
        return [Piece(rest)] if rest else []

    def _call(self, text: str) -> str:
        """Whole arguments, since a number is a number again; what is no JSON is no call that could be carried out."""
        with suppress(ValueError, RecursionError):
            return json.dumps(self._masks.restore_json(json.loads(text), "tool"), ensure_ascii=False)
        return text


def _not_there(place: str, why: Sequence[Text]) -> Forbidden:
    zh = "".join(it.zh for it in why) or "没有规则允许。"
    en = " ".join(it.en for it in why) or "No rule permits it."
    return Forbidden(
        Text(
            f"内容含个人信息，遮蔽后也不得发往 {place}，没有发出：{zh}",
            f"It holds personal data, which may not go to {place} even masked; nothing was sent: {en}",
        ),
        Text(
            "改用本机的模型，或在 places.toml 写明传输依据（routes）。",
            "Use this machine's own model, or say in places.toml by which route data may go there (routes).",
        ),
    )
