"""The rule tables, compiled: which intents a text's words speak for, how strongly, and where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from mingbai.turn.understand.table import sections
from mingbai.values.turn import Intent
from mingbai.zh import dialect


@dataclass(frozen=True, slots=True)
class Hit:
    """text[start:end] speaks for the intent; a weak one only leans to it."""

    intent: Intent
    start: int
    end: int
    strong: bool


@dataclass(frozen=True, slots=True)
class Section:
    """`masks` say what is not meant; they are taken out of the text before the others look at it."""

    masks: re.Pattern[str] | None
    strong: re.Pattern[str] | None
    weak: re.Pattern[str] | None

    def masked(self, text: str) -> str:
        return self.masks.sub(lambda hit: "\0" * len(hit[0]), text) if self.masks else text


def compiled(lines: tuple[str, ...]) -> Section:
    def any_of(picked: list[str]) -> re.Pattern[str] | None:
        return re.compile("|".join(f"(?:{line})" for line in picked)) if picked else None

    return Section(
        any_of([line[2:] for line in lines if line.startswith("- ")]),
        any_of([line for line in lines if not line.startswith(("- ", "~"))]),
        any_of([line[1:] for line in lines if line.startswith("~")]),
    )


@cache
def tables() -> dict[str, tuple[tuple[Intent, Section], ...]]:
    return {
        lang: tuple(
            (Intent(name), compiled(lines)) for name, lines in sections("rules", f"{lang}.txt").items()
        )
        for lang in ("zh", "en")
    }


_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[a-z]{2}")


def hits(text: str) -> list[Hit]:
    """At most one of each intent, the strong one first. The text is in the form of `form.plain`; dialect is read in the
    words of the standard language as well."""
    found = _hits(text)
    other = dialect.read(text)
    if other == text:
        return found
    known = {it.intent for it in found if it.strong}
    more = [Hit(it.intent, 0, len(text), it.strong) for it in _hits(other) if it.intent not in known]
    return _best([*found, *more])


def _hits(text: str) -> list[Hit]:
    found: list[Hit] = []
    wanted = [lang for lang, letters in (("zh", _HAN), ("en", _LATIN)) if letters.search(text)] or ["zh"]
    for intent, section in (row for lang in wanted for row in tables()[lang]):
        looked_at = section.masked(text)
        for pattern, strong in ((section.strong, True), (section.weak, False)):
            hit = pattern.search(looked_at) if pattern else None
            if hit:
                found.append(Hit(intent, *hit.span(), strong))
                break
    return _best(found)


def _best(found: list[Hit]) -> list[Hit]:
    best: dict[Intent, Hit] = {}
    for it in sorted(found, key=lambda it: not it.strong):
        best.setdefault(it.intent, it)
    return list(best.values())
