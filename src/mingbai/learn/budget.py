"""How much noise a privacy budget asks for. The arithmetic is opacus's (Rényi accountant, subsampled Gaussian); nothing else of it is used.

The unit is a person: whether one of them, with all that they said, was among those learned from can be told from the adapter no
better than epsilon and delta allow. Two limits:

- It holds for one training. Each further one over the same persons, a retraining too, spends epsilon again, and they add up
  (`spent`); what was trained without a budget has no bound at all.
- The rows are chosen before it. They are drawn up to a number, so that one person's rows can push others' out or let them in, and what
  reads alike depends on others: that choice is not covered.

Nor are how rows were masked, the exam's figures, how many persons and steps there were, an attacker who has the noise (it is drawn from
a seed that nobody keeps, by a generator that is not a cryptographic one, in floating point).
"""

from __future__ import annotations

import importlib.util
import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from mingbai.values.errors import BadInput, NotBuilt, Text
from mingbai.values.json import JsonObject

MOST_DELTA = 1e-5  # of few persons; of many, one over their number squared
MOST_NOISE = 1e5  # more changes nothing: what is left is the least epsilon that this accountant can vouch for
CLIP = 0.1  # the longest that a person's part in a step may be; an ordinary step is cut to 1


@dataclass(frozen=True, slots=True)
class Budget:
    """`noise`: its standard deviation over the longest part of a person. `rate`: how likely each person is in a step."""

    epsilon: float
    delta: float
    noise: float
    clip: float
    rate: float
    steps: int
    persons: int

    def as_json(self) -> JsonObject:
        """As text: what is signed holds no fractions."""
        return {
            "unit": "person", "for": "one training", "persons": self.persons, "epsilon": f"{self.epsilon:g}", "delta": f"{self.delta:g}",
            "noise": f"{self.noise:.4g}", "clip": f"{self.clip:g}", "rate": f"{self.rate:.4g}", "steps": self.steps,
            "accountant": "opacus rdp",
        }  # fmt: skip


def needed() -> None:
    """Raises `NotBuilt` without opacus."""
    if importlib.util.find_spec("opacus") is None:
        raise NotBuilt(
            Text("没有安装差分隐私所需的软件包。", "What differential privacy needs is not installed."),
            Text("pip install 'mingbai[learn-private]'。", "pip install 'mingbai[learn-private]'."),
        )


def steps_of(lessons: int, batch: int) -> int:
    """In each epoch."""
    return math.ceil(lessons / batch)


def of_lessons(epsilon: float, whose: Sequence[str], batch: int, epochs: int) -> Budget:
    """`whose`: each lesson's person, "" for nobody's. Raises as `of` does."""
    steps = steps_of(len(whose), batch)
    return of(epsilon, persons=len({*whose} - {""}), rate=1 / steps, steps=epochs * steps)


def of(epsilon: float, *, persons: int, rate: float, steps: int, clip: float = CLIP) -> Budget:
    """The least noise that keeps within epsilon. Some seconds for a small one. Raises `BadInput` where no noise does."""
    needed()
    from opacus.accountants import RDPAccountant
    from opacus.accountants.utils import get_noise_multiplier

    delta = min(MOST_DELTA, 1 / max(persons, 1) ** 2)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # on its way the search meets noise for which the bound is loose, which it says each time
        most = RDPAccountant()
        most.history = [(MOST_NOISE, rate, steps)]
        least = most.get_epsilon(delta)
        if not epsilon > least:
            raise _too_small(epsilon, least)
        noise = get_noise_multiplier(
            target_epsilon=epsilon, target_delta=delta, sample_rate=rate, steps=steps, accountant="rdp",
            epsilon_tolerance=epsilon / 100,
        )  # fmt: skip
    return Budget(epsilon, delta, float(noise), clip, rate, steps, persons)


def _too_small(epsilon: float, least: float) -> BadInput:
    shown = f"{math.ceil(least * 100 + 1) / 100:g}"
    return BadInput(
        Text(
            f"隐私预算 {epsilon:g} 太小：再大的噪声也证明不了。",
            f"A privacy budget of {epsilon:g} is too small: no noise is known to keep it.",
        ),
        Text(f"用 --epsilon {shown} 或更大的。", f"Use --epsilon {shown} or more."),
        param="epsilon",
    )
