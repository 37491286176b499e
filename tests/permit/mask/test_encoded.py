"""What is personal is seen through the codes in which addresses, pages and files write it, and its whole code is masked."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.permit.mask import Detector, Masks
from mingbai.permit.mask.encoded import base64_texts, pieces

DETECTOR = Detector()


def packed(said: str, *, for_address: bool = False) -> str:
    pack = base64.urlsafe_b64encode if for_address else base64.b64encode
    return pack(said.encode()).decode()


def percent(said: str) -> str:
    return "".join(f"%{it:02X}" for it in said.encode())


def percent_bytes(said: bytes) -> str:
    return "".join(f"%{it:02X}" for it in said)


def entities(said: str) -> str:
    return "".join(f"&#{ord(it)};" for it in said)


CASES = [
    # every digit escaped, some, twice, in small letters
    ("tel=%31%33%38%30%30%31%33%38%30%30%30&x=1", ["%31%33%38%30%30%31%33%38%30%30%30"]),
    ("tel=138%30%30138000", ["138%30%30138000"]),
    ("%2531%2533%2538001380%30%30", ["%2531%2533%2538001380%30%30"]),
    ("打%2013800138000", ["13800138000"]),  # %20 is a blank, no part of a number
    ("a%40qq.com", ["a%40qq.com"]),
    ("https://x.example/?q=" + quote("收货人：张伟") + "&p=1", [quote("张伟")]),
    (quote("收货人：张伟").lower(), [quote("张伟").lower()]),
    (quote("收货人：张伟", encoding="gb18030"), [quote("张伟", encoding="gb18030")]),
    # long runs, bytes in them that are no text, cut characters
    (quote("我是顾客" * 40 + "收货人：张伟"), [quote("张伟")]),
    (quote("收货人：张伟。" + "我是顾客" * 400), [quote("张伟")]),
    (quote("我是顾客" * 400) + "%E5%BC" + quote("，手机13800138000"), ["13800138000"]),
    ("%FF" + quote("我是顾客" * 40 + "收货人：张伟"), [quote("张伟")]),
    (quote("收货人：") + "%FF" + quote("你好，收货人：张伟") + "%E5", [quote("张伟")]),
    (quote("我是顾客" * 40 + "，收货人：张伟", encoding="gb18030"), [quote("张伟", encoding="gb18030")]),
    ("%FF" + quote("，收货人：张伟", encoding="gb18030"), [quote("张伟", encoding="gb18030")]),
    ("%u6536%u8d27%u4eba：%u5f20%u4f1f", ["%u5f20%u4f1f"]),
    ("%u6536%u8d27%u4eba：张伟", ["张伟"]),  # the word that announces it is hidden, the name is not
    # HTML
    ("手机&#49;&#51;&#56;00138000", ["&#49;&#51;&#56;00138000"]),
    ("手机&#x31;&#X33;800138000", ["&#x31;&#X33;800138000"]),
    ("a&commat;qq.com", ["a&commat;qq.com"]),
    ("zhang&#64;qq&period;com", ["zhang&#64;qq&period;com"]),
    ("&amp;#49;3800138000", ["&amp;#49;3800138000"]),
    # base64: the whole run, also the form for addresses, without padding, after a path, in lines
    ("MTM4MDAxMzgwMDA=", ["MTM4MDAxMzgwMDA="]),
    ("id=MTM4MDAxMzgwMDA", ["MTM4MDAxMzgwMDA"]),
    ("https://x.example/user/MTM4MDAxMzgwMDA=", ["MTM4MDAxMzgwMDA="]),
    ("MTM4MDAxMzgwMDA%3D", ["MTM4MDAxMzgwMDA%3D"]),
    (packed("我叫张伟，手机13800138000"), [packed("我叫张伟，手机13800138000")]),
    (packed("收货人：王秀英？？", for_address=True), [packed("收货人：王秀英？？", for_address=True)]),
    (packed(quote("身份证11010519491231002X")), [packed(quote("身份证11010519491231002X"))]),
    # nothing personal in them
    ("50%20off 100%25 A&amp;B &lt;b&gt; &nbsp;", []),
    ("q=%E8%8C%B6%E5%8F%B6&sort=1", []),
    ("dGhpcyBpcyBwbGFpbiB0ZXh0IHdpdGhvdXQgYW55dGhpbmc=", []),
    ("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", []),
    ("internationalisation", []),
    ("%zz &#xyz; &; &unknownname; %", []),
    ("&#1114112; &#55296; %00%01", []),
]


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[text[:40] for text, _ in CASES])
def test_case(text, wanted):
    assert [it.text for it in DETECTOR.spans(text)] == wanted


def test_a_run_in_lines_is_one():
    packed_up = base64.encodebytes("你好，我叫张伟，手机13800138000，请尽快发货。".encode() * 4).decode()
    (it,) = DETECTOR.spans(f"附件：\n{packed_up}")
    assert it.text == packed_up.strip()


@pytest.mark.parametrize(("text", "wanted"), [case for case in CASES if case[1]])
def test_it_leaves_masked_and_comes_back_as_it_was(text, wanted):
    masks = Masks(DETECTOR, channels={"customer"})
    sent = masks.mask(text)
    assert all(it not in sent for it in wanted)
    back = masks.restore(sent, "customer").text
    assert back == (sent if "https://" in text else text)  # nothing is put back inside a link


def test_a_name_known_from_one_text_is_known_in_an_address_of_another():
    masks = Masks(DETECTOR)
    masks.note("收货人：张伟")
    assert quote("张伟") not in masks.mask(f"https://x.example/{quote('张伟')}/1")


FORMS = st.sampled_from(
    [percent, entities, packed, lambda said: quote(percent(said)), lambda said: packed(percent(said))]
)
PHONES = st.integers(3, 9).flatmap(lambda at: st.integers(0, 10**9 - 1).map(lambda rest: f"1{at}{rest:09}"))


@given(
    PHONES, FORMS, st.sampled_from(["", "电话 ", "x=", "\n"]), st.sampled_from(["", "，谢谢", "&y=1", "\n"])
)
def test_any_phone_in_any_form_is_masked_whole(phone, form, before, after):
    written = form(phone)
    text = before + written + after
    hidden = set()
    for it in DETECTOR.spans(text):
        assert text[it.start : it.end] == it.text
        hidden |= set(range(it.start, it.end))
    assert hidden >= set(range(len(before), len(before) + len(written)))


@given(st.lists(st.sampled_from(["%", "%3", "%31", "%25", "%E5", "%E5%BC%A0", "%FF", "%D5%C5", "%81%30%81%30", "%u5f20", "&", "&#", "&#49;", "&#49", "&amp;", ";", "MTM4", "MDAx", "=", "/", "a", "张", "\n", "½"]), max_size=60).map("".join))  # fmt: skip
def test_offsets_are_kept_and_nothing_grows(text):
    for begin, view in pieces(text):
        assert text[begin : begin + len(view.original)] == view.original
        assert len(view.text) < len(view.original)
        assert len(view.starts) == len(view.ends) == len(view.text)
        assert all(
            0 <= start < end <= len(view.original) for start, end in zip(view.starts, view.ends, strict=True)
        )
        assert list(view.starts) == sorted(view.starts)
    assert sum(len(said.encode()) for _, _, said in base64_texts(text)) <= len(text.encode())
    at = 0
    for it in DETECTOR.spans(text):
        assert at <= it.start < it.end <= len(text)
        at = it.end


@given(st.binary(max_size=40), st.sampled_from(["", "我是顾客" * 45]), st.binary(max_size=40))
def test_a_name_is_seen_whatever_bytes_stand_around_it(before, filler, after):
    """Between two commas of UTF-8, which end whatever was cut short before them."""
    name = quote("张伟")
    text = f"{percent_bytes(before)}{quote(f'，{filler}收货人：')}{name}{quote('，')}{percent_bytes(after)}"
    here = text.index(name, len(percent_bytes(before)))
    assert any(it.start <= here and here + len(name) <= it.end for it in DETECTOR.spans(text))


def test_codes_within_codes_end():
    """Ten rounds of packing are not followed: bounded, and it ends."""
    said = "13800138000"
    for _ in range(10):
        said = packed(said)
    assert DETECTOR.spans(said) == []
