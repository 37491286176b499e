"""HTML to Markdown and to its tables, in a confined child: the parser of the standard library is slow on hostile pages.

Kept: headings, paragraphs, lists, tables, links' text, bold. Dropped: scripts, styles, forms, navigation, pictures.
"""

from __future__ import annotations

from html.parser import HTMLParser

from mingbai.shop.intake import confined
from mingbai.shop.intake.documents.markdown import table

LIMIT_BYTES = 8 * 1024 * 1024
_DROPPED = frozenset(
    [
        "script",
        "style",
        "head",
        "nav",
        "form",
        "select",
        "button",
        "svg",
        "noscript",
        "template",
        "iframe",
        "object",
    ]
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "blockquote",
        "pre",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "address",
        "figure",
    ]
)


def markdown(data: bytes) -> str:
    from mingbai.shop.intake.rows import too_large

    if len(data) > LIMIT_BYTES:
        raise too_large("这个网页太大。", "This page is too large.")
    answer = confined.ask(__name__, data)
    assert isinstance(answer, dict)
    return str(answer["markdown"])


def tables(data: bytes) -> list[list[list[str]]]:
    """The cells of every table: many back offices call a page with one table .xls."""
    answer = confined.ask(__name__, data)
    assert isinstance(answer, dict)
    found = answer["tables"]
    assert isinstance(found, list)
    return found  # type: ignore[return-value]  # what `_read` made


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, bool]] = []  # text, and whether it is of a list
        self.tables: list[list[list[str]]] = []
        self.title = ""
        self._words: list[str] = []
        self._front = ""
        self._lists: list[int] = []  # 0: bullets; else the next number
        self._dropped: list[str] = []
        self._rows: list[list[list[str]]] = []  # open tables
        self._cell: list[str] | None = None
        self._titled = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title":
            self._titled = True
        if tag in _DROPPED:
            self._dropped.append(tag)
        if self._dropped:
            return
        if tag == "table":
            self._close()
            self._rows.append([])
        elif self._rows and tag == "tr":
            self._rows[-1].append([])
        elif self._rows and tag in ("td", "th"):
            if not self._rows[-1]:
                self._rows[-1].append([])
            self._cell = []
        elif tag == "br":
            self._say("\n")
        elif self._rows:
            return
        elif len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            self._close()
            self._front = "#" * int(tag[1]) + " "
        elif tag in ("ul", "ol"):
            self._close()
            self._lists.append(1 if tag == "ol" else 0)
        elif tag == "li":
            self._close()
            number = self._lists[-1] if self._lists else 0
            self._front = "  " * min(len(self._lists) - 1, 8) + (f"{number}. " if number else "- ")
            if number:
                self._lists[-1] += 1
        elif tag in _BLOCKS and not (self._front and not self._words):
            self._close()

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._titled = False
        if self._dropped:
            if tag in self._dropped:
                del self._dropped[len(self._dropped) - 1 - self._dropped[::-1].index(tag) :]
            return
        if self._rows and tag in ("td", "th") and self._cell is not None:
            self._rows[-1][-1].append(" ".join("".join(self._cell).split()))
            self._cell = None
        elif self._rows and tag == "table":
            rows = [row for row in self._rows.pop() if row]
            self.tables.append(rows)
            if not self._rows and (text := table(rows)):
                self.blocks.append((text, False))
        elif tag in ("ul", "ol") and self._lists:
            self._close()
            self._lists.pop()
        elif tag == "li" or tag in _BLOCKS or (len(tag) == 2 and tag[0] == "h" and tag[1].isdigit()):
            self._close()

    def handle_data(self, data: str) -> None:
        if self._titled:
            self.title += data[:300]
        if not self._dropped:
            self._say(data)

    def _say(self, words: str) -> None:
        (self._words if self._cell is None else self._cell).append(words)

    def _close(self) -> None:
        if self._rows:
            return
        lines = [" ".join(line.split()) for line in "".join(self._words).split("\n")]
        text = "\n".join(line for line in lines if line)
        if self._front.startswith("#"):
            text = text.replace("\n", " ")
        if text:
            self.blocks.append((self._front + text, bool(self._front) and not self._front.startswith("#")))
        self._words, self._front = [], ""

    def markdown(self) -> str:
        self._close()
        pieces: list[str] = []
        before = False
        for block, listed in self.blocks:
            pieces.append(("\n" if listed and before else "\n\n") + block if pieces else block)
            before = listed
        text = "".join(pieces)
        return text if text.startswith("#") or not self.title.strip() else f"# {self.title.strip()}\n\n{text}"


def _read(data: bytes) -> confined.Answer:
    page = Page()
    page.feed(data.decode("utf-8", "replace"))
    page.close()
    return {"markdown": page.markdown(), "tables": [[list(row) for row in rows] for rows in page.tables]}


if __name__ == "__main__":
    confined.answer(_read)
