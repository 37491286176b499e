"""From evidence to text that may be shown: the model's sentence through the checks, then the facts it left out.

1. What carries no fact (a question back, a refusal, a proposal, a hand-over, small talk) is said by the template: there
   is nothing to word.
2. Otherwise the model answers the question in one sentence over the facts. It waits until its end and is shown when it
   passes every check. One that fails ends that phrasing, and the model is asked once more, told what not to say.
3. Every needed fact that was not said by its figures or its words follows, in its own words.

So `phrased_by` is `model` when a sentence of the model's leads, and `template` when none does.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Literal

from mingbai.turn.basis import Basis
from mingbai.turn.check import checked
from mingbai.turn.compose import MOST_TOKENS, compose, system_text
from mingbai.turn.cut import ends
from mingbai.turn.said import read
from mingbai.turn.service import Phrase
from mingbai.turn.templates import Line, lines
from mingbai.values.chat import Event, Finished, Piece
from mingbai.values.errors import EngineError
from mingbai.values.turn import Lang, Reply, Turn, Verdict
from mingbai.zh.script import traditionalise

SAME_WORDS = 0.6  # of a fact's characters, found in the answer, when it has no figure to be known by
MOST_TRIES = 2


def load() -> None:
    """Read the tables that the checks and the scripts need, which the first answer would otherwise wait for."""
    read("七天内 ¥1.00，Nov 3, 2025，seven days")
    traditionalise("汉字")
    checked("七天内签收", Basis("zh-Hans", ())), checked("within seven days", Basis("en", ()))
    system_text(True), system_text(False)


async def release(turn: Turn, phrase: Phrase | None) -> AsyncGenerator[str | Reply, None]:
    """Pieces of checked text, then the `Reply`."""
    basis = Basis.of(turn)
    told = lines(turn, basis)
    words = _Words(basis)
    verdicts: list[Verdict] = []
    tries = 0
    worded = [line for line in told if line.fact is not None]
    alone = not worded or any(
        e.proposal or e.needs or e.refusals or e.done or e.handoff for e in turn.evidence
    )
    if phrase is not None and not alone:
        while tries < MOST_TRIES and not words.shown:
            tries += 1
            failed: list[Verdict] = []
            messages = compose(turn, basis, worded, avoid=verdicts[-1].found if verdicts else "")
            try:
                async with aclosing(sentences(phrase(messages, MOST_TOKENS))) as said:
                    async for sentence in said:
                        found = [v for v in checked(sentence, basis) if not v.passed]
                        if found:
                            failed += found
                            break
                        yield words.show(_closed(sentence, english=basis.english))
                        break  # one sentence leads; whatever else the model would say, the facts say better
            except EngineError as e:
                verdicts.append(Verdict("engine", False, e.code))
                break
            verdicts += failed
            if not failed:
                break
    phrased_by: Literal["model", "template"] = "model" if words.shown else "template"
    for line in told:
        if not (words.holds(line.text) if line.fact is None else words.says(line)):
            yield words.show(line.text)
    yield Reply(words.text, basis.lang, phrased_by, tuple(verdicts), tries)


class _Words:
    """What has been shown so far, in the answer's language and script."""

    def __init__(self, basis: Basis) -> None:
        self._basis = basis
        self._plain = ""  # Simplified, for the checks
        self.text = ""
        self.shown = 0

    def show(self, sentence: str) -> str:
        sentence = sentence.strip()
        gap = " " if self._basis.english and self.text else ""
        self._plain += gap + sentence
        out = gap + _in_script(sentence, self._basis.lang)
        self.text += out
        self.shown += 1
        return out

    def holds(self, sentence: str) -> bool:
        return _bare(sentence) in _bare(self._plain)

    def says(self, line: Line) -> bool:
        """Has this fact been said? Its figures all stand there, or most of its words."""
        if self.holds(line.text):
            return True
        about = (
            line.fact.about.casefold() if line.fact else ""
        )  # which order it is need not be said in each sentence
        wanted = {(p.kind, p.value) for p in read(line.text) if p.value != about}
        have = {(p.kind, p.value) for p in read(self._plain)}
        units = _units(line.text, self._basis.english)
        here = _units(self._plain, self._basis.english)
        return wanted <= have and len(units & here) >= SAME_WORDS * len(units)


def _units(text: str, english: bool) -> set[str]:
    if english:
        return set(re.findall(r"[a-z]{3,}", text.casefold()))
    return set(re.findall(r"[一-鿿]", text))


def _closed(sentence: str, *, english: bool) -> str:
    """The sentence with a full stop, where it was cut at a semicolon or has no end."""
    body = sentence.strip().rstrip(";；,，:：")
    return body if body[-1:] in "。！？!?.…”」）)" else body + ("." if english else "。")


def _bare(text: str) -> str:
    return re.sub(r"[\s\W_]+", "", text.casefold())


def _in_script(text: str, lang: Lang) -> str:
    return traditionalise(text).text if lang == "zh-Hant" else text


async def sentences(events: AsyncIterator[Event]) -> AsyncGenerator[str, None]:
    """The text cut after each sentence. What is left at the end is one, too, unless the tokens ran out in it."""
    held = ""
    async for event in events:
        match event:
            case Piece(text):
                held += text
            case Finished(reason="length") if not _is_whole(held):
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
