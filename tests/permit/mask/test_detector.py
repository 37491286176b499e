"""Offsets are those of the text as given, windows hide nothing, and hostile text costs no more than its length."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.permit.mask import KINDS, NAMES, Detector
from mingbai.permit.mask.detector import WINDOW
from mingbai.prove.masking.speed import HOSTILE

DETECTOR = Detector()


def found(text):
    return [(it.kind, it.text) for it in DETECTOR.spans(text)]


@pytest.mark.parametrize(
    "said",
    [
        "1\u200b3800\u200d138000",
        "①③⑧⓪⓪①③⑧⓪⓪⓪",
        "1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣",
        "１３８００１３８０００",
        "一三八零零一三八零零零",
    ],
)
def test_a_disguised_phone_keeps_its_place(said):
    text = f"我的号码{said}谢谢"
    (it,) = DETECTOR.spans(text)
    assert (it.kind, it.text) == ("mobile", said)
    assert text[it.start : it.end] == said


def test_invisible_characters_do_not_push_a_number_out_of_its_window():
    text = "手机1" + "\u200b" * 5000 + "3800138000"
    (it,) = DETECTOR.spans(text)
    assert text[it.start] == "1"
    assert it.end == len(text)


@given(st.integers(0, 2 * WINDOW), st.sampled_from(["，", "好的", "\n", "a ", "买了两件。"]))
def test_nothing_is_lost_at_the_edge_of_a_window(at, filler):
    before = (filler * WINDOW)[:at]
    text = f"{before}，手机13800138000，寄到浙江省杭州市西湖区文三路123号4幢501室，谢谢{filler * 300}"
    assert ("mobile", "13800138000") in found(text)
    assert ("address", "浙江省杭州市西湖区文三路123号4幢501室") in found(text)


def test_spans_stand_apart_and_in_order():
    spans = DETECTOR.spans(
        "张伟 13800138000 身份证11010519491231002X 支付宝13800138000 卡6222021234567890128"
    )
    assert all(one.end <= after.start for one, after in pairwise(spans))


def test_only_the_kinds_asked_for():
    assert [it.kind for it in Detector(["email"]).spans("13800138000 a.b@qq.com")] == ["email"]


def test_every_mention_of_a_found_name():
    assert found("收货人：王秀英。备注：送到后请让门卫交给王秀英本人") == [
        ("name", "王秀英"),
        ("name", "王秀英"),
    ]


def test_a_span_prints_no_personal_text():
    (it,) = DETECTOR.spans("13800138000")
    assert "138" not in repr(it)


@given(st.text(max_size=200))
def test_any_text_has_sound_spans(text):
    for it in DETECTOR.spans(text):
        assert text[it.start : it.end] == it.text
        assert it.kind in KINDS


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_text_alone(piece):
    """Twice the text, at most about twice the time; with names too."""
    text = piece * (16_000 // len(piece))
    DETECTOR.spans(piece)
    tries = []
    for _ in range(3):  # the quickest: what others do on the machine is no time of ours
        began = time.process_time()
        DETECTOR.spans(text)
        tries.append(time.process_time() - began)
    took = min(tries)
    assert took < 0.5, f"{took:.2f} s for 16,000 characters"


def test_names_may_be_left_out():
    plain = Detector([it for it in KINDS if it not in NAMES])
    assert [it.kind for it in plain.spans("张伟 13800138000")] == ["mobile"]
