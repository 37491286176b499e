"""Preference tuning on a tiny model: it learns what is preferred, its loss is TRL's, and it is repeatable as any training here."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from mingbai.learn.examples import Choice, Recipe
from mingbai.learn.train import available, train_choices
from mingbai.values.chat import Message
from mingbai.values.errors import BadInput

needs_torch = pytest.mark.skipif(not available(), reason="the extra `learn` is not installed: make learn")
RECIPE = Recipe(rank=4, top=2, epochs=4, rate=0.01, batch=4, threads=1, beta=0.1)
CHOICES = [
    Choice(
        f"row-{n}",
        (Message("system", "reply"), Message("user", f"- {said} {n}.")),
        f"亲，{meant}{n}",
        f"{meant}{n}",
    )
    for n in range(6)
    for said, meant in (("way", "路上"), ("day", "后天"))
]


def quiet(_):
    pass


@needs_torch
def test_what_was_chosen_gains_also_where_it_was_not_seen(base, tmp_path):
    from mingbai.learn import prefer

    heard = []
    done = train_choices(base, CHOICES[:8], RECIPE, tmp_path / "a.gguf", heard.append)
    assert done.losses[0] < math.log(2) + 0.05  # where nothing is preferred yet
    assert done.losses[-1] < 0.7 * done.losses[0]
    assert [p.doing for p in heard if p.done == p.of] == [
        "lower layers",
        "weights",
        "reference",
        "training",
        "writing",
    ]
    assert [p.seconds_left for p in heard if p.doing == "training"][-1] == 0
    held_out = prefer.examined(base, CHOICES[8:], done.path, done.recipe, quiet)
    assert all(it.margin > 0 for it in held_out)
    assert sum(it.after for it in held_out) >= sum(it.before for it in held_out)


@needs_torch
def test_the_same_recipe_gives_the_same_bytes_and_another_beta_does_not(base, tmp_path):
    digests = [
        train_choices(base, CHOICES, recipe, tmp_path / f"{n}.gguf", quiet).sha256
        for n, recipe in enumerate([RECIPE, RECIPE, replace(RECIPE, beta=0.5), replace(RECIPE, said=0.5)])
    ]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


@needs_torch
def test_a_killed_run_goes_on_and_ends_with_the_same_bytes(base, tmp_path):
    whole = train_choices(base, CHOICES, RECIPE, tmp_path / "whole.gguf", quiet)

    def killed(progress):
        if progress.doing == "training" and progress.done == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_choices(base, CHOICES, RECIPE, tmp_path / "cut.gguf", killed)
    heard = []
    resumed = train_choices(base, CHOICES, RECIPE, tmp_path / "cut.gguf", heard.append)
    assert min(p.done for p in heard if p.doing == "training") == 7
    assert resumed.sha256 == whole.sha256
    assert resumed.losses == whole.losses


@needs_torch
@pytest.mark.parametrize(
    ("recipe", "param"), [(replace(RECIPE, beta=0.0), "beta"), (replace(RECIPE, said=-1.0), "said")]
)
def test_what_cannot_be_used_is_said(base, tmp_path, recipe, param):
    with pytest.raises(BadInput) as error:
        train_choices(base, CHOICES, recipe, tmp_path / "a.gguf", quiet)
    assert error.value.param == param


@needs_torch
def test_the_loss_by_hand(base):
    """-log sigmoid of beta times what the chosen side gained more than the other; log 2 where neither gained."""
    import torch

    from mingbai.learn import loop, prefer

    taught = prefer.sides(base, CHOICES[:2])
    upper = loop.opened(base, taught, 2, quiet)
    known = prefer.reference(upper, taught, quiet)
    pairs = upper.pairs(RECIPE)
    start, many = prefer.loss(upper, taught, known, pairs, RECIPE, [0, 1])
    assert many == 2
    assert start.item() == pytest.approx(
        math.log(2), abs=0.02
    )  # with matrices beside it a layer is rounded to bfloat16 otherwise
    moved = known + torch.tensor([-3.0, 2.0, 1.0, 0.0])  # as if the base had found them likelier by so much
    found, _ = prefer.loss(upper, taught, moved, pairs, RECIPE, [0, 1])
    wanted = [math.log(1 + math.exp(-0.1 * gain)) for gain in (5.0, -1.0)]
    assert found.item() == pytest.approx(sum(wanted) / 2, abs=0.02)


@needs_torch
@pytest.mark.parametrize("said", [0.0, 0.5])
def test_one_choice_after_another_is_the_batchs_loss_and_slope(base, said):
    import torch

    from mingbai.learn import loop, prefer

    taught, recipe = prefer.sides(base, CHOICES[:4]), replace(RECIPE, said=said)
    upper = loop.opened(base, taught, 2, quiet)
    known = prefer.reference(upper, taught, quiet) + torch.linspace(-3, 3, 8)
    pairs = upper.pairs(recipe)
    learning = [matrix for pair in pairs.values() for matrix in pair]
    with torch.no_grad():
        for pair in pairs.values():
            pair.up.fill_(0.01)
    found, _ = prefer.loss(upper, taught, known, pairs, recipe, [2, 0, 3])
    found.backward()
    ours = [matrix.grad.clone() for matrix in learning]
    both = [side for n in (2, 0, 3) for side in (2 * n, 2 * n + 1)]
    tokens = prefer.likely(upper, taught, both, pairs, recipe.alpha / recipe.rank)
    whole = prefer.unliked(tokens, known[both], recipe)
    assert found.item() == pytest.approx(
        whole.item(), rel=0.02
    )  # another batch, and bfloat16 rounds otherwise
    for mine, wanted in zip(ours, torch.autograd.grad(whole, learning), strict=True):
        assert torch.linalg.norm(mine - wanted) < 0.05 * torch.linalg.norm(wanted)


@pytest.mark.slow  # needs TRL, from the extra `learn-peer`
@pytest.mark.filterwarnings("ignore")  # peft and TRL use what transformers deprecates
@needs_torch
@pytest.mark.parametrize("said", [0.0, 0.5])
def test_loss_and_gradients_are_those_of_trl(base, tmp_path, said):
    """TRL's own `DPOTrainer.compute_loss` in float32. Our loss over its model's log-probabilities is its loss, and so are the
    gradients; over our own forward pass, which multiplies in bfloat16, both agree as far as bfloat16 goes."""
    pytest.importorskip("trl")
    import torch
    from trl_dpo import Peer

    from mingbai.learn import loop, prefer

    recipe = replace(RECIPE, top=0, said=said)
    taught = prefer.sides(base, CHOICES[:4])
    upper = loop.opened(base, taught, 0, quiet)
    pairs = upper.pairs(recipe)
    draw = torch.Generator().manual_seed(3)
    with torch.no_grad():  # an adapter that says something, so that there is a gradient through both matrices
        for pair in pairs.values():
            pair.up.copy_(torch.randn(pair.up.shape, generator=draw) * 0.05)
    peer = Peer(base, taught, pairs, recipe, tmp_path)
    theirs = peer.loss()
    wanted = peer.gradients(pairs)
    if not said:
        assert abs(theirs - math.log(2)) > 0.05  # it prefers something

    same = prefer.unliked(peer.tokens(), peer.reference(), recipe)
    assert same.item() == pytest.approx(theirs, rel=1e-5)
    assert torch.allclose(peer.gradients(pairs, of=same), wanted, rtol=1e-3, atol=1e-5)

    ours, _ = prefer.loss(upper, taught, prefer.reference(upper, taught, quiet), pairs, recipe, range(4))
    ours.backward()
    got = torch.cat([matrix.grad.flatten() for pair in pairs.values() for matrix in pair])
    tokens = sum(lesson.learned for lesson in taught)
    off = (
        recipe.beta * tokens * 2**-8 * 30 / len(CHOICES[:4])
    )  # half a step of bfloat16, of logits up to 30, in each
    assert ours.item() == pytest.approx(theirs, abs=off)
    assert torch.cosine_similarity(got, wanted, dim=0) > 0.99
