"""How a training on a cluster ends early: asked to, before it is killed; told in both languages; leaving nothing on the machine.

Ray is a stand-in here that fails and goes on at will; the real one is in `test_fleet`, where it is installed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest
import tiny_model

from mingbai.cli.learn_fleet import in_turn
from mingbai.learn import away
from mingbai.learn.examples import Example, Recipe
from mingbai.learn.fleet import Fleet
from mingbai.values.errors import BadInput, EngineError, MingbaiError, Text

ROWS = [Example.of("r", "where is it", "way")]


class RayError(Exception):
    pass


class WorkerCrashedError(RayError):
    pass


class RayTaskError(RayError):
    def __init__(self, cause: BaseException) -> None:
        super().__init__("a worker's")
        self.cause = cause


@dataclass
class Ray:
    """`done`: what each look at the task finds; `ends`: what it gave, or raised."""

    done: list[bool]
    ends: BaseException
    asked: list[str] = field(default_factory=list)

    def wait(self, tasks: list[object], timeout: float) -> tuple[list[object], list[object]]:
        self.asked.append("wait")
        return (tasks, []) if self.done.pop(0) else ([], tasks)

    def cancel(self, task: object, force: bool = False) -> None:
        self.asked.append("kill" if force else "interrupt")

    def get(self, task: object) -> object:
        raise self.ends

    def put_in(self, monkeypatch: pytest.MonkeyPatch) -> Ray:
        class Queue:
            def __init__(self, **_: object) -> None: ...

            def qsize(self) -> int:
                return 0

            def get_nowait_batch(self, n: int) -> list[object]:
                return []

            def shutdown(self) -> None: ...

        made = {name: ModuleType(name) for name in ("ray", "ray.exceptions", "ray.util", "ray.util.queue")}
        ray = made["ray"]
        ray.wait, ray.cancel, ray.get = self.wait, self.cancel, self.get  # type: ignore[attr-defined]
        ray.remote = lambda function: Task()  # type: ignore[attr-defined]
        made["ray.exceptions"].RayError = RayError  # type: ignore[attr-defined]
        made["ray.exceptions"].RayTaskError = RayTaskError  # type: ignore[attr-defined]
        made["ray.util.queue"].Queue = Queue  # type: ignore[attr-defined]
        for name, module in made.items():
            monkeypatch.setitem(sys.modules, name, module)
        return self


class Task:
    def options(self, **_: object) -> Task:
        return self

    def remote(self, *_: object) -> str:
        return "task"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tiny_model.write(tmp_path / "tiny.gguf")


def train(base: Path, out: Path) -> object:
    return Fleet().train(base, ROWS, Recipe(), out, lambda _: None)


@pytest.mark.parametrize(
    "fault", [WorkerCrashedError(), RayTaskError(WorkerCrashedError()), RayTaskError(MemoryError())]
)
def test_a_lost_worker_is_an_error_in_both_languages_and_one_shops(base, tmp_path, monkeypatch, fault):
    Ray([True] * 9, fault).put_in(monkeypatch)

    def learned(shop, far):
        return "adapter" if shop == "cups" else far(base, ROWS, Recipe(), tmp_path / "a.gguf", lambda _: None)

    found = in_turn(["tea", "cups"], learned, Fleet().train)
    assert found["cups"] == "adapter"
    lost = found["tea"]
    assert isinstance(lost, EngineError)
    assert "Ray 集群上训练失败" in lost.what.zh
    assert type(getattr(fault, "cause", fault)).__name__ in lost.what.en


def test_what_a_worker_refuses_is_told_as_it_said_it(base, tmp_path, monkeypatch):
    wrong = BadInput(Text("坏", "bad"), Text("改", "mend"))
    Ray([True], RayTaskError(wrong)).put_in(monkeypatch)
    with pytest.raises(MingbaiError) as told:
        train(base, tmp_path / "a.gguf")
    assert told.value is wrong


@pytest.mark.parametrize(("heeds", "kills"), [(True, []), (False, ["kill"])])
def test_after_a_withdrawal_it_is_interrupted_and_killed_only_if_it_goes_on(
    base, tmp_path, monkeypatch, heeds, kills
):
    ray = Ray([False, heeds], RayError()).put_in(monkeypatch)
    with pytest.raises(FileNotFoundError):  # its folder is gone, as a withdrawal leaves it
        train(base, tmp_path / "gone" / "a.gguf")
    assert ray.asked == ["wait", "interrupt", "wait", *kills]


def test_what_a_killed_worker_left_is_gone_with_the_next_training(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed = (
        "import os, tempfile, sys; from mingbai.learn import away\n"
        "tempfile.tempdir = sys.argv[1]\n"
        "with away.folder() as it:\n"
        "    (it / 'adapter.gguf.new').write_bytes(b'matrices')\n"
        "    os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", killed, str(tmp_path)], check=False)
    assert [it.name for it in tmp_path.rglob("adapter*")] == ["adapter.gguf.new"]
    (tmp_path / "others").mkdir()
    with away.folder() as one, away.folder() as two:
        assert sorted(it for it in tmp_path.iterdir() if it.name != "others") == sorted([one, two])
    assert [it.name for it in tmp_path.iterdir()] == ["others"]
