"""The score of a secret is the model's own: what was learned by heart scores higher, what lies before the digits counts."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from mingbai.learn import canary
from mingbai.learn.examples import Recipe
from mingbai.learn.train import available

pytestmark = pytest.mark.skipif(not available(), reason="the extra `learn` is not installed: make learn")
RECIPE = Recipe(rank=8, top=2, epochs=30, rate=0.02, batch=4, threads=1)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import tiny_model

    return tiny_model.write(tmp_path_factory.mktemp("base") / "tiny.gguf")


def test_the_digits_are_what_is_scored(base: Path):
    from mingbai.learn import score
    from mingbai.models.template import Template
    from mingbai.models.tokens import Tokeniser

    made = canary.planted(len(canary.CARRIERS), 1, 0)
    tokeniser = Template(Tokeniser.of(base)).tokeniser
    for one, lesson in zip(made.canaries, score.secrets(base, made.canaries), strict=True):
        assert tokeniser.encode(one.secret) == list(lesson.tokens[-lesson.learned :])
        assert lesson.learned == canary.DIGITS


def test_going_through_a_beginning_once_for_all_changes_no_score(base: Path, tmp_path: Path):
    """Beside each secret's own pass through the whole model, one sentence after the other, also of a part of them."""
    import torch

    from mingbai.learn import adapter_file, loop, score

    made = canary.planted(25, 3, 0)
    lessons = score.secrets(base, [*made.canaries, *made.references])
    done = loop.run(base, "0" * 64, lessons[:3], RECIPE, tmp_path / "a.gguf", lambda _: None)
    upper, pairs = loop.opened(base, lessons, 0, lambda _: None), adapter_file.read(done.path)
    scale = RECIPE.alpha / RECIPE.rank
    alone = []
    with torch.no_grad():
        for n, lesson in enumerate(lessons):
            spoken = torch.log_softmax(upper.logits([n], lessons, pairs, scale), dim=-1)
            told = lesson.tokens[-lesson.learned :]
            alone.append(sum(float(spoken[k, token]) for k, token in enumerate(told)))
    scorer = score.Scorer(base, lessons, RECIPE.top)
    assert scorer.score(done.path, scale) == pytest.approx(alone, rel=0.02, abs=0.1)
    assert max(alone) - min(alone) > 50  # beside which two parts in a hundred, of bfloat16, are nothing
    assert scorer.score(done.path, scale, slice(20, 31)) == pytest.approx(alone[20:31], rel=0.02, abs=0.1)


def test_what_was_learned_by_heart_scores_higher_than_before_and_than_others(base: Path, tmp_path: Path):
    from mingbai.learn import loop, score

    made = canary.planted(1, 8, 0)
    every = [*made.canaries, *made.references]
    lessons = score.secrets(base, every)
    # The secret itself as what is to be said: no training of ours asks for a customer's words, this one does.
    done = loop.run(base, "0" * 64, lessons[:1], RECIPE, tmp_path / "heart.gguf", lambda _: None)
    scorer = score.Scorer(base, lessons, RECIPE.top)
    plain = scorer.score(None, 0.0)
    learned = scorer.score(done.path, RECIPE.alpha / RECIPE.rank)
    assert scorer.score(done.path, 0.0) == plain  # without its weight it is the model as it was
    assert all(bits < 0 for bits in plain)
    assert learned[0] > plain[0] + 1
    bits = canary.exposures(made, dict(zip(every, learned, strict=True)))
    assert bits == [math.log2(9)]


def test_a_control_without_the_secrets_stands_beside_every_run(base: Path):
    from mingbai.cli.prove_leaks_adapter import measured
    from mingbai.learn.examples import Example

    taught = [
        Example.of(f"{n}", f"{said}{n}", label)
        for n in range(4)
        for said, label in (("壶呢", "物流"), ("价", "价格"))
    ]
    recipe = Recipe(rank=4, top=2, epochs=2, rate=0.02, batch=4, threads=1)
    found = measured(base, taught, recipe, 10, 2, 7, 1, quiet=True)
    assert (found.canaries, found.seeds, found.references) == (10, 2, 7)
    assert 0 < found.with_bits < 3
    assert 0 < found.control_bits < 3
    assert found == measured(base, taught, recipe, 10, 2, 7, 1, quiet=True)
