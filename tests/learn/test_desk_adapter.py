"""The desk's own adapter learns from lines of ours, and from none of those that it is examined on. Without torch."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from mingbai.learn import desk
from mingbai.learn.examples import Trained
from mingbai.learn.select import skeleton
from mingbai.prove import understand_dev as dev
from mingbai.turn.understand.ask import labels
from mingbai.values.turn import Intent


@pytest.fixture(scope="module")
def rows():
    return desk.taught()


def test_what_reads_like_a_message_of_the_examination_is_not_taught(rows):
    kept_out = {skeleton(text) for suite in desk.KEPT_OUT for text in dev.texts(suite)} | {
        skeleton(it.text) for it in dev.held_out()
    }
    assert len(kept_out) > 600
    assert not [row.id for row in rows if skeleton(row.text) in kept_out]


def test_no_two_rows_read_alike(rows):
    assert max(Counter(skeleton(row.text) for row in rows).values()) == 1


def test_the_same_rows_come_in_the_same_order(rows):
    assert desk.digest(desk.taught()) == desk.digest(rows)
    assert desk.digest(rows[1:]) != desk.digest(rows)


def test_every_intent_is_taught_and_none_of_them_drowns_the_rest(rows):
    alone = Counter(row.intents[0] for row in rows if len(row.intents) == 1)
    assert set(alone) == set(Intent)
    assert min(alone.values()) >= 100
    assert max(alone.values()) <= 250


def test_rows_come_from_suites_that_may_be_read(rows):
    assert {row.source for row in rows} == {"tea-dev", "tea-dev2", "sayings", "examples", "doubled"}
    assert len(rows) == desk.ROWS
    assert len(desk.taught(40)) == 40


def test_a_lesson_asks_the_desk_s_question_and_says_labels_alone(rows):
    known = labels()
    for lesson, row in zip(desk.lessons(rows), rows, strict=True):
        system, asked = lesson.prompt
        assert (system.content, asked.content) == (desk.QUESTION, row.text)
        assert [known[word] for word in lesson.completion.split("、")] == list(row.intents)


def test_a_double_asks_for_two_things_in_one_language(rows):
    doubles = [row for row in rows if row.source == "doubled"]
    assert len(doubles) == desk.DOUBLES
    for row in doubles:
        assert len(set(row.intents)) == 2
        assert Intent.GREETING not in row.intents


def test_the_manifest_says_what_was_learned_over_which_base(tmp_path, rows):
    def train(base, examples, recipe, out, told):
        out.write_bytes(b"adapter")
        return Trained(out, "a" * 64, 12.34, (0.5, 0.25), recipe, "b" * 64, 2000)

    place = desk.build(tmp_path / "base.gguf", tmp_path, train, lambda step: None)
    said = json.loads(place.read_text("utf-8"))
    assert (said["base"], said["base_sha256"], said["sha256"]) == ("base.gguf", "b" * 64, "a" * 64)
    assert said["data_sha256"] == desk.digest(rows)
    assert sum(said["sources"].values()) == said["rows"] == len(rows)
    assert said["recipe"]["epochs"] == desk.RECIPE.epochs
    assert said["kept_out"] == ["tea-dev3", "tea-dev4", "held_out"]
