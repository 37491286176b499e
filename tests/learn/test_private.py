"""A privacy budget by person: what one person changes is cut to one length, and the noise over it is what opacus says it must be."""

from __future__ import annotations

import importlib.util
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from mingbai.learn import budget
from mingbai.learn.budget import Budget
from mingbai.learn.examples import Example, Recipe
from mingbai.learn.run import recipe_of, recipe_said
from mingbai.learn.train import available, train
from mingbai.values.errors import BadInput, NotBuilt

needs_torch = pytest.mark.skipif(not available(), reason="the extra `learn` is not installed: make learn")
needs_opacus = pytest.mark.skipif(
    importlib.util.find_spec("opacus") is None, reason="the extra `learn-private` is not installed"
)
SAID = [
    "where is it",
    "it is broken",
    "how much",
    "send it back",
    "my parcel",
    "one more please",
    "too small",
    "an invoice",
]
PERSONS = ["", "ab", "ab", "", "cd", "ef", "ef", ""]
EXAMPLES = [
    Example.of(f"row-{n}", said, "ok", person=who)
    for n, (said, who) in enumerate(zip(SAID, PERSONS, strict=True))
]
RECIPE = Recipe(rank=4, alpha=8, top=2, epochs=2, rate=0.01, batch=4, threads=1)


def quiet(progress: object) -> None:
    pass


def course(folder: Path, *, noise: float = 0.0, clip: float = 1e9, rate: float = 0.5, examples=EXAMPLES):
    import tiny_model

    from mingbai.learn import loop, private
    from mingbai.learn.lessons import lessons

    base = tiny_model.write(folder / "tiny.gguf")
    taught = lessons(base, examples)
    upper = loop.opened(base, taught, RECIPE.top, quiet)
    found = Budget(1.0, 1e-5, noise, clip, rate, 4, 3)
    made = private.Course(upper, taught, [it.person for it in examples], RECIPE, found)
    import torch

    draw = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for pair in made.pairs.values():
            pair.up.copy_(torch.randn(pair.up.shape, generator=draw) * 0.05)
    return upper, taught, made


@needs_torch
def test_a_persons_part_is_the_gradient_of_all_that_they_said_and_no_longer_than_the_clip(tmp_path):
    import torch
    import torch.nn.functional as F

    from mingbai.learn import loop

    upper, taught, made = course(tmp_path)
    learning = [pair.up for pair in made.pairs.values()]
    theirs = [[1, 2], [4], [5, 6]]  # by name: ab, cd, ef
    long = made.parts([0, 1, 2])
    for part, lessons in zip(long, theirs, strict=True):
        one_by_one = [torch.zeros_like(matrix) for matrix in learning]
        for n in lessons:
            logits = upper.logits([n], taught, made.pairs, RECIPE.alpha / RECIPE.rank)
            loss = F.cross_entropy(logits, loop.targets_of([taught[n]]))
            for total, one in zip(one_by_one, torch.autograd.grad(loss, learning), strict=True):
                total += one
        length = math.sqrt(sum(float((it**2).sum()) for it in one_by_one))
        apart = math.sqrt(sum(float(((a - b) ** 2).sum()) for a, b in zip(part, one_by_one, strict=True)))
        assert apart < 0.02 * length  # company in a pass rounds otherwise in bfloat16

    cut = replace(made.budget, clip=0.01)
    made.budget = cut
    for part, whole in zip(made.parts([0, 1, 2]), long, strict=True):
        length = math.sqrt(sum(float((it**2).sum()) for it in part))
        before = math.sqrt(sum(float((it**2).sum()) for it in whole))
        assert before > 0.01
        assert length == pytest.approx(0.01, rel=1e-4)
        assert torch.allclose(part[0] * (before / 0.01), whole[0], rtol=1e-3, atol=1e-6)


@needs_torch
def test_without_noise_and_cut_the_step_is_the_ordinary_gradient(tmp_path):
    import torch

    _, _, made = course(tmp_path, noise=0.0, clip=1e9)
    learning = [pair.up for pair in made.pairs.values()]
    loss, gradient = made.gradient([0, 3, 7], [0, 1, 2])
    every = torch.autograd.grad(made._loss(list(range(8))), learning)
    assert loss == pytest.approx(float(made._loss([0, 3, 7]).detach()), rel=0.01)
    for one, other in zip(gradient, every, strict=True):
        assert torch.allclose(
            one * RECIPE.batch, other, rtol=0.1, atol=0.02 * float(other.abs().max()) + 1e-7
        )


@needs_torch
def test_a_step_without_anybody_is_noise_of_the_right_size_and_never_the_same(tmp_path):
    import torch

    _, _, made = course(tmp_path, noise=3.0, clip=0.2)
    _, one = made.gradient([], [])
    _, two = made.gradient([], [])
    drawn = torch.cat([it.flatten() for it in one]) * RECIPE.batch
    assert float(drawn.std()) == pytest.approx(0.6, rel=0.05)
    assert abs(float(drawn.mean())) < 0.05
    assert not torch.equal(one[0], two[0])
    _, _, again = course(tmp_path, noise=3.0, clip=0.2)
    assert not torch.equal(again.gradient([], [])[1][0], one[0])


