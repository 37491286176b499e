"""Files of about 64 KB made to break a reader: each is read or refused with a reason, in seconds, and nothing else happens.

Spreadsheets, documents and archives here; text files in test_fuzz.py. Small is what the file is, not what it unpacks to.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import intake_workbooks as workbooks
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_documents import RULES, W, paragraph, portable, word
from test_fuzz import said

from mingbai.shop.intake import choose, confined
from mingbai.shop.intake.sources import Choice, Opened, open_file
from mingbai.values.errors import MingbaiError

CHOICE = Choice(choose.load(None), currency="CNY")
SECONDS = 15.0  # of our own CPU on a busy machine; what hangs takes minutes
SHEET = f'<worksheet xmlns="{workbooks.MAIN}"><sheetData>'
END = "</sheetData></worksheet>"
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + at)} "{("&" + chr(97 + at) + ";") * 10}">' for at in range(10)
)


def read(name: str, data: bytes) -> str:
    """What became of it: `read`, or why it was refused."""
    opened = Opened()
    began = time.process_time()
    try:
        open_file(name, data, CHOICE, opened)
        for reading in opened.readings:
            lines = [line for bundle in reading.bundles() for line in bundle.lines]
            assert len(lines) == reading.size()
        for _, table in opened.unknown:
            for _ in table.rows():
                pass
    except MingbaiError as error:
        said(error)
        return error.what.en
    finally:
        assert time.process_time() - began < SECONDS
    return "read"


def sheet(xml: str, **parts: str) -> bytes:
    """A workbook whose one sheet is this XML; other parts by their last name."""
    with zipfile.ZipFile(io.BytesIO(workbooks.excel({"s": [["订单号", "b"]]}))) as archive:
        made: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    made["xl/worksheets/sheet1.xml"] = xml
    made |= {f"xl/{name}.xml": part for name, part in parts.items()}
    return workbooks.zipped(made)


def document(body: str) -> bytes:
    return workbooks.zipped(
        {"word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'}
    )


def merges(*areas: str) -> str:
    return "<mergeCells>" + "".join(f'<mergeCell ref="{area}"/>' for area in areas) + "</mergeCells>"


def archives_in_archives(depth: int) -> bytes:
    data = workbooks.zipped({"a.csv": "订单号,b\n1,2\n"})
    for _ in range(depth):
        data = workbooks.zipped({"a.xlsx": data})
    return data


def cells(*each: str) -> str:
    return SHEET + "<row>" + "".join(f"<c {one}</c>" for one in each) + "</row>" + END


SHEETS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb of spaces": (lambda: sheet(SHEET + " " * 100_000_000 + END), "too large when unpacked"),
    "a bomb in several sheets' clothes": (
        lambda: workbooks.zipped({f"{at}.csv": b"1,2\n" * 8_000_000 for at in range(3)}), "too large when unpacked",
    ),
    "one string of 30 MB": (lambda: sheet(cells('t="inlineStr"><is><t>' + "x" * 30_000_000 + "</t></is>")), "read"),
    "a shared string of many pieces": (
        lambda: sheet(SHEET + END, sharedStrings="<sst><si>" + "<r><t>x</t></r>" * 1_000_000 + "</si></sst>"), "read",
    ),
    "strings without an end": (
        lambda: sheet(SHEET + END, sharedStrings="<sst>" + "<si/>" * 5_000_000 + "</sst>"), "too many strings",
    ),
    "rows without an end": (lambda: sheet(SHEET + "<row/>" * 5_000_000 + END), "too many rows"),
    "laughs": (lambda: sheet(LAUGHS + "]>" + SHEET + "&k;" + END), "document type"),
    "an outside entity": (
        lambda: sheet('<!DOCTYPE x SYSTEM "file:///etc/passwd">' + SHEET + END), "document type",
    ),
    "deep": (lambda: sheet(SHEET + "<row>" * 20_000), "nested too deep"),
    "open": (lambda: sheet(SHEET + "<row><c><v>1"), "broken"),
    "strings closed the wrong way": (lambda: sheet(SHEET + END, sharedStrings="<sst><si></sst></si>"), "broken"),
    "no text at all": (lambda: sheet("\0\1\2"), "broken"),
    "another encoding's name": (lambda: sheet('<?xml version="1.0" encoding="utf-99"?>' + SHEET + END), "broken"),
    "wide": (lambda: sheet(cells('r="XFD1"><v>1</v>')), "2000 columns"),
    "strings that are not there": (
        lambda: sheet(cells('t="s"><v>99999999999</v>', 't="s"><v>-1</v>', 't="s"><v>²</v>', 's="99999"><v>1</v>')), "read",
    ),
    "numbers nobody has": (
        lambda: sheet(
            cells(*(f's="{style}"><v>{one}</v>' for style in range(4) for one in (
                "1E999999", "-1E999999", "1E-999999", "NaN", "Infinity", "9" * 60_000, "-0", "1_0", "٣", "0x10", "2958465.99999",
            )))
        ), "read",
    ),
    "ranges over one another": (
        lambda: sheet(
            SHEET + '<row><c t="str"><v>a</v></c></row>' * 1_000
            + "</sheetData>" + merges(*(f"A{at % 9 + 1}:BWZ1000" for at in range(3_000))) + "</worksheet>"
        ), "too many merged cells",
    ),
    "a range over a million rows": (
        lambda: sheet(SHEET + "<row/>" * 1_000_000 + "</sheetData>" + merges("A1:BWZ1048576") + "</worksheet>"),
        "too many merged cells",
    ),
    "archives in archives": (lambda: archives_in_archives(300), "read"),
    "relations in a circle": (
        lambda: workbooks.zipped({
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": workbooks.relations([("a", "officeDocument", "_rels/.rels")]),
            "_rels/_rels/.rels.rels": workbooks.relations([("a", "worksheet", "../_rels/.rels")]),
        }), "read",
    ),
    "paths out of the archive": (
        lambda: workbooks.edited(workbooks.excel({"s": [["订单号", "b"]]}), {b"worksheets/sheet1": b"../../../../etc/sheet1"}), "read",
    ),
}  # fmt: skip

TABLE = "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>"
DOCUMENTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb": (lambda: document(" " * 100_000_000), "too large when unpacked"),
    "laughs": (
        lambda: workbooks.zipped({"word/document.xml": LAUGHS + f']><w:document xmlns:w="{W}">&k;</w:document>'}), "document type",
    ),
    "tables in tables in tables": (lambda: document("<w:tbl><w:tr><w:tc>" * 5_000), "nested too deep"),
    "bars in tables in tables": (
        lambda: document((TABLE.replace("{}", paragraph("|" * 500) + "{}") * 1).replace("{}", "") * 1_000), "read",
    ),
    "sixty tables in one another": (
        lambda: document("<w:tbl><w:tr><w:tc>" * 60 + paragraph("|" * 1_000) + "</w:tc></w:tr></w:tbl>" * 60), "read",
    ),
    "a table of one long row and many short": (
        lambda: document(
            "<w:tbl><w:tr>" + f"<w:tc>{paragraph('a')}</w:tc>" * 3_000 + "</w:tr>"
            + f"<w:tr><w:tc>{paragraph('b')}</w:tc></w:tr>" * 30_000 + "</w:tbl>"
        ), "table in the document is too large",
    ),
    "a list for every paragraph": (
        lambda: word("".join(paragraph("a", numbered=str(at)) for at in range(60_000))), "read",
    ),
    "cells without rows": (lambda: document(f"<w:tc>{paragraph('a')}</w:tc>" * 5_000 + paragraph("b")), "read"),
    "ends before beginnings": (lambda: document("</w:tbl><w:tbl>"), "broken"),
    "cut off": (lambda: RULES[: len(RULES) // 2], "broken"),
}  # fmt: skip

PAGES: dict[str, tuple[bytes, str]] = {
    "tables in tables": (b"<html><body><p>a</p>" + b"<table><tr><td>" * 4_000, "read"),
    "closed tables in tables": (b"<html><p>a</p>" + b"<table><tr><td>a" * 2_000 + b"</td></tr></table>" * 2_000, "read"),
    "a table of one long row and many short": (
        b"<html><table><tr>" + b"<td>a" * 5_000 + b"</tr>" + b"<tr><td>a</td></tr>" * 2_000 + b"</table>", "",
    ),
    "lists in lists": (b"<html>" + b"<ul><li>a" * 7_000, "read"),
    "openings": (b"<html>" + b"<" * 65_536, ""),
    "comments": (b"<html>" + b"<!--" * 16_384, ""),
    "declarations": (b"<html>" + b"<!" * 32_768, ""),
    "instructions": (b"<html>" + b"<?" * 32_768, ""),
    "attributes": (b"<html><a " + b"a=" * 32_768 + b">b", ""),
    "entities": (b"<html><p>" + b"&amp" * 16_384, "read"),
    "numbers of characters": (b"<html><p>" + b"&#99999999999;" * 4_000, ""),
    "scripts": (b"<html><p>a</p>" + b"<script>" * 8_192, "read"),
    "dropped in dropped": (b"<html><p>a</p>" + b"<nav>" * 8_000 + b"</svg>" * 3_000, "read"),
}  # fmt: skip


@pytest.mark.slow  # some forty seconds: they unpack to as much as is let through
@pytest.mark.parametrize("name", SHEETS)
def test_a_spreadsheet_made_to_break(name: str) -> None:
    make, expected = SHEETS[name]
    assert expected in read("x.xlsx", make())


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_made_to_break(name: str) -> None:
    make, expected = DOCUMENTS[name]
    assert expected in read("x.docx", make())


@pytest.mark.slow  # a child each
@pytest.mark.parametrize("name", PAGES)
def test_a_web_page_made_to_break(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data, expected = PAGES[name]
    monkeypatch.setattr(confined, "SECONDS", 10)
    began = time.monotonic()
    assert expected in read("x.html", data)
    assert time.monotonic() - began < 2 * confined.SECONDS


@pytest.mark.slow  # a child each
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.pdf", b"%PDF-1.7\n" + b"1 0 obj\n" * 8_000),
        ("x.pdf", b"%PDF-1.7\n" + b"<<" * 30_000),
        ("x.pdf", b"%PDF-1.7\n" + b"[" * 60_000),
        ("x.pdf", portable("a").replace(b"/Parent 2 0 R", b"/Parent 3 0 R")),
        ("x.pdf", portable("a").replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")),
        ("x.pdf", portable("a").replace(b"/Count 1", b"/Count 99999999")),
        ("x.pdf", portable("a")[:-60]),
        ("x.pdf", portable("(" * 2_000)),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 60_000),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60_000),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ],
)
def test_a_file_for_a_child_made_to_break(name: str, data: bytes) -> None:
    assert read(name, data)


OLD_EXCEL = (Path(__file__).parent / "files" / "old-excel.xls").read_bytes()
PDF = portable("1. Dispatch", "We ship within two days.")


@pytest.mark.slow  # a child each
@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from([("x.xls", OLD_EXCEL), ("x.pdf", PDF)]),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=5),
    st.booleans(),
)
def test_a_damaged_file_for_a_child(
    file: tuple[str, bytes], changes: list[tuple[float, bytes]], longer: bool
) -> None:
    name, whole = file
    data = bytearray(whole)
    for place, change in changes:
        at = 8 + int(place * (len(data) - 9))  # its first bytes say what it is
        data[at : at if longer else at + len(change)] = change
    assert read(name, bytes(data))


ELEMENTS = ("row", "c", "v", "t", "is", "si", "mergeCell", "sheetData", "x:row", "rPh")
ATTRIBUTES = (
    'r="A1"',
    'r="1"',
    'r="ZZZ9"',
    't="s"',
    't="d"',
    't="b"',
    's="1"',
    's="-1"',
    'ref="A1:B2"',
    'r=""',
)
xml = st.recursive(
    st.sampled_from(["", "1", "46337.84", "a", "-", "_x000D_", "1E400"]),
    lambda inner: st.builds(
        lambda name, attributes, parts: f"<{name} {' '.join(sorted(attributes))}>{''.join(parts)}</{name}>",
        st.sampled_from(ELEMENTS[:8] + ELEMENTS[9:]), st.sets(st.sampled_from(ATTRIBUTES), max_size=2),
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)  # fmt: skip


def _once_each(text: str) -> bool:
    import re

    return all(
        len(names) == len(set(names))
        for tag in re.findall("<[^/>]+>", text)
        for names in [re.findall(r"(\w+)=", tag)]
    )


@settings(max_examples=150)
@given(xml.filter(_once_each))
def test_any_elements_in_a_sheet(text: str) -> None:
    assert read("x.xlsx", sheet(SHEET + text + END))


WORD_ELEMENTS = ("w:p", "w:r", "w:t", "w:tbl", "w:tr", "w:tc", "w:pPr", "w:numPr")
WORD_ATOMS = (
    "", "茶", "|", "<w:br/>", '<w:pStyle w:val="1"/>', '<w:ilvl w:val="9"/>', '<w:numId w:val="7"/>', '<w:ilvl w:val="x"/>', '<w:outlineLvl w:val="3"/>',
)  # fmt: skip
body = st.recursive(
    st.sampled_from(WORD_ATOMS),
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>",
        st.sampled_from(WORD_ELEMENTS),
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)


@settings(max_examples=150)
@given(body)
def test_any_elements_in_a_document(text: str) -> None:
    assert read("x.docx", word(text))
