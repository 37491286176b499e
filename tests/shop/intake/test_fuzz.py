"""Any bytes may come: what leaves a reader is rows, or an error of ours; never another, and never a hang."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

import intake_china as china
import intake_files as files
import intake_workbooks as workbooks
import pytest
import test_goods_of_platforms as goods
from hypothesis import given, settings
from hypothesis import strategies as st
from intake_cells import READERS
from test_documents import RULES

from mingbai.shop.intake import choose, jsonrows, xlsx
from mingbai.shop.intake.delimited import grid
from mingbai.shop.intake.documents import docx
from mingbai.shop.intake.documents.html import Page
from mingbai.shop.intake.documents.markdown import document
from mingbai.shop.intake.encoding import decode
from mingbai.shop.intake.paths import Place, path
from mingbai.shop.intake.profile import parse
from mingbai.shop.intake.sources import Choice, Opened, open_file
from mingbai.values.errors import MingbaiError

CHOICE = Choice(choose.load(None), currency="CNY")
SAMPLES = {
    **files.FORMATS,
    "wechat.xlsx": china.wechat,
    "wps.xlsx": lambda: workbooks.wps([["a", "b"], ["1", "2"]]),
    "rules.docx": lambda: RULES,
    "taobao-goods.csv": lambda: goods.taobao(goods.POT, goods.TOWEL).decode("utf-16").encode(),
    "pinduoduo-goods.xlsx": goods.pinduoduo,
}
MADE = {name: make() for name, make in SAMPLES.items()}
SECONDS = 5.0  # for one small file on a busy machine; what hangs takes minutes


def said(error: MingbaiError) -> None:
    assert error.what.zh
    assert error.what.en
    assert error.mend.zh
    assert error.mend.en


def read(name: str, data: bytes) -> None:
    opened = Opened()
    began = time.process_time()
    try:
        open_file(name, data, CHOICE, opened)
        for reading in opened.readings:
            size = reading.size()
            lines = [line for bundle in reading.bundles() for line in bundle.lines]
            assert len(lines) == len(set(lines)) == size
        for _, table in opened.unknown:
            list(table.rows())
    except MingbaiError as error:
        said(error)
    assert time.process_time() - began < SECONDS


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    """A good file with a few bytes changed, taken out, doubled or cut off."""
    name = draw(st.sampled_from(sorted(MADE)))
    data = bytearray(MADE[name])
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        match draw(st.integers(0, 4)):
            case 0:
                data[at : at + 1] = draw(st.binary(min_size=1, max_size=4))
            case 1:
                del data[at : at + draw(st.integers(1, 40))]
            case 2:
                data[at:at] = data[at : at + draw(st.integers(1, 60))]
            case 3:
                del data[at:]
            case _:
                data[at:at] = draw(
                    st.sampled_from([b'"', b"\r", b"\n", b",", b"\t", b"\0", b"\xff", b"=", b"'", b"<", b"{"])
                )
    return name, bytes(data)


@settings(max_examples=250)
@given(mutated())
def test_files_that_are_damaged(case: tuple[str, bytes]) -> None:
    read(*case)


@settings(max_examples=150)
@given(
    st.sampled_from(["x.csv", "x.tsv", "x.md", "x.json", "order.jsonl", "order.csv", "x.xlsx"]),
    st.binary(max_size=400),
)
def test_any_bytes(name: str, data: bytes) -> None:
    # Old Excel, PDF and HTML are read in a child; they have their own tests, a process each is too slow for here.
    if data.startswith(b"\xd0\xcf\x11\xe0") or b"%PDF" in data[:1100] or data.lstrip()[:1] == b"<":
        return
    read(name, data)


HEADER = "订单编号,订单状态,收货地址,订单创建时间,总金额,物流单号\n"
cells = st.text(max_size=30) | st.sampled_from(
    ["=1+1", "1.93E+18", "0000-00-00", "null", '"', "'", "-", "1,5", "合计", "\u200b"]
)


@settings(max_examples=150)
@given(st.lists(st.lists(cells, min_size=0, max_size=8), max_size=8))
def test_any_cells_below_a_known_header(rows: list[list[str]]) -> None:
    text = HEADER + "".join(",".join(row) + "\n" for row in rows)
    read("orders.csv", text.encode("utf-8", "replace"))


@settings(max_examples=100)
@given(st.text(max_size=300))
def test_any_html(text: str) -> None:
    page = Page()
    page.feed(text)
    page.close()
    assert isinstance(page.markdown(), str)


json_values = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "items"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=150)
@given(st.text("ab.[]{}^=#items", max_size=14), json_values)
def test_any_path_into_any_object(words: str, value: object) -> None:
    follow = path(words)
    if follow is not None:
        assert isinstance(follow(Place(value)), list)  # type: ignore[arg-type]


@settings(max_examples=100)
@given(st.text(max_size=200) | st.text('[]="{}abcorder_no. \n', max_size=120))
def test_any_profile(text: str) -> None:
    try:
        parse(text, "mine")
    except MingbaiError as error:
        said(error)


@settings(max_examples=100)
@given(st.text(max_size=40))
def test_any_cell(cell: str) -> None:
    for one in READERS:
        try:
            one(cell)
        except MingbaiError as error:
            said(error)


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            ["1:2:A:3:4;", "0:0::1:-1;", "5:6;", ":", ";", "1.5:", "9" * 30, "名", "\u200b", "-", "1:2:3;"]
        ),
        max_size=12,
    ).map("".join)
)
def test_any_variants_in_one_cell(cell: str) -> None:
    product = {
        **goods.POT,
        "销售属性组合": cell,
        "自定义属性值": cell,
        "sku 条形码": cell,
        "用户输入ID串": cell,
    }
    read("goods.csv", goods.taobao(product))


HOSTILE = {
    "quotes": b'"' * 65_536,
    "half quotes": b'a,b\n"' + b"x," * 32_000,
    "commas": b"," * 65_536,
    "lines": b"\n" * 65_536,
    "returns": b"\r" * 65_536,
    "formulas": b'="' * 32_768,
    "tabs": b"\t" * 65_536,
    "front matter": b"---\n" * 16_384,
    "headings": b"# " * 32_768,
    "equals": b"a\n" + b"=" * 65_536,
    "brackets": b"[{" * 32_768,
    "broken objects": b'{"a":\n' * 10_922,
    "open objects": b'{"a":' * 13_107,
    "spaces": b"a" + b" " * 65_536 + b"b",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_64_kb_of_hostile_text(name: str) -> None:
    data = HOSTILE[name]
    for use in (
        lambda: list(grid("", decode(data)).rows()),
        lambda: (
            jsonrows.looks_like(text := decode(data).text) and list(jsonrows.tree(text, decode(data)).rows())
        ),
        lambda: document("x.md", data.decode()),
    ):
        assert min(spent(use) for _ in range(3)) <= 0.05


def spent(use: Callable[[], object]) -> float:
    began = time.process_time()
    with contextlib.suppress(MingbaiError):
        use()
    return time.process_time() - began


def test_a_sheet_of_a_million_merges_and_far_cells() -> None:
    far = workbooks.excel({"s": [["a", "b"]]}).replace(b"A1", b"A1")
    assert list(xlsx.grids(far)[0].rows())
    merges = tuple(f"A{n}:XFD{n + 1000}" for n in range(1, 3_000))
    read("x.xlsx", workbooks.excel({"s": [["订单号", "b"]] * 50}, merges))


def test_a_document_of_many_tables_in_tables() -> None:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    inner = "<w:p/>"
    for _ in range(40):
        inner = f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"
    assert (
        docx.markdown(
            workbooks.zipped(
                {"word/document.xml": f'<w:document xmlns:w="{w}"><w:body>{inner}</w:body></w:document>'}
            )
        )
        == ""
    )
