"""The third opinion: a model that is shown labelled messages names the label of one more; one token's odds are read.

Few-shot label words with distinct first tokens beat letters and free answers (engine.md §5). Only known labels count,
whatever the message tells the model to say; nothing it writes is shown to anybody.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TypeAlias

from mingbai.values.chat import Answer, Ask, Message, Sampling
from mingbai.values.errors import Busy, EngineError
from mingbai.values.turn import Intent


class Odds(dict[Intent, float]):
    """How likely each intent is, summing to 1 over those there is an opinion of; `adapter`: its SHA-256, if one was asked."""

    def __init__(self, shares: Mapping[Intent, float] | None = None, adapter: str = "") -> None:
        super().__init__(shares or {})
        self.adapter = adapter


AskModel: TypeAlias = Callable[[str], Awaitable[Odds]]  # of the text of a message

LONGEST = 300  # characters of a message that are shown
TOP = 20
DEADLINE_SECONDS = 4.0
TUNED = "意图"  # all that a model is told that was trained with it: ten tokens fewer to learn and to read than a sentence


def by_model(
    collect: Callable[[Ask], Awaitable[Answer]],
    model: str = "",
    *,
    adapter: str | None = None,
    deadline_seconds: float = DEADLINE_SECONDS,
) -> AskModel:
    """`collect` gets one whole answer from an engine. One that is busy, down or late has no opinion.

    The shown messages are some 600 tokens: the first ask reads them all, later ones find them in the engine's cache.
    Under an `adapter` that was trained on this very question none of them is shown.
    """

    async def ask(text: str) -> Odds:
        sampling = Sampling(temperature=0, max_tokens=1, seed=1, top_logprobs=TOP)
        before = shown() if adapter is None else (Message("system", TUNED),)
        messages = (*before, Message("user", text[:LONGEST]))
        try:
            answer = await collect(
                Ask(messages, model, sampling=sampling, deadline_seconds=deadline_seconds, adapter=adapter)
            )
        except (EngineError, Busy):
            return Odds()
        if adapter is not None and not answer.finished.adapter:
            return Odds()  # it left, or is still being loaded: the base model was never told of the labels
        if not answer.logprobs:
            return Odds()
        first = answer.logprobs[0]
        shares = odds([(it.token, it.logprob) for it in (first.top or (first.chosen,))])
        return Odds(shares, answer.finished.adapter)

    return ask


def odds(tokens: Sequence[tuple[str, float]]) -> dict[Intent, float]:
    """The odds of first tokens as odds of intents: a token counts for the one label it begins."""
    shares: dict[Intent, float] = {}
    for token, logprob in tokens:
        said = token.strip()
        if said and len(meant := [intent for word, intent in labels().items() if word.startswith(said)]) == 1:
            shares[meant[0]] = shares.get(meant[0], 0.0) + math.exp(logprob)
    total = sum(shares.values())
    return {intent: share / total for intent, share in shares.items()} if total > 0.05 else {}


@cache
def labels() -> dict[str, Intent]:
    return {word: Intent(name) for name, word, _ in _rows()}


@cache
def shown() -> tuple[Message, ...]:
    """The same for every message, so that the engine's cache holds it."""
    head = _prompt().partition("\n## ")[0].strip()
    made = [Message("system", head.replace("{labels}", "、".join(labels())))]
    rounds = max(len(said) for _, _, said in _rows())
    for at in range(rounds):  # label after label, so that the last one shown is not the likeliest
        for _, word, said in _rows():
            if at < len(said):
                made += [Message("user", said[at]), Message("assistant", word)]
    return tuple(made)


@cache
def _rows() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Intent, label word, examples: `## where_is_order 物流` and lines below it."""
    rows = []
    for block in _prompt().split("\n## ")[1:]:
        heading, *lines = block.strip().splitlines()
        name, word = heading.split()
        rows.append((name, word, tuple(line.removeprefix("- ") for line in lines if line.startswith("- "))))
    return tuple(rows)


@cache
def _prompt() -> str:
    return files("mingbai.turn").joinpath("prompts", "intents.md").read_text(encoding="utf-8")
