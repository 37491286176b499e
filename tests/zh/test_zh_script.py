"""Scripts and widths: the form that is looked up, and the way back to what was typed."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mingbai.zh import script, width

DRESSED = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("１２，．￥　①⑳㎏½⽅\u200b\u200d\ufe0f買後乾里裏台臺計程車滑鼠𠮷\ud800\udc00🙂"),
    )
)


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("我要買東西", "我要买东西"),
        ("乾淨 乾隆 幹嘛", "干净 乾隆 干嘛"),  # one character, two simplified forms: OpenCC's phrases decide
        ("著名 看著", "著名 看着"),
        ("瞭解 瞭望", "了解 瞭望"),
        ("後天 皇后", "后天 皇后"),
        ("裏面 公里", "里面 公里"),
        ("貳佰圓", "贰佰圆"),
        ("plain ASCII", "plain ASCII"),
    ],
)
def test_simplified(traditional, simplified):
    assert script.simplify(traditional).text == simplified


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("后天发货", "後天發貨"),
        ("皇后", "皇后"),
        ("头发和出发", "頭髮和出發"),
        ("一只杯子只要五元", "一隻杯子只要五元"),
    ],
)
def test_traditional(simplified, traditional):
    assert script.traditionalise(simplified).text == traditional


def test_taiwan_words_become_the_mainlands_and_lead_back():
    given = "我的計程車和伺服器"
    mapped = script.simplify(given, regional=True)
    assert mapped.text == "我的出租车和服务器"
    at = mapped.text.index("服务器")
    assert mapped.said(at, at + 3) == "伺服器"


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("買東西", "traditional"),
        ("买东西", "simplified"),
        ("你好", "neither"),
        ("皇后", "neither"),
        ("台北", "neither"),  # 台 is written in both
        ("這個多少钱", "traditional"),
        ("hello 123", "neither"),
        ("", "neither"),
    ],
)
def test_which_script(text, which):
    assert script.script(text) == which


@pytest.mark.parametrize(
    ("text", "language"),
    [
        # The first three are what a statistical detector got wrong (search.md §3).
        ("退货", "zh"),
        ("iPhone 15 手机壳", "zh"),
        ("order状态", "mixed"),
        ("where is my order", "en"),
        ("我想买个 teapot 送给朋友", "zh"),
        ("XL还有吗", "zh"),
        ("USB-C 数据线", "zh"),
        ("my order 什么时候发货", "mixed"),
        ("这个dress有没有blue的", "mixed"),
        ("ok", "en"),
        ("在吗", "zh"),
        ("注文はまだですか", "other"),
        ("Где мой заказ", "other"),
        ("12345", "other"),
        ("🙂", "other"),
        ("", "other"),
    ],
)
def test_language(text, language):
    assert script.language(text) == language


@pytest.mark.parametrize(
    ("dressed", "plain"),
    [
        ("１２３ＡＢＣ", "123ABC"),
        ("￥１，２９９．００", "¥1,299.00"),
        ("①②⑩⑳", "121020"),
        ("❶❿ ⓪", "110 0"),
        ("５㎏", "5kg"),
        ("1½", "1 1/2"),  # not 11/2
        ("⽅便", "方便"),  # a Kangxi radical, as PDFs have it
        ("1\u200b3\ufeff8", "138"),
        ("1️⃣", "1"),
        ("٣٤ 𝟙𝟚", "34 12"),
        ("ｱｲ", "アイ"),
        ("“买”—‘卖’", "\"买\"-'卖'"),
    ],
)
def test_narrow(dressed, plain):
    assert width.narrow(dressed).text == plain


def test_a_parser_may_keep_the_full_width_comma():
    assert width.narrow("3，500元", keep="，").text == "3，500元"
    assert width.narrow("3，500元").text == "3,500元"


def test_what_was_found_is_cut_out_of_what_was_typed():
    form = width.normalise("買⑳\u200b個")
    assert form.text == "买20个"
    assert form.said(1, 3) == "⑳"
    assert form.back(3, 4) == (3, 4)
    assert form.back(4, 4) == (4, 4)


@given(DRESSED, st.booleans())
@example("𠮷\ud800買", True)
@example("\ufffe\ud800", False)
def test_offsets_lead_back(text, regional):
    for form in (width.narrow(text), width.normalise(text), script.simplify(text, regional=regional)):
        assert form.original == text
        assert len(form.starts) == len(form.ends) == len(form.text)
        last = (0, 0)
        for at in range(len(form.text)):
            start, end = form.back(at, at + 1)
            assert 0 <= start < end <= len(text)
            assert start >= last[0]
            assert end >= last[1]
            last = (start, end)


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_ascii_stays(text):
    assert width.normalise(text).text == text


@given(DRESSED)
def test_narrow_is_done_once(text):
    once = width.narrow(text).text
    assert width.narrow(once).text == once


@given(DRESSED)
def test_conversions_keep_the_length(text):
    assert len(script.simplify(text).text) == len(script.traditionalise(text).text) == len(text)
