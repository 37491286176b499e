"""What the shop does not have is named instead of being answered with the nearest thing it has; what it has is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny import SHOP, ask, found, product, sourced, stand

from mingbai.shop.search.anchors import anchors, read, world
from mingbai.shop.search.encoder import Hashed
from mingbai.shop.search.search import Search
from mingbai.values.records import Product


@pytest.mark.parametrize(
    ("said", "thing"),
    [
        ("红酒杯", "红酒杯"),
        ("紅酒杯", "红酒杯"),
        ("wine glasses", "红酒杯"),
        ("coffee machine", "咖啡机"),
        ("办公椅", "办公椅"),
    ],
)
def test_another_thing_of_the_world_is_named(search: Search, said: str, thing: str) -> None:
    answer = ask(search, said)
    assert answer.abstained
    assert answer.foreign.zh == thing
    assert answer.foreign.said > 0.3


def test_what_the_shop_takes_in_is_no_longer_foreign(search: Search) -> None:
    assert found(search, "办公椅") == []
    search.records.take(
        SHOP, sourced(product("T9", "人体工学办公椅", "Ergonomic office chair", category="家具"))
    )
    answer = ask(search, "办公椅")
    assert [hit.key for hit in answer.hits][:1] == ["T9"]
    assert answer.foreign.said == 0
    search.records.remove(SHOP, Product, "T9")
    assert ask(search, "办公椅").foreign.zh in ("", "办公椅")


def test_a_thing_that_is_only_mentioned_does_not_silence_the_answer(search: Search) -> None:
    assert found(search, "咖啡机旁边用的办公室带盖马克杯")[:1] == ["T5"]


def test_the_list_is_read_whole_and_names_each_thing_once() -> None:
    every = world()
    assert len(every) > 1000
    assert len({a.zh for a in every}) == len(every)
    assert all(any("一" <= c <= "鿿" for c in a.zh) and a.en.isascii() for a in every)


def test_vectors_are_made_once_and_a_torn_file_is_made_again(tmp_path: Path) -> None:
    class Counted(Hashed):
        made = 0

        def encode(self, texts, *, longest=512):  # type: ignore[no-untyped-def]  # as in Hashed
            self.made += len(texts)
            return super().encode(texts, longest=longest)

    encoder, every = Counted(), read(["红酒杯 wine glass, 猫粮 cat food  # 酒"])
    first = anchors(every, encoder, tmp_path)
    assert (anchors(every, encoder, tmp_path).vectors == first.vectors).all()
    assert encoder.made == 4
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-9])
    assert (anchors(every, encoder, tmp_path).vectors == first.vectors).all()
    assert encoder.made == 8


@pytest.mark.parametrize(("said", "first"), [("xianglu", "X1"), ("taoci xianglu", "X1")])
def test_whole_pinyin_is_told_from_what_sounds_alike(tmp_path: Path, said: str, first: str) -> None:
    made = stand(tmp_path, [*product("X2", "咸路杯"), *product("X3", "现录茶巾"), *product("X1", "陶瓷香炉")])
    assert found(made, said)[:1] == [first]
    made.records.close()


def test_initials_of_the_first_and_the_last_word_of_a_title(tmp_path: Path) -> None:
    made = stand(tmp_path, [*product("X1", "青花缠枝莲盖碗"), *product("X2", "白瓷盖碗")])
    assert found(made, "qhgw")[:1] == ["X1"]
    made.records.close()


@pytest.mark.parametrize(("said", "first"), [("knives", "X1"), ("broken", "broken"), ("gray scarves", "X2")])
def test_irregular_and_british_forms_are_the_same_word(tmp_path: Path, said: str, first: str) -> None:
    from mingbai.values.records import PolicyDocument

    made = stand(tmp_path, [
        *product("X1", "", "Tea knife"), *product("X2", "", "Grey scarf"),
        PolicyDocument("broken", "en", "What if it broke", "Send a picture."),
    ])  # fmt: skip
    assert found(made, said)[:1] == [first]
    made.records.close()
