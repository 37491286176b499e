"""A policy page as Markdown: its title, its language, and text that is tidy without being rewritten."""

from __future__ import annotations

import re
from pathlib import PurePath

from mingbai.shop.intake.convert import language
from mingbai.shop.intake.rows import refused, too_large
from mingbai.values.records import PolicyDocument

_TABLE_LIMIT = 200_000  # cells, the empty ones that make its rows equally long counted too
TEXT_LIMIT = 2_000_000  # characters: some five hundred pages of rules
_HEADING = re.compile(r"#{1,6}[ \t]+([^\n]{1,300})")
_FRONT = re.compile(r"---[ \t]*\n((?:[^\n]{0,1000}\n){0,60}?)---[ \t]*(?:\n|\Z)")
_LANGUAGES = ("zh", "en", "de", "fr", "es", "it", "nl", "pl", "pt", "ru", "ja", "ko", "sv")
_SUFFIX = re.compile(rf"[._-]({'|'.join(_LANGUAGES)})(?:[_-](?:cn|tw|hk|us|gb|de|at))?$", re.IGNORECASE)
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufeff\ud800-\udfff]")


def document(name: str, text: str) -> PolicyDocument:
    """From the file's name and its Markdown. `returns.zh.md` and `returns.en.md` are one policy in two languages."""
    if len(text) > TEXT_LIMIT:
        raise too_large("这份文档太长。", "This document is too long.")
    text = tidy(text)
    stem = PurePath(name).stem.strip()
    suffix = _SUFFIX.search(stem)
    number = (stem[: suffix.start()] if suffix else stem) or "document"
    front, body = _front_matter(text)
    if not body.strip():
        raise refused(
            "这份文档里没有文字（可能是扫描图片）。", "There is no text in this document (perhaps it is a scan).",
            "请导入带文字的版本。", "Import a version that has text.",
        )  # fmt: skip
    lang = front.get("lang") or (suffix[1].lower() if suffix else "") or language(body)
    return PolicyDocument(
        document_no=front.get("document_no") or number,
        lang=lang[:2].lower(),
        title=front.get("title") or _title(body) or number,
        text=body,
        topic=front.get("topic", ""),
        country=front.get("country", ""),
    )


def tidy(text: str) -> str:
    """One kind of line end, no control characters, no more than one empty line, none at the ends."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines: list[str] = []
    for raw in text.split("\n"):
        # Two spaces at the end are Markdown's line break.
        line = raw.rstrip() + ("  " if raw.endswith("  ") and raw.strip() else "")
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip("\n") + "\n" if any(lines) else ""


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """`key: value` lines between --- at the top, as static sites write them."""
    found = _FRONT.match(text)
    if not found:
        return {}, text
    pairs = (line.partition(":") for line in found[1].splitlines() if ":" in line)
    values = {key.strip().lower(): value.strip().strip("\"'") for key, _, value in pairs}
    return values, text[found.end() :].lstrip("\n")


def _title(body: str) -> str:
    fenced = False
    before = ""
    for line in body.split("\n"):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and (found := _HEADING.fullmatch(line)):
            return found[1].strip().rstrip("#").strip()
        elif not fenced and before and re.fullmatch(r"=={2,100}", line.strip()[:101]):
            return before.strip()[:300]
        before = line
    return ""


def cell(words: str) -> str:
    """Text for one cell of a Markdown table."""
    return " ".join(words.split()).replace("|", "\\|")


def table(rows: list[list[str]]) -> str:
    """The first row is the header, as in the pages that merchants write."""
    rows = [[cell(words) for words in row] for row in rows if any(words.strip() for words in row)]
    if not rows:
        return ""
    width = max(map(len, rows))
    if width * len(rows) > _TABLE_LIMIT:
        raise too_large("文档里的一张表太大。", "A table in the document is too large.")
    filled = [row + [""] * (width - len(row)) for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in filled]
    return "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]])
