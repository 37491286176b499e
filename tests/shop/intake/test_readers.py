"""Bytes to rows: encodings, separators, spreadsheets, JSON, each with what real files do to it."""

from __future__ import annotations

import intake_workbooks as workbooks
import pytest

from mingbai.shop.intake import jsonrows, xlsx
from mingbai.shop.intake.delimited import CUT, grid, sniffed, tidied
from mingbai.shop.intake.encoding import decode
from mingbai.shop.intake.rows import Grid
from mingbai.shop.intake.xlsx import number
from mingbai.values.errors import BadInput, TooLarge

CHINESE = "订单编号,收货人\r\n1930,王小明𠮷\r\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (CHINESE.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + CHINESE.encode(), "utf-8"),
        (CHINESE.encode("gb18030"), "gb18030"),
        (b"\xff\xfe" + CHINESE.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + CHINESE.encode("utf-16-be"), "utf-16-be"),
        (CHINESE.encode("utf-16-le"), "utf-16-le"),  # without a mark
        (CHINESE.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    decoded = decode(data)
    assert (decoded.text, decoded.encoding) == (CHINESE, encoding)


def test_a_gbk_file_of_2016() -> None:
    assert decode("订单编号,王小明".encode("gbk")).text == "订单编号,王小明"


def test_europe_is_read_as_its_platform_writes() -> None:
    assert decode("Köln".encode("cp1252"), ("cp1252",)).text == "Köln"


def test_of_several_encodings_the_first_in_which_every_byte_is_valid() -> None:
    amazon = ("cp1252", "cp932")
    assert decode("Théière, Orléans, 5 €".encode("cp1252"), amazon).encoding == "cp1252"
    assert decode("青磁の急須、千代田区、ティータオル".encode("cp932"), amazon).encoding == "cp932"


def test_a_mark_of_utf_8_before_gbk() -> None:
    """Programs put it there so that a spreadsheet opens the file, and then write GBK all the same."""
    decoded = decode(b"\xef\xbb\xbf" + "订单编号,收货人\r\n1930,王小明\r\n".encode("gbk"))
    assert (decoded.text, decoded.encoding) == ("订单编号,收货人\r\n1930,王小明\r\n", "gb18030")


def test_one_damaged_row_does_not_cost_the_file() -> None:
    lines = [f"{n},王小明".encode() for n in range(1, 400)]
    lines[199] = b"200,\xe7\x8e"  # cut inside a character by a program that counts bytes
    table = grid("", decode(b"a,b\n" + b"\n".join(lines) + b"\n"))
    assert [row.line for row in table.rows() if row.fault] == [201]


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03" * 50, bytes(range(128, 256)) * 20])
def test_what_is_no_text(data: bytes) -> None:
    with pytest.raises(BadInput):
        decode(data)


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("a\tb\tc\n1,5\t2\t3\n", "\t"),
        ("a;b;c\n1,50;2,50;3,50\n", ";"),
        ('"a,x";b;c\n', ";"),
        ("导出时间：2026-11-12\na,b,c,d\n", ","),
        ("", ","),
    ],
)
def test_separators(text: str, separator: str) -> None:
    assert sniffed(text) == separator


def bodies(table: Grid) -> list[list[str]]:
    return [list(row.body) for row in table.rows()]


def test_rows_of_text() -> None:
    text = 'no,note,phone\r\n="1930679858170647","two\r\nlines, one ""quote""",\'18612342807\r\n\u200b\xa01 ,\t2\t,\u3000\r\n'
    table = grid("", decode(text.encode()))
    assert bodies(table) == [
        ["no", "note", "phone"],
        ["1930679858170647", 'two\r\nlines, one "quote"', "18612342807"],
        ["1", "2", ""],
    ]
    assert [row.line for row in table.rows()] == [1, 2, 4]  # where each begins, not where it ends


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    assert bodies(grid("", decode(f"a,b{end}1,2{end}".encode()))) == [["a", "b"], ["1", "2"]]


def test_excels_own_hint_of_the_separator_is_no_row() -> None:
    assert bodies(grid("", decode(b"sep=;\r\na;b\r\n1,5;2\r\n"))) == [["a", "b"], ["1,5", "2"]]


@pytest.mark.parametrize("text", ["a,b,c\n1,2,3\n4,5", 'a,b,c\n1,2,3\n4,5,"six', 'a,b,c\n1,2,3\n4,5,"six\n'])
def test_a_last_row_that_is_cut(text: str) -> None:
    rows = list(grid("", decode(text.encode())).rows())
    assert [row.fault for row in rows] == [None, None, CUT]


def test_a_last_row_without_a_line_end_is_whole() -> None:
    assert [row.fault for row in grid("", decode(b"a,b\n1,2")).rows()] == [None, None]


@pytest.mark.parametrize(
    ("cell", "clean"),
    [
        ('="0012"', "0012"),
        ("'186", "186"),
        ("'+86 186", "+86 186"),
        ("'90s teapot", "'90s teapot"),  # an apostrophe that belongs to the words
        ("=1+1", "=1+1"),
        ("\tabc ", "abc"),
    ],
)
def test_wrappings_of_cells(cell: str, clean: str) -> None:
    assert tidied(cell) == clean


