"""What training takes and gives: plain values, without torch, so that rows, gate and reports can speak of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from mingbai.learn.budget import Budget
from mingbai.values.chat import Message


@dataclass(frozen=True, slots=True)
class Example:
    """One lesson: to these messages, say this. `id` is the row's name in its dataset, never a person's; `person` the tag of whose
    words it is, "" for nobody's."""

    id: str
    prompt: tuple[Message, ...] = field(repr=False)
    completion: str = field(repr=False)
    person: str = field(default="", repr=False)

    @classmethod
    def of(cls, id: str, text: str, completion: str, system: str = "", person: str = "") -> Example:
        """The common case: one message of a customer, under a system text if there is one."""
        said = (Message("user", text),)
        return cls(id, (Message("system", system), *said) if system else said, completion, person)


@dataclass(frozen=True, slots=True)
class Choice:
    """One preference: to these messages, rather say `chosen` than `rejected`."""

    id: str
    prompt: tuple[Message, ...] = field(repr=False)
    chosen: str = field(repr=False)
    rejected: str = field(repr=False)

    def examples(self) -> tuple[Example, Example]:
        """What was chosen, then what was not."""
        return Example(self.id, self.prompt, self.chosen), Example(self.id, self.prompt, self.rejected)


@dataclass(frozen=True, slots=True)
class Preferred:
    """Of one choice, after training. `margin`: by how many nats the chosen words gained on the others against the base model.
    `before`, `after`: whether they are the likelier ones, token by token on average."""

    margin: float
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. The defaults taught eight intents well in a first trial and were not tuned; `mingbai bench learn` says what
    they are worth on your machine.

    The same recipe over the same examples in the same order gives the same adapter on the same machine; with one thread,
    byte for byte.
    """

    rank: int = 8
    alpha: int = 16
    top: int = 8  # layers that learn, counted from the top: what lies below is computed once and kept; 0: all of them
    epochs: int = 4
    rate: float = 4e-4
    batch: int = 8
    seed: int = 0
    threads: int = 0  # 0: as many as there are cores
    epsilon: float = (
        0.0  # above 0: nobody can tell from the adapter whether a person was in it, so far as this allows
    )
    beta: float = 0.0  # for choices alone: how dear it is to leave the base model
    said: float = 0.0  # for choices alone: how much the chosen words are a lesson, too
    soft: float = 0.0  # with a teacher alone: how much of the loss is its opinion; the rest is the label


@dataclass(frozen=True, slots=True)
class Progress:
    """`doing` is one of the steps `weights`, `lower layers`, `teacher`, `reference`, `training`, `writing`, `held out`;
    `seconds_left` is None where it is not known."""

    doing: str
    done: int
    of: int
    seconds_left: float | None = None
    loss: float | None = None


@dataclass(frozen=True, slots=True)
class Trained:
    """An adapter as llama.cpp loads it (GGUF). `losses` is the mean of each epoch; `recipe` has its threads filled in."""

    path: Path
    sha256: str
    seconds: float
    losses: tuple[float, ...]
    recipe: Recipe
    base_sha256: str
    peak_mib: int = 0
    device: str = "cpu"
    processes: int = 1
    privacy: Budget | None = None


class TrainOver(Protocol):
    """As `Train`, on top of the adapter in `under`, which stays as it is; `part` of what is learned is written, since others will stand
    beside it. `learn.train.train_over` is the real one."""

    def __call__(
        self,
        base: Path,
        examples: Sequence[Example],
        recipe: Recipe,
        out: Path,
        told: Callable[[Progress], None],
        under: Path,
        part: float,
    ) -> Trained: ...


class Train(Protocol):
    """`learn.train.train` is the real one. `base` is a GGUF; `out` the adapter's path, whose neighbour `OUT.resume` holds what
    a killed run goes on from. Raises `BadInput` for examples or a recipe that cannot be used, `NotBuilt` without torch."""

    def __call__(
        self,
        base: Path,
        examples: Sequence[Example],
        recipe: Recipe,
        out: Path,
        told: Callable[[Progress], None],
    ) -> Trained: ...
