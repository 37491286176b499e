"""Two shops' trainings on a Ray cluster of this machine are what each would have been here. Slow: Ray is another runtime."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from mingbai.learn.train import available

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not available() or importlib.util.find_spec("ray") is None, reason="pip install 'mingbai[learn,ray]'"
    ),
]
TESTS = Path(__file__).parents[1]
# In a process of its own: Ray warns, forks and leaves threads as it likes.
STORY = """
import sys, tempfile, threading
from pathlib import Path
from dataclasses import replace
import tiny_model
from mingbai.learn import fleet
from mingbai.learn.examples import Example, Recipe
from mingbai.learn.train import train
from mingbai.values.errors import WrongDigest

folder = Path(sys.argv[1])
base = tiny_model.write(folder / "tiny.gguf", loud=0.02)
recipe = Recipe(rank=4, top=2, epochs=2, rate=2e-3, batch=4, threads=1)
shops = {
    shop: [Example.of(f"{shop} {n}", f"{said} {n}", word) for n in range(8)]
    for shop, said, word in (("tea", "where is it", "way"), ("cups", "什么时候到", "day"))
}
here = {shop: train(base, rows, recipe, folder / f"{shop}-here.gguf", lambda _: None) for shop, rows in shops.items()}
there, heard = {}, {shop: [] for shop in shops}

def away(shop):
    (folder / shop).mkdir()
    out = folder / shop / "a.gguf"
    there[shop] = fleet.Fleet().train(base, shops[shop], recipe, out, heard[shop].append)

with fleet.cluster():
    threads = [threading.Thread(target=away, args=(shop,)) for shop in shops]
    for it in threads: it.start()
    for it in threads: it.join()
    assert here["tea"].sha256 != here["cups"].sha256
    for shop in shops:
        assert there[shop].sha256 == here[shop].sha256
        assert (folder / shop / "a.gguf").read_bytes() == here[shop].path.read_bytes()
        assert heard[shop][-1].doing == "writing", heard[shop]
    (folder / "gone").mkdir()
    temporary = Path(tempfile.gettempdir())
    def kept():
        return [it for it in temporary.rglob("*") if "mingbai-" in str(it) or it.name.startswith("adapter.gguf")]
    assert kept() == []
    seen = []
    try:
        def taken_back(step):
            if step.doing == "training" and step.done > 120:  # in its second epoch
                seen.extend(it.name for it in kept())
                (folder / "gone").rmdir() if (folder / "gone").exists() else None
        fleet.Fleet().train(base, shops["tea"] * 50, replace(recipe, epochs=40), folder / "gone" / "a.gguf", taken_back)
    except FileNotFoundError:
        print("the shop's part ended with its folder")
    assert any(name.startswith("mingbai-fleet-") for name in seen), seen
    assert not any("resume" in name for name in seen), seen
    assert kept() == [], kept()
print("held")
"""


def test_two_shops_learn_at_once_what_each_would_here(tmp_path):
    (tmp_path / "worker").mkdir()
    env = {
        **os.environ,
        "TMPDIR": str(tmp_path / "worker"),
        "RAY_TMPDIR": tempfile.gettempdir(),  # its sockets' names may not be long
        "PYTHONPATH": os.pathsep.join([str(TESTS.parent / "src"), str(TESTS), str(TESTS / "learn")]),
    }
    done = subprocess.run(
        [sys.executable, "-c", STORY, str(tmp_path)],
        capture_output=True,
        text=True,
        env=env,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.splitlines()[-2:] == ["the shop's part ended with its folder", "held"]