@needs_torch
def test_each_person_is_drawn_by_a_chance_of_their_own(tmp_path):
    many = [Example.of(f"r{n}", "how much", "ok", person=f"p{n}") for n in range(40)]
    _, _, made = course(tmp_path, rate=0.25, examples=many)
    sizes = [len(made.drawn()) for _ in range(200)]
    assert 8.5 < sum(sizes) / 200 < 11.5
    assert len(set(sizes)) > 5


@needs_torch
@needs_opacus
def test_a_private_adapter_says_by_what_budget_and_is_another_each_time(tmp_path):
    import tiny_model

    base = tiny_model.write(tmp_path / "tiny.gguf")
    recipe = replace(RECIPE, epsilon=3.0)
    one = train(base, EXAMPLES, recipe, tmp_path / "one.gguf", quiet)
    two = train(base, EXAMPLES, recipe, tmp_path / "two.gguf", quiet)
    assert one.sha256 != two.sha256
    assert one.privacy is not None
    assert (one.privacy.persons, one.privacy.steps, one.privacy.rate) == (3, 4, 0.5)
    assert len(one.losses) == 2
    assert train(base, EXAMPLES, RECIPE, tmp_path / "open.gguf", quiet).privacy is None
    json.dumps(one.privacy.as_json())


@needs_torch
@needs_opacus
def test_a_killed_private_run_goes_on_after_its_last_whole_epoch(tmp_path):
    import tiny_model

    base = tiny_model.write(tmp_path / "tiny.gguf")
    recipe = replace(RECIPE, epsilon=3.0)

    def killed(progress):
        if progress.doing == "training" and progress.done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(base, EXAMPLES, recipe, tmp_path / "a.gguf", killed)
    heard = []
    done = train(base, EXAMPLES, recipe, tmp_path / "a.gguf", heard.append)
    assert min(it.done for it in heard if it.doing == "training") == 3
    assert len(done.losses) == 2


@needs_opacus
@pytest.mark.parametrize(
    ("epsilon", "persons", "rate", "steps"),
    [(8.0, 13, 1 / 30, 90), (3.0, 13, 1 / 30, 90), (1.0, 2000, 0.01, 300)],
)
def test_the_noise_is_what_opacus_says_keeps_within_epsilon(epsilon, persons, rate, steps):
    from opacus.accountants import PRVAccountant, RDPAccountant

    found = budget.of(epsilon, persons=persons, rate=rate, steps=steps)
    assert found.delta == (1e-5 if persons < 317 else 1 / persons**2)
    by_renyi, by_loss = RDPAccountant(), PRVAccountant()
    by_renyi.history = by_loss.history = [(found.noise, rate, steps)]
    assert 0.98 * epsilon <= by_renyi.get_epsilon(found.delta) <= epsilon
    assert by_loss.get_epsilon(found.delta) <= epsilon  # the tighter accountant agrees
    less = RDPAccountant()
    less.history = [(0.97 * found.noise, rate, steps)]
    assert less.get_epsilon(found.delta) > epsilon


@needs_torch
@needs_opacus
@pytest.mark.parametrize("epsilon", [1e-6, 0.05])
def test_a_budget_that_no_noise_keeps_is_refused_before_anything_is_computed(tmp_path, epsilon):
    import tiny_model
    from opacus.accountants import RDPAccountant

    base, heard = tiny_model.write(tmp_path / "tiny.gguf"), []
    with pytest.raises(BadInput) as error:
        train(base, EXAMPLES, replace(RECIPE, epsilon=epsilon), tmp_path / "a.gguf", heard.append)
    assert (error.value.param, heard) == ("epsilon", [])
    assert f"{epsilon:g}" in error.value.what.zh
    least = float(error.value.mend.en.split()[2])
    kept = RDPAccountant()  # the one that it names can be kept, a smaller one cannot
    kept.history = [(budget.of(least, persons=3, rate=0.5, steps=4).noise, 0.5, 4)]
    with pytest.warns(UserWarning, match="largest alpha"):
        assert kept.get_epsilon(1e-5) <= least
    with pytest.raises(BadInput):
        budget.of(least - 0.02, persons=3, rate=0.5, steps=4)


@pytest.mark.skipif(importlib.util.find_spec("opacus") is not None, reason="only where opacus is missing")
def test_without_opacus_it_says_how_to_get_it():
    with pytest.raises(NotBuilt, match="learn-private"):
        budget.of(3.0, persons=3, rate=0.5, steps=4)


@needs_torch
@pytest.mark.parametrize("epsilon", [-1.0, math.inf, math.nan])
def test_a_budget_that_is_none_is_refused(tmp_path, epsilon):
    with pytest.raises(BadInput) as error:
        train(tmp_path / "x.gguf", EXAMPLES, replace(RECIPE, epsilon=epsilon), tmp_path / "a.gguf", quiet)
    assert error.value.param == "epsilon"


def test_the_budget_is_in_what_is_signed():
    assert recipe_of(recipe_said(replace(RECIPE, epsilon=3.5))) == replace(RECIPE, epsilon=3.5)
    assert "epsilon" not in recipe_said(RECIPE)
