"""How much noise a privacy budget asks for. The arithmetic is opacus's (Rényi accountant, subsampled Gaussian); nothing else of it is used.

The unit is a person: whether one of them, with all that they said, was among those learned from can be told from the adapter no
better than epsilon and delta allow. Not covered: which rows were chosen and how they were masked, the exam's figures, how many persons and
steps there were, an attacker who has the noise (it is drawn from a seed that nobody keeps, by a generator that is not a cryptographic
one, in floating point).
"""

from __future__ import annotations

import importlib.util
import warnings
from dataclasses import dataclass

from mingbai.values.errors import NotBuilt, Text
from mingbai.values.json import JsonObject

MOST_DELTA = 1e-5  # of few persons; of many, one over their number squared
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
            "unit": "person", "persons": self.persons, "epsilon": f"{self.epsilon:g}", "delta": f"{self.delta:g}",
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


def of(epsilon: float, *, persons: int, rate: float, steps: int, clip: float = CLIP) -> Budget:
    """The least noise that keeps within epsilon. Some seconds for a small one."""
    needed()
    from opacus.accountants.utils import get_noise_multiplier

    delta = min(MOST_DELTA, 1 / max(persons, 1) ** 2)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # on its way the search meets noise for which the bound is loose, which it says each time
        noise = get_noise_multiplier(
            target_epsilon=epsilon, target_delta=delta, sample_rate=rate, steps=steps, accountant="rdp",
            epsilon_tolerance=epsilon / 100,
        )  # fmt: skip
    return Budget(epsilon, delta, float(noise), clip, rate, steps, persons)
