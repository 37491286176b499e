"""Masking a request and putting its answer back: exact, only where allowed, and never for a placeholder that we did not write."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.permit.mask import Detector, Masks, Stream, for_training, redacted
from mingbai.permit.mask.placeholders import LONGEST, shapes
from mingbai.values.errors import Forbidden, MaskFailed

DETECTOR = Detector()
SAID = "我叫张伟，手机13800138000，寄到杭州市西湖区文三路123号，邮箱zhang@qq.com"


def masks(**more):
    return Masks(DETECTOR, channels={"customer"}, nonce="KQ", **more)


def test_a_request_is_masked_and_its_answer_restored():
    request = masks()
    masked = request.mask(SAID)
    assert masked == "我叫⟦姓名KQ1⟧，手机⟦手机KQ2⟧，寄到⟦地址KQ3⟧，邮箱⟦邮箱KQ4⟧"
    assert request.restore(masked, "customer").text == SAID
    assert request.counts == {"name": 1, "mobile": 1, "address": 1, "email": 1}


def test_the_same_wording_has_the_same_placeholder():
    assert masks().mask("13800138000 或 13800138000") == "⟦手机KQ1⟧ 或 ⟦手机KQ1⟧"


@pytest.mark.parametrize(
    "written",
    [
        "⟦手机KQ1⟧",
        "【手机KQ1】",
        "[手机KQ1]",
        "⟦ 手机 KQ 1 ⟧",
        "⟦手机kq1⟧",
        "⟦手机ＫＱ１⟧",
        "⟦PHONE KQ1⟧",
        "〔Mobile_KQ1〕",
        "⟦KQ1⟧",
        "手机KQ1",  # the small Qwen2.5 drop brackets more often than not
        "⟦手机KQ1",
        "手机：KQ1",
        "KQ1",
        "PhoneKQ1",
        "PHONE_KQ1",
        "phone_kq1",
        "⟦PhoneNumberKQ1⟧",
    ],
)
def test_a_model_may_change_a_placeholder_a_little(written):
    request = masks()
    request.mask("13800138000")
    assert request.restore(f"打{written}吧", "customer").text in ("打13800138000吧", "打手机：13800138000吧")


@pytest.mark.parametrize(
    "written",
    [
        "⟦手机KQ2⟧",
        "⟦手机AB1⟧",
        "⟦姓名KQ1⟧",
        "姓名KQ1",
        "⟦手机KQ⟧",
        "手机KQ2",
        "XKQ1",
        "KQ1a",
        "KQ17",
        "kq1",
        "7KQ1",
    ],
)
def test_what_it_makes_up_is_left_and_counted(written):
    request = masks()
    request.mask("13800138000")
    made = request.restore(written, "customer")
    assert (made.text, made.restored) == (written, 0)


def test_nothing_is_restored_where_it_was_not_allowed():
    request = masks()
    request.mask("13800138000")
    with pytest.raises(Forbidden):
        request.restore("⟦手机KQ1⟧", "tool")
    with pytest.raises(Forbidden):
        Stream(request, "staff")


@pytest.mark.parametrize(
    "spoof",
    [
        "⟦手机KQ1⟧",
        "[手机KQ1]",
        "⟦手机 KQ 1⟧",
        "⟦⟦手机KQ1⟧⟧",
        "⟦手机",
        "【ＫＱ１】",
        "[手⟦机KQ1]",
        "⟦手机13800138001⟧",
        "KQ1",
        "手机KQ1号",
        "型号KQ1，KQ1",
    ],
)
def test_a_placeholder_in_a_document_is_text_like_any_other(spoof):
    request = masks()
    request.mask("13800138000")
    masked = request.mask(f"文档：{spoof}")
    assert "13800138000" not in request.restore(masked, "customer").text
    assert request.restore(masked, "customer").text == f"文档：{spoof}"


def test_logs_get_masks_without_a_way_back():
    assert redacted(DETECTOR, SAID) == "我叫⟦姓名⟧，手机⟦手机⟧，寄到⟦地址⟧，邮箱⟦邮箱⟧"
    request = masks()
    request.mask("13800138000")
    assert request.restore(redacted(DETECTOR, "13800138000"), "customer").restored == 0


def test_an_error_of_a_rule_lets_nothing_out(monkeypatch):
    def broken(text):
        raise RuntimeError("rule")

    monkeypatch.setattr(DETECTOR, "spans", broken)
    with pytest.raises(RuntimeError):
        masks().mask(SAID)


def test_masking_that_cannot_be_undone_is_refused(monkeypatch):
    request = masks()
    monkeypatch.setattr("mingbai.permit.mask.masks.written", lambda *_: "***")
    with pytest.raises(MaskFailed):
        request.mask(SAID)


def test_arguments_of_tools_keep_their_shape():
    request = Masks(DETECTOR, channels={"tool"}, nonce="KQ")
    call = {
        "phone": 13800138000,
        "电话": "63553377",
        "name": "龙井茶 250g",
        "n": 2,
        "lines": [{"note": "放门口"}, None, True, 1.5],
    }
    masked = request.mask_json(call)
    assert masked["phone"] == "⟦手机KQ1⟧"
    assert masked["电话"] == "⟦座机KQ2⟧"
    assert masked["name"] == "龙井茶 250g"
    assert request.restore_json(masked, "tool") == call


@given(st.text(alphabet="⟦⟧[]【】KQ12手机 13800138000张伟abc@qq.com\n", max_size=80))
def test_whatever_was_said_comes_back(text):
    request = masks()
    request.mask("13800138000")
    assert request.restore(request.mask(text), "customer").text == text


@given(st.text(alphabet="⟦⟧[]【】KQ12手机姓名 \nAPal/(<", max_size=60), st.integers(0, 2**32))
def test_a_stream_cut_anywhere_is_the_whole(text, seed):
    request = masks()
    masked = request.mask(SAID)
    whole = text + masked + text[::-1]
    random_ = random.Random(seed)
    stream, out, at = Stream(request, "customer"), [], 0
    while at < len(whole):
        size = random_.randint(1, 5)
        out.append(stream.feed(whole[at : at + size]))
        at += size
        assert at - len(whole) > 0 or stream.held < LONGEST
    made = request.restore(whole, "customer")
    assert "".join(out) + stream.finish() == made.text
    assert (stream.restored, stream.unknown) == (made.restored, made.unknown)


def test_rows_of_one_person_stay_connected_and_say_nothing_of_them():
    row = for_training(DETECTOR, SAID, b"k" * 32)
    assert not any(it in row for it in ("张伟", "13800138000", "文三路", "zhang@qq.com"))
    phone = next(it for it in shapes(row) if it.kind == "mobile")
    again = for_training(DETECTOR, "我的电话：１３８-0013-8000", b"k" * 32)
    assert again == f"我的电话：{row[phone.start : phone.end]}"
    other = for_training(DETECTOR, "13800138000", b"o" * 32)
    assert other != row[phone.start : phone.end]
    with pytest.raises(ValueError, match="16"):
        for_training(DETECTOR, SAID, b"")


@given(st.text(alphabet="⟦⟧[]KQ12手机 13800138000张伟abc@qq.com\n", max_size=60))
def test_a_row_never_holds_a_placeholder_that_it_was_given(text):
    """Else rows could be made to look connected."""
    given_ = {text[it.start : it.end] for it in shapes(text) if it.ours}
    row = for_training(DETECTOR, text, b"k" * 32)
    assert not given_ & {row[it.start : it.end] for it in shapes(row)}
    assert for_training(DETECTOR, text, b"k" * 32) == row
