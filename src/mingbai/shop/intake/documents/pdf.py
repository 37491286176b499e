"""PDF to text with pypdf, in a confined child. Headings are not marked in a PDF: short lines that number themselves or
stand alone are made headings. Not covered: scans (no text), tables drawn as lines, text in pictures."""

from __future__ import annotations

import io
import re

from mingbai.shop.intake import confined
from mingbai.shop.intake.rows import too_large

LIMIT_BYTES = 32 * 1024 * 1024
_PAGES = 500
_NUMBERED = re.compile(
    r"(?:第[一二三四五六七八九十百\d]{1,5}[章节条]|[一二三四五六七八九十]{1,3}、|\d{1,2}(?:\.\d{1,2}){0,2}[.、]?\s)\s*\S.{0,38}"
)
_SENTENCE_END = re.compile(r"[。；;.!?！？，,:：]$")


def markdown(data: bytes) -> str:
    if len(data) > LIMIT_BYTES:
        raise too_large("这个 PDF 太大。", "This PDF is too large.")
    answer = confined.ask(__name__, data)
    assert isinstance(answer, dict)
    lines = str(answer["text"]).split("\n")
    title = str(answer["title"]).strip()
    text = "\n".join(_heading(line) for line in lines)
    return f"# {title}\n\n{text}" if title and text.strip() else text


def _heading(line: str) -> str:
    line = line.strip()
    if _NUMBERED.fullmatch(line) and not _SENTENCE_END.search(line):
        return f"\n## {line}\n"
    return line


def _read(data: bytes) -> confined.Answer:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data), strict=False)
    pages = [page.extract_text() for page in reader.pages[:_PAGES]]
    title = reader.metadata.title if reader.metadata else None
    return {"text": "\n\n".join(pages), "title": title or ""}


if __name__ == "__main__":
    confined.answer(_read)
