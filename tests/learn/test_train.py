"""Training, on a tiny model with random weights: it learns, it is repeatable to the byte, and a killed run goes on."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from mingbai.learn.examples import Example, Recipe
from mingbai.learn.train import available, train
from mingbai.values.errors import BadInput, NotBuilt

needs_torch = pytest.mark.skipif(not available(), reason="the extra `learn` is not installed: make learn")
RECIPE = Recipe(rank=4, top=2, epochs=4, rate=0.02, batch=4, threads=1)
EXAMPLES = [
    Example.of(f"row-{n}", f"{said}{n}", meant)
    for n in range(6)
    for said, meant in (("where is it ", "way"), ("什么时候到", "day"))
]


def quiet(_):
    pass


@needs_torch
def test_it_learns(base, tmp_path):
    heard = []
    done = train(base, EXAMPLES, RECIPE, tmp_path / "a.gguf", heard.append)
    assert done.losses[-1] < 0.5 * done.losses[0]
    assert done.path.read_bytes()[:4] == b"GGUF"
    assert [p.doing for p in heard if p.done == p.of] == ["lower layers", "weights", "training", "writing"]
    training = [p for p in heard if p.doing == "training"]
    assert [p.done for p in training] == list(range(1, 13))
    assert training[-1].seconds_left == 0
    assert [f.name for f in tmp_path.iterdir()] == ["a.gguf"]


@needs_torch
def test_the_same_recipe_gives_the_same_bytes_and_another_seed_does_not(base, tmp_path):
    digests = [
        train(base, EXAMPLES, recipe, tmp_path / f"{n}.gguf", quiet).sha256
        for n, recipe in enumerate([RECIPE, RECIPE, replace(RECIPE, seed=1)])
    ]
    assert digests[0] == digests[1] != digests[2]


@needs_torch
def test_an_adapter_retrained_without_a_row_is_the_one_that_never_saw_it(base, tmp_path):
    never = [e for e in EXAMPLES if e.id != "row-3"]
    first = train(base, EXAMPLES, RECIPE, tmp_path / "with.gguf", quiet)
    again = train(base, never, RECIPE, tmp_path / "with.gguf", quiet)  # in the place of the first
    clean = train(base, never, RECIPE, tmp_path / "clean.gguf", quiet)
    assert again.sha256 == clean.sha256 != first.sha256


@needs_torch
@pytest.mark.parametrize("step", [4, 8])
def test_a_killed_run_goes_on_and_ends_with_the_same_bytes(base, tmp_path, step):
    whole = train(base, EXAMPLES, RECIPE, tmp_path / "whole.gguf", quiet)

    def killed(progress):
        if progress.doing == "training" and progress.done == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(base, EXAMPLES, RECIPE, tmp_path / "cut.gguf", killed)
    assert not (tmp_path / "cut.gguf").exists()
    heard = []
    resumed = train(base, EXAMPLES, RECIPE, tmp_path / "cut.gguf", heard.append)
    assert min(p.done for p in heard if p.doing == "training") == 1 + 3 * ((step - 1) // 3)
    assert resumed.sha256 == whole.sha256
    assert resumed.losses == whole.losses


@needs_torch
def test_what_another_run_left_is_not_gone_on_from(base, tmp_path):
    def killed(progress):
        if progress.doing == "training" and progress.done == 7:
            raise KeyboardInterrupt

    other = replace(RECIPE, rate=0.01)
    with pytest.raises(KeyboardInterrupt):
        train(base, EXAMPLES, other, tmp_path / "a.gguf", killed)
    (tmp_path / "b.gguf.resume").write_bytes(b"not a state")
    fresh = train(base, EXAMPLES, RECIPE, tmp_path / "fresh.gguf", quiet).sha256
    for name in ("a.gguf", "b.gguf"):
        assert train(base, EXAMPLES, RECIPE, tmp_path / name, quiet).sha256 == fresh


@needs_torch
def test_all_layers_are_all_layers(base, tmp_path):
    digests = {
        train(base, EXAMPLES[:4], replace(RECIPE, top=top), tmp_path / f"{top}.gguf", quiet).sha256
        for top in (0, 4, 99)
    }
    assert len(digests) == 1


@needs_torch
def test_company_in_a_batch_does_not_change_what_a_sentence_is(base):
    """Sentences lie end to end and are padded inside attention: neither may leak into a neighbour."""
    import torch

    from mingbai.learn.lessons import lessons
    from mingbai.learn.loop import opened

    taught = lessons(
        base, [*EXAMPLES[:2], Example.of("long", "a much longer sentence than the others " * 2, "ok")]
    )
    with torch.no_grad():
        upper = opened(base, taught, 2, quiet)
        together = upper.logits([0, 1, 2], taught, {}, 0.0)
        alone = torch.cat([upper.logits([n], taught, {}, 0.0) for n in range(3)])
    assert torch.allclose(together, alone, rtol=2**-7, atol=0.05)  # one step of bfloat16, of logits up to 30
    assert (together.argmax(1) == alone.argmax(1)).all()


@needs_torch
@pytest.mark.parametrize("longer", [0, 40], ids=["attention written out", "attention of torch"])
def test_what_sentences_begin_with_learns_from_all_of_them(base, longer):
    """The beginning is gone through once for the whole batch: its gradient is the sum of what each sentence alone would give."""
    import torch

    from mingbai.learn.lessons import lessons
    from mingbai.learn.loop import opened, shared
    from mingbai.learn.qwen2 import SHORT

    said = ["where is my parcel", "when does it come", "who may return it"]
    taught = lessons(
        base, [Example.of(f"{n}", "please say " * longer + it, "ok") for n, it in enumerate(said)]
    )
    assert shared(taught) > 10
    assert (len(taught[0].tokens) > SHORT) == (longer == 40)
    upper = opened(base, taught, 2, quiet)
    pairs = upper.pairs(RECIPE)
    with torch.no_grad():
        for pair in pairs.values():
            pair.up.normal_(0, 0.1, generator=torch.Generator().manual_seed(1))
    learning = [matrix for pair in pairs.values() for matrix in pair]

    def gradient(chosen):
        summed = upper.logits(chosen, taught, pairs, 2.0).log_softmax(1)[:, 7].sum()
        return torch.autograd.grad(summed, learning)

    together, alone = gradient([0, 1, 2]), [gradient([n]) for n in range(3)]
    for whole, *parts in zip(together, *alone, strict=True):
        assert (whole - sum(parts)).norm() < 0.02 * sum(part.norm() for part in parts)


@needs_torch
def test_the_file_is_what_llama_cpp_reads(base, tmp_path):
    import gguf

    done = train(base, EXAMPLES[:4], RECIPE, tmp_path / "a.gguf", quiet)
    read = gguf.GGUFReader(done.path)
    told = {key: read.fields[key].contents() for key in read.fields}
    assert told["general.architecture"] == "qwen2"
    assert told["general.type"] == "adapter"
    assert told["adapter.type"] == "lora"
    assert told["adapter.lora.alpha"] == RECIPE.alpha
    assert told["mingbai.base.sha256"] == done.base_sha256
    shapes = {t.name: tuple(t.data.shape) for t in read.tensors}
    assert len(shapes) == 2 * 7 * RECIPE.top
    assert shapes["blk.3.ffn_down.weight.lora_a"] == (4, 96)
    assert shapes["blk.3.ffn_down.weight.lora_b"] == (64, 4)
    assert not any("row-" in json.dumps(str(value)) for value in told.values())


@needs_torch
@pytest.mark.parametrize(
    ("examples", "recipe", "param"),
    [
        ([], RECIPE, "examples"),
        ([Example.of("row-1", "hello", "")], RECIPE, "examples"),
        ([Example.of("row-1", "x" * 5000, "ok")], RECIPE, "examples"),
        (EXAMPLES, replace(RECIPE, rank=0), "rank"),
        (EXAMPLES, replace(RECIPE, rate=0.0), "rate"),
        (EXAMPLES, replace(RECIPE, epochs=0), "epochs"),
    ],
)
def test_what_cannot_be_used_is_said(base, tmp_path, examples, recipe, param):
    with pytest.raises(BadInput) as error:
        train(base, examples, recipe, tmp_path / "a.gguf", quiet)
    assert error.value.param == param


@pytest.mark.skipif(available(), reason="only where the extra `learn` is missing")
def test_without_torch_it_says_how_to_get_it(tmp_path):
    with pytest.raises(NotBuilt, match="make learn"):
        train(tmp_path / "x.gguf", EXAMPLES, RECIPE, tmp_path / "a.gguf", quiet)
