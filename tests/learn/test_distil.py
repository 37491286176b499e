"""Distillation on tiny models: the teacher's opinion is what its forward pass says, is kept sealed, and the student learns it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mingbai.learn import dataset, workplace
from mingbai.learn.examples import Choice, Example, Recipe
from mingbai.learn.lessons import lessons
from mingbai.learn.rows import Agreed, Licensed, Row
from mingbai.learn.select import Selection
from mingbai.learn.train import available, distil, train, train_choices, train_over
from mingbai.learn.workplace import Withdrawn
from mingbai.permit.vault.vault import Vault
from mingbai.values.errors import BadInput

np = pytest.importorskip("numpy")
needs_torch = pytest.mark.skipif(not available(), reason="the extra `learn` is not installed: make learn")
RECIPE = Recipe(rank=4, top=2, epochs=4, rate=0.02, batch=4, threads=1, soft=0.5)
EXAMPLES = [
    Example.of(f"row-{n}", f"{said}{n}", meant, "shared beginning of all of them")
    for n in range(4)
    for said, meant in (("where is it ", "way"), ("什么时候到", "day"))
]
AT = datetime(2025, 11, 1, tzinfo=UTC)


def quiet(_):
    pass


@pytest.fixture(scope="module")
def opinions(base):
    from mingbai.learn import distil as teacher

    return teacher.asked(base, lessons(base, EXAMPLES), 1, quiet)


@needs_torch
def test_the_teachers_opinion_is_what_its_own_forward_pass_says(base, opinions):
    import torch

    from mingbai.learn import loop

    taught = lessons(base, EXAMPLES)
    upper = loop.opened(base, taught, 0, quiet)
    with torch.no_grad():
        for n, (lesson, opinion) in enumerate(zip(taught, opinions, strict=True)):
            whole = torch.log_softmax(upper.logits([n], taught, {}, 0.0), dim=-1)
            assert opinion.tokens.shape == opinion.logs.shape == (lesson.learned, 64)
            there = whole.gather(1, torch.from_numpy(opinion.tokens).long())
            assert (
                np.abs(there.numpy() - opinion.logs).max() < 0.5
            )  # two steps of bfloat16, of logits up to 30
            assert (np.diff(opinion.logs.astype(np.float32), axis=1) <= 0).all()
            likeliest = whole.argmax(1).tolist()
            assert (
                sum(a == b for a, b in zip(likeliest, opinion.tokens[:, 0], strict=True))
                >= lesson.learned - 1
            )


@needs_torch
def test_a_student_comes_nearer_to_its_teacher_than_one_that_has_none(base, opinions, tmp_path):
    import torch

    from mingbai.learn import adapter_file, loop
    from mingbai.learn import distil as student

    def far(adapter) -> float:
        taught = lessons(base, EXAMPLES)
        upper = loop.opened(base, taught, RECIPE.top, quiet)
        pairs = {} if adapter is None else adapter_file.read(adapter.path)
        with torch.no_grad():
            logits = upper.logits(range(len(taught)), taught, pairs, RECIPE.alpha / RECIPE.rank)
            tokens = torch.cat([torch.from_numpy(it.tokens).long() for it in turned])
            logs = torch.cat([torch.from_numpy(it.logs).float() for it in turned])
            return float(student.apart(logits, tokens, logs))

    turned = [
        replace(it, tokens=(it.tokens + 1) % 260) for it in opinions
    ]  # another's than the student's own
    heard = []
    done = distil(base, EXAMPLES, turned, replace(RECIPE, soft=1.0), tmp_path / "soft.gguf", heard.append)
    assert done.losses[-1] < 0.7 * done.losses[0]
    assert [p.doing for p in heard if p.done == p.of] == ["lower layers", "weights", "training", "writing"]
    alone = train(base, EXAMPLES, RECIPE, tmp_path / "hard.gguf", quiet)
    assert far(done) < 0.7 * far(None)
    assert far(done) < far(alone)


@needs_torch
def test_nothing_apart_from_itself_and_the_likeliest_count(base, opinions):
    import torch

    from mingbai.learn import distil as student

    logits = torch.randn(3, 260, generator=torch.Generator().manual_seed(1)) * 4
    logs, tokens = torch.log_softmax(logits, dim=1).topk(64, dim=1)
    assert student.apart(logits, tokens, logs).item() == pytest.approx(0, abs=1e-5)
    other = logits.flip(1)
    p, q = torch.log_softmax(logits, dim=1), torch.log_softmax(other, dim=1)
    whole = (p.exp() * (p - q)).sum(1).mean().item()
    assert (
        0.8 * whole < student.apart(other, tokens, logs).item() <= whole
    )  # what is put together tells less, never more


@needs_torch
def test_it_is_repeatable_and_a_killed_run_goes_on(base, opinions, tmp_path):
    whole = distil(base, EXAMPLES, opinions, RECIPE, tmp_path / "a.gguf", quiet)

    def killed(progress):
        if progress.doing == "training" and progress.done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        distil(base, EXAMPLES, opinions, RECIPE, tmp_path / "b.gguf", killed)
    heard = []
    again = distil(base, EXAMPLES, opinions, RECIPE, tmp_path / "b.gguf", heard.append)
    assert min(p.done for p in heard if p.doing == "training") == 5
    assert again.sha256 == whole.sha256
    assert (
        distil(base, EXAMPLES, opinions, replace(RECIPE, soft=0.2), tmp_path / "c.gguf", quiet).sha256
        != whole.sha256
    )


@needs_torch
def test_what_cannot_be_used_is_said(base, opinions, tmp_path):
    with pytest.raises(BadInput) as error:
        distil(base, EXAMPLES, opinions, replace(RECIPE, soft=0.0), tmp_path / "a.gguf", quiet)
    assert error.value.param == "soft"
    short = [replace(it, tokens=it.tokens[:1], logs=it.logs[:1]) for it in opinions]
    with pytest.raises(BadInput) as error:
        distil(base, EXAMPLES, short, RECIPE, tmp_path / "a.gguf", quiet)
    assert error.value.param == "teacher"


def test_opinions_of_a_persons_rows_lie_sealed_and_go_with_them(tmp_path):
    pytest.importorskip("pyarrow")
    from mingbai.learn import opinions as kept

    with closing(Vault(tmp_path / "persons.db", bytes(32))) as vault:
        lin = "tea/customer/C1"
        ground = Agreed(7, vault.tag(lin).hex(), "training", 1, "zh", "CN")
        rows = [
            Row("r1", "intent", "train", "zh-Hans", "俺那壶呢", "物流", "conversation", ground),
            Row("r2", "intent", "train", "zh-Hans", "多少钱", "价格", "own", Licensed("Apache-2.0")),
        ]
        chosen = Selection(tuple(rows), {}, {ground.subject: lin})
        place = dataset.write(tmp_path / "sets", chosen, "tea", vault, AT).folder
        draw = np.random.default_rng(0)
        said = {
            row.id: kept.Opinion(
                draw.integers(0, 150_000, (2, 64), dtype=np.int32), -draw.random((2, 64)).astype(np.float16)
            )
            for row in rows
        }
        kept.write(place, "t", said, rows, chosen.persons, vault)
        found = kept.read(place, "t", rows, vault)
        assert found is not None
        assert {it: found[it].packed() for it in found} == {it: said[it].packed() for it in said}
        file = (place / "teacher-t.parquet").read_bytes()
        assert said["r2"].tokens.tobytes() in file
        assert said["r1"].tokens.tobytes() not in file
        assert kept.read(place, "another", rows, vault) is None

        vault.destroy(lin)
        assert kept.read(place, "t", rows, vault) is None
        assert kept.read(place, "t", rows[1:], vault) is not None
        dataset.without(tmp_path / "sets", [(bytes.fromhex(ground.subject), 8)])
        assert [it.name for it in place.iterdir()] == ["manifest.json"]

        with pytest.raises(Withdrawn):  # it came while the teacher was asked
            kept.write(place, "t", said, rows, chosen.persons, vault)
        assert [it.name for it in place.iterdir()] == ["manifest.json"]
        for late in ("teacher-t.parquet", ".teacher-t.parquet"):
            (place / late).write_bytes(file)
        dataset.without(tmp_path / "sets", [(bytes.fromhex(ground.subject), 8)])
        assert [it.name for it in place.iterdir()] == ["manifest.json"]


def test_opinions_that_are_written_while_the_rows_go_do_not_stay(tmp_path, monkeypatch):
    pytest.importorskip("pyarrow")
    from mingbai.learn import opinions as kept

    with closing(Vault(tmp_path / "persons.db", bytes(32))) as vault:
        ground = Agreed(7, vault.tag("tea/customer/C1").hex(), "training", 1, "zh", "CN")
        rows = [Row("r1", "intent", "train", "zh-Hans", "俺那壶呢", "物流", "conversation", ground)]
        chosen = Selection(tuple(rows), {}, {ground.subject: "tea/customer/C1"})
        place = dataset.write(tmp_path / "sets", chosen, "tea", vault, AT).folder
        said = {"r1": kept.Opinion(np.zeros((1, 64), dtype=np.int32), np.zeros((1, 64), dtype=np.float16))}
        replace = Path.replace

        def withdrawn_before(self, target):
            dataset.without(tmp_path / "sets", [(bytes.fromhex(ground.subject), 8)])
            return replace(self, target)

        def withdrawn_between(self, target):
            (place / "rows.parquet").unlink()  # and what is there of opinions has been looked for
            return replace(self, target)

        for meanwhile in (withdrawn_before, withdrawn_between):
            (place / "rows.parquet").write_bytes(b"")
            monkeypatch.setattr(Path, "replace", meanwhile)
            with pytest.raises(Withdrawn):
                kept.write(place, "t", said, rows, chosen.persons, vault)
            assert [it.name for it in place.iterdir()] == ["manifest.json"]


@needs_torch
def test_no_training_brings_a_folder_back_that_a_withdrawal_took(base, opinions, tmp_path):
    ground = Agreed(7, "ab" * 32, "training", 1, "zh", "CN")
    rows = [Row("r1", "intent", "train", "zh-Hans", "俺那壶呢", "物流", "conversation", ground)]
    ways = {
        "rows": lambda out: train(base, EXAMPLES, RECIPE, out, quiet),
        "teacher": lambda out: distil(base, EXAMPLES, opinions, RECIPE, out, quiet),
        "over": lambda out: train_over(base, EXAMPLES, RECIPE, out, quiet, under, 0.5),
        "choices": lambda out: train_choices(base, choices, replace(RECIPE, beta=0.3), out, quiet),
    }
    under = train(base, EXAMPLES, RECIPE, tmp_path / "under.gguf", quiet).path
    choices = [Choice(it.id, it.prompt, it.completion, "no") for it in EXAMPLES]

    def withdrawn_in(name):
        with workplace.opened(tmp_path, name, rows) as place:
            workplace.put_out(tmp_path, {ground.subject: 8})
            ways[name](place / "adapter.gguf")

    for name in ways:
        with pytest.raises(Withdrawn):
            withdrawn_in(name)
        assert [it.name for it in tmp_path.iterdir()] == ["under.gguf"]
