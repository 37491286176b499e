"""How likely a model finds the secret inside a message, with an adapter or without: what `prove leaks --adapter` ranks by.

Uses the training's own forward pass, with the lower layers gone through once for all models that are compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mingbai.learn.canary import CARRIERS, Canary
from mingbai.learn.examples import Progress
from mingbai.learn.lessons import Lesson
from mingbai.models.template import Template
from mingbai.models.tokens import Tokeniser
from mingbai.turn.understand.ask import TUNED
from mingbai.values.chat import Message

AT_ONCE = 16  # messages in one pass


def secrets(base: Path, canaries: Sequence[Canary]) -> list[Lesson]:
    """Each canary as a lesson whose last tokens are its digits: everything before them is what the model is given."""
    template = Template(Tokeniser.of(base))
    made = []
    for canary in canaries:
        before = CARRIERS[canary.carrier][0]
        head = template.render((Message("system", TUNED), Message("user", before))).tokens
        whole = template.render((Message("system", TUNED), Message("user", canary.text))).tokens
        given = next(n for n, (one, other) in enumerate(zip(head, whole, strict=False)) if one != other)
        digits = template.tokeniser.encode(canary.secret)
        made.append(Lesson(tuple(whole[: given + len(digits)]), len(digits)))
    return made


class Scorer:
    """Opened once for a base; `score` for each adapter."""

    def __init__(self, base: Path, lessons: Sequence[Lesson], top: int) -> None:
        from mingbai.learn import loop

        self._lessons = list(lessons)
        self._upper = loop.opened(base, self._lessons, top, _quiet)

    def score(self, adapter: Path | None, scale: float, part: slice = slice(None)) -> list[float]:
        """Of each lesson, or of a part of them, the log-probability of its last tokens."""
        import torch

        from mingbai.learn import adapter_file

        pairs = {} if adapter is None else adapter_file.read(adapter)
        found: list[float] = []
        wanted = range(len(self._lessons))[part]
        with torch.no_grad():
            for at in range(0, len(wanted), AT_ONCE):
                chosen = wanted[at : at + AT_ONCE]
                logits = self._upper.logits(list(chosen), self._lessons, pairs, scale)
                spoken = torch.log_softmax(logits, dim=-1)
                row = 0
                for n in chosen:
                    lesson = self._lessons[n]
                    told = lesson.tokens[-lesson.learned :]
                    found.append(sum(float(spoken[row + k, token]) for k, token in enumerate(told)))
                    row += lesson.learned
        return found


def _quiet(progress: Progress) -> None:
    pass
