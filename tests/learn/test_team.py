"""Several processes over gloo learn what one alone would, and the first alone writes; on a GPU every number lies where it is used."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from mingbai.learn.examples import Example, Recipe
from mingbai.learn.team import ALONE, Team
from mingbai.learn.train import available, train
from mingbai.values.errors import BadInput

pytestmark = pytest.mark.skipif(not available(), reason="the extra `learn` is not installed: make learn")
RECIPE = Recipe(rank=4, top=2, epochs=3, rate=2e-3, batch=4, threads=1)
SAID = [
    (f"{said}{n}", meant)
    for n in range(5)
    for said, meant in (("where is it ", "way"), ("什么时候到", "day"))
]
EXAMPLES = [Example.of(f"row-{n}", said, meant) for n, (said, meant) in enumerate(SAID)]
TESTS = Path(__file__).parents[1]
ROUNDED = 3e-4  # of a loss of 5: what lessons begin with is gone through once by each process, so bfloat16 sums round elsewhere


def quiet(_):
    pass


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    import tiny_model

    return tiny_model.write(tmp_path_factory.mktemp("base") / "tiny.gguf", loud=0.02)


def together(base, folder, recipe=RECIPE, many=2, bases=(), **more):
    """What each of so many processes ends with; each has a folder of its own to run in."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = []
    for rank in range(many):
        here = folder / f"process-{rank}"
        here.mkdir(parents=True)
        team = replace(Team(rank, many, rank, many), **more)
        job = {
            "team": asdict(team), "base": str(dict(enumerate(bases)).get(rank, base)), "folder": str(here),
            "recipe": asdict(recipe), "examples": SAID,
        }  # fmt: skip
        env = {
            **os.environ, "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "RANK": str(rank), "WORLD_SIZE": str(many),
            "PYTHONPATH": os.pathsep.join(["src", str(TESTS)]),
        }  # fmt: skip
        child = subprocess.Popen(
            [sys.executable, str(TESTS / "learn" / "member.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=env, cwd=TESTS.parent,
        )  # fmt: skip
        assert child.stdin is not None
        child.stdin.write(json.dumps(job) + "\n")
        child.stdin.flush()
        started.append(child)
    ends = [child.communicate(timeout=120) for child in started]
    return [(child.returncode, out, err) for child, (out, err) in zip(started, ends, strict=True)]


def said(end):
    code, out, err = end
    assert code == 0, err
    return json.loads(out.splitlines()[-1])


@pytest.mark.parametrize("split", [False, True], ids=["whole layers", "layers in parts"])
def test_two_learn_what_one_alone_would(base, tmp_path, split):
    from tiny_model import SHAPES

    from mingbai.learn import adapter_file

    alone = train(base, EXAMPLES, RECIPE, tmp_path / "alone.gguf", quiet)
    first, second = map(said, together(base, tmp_path, split=split))
    assert first["losses"] == pytest.approx(alone.losses, abs=ROUNDED)
    assert alone.losses[-1] < alone.losses[0] - 0.1
    assert second["losses"] == first["losses"]
    whole = sum(rows * columns for rows, columns in SHAPES.values())
    assert (first["held"], second["held"]) == ((whole / 2, whole / 2) if split else (0, 0))
    made, own = (adapter_file.read(path) for path in (tmp_path / "process-0" / "a.gguf", alone.path))
    assert made.keys() == own.keys()
    for name, pair in made.items():
        assert (pair.up - own[name].up).norm() < 0.05 * own[name].up.norm()


def test_the_first_alone_writes_and_tells(base, tmp_path):
    first, second = map(said, together(base, tmp_path))
    assert [f.name for f in (tmp_path / "process-0").iterdir()] == ["a.gguf"]
    assert list((tmp_path / "process-1").iterdir()) == []
    assert first["sha256"] == second["sha256"]
    assert (first["steps"], second["steps"]) == (3 * 3, 0)


def test_three_of_whom_some_have_no_lesson_in_a_batch(base, tmp_path):
    recipe = replace(RECIPE, batch=2, epochs=2)
    alone = train(base, EXAMPLES, recipe, tmp_path / "alone.gguf", quiet)
    for end in together(base, tmp_path, recipe, many=3):
        assert said(end)["losses"] == pytest.approx(alone.losses, abs=ROUNDED)


def test_another_base_is_not_learned_over(base, tmp_path):
    other = tmp_path / "other.gguf"
    other.write_bytes(base.read_bytes()[:-1] + b"\x01")
    _, (code, _, err) = together(base, tmp_path, bases=[base, other])
    assert code != 0
    assert "is not the file that the first process has" in err


def test_more_processes_than_lessons_are_refused(base, tmp_path):
    with pytest.raises(BadInput) as caught:
        train(base, EXAMPLES, RECIPE, tmp_path / "a.gguf", quiet, Team(of=11))
    assert caught.value.param == "examples"


def test_one_process_on_a_cpu_is_named_as_ever():
    assert ALONE.named == ()
    assert Team(of=2).named != Team(of=3).named != Team(device="cuda:0").named


def test_a_gpu_is_asked_for_by_name_only_where_there_is_one():
    import torch

    from mingbai.learn import together as hands

    if torch.cuda.is_available():
        assert hands.on_device(ALONE, "auto").device == "cuda:0"
    else:
        assert hands.on_device(ALONE, "auto") == ALONE
        with pytest.raises(BadInput):
            hands.on_device(ALONE, "cuda")


def test_on_another_device_every_number_lies_where_it_is_used(base):
    """`meta` computes shapes alone and refuses to meet a number of the processor's: what a GPU would refuse, too."""
    import torch

    from mingbai.learn import loop
    from mingbai.learn.lessons import lessons

    taught = lessons(base, EXAMPLES)
    upper = loop.opened(base, taught, 2, quiet, Team(device="meta"))
    upper.states = [torch.zeros(len(it.tokens) - 1, 64).bfloat16() for it in taught]  # kept on the processor
    pairs = upper.pairs(RECIPE)
    loss, many = loop._said(upper, taught, pairs, RECIPE, [0, 1, 2])
    loss.backward()
    learning = [matrix for pair in pairs.values() for matrix in pair]
    loop._step(learning, torch.optim.AdamW(learning, lr=1e-3), 1e-3)
    assert many == sum(taught[n].learned for n in (0, 1, 2))
    assert {it.device.type for it in (loss, upper.head, *learning, *(m.grad for m in learning))} == {"meta"}
