"""Pages of rules to Markdown: headings, lists and tables stay readable; hostile files are one error each."""

from __future__ import annotations

import intake_workbooks as workbooks
import pytest
from intake_home import all_of, counts, take, the

from mingbai.shop.intake.documents import docx, html, pdf
from mingbai.shop.intake.documents.markdown import document
from mingbai.shop.records.home import Records
from mingbai.values.errors import BadInput
from mingbai.values.records import PolicyDocument

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def paragraph(words: str, style: str = "", numbered: str = "", level: int = 0) -> str:
    form = f'<w:pStyle w:val="{style}"/>' if style else ""
    form += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{numbered}"/></w:numPr>' if numbered else ""
    return f'<w:p><w:pPr>{form}</w:pPr><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


def word(body: str) -> bytes:
    """As Word saves in Chinese: heading styles have numbers for ids and English names."""
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:styleId="2"><w:name w:val="标题 2"/></w:style></w:styles>'
    )
    numbering = (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    return workbooks.zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/styles.xml": styles,
            "word/numbering.xml": numbering,
            "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
        }
    )


def cell(words: str) -> str:
    return f"<w:tc>{paragraph(words)}</w:tc>"


RULES = word(
    paragraph("退换货规则", "1")
    + paragraph("签收后七天内可以退货。")
    + paragraph("怎么退", "2")
    + paragraph("联系客服", numbered="7")
    + paragraph("旺旺", numbered="7", level=1)
    + paragraph("寄回商品", numbered="7")
    + f"<w:tbl><w:tr>{cell('商品')}{cell('期限')}</w:tr><w:tr>{cell('茶壶')}{cell('7 天 | 15 天')}</w:tr></w:tbl>"
)


def test_docx() -> None:
    assert docx.markdown(RULES) == (
        "# 退换货规则\n\n签收后七天内可以退货。\n\n## 怎么退\n\n1. 联系客服\n  - 旺旺\n2. 寄回商品\n\n"
        "| 商品 | 期限 |\n| --- | --- |\n| 茶壶 | 7 天 \\| 15 天 |"
    )


PAGE = """<!doctype html><html><head><title>Returns | Mingbai</title><style>p{}</style></head><body>
<nav><a href="/">Home</a></nav><h1>Returns</h1><p>Within <b>14 days</b> of&nbsp;delivery &amp; unused.</p>
<ol><li>Write to us</li><li>Send it back<ul><li>insured</li></ul></li></ol>
<table><tr><th>Country</th><th>Postage</th></tr><tr><td>DE</td><td>free</td></tr></table>
<script>alert("x")</script></body></html>"""


def test_html() -> None:
    assert html.markdown(PAGE.encode()) == (
        "# Returns\n\nWithin 14 days of delivery & unused.\n\n1. Write to us\n2. Send it back\n  - insured\n\n"
        "| Country | Postage |\n| --- | --- |\n| DE | free |"
    )


def portable(*lines: str) -> bytes:
    """A small PDF with one line of text below the other."""
    drawn = " ".join(f"({line}) Tj 0 -20 Td" for line in lines)
    stream = f"BT /F1 12 Tf 72 720 Td {drawn} ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Title (Shipping rules) >>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    start = len(out)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return f"{out}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()


def test_pdf() -> None:
    text = pdf.markdown(
        portable("1. Dispatch", "We ship within two days.", "2. Abroad", "Seven to twelve days.")
    )
    page = document("shipping.pdf", text)
    assert (page.title, page.lang) == ("Shipping rules", "en")
    assert page.text.startswith(
        "# Shipping rules\n\n## 1. Dispatch\n\nWe ship within two days.\n\n## 2. Abroad\n"
    )


def test_the_same_page_in_two_languages_is_one_policy(records: Records) -> None:
    report = take(
        records,
        {
            "退货.zh.md": "﻿# 退货规则 #\r\n\r\n\r\n七天无理由。\r\n".encode(),
            "退货.en.md": b"Returns\n=======\n\nWithin 7 days.\n",
            "rules.docx": RULES,
            "returns.html": PAGE.encode(),
            "versand_de.md": "# Versand\n\nInnerhalb von zwei Tagen.\n".encode("cp1252"),
        },
    )
    assert counts(report) == (5, 0, 0, 0)
    zh, en = the(records, PolicyDocument, "退货", "zh"), the(records, PolicyDocument, "退货", "en")
    assert (zh.title, zh.text) == ("退货规则", "# 退货规则 #\n\n七天无理由。\n")
    assert en.title == "Returns"
    assert {(page.document_no, page.lang) for page in all_of(records, PolicyDocument)} == {
        ("退货", "zh"),
        ("退货", "en"),
        ("rules", "zh"),
        ("returns", "en"),
        ("versand", "de"),
    }


def test_front_matter_names_the_page() -> None:
    page = document(
        "x.md", "---\ntitle: 发货\nlang: zh\ntopic: shipping\ncountry: CN\n---\n\n二十四小时内。\n"
    )
    assert (page.title, page.lang, page.topic, page.country, page.text) == (
        "发货",
        "zh",
        "shipping",
        "CN",
        "二十四小时内。\n",
    )


def test_a_heading_in_a_block_of_code_is_no_title() -> None:
    assert document("install.md", "```\n# comment\n```\n\nText\n").title == "install"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", b"%PDF-1.4\n%%EOF\n"),
        ("a.pdf", portable()),  # a scan: no text
        ("a.docx", RULES[:-200]),
        (
            "a.docx",
            workbooks.zipped(
                {"word/document.xml": f'<!DOCTYPE x SYSTEM "file:///etc/passwd"><w:document xmlns:w="{W}"/>'}
            ),
        ),
        ("a.docx", workbooks.zipped({"word/document.xml": "<a>" * 5_000})),
        ("a.md", b"---\n---\n"),
        ("a.html", b"<html><script>nothing else</script>"),
    ],
)
def test_a_page_that_cannot_be_read_is_one_error(records: Records, name: str, data: bytes) -> None:
    with pytest.raises(BadInput):
        take(records, {name: data})


def test_a_page_that_would_take_minutes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from mingbai.shop.intake import confined

    with pytest.raises(BadInput, match="too long"):
        confined.ask("mingbai.shop.intake.documents.html", b"<!" * 2_000_000, seconds=1)
