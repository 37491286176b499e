from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from mingbai.turn.understand import classifier, features, form, rules
from mingbai.turn.understand.table import sections
from mingbai.values.turn import Intent

if TYPE_CHECKING:
    from numpy.typing import NDArray


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
def test_ideas_and_the_encoder_help() -> None:
    """Held-out folds: meaning beside words is worth at least ten points, and ideas and meaning each two beside the other."""
    from mingbai.prove.understand import handoff_cases, intent_cases
    from mingbai.shop.search.encoder import default

    assert intent_cases()
    assert handoff_cases()
    given = classifier.examples()
    labels = np.array(given.labels)
    none, vectors = np.zeros((len(labels), 0), np.float32), default().encode(given.texts)

    def share(read: Callable[[str], dict[str, float]], meaning: NDArray[np.float32]) -> float:
        kernel = classifier._kernel([read(text) for text in given.texts], meaning)
        return float((classifier.held_out(kernel, labels).argmax(axis=1) == labels).mean())

    words, both, meant = (
        share(features.of, none),
        share(features.with_ideas, vectors),
        share(features.of, vectors),
    )
    assert meant >= words + 0.1
    assert both >= words + 0.1
    assert both >= share(features.with_ideas, none) + 0.02
    assert both >= meant + 0.02
