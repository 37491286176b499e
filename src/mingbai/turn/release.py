"""From evidence to text that may be shown: a fact in its own words at once, then the model's sentence through the checks,
then the facts that were left out.

1. What carries no fact (a question back, a refusal, a proposal, a hand-over, small talk) is said by the template: there
   is nothing to word.
2. Otherwise the first fact leads as the rows say it, and the customer reads it while the model joins the next ones into one
   sentence. That waits until its end and is shown when it passes every check and says each of its facts. One that fails a
   check is asked for once more, with what not to say. A fact alone, a page's sentence, a right, a condition, a number of a
   parcel and a list are quoted: where nothing else is left, the model is not asked (`compose.planned`).
3. Every needed fact that was not said by its figures and its words follows, in its own words.

So `phrased_by` is `model` when a sentence of the model's stands in the answer, and `template` when none does.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing

from mingbai.turn.basis import KEPT, Basis
from mingbai.turn.check import checked
from mingbai.turn.compose import MOST_TOKENS, STOPS, compose, planned, system_text
from mingbai.turn.cut import SHORT, ends
from mingbai.turn.keep import says, strays
from mingbai.turn.said import read
from mingbai.turn.service import Phrase
from mingbai.turn.templates import Line, lines
from mingbai.values.chat import Event, Finished, Masked, Message, Piece, Usage
from mingbai.values.errors import EngineError, MaskFailed
from mingbai.values.turn import Lang, Reply, Turn, Verdict
from mingbai.zh.script import traditionalise
from mingbai.zh.width import normalise

MOST_TRIES = 2


def load() -> None:
    """Read the tables that the checks and the scripts need, which the first answer would otherwise wait for."""
    read("七天内 ¥1.00，Nov 3, 2025，seven days")
    traditionalise("汉字")
    checked("七天内签收", Basis("zh-Hans", ())), checked("within seven days", Basis("en", ()))
    system_text(True), system_text(False)


async def read_beginnings(phrase: Phrase) -> None:
    """Have the beginnings read that all prompts share, so that not the first customer waits for it (3 s a language)."""
    for english in (False, True):
        beginning = Message("system", system_text(english)), Message("user", "…")
        async with aclosing(phrase(beginning, 1, ())) as events:
            async for _ in events:
                pass


async def release(turn: Turn, phrase: Phrase | None) -> AsyncGenerator[str | Reply, None]:
    """Pieces of checked text, then the `Reply`."""
    clock = _Clock()
    basis = Basis.of(turn)
    told = lines(turn, basis)
    plan = planned(turn, basis, told)
    words = _Words(basis)
    verdicts: list[Verdict] = []
    used: list[Usage | Masked] = []
    tries = by_model = 0
    clock.took("compose")
    if phrase is not None and plan.worded:
        for line in plan.lead:
            yield words.show(line.text)
        while tries < MOST_TRIES and not by_model:
            tries += 1
            clock.rest()
            messages = compose(plan, english=basis.english, avoid=verdicts[-1].found if verdicts else "")
            try:
                sentence = await _sentence(
                    phrase(messages, MOST_TOKENS, STOPS[basis.english]), used, english=basis.english
                )
            except MaskFailed as e:  # nothing has left: no place was asked
                verdicts.append(Verdict("mask", False, e.code))
                tries -= 1
                break
            except EngineError as e:
                verdicts.append(Verdict("engine", False, e.code))
                break
            finally:
                clock.took("generate")
            failed = _failed(sentence, plan.worded, basis)
            clock.took("check")
            verdicts += failed
            if not failed and sentence:
                clock.mark("worded")
                yield words.show(_closed(sentence, english=basis.english))
                by_model = 1
            elif not failed or failed[-1].check == "strays":
                break  # no sentence to its end, or one that left something out: asked again it says the same
    clock.rest()
    for line in told:
        if not words.says(line):
            yield words.show(line.text)
    clock.took("check")
    yield Reply(
        words.text, basis.lang, "model" if by_model else "template", tuple(verdicts), tries,
        by_model=by_model, usage=_sum(used), seconds=clock.seconds(), masks=_masks(used),
    )  # fmt: skip


async def _sentence(events: AsyncGenerator[Event, None], used: list[Usage | Masked], *, english: bool) -> str:
    """The first sentence, or "" for none. Whatever else the model would say, the facts say better."""
    async with aclosing(events), aclosing(sentences(events, used)) as said:
        async for sentence in said:
            short = english and sentence.strip()[-1:].isalnum() and SHORT.search(sentence.rstrip())
            return "" if short else sentence  # stopped within “No. 5”
    return ""


def _failed(sentence: str, worded: Sequence[Line], basis: Basis) -> list[Verdict]:
    if not sentence:
        return []
    failed = [v for v in checked(sentence, basis) if not v.passed]
    strayed = "" if failed else strays(_plain(sentence, basis), worded, basis)
    return [*failed, Verdict("strays", False, strayed)] if strayed else failed


def _plain(sentence: str, basis: Basis) -> str:
    return sentence if basis.english else normalise(sentence, keep=KEPT).text


def _sum(told: Sequence[Usage | Masked]) -> Usage:
    used = [it for it in told if isinstance(it, Usage)]
    return Usage(
        sum(u.prompt_tokens for u in used), sum(u.cached_tokens for u in used), sum(u.completion_tokens for u in used)
    )  # fmt: skip


def _masks(told: Sequence[Usage | Masked]) -> tuple[tuple[str, int], ...]:
    """By kind, of all phrasings: they speak of the same facts, so the most that one of them held."""
    most: Counter[str] = Counter()
    for it in told:
        if isinstance(it, Masked):
            most |= Counter(dict(it.kinds))
    return tuple(sorted(most.items()))


class _Clock:
    """Seconds by step, and when something happened. Time in which the reader held the text counts for none."""

    def __init__(self) -> None:
        self._began = self._last = time.perf_counter()
        self._steps = {"compose": 0.0, "generate": 0.0, "check": 0.0}
        self._marks: dict[str, float] = {}

    def rest(self) -> None:
        self._last = time.perf_counter()

    def took(self, step: str) -> None:
        now = time.perf_counter()
        self._steps[step] += now - self._last
        self._last = now

    def mark(self, name: str) -> None:
        self._marks[name] = time.perf_counter() - self._began

    def seconds(self) -> tuple[tuple[str, float], ...]:
        return (*self._steps.items(), *self._marks.items())


class _Words:
    """What has been shown so far, in the answer's language and script."""

    def __init__(self, basis: Basis) -> None:
        self._basis = basis
        self._plain = ""  # Simplified, for the checks
        self.text = ""

    def show(self, sentence: str) -> str:
        sentence = sentence.strip()
        gap = " " if self._basis.english and self.text else ""
        self._plain += gap + sentence
        out = gap + _in_script(sentence, self._basis.lang)
        self.text += out
        return out

    def says(self, line: Line) -> bool:
        return says(self._plain, line, self._basis)


