"""Workbooks as Excel and as WPS save them, part by part."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

Cell = str | int | float | None
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm:ss"/>'
    '<numFmt numFmtId="165" formatCode="00000"/></numFmts><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="164"/>'
    '<xf numFmtId="14"/><xf numFmtId="165"/></cellXfs></styleSheet>'
)


def letters(column: int) -> str:
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def excel(
    sheets: dict[str, list[list[Cell]]], merged: tuple[str, ...] = (), styles: dict[str, int] | None = None
) -> bytes:
    """As Excel saves: shared strings, styles, relative paths. `styles`: a cell's style by its reference."""
    strings: dict[str, int] = {}
    files = {"xl/styles.xml": STYLES}
    for number, rows in enumerate(sheets.values(), 1):
        lines = []
        for at, row in enumerate(rows, 1):
            cells = []
            for column, value in enumerate(row):
                reference = f"{letters(column)}{at}"
                style = f' s="{(styles or {}).get(reference, 0)}"'
                if isinstance(value, str):
                    cells.append(
                        f'<c r="{reference}"{style} t="s"><v>{strings.setdefault(value, len(strings))}</v></c>'
                    )
                elif value is not None:
                    cells.append(f'<c r="{reference}"{style}><v>{value!r}</v></c>')
            lines.append(f'<row r="{at}">{"".join(cells)}</row>')
        areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged) if number == 1 else ""
        areas = f"<mergeCells>{areas}</mergeCells>" if areas else ""
        files[f"xl/worksheets/sheet{number}.xml"] = (
            f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData>{areas}</worksheet>'
        )
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    files["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{items}</sst>'
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1)
    )
    files["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{listed}</sheets></workbook>'
    )
    parts = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    parts += [("rId90", "styles", "styles.xml"), ("rId91", "sharedStrings", "sharedStrings.xml")]
    files["xl/_rels/workbook.xml.rels"] = relations(parts)
    files["_rels/.rels"] = relations([("rId1", "officeDocument", "xl/workbook.xml")])
    files["[Content_Types].xml"] = "<Types/>"
    return zipped(files)


def wps(rows: list[list[str]]) -> bytes:
    """As WPS and its web version save: inline strings, a prefix, absolute paths, no styles, no references on cells."""
    lines = "".join(
        "<x:row>"
        + "".join(f'<x:c t="inlineStr"><x:is><x:t>{escape(cell)}</x:t></x:is></x:c>' for cell in row)
        + "</x:row>"
        for row in rows
    )
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations([("a", "officeDocument", "/xl/workbook.xml")]),
            "xl/_rels/workbook.xml.rels": relations([("b", "worksheet", "/xl/worksheets/sheet1.xml")]),
            "xl/workbook.xml": f'<x:workbook xmlns:x="{MAIN}" xmlns:r="{REL}"><x:sheets>'
            '<x:sheet name="订单" sheetId="1" r:id="b"/></x:sheets></x:workbook>',
            "xl/worksheets/sheet1.xml": f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{lines}</x:sheetData></x:worksheet>',
        }
    )


def edited(data: bytes, exchanges: dict[bytes, bytes]) -> bytes:
    """The workbook with these bytes of its sheets exchanged, for what only other programs write."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for before, after in exchanges.items():
        assert any(before in part for part in parts.values()), before
        parts = {name: part.replace(before, after) for name, part in parts.items()}
    return zipped({**parts})


def relations(of: list[tuple[str, str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="{key}" Type="{REL}/{kind}" Target="{target}"/>' for key, kind, target in of
    )
    return f'<Relationships xmlns="{PACKAGE}">{each}</Relationships>'


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
