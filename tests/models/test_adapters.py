"""The list of adapters that serve: in, instead, out, and nothing by accident."""

from __future__ import annotations

import pytest

from mingbai.models import adapters
from mingbai.values.errors import BadInput, WrongDigest

BASE = "b" * 64


def made(tmp_path, text):
    file = tmp_path / f"{text}.gguf"
    file.write_text(text)
    return file


def test_an_admitted_adapter_serves_under_its_name_until_it_is_taken_out(tmp_path):
    first = adapters.admit(tmp_path, "tea/understand", made(tmp_path, "one"), BASE)
    assert adapters.serving(tmp_path) == {"tea/understand": first}
    assert first.read() == b"one"
    assert adapters.take_out(tmp_path, "tea/understand") == first
    assert adapters.serving(tmp_path) == {}
    assert adapters.take_out(tmp_path, "tea/understand") is None


def test_a_new_one_takes_the_place_of_the_old_and_the_old_can_come_back(tmp_path):
    one, two = made(tmp_path, "one"), made(tmp_path, "two")
    first = adapters.admit(tmp_path, "tea/understand", one, BASE)
    second = adapters.admit(tmp_path, "tea/understand", two, BASE)
    assert adapters.serving(tmp_path)["tea/understand"] == second
    assert adapters.admit(tmp_path, "tea/understand", first.path, BASE) == first
    assert adapters.serving(tmp_path)["tea/understand"].read() == b"one"


@pytest.mark.parametrize(
    "written", ["", "[]", "{", '{"a/b": 3}', '{"a/b": {"sha256": "../../x", "base_sha256": ""}}']
)
def test_a_list_that_cannot_be_read_lets_nothing_serve(tmp_path, written):
    (tmp_path / "adapters").mkdir()
    (tmp_path / "adapters" / "serving.json").write_text(written)
    assert adapters.serving(tmp_path) == {}


@pytest.mark.parametrize("name", ["tea", "tea/", "Tea/x", "../x", "tea/../x", "a/b/c", "茶/x"])
def test_a_name_is_a_shop_and_a_purpose(tmp_path, name):
    with pytest.raises(BadInput):
        adapters.admit(tmp_path, name, made(tmp_path, "one"), BASE)


def test_a_file_that_changed_is_not_read(tmp_path):
    adapter = adapters.admit(tmp_path, "tea/understand", made(tmp_path, "one"), BASE)
    adapter.path.write_text("another")
    with pytest.raises(WrongDigest):
        adapter.read()
    adapter.path.unlink()
    with pytest.raises(WrongDigest):
        adapter.read()


def test_what_was_learned_on_top_of_one_stands_beside_that_one_and_no_other(tmp_path):
    main = adapters.admit(tmp_path, "tea/intent", made(tmp_path, "main"), BASE)
    other = adapters.admit(tmp_path, "cups/intent", made(tmp_path, "other"), BASE)
    hers = adapters.admit(tmp_path, "tea/intent.7.0", made(tmp_path, "hers"), BASE, main.sha256)
    his = adapters.admit(tmp_path, "tea/intent.7.1", made(tmp_path, "his"), BASE, main.sha256)
    adapters.admit(tmp_path, "tea/intent.8.0", made(tmp_path, "old"), BASE, "c" * 64)
    adapters.admit(tmp_path, "cups/intent.7.0", made(tmp_path, "theirs"), BASE, main.sha256)
    listed = adapters.serving(tmp_path)
    assert listed["tea/intent.7.1"] == his
    every = {it.sha256 for it in listed.values()}
    both = "+".join((main.sha256, *sorted((hers.sha256, his.sha256))))
    assert adapters.together(listed, "tea/intent", every) == both
    assert adapters.together(listed, "cups/intent", every) == other.sha256
    assert adapters.together(listed, "tea/intent", every - {his.sha256}) == f"{main.sha256}+{hers.sha256}"
    assert adapters.together(listed, "tea/intent", every - {main.sha256}) == ""
    assert adapters.together(listed, "tea/other", every) == ""
    adapters.take_out(tmp_path, "tea/intent.7.0")
    assert adapters.together(adapters.serving(tmp_path), "tea/intent", every) == f"{main.sha256}+{his.sha256}"
