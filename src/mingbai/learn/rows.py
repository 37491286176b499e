"""A training row, and by what right it is one: a person's consent or a licence. A row without either cannot be made.

`Candidate` is what a source offers, as it was said; `Row` is what was taken, masked. Neither shows its words in a log.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from mingbai.learn.examples import Choice, Example
from mingbai.turn.drafting import prompt
from mingbai.values.turn import Lang

# preference: the text is the facts that a draft was made of; the completion is what staff sent instead of it.
Task: TypeAlias = Literal["intent", "reply", "preference"]
Part: TypeAlias = Literal["train", "held_out"]
Source: TypeAlias = Literal["own", "conversation", "correction"]

LICENCES = frozenset(("Apache-2.0", "MIT", "CC0-1.0", "CC-BY-4.0"))  # of rows that no person said to a shop


@dataclass(frozen=True, slots=True)
class Candidate:
    """`person`: as the vault names them, "" for nobody's. `category`: the kinds of data that it is made of, with commas between; a
    consent must name them all. `rejected`: a draft that staff did not send as it was. `template`: rows with one are ways of saying
    one thing, and stay on one side of the split."""

    task: Task
    text: str = field(repr=False)
    completion: str = field(repr=False)
    source: Source
    person: str = field(default="", repr=False)
    category: str = "conversation"
    licence: str = ""
    template: str = ""
    rejected: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Agreed:
    """A consent of the ledger, by its number, and the words that were agreed to."""

    consent: int
    subject: str  # hexadecimal of the person's tag
    notice: str
    version: int
    lang: str
    region: str

    def __str__(self) -> str:
        return f"consent:{self.consent}"


@dataclass(frozen=True, slots=True)
class Licensed:
    licence: str
    holder: str = "Mingbai"

    def __str__(self) -> str:
        return f"licence:{self.licence}"


Ground: TypeAlias = Agreed | Licensed


@dataclass(frozen=True, slots=True)
class Row:
    """`id` is made from the words under the person's own key: with that key destroyed nobody can guess them from it."""

    id: str
    task: Task
    part: Part
    lang: Lang
    text: str = field(repr=False)
    completion: str = field(repr=False)
    source: Source
    ground: Ground
    template: str = ""
    rejected: str = field(default="", repr=False)

    @property
    def subject(self) -> str:
        return self.ground.subject if isinstance(self.ground, Agreed) else ""

    def example(self, system: str) -> Example:
        return Example.of(self.id, self.text, self.completion, system, self.subject)

    def choice(self) -> Choice:
        """With what the desk would ask a model that words its drafts."""
        asked = prompt(self.text.split("\n"), english=self.lang == "en")
        return Choice(self.id, asked, self.completion, self.rejected)