# --- spreadsheets -------------------------------------------------------------------------------------------------


def test_numbers_are_read_as_they_stand() -> None:
    assert number("1930679858170647123", "") == "1930679858170647123"  # a library wrote it whole
    assert (
        number("1.9306798581706499E+18", "") == "1.9306798581706499E+18"
    )  # Excel did not; identifiers refuse it
    assert number("12.299999999999999", "") == "12.3"
    assert number("1E-3", "") == "0.001"
    assert number("42", "00000") == "00042"


@pytest.mark.parametrize(
    ("raw", "form", "shown"),
    [
        ("46337.84380787037", "time", "2026-11-11 20:15:05"),
        ("46337", "day", "2026-11-11"),
        ("46337.5", "day", "2026-11-11 12:00:00"),
        ("0.5", "time", "12:00:00"),
        ("59", "day", "1900-02-28"),
        ("61", "day", "1900-03-01"),  # serial 60 is a day that never was
    ],
)
def test_dates(raw: str, form: str, shown: str) -> None:
    assert number(raw, form) == shown


def test_dates_of_a_mac() -> None:
    assert number("44875", "day", from_1904=True) == "2026-11-11"


def test_a_sheet() -> None:
    data = workbooks.excel(
        {"一": [["no", "at", "day", "n"], ["1930679858170647123", 46337.5, 46337, 42]]},
        styles={"B2": 1, "C2": 2, "D2": 3},
    )
    [sheet] = xlsx.grids(data)
    assert sheet.name == "一"
    assert bodies(sheet)[1] == ["1930679858170647123", "2026-11-11 12:00:00", "2026-11-11", "00042"]


def test_merged_cells_hold_the_value_of_their_first() -> None:
    rows: list[list[workbooks.Cell]] = [["a", "b"], ["x", "1"], [None, "2"], [None, "3"], ["y", "4"]]
    [sheet] = xlsx.grids(workbooks.excel({"s": rows}, merged=("A2:A4",)))
    assert bodies(sheet) == [["a", "b"], ["x", "1"], ["x", "2"], ["x", "3"], ["y", "4"]]


def test_a_sheet_saved_by_wps() -> None:
    [sheet] = xlsx.grids(workbooks.wps([["订单号", "金额"], ["0012", "3.50"]]))
    assert bodies(sheet) == [["订单号", "金额"], ["0012", "3.50"]]


def test_a_zip_bomb_is_refused() -> None:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns:r="{workbooks.REL}"><sheets><sheet name="s" r:id="a"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", workbooks.relations([("a", "worksheet", "worksheets/s.xml")])
        )
        with archive.open("xl/worksheets/s.xml", "w", force_zip64=True) as entry:
            entry.write(b"<worksheet><sheetData>")
            for _ in range(65):
                entry.write(b" " * 1024 * 1024)
    [sheet] = xlsx.grids(out.getvalue())
    with pytest.raises(TooLarge):
        next(sheet.rows())


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><workbook>&c;</workbook>'
    with pytest.raises(BadInput, match="document type"):
        xlsx.grids(workbooks.zipped({"xl/workbook.xml": bomb}))


# --- JSON ---------------------------------------------------------------------------------------------------------


def test_json_keeps_numbers_as_they_are_written() -> None:
    rows = list(
        jsonrows.tree("", decode(b'[\n {"id": 1930679858170647123, "p": 12.30},\n {"id": 2}\n]')).rows()
    )
    assert [(row.line, row.body) for row in rows] == [
        (1, {"id": "1930679858170647123", "p": "12.30"}),
        (2, {"id": "2"}),
    ]


def test_a_broken_line_refuses_itself_only() -> None:
    rows = list(jsonrows.tree("", decode(b'{"a":1}\n{"a":\n{"a":3}\n{"a":')).rows())
    assert [(row.line, bool(row.fault)) for row in rows] == [(1, False), (2, True), (3, False), (4, True)]


def test_an_array_on_one_line_is_counted_by_its_elements() -> None:
    rows = list(jsonrows.tree("", decode(b'[{"a":1},{"a":2}]')).rows())
    assert [row.line for row in rows] == [1, 2]


def test_objects_over_several_lines() -> None:
    rows = list(jsonrows.tree("", decode(b'{\n "a": 1\n}\n{"a":2}\n{"a":3}{"a":4}\n')).rows())
    assert [(row.line, bool(row.fault)) for row in rows] == [(1, False), (4, False), (5, True)]


def test_an_array_that_breaks_off() -> None:
    rows = list(jsonrows.tree("", decode(b'[{"a":1},\n{"a":2},\n{"a"')).rows())
    assert [(row.line, bool(row.fault)) for row in rows] == [(1, False), (2, False), (3, True)]


def test_json_nested_without_end() -> None:
    rows = list(jsonrows.tree("", decode(b'{"a":' + b"[" * 100_000)).rows())
    assert [bool(row.fault) for row in rows] == [True]
