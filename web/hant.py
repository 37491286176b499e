"""Makes `src/hant.ts`, from which the page is shown in traditional characters: `python web/hant.py`, a part of `make fix`.

Characters are turned one by one, as OpenCC's s2t has them alone; where a word decides (头发 → 頭髮), and the page says that word,
the word goes in as well. What the service says in simplified characters alone is turned by the same table, words unknown.
"""

from __future__ import annotations

import re
from pathlib import Path

from mingbai.zh.script import traditionalise

HERE = Path(__file__).parent / "src"
MADE = HERE / "hant.ts"
HAN = re.compile(r"[\u4e00-\u9fff]+")


def said() -> list[str]:
    """Every run of Chinese in the page's sources."""
    files = sorted(file for file in HERE.rglob("*.ts*") if file != MADE)
    return sorted({run for file in files for run in HAN.findall(file.read_text("utf-8"))})


def characters() -> dict[str, str]:
    block = [chr(code) for code in range(0x4E00, 0x9FA6)]
    return {one: made for one in block if (made := traditionalise(one).text) != one and len(made) == 1}


def words(runs: list[str], table: dict[str, str]) -> dict[str, str]:
    """The shortest pieces of what is said that come out right only as a whole. A piece may spoil a run that was right: the
    pieces grow until none is spoilt."""
    found: dict[str, str] = {}
    spoilt = True
    while spoilt:
        spoilt = False
        for run in runs:
            right = traditionalise(run).text
            while (now := turned(run, found, table)) != right:
                spoilt = True
                at = next(i for i, (a, b) in enumerate(zip(now, right, strict=True)) if a != b)
                found |= _piece(run, right, at, found)
    return found


def _piece(run: str, right: str, at: int, found: dict[str, str]) -> dict[str, str]:
    for length in range(2, len(run)):
        for start in range(max(0, at - length + 1), min(at, len(run) - length) + 1):
            piece, made = run[start : start + length], right[start : start + length]
            if piece not in found and traditionalise(piece).text == made:
                return {piece: made}
    return {run: right}


def turned(text: str, found: dict[str, str], table: dict[str, str]) -> str:
    """As the page does it: the longest word first, then the character."""
    by_length = sorted(found, key=lambda word: (-len(word), word))
    pattern = re.compile("|".join([*by_length, "[\u4e00-\u9fff]"]))
    return pattern.sub(lambda m: found.get(m.group()) or table.get(m.group(), m.group()), text)


def made() -> str:
    table = characters()
    found = words(said(), table)
    pairs = " ".join(f"{word}{found[word]}" for word in sorted(found, key=lambda word: (-len(word), word)))
    return (
        "/** Simplified to traditional characters: made by `web/hant.py`, not by hand. Each is followed by what it becomes. */\n"
        f'export const CHARACTERS = "{"".join(one + to for one, to in table.items())}";\n'
        f'export const WORDS = "{pairs}";\n'
    )


if __name__ == "__main__":
    MADE.write_text(made(), encoding="utf-8")
