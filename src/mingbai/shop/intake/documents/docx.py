"""DOCX to Markdown from the XML itself: headings by style or outline level, lists by numbering, tables.

Not covered: footnotes, text boxes, tracked deletions (left out), pictures.
"""

from __future__ import annotations

from mingbai.shop.intake.archive import Archive, attribute, parse_whole
from mingbai.shop.intake.documents.markdown import table


def markdown(data: bytes) -> str:
    archive = Archive(data)
    styles, numbering = _Styles(), _Numbering()
    for path, handler in (("word/styles.xml", styles), ("word/numbering.xml", numbering)):
        if archive.has(path):
            parse_whole(archive.whole(path), handler)
    body = _Body(styles.levels, numbering.formats())
    parse_whole(archive.whole("word/document.xml"), body)
    return body.markdown()


class _Styles:
    """Heading levels by style id: Word numbers the ids in Chinese, but keeps the English name or the outline level."""

    def __init__(self) -> None:
        self.levels: dict[str, int] = {}
        self._style = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        value = attribute(attributes, "val")
        if name == "style":
            self._style = attribute(attributes, "styleId")
        elif name == "name" and self._style:
            words = value.lower().replace("标题", "heading").split()
            if words[:1] == ["title"]:
                self.levels[self._style] = 1
            elif words[:1] == ["heading"] and words[1:] and words[1].isdigit():
                self.levels[self._style] = min(max(int(words[1][:2]), 1), 6)
        elif name == "outlineLvl" and self._style and value in "012345" and value:
            self.levels.setdefault(self._style, int(value) + 1)

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


class _Numbering:
    """Whether a list has bullets or numbers, by its id and level."""

    def __init__(self) -> None:
        self._abstract: dict[str, dict[str, str]] = {}
        self._of: dict[str, str] = {}
        self._id = self._level = self._num = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "abstractNum":
            self._id = attribute(attributes, "abstractNumId")
        elif name == "lvl":
            self._level = attribute(attributes, "ilvl")
        elif name == "numFmt":
            self._abstract.setdefault(self._id, {})[self._level] = attribute(attributes, "val")
        elif name == "num":
            self._num = attribute(attributes, "numId")
        elif name == "abstractNumId":
            self._of[self._num] = attribute(attributes, "val")

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...

    def formats(self) -> dict[tuple[str, str], str]:
        return {
            (number, level): form
            for number, abstract in self._of.items()
            for level, form in self._abstract.get(abstract, {}).items()
        }


class _Body:
    def __init__(self, levels: dict[str, int], formats: dict[tuple[str, str], str]) -> None:
        self._levels, self._formats = levels, formats
        self._blocks: list[tuple[str, bool]] = []  # text, and whether it is of a list
        self._words: list[str] = []
        self._style = self._level = self._number = self._outline = ""
        self._in_text = False
        self._rows: list[list[list[str]]] = []
        self._cells: list[list[str]] = []
        self._counts: dict[str, dict[str, int]] = {}  # by list, then by level

    def start(self, name: str, attributes: dict[str, str]) -> None:
        value = attribute(attributes, "val")
        match name:
            case "p":
                self._words = []
                self._style = self._level = self._number = self._outline = ""
            case "pStyle":
                self._style = value
            case "ilvl":
                self._level = value
            case "numId":
                self._number = value
            case "outlineLvl":
                self._outline = value
            case "t":
                self._in_text = True
            case "tab":
                self._words.append(" ")
            case "br" | "cr":
                self._words.append("\n")
            case "tbl":
                self._rows.append([])
            case "tr" if self._rows:
                self._rows[-1].append([])
            case "tc":
                self._cells.append([])
            case _:
                pass

    def end(self, name: str) -> None:
        match name:
            case "t":
                self._in_text = False
            case "p":
                self._paragraph()
            case "tc" if self._cells:
                words = " ".join(self._cells.pop())
                if self._rows and self._rows[-1]:
                    self._rows[-1][-1].append(words)
            case "tbl" if self._rows:
                text = table(self._rows.pop())
                if self._cells:  # a table in a cell
                    self._cells[-1].append(text.replace("\n", " "))
                elif text:
                    self._blocks.append((text, False))
            case _:
                pass

    def text(self, text: str) -> None:
        if self._in_text:
            self._words.append(text)

    def _paragraph(self) -> None:
        words = "".join(self._words).strip()
        self._words = []
        if not words:
            return
        if self._cells:
            self._cells[-1].append(words)
            return
        level = self._levels.get(self._style, 0)
        if self._outline and self._outline in "012345":
            level = int(self._outline) + 1
        if level:
            self._blocks.append((f"{'#' * level} {' '.join(words.split())}", False))
        elif self._number and self._number != "0":
            self._blocks.append((self._item(words), True))
        else:
            self._blocks.append((words, False))

    def _item(self, words: str) -> str:
        level = self._level or "0"
        depth = int(level) if level.isdigit() and len(level) == 1 else 0
        form = self._formats.get((self._number, level), "bullet")
        if form == "bullet":
            return f"{'  ' * depth}- {words}"
        counts = self._counts.get(self._number, {})
        count = counts.get(level, 0) + 1
        self._counts[self._number] = {
            **{one: number for one, number in counts.items() if one < level}, level: count,
        }  # fmt: skip
        return f"{'  ' * depth}{count}. {words}"

    def markdown(self) -> str:
        pieces: list[str] = []
        listed = False
        for text, of_list in self._blocks:
            pieces.append(("\n" if of_list and listed else "\n\n") + text if pieces else text)
            listed = of_list
        return "".join(pieces)
