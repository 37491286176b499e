"""Examples as token ids, through the same template and tokeniser that serve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mingbai.learn.examples import Example
from mingbai.models.template import Template
from mingbai.models.tokens import Tokeniser
from mingbai.values.errors import BadInput, Text

LONGEST_TOKENS = 2048


@dataclass(frozen=True, slots=True)
class Lesson:
    """`tokens` up to the last one that is learned; the last `learned` of them are the completion and its end."""

    tokens: tuple[int, ...] = field(repr=False)
    learned: int


def lessons(base: Path, examples: Sequence[Example]) -> list[Lesson]:
    """In the order given. Raises `BadInput` for none at all, an empty completion, or one over LONGEST_TOKENS."""
    if not examples:
        raise BadInput(
            Text("没有可学的例句。", "There is nothing to learn from."),
            Text("请先选好行：mingbai learn -h", "Select rows first: mingbai learn -h"),
            param="examples",
        )
    template = Template(Tokeniser.of(base))
    return [_lesson(template, example) for example in examples]


def _lesson(template: Template, example: Example) -> Lesson:
    told = template.tokeniser.encode(example.completion)
    if not told:
        raise _unusable(example, Text("没有要说的话", "has nothing to say"))
    tokens = (*template.render(example.prompt).tokens, *told, template.end)
    if len(tokens) > LONGEST_TOKENS:
        raise _unusable(example, Text(f"有 {len(tokens)} 个 token", f"has {len(tokens)} tokens"))
    return Lesson(tokens, len(told) + 1)


def _unusable(example: Example, why: Text) -> BadInput:
    return BadInput(
        Text(f"例句 {example.id} {why.zh}。", f"Example {example.id} {why.en}."),
        Text(
            f"每条要有回答，全长不超过 {LONGEST_TOKENS} 个 token。",
            f"Each needs a completion, and at most {LONGEST_TOKENS} tokens in all.",
        ),
        param="examples",
    )