def _closed(sentence: str, *, english: bool) -> str:
    """The sentence with a full stop, where it was cut at a semicolon or has no end."""
    body = sentence.strip().rstrip(";；,，:：")
    return body if body[-1:] in "。！？!?.…”」）)" else body + ("." if english else "。")


def _in_script(text: str, lang: Lang) -> str:
    return traditionalise(text).text if lang == "zh-Hant" else text


async def sentences(events: AsyncIterator[Event], used: list[Usage | Masked]) -> AsyncGenerator[str, None]:
    """The text cut after each sentence. What is left at the end is one, too, unless the tokens ran out in it.

    `used` is told what the engine says at its end and of masks; of one that is cut off nothing is known, so `STOPS` end it.
    """
    held = ""
    async for event in events:
        match event:
            case Piece(text):
                held += text
            case Masked():
                used.append(event)
                continue
            case Finished(reason, usage):
                used.append(usage)
                if reason != "length" or _is_whole(held):
                    continue
                held = ""
            case _:
                continue
        while (end := next((end for end in ends(held) if held[end:].strip()), None)) is not None:
            sentence, held = held[:end], held[end:]
            if sentence.strip():
                yield sentence
    if held.strip():
        yield held


def _is_whole(text: str) -> bool:
    """Does it end with its sentence? ¥3. may be the beginning of ¥3.50."""
    text = text.rstrip()
    return text != "" and len(text) in ends(text) and not re.search(r"\d\.$", text)
