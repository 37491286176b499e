"""Courtesies, sounds and words: small tables for what a message says besides its question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingbai.zh import pinyin, politeness
from mingbai.zh.words import Words, keywords, stem


@pytest.mark.parametrize(
    ("text", "kinds", "bare"),
    [
        ("亲，在吗？", ["address", "calling"], True),
        ("您好，请问订单到哪了", ["greeting", "please"], False),
        ("謝謝老闆", ["thanks", "address"], True),
        ("ＨＥＬＬＯ", ["greeting"], True),
        ("Thank you so much!", ["thanks"], True),
        ("什么垃圾快递！", ["rude"], False),
        ("急急急", ["impatience"], False),
        ("母亲节有活动吗", [], False),  # 亲 inside a word
        ("垃圾桶多少钱", [], False),
        ("珠宝盒", [], False),
        ("申请退款", [], False),
        ("this", [], False),
        ("888元", [], False),
        ("", [], False),
    ],
)
def test_courtesies(text, kinds, bare):
    assert [it.kind for it in politeness.find(text)] == kinds
    assert politeness.bare(text) == bare


@pytest.mark.parametrize(
    ("text", "form"),
    [("您好", "您"), ("亲，在吗", "亲"), ("宝 什么时候发货", "亲"), ("到哪了", ""), ("母亲节", "")],
)
def test_form_of_address(text, form):
    assert politeness.addressed_as(text) == form


def test_every_word_is_in_one_list_only():
    words = [word for words in politeness.WORDS.values() for word in words]
    assert len(words) == len(set(words))
    assert all(word == word.lower().strip() for word in words)


@pytest.mark.parametrize(
    ("word", "sounds", "first"),
    [
        ("重庆", ("chong", "qing"), "cq"),  # not zhong: the word decides
        ("绿茶", ("lv", "cha"), "lc"),
        ("茶具套装", ("cha", "ju", "tao", "zhuang"), "cjtz"),
        ("4S店", ("4", "s", "dian"), "4sd"),
        ("", (), ""),
    ],
)
def test_sounds(word, sounds, first):
    assert pinyin.syllables(word) == sounds
    assert pinyin.initials(word) == first


@pytest.mark.parametrize(
    ("one", "other", "like"),
    [
        ("紫砂壶", "紫沙壶", 1.0),
        ("兰花", "南花", 0.8),
        ("青花", "亲花", 0.8),
        ("茶壶", "茶杯", 0.0),
        ("茶", "茶壶", 0.0),
    ],
)
def test_likeness(one, other, like):
    assert pinyin.likeness(one, other) == pinyin.likeness(other, one) == like


@pytest.mark.parametrize(
    ("letters", "word", "sure"),
    [
        ("zishahu", "紫砂壶", 1.0),
        ("zisahu", "紫砂壶", 0.8),
        ("zsh", "紫砂壶", 0.6),
        ("ZiShaHu", "紫砂壶", 1.0),
        ("zs", "紫砂", 0.0),
        ("teapot", "紫砂壶", 0.0),
    ],
)
def test_letters_that_spell_a_word(letters, word, sure):
    assert pinyin.spells(letters, word) == sure


@pytest.mark.parametrize(
    ("letters", "is_pinyin"),
    [
        ("chahu", True),
        ("gaiwan", True),
        ("longjing", True),
        ("tea", False),
        ("women", False),
        ("teapot", False),
        ("mug", False),
        ("", False),
    ],
)
def test_pinyin_or_english(letters, is_pinyin):
    assert pinyin.looks_like_pinyin(letters) == is_pinyin


@pytest.mark.parametrize(
    ("word", "sounds", "first", "typed"),
    [
        ("紫砂壶", ("zi", "sa", "hu"), "zsh", "zishahu"),
        ("香炉", ("xian", "lu"), "xl", "xianglu"),
        ("绿茶", ("lu", "ca"), "lc", "lvcha"),
        ("重庆", ("con", "qin"), "cq", "chongqing"),  # the word decides
        ("重", ("zon",), "z", "zhong"),
        ("4S店", ("4", "S", "dian"), " Sd", ""),
        ("茶𠮷🙂", ("ca", "𠮷", "🙂"), "c  ", ""),  # rare ones have no reading
        ("İ茶", ("İ", "ca"), " c", ""),
        ("", (), "", ""),
    ],
)
def test_coarse_sounds_for_an_index(word, sounds, first, typed):
    """One sound to a character, whatever the character: an index keeps places by it."""
    assert pinyin.coarse_syllables(word) == sounds
    assert pinyin.coarse_initials(word) == first
    assert pinyin.letters(word) == typed


def test_what_is_typed_meets_what_is_heard():
    assert pinyin.typed_coarse("zhishahu") == ("zi", "sa", "hu")
    assert pinyin.typed_coarse("teapot") == ()
    assert pinyin.coarse_alone("行") == pinyin.coarse("xing") == "xin"


@given(st.text(max_size=12))
def test_every_character_has_one_coarse_sound(text):
    assert len(pinyin.coarse_syllables(text)) == len(pinyin.coarse_initials(text)) == len(text)


@given(st.lists(st.sampled_from(sorted(pinyin.SYLLABLES)), max_size=8))
def test_joined_syllables_are_always_read(syllables):
    read = pinyin.typed("".join(syllables))
    assert "".join(read) == "".join(syllables)
    assert set(read) <= pinyin.SYLLABLES
    assert len(read) <= len(syllables)


def test_words_of_both_languages_with_offsets():
    text = "我想买青花瓷盖碗 ２００ｍｌ，還有Type-C 線"
    words = Words(["青花瓷蓋碗"]).of(text)
    assert [(it.word, text[it.start : it.end]) for it in words] == [
        ("我", "我"),
        ("想", "想"),
        ("买", "买"),
        ("青花瓷盖碗", "青花瓷盖碗"),  # the shop's own word, given in Traditional
        ("200ml", "２００ｍｌ"),
        ("还有", "還有"),
        ("type-c", "Type-C"),
        ("线", "線"),
    ]
    assert keywords(words) == ["买", "青花瓷盖碗", "200ml", "还有", "type-c", "线"]
    assert [it.word for it in Words().of("青花瓷盖碗")] != [
        "青花瓷盖碗"
    ]  # one shop's words are not another's


@pytest.mark.parametrize(
    "forms",
    [
        "cup cups",
        "price prices priced pricing",
        "glass glasses",
        "return returns returned returning",
        "story stories",
        "stop stopped stopping",
        "leaf leaves",
        "ship shipped shipping",
        "teapot teapots teapot's",
    ],
)
def test_forms_of_one_word_have_one_stem(forms):
    assert len({stem(form) for form in forms.split()}) == 1


@given(st.text(max_size=200))
def test_words_lie_in_order_and_inside(text):
    at = 0
    for word in Words().of(text):
        assert at <= word.start < word.end <= len(text)
        at = word.start
