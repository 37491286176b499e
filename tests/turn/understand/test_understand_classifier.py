from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mingbai.turn.understand import classifier, features, form, rules
from mingbai.turn.understand.table import sections
from mingbai.values.turn import Intent


@pytest.fixture(scope="module")
def given() -> classifier.Examples:
    return classifier.examples()


def test_every_intent_has_sixty_examples_of_both_languages() -> None:
    zh, en = sections("examples", "zh.txt"), sections("examples", "en.txt")
    assert set(zh) == set(en) == {str(it) for it in Intent}
    for name in zh:
        assert len(set(zh[name])) >= 40, name
        assert len(set(en[name])) >= 20, name


def test_no_example_is_given_twice(given: classifier.Examples) -> None:
    plain = [form.plain(text).text.strip() for text in given.texts]
    assert [it for it in set(plain) if plain.count(it) > 1] == []


def test_a_kept_classifier_says_what_the_trained_one_said(tmp_path: Path, given: classifier.Examples) -> None:
    few = classifier.Examples(given.texts[::6], given.labels[::6])
    texts = ["订单到哪了", "how much is it", ""]
    none = np.zeros((3, 0), np.float32)
    first = classifier.load_or_train(few, classifier.NoEncoder(), tmp_path).logits(texts, none)
    again = classifier.load_or_train(few, classifier.NoEncoder(), tmp_path).logits(texts, none)
    afresh = classifier.train(few, classifier.NoEncoder()).logits(texts, none)
    assert len(list(tmp_path.iterdir())) == 1
    np.testing.assert_allclose(first, again, atol=0.02)  # kept in half precision
    np.testing.assert_array_equal(first, afresh)


def test_a_torn_file_is_made_again(tmp_path: Path, given: classifier.Examples) -> None:
    few = classifier.Examples(given.texts[::12], given.labels[::12])
    classifier.load_or_train(few, classifier.NoEncoder(), tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:1000])
    made = classifier.load_or_train(few, classifier.NoEncoder(), tmp_path)
    assert made.logits(["订单"], np.zeros((1, 0), np.float32)).shape == (1, len(Intent))


def test_other_examples_are_another_file(given: classifier.Examples) -> None:
    changed = classifier.Examples((*given.texts[:-1], "…"), given.labels)
    assert changed.digest("none") != given.digest("none")
    assert given.digest("none") != given.digest("use")


def test_strong_rules_are_right_where_they_stand_alone() -> None:
    """On all examples: at least 97 of 100 plain rules that no other contradicts name the right intent."""
    alone = right = 0
    for lang in ("zh", "en"):
        for name, lines in sections("examples", f"{lang}.txt").items():
            for line in lines:
                strong = [hit for hit in rules.hits(form.plain(line).text) if hit.strong]
                if len(strong) == 1:
                    alone += 1
                    right += strong[0].intent == name
    assert right / alone >= 0.97


@pytest.mark.slow
def test_the_encoder_helps() -> None:
    """Held-out folds: meaning beside words is worth at least ten points."""
    from mingbai.prove.understand import handoff_cases, intent_cases
    from mingbai.shop.search.encoder import default

    assert intent_cases()
    assert handoff_cases()
    given = classifier.examples()
    rows = [features.of(text) for text in given.texts]
    labels = np.array(given.labels)
    share = []
    for vectors in (np.zeros((len(rows), 0), np.float32), default().encode(given.texts)):
        logits = classifier.held_out(classifier._kernel(rows, vectors), labels)
        share.append(float((logits.argmax(axis=1) == labels).mean()))
    assert share[1] >= share[0] + 0.1
