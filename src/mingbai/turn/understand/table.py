"""The readable files beside this: `[section]` headings with one entry a line, `#` for remarks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

_HEADING = re.compile(r"\[([a-z_]+)\]")


@cache
def sections(*path: str) -> dict[str, tuple[str, ...]]:
    """Entries by section, in the order of the file. `[微笑]` is an entry: a section's name is in small Latin letters."""
    text = files("mingbai.turn.understand").joinpath(*path).read_text(encoding="utf-8")
    return read(text.splitlines())


def read(lines: Sequence[str]) -> dict[str, tuple[str, ...]]:
    made: dict[str, list[str]] = {}
    here: list[str] = []
    for line in lines:
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if heading := _HEADING.fullmatch(line):
            here = made.setdefault(heading[1], [])
        else:
            here.append(line)
    return {name: tuple(entries) for name, entries in made.items()}


@cache
def words(name: str) -> frozenset[str]:
    """A list of `data/words.txt`."""
    return frozenset(" ".join(sections("data", "words.txt")[name]).split())
